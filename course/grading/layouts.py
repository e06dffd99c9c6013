"""The forms in which submissions come: whose file is which.

A folder of files named by learner, a folder for each learner, and what nbgrader, Canvas, Moodle and Gradescope make.
"""

import os
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from course.errors import CourseError

ENDINGS = (".ipynb", ".py", ".ipynb.txt", ".ipynb.json")  # the last two are what browsers make of the first
_PASSED_OVER = {"__pycache__", "__MACOSX", "node_modules"}
_CANVAS = re.compile(r"(?P<name>[^_]+)(?P<late>_LATE)?_(?P<id>\d+)_(?P<submission>\d+)_(?P<file>.+)")
_MOODLE = re.compile(
    r"(?P<name>.+?)_(?P<id>\d+)_assign(?:submission|feedback)_(?:file|onlinetext)_?(?P<file>.*)"
)
_WRAPPING = re.compile(r"submitted|submissions|assignment_\d+_export", re.IGNORECASE)
_NBGRADER = ("source", "release", "autograded", "feedback", "gradebook.db", "nbgrader_config.py")
DEPTH = 12


@dataclass(frozen=True)
class File:
    """A file that somebody handed in.

    Attributes:
        learner: whose it is.
        path: where it is.
        when: when it was handed in, as well as the layout says; None if nothing does.
        late: whether the layout itself says that it was late.
    """

    learner: str
    path: Path
    when: datetime | None = None
    late: bool = False


@dataclass(frozen=True)
class Layout:
    """What a folder was taken for: its name, its files, the learners with none, and what to tell the teacher."""

    name: str
    files: tuple[File, ...]
    empty: dict[str, str]
    warnings: tuple[str, ...]


def read(root: Path, unzip) -> Layout:
    """Find the files of each learner.

    Args:
        root: the folder.
        unzip: ``unzip(path) -> folder``, for what learners handed in as a zip; raises CourseError.

    Raises:
        CourseError: if the folder can't be read.
    """
    root = _unwrapped(root)
    entries = _entries(root)
    for name in ("submission_metadata.yml", "submission_metadata.yaml"):
        if (root / name).is_file():
            return _gradescope(root, root / name, unzip)
    for name, pattern, only_files in (("Canvas", _CANVAS, True), ("Moodle", _MOODLE, False)):
        alike = [e for e in entries if pattern.fullmatch(e.name) and not (only_files and _is_dir(e))]
        if alike and 2 * len(alike) > sum(1 for e in entries if _is_dir(e) or _gradable(e.name)):
            return _by_pattern(name, pattern, entries, unzip)
    return _plain(root, entries, unzip)


def _plain(root: Path, entries, unzip) -> Layout:
    """Read files and folders named by learner; below a folder it may be nbgrader's."""
    walk = _Walk(unzip)
    for entry in entries:
        learner = clean(_stem(entry.name))
        if _is_dir(entry):
            walk.folder(clean(entry.name), entry)
        else:
            walk.file(learner, entry, top=True)
    nbgrader = root.name == "submitted" or any(
        f.path.with_name("timestamp.txt").exists() for f in walk.files[:50]
    )
    name = "nbgrader" if nbgrader else "files and folders named by learner"
    return walk.layout(name)


def _by_pattern(name: str, pattern: re.Pattern, entries, unzip) -> Layout:
    """Read what Canvas or Moodle call their files; the learner is the name and the number, which is unique."""
    walk = _Walk(unzip)
    for entry in entries:
        match = pattern.fullmatch(entry.name)
        learner = clean(f"{match['name']}_{match['id']}" if match else _stem(entry.name))
        late = bool(match and match.groupdict().get("late"))
        if _is_dir(entry):
            walk.folder(learner, entry)
        else:
            walk.file(learner, entry, late=late, top=match is None)
    return walk.layout(name)


def _gradescope(root: Path, about: Path, unzip) -> Layout:
    """Read Gradescope's export: a folder for each submission, and a file that says whose they are."""
    known = _gradescope_people(about)
    walk = _Walk(unzip)
    for entry in _entries(root):
        if not _is_dir(entry):
            continue
        people, when = known.get(entry.name, ([], None))
        if not people:
            walk.warnings.append(
                f"{about.name} does not say whose {entry.name} is: it is graded under that name."
            )
        for learner in people or [entry.name]:
            walk.folder(clean(learner), entry, when=when)
    return walk.layout("Gradescope")


def _gradescope_people(about: Path) -> dict[str, tuple[list[str], datetime | None]]:
    try:
        import yaml
    except ImportError:
        raise CourseError(
            f"{about.name}, Gradescope's own file, wants one more package: pip install 'neurons-up[grade]'"
        ) from None
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        content = yaml.load(about.read_bytes(), Loader=loader)
        return {str(key): _gradescope_one(value) for key, value in content.items()}
    except (yaml.YAMLError, AttributeError, TypeError, ValueError, RecursionError) as error:
        raise CourseError(
            f"{about.name} can't be read ({str(error).splitlines()[0][:80]}). Export the submissions from Gradescope again."
        ) from None


def _gradescope_one(value: dict) -> tuple[list[str], datetime | None]:
    people = []
    for person in value.get(":submitters") or []:
        named = (person.get(key) for key in (":email", ":sid", ":name"))
        people += [str(name) for name in [next((n for n in named if n), None)] if name]
    when = value.get(":created_at")
    when = when.replace(tzinfo=when.tzinfo or UTC) if isinstance(when, datetime) else None
    return people, when


class _Walk:
    """Collects files, learner by learner."""

    def __init__(self, unzip):
        self.unzip = unzip
        self.files: list[File] = []
        self.empty: dict[str, str] = {}
        self.warnings: list[str] = []
        self.passed_over: list[str] = []

    def layout(self, name: str) -> Layout:
        if self.passed_over:
            shown, count = ", ".join(self.passed_over[:3]), len(self.passed_over)
            more = f" and {count - 3} more" if count > 3 else ""
            self.warnings.append(f"Passed over, as no notebook and no .py file: {shown}{more}.")
        with_files = {file.learner for file in self.files}
        empty = {learner: why for learner, why in self.empty.items() if learner not in with_files}
        return Layout(name, tuple(self.files), empty, tuple(self.warnings))

    def file(self, learner: str, entry, *, late: bool = False, when=None, top: bool = False) -> None:
        """Take one file, or unpack it if it is a zip; ``top`` files of other kinds belong to nobody."""
        path = Path(entry.path)
        if _gradable(entry.name):
            self.files.append(File(learner, path, when or _when(entry), late))
        elif entry.name.lower().endswith(".zip") and entry.is_file(follow_symlinks=False):
            try:
                inside = self.unzip(path)
            except CourseError as error:
                self.empty[learner] = str(error)
                return
            before = len(self.files)
            self._below(learner, inside, when=when, late=late)
            if len(self.files) == before:
                self.empty[learner] = f"{clean(entry.name)} holds no notebook and no .py file."
        elif top:
            self.passed_over.append(clean(entry.name))
        else:
            self.empty.setdefault(
                learner, f"Found {clean(entry.name)}; wanted is a notebook (.ipynb) or a .py file."
            )

    def folder(self, learner: str, entry, when=None) -> None:
        """Take all files below a learner's folder."""
        before = len(self.files)
        if entry.is_symlink():
            self.empty[learner] = (
                "The folder is a link, and links to folders are not followed. Put the files themselves there."
            )
            return
        self._below(learner, Path(entry.path), when=when)
        if len(self.files) == before:
            self.empty.setdefault(learner, "The folder is empty: no notebook (.ipynb) and no .py file.")

    def _below(self, learner: str, folder: Path, depth: int = 0, **about) -> None:
        if depth > DEPTH:
            self.warnings.append(f"{learner}: what lies more than {DEPTH} folders deep is passed over.")
            return
        try:
            entries = _entries(folder)
        except CourseError as error:
            self.empty[learner] = str(error)
            return
        for entry in entries:
            if entry.name == "timestamp.txt":
                continue
            if entry.is_dir(follow_symlinks=False):
                self._below(learner, Path(entry.path), depth + 1, **about)
            else:
                self.file(learner, entry, **about)


def _unwrapped(root: Path) -> Path:
    """Step into the one folder that holds everything: nbgrader's ``submitted``, or what a zip was made of."""
    while True:
        entries = [e for e in _entries(root) if not e.name.startswith("submission_metadata")]
        inner = [e for e in entries if e.is_dir(follow_symlinks=False) and _WRAPPING.fullmatch(e.name)]
        alone = len(entries) == 1 and len(inner) == 1
        nbgrader = any(e.name in _NBGRADER for e in entries) and (root / "submitted").is_dir()
        if nbgrader:
            root = root / "submitted"
        elif alone:
            root = root / inner[0].name
        else:
            return root


def _entries(folder: Path) -> list[os.DirEntry]:
    try:
        with os.scandir(folder) as found:
            entries = [e for e in found if not e.name.startswith(".") and e.name not in _PASSED_OVER]
    except OSError as error:
        raise CourseError(f"The folder {clean(str(folder))} can't be read: {error.strerror}.") from None
    return sorted(entries, key=lambda entry: entry.name)


def _is_dir(entry: os.DirEntry) -> bool:
    """Also of a link to a folder: it stands for a learner, who is told that it is not followed."""
    try:
        return entry.is_dir()
    except OSError:
        return False  # a link that leads round in a circle


def _gradable(name: str) -> bool:
    return name.lower().endswith(ENDINGS)


def _stem(name: str) -> str:
    for ending in (*ENDINGS, ".zip"):
        if name.lower().endswith(ending) and len(name) > len(ending):
            return name[: -len(ending)]
    return name


def clean(name: str) -> str:
    """Return a file's name as text that can be written and shown: bytes that are no UTF-8 and control characters are marked."""
    name = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(c if unicodedata.category(c)[0] != "C" or c in "\u200c\u200d" else "\ufffd" for c in name)


def _when(entry: os.DirEntry) -> datetime | None:
    stamp = Path(entry.path).with_name("timestamp.txt")
    try:
        if stamp.is_file() and (when := _nbgrader_time(stamp.read_text(encoding="utf-8")[:100])):
            return when
        return datetime.fromtimestamp(entry.stat(follow_symlinks=False).st_mtime, UTC)
    except (OSError, ValueError, OverflowError):
        return None


def _nbgrader_time(text: str) -> datetime | None:
    """Read ``2026-02-02 15:58:23.948203 America/Los_Angeles``, as nbgrader writes it."""
    match = re.match(r"(\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d)?)(?:\.\d+)?\s*(\S*)", text.strip())
    if not match:
        return None
    when, zone = datetime.fromisoformat(match[1]), match[2]
    if re.fullmatch(r"[+-]\d\d:?\d\d", zone):
        return datetime.fromisoformat(match[1] + zone)
    try:
        return when.replace(tzinfo=ZoneInfo(zone)) if zone else when.astimezone()
    except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        return when.astimezone()
