"""How long a learner waits: import, check in the notebook, check of a whole lesson, running a lesson.

    python tests/benchmarks/engine_speed.py

Each figure is a median over several runs, beside its budget. Not a test: machines differ and are shared.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from course import book, notebooks
from course.exercises import definition
from course.exercises.judge import directly, judge


def seconds(action, repeats: int) -> float:
    """Return the median time of an action, in seconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def python(*arguments: str) -> None:
    """Run Python, and fail if it fails."""
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)


def measure() -> list[tuple[str, float, float]]:
    """Return ``(what, seconds, budget)`` rows."""
    course = book.load()
    numpy_alone = seconds(lambda: python("-c", "import numpy"), 9)
    with_course = seconds(lambda: python("-c", "import numpy, course"), 9)
    rows = [("import course, on top of numpy", with_course - numpy_alone, 0.1)]
    found = [definition.load(exercise.path) for exercise in course.exercises.values()]
    slowest = max(seconds(lambda d=d: judge(d, directly(d, d.answer)), 5) for d in found)
    rows.append(("check of a right answer, the slowest exercise", slowest, 0.05))
    slowest = max(
        seconds(lambda d=d, m=m: judge(d, directly(d, m.answer)), 1) for d in found for m in d.mistakes
    )
    rows.append(("check of a named mistake, the slowest", slowest, 0.5))
    with tempfile.TemporaryDirectory() as folder:
        for lesson in course.lessons:
            solved = Path(folder) / lesson.path.name
            notebooks.write(notebooks.splice(notebooks.read(lesson.path), lesson), solved)
            taken = seconds(lambda p=solved: python("-m", "course", "check", str(p)), 5)
            rows.append((f"course check of {lesson.stem}, solved", taken, 1.5))
            nb = notebooks.read(lesson.path)
            rows.append(
                (f"running {lesson.stem}", seconds(lambda n=nb: notebooks.run(n, Path(folder)), 1), 20.0)
            )
    return rows


if __name__ == "__main__":
    measured = measure()
    for what, taken, budget in measured:
        print(f"{taken:8.3f} s   (budget {budget:g} s)  {what}")
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(json.dumps(measured, indent=1) + "\n")
