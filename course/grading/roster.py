"""The teacher's list of who is in the class."""

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

from course.book import nearest
from course.errors import CourseError
from course.grading.submissions import alike

# What the columns may be called, in any case; the first is what messages ask for.
COLUMNS = {
    "learner": (
        "learner",
        "username",
        "user name",
        "login",
        "sis login id",
        "login id",
        "student_id",
        "student",
    ),
    "name": ("name", "full name", "fullname", "student name"),
    "email": ("email", "e-mail", "email address", "mail"),
    "id": ("id", "sid", "student id", "sis user id", "id number", "idnumber", "matriculation"),
}


@dataclass(frozen=True)
class Person:
    """One line: ``learner`` is what their submission is called by."""

    learner: str
    name: str = ""
    email: str = ""
    id: str = ""


@dataclass(frozen=True)
class Roster:
    """Who is in the class, and what was odd in the file."""

    people: tuple[Person, ...] = ()
    warnings: tuple[str, ...] = ()

    def find(self, learner: str) -> Person | None:
        """Return the one person that a submission's name stands for, or None.

        It is the learner, e-mail address or id, exactly or else up to case; and the id at the end of a name such as
        ``doejane_4711``. Never a guess: two that fit are none.
        """
        keys = (learner, learner.rpartition("_")[2])
        for same in (str, alike):
            for key in keys:
                fits = {
                    p for p in self.people if same(key) in {same(k) for k in (p.learner, p.email, p.id) if k}
                }
                if len(fits) == 1:
                    return fits.pop()
                if fits:
                    return None
        return None


def read(path: Path) -> Roster:
    """Read roster.csv: with a header line, in UTF-8, UTF-16 or as an older Excel writes it.

    Raises:
        CourseError: if it can't be read, or names no learners.
    """
    text, warnings = decode(path)
    rows = table(text)
    if not rows:
        raise CourseError(
            f"{path.name} is empty. Wanted is a header line such as learner,name,email and a line for each learner."
        )
    columns = _columns(path, rows[0])
    people: dict[str, Person] = {}
    for number, row in enumerate(rows[1:], 2):
        cells = {key: row[i].strip() for key, i in columns.items() if i < len(row)}
        if not any(cells.values()):
            continue
        if not cells.get("learner"):
            warnings.append(f"{path.name}, line {number}: no learner; the line is passed over.")
            continue
        person = Person(**cells)
        before = people.setdefault(person.learner, person)
        if before != person:
            warnings.append(
                f"{path.name}, line {number}: {person.learner} stands there twice, with other details; the first counts."
            )
        elif before is not person:
            warnings.append(f"{path.name}, line {number}: {person.learner} stands there twice.")
    if not people:
        raise CourseError(f"{path.name} has a header line and no learners below it.")
    return Roster(tuple(people.values()), tuple(warnings))


def _columns(path: Path, header: list[str]) -> dict[str, int]:
    given = [alike(cell) for cell in header]
    found = {
        key: given.index(name)
        for key, names in reversed(COLUMNS.items())
        for name in reversed(names)
        if name in given
    }
    if "learner" not in found:
        for other in ("email", "id"):
            if other in found:
                return {"learner": found[other], **found}
        near = next((hint for cell in given if (hint := nearest(cell, ["learner", "username", "email"]))), "")
        raise CourseError(
            f"{path.name} has the columns {', '.join(header)}; wanted is one called learner (or username, email, id), "
            f"with what each submission is called by.{near}"
        )
    return found


def decode(path: Path) -> tuple[str, list[str]]:
    """Return the text of a file that some program wrote, and what to say about its encoding.

    Raises:
        CourseError: if it can't be read, or is no text.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CourseError(f"{path} can't be read: {error.strerror}.") from None
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\0" in content:
        raise CourseError(f"{path.name} is no text file. Save it as CSV (UTF-8).")
    else:
        encoding = "utf-8-sig"
    try:
        return content.decode(encoding), []
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
        word = next((word for word in re.split(r"[\s,;\"]+", text) if not word.isascii()), "")
        return text, [
            f"{path.name} is not UTF-8 and was read as Windows-1252, '{word[:40]}' for one. If that is wrong, save it as CSV (UTF-8)."
        ]


def table(text: str) -> list[list[str]]:
    """Return the rows of comma, semicolon or tab separated text."""
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter(text)))


def delimiter(text: str) -> str:
    """Return the separator that the first line uses most."""
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)
