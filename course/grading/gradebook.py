"""The folder of results: rows as the core wrote them -> rows as people read them, and each learner's grade.

``run.json`` remembers how a run was asked for, so that ``--resume``, ``course export`` and ``course explain`` need no
options again.
"""

import dataclasses
import json
import os
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course import book
from course.errors import CourseError
from course.exercises import definition
from course.grading import own
from course.grading.points import Points
from course.grading.roster import Person, Roster
from course.grading.rows import Row
from course.grading.submissions import Found, Problem, Submission

ROWS, RUN = "results.jsonl", "run.json"
BY_HAND = ("grader_error", "unreadable", "could_not_check", "killed")  # a person should look at these
_NOTE = re.compile(r" \(Submission: .*\)$", re.DOTALL)


@dataclass(frozen=True)
class Run:
    """How a run was asked for, and what it found; no times, so that equal runs are equal files."""

    seed: int
    lessons: tuple[str, ...] = ()
    solutions: str | None = None
    take: str = "newest"
    due: str | None = None
    layout: str = ""
    points: Points = field(default_factory=Points)
    roster: Roster = field(default_factory=Roster)
    warnings: tuple[str, ...] = ()

    def course(self) -> book.Book:
        """Return the book that was graded with."""
        return own.load(Path(self.solutions) if self.solutions else None)

    def save(self, out: Path) -> None:
        """Write run.json."""
        write(out / RUN, json.dumps(dataclasses.asdict(self), indent=1, ensure_ascii=False) + "\n")

    @classmethod
    def load(cls, out: Path) -> "Run":
        """Read run.json.

        Raises:
            CourseError: if the folder holds no results.
        """
        path = out / RUN
        if not path.is_file():
            raise CourseError(
                f"{out} holds no results: wanted is a folder that `course grade SUBMISSIONS --out DIR` made."
            )
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            roster = data.pop("roster")
            people = tuple(Person(**person) for person in roster["people"])
            points = Points(**data.pop("points"))
            data |= {key: tuple(data[key]) for key in ("lessons", "warnings")}
            return cls(**data, points=points, roster=Roster(people, tuple(roster["warnings"])))
        except (ValueError, TypeError, KeyError, RecursionError):
            raise CourseError(f"{path} is damaged. Grade again into another folder.") from None


@dataclass(frozen=True)
class Grade:
    """What one learner got.

    Attributes:
        rows: of every exercise graded, in the order of the book.
        total: weighted points; None if nothing was handed in, or something could not be graded.
        most: the weighted points of all exercises.
        remark: what a person should know, in a line.
    """

    learner: str
    rows: tuple[Row, ...]
    total: float | None
    most: float
    remark: str
    person: Person | None = None


def write(path: Path, text: str, *, safely: bool = False) -> None:
    """Write a file as a whole or not at all; ``safely`` if it must outlive a power cut, for it can't be made again."""
    fresh = path.with_name(f".{path.name[:100]}.new")
    with fresh.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        if safely:
            file.flush()
            os.fsync(file.fileno())
    os.replace(fresh, path)


def read_rows(out: Path) -> Iterator[Row]:
    """Read results.jsonl; half a row at the end, which a grader that was killed leaves, is none.

    Raises:
        CourseError: if there is no such file, or another line is damaged.
    """
    path = out / ROWS
    if not path.is_file():
        raise CourseError(f"{out} holds no {ROWS}. `course grade SUBMISSIONS --out {out}` writes it.")
    shared: dict[str, dict[str, str]] = {}
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield _shared(Row.from_json(line), shared)
            except ValueError as error:
                if not line.endswith("\n"):
                    return
                raise CourseError(f"{path}, line {number}, is damaged: {error}.") from None


_REPEATED = (
    "learner",
    "lesson",
    "exercise",
    "verdict",
    "mistake",
    "trial",
    "message",
    "sandbox",
    "submission",
)


def _shared(row: Row, versions: dict[str, dict[str, str]]) -> Row:
    """Return the row with texts that many rows repeat kept once, or a large class would fill the memory."""
    texts: dict[str, Any] = {
        name: sys.intern(text) for name in _REPEATED if (text := getattr(row, name)) is not None
    }
    same = versions.setdefault(repr(row.versions), row.versions)
    return dataclasses.replace(row, **texts, versions=same)


def finish(rows: Iterable[Row], found: Found, run: Run, versions: dict[str, str]) -> list[Row]:
    """Return the rows as they are kept: those of submissions that count, a row for what could not be read, notes said, sorted.

    Args:
        rows: what the core wrote.
        found: what was handed in.
        run: how it was asked for.
        versions: of the course, Python and NumPy, for rows that the core never saw.
    """
    course = run.course()
    place = {name: i for i, name in enumerate(course.exercises)}
    known = {(s.learner, s.lesson, s.sha256): s for s in found.submissions}
    kept = [
        _noted(row, known[key]) for row in rows if (key := (row.learner, row.lesson, row.submission)) in known
    ]
    kept = list(_best(kept, run))
    for problem in found.problems:
        kept += _unreadable(problem, course, run, versions)
    return sorted(kept, key=lambda row: (row.learner, place.get(row.exercise, -1), row.exercise))


def _noted(row: Row, submission: Submission) -> Row:
    message = _NOTE.sub("", row.message)
    if submission.note:
        message += f" (Submission: {submission.note})"
    return dataclasses.replace(row, message=message)


def _best(rows: list[Row], run: Run) -> Iterator[Row]:
    """Yield, of each learner and lesson, the rows of the submission with the most points; of equal ones the last."""
    attempts: dict[tuple[str, str], dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        attempts[row.learner, row.lesson][row.submission].append(row)
    for tried in attempts.values():
        yield from max(
            reversed(list(tried.values())), key=lambda mine: sum(scaled(r, run.points)[0] or 0 for r in mine)
        )


def _unreadable(problem: Problem, course: book.Book, run: Run, versions: dict[str, str]) -> Iterator[Row]:
    exercises = course.lesson(problem.lesson).exercises if problem.lesson else ()
    for name, most in [(e.name, definition.load(e.path).points) for e in exercises] or [("", 0)]:
        yield Row(
            learner=problem.learner,
            lesson=problem.lesson,
            exercise=name,
            verdict="unreadable",
            mistake=None,
            trial=None,
            message=problem.message,
            points=None,
            max_points=most,
            seconds=0.0,
            seed=run.seed,
            sandbox="",
            submission=problem.sha256,
            versions=versions,
        )


def scaled(row: Row, points: Points) -> tuple[float | None, float]:
    """Return a row's points and the most that it can earn, as the teacher's file has them; None is not known."""
    most = points.points.get(row.exercise, row.max_points)
    if row.points is None or row.verdict in ("grader_error", "unreadable"):
        return None, most
    return (row.points * most / row.max_points if row.max_points else 0.0), most


def grades(rows: Iterable[Row], run: Run) -> list[Grade]:
    """Return the grade of every learner, and of everybody on the roster who handed nothing in."""
    by_learner: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_learner[row.learner].append(row)
    exercises = worth(run, (row for theirs in by_learner.values() for row in theirs))
    most = sum(exercises.values())
    seen: set[Person] = set()
    found = []
    for learner, theirs in sorted(by_learner.items(), key=lambda item: _as_in_a_list(item[0])):
        person = run.roster.find(learner)
        seen |= {person} if person else set()
        found.append(_grade(learner, theirs, run, most, person))
    for person in run.roster.people:
        if person not in seen:
            found.append(Grade(person.learner, (), None, most, "nothing handed in", person))
    return found


def _as_in_a_list(name: str) -> tuple[str, str]:
    """Sort as people look names up: É beside E, whatever the case."""
    return unicodedata.normalize("NFKD", name).casefold(), name


def worth(run: Run, rows: Iterable[Row]) -> dict[str, float]:
    """Return the weighted points of every exercise of the lessons graded, in the order of the book."""
    lessons = set(run.lessons) | {row.lesson for row in rows if row.lesson}
    found = {}
    for exercise in run.course().exercises.values():
        if exercise.lesson in lessons and exercise.path.exists():
            most = run.points.points.get(exercise.name, definition.load(exercise.path).points)
            found[exercise.name] = most * run.points.weight(exercise.lesson)
    return found


def _grade(learner: str, rows: list[Row], run: Run, most: float, person: Person | None) -> Grade:
    earned = [(scaled(row, run.points)[0], run.points.weight(row.lesson)) for row in rows]
    total = (
        None
        if any(points is None for points, _ in earned)
        else sum(p * w for p, w in earned if p is not None)
    )
    said = []
    for verdict in BY_HAND:
        names = [row.exercise or "the file" for row in rows if row.verdict == verdict]
        if names:
            shown = ", ".join(names) if len(names) < 4 else f"{len(names)} exercises"
            said.append(f"{verdict.replace('_', ' ')}: {shown}")
    handed_in = {row.lesson for row in rows}
    said += [
        f"nothing handed in for {slug}"
        for slug in run.lessons
        if slug not in handed_in and "" not in handed_in
    ]
    notes = {note[0][len(" (Submission: ") : -1] for row in rows if (note := _NOTE.search(row.message))}
    said += sorted(notes)
    if run.roster.people and person is None:
        said.append("not on the roster")
    return Grade(learner, tuple(rows), total, most, "; ".join(said), person)


def without_note(message: str) -> str:
    """Return a row's message without what is said of the submission."""
    return _NOTE.sub("", message)


def number(value: float | None) -> str:
    """Show points: whole where they are, else with at most two digits; nothing for None."""
    return "" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")
