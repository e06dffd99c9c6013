"""What mdBook calls: ``mdbook-course supports html``, then the book on standard input, and back on standard output.

Chapters that are notebooks become pages; below each lesson stands a page for each of its exercises; ``{{#course NAME}}``
in a Markdown page is replaced by what `pages` makes under that name.
"""

import json
import re
import sys
from pathlib import Path

from course import book
from course.errors import CourseError
from course.site import convert, execute, pages, runtime

_MADE = re.compile(r"\{\{#course ([a-z]+)((?: [\w-]+)*)\}\}")


def main() -> None:
    """Run as a preprocessor; a mistake of the author's is one message on standard error, status 1."""
    if len(sys.argv) > 1 and sys.argv[1] == "supports":
        sys.exit(0 if sys.argv[2:] in (["html"], ["markdown"]) else 1)
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    # nbformat imports jsonschema, and that a grammar of addresses, if it is there: most of a second, and no use here.
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    try:
        context, whole = json.load(sys.stdin)
        written = processed(context, whole)
    except CourseError as error:
        sys.exit(f"mdbook-course: {error}")
    except ValueError:
        sys.exit(
            "mdbook-course is called by mdBook, which hands it the book: run `course site` or `mdbook build`."
        )
    json.dump(written, sys.stdout)


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


def _lesson(chapter: dict, course: book.Book, settings: dict) -> None:
    lesson = course.lesson(chapter["path"])
    # Only `course site` puts the wheel there; a bare `mdbook build` makes pages to read.
    runs = runtime.for_page(settings.get("runtime")) if settings.get("site") else None
    again = bool(settings.get("execute"))

    def made() -> list[str]:
        page = convert.page(execute.executed(lesson, again=again), lesson.stem, runs)
        return [page, *(pages.exercise(exercise, lesson) for exercise in lesson.exercises)]

    if again:
        content, *below = made()
    else:
        files = [lesson.path, *(exercise.path for exercise in lesson.exercises)]
        known = execute.fingerprint(files, [runs, lesson.title], look=True)
        content, *below = execute.kept(f"pages-{lesson.stem}", known, made)
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
