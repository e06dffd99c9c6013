"""What a learner gets back: the report of the notebook for each exercise, and the first hint. No inputs, no seed."""

import html
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from course.book import Book, Lesson
from course.exercises import definition
from course.exercises.report import with_code
from course.grading.gradebook import Grade, Run, number, scaled, without_note, write
from course.grading.page import MARKS, kind, mark, page
from course.grading.rows import TOLD, Row
from course.grading.submissions import alike

_BLAMELESS = {
    "grader_error": "Something went wrong in grading, and it was not your answer. Your teacher knows.",
}


def write_all(grades: Iterable[Grade], run: Run, out: Path) -> dict[str, str]:
    """Write feedback/LEARNER.html and .md for everybody who handed something in; return the stem of each learner's."""
    folder = out / "feedback"
    folder.mkdir(exist_ok=True)
    course = run.course()
    handed_in = [grade for grade in grades if grade.rows]
    names = stems(handed_in)
    for grade in handed_in:
        write(folder / f"{names[grade.learner]}.html", as_html(grade, run, course))
        write(folder / f"{names[grade.learner]}.md", as_markdown(grade, run, course))
    return names


def stems(grades: Iterable[Grade]) -> dict[str, str]:
    """Return what each learner's files are called."""
    taken: set[str] = set()
    return {grade.learner: _stem(grade.learner, taken) for grade in grades}


def _stem(learner: str, taken: set[str]) -> str:
    """Return a file name that every system can keep, and that differs from the others in more than case."""
    name = re.sub(r'[<>:"/\\|?*\x00-\x1f\ufffd]', "_", learner).strip(". ")
    name = name.encode()[:180].decode("utf-8", "ignore") or "_"
    if re.fullmatch(r"(?i)con|prn|aux|nul|(com|lpt)\d", name) or name.startswith("-"):
        name = f"_{name}"
    stem, count = name, 1
    while alike(stem) in taken:
        count += 1
        stem = f"{name} ({count})"
    taken.add(alike(stem))
    return stem


def as_html(grade: Grade, run: Run, course: Book) -> str:
    """Return a learner's page."""
    parts = [
        f"<h1>Feedback for {html.escape(_name(grade))}</h1>",
        f'<p class="soft">{html.escape(_summary(grade))}</p>',
    ]
    parts += [f"<p>{html.escape(note)}</p>" for note in _notes(grade)]
    for lesson, rows in _lessons(grade, course):
        if lesson:
            parts.append(f"<h2>{html.escape(lesson.stem.partition('-')[0])} {html.escape(lesson.title)}</h2>")
        parts += [_item(row, run, course) for row in rows]
    parts.append(f'<p class="soft">{with_code(_NEXT)}</p>')
    return page(f"Feedback for {_name(grade)}", "\n".join(parts))


def as_markdown(grade: Grade, run: Run, course: Book) -> str:
    """Return the same as Markdown."""
    lines = [f"# Feedback for {_plain(_name(grade))}", "", _summary(grade), ""]
    for note in _notes(grade):
        lines += [_plain(note), ""]
    for lesson, rows in _lessons(grade, course):
        if lesson:
            lines += [f"## {lesson.number} {lesson.title}", ""]
        for row in rows:
            lines += _lines(row, run, course)
    return "\n".join([*lines, _NEXT, ""])


_NEXT = (
    "In the notebook, `check` shows the smallest input on which an answer fails, and `hint` the next hint."
)


def _name(grade: Grade) -> str:
    return (grade.person.name if grade.person else "") or grade.learner


def _summary(grade: Grade) -> str:
    passed = sum(row.verdict == "passed" for row in grade.rows)
    rows = [row for row in grade.rows if row.exercise]
    if grade.total is None:
        return (
            f"{passed} of {len(rows)} exercises passed; the total is not known yet."
            if rows
            else "Nothing could be graded."
        )
    return f"{number(grade.total)} of {number(grade.most)} points; {passed} of {len(rows)} exercises passed."


def _notes(grade: Grade) -> list[str]:
    notes = {row.message[len(without_note(row.message)) + 2 : -1] for row in grade.rows}
    return sorted(note for note in notes if note)


def _lessons(grade: Grade, course: Book) -> Iterator[tuple[Lesson | None, list[Row]]]:
    for lesson in course.lessons:
        if rows := [row for row in grade.rows if row.lesson == lesson.slug]:
            yield lesson, rows
    if rows := [row for row in grade.rows if not row.lesson]:
        yield None, rows


def told(row: Row) -> str:
    """Return what a learner is told: nothing that their own code can have said about a private trial."""
    if row.verdict in _BLAMELESS:
        return _BLAMELESS[row.verdict]
    return without_note(row.message).rpartition(TOLD)[2]


def _hint(row: Row, course: Book) -> str:
    exercise = course.exercises.get(row.exercise)
    if (
        row.verdict in ("passed", "grader_error", "unreadable")
        or exercise is None
        or not exercise.path.exists()
    ):
        return ""
    return definition.load(exercise.path).hints[0]


def _points(row: Row, run: Run) -> str:
    points, most = scaled(row, run.points)
    return f"{number(points)} of {number(most)}" if points is not None else f"? of {number(most)}"


def _item(row: Row, run: Run, course: Book) -> str:
    name = f"{mark(row.verdict)} {html.escape(row.exercise or 'Your file')}: {MARKS[row.verdict][1]}"
    points = f' <span class="soft">· {_points(row, run)}</span>' if row.exercise else ""
    trial = f'<p class="soft">On the trial <em>{html.escape(row.trial)}</em>.</p>' if row.trial else ""
    hint = _hint(row, course)
    shown = f'<div class="hint"><strong>Hint 1.</strong> {with_code(hint)}</div>' if hint else ""
    return f'<div class="item b-{kind(row.verdict)}"><h3>{name}{points}</h3><p class="lines">{with_code(told(row))}</p>{trial}{shown}</div>'


def _lines(row: Row, run: Run, course: Book) -> list[str]:
    sign, words = MARKS[row.verdict]
    points = f" ({_points(row, run)})" if row.exercise else ""
    lines = [f"### {sign} {row.exercise or 'Your file'}: {words}{points}", ""]
    for line in told(row).splitlines():
        lines += [_plain(line), ""]
    if row.trial:
        lines += [f"On the trial *{_plain(row.trial)}*.", ""]
    if hint := _hint(row, course):
        lines += [f"> **Hint 1.** {hint}", ""]
    return lines


def _plain(text: str) -> str:
    """Return text that Markdown shows as it is: `code` stays code, everything else that it would read is escaped."""
    parts = " ".join(text.splitlines()).split("`")
    if len(parts) % 2 == 0:
        parts = ["\\`".join(parts)]
    return "`".join(p if i % 2 else re.sub(r"([\\<>\[\]#|&])", r"\\\1", p) for i, p in enumerate(parts))
