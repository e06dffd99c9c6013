"""How fast a class is graded: lesson 2's six exercises, one job and two, and the memory it takes at 100 and 1000 learners.

    python tests/benchmarks/grade_speed.py [results.json]

Each learner hands in the solved lesson with a comment of their own; every fifth has a named mistake in one exercise. Each
figure comes from a process of its own. Not a test: machines differ and are shared, so the load stands beside it.
"""

import hashlib
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from course import book, notebooks
from course.exercises import definition
from course.grading import run, sandbox

LESSON = "loss"
RUNS = (("1 job", 1, 100), ("2 jobs", 2, 100), ("2 jobs", 2, 1000))  # name, jobs, learners


@dataclass(frozen=True)
class Submission:
    """As ``course.grading.run`` wants it."""

    learner: str
    path: Path
    lesson: str
    sha256: str


def hand_in(folder: Path, learners: int) -> list[Submission]:
    """Write the submissions of a class."""
    lesson = book.load().lesson(LESSON)
    solved = notebooks.splice(notebooks.read(lesson.path), lesson)
    found = definition.load(lesson.exercises[0].path)
    mistake = found.sources[found.mistakes[0].name].partition("\n")[
        2
    ]  # without the line that names it a mistake
    mistake = mistake.replace(f"def {found.mistakes[0].name}", f"def {found.name}")
    submissions = []
    for number in range(learners):
        for cell in solved.cells:
            if cell.id == found.name:
                own = found.sources[found.name] if number % 5 else mistake
                cell.source = f"# learner {number}\n{own}"
        path = folder / f"learner-{number:05}.ipynb"
        path.write_text(notebooks.dumps(solved), encoding="utf-8")
        submissions.append(Submission(path.stem, path, LESSON, hashlib.sha256(path.read_bytes()).hexdigest()))
    return submissions


class Sampler(threading.Thread):
    """Watches how much memory the sandbox's processes take together, shared pages counted once."""

    def __init__(self, mark: str):
        super().__init__(daemon=True)
        self.mark, self.most, self.stop = f"MARK={mark}\0".encode(), 0.0, threading.Event()

    def run(self):
        """Look twice a second."""
        while not self.stop.wait(0.5):
            self.most = max(self.most, sum(map(self._pss, Path("/proc").glob("[0-9]*"))))

    def _pss(self, process: Path) -> float:
        try:
            if self.mark not in (process / "environ").read_bytes():
                return 0.0
            lines = (process / "smaps_rollup").read_text(encoding="utf-8").splitlines()
            return sum(int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:"))
        except OSError:
            return 0.0


def measure(jobs: int, learners: int) -> dict:
    """Grade a class; return learners per second, processor time of the grader, and peak memory in MB."""
    with tempfile.TemporaryDirectory() as folder:
        submissions = hand_in(Path(folder), learners)
        sandbox.ENVIRONMENT["MARK"] = folder
        sampler = Sampler(folder)
        sampler.start()
        rows: list = []
        verdicts: dict[str, int] = {}
        start, used = time.perf_counter(), time.process_time()

        def progress(row):
            verdicts[row.verdict] = verdicts.get(row.verdict, 0) + 1
            rows[:] = [row]

        lessons = [book.load().lesson(LESSON)]
        out = Path(folder) / "out"
        run.grade(submissions, lessons, out, seed=1, jobs=jobs, resume=False, unsafe=True, progress=progress)
        taken, used = time.perf_counter() - start, time.process_time() - used
        sampler.stop.set()
    return {
        "jobs": jobs,
        "learners": learners,
        "seconds": round(taken, 1),
        "learners per second": round(learners / taken, 2),
        "ms of the grader's own processor time per learner": round(used / learners * 1e3, 1),
        "grader, peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "sandboxes, peak MB": round(sampler.most),
        "level": rows[0].sandbox,
        "verdicts": verdicts,
        "load average before and after": os.getloadavg()[0],
    }


def main() -> None:
    """Measure each run in a process of its own and print a line for each."""
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(int(sys.argv[2]), int(sys.argv[3]))))
        return
    results = []
    for name, jobs, learners in RUNS:
        before = os.getloadavg()[0]
        command = [sys.executable, __file__, "--one", str(jobs), str(learners)]
        done = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
        found = json.loads(done.stdout)
        found["load average before and after"] = [round(before, 1), round(os.getloadavg()[0], 1)]
        results.append(found)
        print(
            f"{found['learners per second']:7.2f} learners/s  {name}, {learners} learners: grader {found['grader, peak MB']} MB, "
            f"sandboxes {found['sandboxes, peak MB']} MB, load {found['load average before and after']}",
            flush=True,
        )
    if len(sys.argv) > 1:
        machine = f"{os.cpu_count()} processors, {platform.system()} {platform.release()}, Python {platform.python_version()}"
        text = json.dumps({"machine": machine, "lesson": LESSON, "exercises": 6, "runs": results}, indent=1)
        Path(sys.argv[1]).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
