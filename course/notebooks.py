"""Notebooks: read, tidy, run, take answers out, put solutions in. The only user of nbformat and nbclient.

Reading for a check needs neither, so that ``course check`` starts fast: they load when first needed.
"""

import ast
import itertools
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

from course import book
from course.errors import CourseError
from course.exercises import definition

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
IMAGES = ("image/png", "image/jpeg", "image/svg+xml", "application/vnd.jupyter.widget-view+json")


@dataclass(frozen=True)
class Cell:
    """One cell of a notebook, or a whole .py file."""

    id: str
    kind: str
    source: str
    tags: tuple[str, ...] = ()


def read_cells(path: Path) -> list[Cell]:
    """Read the cells of a notebook of any format.

    Raises:
        CourseError: if the file can't be read or is no notebook.
    """
    content = _read_json(path)
    if content.get("nbformat") != 4:
        content = _upgrade(path, content)
    try:
        return [_cell(cell, number) for number, cell in enumerate(content["cells"], 1)]
    except (KeyError, TypeError, AttributeError):
        raise CourseError(f"{path.name} is JSON, but no notebook: wanted a list of cells.{_NEXT}") from None


_NEXT = " Open it in JupyterLab, or take a fresh copy with `course start`."


def _read_json(path: Path) -> dict:
    if not path.exists():
        raise CourseError(f"There is no file {path}.")
    if path.is_dir():
        raise CourseError(f"{path} is a folder; wanted is a notebook or a .py file.")
    try:
        content = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise CourseError(f"{path} can't be read: {error.strerror}.") from None
    except (ValueError, RecursionError) as error:
        raise CourseError(
            f"{path.name} is not a notebook: it is not JSON ({_short(error)}).{_NEXT}"
        ) from None
    if not isinstance(content, dict) or not ({"cells", "worksheets"} & set(content)):
        raise CourseError(f"{path.name} is JSON, but no notebook: wanted a list of cells.{_NEXT}")
    return content


def _short(error: Exception) -> str:
    return str(error).partition(": line")[0][:80]


def _upgrade(path: Path, content: dict) -> dict:
    import nbformat

    try:
        return nbformat.convert(nbformat.from_dict(content), 4)
    except Exception as error:  # nbformat raises many kinds for a broken notebook
        raise CourseError(
            f"{path.name} is a notebook of a format that can't be read: {_short(error)}.{_NEXT}"
        ) from None


def _cell(cell: dict, number: int) -> Cell:
    source = cell["source"]
    source = "".join(source) if isinstance(source, list) else source + ""  # a TypeError if it is no text
    tags = cell.get("metadata", {}).get("tags", [])
    return Cell(str(cell.get("id", number)), cell["cell_type"], source, tuple(tags))


def code_cells(cells: list[Cell], shipped: set[str]) -> list[tuple[str, str, bool]]:
    """Return ``(label, source, whole)`` of each code cell, as the child program takes them.

    A shipped cell is called by its id, another by its number. Of exercise, set-up and added cells all assignments run;
    of the lesson's own cells the cheap ones, for they may train a net.
    """
    found = []
    for number, cell in enumerate(cells, 1):
        if cell.kind == "code":
            known = cell.id in shipped
            whole = not known or bool({"exercise", "setup"} & set(cell.tags))
            found.append((cell.id if known else str(number), cell.source, whole))
    return found


def read(path: Path):
    """Read a notebook as an nbformat node of the newest version.

    Raises:
        CourseError: if the file can't be read or is no notebook.
    """
    import warnings

    import nbformat

    read_cells(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # missing ids; tidy gives them
        return nbformat.reads(path.read_bytes().decode("utf-8-sig"), as_version=4)


def write(nb, path: Path) -> None:
    """Write a notebook as a whole or not at all."""
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(dumps(nb), encoding="utf-8", newline="\n")
    os.replace(fresh, path)


def dumps(nb) -> str:
    """Return the text that nbformat would write: keys sorted, one space of indent, one newline at the end."""
    import nbformat

    return nbformat.writes(nb, version=nbformat.NO_CONVERT).rstrip("\n") + "\n"


def tidy(nb):
    """Return a copy as lessons are stored: fixed ids, counts 1..n, text outputs, no image bytes, no other metadata."""
    import copy

    nb = copy.deepcopy(nb)
    nb.nbformat, nb.nbformat_minor = 4, 5
    nb.metadata.clear()
    nb.metadata.update({"kernelspec": dict(KERNEL), "language_info": {"name": "python"}})
    given = {cell.get("id") for cell in nb.cells}
    taken: set[str] = set()
    count = 0
    for number, cell in enumerate(nb.cells, 1):
        tags = cell.metadata.get("tags", [])
        cell.metadata.clear()
        if tags:
            cell.metadata["tags"] = tags
        if not cell.get("id") or cell.id in taken:
            names = (f"cell-{n}" for n in itertools.count(number))
            cell.id = next(name for name in names if name not in given | taken)
        taken.add(cell.id)
        cell.source = cell.source.strip("\n")
        cell.pop("attachments", None)
        if cell.cell_type == "code":
            count += 1
            _tidy_outputs(cell, count)
    return nb


def _tidy_outputs(cell, count: int) -> None:
    cell.execution_count = count
    merged: list = []
    for output in cell.outputs:
        if "execution_count" in output:
            output.execution_count = count
        if "data" in output:
            output.metadata = {}
            for kind in IMAGES:
                output.data.pop(kind, None)
            if not output.data:
                continue
        streams = output.output_type == "stream" and merged and merged[-1].output_type == "stream"
        if streams and merged[-1].name == output.name:
            merged[-1].text += output.text
        else:
            merged.append(output)
    cell.outputs = merged


def run(nb, folder: Path, seconds: int = 120):
    """Return an executed copy.

    Args:
        nb: the notebook.
        folder: where its kernel runs.
        seconds: the most that one cell may take.

    Raises:
        CourseError: if a cell raises or takes too long; the message names it.
    """
    import copy

    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError

    nb = copy.deepcopy(nb)
    client = NotebookClient(
        nb, timeout=seconds, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    )
    try:
        client.execute()
    except CellExecutionError as error:
        cell = next(c for c in nb.cells if any(o.output_type == "error" for o in c.get("outputs", [])))
        raise CourseError(f"Cell '{cell.id}' raised {error.ename}: {error.evalue}") from None
    except CellTimeoutError:
        raise CourseError(f"A cell took more than {seconds} seconds.") from None
    return nb


def starter(lesson: book.Lesson, name: str) -> str:
    """Return the source of an exercise's cell as shipped.

    Raises:
        CourseError: if the lesson has no such cell.
    """
    for cell in read_cells(lesson.path):
        if cell.id == name:
            return cell.source
    raise CourseError(f"Lesson {lesson.stem} has no cell '{name}'.")


def splice(nb, lesson: book.Lesson):
    """Return a copy with the reference answers in place of the starters."""
    import copy

    nb = copy.deepcopy(nb)
    answers = {exercise.name: exercise for exercise in lesson.exercises}
    for cell in nb.cells:
        if cell.get("id") in answers and cell.cell_type == "code":
            found = definition.load(answers[cell.id].path)
            cell.source = replace_definition(cell.source, cell.id, found.sources[cell.id])
    return nb


def replace_definition(source: str, name: str, fresh: str) -> str:
    """Replace the function or class ``name`` of a cell, keeping the lines around it.

    Raises:
        CourseError: if the cell does not define it.
    """
    node = find_definition(source, name)
    if node is None:
        raise CourseError(f"The cell '{name}' defines no {name}.")
    lines = source.splitlines()
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return "\n".join([*lines[: first - 1], fresh, *lines[node.end_lineno :]])


def find_definition(source: str, name: str) -> ast.FunctionDef | ast.ClassDef | None:
    """Return the last top-level function or class ``name`` of a source, or None."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return None
    found = [n for n in body if isinstance(n, ast.FunctionDef | ast.ClassDef) and n.name == name]
    return found[-1] if found else None


def defined_names(source: str) -> list[str]:
    """Return the names of functions and classes at column 0, also where the source does not parse."""
    return re.findall(r"(?m)^(?:def|class)\s+(\w+)", source)
