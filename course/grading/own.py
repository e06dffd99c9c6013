"""A teacher's own exercises, in a folder that nobody else has: ``LESSON/EXERCISE.py``, each in the form of ``solutions/``.

A folder called like a lesson of the course stands in its place, with just the exercises that are in it; any other is a
lesson of its own. A notebook in it is what learners were given.
"""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

from course import book
from course.book import Book, Exercise, Lesson
from course.errors import CourseError


def load(folder: Path | None) -> Book:
    """Return the course's book, or the one that a teacher's folder makes.

    Raises:
        CourseError: if the folder holds no exercises, or two of one name.
    """
    if folder is None:
        return book.load()
    if not folder.is_dir():
        raise CourseError(
            f"--solutions {folder} is no folder. Wanted is one like solutions/: LESSON/EXERCISE.py."
        )
    if (folder / "lessons" / "SUMMARY.md").exists():
        return book.load(folder.resolve())
    course = book.load()
    lessons = tuple(_lessons(folder, course))
    if not lessons:
        near = " Give the folder above it." if list(folder.glob("*.py")) else ""
        raise CourseError(
            f"--solutions {folder} holds no exercises: wanted is LESSON/EXERCISE.py in it.{near}"
        )
    where: dict[str, Path] = {}
    for exercise in (exercise for lesson in lessons for exercise in lesson.exercises):
        if exercise.name in where:
            raise CourseError(
                f"{where[exercise.name]} and {exercise.path} have one name. Rename one of the exercises."
            )
        where[exercise.name] = exercise.path
    return Book(course.root, folder, lessons)


def _lessons(folder: Path, course: Book) -> Iterator[Lesson]:
    folders = {
        path.name: path for path in sorted(folder.iterdir()) if path.is_dir() and list(path.glob("[!_.]*.py"))
    }
    for lesson in course.lessons:
        path = folders.pop(lesson.slug, None) or folders.pop(lesson.stem, None)
        if path:
            yield _filled(lesson, path)
    for number, (name, path) in enumerate(folders.items(), len(course.lessons) + 1):
        yield _filled(Lesson(f"{number:02}-{name}", name, path / f"{name}.ipynb", ()), path)


def _filled(lesson: Lesson, folder: Path) -> Lesson:
    """Return the lesson with the exercises that the folder holds, in the order of its notebook, then by name."""
    notebook = next(iter(sorted(folder.glob("*.ipynb"))), lesson.path)
    first = {name: i for i, name in enumerate(book.tagged_exercises(notebook))} if notebook.exists() else {}
    names = sorted(
        (p.stem for p in folder.glob("[!_.]*.py")), key=lambda name: (first.get(name, len(first)), name)
    )
    found = tuple(Exercise(name, lesson.slug, folder / f"{name}.py") for name in names)
    return dataclasses.replace(lesson, path=notebook, exercises=found)
