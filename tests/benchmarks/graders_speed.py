"""What one more learner costs: nbgrader, otter and `course grade` on the same submissions of lesson 2, side by side.

    COURSE_GRADERS=.venv/graders/bin python tests/benchmarks/graders_speed.py [results.json]

COURSE_GRADERS names the folder with the programs of nbgrader and otter (`make .venv/.graders` installs them); without them
it measures nothing and says so. The lesson goes to them by `course export assignment`, and their own commands make the
learners' notebooks. nbgrader and we grade the very same files; otter has a notebook of its own form, which gets the same
answers. Rounds alternate between the graders, and figures are medians. The cost of a learner is the marginal one: the time
for many less the time for few, by how many more they are, so that nobody's start counts. `otter run` grades one notebook
and ends (`otter grade` wants docker, so it isn't run here): its cost is the whole run. Not a test: machines differ.
"""

import contextlib
import copy
import ctypes
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from course import book
from course.exercises import definition
from course.grading.rows import Row

LESSON = "loss"
ROUNDS = 3
SEED = 5  # of hidden trials
FEW = 2  # learners whom nbgrader is given first, and then all of them
COPIES = 25  # of every submission, for us: what we need for a few is lost in the time of the start
_PR_SET_CHILD_SUBREAPER = 36
ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = Path(os.environ.get("COURSE_GRADERS") or "nowhere").resolve()

# Right answers as beginners write them: slowly.
LOOPS = {
    "mse": """def mse(predicted, target):
    total = 0.0
    for p, a in zip(predicted, target):
        total += (float(p) - float(a)) ** 2
    return total / len(predicted)""",
    "softmax": """def softmax(scores):
    result = np.zeros(np.shape(scores))
    for i, row in enumerate(scores):
        total = 0.0
        for score in row:
            total += np.exp(score - max(row))
        for j, score in enumerate(row):
            result[i, j] = np.exp(score - max(row)) / total
    return result""",
}
# nbgrader's own view of each score; it runs in nbgrader's Python.
SCORES = """
import json, sys
from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db") as book:
    print(json.dumps({
        s.student.id: {g.name.removesuffix("-test"): g.score for n in s.notebooks for g in n.grades}
        for s in book.assignment_submissions(sys.argv[1])
    }))
"""


def answers() -> dict[str, dict[str, str]]:
    """Return what each learner writes: ``{learner: {exercise: source}}``; an exercise that is missing is untouched."""
    found = [definition.load(e.path) for e in book.load().lesson(LESSON).exercises]
    right = {d.name: d.sources[d.name] for d in found}

    def mistaken(which: int) -> dict[str, str]:
        chosen = {d.name: d.mistakes[which % len(d.mistakes)].name for d in found}
        sources = {d.name: d.sources[chosen[d.name]].replace(chosen[d.name], d.name) for d in found}
        return {name: source[source.index(f"def {name}(") :] for name, source in sources.items()}

    raising = "def mse(predicted, target):\n    return np.sum(predicted - target, axis=7)"
    half, other_half = dict(list(right.items())[:3]), dict(list(mistaken(-1).items())[3:])
    return {
        "l0-right": right,
        "l1-half": half,
        "l2-loops": right | LOOPS,
        "l3-all-mistaken": mistaken(0),
        "l4-one-raises": right | {"mse": raising},
        "l5-untouched": {},
        "l6-right-too": right,
        "l7-half-mistaken": half | other_half,
    }


def answered(nb: dict, given: dict[str, str], mark: str = "") -> str:
    """Return a learner's notebook: the one that they got, their answers in its cells."""
    nb = copy.deepcopy(nb)
    for cell in nb["cells"]:
        source = "".join(cell["source"])
        for name, answer in given.items():
            if cell["cell_type"] == "code" and f"def {name}(" in source and f"check({name})" in source:
                cell["source"] = f"{mark}{answer}\n\n\ncheck({name})"
    return json.dumps(nb)


class Taken(NamedTuple):
    """What a run took."""

    seconds: float  # by the clock
    work: float  # seconds of processors, by all processes: other work on the machine changes these less


def call(program: str | Path, *args, cwd: Path) -> Taken:
    """Run a program to its end."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    environment["PATH"] = os.pathsep.join([str(PROGRAMS), os.environ["PATH"]])
    before, start = _work(), time.perf_counter()
    done = subprocess.run(
        [program, *map(str, args)], cwd=cwd, env=environment, capture_output=True, encoding="utf-8"
    )
    seconds = time.perf_counter() - start
    if done.returncode:
        raise SystemExit(f"{program} {args} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return Taken(seconds, _work() - before)


def _work() -> float:
    """Return what all processes that have ended took; those whose parents left them behind are ours, see ``main``."""
    end = time.monotonic() + 2
    with contextlib.suppress(ChildProcessError):
        while time.monotonic() < end:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.01)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@dataclass
class Contest:
    """The same learners, handed to three graders."""

    folder: Path
    stem: str = field(default_factory=lambda: book.load().lesson(LESSON).stem)
    learners: dict = field(default_factory=answers)
    scores: dict = field(default_factory=dict)  # {grader: {learner: {exercise: points}}}

    def prepare(self) -> None:
        """Export the lesson, have each grader make its learners' notebooks, and hand in."""
        for form in ("nbgrader", "otter"):
            options = ["--format", form, "--output", self.folder / form, "--seed", SEED]
            call(sys.executable, "-m", "course", "export", "assignment", LESSON, *options, cwd=self.folder)
        call("nbgrader", "generate_assignment", self.stem, cwd=self.folder / "nbgrader")
        call("otter", "assign", f"{self.stem}.ipynb", "dist", cwd=self.folder / "otter")
        release = self._json("nbgrader", "release", self.stem, f"{self.stem}.ipynb")
        student = self._json("otter", "dist", "student", f"{self.stem}.ipynb")
        for name, given in self.learners.items():
            text = answered(release, given)
            self._write(text, "nbgrader", "submitted", name, self.stem, f"{self.stem}.ipynb")
            self._write(answered(student, given), "otter", name, f"{self.stem}.ipynb")
            for number in range(COPIES):
                # Nobody hands in what somebody else did to the last character.
                own = text if not number else answered(release, given, f"# number {number}\n")
                self._write(own, "course", "many", f"{name}-{number:02}", self.stem, f"{self.stem}.ipynb")

    def nbgrader(self, learners: str) -> Taken:
        """Grade the learners of a pattern."""
        folder = self.folder / "nbgrader"
        taken = call("nbgrader", "autograde", self.stem, "--force", "--student", learners, cwd=folder)
        done = subprocess.run(
            [PROGRAMS / "python", "-c", SCORES, self.stem], cwd=folder, capture_output=True, encoding="utf-8"
        )
        self.scores["nbgrader"] = json.loads(done.stdout)
        return taken

    def otter(self, learner: str) -> Taken:
        """Grade one learner."""
        autograder = next((self.folder / "otter" / "dist" / "autograder").glob("*.zip"))
        folder = self.folder / "otter" / learner
        taken = call("otter", "run", f"{self.stem}.ipynb", "-a", autograder, "-o", ".", cwd=folder)
        tests = json.loads((folder / "results.json").read_text(encoding="utf-8"))["tests"]
        found = dict.fromkeys(self.learners["l0-right"], 0.0)
        for test in tests:
            for name in found:
                if name == test["name"].split()[0].rstrip(":"):
                    found[name] += test.get("score") or 0
        self.scores.setdefault("otter", {})[learner] = found
        return taken

    def course(self, submissions: Path, jobs: int) -> Taken:
        """Grade a folder of nbgrader's form."""
        with tempfile.TemporaryDirectory(dir=self.folder) as room:
            options = ["--out", "graded", "--jobs", jobs, "--seed", SEED]
            if sys.platform != "linux":
                options.append("--unsafe")
            taken = call(sys.executable, "-m", "course", "grade", submissions, *options, cwd=Path(room))
            lines = (Path(room) / "graded" / "results.jsonl").read_text(encoding="utf-8").splitlines()
        for row in map(Row.from_json, lines):
            self.scores.setdefault("course", {}).setdefault(row.learner, {})[row.exercise] = row.points
        return taken

    def agreement(self, grader: str) -> str:
        """Say on how many answers a grader and we agree, and list the others."""
        pairs = [
            (f"{learner}/{name}", points, self.scores["course"][learner][name])
            for learner, found in sorted(self.scores[grader].items())
            for name, points in found.items()
        ]
        others = [f"{what}: {theirs} and {ours}" for what, theirs, ours in pairs if theirs != ours]
        return f"{len(pairs) - len(others)} of {len(pairs)}" + "".join(f"; {text}" for text in others)

    def _json(self, *parts: str) -> dict:
        return json.loads(self.folder.joinpath(*parts).read_text(encoding="utf-8"))

    def _write(self, text: str, *parts: str) -> None:
        path = self.folder.joinpath(*parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def versions() -> dict[str, str]:
    """Return the versions of the other graders."""
    names = ("nbgrader", "otter-grader")
    program = f"from importlib.metadata import version as v; print(*map(v, {names}))"
    done = subprocess.run([PROGRAMS / "python", "-c", program], capture_output=True, encoding="utf-8")
    return dict(zip(names, done.stdout.split(), strict=True))


def measure(contest: Contest) -> dict[str, list[Taken]]:
    """Return what each run of each round took, by what was run."""
    names = list(contest.learners)
    taken: dict[str, list[Taken]] = {}

    def note(what: str, run: Taken) -> None:
        taken.setdefault(what, []).append(Taken(*(round(part, 2) for part in run)))
        print(
            f"  {what}: {run.seconds:.1f} s, {run.work:.1f} s of work, load {os.getloadavg()[0]:.1f}",
            flush=True,
        )

    same = contest.folder / "nbgrader" / "submitted"
    for number in range(ROUNDS):
        print(f"round {number + 1} of {ROUNDS}", flush=True)
        note(f"nbgrader, {FEW}", contest.nbgrader(f"l[0-{FEW - 1}]*"))
        for jobs in (1, 2):
            note(f"course, {jobs} jobs, {len(names)}", contest.course(same, jobs))
        for name in names[number::ROUNDS]:
            note("otter, 1", contest.otter(name))
        for jobs in (1, 2):
            many = contest.folder / "course" / "many"
            note(f"course, {jobs} jobs, {len(names) * COPIES}", contest.course(many, jobs))
        note(f"nbgrader, {len(names)}", contest.nbgrader("*"))
    return taken


def marginal(taken: dict[str, list[Taken]], what: str, few: int, many: int) -> Taken:
    """Return what one more submission costs: the medians over the rounds."""
    pairs = list(zip(taken[f"{what}, {few}"], taken[f"{what}, {many}"], strict=True))
    return Taken(
        *(statistics.median((after[i] - before[i]) / (many - few) for before, after in pairs) for i in (0, 1))
    )


def main() -> None:
    """Measure, and print the table."""
    missing = [name for name in ("nbgrader", "otter", "python") if not (PROGRAMS / name).exists()]
    if missing:
        print(
            f"Nothing measured: COURSE_GRADERS names no folder with {', '.join(missing)} (`make .venv/.graders`)."
        )
        return
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        contest = Contest(Path(folder).resolve())
        contest.prepare()
        taken = measure(contest)
        agree = {grader: contest.agreement(grader) for grader in ("nbgrader", "otter")}
    number = len(contest.learners)
    costs = {
        "nbgrader autograde": marginal(taken, "nbgrader", FEW, number),
        "otter run": Taken(*map(statistics.median, zip(*taken["otter, 1"], strict=True))),
        "course grade --jobs 1": marginal(taken, "course, 1 jobs", number, number * COPIES),
        "course grade --jobs 2": marginal(taken, "course, 2 jobs", number, number * COPIES),
    }
    ours = costs["course grade --jobs 2"]
    print("\nfor each further submission: seconds, as many times ours; seconds of work; same points as ours")
    for what, each in costs.items():
        share = f"{each.seconds:9.3f}  {each.seconds / ours.seconds:7.1f}  {each.work:9.3f}"
        print(f"{share}  {what:22}  {agree.get(what.split()[0], '')}")
    if len(sys.argv) > 1:
        result = {
            "date": time.strftime("%Y-%m-%d"),
            "machine": f"{os.cpu_count()} processors, {platform.system()} {platform.release()}, Python {platform.python_version()}",
            "versions": versions(),
            "lesson": LESSON,
            "exercises": len(contest.learners["l0-right"]),
            "submissions": list(contest.learners),
            "for each further submission": {
                what: {"seconds": round(each.seconds, 4), "seconds of work": round(each.work, 4)}
                for what, each in costs.items()
            },
            "same points as course grade": agree,
            "seconds, and seconds of work, of each run": taken,
            "load average before and after": [round(before, 1), round(os.getloadavg()[0], 1)],
        }
        Path(sys.argv[1]).write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
