"""One run of ``course grade``, from what was handed in to the files that a teacher opens."""

import contextlib
import os
import secrets
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from course.errors import CourseError
from course.grading import (
    classreport,
    feedback,
    gradebook,
    gradesheet,
    own,
    points,
    roster,
    similar,
    submissions,
)
from course.grading.gradebook import Run
from course.grading.rows import Row, software

ATTEMPTS = (
    "attempts.jsonl"  # rows of submissions that were not the best, so that --resume need not judge them again
)
SHOWN = 20  # warnings in the terminal


@dataclass(frozen=True)
class Wish:
    """What a teacher asked for; see ``course grade --help``."""

    source: Path
    out: Path
    lesson: str | None = None
    solutions: Path | None = None
    roster: Path | None = None
    points: Path | None = None
    due: str | None = None
    take: str = "newest"
    seed: int | None = None
    jobs: int = 1
    resume: bool = False
    unsafe: bool = False


@dataclass(frozen=True)
class Outcome:
    """What came of a run."""

    run: Run
    grades: list[gradebook.Grade]
    rows: list[Row]


@contextlib.contextmanager
def opened(out: Path, source: Path, *, resume: bool) -> Iterator[None]:
    """Hold the folder of results for one grader, and make sure that it can be written.

    Raises:
        CourseError: if it lies inside the submissions, holds other results, is in use, or can't be written.
    """
    inside, around = out.resolve(), source.resolve()
    if source.is_dir() and inside.is_relative_to(around):
        raise CourseError(
            f"--out {out} lies inside {source}, and would be taken for a submission. Choose a folder beside it."
        )
    if out.exists() and not out.is_dir():
        raise CourseError(f"--out {out} is a file; wanted is a folder.")
    if not resume and (out / gradebook.ROWS).exists():
        raise CourseError(f"{out} holds results already. Go on with --resume, or choose another folder.")
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock = FileLock(out / ".run.lock")
        lock.acquire(timeout=0)
    except Timeout:
        raise CourseError(
            f"Another `course grade` is at work in {out}. Wait for it, or choose another folder."
        ) from None
    except OSError as error:
        raise CourseError(
            f"{out} can't be written: {error.strerror}. Choose another folder with --out."
        ) from None
    try:
        yield
    finally:
        lock.release()
        with contextlib.suppress(OSError):
            (out / ".run.lock").unlink()


def grade(wish: Wish, say: Callable[[str], None], judge_all) -> Outcome:
    """Grade, and write every file.

    Args:
        wish: what is asked for.
        say: tells the teacher a warning.
        judge_all: ``judge_all(submissions, lessons, seed)``, which judges into the folder of results.

    Raises:
        CourseError: if it can't be done; answers that are finished are kept for ``--resume``.
    """
    with opened(wish.out, wish.source, resume=wish.resume), tempfile.TemporaryDirectory() as room:
        run, found = prepare(wish, Path(room))
        for warning in run.warnings[:SHOWN]:
            say(warning)
        if len(run.warnings) > SHOWN:
            say(f"... and {len(run.warnings) - SHOWN} more, in report.html.")
        if wish.resume:
            _put_back(wish.out)
        run.save(wish.out)
        lessons = [lesson for lesson in run.course().lessons if lesson.slug in run.lessons]
        judge_all(found.submissions, lessons, run.seed)
        return conclude(wish.out, run, found)


def prepare(wish: Wish, room: Path) -> tuple[Run, submissions.Found]:
    """Read everything that is asked for, before anything is judged."""
    course = own.load(wish.solutions)
    lesson = course.lesson(wish.lesson).slug if wish.lesson else None
    due = submissions.parse_due(wish.due) if wish.due else None
    if wish.take == "in-time" and due is None:
        raise CourseError("--take in-time wants to know until when: add --due DATE.")
    worth = points.read(wish.points, course) if wish.points else points.Points()
    people = roster.read(wish.roster) if wish.roster else roster.Roster()
    before = Run.load(wish.out) if wish.resume and (wish.out / gradebook.RUN).exists() else None
    found = submissions.collect(wish.source, course, room, lesson=lesson, due=due, take=wish.take)
    slugs = {s.lesson for s in found.submissions} | {p.lesson for p in found.problems if p.lesson}
    run = Run(
        seed=_seed(wish, before),
        lessons=tuple(entry.slug for entry in course.lessons if entry.slug in slugs),
        solutions=str(wish.solutions.resolve()) if wish.solutions else None,
        take=wish.take,
        due=due.isoformat(sep=" ", timespec="minutes") if due else None,
        layout=found.layout,
        points=worth,
        roster=people,
        warnings=(*people.warnings, *found.warnings),
    )
    return run, found


def _seed(wish: Wish, before: Run | None) -> int:
    """Return the seed asked for, else that of the run that goes on, else one that nobody knows."""
    if wish.seed is not None:
        return wish.seed
    return before.seed if before else secrets.randbelow(2**31)


def conclude(out: Path, run: Run, found: submissions.Found) -> Outcome:
    """Turn the rows that were judged into the files that a teacher opens."""
    judged = list(gradebook.read_rows(out)) if (out / gradebook.ROWS).exists() else []
    rows = gradebook.finish(judged, found, run, software())
    _set_aside(out, judged, rows, run)
    _write_rows(out / gradebook.ROWS, rows)
    everybody = gradebook.grades(rows, run)
    course = run.course()
    exercises = {name: course.exercises[name].lesson for name in gradebook.worth(run, rows)}
    pages = feedback.write_all(everybody, run, out)
    same = similar.find(rows, out, course)
    gradebook.write(out / "report.html", classreport.as_html(everybody, exercises, same, run, pages))
    gradebook.write(out / "grades.csv", gradesheet.text(everybody, exercises, run))
    return Outcome(run, everybody, rows)


def _write_rows(path: Path, rows: Sequence[Row]) -> None:
    gradebook.write(path, "".join(row.to_json() + "\n" for row in rows), safely=True)


def _set_aside(out: Path, judged: list[Row], rows: list[Row], run: Run) -> None:
    if run.take == "best":
        counted = {row.key for row in rows}
        _write_rows(out / ATTEMPTS, [row for row in judged if row.key not in counted])


def _put_back(out: Path) -> None:
    """Bring back the rows that an earlier run set aside, so that they need no judging again."""
    path = out / ATTEMPTS
    if path.exists() and (out / gradebook.ROWS).exists():
        rows = {row.key: row for row in gradebook.read_rows(out)}
        with path.open(encoding="utf-8") as lines:
            rows |= {row.key: row for row in map(Row.from_json, lines)}
        _write_rows(out / gradebook.ROWS, list(rows.values()))


def finished(out: Path, handed_in: Sequence[submissions.Submission]) -> int:
    """Return how many of the answers an earlier run has judged already."""
    known = {(s.learner, s.sha256, s.lesson) for s in handed_in}
    if not (out / gradebook.ROWS).exists():
        return 0
    return sum((row.learner, row.submission, row.lesson) in known for row in gradebook.read_rows(out))


def processors() -> int:
    """Return how many answers can be judged at once here."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
