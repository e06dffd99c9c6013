"""The learner's folder: make it, bring it up to date, put a starter back, open JupyterLab in it.

A lesson that the learner has touched is never written over. To know which those are, the folder's mark keeps the
hash of every file as it was handed out.
"""

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from course.book import Book, Exercise
from course.errors import CourseError
from course.exercises.progress import MARK

SHADOWING = (
    "course",
    "numpy",
    "matplotlib",
)  # what lessons import; a file of that name would hide the package
GIVEN = "given.json"  # in the mark: {file name: hash of what was handed out}


def update(book: Book, folder: Path) -> list[str]:
    """Bring the lessons of ``book`` into ``folder``, which is made if need be; return what was done, line by line.

    A lesson as it was handed out is replaced by its new version. Beside a lesson that was changed, the new version
    is put as ``NAME.new.ipynb``.

    Raises:
        CourseError: if the folder can't be used; the message says why.
    """
    _refuse_odd(book, folder)
    try:
        (folder / MARK).mkdir(parents=True, exist_ok=True)
        given = _read_given(folder)
        said = [
            line
            for lesson in book.lessons
            if lesson.path.exists()
            for line in _hand_out(lesson.path.read_bytes(), folder / lesson.path.name, given)
        ]
        _replace(folder / MARK / GIVEN, json.dumps(given, indent=1, sort_keys=True).encode() + b"\n")
    except OSError as error:
        raise CourseError(
            f"{folder} can't be used for your lessons: {error.strerror or error}. "
            "Choose a folder that you may write to: course start DIR."
        ) from error
    return said


def warnings(folder: Path) -> list[str]:
    """Name what stands in the folder and would break the lessons."""
    return [
        f"{path} hides the package '{name}' from your notebooks: `from course import check` would find it instead. "
        "Rename it, or move it elsewhere."
        if name == "course"
        else f"{path} hides the package '{name}' from your notebooks. Rename it, or move it elsewhere."
        for name in SHADOWING
        for path in (folder / f"{name}.py", folder / name)
        if path.exists()
    ]


def open_jupyterlab(folder: Path, notebook: str, *, browser: bool = True) -> int:
    """Run JupyterLab on a notebook of the folder until it is shut down; return its exit status, if it returns.

    Raises:
        CourseError: if JupyterLab is not installed.
    """
    if importlib.util.find_spec("jupyterlab") is None:
        raise CourseError(
            "JupyterLab is not installed beside the course. Install it with\n"
            f"    {sys.executable} -m pip install jupyterlab\n"
            f"or open {folder} in another editor for notebooks, such as VS Code."
        )
    command = [sys.executable, "-m", "jupyterlab", f"--LabApp.default_url=/lab/tree/{quote(notebook)}"]
    command += [] if browser else ["--no-browser"]
    command += ["--allow-root"] if is_root() else []
    os.chdir(folder)
    sys.stdout.flush()
    if sys.platform != "win32":
        os.execv(sys.executable, command)  # JupyterLab takes the place of this process, and gets its signals
    return subprocess.call(command)


def is_root() -> bool:
    """Tell whether this runs with all rights, which JupyterLab refuses unless told otherwise."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def reset(book: Book, exercise: Exercise, folder: Path) -> tuple[Path, Path | None]:
    """Put the starter of an exercise back into the learner's notebook.

    Returns:
        The notebook, and the file beside it that keeps the attempt (None if there was nothing to keep).

    Raises:
        CourseError: if the folder has no notebook of that lesson.
    """
    from course import notebooks

    lesson = book.lesson(exercise.lesson)
    path = folder / lesson.path.name
    if not path.exists():
        raise CourseError(
            f"There is no {path.name} in {folder}, so there is nothing to reset. "
            "Go to the folder that `course start` made, or run `course start` to get the lesson back."
        )
    nb = notebooks.read(path)
    starter = next(cell for cell in notebooks.read(lesson.path).cells if cell.id == exercise.name)
    number = _find_cell(nb, exercise.name)
    if number is None:
        nb.cells.insert(_below_task(nb, exercise.name), starter)
        attempt = ""
    else:
        attempt, nb.cells[number] = nb.cells[number].source.strip(), starter
    if attempt == starter.source.strip():
        return path, None
    kept = _keep(attempt, folder, exercise.name) if attempt else None
    notebooks.write(nb, path)
    return path, kept


def _find_cell(nb, name: str) -> int | None:
    """Return the place of the exercise's own cell, else of the last one that defines it."""
    from course import notebooks

    code = [(i, cell) for i, cell in enumerate(nb.cells) if cell.cell_type == "code"]
    own = [i for i, cell in code if cell.get("id") == name]
    defining = [i for i, cell in code if name in notebooks.defined_names(cell.source)]
    return next(iter([*own, *reversed(defining)]), None)


def _below_task(nb, name: str) -> int:
    ids = [cell.get("id") for cell in nb.cells]
    return ids.index(f"{name}-task") + 1 if f"{name}-task" in ids else len(ids)


def _keep(source: str, folder: Path, name: str) -> Path:
    number = next(n for n in range(1, 10_000) if not (folder / f"{name}-attempt-{n}.py").exists())
    path = folder / f"{name}-attempt-{number}.py"
    path.write_text(source + "\n", encoding="utf-8")
    return path


def _refuse_odd(book: Book, folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise CourseError(
            f"{folder} is a file; wanted is a folder for your lessons, as in: course start my-course."
        )
    own = [book.root, *(book.root / name for name in ("lessons", "solutions", "course"))]
    if folder.resolve() in own:
        raise CourseError(
            f"{folder} holds the course itself; your work would get mixed up with it. "
            "Choose another folder, as in: course start my-course."
        )


def _hand_out(fresh: bytes, path: Path, given: dict[str, str]) -> Iterator[str]:
    """Bring one lesson to ``path``, or beside it, and say so where anything was done."""
    known = given.get(path.name)
    if not path.exists():
        _replace(path, fresh)
        yield f"{path.name}: {'copied' if known is None else 'it was gone; copied again'}."
    elif _hash(path.read_bytes()) == _hash(fresh) or known == _hash(fresh):
        pass  # up to date, or its learner has changed it since and there is nothing newer
    elif _hash(path.read_bytes()) == known:
        _replace(path, fresh)
        yield f"{path.name}: replaced by its new version (you had not changed it)."
    else:
        beside = _free_name(path, given)
        _replace(beside, fresh)
        given[beside.name] = _hash(fresh)
        yield f"{path.name}: your work stays as it is. There is a new version, put beside it as {beside.name}."
    given[path.name] = _hash(fresh)


def _free_name(path: Path, given: dict[str, str]) -> Path:
    """Return the first of ``NAME.new.ipynb``, ``NAME.new2.ipynb`` ... that holds nobody's work."""
    for number in range(1, 10_000):
        beside = path.with_suffix(f".new{number if number > 1 else ''}.ipynb")
        if not beside.exists() or _hash(beside.read_bytes()) == given.get(beside.name):
            return beside
    raise CourseError(f"There are too many files like {beside.name}: delete those that you don't need.")


def _read_given(folder: Path) -> dict[str, str]:
    """Read the mark; one that is lost or damaged makes every lesson count as changed, which loses nothing."""
    try:
        given = json.loads((folder / MARK / GIVEN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return given if isinstance(given, dict) else {}


def _replace(path: Path, content: bytes) -> None:
    """Write a file as a whole or not at all."""
    fresh = path.with_name(f".{path.name}.part")
    fresh.write_bytes(content)
    os.replace(fresh, path)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
