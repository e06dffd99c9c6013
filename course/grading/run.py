"""Grade submissions: each answer in a sandbox, each finished row on disk before the next answer begins."""

import functools
import hashlib
import json
import platform
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from course import __version__, book, checking, notebooks
from course.errors import CourseError
from course.exercises import definition
from course.exercises.definition import Definition
from course.exercises.judge import PRINTED
from course.exercises.process import SECONDS
from course.exercises.report import Report
from course.grading import sandbox
from course.grading.journal import Journal
from course.grading.rows import TOLD, Row

MESSAGE = 2000  # characters; a learner's own error message may be as long as they like
NO_END = "The file's imports and definitions did not come to an end."
TRIES = 2  # with a fresh sandbox, if one is lost


class Submission(Protocol):
    """One learner's file for one lesson: ``sha256`` in hexadecimal digits, ``lesson`` a slug such as ``loss``."""

    @property
    def learner(self) -> str: ...  # noqa: D102

    @property
    def path(self) -> Path: ...  # noqa: D102

    @property
    def lesson(self) -> str: ...  # noqa: D102

    @property
    def sha256(self) -> str: ...  # noqa: D102


def grade(
    submissions: Sequence[Submission],
    lessons: Sequence[book.Lesson],
    out: Path,
    *,
    seed: int,
    jobs: int,
    resume: bool,
    unsafe: bool,
    progress: Callable[[Row], None],
    seconds: float = SECONDS,
) -> None:
    """Grade submissions into ``out/results.jsonl`` and ``out/answers/SHA256.json``.

    Args:
        submissions: what to grade.
        lessons: the lessons that they belong to; their exercises are judged.
        out: the folder of results; it is made if need be.
        seed: what the trials are drawn from; a private one.
        jobs: how many answers are judged at the same time.
        resume: whether rows that an earlier run finished in ``out`` are kept.
        unsafe: whether to go on where learners' code can't be isolated.
        progress: called with each new row, one call at a time, from any thread.
        seconds: what each answer may take.

    Raises:
        CourseError: if learners' code can't be isolated, an exercise can't be read, or the results can't be written;
            what is finished is kept.
        KeyboardInterrupt: if it is stopped; likewise.
    """
    hidden = {
        out,
        *(s.path.parent for s in submissions),
        *(e.path.parent for x in lessons for e in x.exercises),
    }
    level = sandbox.choose({path.resolve() for path in hidden}, unsafe=unsafe)
    marker = _Marker(_Book.of(lessons), level, seed, seconds)
    known = {(s.learner, s.sha256, s.lesson) for s in submissions}
    keep = functools.partial(marker.is_current, known)
    with Journal(out, keep, resume=resume) as journal:
        _share_out(submissions, journal, marker, jobs, progress)
        journal.sort([lesson.slug for lesson in lessons], list(marker.book.course.exercises))


def judge_again(
    answers: Path, lessons: Sequence[book.Lesson], exercise: str, *, seed: int, unsafe: bool
) -> Report:
    """Judge one answer once more, in a sandbox, for whoever asks why a grade came out.

    Args:
        answers: the kept answers, ``answers/SHA256.json``.
        lessons: the lessons that were graded.
        exercise: the name of the exercise.
        seed: the seed of its row.
        unsafe: whether to go on where learners' code can't be isolated.

    Raises:
        CourseError: if the answers or the exercise can't be read, or learners' code can't be isolated.
    """
    try:
        kept = json.loads(answers.read_text(encoding="utf-8"))
        attempt = _Attempt(kept["file"], [(label, source, whole) for label, source, whole in kept["cells"]])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CourseError(f"The kept answers {answers.name} can't be read ({error}). Grade again.") from None
    course = _Book.of(lessons)
    found = definition.load(course.course.exercise(exercise).path)
    level = sandbox.choose([found.path.parent.resolve(), answers.parent.resolve()], unsafe=unsafe)
    with _Sandboxes(level, course) as sandboxes:
        return _Marker(course, level, seed, SECONDS).judged(found, attempt, sandboxes)


def _share_out(submissions, journal: Journal, marker: "_Marker", jobs: int, progress) -> None:
    """Let ``jobs`` threads take submissions off one list; each waits most of the time for a process of its own."""
    todo, turn, stop = iter(submissions), threading.Lock(), threading.Event()
    everyone = [_Sandboxes(marker.level, marker.book) for _ in range(jobs)]

    def work(sandboxes: _Sandboxes) -> None:
        while True:
            with turn:
                submission = next(todo, None)
            if submission is None or stop.is_set():
                return
            for row in marker.rows(submission, sandboxes, journal):
                with turn:
                    if stop.is_set():
                        return  # what it was judged as may be the stop's doing
                    journal.add(row)
                    progress(row)

    with ThreadPoolExecutor(jobs) as pool:
        workers = [pool.submit(work, sandboxes) for sandboxes in everyone]
        try:
            wait(workers, return_when=FIRST_EXCEPTION)
        finally:  # also at Ctrl-C
            with turn:
                stop.set()
            for sandboxes in everyone:
                sandboxes.close()
    for worker in workers:
        worker.result()


class _Sandboxes:
    """The warm processes of one thread: with NumPy, and with Numba too for those who use it; each when first needed."""

    def __init__(self, level: sandbox.Level, book: "_Book"):
        self.level, self.cells = level, book.cells
        self._zygotes: dict[tuple[str, ...], sandbox.Zygote] = {}
        self._turn, self._closed = threading.Lock(), False

    def fitting(self, cells) -> sandbox.Zygote:
        """Return a warm process that has loaded what the cells seem to use.

        Raises:
            SandboxError: if it does not start, or all were closed.
        """
        warm = ("numba",) if any("numba" in source for _, source, _ in cells) else ()
        with self._turn:
            if self._closed:
                raise sandbox.SandboxError("grading was stopped")
            if warm not in self._zygotes:
                self._zygotes[warm] = sandbox.Zygote(self.level, warm, self.cells)
            return self._zygotes[warm]

    def replace(self) -> None:
        """End the warm processes; the next that is needed is a fresh one."""
        with self._turn:
            for zygote in self._zygotes.values():
                zygote.close()
            self._zygotes = {}

    def close(self) -> None:
        """End the warm processes for good."""
        self._closed = True
        self.replace()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


@dataclass
class _Attempt:
    """What a learner handed in, as it is judged and kept: the file's name, and ``(label, source, whole)`` of its cells."""

    file: str
    cells: list[tuple[str, str, bool]]
    stuck: bool = False  # its imports and definitions don't come to an end


@dataclass(frozen=True)
class _Book:
    """The lessons that are graded, each exercise read once."""

    course: book.Book
    exercises: dict[str, Definition]
    versions: dict[str, dict[str, str]]  # of each lesson

    @classmethod
    def of(cls, lessons: Sequence[book.Lesson]) -> "_Book":
        course = book.Book(book.find_root(), book.find_root() / "solutions", tuple(lessons))
        found = {name: definition.load(exercise.path) for name, exercise in course.exercises.items()}
        return cls(course, found, {lesson.slug: versions(lesson) for lesson in lessons})

    @functools.cached_property
    def shipped(self) -> set[str]:
        """The ids of the lessons' own cells."""
        return {cell.id for cells in self._lessons for cell in cells} | set(self.exercises)

    @functools.cached_property
    def cells(self) -> list[tuple[str, str, bool]]:
        """The lessons' own cells, as the child program takes them."""
        return [cell for cells in self._lessons for cell in notebooks.code_cells(cells, self.shipped)]

    @functools.cached_property
    def _lessons(self) -> list[list[notebooks.Cell]]:
        return [notebooks.read_cells(lesson.path) for lesson in self.course.lessons if lesson.path.exists()]


def versions(lesson: book.Lesson) -> dict[str, str]:
    """Return what a row says of versions; ``exercises`` is a digest of the lesson's exercise files."""
    digest = hashlib.sha256()
    for exercise in lesson.exercises:
        digest.update(exercise.path.read_bytes())
    return {
        "course": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "exercises": digest.hexdigest()[:12],
    }


@dataclass(frozen=True)
class _Marker:
    """Turns submissions into rows."""

    book: _Book
    level: sandbox.Level
    seed: int
    seconds: float

    def is_current(self, known: set[tuple[str, str, str]], row: Row) -> bool:
        """Tell whether a row of an earlier run says what this run would find of one of the ``known`` submissions.

        Raises:
            CourseError: if it was drawn from another seed.
        """
        if row.seed != self.seed:
            raise CourseError(
                f"The results so far were graded with seed {row.seed}, not {self.seed}. "
                f"Go on with --seed {row.seed}, or grade into another folder."
            )
        return (
            (row.learner, row.submission, row.lesson) in known
            and row.exercise in self.book.exercises
            and row.versions == self.book.versions[row.lesson]
            and row.verdict != "grader_error"  # which may be gone by now
        )

    def rows(self, submission: Submission, sandboxes: _Sandboxes, journal: Journal) -> Iterator[Row]:
        """Yield a row for each exercise of a submission that the journal has not got."""
        attempt: _Attempt | Report | None = None
        for exercise in self.book.course.lesson(submission.lesson).exercises:
            if journal.has((submission.learner, submission.sha256, submission.lesson, exercise.name)):
                continue
            found, start = self.book.exercises[exercise.name], time.monotonic()
            try:
                attempt = attempt or self._read(submission, journal)
                report = attempt if isinstance(attempt, Report) else self.judged(found, attempt, sandboxes)
            except CourseError:
                raise  # the results can't be written
            except Exception as error:  # of ours: the learner must not pay for it
                report = _our_fault(error)
            yield self._row(submission, found, report, time.monotonic() - start)

    def judged(self, found: Definition, attempt: _Attempt, sandboxes: _Sandboxes) -> Report:
        """Judge one answer.

        Raises:
            SandboxError: if the sandbox is lost again and again.
        """
        if attempt.stuck:
            return Report(found.name, "could_not_check", NO_END)
        for _ in range(TRIES):
            try:
                zygote = sandboxes.fitting(attempt.cells)
                return self._judged_in(zygote, found, attempt)
            except sandbox.SandboxError as error:
                lost = error
            sandboxes.replace()
        raise lost

    def _judged_in(self, zygote: sandbox.Zygote, found: Definition, attempt: _Attempt) -> Report:
        with checking.started(attempt.cells, self.seconds, zygote.start) as process:
            report = checking.report_on(found, process, self.book.course, file=attempt.file, seed=self.seed)
        if zygote.last is None or zygote.last.lost:
            raise sandbox.SandboxError("the sandbox was lost while it ran an answer")
        attempt.cells = process.cells  # perhaps without the assignments that never end
        attempt.stuck = bool(process.reading_failed)
        return _killed(report, zygote.last.ending or {})

    def _read(self, submission: Submission, journal: Journal) -> "_Attempt | Report":
        """Read a submission and keep what will be judged; where it can't be read, return what is to be said."""
        if hashlib.sha256(submission.path.read_bytes()).hexdigest() != submission.sha256:
            raise OSError("the file was changed while it was graded")
        try:
            cells = notebooks.code_cells(checking.read(submission.path), self.book.shipped)
        except CourseError as error:
            return Report("", "unreadable", str(error))
        attempt = _Attempt(submission.path.name, cells)
        journal.keep_answers(
            submission.sha256, {"lesson": submission.lesson, "file": attempt.file, "cells": cells}
        )
        return attempt

    def _row(self, submission: Submission, found: Definition, report: Report, seconds: float) -> Row:
        points = found.points if report.verdict == "passed" else 0
        notes = [
            note for note in report.notes if not note.startswith(PRINTED)
        ]  # they may show private inputs
        message = _clean("\n".join([report.message, *notes]))
        if report.discreet not in (None, message):
            message += f"{TOLD}{_clean(report.discreet or '')}"
        return Row(
            learner=submission.learner,
            lesson=submission.lesson,
            exercise=found.name,
            verdict=report.verdict,
            mistake=report.mistake,
            trial=report.trial,
            message=message,
            points=None if report.verdict in ("grader_error", "unreadable") else points,
            max_points=found.points,
            seconds=round(seconds, 3),
            seed=self.seed,
            sandbox=self.level.name,
            submission=submission.sha256,
            versions=self.book.versions[submission.lesson],
        )


def _killed(report: Report, ending: dict) -> Report:
    """Return the report, or another if the system ended the process: that is the only one who can, with this signal."""
    if not (ending.get("alone") and ending.get("signal") == signal.SIGKILL):
        return report
    most = sandbox.LIMITS["CPU"]
    message = "It was stopped by the system, most likely for want of memory."
    if ending["cpu"] > most - 1:
        message = f"It was stopped after {most} seconds of work by all its threads together."
    return Report(report.exercise, "killed", message, trial=report.trial)


def _our_fault(error: Exception) -> Report:
    message = f"The grader failed ({type(error).__name__}: {error}). Grade again with --resume."
    return Report("", "grader_error", message)


def _clean(text: str) -> str:
    """Return a message that every file and screen can take, of a bounded length."""
    text = text.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= MESSAGE else f"{text[:MESSAGE]} ..."
