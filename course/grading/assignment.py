"""Lessons as assignments of other graders: source notebooks for nbgrader and otter, a zip for Gradescope.

nbgrader and otter judge inside the learner's own kernel, so that their grades can be forged; the zip for Gradescope runs
our own grader in Gradescope's container.
"""

import ast
import copy
import io
import json
import zipfile
from pathlib import Path

from course import book, notebooks
from course.book import Book, Exercise, Lesson
from course.errors import CourseError
from course.exercises import definition
from course.grading.points import Points

DEMAND = "from course.exercises.learner import demand"
NEEDS = (
    "numpy>=2.0",
    "numba>=0.60",
    "click>=8.1",
    "rich>=13.7",
    "filelock>=3.13",
    "nbformat>=5.9",
    "pyyaml>=6.0",
)
_LIKE_1980 = (1980, 1, 1, 0, 0, 0)  # equal contents make equal zips


def nbgrader(lesson: Lesson, points: Points, seed: int):
    """Return a lesson as a source notebook for ``nbgrader generate_assignment``.

    Each exercise becomes an answer cell, whose body stands between nbgrader's marks, and a test cell: the public trials,
    and hidden ones drawn from the seed. A starter that is code to repair, or a class, stays as it is.
    """
    nb = copy.deepcopy(notebooks.read(lesson.path))
    exercises = {exercise.name: exercise for exercise in lesson.exercises}
    cells = []
    for cell in nb.cells:
        cells.append(cell)
        cell.pop("outputs", None) if cell.cell_type != "code" else cell.update(
            outputs=[], execution_count=None
        )
        if cell.cell_type == "code" and cell.id in exercises:
            found = definition.load(exercises[cell.id].path)
            marked = _between_marks(cell.source, found)
            cell.source = marked or cell.source
            if marked:
                cell.metadata["nbgrader"] = _about(cell.id, solution=True)
            cells.append(_nbgrader_test(exercises[cell.id], _worth(exercises[cell.id], points), seed))
    nb.cells = cells
    return nb


def _about(name: str, *, solution: bool = False, points: float | None = None) -> dict:
    about = {"schema_version": 3, "grade_id": name, "solution": solution, "task": False}
    graded = points is not None
    return {**about, "grade": graded, "locked": graded, **({"points": points} if graded else {})}


def _nbgrader_test(exercise: Exercise, points: float, seed: int):
    from nbformat.v4 import new_code_cell

    name = exercise.name
    visible, hidden = _demands(exercise, seed)
    lines = [DEMAND, "", *visible, "### BEGIN HIDDEN TESTS", *hidden, "### END HIDDEN TESTS"]
    about = {"nbgrader": _about(f"{name}-test", points=points)}
    return new_code_cell("\n".join(lines), id=f"{name}-test", metadata=about)


def _demands(exercise: Exercise, seed: int) -> tuple[list[str], list[str]]:
    """Return the lines of the visible and of the hidden test; of a teacher's own exercise learners have no trials."""
    name = exercise.name
    public = book.load().exercises.get(name)
    if public and public.path.resolve() == exercise.path.resolve():
        return [f"demand({name})"], [f"demand({name}, seed={seed})"]
    return [], [f"demand({name}, seed={seed}, path={str(exercise.path.resolve())!r})"]


def _between_marks(starter: str, found: definition.Definition) -> str:
    """Return the starter with the reference's body between nbgrader's marks; '' if it isn't a function still to write."""
    node, answer = notebooks.find_definition(starter, found.name), found.sources[found.name]
    if (
        not isinstance(node, ast.FunctionDef)
        or not isinstance(node.body[-1], ast.Raise)
        or len(node.body) > 2
    ):
        return ""
    lines = starter.splitlines()
    stub = node.body[-1]
    body = ["    ### BEGIN SOLUTION", *_body(answer, found.name), "    ### END SOLUTION"]
    return "\n".join([*lines[: stub.lineno - 1], *body, *lines[stub.end_lineno :]])


def _body(source: str, name: str) -> list[str]:
    """Return the lines of a function's body, without its docstring."""
    node = notebooks.find_definition(source, name)
    assert isinstance(node, ast.FunctionDef)
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return source.splitlines()[body[0].lineno - 1 : node.end_lineno]


def otter(lesson: Lesson, points: Points, seed: int):
    """Return a lesson as a source notebook for ``otter assign``: starter, solution and tests of each exercise."""
    nb = copy.deepcopy(notebooks.read(lesson.path))
    exercises = {exercise.name: exercise for exercise in lesson.exercises}
    config = f"# ASSIGNMENT CONFIG\nname: {lesson.slug}\nexport_cell: false\nsolutions_pdf: false\ntemplate_pdf: false"
    cells = [_raw(config)]
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.update(outputs=[], execution_count=None)
        if cell.cell_type == "code" and cell.id in exercises:
            cells += _question(cell, exercises[cell.id], points, seed)
        else:
            cells.append(cell)
    nb.cells = cells
    return nb


def _question(cell, exercise: Exercise, points: Points, seed: int) -> list:
    from nbformat.v4 import new_code_cell

    name = exercise.name
    answer = definition.load(exercise.path).sources[name]
    visible, hidden = _demands(exercise, seed)
    cell.source = _with_answer_below(cell.source, name, answer)
    return [
        _raw(f"# BEGIN QUESTION\nname: {name}\npoints: {_worth(exercise, points)}"),
        _raw("# BEGIN SOLUTION"),
        cell,
        _raw("# END SOLUTION"),
        _raw("# BEGIN TESTS"),
        *([new_code_cell("\n".join([DEMAND, *visible]))] if visible else []),
        new_code_cell("\n".join(["# HIDDEN", DEMAND, *hidden])),
        _raw("# END TESTS"),
        _raw("# END QUESTION"),
    ]


def _with_answer_below(starter: str, name: str, answer: str) -> str:
    """Return the starter with the reference below it, between marks that otter strips with all that they hold."""
    node = notebooks.find_definition(starter, name)
    if node is None:
        raise CourseError(f"The cell '{name}' defines no {name}.")
    lines = starter.splitlines()
    solution = ["# BEGIN SOLUTION NO PROMPT", *answer.splitlines(), "# END SOLUTION"]
    return "\n".join([*lines[: node.end_lineno], *solution, *lines[node.end_lineno :]])


def _raw(source: str):
    from nbformat.v4 import new_raw_cell

    return new_raw_cell(source)


def _worth(exercise: Exercise, points: Points) -> float:
    return points.points.get(exercise.name, definition.load(exercise.path).points)


def gradescope(lesson: Lesson, course: Book, points: Points, seed: int) -> bytes:
    """Return an autograder zip for Gradescope: this package, the book, and the two scripts that Gradescope runs."""
    content = io.BytesIO()
    package = Path(book.__file__).resolve().parent
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        _put(file, "setup.sh", _SETUP.format(needs=" ".join(f"'{need}'" for need in NEEDS)), runs=True)
        _put(file, "run_autograder", _RUN, runs=True)
        _put(file, "assignment.json", json.dumps({"lesson": lesson.slug, "seed": seed}) + "\n")
        _put(file, "points.toml", _points_toml(points, lesson))
        for path in _files(package, {".py", ".mplstyle", ".npz", ".txt"}, without=("_book", "site")):
            _put(file, f"course/{path.relative_to(package).as_posix()}", path.read_bytes())
        _put(file, "book/book.toml", (course.root / "book.toml").read_bytes())
        for path in _files(course.root / "lessons", {".ipynb", ".md"}):
            _put(
                file,
                f"book/lessons/{path.relative_to(course.root / 'lessons').as_posix()}",
                path.read_bytes(),
            )
        for exercise in lesson.exercises:
            _put(file, f"solutions/{lesson.slug}/{exercise.name}.py", exercise.path.read_bytes())
    return content.getvalue()


def _files(folder: Path, endings: set[str], without: tuple[str, ...] = ()) -> list[Path]:
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.suffix in endings
        and not ({"__pycache__", ".ipynb_checkpoints", *without} & set(path.relative_to(folder).parts))
    ]


def _put(file: zipfile.ZipFile, name: str, content: str | bytes, *, runs: bool = False) -> None:
    info = zipfile.ZipInfo(name, _LIKE_1980)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = (0o100755 if runs else 0o100644) << 16
    file.writestr(info, content)


def _points_toml(points: Points, lesson: Lesson) -> str:
    """Return what of the teacher's file is about this lesson."""
    own = [f"{e.name} = {points.points[e.name]!r}" for e in lesson.exercises if e.name in points.points]
    weight = [f"{lesson.slug} = {points.weights[lesson.slug]!r}"] if lesson.slug in points.weights else []
    return "\n".join(["[points]", *own, "[weights]", *weight]) + "\n"


_SETUP = """#!/usr/bin/env bash
# Gradescope runs this once, when it builds the container.
set -euo pipefail
apt-get update -qq
apt-get install -qq -y --no-install-recommends bubblewrap libseccomp2 python3-venv || true
for python in python3.13 python3.12 python3.11 python3; do
  if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then break; fi
done
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  apt-get install -qq -y --no-install-recommends python3.11 python3.11-venv
  python=python3.11
fi
"$python" -m venv /autograder/venv
/autograder/venv/bin/pip install --quiet {needs}
"""

_RUN = """#!/usr/bin/env bash
# Gradescope runs this for each submission. AUTOGRADER and COURSE_PYTHON are for trying it elsewhere.
set -euo pipefail
root=${AUTOGRADER:-/autograder}
python=${COURSE_PYTHON:-$root/venv/bin/python}
export PYTHONPATH=$root/source COURSE_BOOK=$root/source/book
exec "$python" -m course.grading.container "$root"
"""
