"""What exercises and lessons are worth: as ``solutions/`` says, or as the teacher's small TOML file does.

[points]
softmax = 3          # instead of what its file says

[weights]
loss = 0.5           # all points of this lesson count half
"""

import math
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from course.book import Book, nearest
from course.errors import CourseError

_TABLES = ("points", "weights")


@dataclass(frozen=True)
class Points:
    """What differs from ``solutions/``: points of exercises, weights of lessons."""

    points: dict[str, float] = field(default_factory=dict)
    weights: dict[str, float] = field(default_factory=dict)

    def weight(self, lesson: str) -> float:
        """Return what a lesson's points are multiplied with in the total."""
        return self.weights.get(lesson, 1)


def read(path: Path, course: Book) -> Points:
    """Read a TOML file with the tables ``[points]`` and ``[weights]``.

    Raises:
        CourseError: if it can't be read, or names what does not exist; the message offers the nearest.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise CourseError(f"{path} can't be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseError(
            f"{path.name} is no TOML: {error}. Wanted are lines such as softmax = 3 below [points]."
        ) from None
    for table in content:
        if table not in _TABLES:
            raise CourseError(
                f"{path.name}: there is no '{table}'.{nearest(table, [*_TABLES])} Wanted are the tables [points] and [weights]."
            )
    lessons = {lesson.slug: lesson.slug for lesson in course.lessons} | {
        lesson.stem: lesson.slug for lesson in course.lessons
    }
    points = _numbers(path, content, "points", {name: name for name in course.exercises}, "exercise")
    return Points(points, _numbers(path, content, "weights", lessons, "lesson"))


def _numbers(path: Path, content: dict, table: str, known: dict[str, str], what: str) -> dict[str, float]:
    found = content.get(table, {})
    if not isinstance(found, dict):
        raise CourseError(
            f"{path.name}: '{table}' is {found!r}; wanted is a table, [{table}], with a line for each {what}."
        )
    for key, value in found.items():
        if key not in known:
            raise CourseError(
                f"{path.name}, [{table}]: there is no {what} '{key}'.{nearest(key, list(known))}"
            )
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not math.isfinite(value)
            or value < 0
        ):
            raise CourseError(f"{path.name}, [{table}]: {key} is {value!r}; wanted is a number from 0 up.")
    return {known[key]: value for key, value in found.items()}
