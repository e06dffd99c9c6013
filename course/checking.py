"""A learner's notebook or .py file -> a report for each of its exercises, by way of the child program."""

import dataclasses
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from course import book, notebooks
from course.errors import CourseError
from course.exercises import definition, progress
from course.exercises.definition import PUBLIC_SEED, Definition
from course.exercises.diagnose import known
from course.exercises.judge import judge
from course.exercises.process import SECONDS, Child, PlainChild, Process
from course.exercises.report import Report
from course.notebooks import Cell


def check_file(path: Path, exercise: str | None = None, seconds: float = SECONDS) -> list[Report]:
    """Check the exercises that a file answers, in the order of their lesson.

    Args:
        path: a notebook, or a .py file.
        exercise: the one exercise to check; default: all of the lesson, or all that a .py file defines.
        seconds: what each exercise may take.

    Raises:
        CourseError: if the file can't be read, or answers no exercise.
    """
    course = book.load()
    cells = read(path)
    names = [course.exercise(exercise).name] if exercise else _exercises_of(path, cells, course)
    shipped = set(course.exercises) | _shipped_ids(course, names)
    with started(notebooks.code_cells(cells, shipped), seconds) as process:
        found = [definition.load(course.exercises[name].path) for name in names]
        reports = [report_on(each, process, course, file=path.name) for each in found]
    for report in reports:
        if report.verdict == "passed":
            progress.record(report.exercise, passed=True, start=path.resolve().parent)
    return reports


def read(path: Path) -> list[Cell]:
    """Read a notebook's cells; a .py file is one cell.

    Raises:
        CourseError: if the file can't be read.
    """
    if path.suffix.lower() != ".py":
        return notebooks.read_cells(path)
    if not path.is_file():
        raise CourseError(f"There is no file {path}.")
    try:
        return [Cell(path.name, "code", path.read_text(encoding="utf-8-sig"), ("exercise",))]
    except OSError as error:
        raise CourseError(f"{path} can't be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise CourseError(f"{path.name} is no Python file: it is not UTF-8 text.") from None


def _exercises_of(path: Path, cells: list[Cell], course: book.Book) -> list[str]:
    """Find the lesson by the ids of cells, else by the functions defined, else by the file's name."""
    known = course.exercises
    ids = [cell.id for cell in cells if cell.id in known and cell.kind == "code"]
    defined = [
        n for cell in cells if cell.kind == "code" for n in notebooks.defined_names(cell.source) if n in known
    ]
    if path.suffix == ".py" and defined:
        return [name for name in known if name in defined]
    if votes := Counter(known[name].lesson for name in ids or defined):
        return [e.name for e in course.lesson(votes.most_common(1)[0][0]).exercises]
    for lesson in course.lessons:
        if path.stem.startswith(lesson.stem):
            return [e.name for e in lesson.exercises]
    raise CourseError(f"{path.name} answers no exercise of this course. `course list` shows their names.")


def _shipped_ids(course: book.Book, names: list[str]) -> set[str]:
    lessons = {course.exercises[name].lesson for name in names}
    return {cell.id for slug in lessons for cell in notebooks.read_cells(course.lesson(slug).path)}


def started(cells, seconds: float = SECONDS, start: Callable[[], Child] = PlainChild) -> Process:
    """Start the child; if an assignment of the learner's never ends, read the cells again without such."""
    process = Process(cells, seconds, start)
    if process.reading_failed:
        process = Process([(label, source, False) for label, source, _ in cells], seconds, start)
    return process


def report_on(
    found: Definition, process: Process, course: book.Book, *, file: str, seed: int = PUBLIC_SEED
) -> Report:
    """Judge the answer to one exercise.

    Args:
        found: the exercise.
        process: the learner's cells, alive.
        course: the book that the exercise is in.
        file: the name of the learner's file.
        seed: what the trials are drawn from.
    """
    name = found.name
    if process.reading_failed:
        return Report(name, "could_not_check", "The file's imports and definitions did not come to an end.")
    if name not in process.defined:
        return _undefined(name, process, course, file)
    report = judge(found, process.caller(found), seed, known(found, seed))
    notes = []
    places = process.defined[name]
    if len(places) > 1:
        notes.append(
            f"{name} is defined {len(places)} times (cells {', '.join(places)}); the last one counts."
        )
    if report.verdict != "passed":
        notes += [_in_words(problem) for problem in process.problems if _matters(problem, report)][:3]
    # These notes are older than the first trial, so that they carry nothing of it.
    discreet = "\n".join([report.discreet or report.message, *notes])
    return dataclasses.replace(report, notes=(*report.notes, *notes), discreet=discreet)


def _nowhere(name: str, process: Process, course: book.Book, file: str) -> str:
    if file.lower().endswith(".py"):
        return f"{file} defines no {name}. Write `def {name}(...)` in it."
    lesson = course.lesson(course.exercises[name].lesson)
    answered = {course.exercises[label].lesson for label, *_ in process.cells if label in course.exercises}
    if answered and lesson.slug not in answered:
        return f"{name} belongs to lesson {lesson.stem}, and this notebook has none of its exercises."
    return f"Its cell is gone, or was renamed: no cell defines {name}. `course reset {name}` brings the starter back."


def _undefined(name: str, process: Process, course: book.Book, file: str) -> Report:
    own = {
        label: notebooks.defined_names(source)
        for label, source, _ in process.cells
        if label == name or name in notebooks.defined_names(source)
    }
    for problem in process.problems:
        if problem["label"] in own:
            return Report(name, "raised", _in_words(problem))
    if not own:
        return Report(name, "not_attempted", _nowhere(name, process, course, file))
    others = [other for names in own.values() for other in names if other != name]
    if not others:
        message = f"Its cell no longer defines {name}. `course reset {name}` brings the starter back."
        return Report(name, "not_attempted", message)
    message = f"Its cell defines {', '.join(others)}; wanted is {name}. Give the function its name back."
    return Report(name, "not_attempted", message)


def _in_words(problem: dict) -> str:
    line = f", line {problem['line']}" if problem["line"] else ""
    code = f": {problem['code']}" if problem["code"] else ""
    return f"{problem['kind']} in cell {problem['label']}{line} ({problem['message']}){code}"


def _matters(problem: dict, report: Report) -> bool:
    """Tell whether trouble in some cell may be why this exercise fails: its own, or an added one that did not load."""
    if "_Inert" in problem["message"]:
        return False  # course and matplotlib do nothing here
    own = problem["label"] == report.exercise
    added = problem["label"].isdigit() or problem["kind"] == "SyntaxError"
    return own or (report.verdict in ("raised", "not_attempted") and added)
