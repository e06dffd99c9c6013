"""What learners handed in -> one submission for each learner and lesson, and a message for each that can't be read.

Nothing here runs or trusts what was handed in: links that lead out, pipes, devices and huge files are never opened, and
a file that can't be read costs nobody else a grade.
"""

import hashlib
import os
import re
import stat
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from course import checking, notebooks
from course.book import Book
from course.errors import CourseError
from course.grading import archives, layouts

MOST = archives.CLASS.one  # bytes of one file
TAKES = ("newest", "best", "in-time")


@dataclass(frozen=True)
class Submission:
    """A file that is graded.

    Attributes:
        learner: whose it is: the name of the file or folder, without its ending.
        path: the file.
        lesson: the slug of the lesson that it answers.
        sha256: of the file, in hexadecimal digits.
        note: what the teacher and the learner should know: that it came late, or is one of several.
    """

    learner: str
    path: Path
    lesson: str
    sha256: str
    note: str = ""


@dataclass(frozen=True)
class Problem:
    """A learner of whom nothing can be graded; ``lesson`` is empty if the file does not even tell that."""

    learner: str
    lesson: str
    message: str
    sha256: str = ""


@dataclass
class Found:
    """Everything that SUBMISSIONS holds."""

    layout: str
    submissions: list[Submission] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Read:
    """A file that was looked into."""

    file: layouts.File
    lesson: str
    sha256: str = ""
    problem: str = ""
    strange: bool = False  # it can be read, and answers nothing: notes, or a helper file


def collect(
    source: Path,
    course: Book,
    room: Path,
    *,
    lesson: str | None = None,
    due: datetime | None = None,
    take: str = "newest",
) -> Found:
    """Find what is to be graded.

    Args:
        source: a folder or a zip.
        course: the book whose exercises are answered.
        room: an empty folder, where zips are unpacked; the paths of the submissions may lie in it.
        lesson: the slug of the one lesson to grade; default: each file tells.
        due: until when a submission is in time.
        take: which of several submissions of one learner counts: the ``newest``, the ``best`` (then all are
            returned), or the last one ``in-time``.

    Raises:
        CourseError: if there is nothing that can be read.
    """
    unzip = _Unzip(room)
    if source.is_dir():
        root = source
    elif not source.exists():
        raise CourseError(f"There is no {source}. Wanted is a folder of submissions, or a zip of one.")
    elif not source.is_file():
        raise CourseError(
            f"{source} is neither a folder nor a file. Wanted is a folder of submissions, or a zip of one."
        )
    elif source.suffix.lower() != ".zip":
        raise CourseError(
            f"{source} is one file. Wanted is a folder of submissions, or a zip of one; for one file there is `course check`."
        )
    else:
        root = unzip(source, archives.CLASS)
    layout = layouts.read(root, unzip)
    found = Found(layout.name, warnings=list(layout.warnings))
    read = [_look(file, course, lesson, [root, room], unzip.refused) for file in layout.files]
    _choose(found, read, layout.empty, lesson, due, take)
    found.warnings += _look_alike(_learners(found))
    named = {entry.file.path for entry in read}
    found.warnings += [
        f"{layouts.clean(p.name)} {why}." for p, why in unzip.refused.items() if p not in named
    ]
    if not found.submissions and not found.problems:
        raise CourseError(
            f"{source} holds no notebook and no .py file{f' for lesson {lesson}' if lesson else ''}. "
            "Wanted are files named by learner, or a folder for each learner."
        )
    return found


class _Unzip:
    """Unpacks zips, each into a folder of its own, and remembers what was refused."""

    def __init__(self, room: Path):
        self.room = room
        self.refused: dict[Path, str] = {}
        self.count = 0

    def __call__(self, archive: Path, caps: archives.Caps = archives.LEARNER) -> Path:
        self.count += 1
        folder = self.room / str(self.count)
        self.refused |= archives.unpack(archive, folder, caps)
        return folder


def _look(file: layouts.File, course: Book, wanted: str | None, roots: list[Path], refused: dict) -> _Read:
    """Read a file as far as needed to say which lesson it answers."""
    by_name = wanted or _lesson_by_name(file.path, course)
    if file.path in refused:
        return _Read(file, by_name, problem=f"{layouts.clean(file.path.name)} {refused[file.path]}.")
    try:
        sha256 = _sha256(file.path, roots)
        cells = checking.read(file.path)
    except CourseError as error:
        return _Read(file, by_name, problem=str(error))
    except OSError as error:
        return _Read(
            file, by_name, problem=f"{layouts.clean(file.path.name)} can't be read: {error.strerror}."
        )
    lesson = lesson_of(cells, course) or by_name
    problem = "" if lesson else f"{layouts.clean(file.path.name)} answers no exercise of this course."
    return _Read(file, lesson, sha256, problem, strange=not lesson)


def _sha256(path: Path, roots: list[Path]) -> str:
    """Return the hash of an ordinary file within the roots; say no to everything else before it is opened."""
    name = layouts.clean(path.name)
    if path.is_symlink():
        target = Path(os.path.realpath(path))
        if not any(target.is_relative_to(os.path.realpath(root)) for root in roots):
            raise CourseError(
                f"{name} is a link that leads out of the folder, and is not followed. Put the file itself there."
            )
    about = path.stat()
    if not stat.S_ISREG(about.st_mode):
        raise CourseError(
            f"{name} is {_kind(about.st_mode)}, and was not opened. Wanted is an ordinary file."
        )
    if about.st_size > MOST:
        raise CourseError(
            f"{name} is {about.st_size // archives.MEGABYTE} MB; at most {MOST // archives.MEGABYTE} MB are read. "
            "Clear its outputs (Edit > Clear Outputs of All Cells) and hand it in again."
        )
    digest = hashlib.sha256()
    with path.open("rb") as opened:
        while chunk := opened.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _kind(mode: int) -> str:
    kinds = ((stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"), (stat.S_ISDIR, "a folder"))
    return next((words for test, words in kinds if test(mode)), "a device")


def lesson_of(cells: Iterable[notebooks.Cell], course: Book) -> str:
    """Return the slug of the lesson that most of the cells' ids, or else of their functions, belong to; '' if none does."""
    known = course.exercises
    code = [cell for cell in cells if cell.kind == "code"]
    names = [cell.id for cell in code if cell.id in known]
    names = names or [name for cell in code for name in notebooks.defined_names(cell.source) if name in known]
    votes = Counter(known[name].lesson for name in names)
    return votes.most_common(1)[0][0] if votes else ""


def _lesson_by_name(path: Path, course: Book) -> str:
    """Return the lesson that the file, or the folder above it as with nbgrader, is called by; '' if none."""
    for name in (path.name, path.parent.name):
        for lesson in course.lessons:
            if (
                re.search(rf"(?<![a-z0-9]){re.escape(lesson.stem)}(?![a-z0-9])", name.lower())
                or name == lesson.slug
            ):
                return lesson.slug
    return ""


def _choose(
    found: Found, read: list[_Read], empty: dict[str, str], lesson: str | None, due, take: str
) -> None:
    """Choose among each learner's files of each lesson, and say of whom there is none."""
    lessons = {entry.lesson for entry in read if entry.lesson and not entry.problem}
    only = lesson or (next(iter(lessons)) if len(lessons) == 1 else "")
    groups: dict[tuple[str, str], list[_Read]] = defaultdict(list)
    for entry in read:
        if not entry.strange:
            groups[entry.file.learner, entry.lesson or only].append(entry)
    strange = {entry.file.learner: entry.problem for entry in read if entry.strange}
    whole = {
        learner for (learner, slug), group in groups.items() if slug and any(not e.problem for e in group)
    }
    for (learner, slug), group in sorted(groups.items()):
        readable = sorted((entry for entry in group if not entry.problem), key=_age)
        broken = sorted((entry for entry in group if entry.problem), key=_age)
        if lesson and slug != lesson:
            continue
        if readable:
            found.submissions += _taken(learner, slug, readable, broken, due, take)
        elif slug or learner not in whole:
            found.problems.append(Problem(learner, slug, broken[-1].problem, broken[-1].sha256))
        else:
            found.warnings += [f"{learner}: {entry.problem}" for entry in broken]
    for name, why in sorted((strange | empty).items()):
        if name not in _learners(found):
            found.problems.append(Problem(name, only, why))


def _learners(found: Found) -> set[str]:
    return {s.learner for s in found.submissions} | {p.learner for p in found.problems}


_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


def _age(entry: _Read) -> tuple:
    numbered = [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", entry.file.path.name)]
    return entry.file.when or _LONG_AGO, [(isinstance(part, str), part) for part in numbered]


def _taken(learner, slug, readable, broken, due, take) -> list[Submission]:
    """Return the submission that counts, or all if the best does; each with what is to be said about it."""
    in_time = [entry for entry in readable if not _late(entry, due)]
    chosen = readable if take == "best" else [(in_time if take == "in-time" and in_time else readable)[-1]]
    different: dict[str, _Read] = {entry.sha256: entry for entry in chosen}
    return [
        Submission(learner, entry.file.path, slug, entry.sha256, _note(entry, readable, broken, due, take))
        for entry in different.values()
    ]


def _late(entry: _Read, due: datetime | None) -> bool:
    if due and entry.file.when:
        return entry.file.when > due
    return entry.file.late


def _note(entry: _Read, readable: list[_Read], broken: list[_Read], due: datetime | None, take: str) -> str:
    said = []
    name = layouts.clean(entry.file.path.name)
    if len(readable) > 1:
        which = {"newest": "newest", "best": "best", "in-time": "last in time"}[take]
        if take == "in-time" and _late(entry, due):
            which = "newest; none was in time"
        said.append(f"{name}, the {which} of {len(readable)} submissions")
    newer = [other for other in broken if _age(other) > _age(entry)]
    if newer:
        said.append(f"{name}, because a newer one can't be read: {newer[-1].problem.rstrip('.')}")
    if _late(entry, due):
        by = f" by {_duration(entry.file.when - due)}" if due and entry.file.when else ""
        said.append(f"late{by}")
    return "; ".join(said)


def _duration(span: timedelta) -> str:
    minutes = max(int(span.total_seconds() // 60), 1)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [(days, "day"), (hours, "hour"), (minutes, "minute")]
    words = [f"{n} {word}{'s' * (n != 1)}" for n, word in parts if n]
    return " ".join(words[:2])


def _look_alike(learners: set[str]) -> list[str]:
    """Warn of names that are equal up to case or to the form of their letters: likely one person, never merged."""
    groups = defaultdict(list)
    for learner in learners:
        groups[alike(learner)].append(learner)
    return [
        f"{' and '.join(sorted(group))} are equal up to case or the form of their letters: graded as {len(group)} learners."
        for _, group in sorted(groups.items())
        if len(group) > 1
    ]


def alike(name: str) -> str:
    """Return the form in which names are compared that a person would take for the same."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).strip()


def parse_due(text: str) -> datetime:
    """Read a date, which means its end, or a date and time, in local time unless it says another zone.

    Raises:
        CourseError: if it is neither.
    """
    try:
        when = datetime.fromisoformat(text.strip())
    except ValueError:
        raise CourseError(
            f"--due '{text}' is no date. Wanted is 2026-11-30, '2026-11-30 18:00' or 2026-11-30T18:00+01:00."
        ) from None
    if re.fullmatch(r"\d{4}-?\d\d-?\d\d", text.strip()):
        when = when.replace(hour=23, minute=59, second=59, microsecond=999_999)
    return when.astimezone() if when.tzinfo is None else when
