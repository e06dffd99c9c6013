"""What a public site has beside its pages: canonical addresses, cards for links to it, a map for search engines."""

import html
import re
from pathlib import Path

from course.errors import CourseError

CARD = "card.png"
_NOT_LISTED = ("404.html", "print.html", "toc.html")


def finish(site: Path, settings: dict, about: dict) -> None:
    """Add to a finished site what needs its public address.

    Args:
        site: its folder.
        settings: ``[preprocessor.course]`` of book.toml; ``url`` is the address under which the site will stand.
        about: ``[book]``, with title and description.

    Raises:
        CourseError: if the address is none.
    """
    url = settings.get("url")
    if url is None:
        return
    if not re.fullmatch(r"https?://[^\s?#]+", url):
        raise CourseError(
            f'book.toml says url = "{url}"; wanted is an address such as "https://example.org/course/".'
        )
    url = url.rstrip("/") + "/"
    pages = [
        p.relative_to(site).as_posix() for p in sorted(site.rglob("*.html")) if p.name not in _NOT_LISTED
    ]
    for page in pages:
        path = site / page
        text = path.read_text(encoding="utf-8")
        title = html.unescape(re.search(r"<title>(.*?)</title>", text, re.DOTALL)[1])  # type: ignore[index]
        path.write_text(
            text.replace("</head>", f"{_card(url, page, title, about)}</head>", 1), encoding="utf-8"
        )
    draw_card(site / CARD, about["title"], about.get("description", ""))
    lines = "".join(f"<url><loc>{html.escape(url + _address(page))}</loc></url>" for page in pages)
    namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
    (site / "sitemap.xml").write_text(
        f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{namespace}">{lines}</urlset>\n',
        encoding="utf-8",
    )


def _address(page: str) -> str:
    return "" if page == "index.html" else page


def _card(url: str, page: str, title: str, about: dict) -> str:
    tags = {
        "og:type": "website",
        "og:site_name": about["title"],
        "og:title": title,
        "og:description": about.get("description", ""),
        "og:url": url + _address(page),
        "og:image": url + CARD,
    }
    lines = [
        f'<meta property="{name}" content="{html.escape(text, quote=True)}">' for name, text in tags.items()
    ]
    return "\n".join([f'<link rel="canonical" href="{html.escape(url + _address(page))}">', *lines, ""])


def draw_card(path: Path, title: str, description: str) -> None:
    """Draw the picture that stands beside a link to the site: 1200 x 630 pixels."""
    import textwrap

    import numpy as np
    from matplotlib.figure import Figure

    from course import data
    from course.plots import style

    fig = Figure(figsize=(12, 6.3), dpi=100, facecolor="white")
    ax = fig.add_axes((0.55, 0.08, 0.42, 0.84))
    flowers = data.iris()
    petals, species = flowers.X[50:, 2:], flowers.y[50:] - 1
    for kind, points in enumerate(style.CLASSES[:2]):
        ax.scatter(*petals[species == kind].T, **points)
    across = np.array([3.0, 7.0])
    ax.plot(across, (8.2 - across) / 2, color=style.MODEL, linewidth=3)
    ax.set(xlim=(2.8, 7.1), ylim=(0.9, 2.6))
    ax.axis("off")
    fig.text(0.06, 0.66, title, fontsize=54, weight="bold", color=style.MODEL)
    fig.text(
        0.06, 0.58, textwrap.fill(description, 34), fontsize=22, va="top", color="#333333", linespacing=1.4
    )
    fig.savefig(path)
