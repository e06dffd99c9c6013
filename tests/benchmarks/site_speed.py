"""How long an author and a reader of the website wait, beside Sphinx with myst-nb and sphinx-book-theme.

    COURSE_SPHINX=VENV COURSE_PYODIDE=DIR python tests/benchmarks/site_speed.py [results.json]

``COURSE_SPHINX`` names an environment that has them; without it they are left out. ``COURSE_PYODIDE`` names a runtime;
without it, or without Chromium, what a reader waits for is left out. Lessons are executed before the clock starts, for
both sides. Each figure is a median beside its budget. Not a test: machines differ and are shared.
"""

import functools
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from course import book
from course.site import execute

TIMES = int(os.environ.get("TIMES", "5"))
RUNTIME = os.environ.get("COURSE_PYODIDE")
SPHINX = os.environ.get("COURSE_SPHINX")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
LESSON, WORDS = "02-loss", ("The flower that", "The flower which")  # the word that changes, there and back
PLAIN = "course site, everything unchanged"


def seconds(action) -> float:
    """Return the median time of an action, in seconds."""
    times = []
    for _ in range(TIMES):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def copied(folder: Path) -> Path:
    """Copy the book, so that the benchmark changes no lesson of the checkout."""
    root = book.find_root()
    for name in ("lessons", "solutions", "course"):
        shutil.copytree(root / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("book.toml", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(root / name, folder / name)
    return folder


def command(out: Path, *more: str) -> list[str]:
    """Return the command that builds the site."""
    runtime = ["--runtime", RUNTIME] if RUNTIME else []
    return [sys.executable, "-m", "course", "site", "--out", str(out), *runtime, *more]


def building(folder: Path, env: dict) -> dict[str, float]:
    """Build the site from nothing: with all pages kept, and with the executed lessons alone."""

    def build():
        shutil.rmtree(folder / "site", ignore_errors=True)
        subprocess.run(command(folder / "site"), check=True, env=env, capture_output=True)

    def forget():
        for kept in [*execute.cache().glob("pages-*.json"), *execute.cache().glob("api-*.json")]:
            kept.unlink()
        build()

    build()  # executes what was not
    return {"clean build, lessons executed, no page kept": seconds(forget), PLAIN: seconds(build)}


def serving(folder: Path, env: dict) -> float:
    """Return how long a changed word takes until a browser would get it."""
    lesson = folder / "lessons" / f"{LESSON}.ipynb"
    serve = command(folder / "site", "--serve", "--port", "0")
    with subprocess.Popen(serve, env=env, stdout=subprocess.PIPE, encoding="utf-8") as server:
        try:
            address = server.stdout.readline().partition("  ")[0] + f"{LESSON}.html"
            time.sleep(5)  # an author reads before writing
            old, new = WORDS
            times = []
            for _ in range(TIMES):
                text = lesson.read_text(encoding="utf-8")
                start = time.perf_counter()
                lesson.write_text(text.replace(old, new), encoding="utf-8")
                while new.encode() not in fetched(address):
                    time.sleep(0.02)
                times.append(time.perf_counter() - start)
                server.stdout.readline()
                old, new = new, old
        finally:
            server.terminate()
    return statistics.median(times)


def fetched(address: str) -> bytes:
    """Return a page, or nothing in the moment in which the new site takes the old one's place."""
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return answer.read()
    except OSError:
        return b""


def sphinx(folder: Path) -> dict[str, float]:
    """Build the same executed lessons with Sphinx: from nothing, and after a changed word."""
    source = folder / "sphinx"
    source.mkdir()
    lessons = book.load().lessons
    for lesson in lessons:
        kept = execute.cache() / f"{lesson.stem}-{execute.of_lesson(lesson)}.ipynb"
        shutil.copy(kept, source / lesson.path.name)
    (source / "conf.py").write_text(
        "extensions = ['myst_nb']\nhtml_theme = 'sphinx_book_theme'\nnb_execution_mode = 'off'\n"
        "myst_enable_extensions = ['dollarmath', 'amsmath']\n",
        encoding="utf-8",
    )
    names = "\n".join(lesson.stem for lesson in lessons)
    (source / "index.md").write_text(f"# Course\n\n```{{toctree}}\n{names}\n```\n", encoding="utf-8")
    run = [str(Path(SPHINX) / "bin" / "python"), "-m", "sphinx", "-q", "-b", "html", "."]

    def build():
        subprocess.run([*run, "out"], check=True, cwd=source, capture_output=True)

    def clean():
        shutil.rmtree(source / "out", ignore_errors=True)
        build()

    words = [*WORDS]

    def change():
        page = source / f"{LESSON}.ipynb"
        text = page.read_text(encoding="utf-8")
        assert words[0] in text
        page.write_text(text.replace(*words), encoding="utf-8")
        words.reverse()
        build()

    return {"clean": seconds(clean), "word": seconds(change)}


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder; yield its address."""

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def reading(site: Path) -> dict[str, float]:
    """Return the time from Run to the first report in a fresh browser, and to each one after that."""
    from playwright.sync_api import sync_playwright

    clock = """cell => new Promise(done => {
        const box = document.getElementById(cell), start = performance.now();
        box.querySelector(".outputs").replaceChildren();
        const look = () => box.matches(".running, .waiting") || !box.querySelector(".outputs *")
            ? setTimeout(look, 1) : done((performance.now() - start) / 1000);
        [...box.querySelectorAll(".bar button")].find(b => b.textContent === "Run").click();
        look();
    })"""
    first, after = [], []
    with served(site) as address, sync_playwright() as started:
        for _ in range(3):
            browser = started.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
            )
            page = browser.new_page()
            page.goto(f"{address}{LESSON}.html")
            first.append(page.evaluate(clock, "mse"))
            for exercise in book.load().lesson(LESSON).exercises:
                text = exercise.path.read_text(encoding="utf-8")
                answer = f"exec({text!r})\ncheck({exercise.name})"
                page.evaluate(
                    "([key, text]) => localStorage.setItem(key, text)",
                    [f"course:{LESSON}:{exercise.name}", answer],
                )
            page.reload()
            page.evaluate(clock, "mse")
            for exercise in book.load().lesson(LESSON).exercises:
                after += [page.evaluate(clock, exercise.name) for _ in range(5)]
            browser.close()
    return {"first": statistics.median(first), "after": statistics.median(after)}


def measure(folder: Path) -> list[tuple[str, float, float | None]]:
    """Return ``(what, seconds, budget)`` rows."""
    env = {**os.environ, "COURSE_BOOK": str(copied(folder)), "PYTHONUNBUFFERED": "1"}
    built = building(folder, env)
    rows: list = [(what, taken, 5.0) for what, taken in built.items()]
    rows.append(("--serve: a changed word to a fresh page", serving(folder, env), 2.0))
    if SPHINX:
        beside = sphinx(folder)
        rows.append(("Sphinx, myst-nb, sphinx-book-theme: clean build", beside["clean"], None))
        rows.append(("Sphinx, myst-nb, sphinx-book-theme: a changed word, built again", beside["word"], None))
    else:
        print("Sphinx is left out: COURSE_SPHINX names no environment that has it.")
    if RUNTIME and CHROMIUM:
        read = reading(folder / "site")
        rows.append(("in the browser: Run to the first report, cold", read["first"], 15.0))
        rows.append(("in the browser: Run to each report after that", read["after"], 0.2))
    else:
        print("The browser is left out: it wants Chromium, and COURSE_PYODIDE with a runtime.")
    return rows


def main() -> None:
    """Measure, print a table, and keep it if a file is named."""
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(Path(folder))
    for what, taken, budget in rows:
        print(f"{taken:8.2f} s   {f'(budget {budget:g} s)' if budget else '':17s}  {what}")
    if len(sys.argv) > 1:
        machine = f"{os.cpu_count()} processors, {platform.system()} {platform.release()}, Python {platform.python_version()}"
        load = [round(before, 1), round(os.getloadavg()[0], 1)]
        found = {
            "machine": machine,
            "load average before and after": load,
            "lessons": len(book.load().lessons),
        }
        found["seconds"] = {what: round(taken, 3) for what, taken, _ in rows}
        Path(sys.argv[1]).write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
