"""Look a finished site over: dead links, missing figures, pictures without words, pages that ask for anything outside."""

import functools
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

_FETCHED = {"img": "src", "script": "src", "link": "href", "iframe": "src", "source": "src"}
_NO_FETCH = ("canonical", "alternate", "prev", "next", "me", "license")


def problems(site: Path) -> Iterator[str]:
    """Yield what is wrong with the site, each a sentence that names the page.

    Args:
        site: its folder.
    """
    pages = {}
    for path in sorted(site.rglob("*.html")):
        if path.name not in ("404.html", "print.html", "toc.html"):
            # The index's name changes with every word of the site; all else in a page is as it was, or is not.
            text = re.sub(r"searchindex-\w+", "searchindex", path.read_text(encoding="utf-8"))
            pages[path.relative_to(site).as_posix()] = _read(text)
    for name, page in pages.items():
        yield from _of_page(site, name, page, pages)
    for sheet in site.rglob("*.css"):
        for address in re.findall(r"url\(\s*['\"]?(https?:[^)'\"]+)", sheet.read_text(encoding="utf-8")):
            yield f"{sheet.relative_to(site)} asks for {address}."


@functools.lru_cache(maxsize=1024)  # while the site is served, most pages are as they were
def _read(text: str) -> "_Page":
    return _Page(text)


class _Page(HTMLParser):
    """What a page links to, fetches, and shows."""

    def __init__(self, text: str):
        super().__init__()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.ids: set[str] = set()
        self.without_words = 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        about = dict(attrs)
        if about.get("id"):
            self.ids.add(about["id"])
        if tag == "a" and about.get("href"):
            self.links.append(about["href"])
        fetches = tag in _FETCHED and not any(rel in (about.get("rel") or "") for rel in _NO_FETCH)
        if fetches and about.get(_FETCHED[tag]):
            self.fetched.append(about[_FETCHED[tag]])
        if tag == "img" and not about.get("alt"):
            self.without_words += 1


def _of_page(site: Path, name: str, page: _Page, pages: dict[str, _Page]) -> Iterator[str]:
    if page.without_words:
        yield f"{name} has {page.without_words} picture{'s' * (page.without_words > 1)} without alt text."
    for address in page.fetched:
        if address.startswith(("http:", "https:", "//")):
            yield f"{name} asks for {address}, which is outside the site."
        elif not address.startswith("data:") and not _file(site, name, address).exists():
            yield f"{name} has no {address}."
    for address in sorted(set(page.links)):
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            continue
        target = _file(site, name, parts.path) if parts.path else site / name
        if not target.exists():
            yield f"{name} links to {address}, and there is no such page."
            continue
        found = pages.get(target.resolve().relative_to(site.resolve()).as_posix())
        if parts.fragment and found and unquote(parts.fragment) not in found.ids:
            yield f"{name} links to {address}, and that page has no such place."


def _file(site: Path, page: str, address: str) -> Path:
    path = unquote(urlsplit(address).path)
    return (site / path.lstrip("/")) if path.startswith("/") else (site / page).parent / path
