"""Lessons with their figures: executed when the site is built, and kept until something that they use changes."""

import functools
import hashlib
import json
import os
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from course import book, notebooks

_NOT_USED = ("site", "grading")  # parts of the package on which no output depends


def executed(lesson: book.Lesson, *, again: bool = False):
    """Return the lesson as a notebook with all its outputs.

    Args:
        lesson: which one.
        again: run it even if a kept copy would do.
    """
    import nbformat

    kept = cache() / f"{lesson.stem}-{_fingerprint(lesson)}.ipynb"
    if not kept.exists() or again:
        nb = notebooks.run(notebooks.read(lesson.path), lesson.path.parent)
        kept.parent.mkdir(parents=True, exist_ok=True)
        for old in kept.parent.glob(f"{lesson.stem}-*.ipynb"):
            old.unlink()
        notebooks.write(nb, kept)
    return nbformat.read(kept, as_version=4)


def cache() -> Path:
    """Return the folder for what need not be made again; ``COURSE_CACHE`` names another."""
    if given := os.environ.get("COURSE_CACHE"):
        return Path(given)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "neurons-up"


def _fingerprint(lesson: book.Lesson) -> str:
    """Digest what a lesson's outputs depend on: its code, its exercises, the package, the libraries."""
    code = [(cell.id, cell.source) for cell in notebooks.read_cells(lesson.path) if cell.kind == "code"]
    return fingerprint((exercise.path for exercise in lesson.exercises), code)


def fingerprint(files: Iterable[Path], more: object = None) -> str:
    """Digest some files, the package and its libraries: equal as long as what is made from them would be."""
    digest = hashlib.sha256(json.dumps([version("numpy"), version("matplotlib"), more]).encode() + _package())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


@functools.cache
def _package() -> bytes:
    root = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for file in sorted(root.rglob("*")):
        part = file.relative_to(root).parts
        if file.is_file() and part[0] not in (*_NOT_USED, "_book") and "__pycache__" not in part:
            digest.update(str(part).encode() + file.read_bytes())
    return digest.digest()
