"""Grades in the form in which Canvas, Moodle and Gradescope take them.

Canvas and Moodle get the teacher's own exported file back, filled in. Learners are matched by an id that stands in that
file, never by a name, and whoever fits none or two is listed and not guessed.
"""

import csv
import html
import io
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from course.book import Book, nearest
from course.errors import CourseError
from course.exercises import definition
from course.grading.feedback import told
from course.grading.gradebook import Grade, Run, number, scaled, without_note
from course.grading.gradesheet import harmless
from course.grading.page import MARKS
from course.grading.roster import decode, delimiter, table
from course.grading.rows import Row
from course.grading.submissions import alike

_CANVAS = {"numbers": ("ID", "SIS User ID"), "names": ("SIS Login ID",)}
_MOODLE = {"numbers": ("Identifier", "ID number"), "names": ("Email address", "Username")}


@dataclass
class Filled:
    """The teacher's file with grades in it, and who is not in there."""

    content: bytes
    count: int = 0
    unknown: list[str] = field(default_factory=list)
    ambiguous: list[str] = field(default_factory=list)
    ungraded: list[str] = field(default_factory=list)


@dataclass
class _Sheet:
    """A CSV file that some program wrote, kept so that it can be written in the same way."""

    path: Path
    rows: list[list[str]]
    encoding: str
    separator: str
    newline: str

    @property
    def header(self) -> list[str]:
        return self.rows[0]

    def column(self, name: str) -> int | None:
        names = [alike(cell) for cell in self.header]
        return names.index(alike(name)) if alike(name) in names else None

    def content(self) -> bytes:
        lines = io.StringIO()
        csv.writer(lines, delimiter=self.separator, lineterminator=self.newline).writerows(self.rows)
        return lines.getvalue().encode(self.encoding)


def canvas(path: Path, column: str | None, grades: list[Grade], *, scale: bool = False) -> Filled:
    """Fill in a gradebook that was exported from Canvas.

    Args:
        path: the exported file.
        column: the assignment, with or without the number that Canvas adds; may be None if there is just one.
        grades: of all learners.
        scale: whether points are scaled to what the file says is possible.

    Raises:
        CourseError: if the file is another one, has no such column, or other points and ``scale`` is not asked for.
    """
    sheet = _open(path, "ID", "Canvas: Grades > Export > Export Entire Gradebook")
    place = _assignment(sheet, column, after="Section")
    possible = next((row for row in sheet.rows[1:] if row and row[0].strip() == "Points Possible"), [])
    most = _number(possible[place]) if place < len(possible) else None
    learners = [row for row in sheet.rows[1:] if len(row) > place and _cell(row, sheet.column("ID"))]
    return _fill(sheet, learners, place, grades, _CANVAS, scale, lambda _: most)


def moodle(path: Path, column: str | None, grades: list[Grade], run: Run, *, scale: bool = False) -> Filled:
    """Fill in an assignment's grading worksheet, or a gradebook, that was exported from Moodle; see ``canvas``."""
    sheet = _open(path, "Email address", "Moodle: the assignment > Download grading worksheet", "Identifier")
    place = _assignment(
        sheet, column or ("Grade" if sheet.column("Grade") is not None else None), after="Email address"
    )
    most, comments = sheet.column("Maximum grade"), sheet.column("Feedback comments")
    filled = _fill(
        sheet, sheet.rows[1:], place, grades, _MOODLE, scale, lambda row: _number(_cell(row, most)),
        also=None if comments is None else lambda row, grade: _comment(row, comments, grade, run),
    )  # fmt: skip
    return filled


def _open(path: Path, wanted: str, where: str, other: str = "") -> _Sheet:
    if not path.is_file():
        raise CourseError(f"There is no file {path}. Wanted is what you exported from {where}.")
    text, _ = decode(path)
    raw = path.read_bytes()
    encoding = (
        "utf-16"
        if raw[:2] in (b"\xff\xfe", b"\xfe\xff")
        else "utf-8-sig"
        if raw.startswith(b"\xef\xbb\xbf")
        else "utf-8"
    )
    try:
        rows = table(text)
    except csv.Error as error:
        raise CourseError(
            f"{path.name} is no CSV file: {error}. Wanted is what you exported from {where}."
        ) from None
    sheet = _Sheet(path, rows or [[]], encoding, delimiter(text), "\r\n" if "\r\n" in text else "\n")
    if sheet.column(wanted) is None and (not other or sheet.column(other) is None):
        names = ", ".join(sheet.header[:8]) or "no columns"
        raise CourseError(
            f"{path.name} has {names}; wanted is a column '{wanted}', as in what you export from {where}."
        )
    return sheet


def _assignment(sheet: _Sheet, column: str | None, after: str) -> int:
    """Return the column to fill in."""
    bare = [re.sub(r" \(\d+\)$", "", cell).strip() for cell in sheet.header]
    if column is not None:
        fits = [i for i, name in enumerate(sheet.header) if column in (name, name.strip())]
        fits = fits or [i for i, name in enumerate(bare) if alike(name) == alike(column)]
        if len(fits) == 1:
            return fits[0]
        if fits:
            twice = ", ".join(sheet.header[i] for i in fits)
            raise CourseError(
                f"{sheet.path.name} has '{column}' {len(fits)} times: {twice}. Give --column with the number."
            )
        raise CourseError(
            f"{sheet.path.name} has no column '{column}'.{nearest(column, bare)} Make the assignment there first, and export again."
        )
    numbered = [i for i, name in enumerate(sheet.header) if re.search(r" \(\d+\)$", name)]
    if len(numbered) == 1:
        return numbered[0]
    start = sheet.column(after)
    names = ", ".join(f"'{name}'" for name in bare[(start or 0) + 1 :][:10])
    raise CourseError(
        f"Which column is to be filled in? Say --column NAME; {sheet.path.name} has {names or 'none'}."
    )


def _fill(
    sheet: _Sheet, rows: list[list[str]], place: int, grades, ids, scale: bool, most_of, also=None
) -> Filled:
    filled = Filled(b"")
    fits: dict[int, list[Grade]] = defaultdict(list)
    handed_in = [grade for grade in grades if grade.rows]
    for grade in handed_in:
        found = _matches(grade, rows, sheet, ids)
        if len(found) == 1:
            fits[found[0]].append(grade)
        else:
            (filled.ambiguous if found else filled.unknown).append(grade.learner)
    for i, given in fits.items():
        if len(given) > 1:
            filled.ambiguous += [grade.learner for grade in given]
        elif given[0].total is None:
            filled.ungraded.append(given[0].learner)
        else:
            row = rows[i]
            row += [""] * (place + 1 - len(row))
            row[place] = _points(sheet, given[0], most_of(row), scale)
            if also:
                also(row, given[0])
            filled.count += 1
    filled.content = sheet.content()
    return filled


def _matches(
    grade: Grade, rows: list[list[str]], sheet: _Sheet, ids: dict[str, tuple[str, ...]]
) -> list[int]:
    """Return the rows with an id of this learner: their own, the roster's, or the number at the end of the name."""
    person = grade.person
    own = {grade.learner} | ({person.learner, person.email, person.id} - {""} if person else set())
    match = re.search(r"_(\d+)$", grade.learner)
    exact = [i for name in ids["numbers"] if (i := sheet.column(name)) is not None]
    names = [i for name in ids["names"] if (i := sheet.column(name)) is not None]
    first = exact[:1]  # the number that the system itself gave
    found = []
    for at, row in enumerate(rows):
        numbers = {_bare(_cell(row, i)) for i in exact} - {""}
        logins = {alike(_cell(row, i)) for i in names} - {""}
        by_system = bool(match and first and _bare(_cell(row, first[0])) == match[1])
        if by_system or {_bare(key) for key in own} & numbers or {alike(key) for key in own} & logins:
            found.append(at)
    return found


def _bare(cell: str) -> str:
    """Return 12345 for Moodle's 'Participant 12345'."""
    return re.sub(r"^\D+ (\d+)$", r"\1", cell)


def _cell(row: list[str], i: int | None) -> str:
    return row[i].strip() if i is not None and i < len(row) else ""


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def _points(sheet: _Sheet, grade: Grade, most: float | None, scale: bool) -> str:
    assert grade.total is not None
    if most is None or abs(most - grade.most) < 1e-9 or not grade.most:
        return number(grade.total)
    if not scale:
        raise CourseError(
            f"{sheet.path.name} has {number(most)} points for it, and the exercises have {number(grade.most)}. Change one of "
            f"them (--points at grading), or say --scale to have points multiplied by {number(most)}/{number(grade.most)}."
        )
    return number(grade.total * most / grade.most)


def _comment(row: list[str], place: int, grade: Grade, run: Run) -> None:
    """Fill in Moodle's feedback, which is HTML, where there is none yet."""
    row += [""] * (place + 1 - len(row))
    if not row[place].strip():
        lines = [f"<li>{html.escape(line)}</li>" for line in _in_lines(grade.rows, run)]
        row[place] = f"<ul>{''.join(lines)}</ul>" if lines else ""


def _in_lines(rows: Iterable[Row], run: Run) -> list[str]:
    return [f"{row.exercise or 'Your file'}: {MARKS[row.verdict][1]}. {told(row)}" for row in rows]


def plain(grades: list[Grade]) -> str:
    """Return learner, name, email, id, total, max and per cent of everybody, as CSV."""
    lines = io.StringIO()
    sheet = csv.writer(lines, lineterminator="\n")
    sheet.writerow(["learner", "name", "email", "id", "total", "max", "percent"])
    for grade in grades:
        about = [grade.person.name, grade.person.email, grade.person.id] if grade.person else ["", "", ""]
        share = number(100 * grade.total / grade.most) if grade.total is not None and grade.most else ""
        texts = [harmless(cell) for cell in [grade.learner, *about]]
        sheet.writerow([*texts, number(grade.total), number(grade.most), share])
    return lines.getvalue()


def gradescope(grade: Grade, run: Run, course: Book, *, at_once: bool = False) -> dict:
    """Return Gradescope's results.json for one learner.

    Args:
        grade: the learner's.
        run: how it was asked for.
        course: the book that was graded with.
        at_once: whether the learner sees it at once and can hand in again: then a file that can't be read scores 0.

    Raises:
        CourseError: if there is no grade: then there is no score, and none may be made up.
    """
    without = ("grader_error",) if at_once else ("grader_error", "unreadable")
    failed = [row for row in grade.rows if row.verdict in without]
    if failed:
        what = failed[0].exercise or "the file"
        raise CourseError(
            f"{grade.learner}: no grade for {what} ({without_note(failed[0].message).rstrip('.')})."
        )
    tests = []
    for at, row in enumerate(grade.rows, 1):
        points, most = scaled(row, run.points)
        weight = run.points.weight(row.lesson)
        hints = (
            definition.load(course.exercises[row.exercise].path).hints
            if row.exercise in course.exercises
            else ("",)
        )
        hint = f"\n\nHint 1: {hints[0]}" if hints[0] and row.verdict not in ("passed", "unreadable") else ""
        tests.append(
            {
                "name": row.exercise or "your file",
                "number": str(at),
                "score": round((points or 0) * weight, 4),
                "max_score": round(most * weight, 4),
                "status": "passed" if row.verdict == "passed" else "failed",
                "visibility": "visible",
                "output_format": "text",
                "output": f"{MARKS[row.verdict][1].capitalize()}. {told(row)}"
                + (f"\nOn the trial '{row.trial}'." if row.trial else "")
                + hint,
            }
        )
    return {
        "visibility": "visible",
        "tests": tests,
        "score": round(sum(float(str(test["score"])) for test in tests), 4),
    }
