"""Answers that are the same up to names and white space: to a reference, or to each other. For a person to look at."""

import ast
import builtins
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from course import notebooks
from course.book import Book
from course.exercises import definition
from course.grading.rows import Row

SHORT = 40  # nodes; shorter answers come out alike by themselves
LARGE = 100_000  # characters; no answer is as long, and reading code takes a hundred times its memory
_KEPT = set(dir(builtins)) | {"np", "numpy", "math"}


@dataclass(frozen=True)
class Alike:
    """Learners whose answers are the same; ``exercise`` is empty where it is the very same file."""

    exercise: str
    learners: tuple[str, ...]
    reference: bool = False


def find(rows: Sequence[Row], out: Path, course: Book) -> list[Alike]:
    """Return who handed in the same file, who the reference, and who the same answer as somebody else.

    Args:
        rows: all rows.
        out: the folder of results, with the answers.
        course: whose references are compared.
    """
    files: dict[str, set[str]] = defaultdict(set)
    answers: dict[tuple[str, str], set[str]] = defaultdict(set)
    references, starters = _references(course), _starters(course, {row.lesson for row in rows})
    for sha256, learners, exercises in _by_file(rows):
        files[sha256] |= learners
        for name, form in _forms(out / "answers" / f"{sha256}.json", exercises):
            if form != starters.get(name):
                answers[name, form] |= learners
    same_file = [Alike("", tuple(sorted(who))) for who in files.values() if len(who) > 1]
    same_answer = [
        Alike(name, tuple(sorted(who)), form == references.get(name))
        for (name, form), who in answers.items()
        if form == references.get(name)
        or (len(who) > 1 and not any(who <= set(f.learners) for f in same_file))
    ]
    order = {name: i for i, name in enumerate(course.exercises)}
    return [
        *sorted(same_file, key=lambda a: a.learners),
        *sorted(same_answer, key=lambda a: (order.get(a.exercise, -1), not a.reference, a.learners)),
    ]


def _by_file(rows: Iterable[Row]) -> Iterator[tuple[str, set[str], set[str]]]:
    learners: dict[str, set[str]] = defaultdict(set)
    exercises: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.submission and row.verdict != "unreadable":
            learners[row.submission].add(row.learner)
            if row.verdict != "not_attempted":
                exercises[row.submission].add(row.exercise)
    for sha256, who in sorted(learners.items()):
        yield sha256, who, exercises[sha256]


def _references(course: Book) -> dict[str, str]:
    found = {}
    for name, exercise in course.exercises.items():
        if exercise.path.exists():
            form = normal_form(definition.load(exercise.path).sources[name], name)
            if form:
                found[name] = form
    return found


def _starters(course: Book, slugs: set[str]) -> dict[str, str]:
    """Return the forms of the starters: code to repair that nobody touched is the same for everybody."""
    lessons = [lesson for lesson in course.lessons if lesson.slug in slugs and lesson.path.exists()]
    cells = [cell for lesson in lessons for cell in notebooks.read_cells(lesson.path) if cell.kind == "code"]
    return {cell.id: normal_form(cell.source, cell.id) for cell in cells}


def _forms(path: Path, names: set[str]) -> Iterator[tuple[str, str]]:
    try:
        sources = _sources(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return
    for name in sorted(names):
        source = next((s for s in reversed(sources) if name in notebooks.defined_names(s)), "")
        if form := normal_form(source, name):
            yield name, form


def _sources(kept: dict) -> list[str]:
    """Return the sources of the cells of a kept answer."""
    return [source for _, source, _ in kept["cells"]]


def normal_form(source: str, name: str) -> str:
    """Return an answer with its own names numbered and without comments and docstrings; '' if it is too short to tell,
    or no answer that a person wrote."""
    if len(source) > LARGE:
        return ""
    try:
        node = notebooks.find_definition(source, name)
        if node is None or sum(1 for _ in ast.walk(node)) < SHORT:
            return ""
        return ast.dump(_Numbered().visit(node))
    except (RecursionError, ValueError, MemoryError):
        return ""


class _Numbered(ast.NodeTransformer):
    """Gives every name that the author chose a number, in the order of their first use."""

    def __init__(self):
        self.names: dict[str, str] = {}

    def _number(self, name: str) -> str:
        return name if name in _KEPT else self.names.setdefault(name, f"v{len(self.names)}")

    def visit_Name(self, node):
        """Number a variable."""
        return ast.Name(self._number(node.id), node.ctx)

    def visit_arg(self, node):
        """Number a parameter, without its annotation."""
        return ast.arg(self._number(node.arg))

    def _definition(self, node):
        if isinstance(node.body[0], ast.Expr) and isinstance(node.body[0].value, ast.Constant):
            node.body = node.body[1:] or [ast.Pass()]
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        return self.generic_visit(node)

    visit_FunctionDef = visit_ClassDef = _definition  # noqa: N815 - likewise
