"""Lessons with their figures: executed when the site is built, and kept until something that they use changes."""

import functools
import hashlib
import json
import os
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path

from course import book, notebooks

# Parts of the package on which no output of a lesson depends.
_NOT_USED = ("site", "grading", "author.py", "checking.py", "cli.py", "lint.py", "start.py")


def executed(lesson: book.Lesson, *, again: bool = False):
    """Return the lesson as a notebook with all its outputs.

    Args:
        lesson: which one.
        again: run it even if a kept copy would do.
    """
    import nbformat

    kept = cache() / f"{lesson.stem}-{of_lesson(lesson)}.ipynb"
    if not kept.exists() or again:
        nb = notebooks.run(notebooks.read(lesson.path), lesson.path.parent)
        kept.parent.mkdir(parents=True, exist_ok=True)
        for old in kept.parent.glob(f"{lesson.stem}-*.ipynb"):
            old.unlink()
        notebooks.write(nb, kept)
    outputs = {cell.id: cell.get("outputs") for cell in nbformat.read(kept, as_version=4).cells}
    fresh = notebooks.read(lesson.path)  # its prose may have changed since it was run
    for cell in fresh.cells:
        if cell.cell_type == "code":
            cell.outputs = outputs[cell.id]
    return fresh


def kept(name: str, fingerprint: str, make: Callable):
    """Return what ``make`` makes, as JSON keeps it: made anew only when the fingerprint is another than last time."""
    path = cache() / f"{name}-{fingerprint}.json"
    if not path.exists():
        made = make()
        path.parent.mkdir(parents=True, exist_ok=True)
        for old in path.parent.glob(f"{name}-*.json"):
            old.unlink(missing_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.write_text(json.dumps(made), encoding="utf-8")
        fresh.replace(path)
    return json.loads(path.read_text(encoding="utf-8"))


def cache() -> Path:
    """Return the folder for what need not be made again; ``COURSE_CACHE`` names another."""
    if given := os.environ.get("COURSE_CACHE"):
        return Path(given)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "neurons-up"


def of_lesson(lesson: book.Lesson) -> str:
    """Digest what a lesson's outputs depend on: its code, its exercises, the package, the libraries."""
    code = [(cell.id, cell.source) for cell in notebooks.read_cells(lesson.path) if cell.kind == "code"]
    return fingerprint((exercise.path for exercise in lesson.exercises), code)


def fingerprint(files: Iterable[Path], more: object = None, *, look: bool = False) -> str:
    """Digest some files, the package and its libraries: equal as long as what is made from them would be.

    Args:
        files: what it is made from.
        more: other things that it depends on, as JSON takes them.
        look: does it depend on how pages look, too?
    """
    digest = hashlib.sha256(json.dumps([*_libraries(), more]).encode())
    digest.update(_package(() if look else _NOT_USED))
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


@functools.cache
def _libraries() -> list[str]:
    return [version("numpy"), version("matplotlib")]


@functools.cache
def _package(without: tuple[str, ...]) -> bytes:
    root = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for file in sorted(root.rglob("*")):
        part = file.relative_to(root).parts
        if file.is_file() and part[0] not in (*without, "_book") and "__pycache__" not in part:
            digest.update(str(part).encode() + file.read_bytes())
    return digest.digest()
