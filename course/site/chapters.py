"""mdBook's book, and what we make of it.

Chapters that are notebooks become pages; below each lesson stands a page for each of its exercises; ``{{#course NAME}}``
in a Markdown page is replaced by what `pages` makes under that name.
"""

import re
from pathlib import Path

from course import book
from course.errors import CourseError
from course.site import convert, execute, pages, runtime

_MADE = re.compile(r"\{\{#course ([a-z]+)((?: [\w-]+)*)\}\}")


def processed(context: dict, whole: dict) -> dict:
    """Return mdBook's book with notebooks as Markdown and the pages that are made."""
    course = book.load(Path(context["root"]))
    settings = context["config"].get("preprocessor", {}).get("course", {})
    for chapter in _chapters(whole["items"]):
        path = chapter["path"] or ""
        if path.endswith(".ipynb"):
            _lesson(chapter, course, settings)
        else:
            chapter["content"] = _page(chapter, course)
    return whole


def _chapters(items: list) -> list[dict]:
    found = []
    for item in items:
        if isinstance(item, dict) and "Chapter" in item:
            found += [item["Chapter"], *_chapters(item["Chapter"]["sub_items"])]
    return found


def prepare(course: book.Book, kind: str | None) -> None:
    """Make and keep the pages of lessons that changed, so that the preprocessor finds them and imports little.

    Args:
        course: read after the change.
        kind: as for `runtime.for_page`.
    """
    for lesson in course.lessons:
        if lesson.path.exists():
            pages_of(lesson, runtime.for_page(kind))


def pages_of(lesson: book.Lesson, runs: dict | None, *, again: bool = False) -> list[str]:
    """Return a lesson's page and those of its exercises, as Markdown.

    Args:
        lesson: which one.
        runs: what the page must know to start Python; None for a page to read.
        again: execute it and make them, even if kept ones would do.
    """

    def made() -> list[str]:
        page = convert.page(execute.executed(lesson, again=again), lesson.stem, runs)
        return [page, *(pages.exercise(exercise, lesson) for exercise in lesson.exercises)]

    if again:
        return made()
    files = [lesson.path, *(exercise.path for exercise in lesson.exercises)]
    known = execute.fingerprint(files, [runs, lesson.title], look=True)
    return execute.kept(f"pages-{lesson.stem}", known, made)


def _lesson(chapter: dict, course: book.Book, settings: dict) -> None:
    lesson = course.lesson(chapter["path"])
    # Only `course site` puts the wheel there; a bare `mdbook build` makes pages to read.
    runs = runtime.for_page(settings.get("runtime")) if settings.get("site") else None
    content, *below = pages_of(lesson, runs, again=bool(settings.get("execute")))
    chapter["content"] = content
    chapter["path"] = f"{lesson.stem}.md"
    number = chapter["number"] or []
    chapter["sub_items"] = [
        {
            "Chapter": {
                "name": exercise.name,
                "content": own,
                "number": [*number, place],
                "sub_items": [],
                "path": f"exercises/{exercise.name}.md",
                "source_path": None,
                "parent_names": [chapter["name"]],
            }
        }
        for place, (exercise, own) in enumerate(zip(lesson.exercises, below, strict=True), 1)
    ]


def _page(chapter: dict, course: book.Book) -> str:
    def made(match: re.Match) -> str:
        if match[1] not in pages.MADE:
            known = ", ".join(pages.MADE)
            raise CourseError(f"{chapter['path']} wants {match[0]}; what can be made is {known}.")
        return pages.MADE[match[1]](course, *match[2].split())

    try:
        return convert.prose(_MADE.sub(made, chapter["content"]))
    except CourseError as error:
        raise CourseError(f"lessons/{chapter['path']}: {error}") from None
