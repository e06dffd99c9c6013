"""A right answer is right in every spelling: each reference, rewritten in many ways, earns its points in the sandbox."""

import ast

import pytest
from grading import graded, notebook, submission
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from course import book, notebooks
from course.exercises import definition

COURSE = book.load()
LESSONS = {lesson.slug: lesson for lesson in COURSE.lessons if lesson.path.exists()}


def set_up(lesson):
    """Return the lesson's own first cells."""
    return [(cell.id, cell.source) for cell in notebooks.read_cells(lesson.path) if "setup" in cell.tags]


def functions_only(found):
    """Tell whether it is a function that another may stand in for: no class, and nothing that must be compiled itself."""
    return found.parameters != () and not found.sources[found.name].startswith("@")


def returns_plain(found):
    """Tell whether the result itself is compared, so that a list will do for an array."""
    return functions_only(found) and found.observe_source is None


class _Renamed(ast.NodeTransformer):
    def __init__(self, names):
        self.names = names

    def visit_Name(self, node):
        node.id = self.names.get(node.id, node.id)
        return node

    def visit_arg(self, node):
        node.arg = self.names.get(node.arg, node.arg)
        return node


def as_it_stands(found, source):
    return [(found.name, source)]


def helper_elsewhere(found, source):
    """The work is done by a function of another name, in a cell that was added below."""
    name = found.name
    call = f"def {name}(*values):\n    return {name}_helper(*values)"
    tree = ast.parse(source)
    tree.body[0].name = f"{name}_helper"
    return [(name, call), (f"added-{name}", ast.unparse(tree))]


def other_names(found, source):
    """All local names are others, numpy is called xp, comments are gone and a docstring and hints of types are there."""
    tree = ast.parse(source)
    stored = [n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    stored += [n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)]
    names = {name: f"value_{i}" for i, name in enumerate(dict.fromkeys(stored))} | {"np": "xp"}
    tree = _Renamed(names).visit(tree)
    function = tree.body[0]
    function.body.insert(0, ast.parse('"""My own words."""').body[0])
    for argument in function.args.args:
        argument.annotation = ast.parse("xp.ndarray | float", mode="eval").body
    return [(found.name, "import numpy as xp\n\n" + ast.unparse(tree))]


def prints(found, source):
    """It prints a lot, warns, and writes to standard error."""
    say = "    import sys, warnings\n    print('checking', values)\n    print('x' * 100_000)\n"
    say += "    warnings.warn('a warning')\n    sys.stderr.write('noise')\n    np.log(np.zeros(1))\n"
    return [
        (
            found.name,
            f"{source}\n\n_{found.name} = {found.name}\n\ndef {found.name}(*values):\n{say}    return _{found.name}(*values)",
        )
    ]


def wrapped(change):
    def spelling(found, source):
        name = found.name
        return [
            (
                name,
                f"{source}\n\n_{name} = {name}\n\ndef {name}(*values):\n    return turned(_{name}(*values))",
            ),
            (f"added-{name}", change),
        ]

    return spelling


LISTS = wrapped("""
def turned(value):
    if isinstance(value, tuple):
        return [turned(item) for item in value]
    return value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value
""")
TUPLES = wrapped("""
def turned(value):
    if isinstance(value, (list, tuple)):
        return tuple(turned(item) for item in value)
    return turned(value.tolist()) if isinstance(value, np.ndarray) else value
""")
FLOAT32 = wrapped("""
def turned(value):
    if isinstance(value, tuple):
        return tuple(turned(item) for item in value)
    if isinstance(value, np.ndarray) and value.dtype == np.float64:
        return value.astype(np.float32)
    return np.float32(value) if isinstance(value, (float, np.float64)) else value
""")
COLUMN_MAJOR = wrapped("""
def turned(value):
    if isinstance(value, tuple):
        return tuple(turned(item) for item in value)
    return np.asfortranarray(value) if isinstance(value, np.ndarray) and value.ndim > 1 else value
""")


def wrong_before(found, source):
    """An earlier attempt stands in the same cell; the last one counts."""
    return [(found.name, f"def {found.name}(*values):\n    return 'later'\n\n{source}")]


def magics(found, source):
    """IPython's magics, shell lines and questions stand around it."""
    return [(found.name, f"%matplotlib inline\n!ls\nnp.exp?\n{source}\n%timeit 1 + 1")]


def broken_neighbours(found, source):
    """Other cells are broken, raise, exit or use what does not exist."""
    return [
        (f"added-{found.name}-1", "def broken(:"),
        (f"added-{found.name}-2", "import no_such_module\nx = 1 / 0\ny = undefined"),
        (f"added-{found.name}-3", "import sys\nz = sys.exit(1)"),
        (found.name, source),
    ]


def lambda_of_it(found, source):
    name = found.name
    return [(name, f"{source}\n\n{name} = (lambda inner: lambda *values: inner(*values))({name})")]


SPELLINGS = {
    "as it stands": (as_it_stands, lambda found: True),
    "helper elsewhere": (helper_elsewhere, functions_only),
    "other names": (other_names, functions_only),
    "prints and warns": (prints, functions_only),
    "lists for arrays": (LISTS, returns_plain),
    "tuples for arrays": (TUPLES, returns_plain),
    "float32": (FLOAT32, returns_plain),
    "column-major": (COLUMN_MAJOR, functions_only),
    "wrong before": (wrong_before, functions_only),
    "magics": (magics, lambda found: True),
    "broken neighbours": (broken_neighbours, lambda found: True),
    "lambda": (lambda_of_it, functions_only),
}


def spelled(lesson, chosen):
    """Return the cells of a solved lesson, each answer in the spelling chosen for it, or as it stands where that does not
    apply."""
    cells = set_up(lesson)
    for exercise, name in zip(lesson.exercises, chosen, strict=True):
        found = definition.load(exercise.path)
        rewrite, applies = SPELLINGS[name]
        cells += (rewrite if applies(found) else as_it_stands)(found, found.sources[exercise.name])
    return cells


def assert_full_marks(rows):
    for row in rows:
        assert (row.verdict, row.points) == ("passed", row.max_points), f"{row.learner}: {row}"


@pytest.mark.parametrize("slug", LESSONS)
def test_every_answer_is_right_in_every_spelling(slug, tmp_path):
    lesson = LESSONS[slug]
    submissions = []
    for name in SPELLINGS:
        cells = spelled(lesson, [name] * len(lesson.exercises))
        submissions.append(submission(notebook(tmp_path / f"{name}.ipynb", cells), slug))
    rows = graded(submissions, [lesson], tmp_path / "out")
    assert len(rows) == len(SPELLINGS) * len(lesson.exercises)
    assert_full_marks(rows)


@settings(max_examples=10, phases=[Phase.generate])  # a failing example tells enough, and grading is slow
@given(data=st.data(), seed=st.integers(0, 2**31))
def test_spellings_of_one_lesson_do_not_disturb_each_other(data, seed, tmp_path_factory):
    folder = tmp_path_factory.mktemp("mixed")
    lesson = LESSONS[data.draw(st.sampled_from(sorted(LESSONS)))]
    chosen = [data.draw(st.sampled_from(sorted(SPELLINGS))) for _ in lesson.exercises]
    path = notebook(folder / "mixed.ipynb", spelled(lesson, chosen))
    assert_full_marks(graded([submission(path, lesson.slug)], [lesson], folder / "out", seed=seed))


LOOPS = {
    "mse": """
def mse(predicted, target):
    total = 0.0
    for p, a in zip(predicted, target):
        total += (float(p) - float(a)) ** 2
    return total / len(predicted)
""",
    "softmax": """
def softmax(scores):
    rows = []
    for row in scores:
        largest = max(row)
        powers = [math.exp(score - largest) for score in row]
        rows.append([power / sum(powers) for power in powers])
    return rows
""",
    "relu": """
def relu(x):
    x = np.asarray(x)
    out = np.zeros(x.shape)
    for place in np.ndindex(*x.shape):
        if x[place] > 0:
            out[place] = x[place]
    return out
""",
    "one_hot": """
def one_hot(labels, classes):
    return [[1.0 if column == label else 0.0 for column in range(classes)] for label in labels]
""",
    "accuracy": """
def accuracy(scores, labels):
    hits = 0
    for row, label in zip(scores, labels):
        best = 0
        for column in range(len(row)):
            if row[column] > row[best]:
                best = column
        hits += int(best == label)
    return hits / len(labels)
""",
}


@pytest.mark.parametrize("name", LOOPS)
def test_a_loop_in_plain_python_is_as_good(name, tmp_path):
    exercise = COURSE.exercise(name)
    lesson = LESSONS[exercise.lesson]
    found = definition.load(exercise.path)
    path = notebook(tmp_path / "loops.ipynb", [*set_up(lesson), ("c2", "import math"), (name, LOOPS[name])])
    row = next(
        row
        for row in graded([submission(path, lesson.slug)], [lesson], tmp_path / "out")
        if row.exercise == name
    )
    assert row.verdict == "passed", (found.parameters, row)
