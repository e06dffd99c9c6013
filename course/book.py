"""The book: its lessons in order, and the exercises of each.

Order and titles stand in ``lessons/SUMMARY.md``, the order of exercises in each lesson's notebook, and all else about
an exercise in ``solutions/<lesson>/<name>.py``. Only the standard library is imported, so that listing stays fast.
"""

import difflib
import functools
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

from course.errors import CourseError

_ENTRY = re.compile(r"^\s*[-*]\s*\[(?P<title>[^]]+)\]\((?P<file>[^)]+\.ipynb)\)")


@dataclass(frozen=True)
class Exercise:
    """Where one exercise lives: ``path`` is its file under ``solutions/``."""

    name: str
    lesson: str
    path: Path


@dataclass(frozen=True)
class Lesson:
    """One notebook: ``stem`` is ``02-loss``, ``slug`` is ``loss``."""

    stem: str
    title: str
    path: Path
    exercises: tuple[Exercise, ...]

    @property
    def number(self) -> str:
        """The digits before the slug, such as ``02``."""
        return self.stem.partition("-")[0]

    @property
    def slug(self) -> str:
        """The name without its number, such as ``loss``."""
        return self.stem.partition("-")[2]

    def is_called(self, name: str) -> bool:
        """Tell whether ``name`` means this lesson: ``2``, ``02``, ``02-loss`` or ``loss``."""
        return name in (self.stem, self.slug, self.number, self.number.lstrip("0"))


@dataclass(frozen=True)
class Book:
    """All lessons, in the order of ``SUMMARY.md``."""

    root: Path
    solutions: Path
    lessons: tuple[Lesson, ...]

    @property
    def exercises(self) -> dict[str, Exercise]:
        """Every exercise of the book by its name, in reading order."""
        return {exercise.name: exercise for lesson in self.lessons for exercise in lesson.exercises}

    def lesson(self, key: str) -> Lesson:
        """Find a lesson by ``2``, ``02``, ``02-loss``, ``loss`` or its file name.

        Raises:
            CourseError: if there is no such lesson; the message offers the nearest.
        """
        wanted = Path(key).name.removesuffix(".ipynb")
        for lesson in self.lessons:
            if lesson.is_called(wanted):
                return lesson
        names = [lesson.stem for lesson in self.lessons]
        close = nearest(wanted, [*names, *(lesson.slug for lesson in self.lessons)])
        raise CourseError(f"There is no lesson '{key}'.{close} Lessons: {', '.join(names)}.")

    def exercise(self, name: str) -> Exercise:
        """Find an exercise by its name.

        Raises:
            CourseError: if there is no such exercise; the message offers the nearest.
        """
        if name not in self.exercises:
            more = nearest(name, list(self.exercises)) or " `course list` shows them all."
            raise CourseError(f"There is no exercise '{name}'.{more}")
        return self.exercises[name]


def nearest(name: str, names: list[str]) -> str:
    """Return ' Did you mean ...?' for the closest of ``names``, or an empty text."""
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    return f" Did you mean '{close[0]}'?" if close else ""


def find_root() -> Path:
    """Return the folder that holds ``book.toml``.

    In order: ``$COURSE_BOOK``, the checkout beside the package, the copy inside a wheel. The checkout goes before the
    copy, so that an editable install never reads a stale one.
    """
    if os.environ.get("COURSE_BOOK"):
        return Path(os.environ["COURSE_BOOK"]).resolve()
    package = Path(__file__).resolve().parent
    checkout = package.parent
    return checkout if (checkout / "book.toml").exists() else package / "_book"


def load(root: Path | None = None, solutions: Path | None = None) -> Book:
    """Read the book at ``root`` (default: see ``find_root``).

    Args:
        root: the folder with ``book.toml`` and ``lessons/``.
        solutions: another folder of exercises, for a teacher's own.

    Raises:
        CourseError: if the folder holds no book.
    """
    return _load(root or find_root(), solutions)


def forget() -> None:
    """Read the book anew when it is next asked for: its files may have changed."""
    _load.cache_clear()


@functools.lru_cache(maxsize=8)
def _load(root: Path, solutions: Path | None) -> Book:
    summary = root / "lessons" / "SUMMARY.md"
    if not summary.exists():
        raise CourseError(
            f"No book at {root}: wanted lessons/SUMMARY.md there. "
            "Install the course again, or point COURSE_BOOK at a folder that holds one."
        )
    solutions = solutions or root / "solutions"
    lessons = []
    for line in summary.read_text(encoding="utf-8").splitlines():
        if entry := _ENTRY.match(line):
            lessons.append(_read_lesson(summary.parent / entry["file"], entry["title"], solutions))
    return Book(root, solutions, tuple(lessons))


def _read_lesson(path: Path, title: str, solutions: Path) -> Lesson:
    slug = path.stem.partition("-")[2]
    names = tagged_exercises(path) if path.exists() else []
    exercises = tuple(Exercise(name, slug, solutions / slug / f"{name}.py") for name in names)
    return Lesson(path.stem, title, path, exercises)


def tagged_exercises(path: Path) -> list[str]:
    """Return the ids of the cells tagged ``exercise`` of a lesson as shipped, in order."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return [cell["id"] for cell in cells if "exercise" in cell["metadata"].get("tags", ())]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CourseError(
            f"lessons/{path.name} can't be read: wanted is a notebook whose exercise cells have ids "
            f"({type(error).__name__}: {error}). `course tidy` gives ids."
        ) from None
