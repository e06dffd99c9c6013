"""Imports point one way: the library and the data know nothing of the rest, and nothing that judges knows the library."""

import ast
from pathlib import Path

import pytest

import course

PACKAGE = Path(course.__file__).parent
# What each part may import of the course. A part that is not named may import anything.
MAY = {
    "nn": {"nn", "data"},
    "data": {"data"},
    "exercises": {"exercises", "book", "errors"},
    "book": {"errors"},
    "errors": set(),
    "notebooks": {"book", "errors", "exercises"},
    "plots": {"plots", "figure", "data"},
    "figure": set(),
    "lint": set(),
    "validate": {"book", "errors", "exercises", "lint", "notebooks"},
    "checking": {"book", "errors", "exercises", "notebooks"},
    "grading": {"__version__", "grading", "book", "checking", "errors", "exercises", "notebooks"},
}


def imported(path: Path) -> set[str]:
    """Return the parts of the course that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "course":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("course."):
            found.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("course.")}
    return found


@pytest.mark.parametrize("part", MAY)
def test_a_part_imports_only_what_lies_below_it(part):
    files = (
        [PACKAGE / f"{part}.py"]
        if (PACKAGE / f"{part}.py").exists()
        else list((PACKAGE / part).rglob("*.py"))
    )
    assert files
    for path in files:
        assert imported(path) <= MAY[part], (
            f"{path.relative_to(PACKAGE)} imports {imported(path) - MAY[part]}"
        )


def test_no_solution_uses_the_library():
    for path in (PACKAGE.parent / "solutions").rglob("*.py"):
        assert "nn" not in imported(path), path.name
