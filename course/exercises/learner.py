"""What a notebook imports: ``check``, ``hint``, ``predict`` and ``solution``."""

import sys
from pathlib import Path

from course import book
from course.errors import CourseError
from course.exercises import definition, progress
from course.exercises.definition import PUBLIC_SEED
from course.exercises.judge import directly, judge
from course.exercises.report import Note, Report

_hints_shown: dict[str, int] = {}
_predictions: dict[str, object] = {}


def check(answer) -> None:
    """Check your answer to an exercise and show a report.

    Args:
        answer: the function or class itself, as in ``check(softmax)``; its name says which exercise it answers.
    """
    try:
        name = getattr(answer, "__name__", None) if callable(answer) else None
        found = _find(name, answer, "your function itself, as in `check(softmax)`")
    except CourseError as error:
        return _show(Note(str(error)))
    report = judge(found, directly(found, answer))
    if report.verdict == "passed":
        progress.record(found.name, passed=True)
    return _show(report)


def demand(answer, seed: int = PUBLIC_SEED, path: str | None = None) -> None:
    """Raise an AssertionError with the report unless the answer passes: for the test cells of other graders.

    Args:
        answer: the function or class itself.
        seed: what the trials are drawn from.
        path: the exercise's file, if it is none of the course.
    """
    if path:
        found = definition.load(Path(path))
    else:
        found = _find(getattr(answer, "__name__", None), answer, "your function itself")
    report = judge(found, directly(found, answer), seed)
    assert report.verdict == "passed", f"\n{report}"


def hint(name, number: int | None = None) -> None:
    """Show the next hint for an exercise, or hint ``number``, counted from 1."""
    try:
        found = _find(getattr(name, "__name__", name), name, _A_NAME)
    except CourseError as error:
        return _show(Note(str(error)))
    most = len(found.hints)
    if number is not None and not (isinstance(number, int) and 1 <= number <= most):
        return _show(Note(f"{found.name} has hints 1 to {most}; there is no hint {number!r}."))
    number = number or min(_hints_shown.get(found.name, 0) + 1, most)
    _hints_shown[found.name] = max(number, _hints_shown.get(found.name, 0))
    progress.record(found.name, hints=number)
    after = "" if number < most else f' That was the last one; `solution("{found.name}")` shows an answer.'
    return _show(Note(f"{found.hints[number - 1]}{after}", title=f"{found.name}: hint {number} of {most}"))


def solution(name) -> None:
    """Show an exercise's answer, what it is tried on, and the ways people get it wrong."""
    try:
        found = _find(getattr(name, "__name__", name), name, _A_NAME)
    except CourseError as error:
        return _show(Note(str(error)))
    code = f"{found.sources[found.name]}\n\n\n{found.sources['trials']}"
    ways = tuple((mistake.name, mistake.hint) for mistake in found.mistakes)
    return _show(
        Note(found.title, title=f"{found.name}: an answer, and what it is tried on", code=code, details=ways)
    )


def predict(name: str, *guess) -> None:
    """Keep your guess before you run the next cell; ``predict(name)`` shows it again. Never graded."""
    if any(part is ... for part in guess):
        return _show(
            Note("Nothing predicted yet. Put your guess in place of the `...` and run this cell.", title=name)
        )
    if guess:
        _predictions[name] = guess[0] if len(guess) == 1 else guess
    if name not in _predictions:
        return _show(
            Note(f"No prediction yet: fill in the cell with predict({name!r}, ...) above.", title=name)
        )
    return _show(Note(f"Your prediction: {_predictions[name]}", title=name))


_A_NAME = 'the name of an exercise, as in `hint("softmax")`'


def _find(name, given, wanted: str) -> definition.Definition:
    if not isinstance(name, str):
        kind = type(given).__name__
        raise CourseError(f"I got something of type {kind}; wanted is {wanted}.")
    if name == "<lambda>":
        raise CourseError(
            "A lambda has no name, so I can't tell which exercise it answers: write it with `def`."
        )
    return definition.load(book.load().exercise(name).path)


def _show(report: Report | Note) -> None:
    """Display in a notebook, print elsewhere."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None and getattr(shell, "kernel", None) is not None:
        from IPython.display import display

        display(report)
    else:
        print(report)
