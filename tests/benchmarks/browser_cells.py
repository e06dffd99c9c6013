"""Run every cell of the lessons in the browser, from the first to the last, as shipped and solved: what fails, how long.

    COURSE_PYODIDE=DIR python tests/benchmarks/browser_cells.py [LESSON ...]

Takes up to half an hour. Writes ``course/site/seconds.json``, from which pages say beforehand what takes long: seconds of
processor time, which is what a cell takes where nothing else runs. Ends with status 1 if a cell failed.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from site_speed import CHROMIUM, served

from course import book, notebooks
from course.exercises import definition

SECONDS = book.find_root() / "course" / "site" / "seconds.json"
TOLD = 5.0  # a cell that takes less needs no warning


def used() -> float:
    """Return the processor time of the browser, which is all that this process started, in seconds."""
    parents, ticks = {}, {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            fields = (process / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue  # it has ended
        number = int(process.name)
        parents[number], ticks[number] = int(fields[1]), int(fields[11]) + int(fields[12])
    own = {os.getpid()}
    while more := {number for number, parent in parents.items() if parent in own} - own:
        own |= more
    return sum(ticks[number] for number in own - {os.getpid()}) / os.sysconf("SC_CLK_TCK")


def walk(page, lesson: book.Lesson, solved: bool) -> tuple[dict[str, float], list[str]]:
    """Run a lesson's cells one after the other; return seconds of each, and what went wrong."""
    taken, wrong = {}, []
    for cell in page.evaluate("[...document.querySelectorAll('.cell')].map(cell => cell.id)"):
        box = f"document.getElementById({cell!r})"
        before = used()
        page.evaluate(
            f"{box}.querySelector('.outputs').replaceChildren();"
            f"[...{box}.querySelectorAll('.bar button')].find(b => b.textContent === 'Run').click()"
        )
        page.wait_for_function(f"!{box}.matches('.running, .waiting')", timeout=1_800_000)
        taken[cell] = used() - before
        said = page.evaluate(f"{box}.querySelector('.outputs').innerText")
        warned = page.evaluate(f"[...{box}.querySelectorAll('.warned')].map(w => w.innerText).join('\\n')")
        unsolved = solved and cell in {exercise.name for exercise in lesson.exercises} and "✓" not in said
        if warned or (unsolved and "could not be checked" not in said):
            wrong.append(f"{lesson.stem}, {cell}: {(warned or said)[-600:]}")
            print(wrong[-1], flush=True)
        if taken[cell] > TOLD:
            print(f"{taken[cell]:8.1f} s  {lesson.stem}, {cell}", flush=True)
    return taken, wrong


def main() -> None:
    """Walk through lessons; print what is slow and what is wrong."""
    course = book.load()
    lessons = [course.lesson(name) for name in sys.argv[1:]] or course.lessons
    known = json.loads(SECONDS.read_text(encoding="utf-8")) if SECONDS.exists() else {}
    found = []
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "course", "site", "--out", f"{folder}/site", "--runtime"]
        subprocess.run([*command, os.environ["COURSE_PYODIDE"]], check=True, capture_output=True)
        with served(Path(folder) / "site") as address:
            for lesson in lessons:
                for solved in (False, True):
                    taken, wrong = in_browser(address, lesson, solved)
                    found += wrong
                    print(
                        f"{sum(taken.values()):8.1f} s  {lesson.stem}, {'solved' if solved else 'as shipped'}"
                    )
                    if not solved:
                        known[lesson.stem] = {
                            c: round(s) for c, s in taken.items() if s > TOLD and c != "setup"
                        }
                        SECONDS.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
    print(f"{len(found)} cells failed." if found else "Every cell ran.")
    sys.exit(bool(found))


def in_browser(address: str, lesson: book.Lesson, solved: bool) -> tuple[dict[str, float], list[str]]:
    """Walk through one lesson in a browser of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.goto(f"{address}{lesson.stem}.html")
        if solved:
            spliced = notebooks.splice(notebooks.read(lesson.path), lesson)
            impossible = {
                e.name for e in lesson.exercises if definition.load(e.path).needs
            }  # the page says so
            cells = {
                c.id: c.source for c in spliced.cells if c.cell_type == "code" and c.id not in impossible
            }
            page.evaluate(
                "([stem, cells]) => Object.entries(cells).forEach(([id, text]) => "
                "localStorage.setItem(`course:${stem}:${id}`, text))",
                [lesson.stem, cells],
            )
            page.reload()
        try:
            return walk(page, lesson, solved)
        finally:
            browser.close()


if __name__ == "__main__":
    main()
