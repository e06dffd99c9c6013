"""``course site``: run mdBook, add what makes pages run, and look the result over."""

import os
import shutil
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from course import book
from course.errors import CourseError
from course.exercises import definition
from course.site import chapters, convert, finish, inspect, runtime

SETTINGS = "MDBOOK_PREPROCESSOR__COURSE__"  # mdBook hands variables that begin so to our preprocessor


def build(root: Path, out: Path, *, folder: Path | None = None, execute: bool = False) -> None:
    """Build the site of the book at ``root`` into ``out``.

    Args:
        root: the folder with ``book.toml``.
        out: where the site goes; what is there is replaced.
        folder: a Pyodide runtime that is copied into the site, so that pages run without any other server.
        execute: run every lesson, even if a kept copy would do.

    Raises:
        CourseError: if the book can't be built, or has a dead link, a missing figure or the like.
    """
    kind = _kind(root, folder)
    if folder:
        runtime.verified(folder)  # before a minute is spent
    _refuse_to_replace(out)
    fresh, old = out.with_name(f".{out.name}.new"), out.with_name(f".{out.name}.old")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)
    try:
        _mdbook(root, fresh, kind, execute)
        if kind:
            runtime.install(fresh, root, folder)
        finish.finish(fresh, configured(root), _read(root)["book"])
        if problems := list(inspect.problems(fresh)):
            shown = "\n".join(f"  {problem}" for problem in problems[:20])
            raise CourseError(f"The site has {len(problems)} problem{'s' * (len(problems) > 1)}:\n{shown}")
        if out.exists():
            out.rename(old)  # and not removed first, which takes time in which a reader would find nothing
        fresh.rename(out)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _kind(root: Path, folder: Path | None) -> str | None:
    """Return where readers' Python comes from: ``local`` (the site), ``cdn``, or None: pages to read."""
    kind = "local" if folder else configured(root).get("runtime")
    if kind not in (None, "local", "cdn"):
        raise CourseError(f'book.toml says runtime = "{kind}"; wanted is "cdn", or no such line.')
    return kind


def configured(root: Path) -> dict:
    """Return ``[preprocessor.course]`` of ``book.toml``."""
    return _read(root).get("preprocessor", {}).get("course", {})


def _read(root: Path) -> dict:
    try:
        return tomllib.loads((root / "book.toml").read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise CourseError(f"{root / 'book.toml'} can't be read: {error}.") from None


def _refuse_to_replace(out: Path) -> None:
    """Never remove a folder that is no site."""
    if out.exists() and any(out.iterdir()) and not (out / ".nojekyll").exists():
        raise CourseError(f"{out} holds something that is no site. Choose another --out, or empty it first.")


def _mdbook(root: Path, out: Path, kind: str | None, execute: bool) -> None:
    own = Path(sys.executable).parent  # mdbook and mdbook-course of this environment go first
    env = {**os.environ, "PATH": f"{own}{os.pathsep}{os.environ.get('PATH', '')}"}
    if kind:
        env[f"{SETTINGS}RUNTIME"] = kind
        env[f"{SETTINGS}SITE"] = "true"
    if execute:
        env[f"{SETTINGS}EXECUTE"] = "true"
    if url := configured(root).get("url"):
        env["MDBOOK_OUTPUT__HTML__SITE_URL"] = urlsplit(url).path or "/"  # for the page that says 404
    program = shutil.which("mdbook", path=env["PATH"])
    if program is None:
        raise CourseError("mdBook is not installed. Run: pip install 'neurons-up[site]'")
    done = subprocess.run(
        [program, "build", str(root), "--dest-dir", str(out.resolve())],
        env=env,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode:
        raise CourseError(f"mdBook stopped.\n{_own_words(done.stderr)}")


def _own_words(said: str) -> str:
    """Return our preprocessor's message if there is one, else the end of what mdBook said."""
    lines = [line.partition("mdbook-course: ")[2] for line in said.splitlines() if "mdbook-course: " in line]
    return "\n".join(lines or said.strip().splitlines()[-8:])


def serve(
    root: Path, out: Path, port: int, *, folder: Path | None = None, execute: bool = False
) -> Iterator[str]:
    """Build, serve on this machine, and build again whenever a lesson or page changes; yield what happens.

    Args:
        root: see ``build``.
        out: likewise.
        port: where, on 127.0.0.1; 0 takes a free one.
        folder: likewise.
        execute: likewise, the first time.
    """
    build(root, out, folder=folder, execute=execute)

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *args):
            super().__init__(*args, directory=str(out))

        def end_headers(self):
            self.send_header("Cache-Control", "no-cache")
            super().end_headers()

        def log_message(self, *_):
            """Say nothing of each request."""

    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/  (Ctrl-C ends it)"
        seen = _stamps(root)
        convert.warm()
        while True:
            time.sleep(0.05)
            now = _stamps(root)
            if now == seen:
                continue
            seen = now
            try:
                _prepare(root, folder)
                build(root, out, folder=folder)
                yield "Built again: reload the page."
            except CourseError as error:
                yield f"Not built: {error}"


def _prepare(root: Path, folder: Path | None) -> None:
    """Convert what changed in this process, which is warm: mdBook starts a fresh one, which then need not."""
    book.forget()
    definition.load.cache_clear()
    chapters.prepare(book.load(root), _kind(root, folder))


def _stamps(root: Path) -> dict[Path, float]:
    watched = [root / "book.toml", *(root / "lessons").rglob("*"), *(root / "solutions").rglob("*.py")]
    return {path: path.stat().st_mtime for path in watched if path.is_file()}
