"""Grade submissions: each answer in a sandbox, each finished row on disk before the next answer begins."""

import contextlib
import functools
import hashlib
import json
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from course import book, checking, notebooks
from course.errors import CourseError
from course.exercises import definition
from course.exercises.definition import Definition
from course.exercises.judge import PRINTED
from course.exercises.process import SECONDS, Process
from course.exercises.report import Report
from course.grading import sandbox
from course.grading.journal import Journal
from course.grading.rows import TOLD, Row, software

MESSAGE = 2000  # characters; a learner's own error message may be as long as they like
NO_END = "The file's imports and definitions did not come to an end."
TRIES = 2  # with a fresh sandbox, if one is lost
BRIEF = 2.0  # seconds that an answer may take in a process that has run another answer


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


class ShareOut(Protocol):
    """Has submissions judged, and puts each row into the journal as soon as it is there."""

    def __call__(  # noqa: D102
        self,
        submissions: Sequence[Submission],
        journal: Journal,
        marker: "Marker",
        progress: Callable[[Row], None],
    ) -> None: ...


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
    share_out: "ShareOut | None" = None,
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
        share_out: lets others judge, who heed ``unsafe`` themselves; default: ``jobs`` threads of this process.

    Raises:
        CourseError: if learners' code can't be isolated, an exercise can't be read, or the results can't be written;
            what is finished is kept.
        KeyboardInterrupt: if it is stopped; likewise.
    """
    if share_out is None:
        hidden = {
            out,
            *(s.path.parent for s in submissions),
            *(e.path.parent for x in lessons for e in x.exercises),
        }
        level = sandbox.choose({path.resolve() for path in hidden}, unsafe=unsafe)
        share_out = functools.partial(_share_out_here, level, jobs)
    marker = Marker(Syllabus.of(lessons), seed, seconds)
    known = {(s.learner, s.sha256, s.lesson) for s in submissions}
    keep = functools.partial(marker.is_current, known)
    with Journal(out, keep, resume=resume) as journal:
        share_out(submissions, journal, marker, progress)
        journal.sort([lesson.slug for lesson in lessons], list(marker.syllabus.course.exercises))


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
        attempt = Attempt(kept["file"], [(label, source, whole) for label, source, whole in kept["cells"]])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CourseError(f"The kept answers {answers.name} can't be read ({error}). Grade again.") from None
    syllabus = Syllabus.of(lessons)
    found = definition.load(syllabus.course.exercise(exercise).path)
    level = sandbox.choose([found.path.parent.resolve(), answers.parent.resolve()], unsafe=unsafe)
    with Sandboxes(level, syllabus) as sandboxes:
        return Marker(syllabus, seed, SECONDS).judged(found, attempt, sandboxes)


def _share_out_here(
    level: sandbox.Level, jobs: int, submissions, journal: Journal, marker: "Marker", progress
):
    """Let ``jobs`` threads take submissions off one list; each waits most of the time for a process of its own."""
    todo, turn, stop = iter(submissions), threading.Lock(), threading.Event()
    everyone = [Sandboxes(level, marker.syllabus) for _ in range(jobs)]

    def work(sandboxes: Sandboxes) -> None:
        while True:
            with turn:
                submission = next(todo, None)
            if submission is None or stop.is_set():
                return
            for row in marker.rows(marker.task(submission, journal), sandboxes):
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


class Sandboxes:
    """The warm processes of one thread: with NumPy, and with Numba too for those who use it; each when first needed."""

    def __init__(self, level: sandbox.Level, syllabus: "Syllabus"):
        self.level, self.cells = level, syllabus.cells
        self._zygotes: dict[tuple[str, ...], sandbox.Zygote] = {}
        self._turn, self._closed = threading.Lock(), False
        self._open: tuple[Attempt, Process] | None = None

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

    def keep_open(self, attempt: "Attempt", process: Process) -> None:
        """Keep the process of an attempt for its next answer, until another is started."""
        self._open = attempt, process

    def take_open(self, attempt: "Attempt | None") -> Process | None:
        """Return the process that was kept for an attempt, if there is one; end any other."""
        kept, self._open = self._open, None
        if kept and kept[0] is attempt:
            return kept[1]
        if kept:
            kept[1].close()
        return None

    def replace(self) -> None:
        """End the warm processes; the next that is needed is a fresh one."""
        self.take_open(None)
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
class Attempt:
    """What a learner handed in, as it is judged and kept: the file's name, and ``(label, source, whole)`` of its cells."""

    file: str
    cells: list[tuple[str, str, bool]]
    stuck: bool = False  # its imports and definitions don't come to an end


@dataclass(frozen=True)
class Task:
    """What is to be judged of one submission: plain data, which can be sent to another machine.

    Attributes:
        exercises: the names of those that have no row yet.
        attempt: what was handed in, or what is to be said where it could not be read.
    """

    learner: str
    lesson: str
    sha256: str
    exercises: list[str]
    attempt: Attempt | Report


@dataclass(frozen=True)
class Syllabus:
    """The lessons that are graded, each file read once.

    Attributes:
        course: a book of just these lessons.
        exercises: their exercises by name.
        versions: of each lesson, what its rows say of versions.
        shipped: the ids of the lessons' own cells.
        cells: the lessons' own cells, as the child program takes them.
    """

    course: book.Book
    exercises: dict[str, Definition]
    versions: dict[str, dict[str, str]]
    shipped: set[str]
    cells: list[tuple[str, str, bool]]

    @classmethod
    def of(cls, lessons: Sequence[book.Lesson]) -> "Syllabus":
        """Read lessons; one without a notebook has no cells of its own.

        Raises:
            CourseError: if a lesson or an exercise can't be read.
        """
        course = book.Book(book.find_root(), book.find_root() / "solutions", tuple(lessons))
        found = {name: definition.load(exercise.path) for name, exercise in course.exercises.items()}
        notes = [notebooks.read_cells(lesson.path) for lesson in lessons if lesson.path.exists()]
        shipped = {cell.id for cells in notes for cell in cells} | set(found)
        own = [cell for cells in notes for cell in notebooks.code_cells(cells, shipped)]
        return cls(course, found, {lesson.slug: versions(lesson) for lesson in lessons}, shipped, own)


def versions(lesson: book.Lesson) -> dict[str, str]:
    """Return what a row says of versions; ``exercises`` is a digest of the lesson's exercise files."""
    digest = hashlib.sha256()
    for exercise in lesson.exercises:
        digest.update(exercise.path.read_bytes())
    return software() | {"exercises": digest.hexdigest()[:12]}


@dataclass(frozen=True)
class Marker:
    """Turns submissions into rows."""

    syllabus: Syllabus
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
            and row.exercise in self.syllabus.exercises
            and row.versions == self.syllabus.versions[row.lesson]
            and row.verdict != "grader_error"  # which may be gone by now
        )

    def task(self, submission: Submission, journal: Journal) -> Task:
        """Read what the journal lacks rows of, and keep it there.

        Raises:
            CourseError: if it can't be kept.
        """
        who = (submission.learner, submission.sha256, submission.lesson)
        names = [exercise.name for exercise in self.syllabus.course.lesson(submission.lesson).exercises]
        missing = [name for name in names if not journal.has((*who, name))]
        try:
            attempt = self._read(submission, journal) if missing else Report("", "not_attempted", "")
        except CourseError:
            raise  # the results can't be written
        except Exception as error:  # of ours: the learner must not pay for it
            attempt = our_fault(error)
        return Task(submission.learner, submission.lesson, submission.sha256, missing, attempt)

    def rows(self, task: Task, sandboxes: Sandboxes) -> Iterator[Row]:
        """Yield the row of each exercise of a task."""
        if isinstance(task.attempt, Report):
            yield from self.rows_alike(task, task.attempt)
            return
        try:
            for name in task.exercises:
                start = time.monotonic()
                try:
                    report = self.judged(self.syllabus.exercises[name], task.attempt, sandboxes)
                except Exception as error:  # likewise of ours
                    report = our_fault(error)
                yield self._row(task, name, report, time.monotonic() - start, sandboxes.level.name)
        finally:
            sandboxes.take_open(None)  # nothing of a learner's outlives their turn

    def rows_alike(self, task: Task, report: Report) -> list[Row]:
        """Return rows that all say the same, where nothing of the learner's ran."""
        return [self._row(task, name, report, 0.0, "") for name in task.exercises]

    def judged(self, found: Definition, attempt: Attempt, sandboxes: Sandboxes) -> Report:
        """Judge one answer.

        Raises:
            SandboxError: if the sandbox is lost again and again.
        """
        if attempt.stuck:
            return Report(found.name, "could_not_check", NO_END)
        # What is right in a process that has run other answers of the same learner is right, and a cell that is still as it
        # was shipped was not attempted; starting a process takes longer than most answers. Anything else may be the others'
        # doing, and is judged in a process of its own.
        if process := sandboxes.take_open(attempt):
            process.seconds = min(self.seconds, BRIEF)
            report = self._report(found, process, attempt)
            if self._settled(report, attempt):
                sandboxes.keep_open(attempt, process)
                return report
            process.close()
        for _ in range(TRIES):
            try:
                zygote = sandboxes.fitting(attempt.cells)
                return self._judged_in(zygote, found, attempt, sandboxes)
            except sandbox.SandboxError as error:
                lost = error
            sandboxes.replace()
        raise lost

    def _judged_in(
        self, zygote: sandbox.Zygote, found: Definition, attempt: Attempt, sandboxes: Sandboxes
    ) -> Report:
        with contextlib.ExitStack() as stack:
            process = stack.enter_context(checking.started(attempt.cells, self.seconds, zygote.start))
            report = self._report(found, process, attempt)
            settled = self._settled(report, attempt)
            if settled:
                stack.pop_all()
                sandboxes.keep_open(attempt, process)
        if zygote.last is None or (zygote.last.lost and not settled):
            raise sandbox.SandboxError("the sandbox was lost while it ran an answer")
        attempt.cells = process.cells  # perhaps without the assignments that never end
        attempt.stuck = bool(process.reading_failed)
        return report if settled else _killed(report, zygote.last.ending or {})

    def _settled(self, report: Report, attempt: Attempt) -> bool:
        """Tell whether a report stands though the process has run, or will run, other answers too."""
        if report.verdict != "not_attempted":
            return report.verdict == "passed"
        shipped = {cell for cell in self.syllabus.cells if cell[0] == report.exercise}
        return bool(shipped) and shipped <= {tuple(cell) for cell in attempt.cells}

    def _report(self, found: Definition, process: Process, attempt: Attempt) -> Report:
        return checking.report_on(found, process, self.syllabus.course, file=attempt.file, seed=self.seed)

    def _read(self, submission: Submission, journal: Journal) -> "Attempt | Report":
        """Read a submission and keep what will be judged; where it can't be read, return what is to be said."""
        if hashlib.sha256(submission.path.read_bytes()).hexdigest() != submission.sha256:
            raise OSError("the file was changed while it was graded")
        try:
            cells = notebooks.code_cells(checking.read(submission.path), self.syllabus.shipped)
        except CourseError as error:
            return Report("", "unreadable", str(error))
        attempt = Attempt(submission.path.name, cells)
        journal.keep_answers(
            submission.sha256, {"lesson": submission.lesson, "file": attempt.file, "cells": cells}
        )
        return attempt

    def _row(self, task: Task, name: str, report: Report, seconds: float, level: str) -> Row:
        worth = self.syllabus.exercises[name].points
        points = worth if report.verdict == "passed" else 0
        notes = [
            note for note in report.notes if not note.startswith(PRINTED)
        ]  # they may show private inputs
        message = _clean("\n".join([report.message, *notes]))
        if report.discreet not in (None, message):
            message += f"{TOLD}{_clean(report.discreet or '')}"
        return Row(
            learner=task.learner,
            lesson=task.lesson,
            exercise=name,
            verdict=report.verdict,
            mistake=report.mistake,
            trial=report.trial,
            message=message,
            points=None if report.verdict in ("grader_error", "unreadable") else points,
            max_points=worth,
            seconds=round(seconds, 3),
            seed=self.seed,
            sandbox=level,
            submission=task.sha256,
            versions=self.syllabus.versions[task.lesson],
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


def our_fault(error: Exception) -> Report:
    """Return what is said where the grader failed: the answer has no grade then."""
    message = f"The grader failed ({type(error).__name__}: {error}). Grade again with --resume."
    return Report("", "grader_error", message)


def _clean(text: str) -> str:
    """Return a message that every file and screen can take, of a bounded length."""
    text = text.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= MESSAGE else f"{text[:MESSAGE]} ..."
