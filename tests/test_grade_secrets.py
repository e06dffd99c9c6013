"""What a learner's own code says about a private trial reaches the teacher, and never the learner."""

import re

import pytest
from click.testing import CliRunner
from grading import graded, notebook, submission

from course.cli import main
from course.exercises import definition
from course.grading import feedback, own

EXERCISE = '''"""Give a piece of data."""

import numpy as np

MINUTES, LEVEL, POINTS = 2, 1, 1
HINTS = ("One.", "Two.", "Three.")


def {name}(x):
    return {answer}


def trials(rng):
    yield "private", rng.uniform(0.1, 0.9, size=3)
    yield "private too", rng.uniform(0.1, 0.9, size=2)
'''
ANSWERS = {"number": "2 * x", "word": "'yes' if x[0] < 2 else 'no'", "table": "{'a': x, 'b': x}"}
DIGITS = "digits = str(x[0])[2:9]"
RAISED = "It raised ValueError. That was in line 3 of its cell."

# The exercise, what a learner writes for it, and what they are told.
LEAKS = {
    "in an error's message": ("number", "raise ValueError(digits)", RAISED),
    "in the name of an error": ("number", "raise type('E' + digits, (ValueError,), {})()", RAISED),
    "in a base's name": (
        "number",
        "raise type('E', (type('B' + digits, (Exception,), {}),), {})(digits)",
        "It raised Exception. That was in line 3 of its cell.",
    ),
    "with advice": (
        "number",
        "raise ValueError('could not be broadcast ' + digits)",
        "ValueError: could not be broadcast. The shapes don't fit. Print both: which axis should have which length? "
        "That was in line 3 of its cell.",
    ),
    "as a name that is not defined": (
        "number",
        "return eval('n' + digits)",
        "NameError: a name is not defined. A check sees this cell, and what other cells import or define with `def`, but "
        "not their data: define it in this cell, or take it as an argument. That was in line 3 of its cell.",
    ),
    "as a function that is not written": (
        "number",
        "exec(f'def f{digits}(): raise NotImplementedError', globals())\n    return eval(f'f{digits}()')",
        "Your code calls another function, which is not written yet.",
    ),
    "in the name of a class": (
        "number",
        "return type('C' + digits, (), {})()",
        "It returned something that is neither numbers nor text, nor a list, tuple or dict of these.",
    ),
    "in a shape": (
        "number",
        "return np.zeros((0, int(digits)))",
        "The result has another form than the one wanted.",
    ),
    "in axes": (
        "number",
        "return np.zeros((0, *map(int, digits)))",
        "The result has another form than the one wanted.",
    ),
    "in a length": (
        "table",
        "return [None] * int(digits[:5])",
        "The result has another form than the one wanted.",
    ),
    "in a text": ("word", "return digits", "It returned another text than the one wanted."),
    "in keys": ("table", "return {digits: x}", "Its keys are not the ones wanted."),
    "in a name of NumPy's": (
        "number",
        "name = f'n{KEPT.setdefault(0, digits)}'\n    vars(np)[name] = x\n    return x",
        "Every value is 0.5 times what it should be.",
    ),
    "in a note of its own making": (
        "number",
        "forge(value=None, notes=[digits])\n    return 2 * x",
        "It returned None. Is the `return` missing, or inside a branch that was not taken?",
    ),
    "in a note, the function gone": (
        "number",
        "forge(stopped='missing', notes=[digits])\n    return 2 * x",
        "No function number was found.",
    ),
    "in an error of its own making": (
        "number",
        "forge(error=dict.fromkeys(('kind', 'message', 'where', 'code'), digits) | {'kinds': [digits]})\n    return 2 * x",
        "It raised Exception.",
    ),
    "in inputs that it says it changed": (
        "number",
        "forge(changed=[*map(int, digits), 0])\n    return 2 * x",
        "It changed its input (x). Work on a copy, or build a new array.",
    ),
}
# The leaks that stay out of the row, too.
NOT_IN_THE_ROW = ("in inputs that it says it changed",)
MOODLE = (
    "Identifier,Full name,Email address,Status,Grade,Maximum grade,Grade can be changed,Feedback comments\n"
    "Participant 1,Ana,ana,Submitted,,3.00,Yes,\n"
)
# From the second trial on, the reply is another.
FORGE = """
import sys
import numpy as np

KEPT = {}

def forge(**more):
    wire = sys.modules["_wire"]
    send = wire.send
    wire.send = lambda stream, data: send(stream, {**data, **more})
"""


@pytest.fixture
def taught(tmp_path):
    """Return a teacher's own, unpublished lesson."""
    folder = tmp_path / "own" / "exam"
    folder.mkdir(parents=True)
    for name, answer in ANSWERS.items():
        (folder / f"{name}.py").write_text(EXERCISE.format(name=name, answer=answer), encoding="utf-8")
    return own.load(tmp_path / "own").lesson("exam")


@pytest.mark.parametrize("leak", LEAKS)
def test_a_learner_is_told_nothing_of_a_private_trial(leak, taught, tmp_path):
    name, body, told = LEAKS[leak]
    path = tmp_path / "ana.ipynb"
    notebook(path, [("tools", FORGE), (name, f"def {name}(x):\n    {DIGITS}\n    {body}\n")])
    rows = graded([submission(path, "exam")], [taught], tmp_path / "out")
    row = next(row for row in rows if row.exercise == name)
    assert feedback.told(row) == told
    # The leak is real: the teacher sees what it was.
    exercise = next(e for e in taught.exercises if e.name == name)
    secrets = [str(trial.args[0][0])[2:9] for trial in definition.load(exercise.path).draw(row.seed)]
    if leak not in NOT_IN_THE_ROW:
        assert any(secret[:5] in re.sub(r"\D", "", row.message) for secret in secrets)


def test_nor_by_pages_and_exports(taught, tmp_path):
    out, work = tmp_path / "out", tmp_path / "work"
    work.mkdir()
    source = "def number(x):\n    raise ValueError('leak')\n"
    (work / "ana.py").write_text(source, encoding="utf-8")
    (tmp_path / "moodle.csv").write_text(MOODLE, encoding="utf-8")

    def course(*arguments):
        done = CliRunner().invoke(main, [str(part) for part in arguments], catch_exceptions=False)
        assert done.exit_code in (0, 1), done.output
        return done.output

    course("grade", work, "--out", out, "--solutions", taught.exercises[0].path.parents[1], "--unsafe")
    course("export", "grades", out, "--format", "gradescope")
    course("export", "grades", out, "--format", "moodle", "--into", tmp_path / "moodle.csv")
    handed_out = [*(out / "feedback").iterdir(), out / "gradescope" / "ana.json", out / "moodle.csv"]
    assert len(handed_out) == 4
    for path in handed_out:
        text = path.read_text(encoding="utf-8-sig")
        assert "It raised ValueError. That was in line 2 of its cell." in text, path
        assert "leak" not in text, path
    assert "ValueError: leak\nThe learner is told: It raised" in course(
        "explain", out, "ana", "number", "--unsafe"
    )
