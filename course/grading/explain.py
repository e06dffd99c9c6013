"""Why a grade came out: the row, and the same judgement once more."""

from dataclasses import dataclass
from pathlib import Path

from course.book import nearest
from course.errors import CourseError
from course.exercises.report import Report
from course.grading import gradebook
from course.grading.page import MARKS
from course.grading.rows import Row


@dataclass(frozen=True)
class Reasons:
    """A row, what surrounds it, and the report of judging again."""

    row: Row
    lines: tuple[str, ...]
    again: Report | None
    agrees: bool


def find(out: Path, learner: str, exercise: str) -> tuple[Row, gradebook.Run]:
    """Return the row of a learner's exercise.

    Raises:
        CourseError: if there is none; the message offers the nearest.
    """
    run = gradebook.Run.load(out)
    rows = list(gradebook.read_rows(out))
    own = [row for row in rows if row.learner == learner]
    if not own:
        names = sorted({row.learner for row in rows})
        raise CourseError(
            f"{out} has no learner '{learner}'.{nearest(learner, names) or f' It has {len(names)}, see {out}/grades.csv.'}"
        )
    found = [row for row in own if row.exercise in (exercise, "")]
    if not found:
        names = [row.exercise for row in own]
        raise CourseError(
            f"{learner} was not graded on '{exercise}'.{nearest(exercise, names)} There are {', '.join(names)}."
        )
    return found[0], run


def why(out: Path, learner: str, exercise: str, judge_again) -> Reasons:
    """Explain a grade.

    Args:
        out: the folder of results.
        learner: whose grade.
        exercise: of which exercise.
        judge_again: ``judge_again(answers, lessons, exercise, seed=...) -> Report``.

    Raises:
        CourseError: if there is no such grade.
    """
    row, run = find(out, learner, exercise)
    earned, most = gradebook.scaled(row, run.points)
    lines = [
        f"{row.learner}, {row.exercise or 'the file'}: {MARKS[row.verdict][1]}, "
        + (
            f"{gradebook.number(earned)} of {gradebook.number(most)} points."
            if earned is not None
            else "no grade."
        ),
        f"Said: {row.message}",
    ]
    lines += [f"On the trial '{row.trial}'."] if row.trial else []
    lines += [f"Matched the mistake {row.mistake}: the answer gives the same results."] if row.mistake else []
    answers = out / "answers" / f"{row.submission}.json"
    made = ", ".join(f"{key} {value}" for key, value in row.versions.items())
    lines.append(f"Judged with seed {row.seed}, isolation {row.sandbox or 'none, nothing ran'}, {made}.")
    if row.verdict == "unreadable" or not row.exercise:
        return Reasons(row, (*lines, "Nothing could be run."), None, True)
    if not answers.exists():
        return Reasons(
            row, (*lines, f"The answers are not kept any more: there is no {answers}."), None, True
        )
    lines.append(f"The answers judged are kept in {answers}.")
    lessons = [lesson for lesson in run.course().lessons if lesson.slug in run.lessons]
    again = judge_again(answers, lessons, row.exercise, seed=row.seed)
    same = (again.verdict, again.mistake, again.trial) == (row.verdict, row.mistake, row.trial)
    return Reasons(row, tuple(lines), again, same)
