"""The child program: reads a learner's cells, answers trials, and gives the verdicts that the notebook gives."""

import ast
import dataclasses
import re
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from specimens import load

from course import book, notebooks
from course.exercises import definition
from course.exercises.child import without_magics
from course.exercises.judge import directly, judge
from course.exercises.process import Process

DOUBLE = """
def double(x, factor):
    return factor * x

def trials(rng):
    yield "by hand", np.array([1.0, -2.0]), 2.0
    yield "drawn", rng.normal(size=5), 3.0

@wrong("You forgot the factor.")
def forgets_the_factor(x, factor):
    return x
"""


@pytest.fixture
def double(tmp_path):
    return load(tmp_path, "double", DOUBLE)


def cells_of(*sources):
    return [(str(number), source, True) for number, source in enumerate(sources, 1)]


def judged(exercise, *sources, seconds=20.0):
    with Process(cells_of(*sources), seconds) as process:
        return judge(exercise, process.caller(exercise))


# ----------------------------------------------------------------------------------------- reading the cells


def read(*cells):
    with Process(
        [cell if isinstance(cell, tuple) else (f"c{i}", cell, True) for i, cell in enumerate(cells, 1)]
    ) as p:
        return p


def test_definitions_of_all_cells_share_one_namespace(double):
    assert (
        judged(
            double,
            "import numpy as np",
            "SCALE = 1",
            "def helper(x): return x * SCALE",
            "def double(x, factor): return helper(np.asarray(x)) * factor",
        ).verdict
        == "passed"
    )


def test_a_broken_cell_does_not_take_the_others(double):
    report = judged(
        double,
        "def broken(:",
        "import no_such_module",
        "1 / 0\nBAD = 1 / 0\n\ndef double(x, factor): return x * factor",
    )
    assert report.verdict == "passed"


def test_what_went_wrong_is_told_with_cell_line_and_code():
    process = read("x = 1\ndef broken(:\n    pass", "\nimport no_such_module", "y = x / 0")
    assert [(p["label"], p["line"], p["kind"], p["code"]) for p in process.problems] == [
        ("c1", 2, "SyntaxError", "def broken(:"),
        ("c2", 2, "ModuleNotFoundError", "import no_such_module"),
        ("c3", 1, "NameError", "y = x / 0"),
    ]


def test_a_name_defined_twice_lists_both_cells_and_the_last_counts(double):
    sources = [
        "def double(x, factor): return 0",
        "class Other: pass",
        "def double(x, factor): return x * factor",
    ]
    assert read(*sources).defined == {"double": ["c1", "c3"], "Other": ["c2"]}
    assert judged(double, *sources).verdict == "passed"


def test_only_imports_and_definitions_run(tmp_path, double):
    trace = tmp_path / "trace"
    source = f"open({str(trace)!r}, 'w')\nfor i in range(3): open({str(trace)!r}, 'w')\nprint('hello')\ncheck(double)\n"
    assert judged(double, source + "def double(x, factor): return x * factor").verdict == "passed"
    assert not trace.exists()


def test_of_the_lessons_own_cells_only_cheap_assignments_run():
    cell = "A = np.ones(3)\nB = train()\nC, D = 1, [i ** 2 for i in range(3)]\nf = lambda x: train()\nE: int = 5\n"
    process = read("import numpy as np\ndef train(): return 1 / 0", ("lesson", cell, False))
    assert process.problems == []
    assert set(process.defined) >= {"A", "f", "train"}
    assert "B" not in process.defined
    assert (
        read("import numpy as np\ndef train(): return 1 / 0", ("mine", cell, True)).problems[0]["kind"]
        == "ZeroDivisionError"
    )


def test_course_and_matplotlib_are_inert(double):
    source = """
import matplotlib.pyplot as plt
from course import check, data, hint, plots, predict
from IPython.display import display
plt.style.use("course.figures")
flowers = data.iris()
fig, ax = plt.subplots()
wide = plt.rcParams["figure.figsize"] * 2
"""
    process = read(source)
    assert all("_Inert" in problem["message"] for problem in process.problems)  # what checking leaves out
    assert {"flowers", "wide"} <= set(process.defined)
    assert (
        judged(double, source, "def double(x, factor):\n    plt.plot(x)\n    return x * factor").verdict
        == "passed"
    )


def test_conditional_and_guarded_imports_run(double):
    guarded = "try:\n    import no_such_module as xp\nexcept ImportError:\n    import numpy as xp\nif True:\n    import math\n"
    assert (
        judged(double, guarded, "def double(x, factor): return xp.multiply(x, math.floor(factor))").verdict
        == "passed"
    )


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("%matplotlib inline\nx = 1", "pass\nx = 1"),
        ("%%time\nx = 1", "pass\nx = 1"),
        ("%%bash\nrm -rf x", ""),
        ("if True:\n    !pip install x\ny = 2", "if True:\n    pass\ny = 2"),
        ("np.exp?\nx = 1", "pass\nx = 1"),
        ("np.exp??", "pass"),
        ("?np.exp", "pass"),
        ("x = (7\n     % 5)", "x = (7\n     % 5)"),
        ('"""50\n% of it"""', '"""50\n% of it"""'),
        ("x = 'why?'", "x = 'why?'"),
    ],
)
def test_magics_are_blanked_and_python_is_left_alone(source, wanted):
    assert without_magics(source) == wanted
    ast.parse(without_magics(source))


def test_a_cell_with_a_magic_still_defines(double):
    assert (
        judged(
            double, "%matplotlib inline\n!ls\ndouble?\ndef double(x, factor):\n    return x * factor"
        ).verdict
        == "passed"
    )


# ----------------------------------------------------------------------------------------- answering trials

RIGHT = "def double(x, factor): return x * factor"


def test_a_missing_name_is_not_attempted(double):
    report = judged(double, "def dubble(x, factor): return x * factor")
    assert (report.verdict, report.message) == ("not_attempted", "No function double was found.")


def test_a_name_that_is_no_function_says_what_it_is(double):
    report = judged(double, "double = 3")
    assert (report.verdict, report.message) == (
        "not_attempted",
        "No function double was found. double is of type int.",
    )


def test_an_endless_loop_times_out_and_the_next_exercise_is_still_judged(double, tmp_path):
    other = load(tmp_path, "same", "def same(x):\n    return x\n\ndef trials(rng):\n    yield 'one', 1.0\n")
    with Process(
        cells_of("def double(x, factor):\n    while True: pass", "def same(x): return x"), 0.7
    ) as process:
        assert judge(double, process.caller(double)).verdict == "timed_out"
        process.seconds = 20.0
        assert judge(other, process.caller(other)).verdict == "passed"


@pytest.mark.parametrize(
    "way", ["import os; os._exit(0)", "import os; os.kill(os.getpid(), 9)", "import os; os.abort()"]
)
def test_a_process_that_ends_is_told(double, way):
    report = judged(double, f"def double(x, factor):\n    {way}")
    assert (report.verdict, report.message) == ("raised", "It ended the whole Python process.")


def test_exit_in_a_cell_does_not_end_the_program(double):
    assert judged(double, "import sys\nx = sys.exit()", RIGHT).verdict == "passed"


def test_cells_that_never_end_are_told():
    with Process([("1", "import time\nx = time.sleep(60)", True)], 0.5) as process:
        assert process.reading_failed == "timed_out"
    with Process([("1", "import os\nx = os._exit(1)", True)], 20) as process:
        assert process.reading_failed == "died"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into /proc")
def test_what_an_answer_started_ends_with_it(double, tmp_path):
    """A fork keeps the pipe open: without it ended, the judge would wait for ever."""
    pid = tmp_path / "pid"
    source = f"""
import os, time
def double(x, factor):
    if os.fork() == 0:
        open({str(pid)!r}, "w").write(str(os.getpid()))
    time.sleep(60)
"""
    start = time.monotonic()
    assert judged(double, source, seconds=0.7).verdict == "timed_out"
    assert time.monotonic() - start < 30
    deadline = time.monotonic() + 10
    while _is_alive(int(pid.read_text())) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _is_alive(int(pid.read_text()))


def _is_alive(pid):
    """Tell whether a process runs; one that has ended and waits to be buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_hundred_megabytes_of_prints_are_dropped(double):
    source = (
        "import os, sys\ndef double(x, factor):\n    for _ in range(100):\n        print('x' * 10**6)\n    "
        "os.write(1, b'y' * 10**6)\n    os.write(2, b'z' * 10**6)\n    sys.__stdout__.write('w' * 10**6)\n    return x * factor"
    )
    assert judged(double, source).verdict == "passed"


def test_reading_from_the_keyboard_is_an_error(double):
    assert judged(double, "def double(x, factor): return input()").message.startswith("EOFError")


def test_the_child_knows_nothing_of_the_course(double):
    report = judged(
        double,
        "import sys\ndef double(x, factor):\n    return sorted(n for n in sys.modules if 'course' in n)",
    )
    assert dict(report.details)["got"] == "[]  shape (0,)"


def test_an_answer_cannot_import_the_reference(double, tmp_path):
    source = "def double(x, factor):\n    from course.exercises import definition\n    return definition.load('double').answer(x, factor)"
    assert judged(double, source).verdict in ("wrong", "raised")


def test_where_it_raised_names_cell_and_line(double):
    report = judged(double, "import numpy as np", "def double(x, factor):\n    return x @ np.ones(9)")
    assert dict(report.details)["raised in"] == "line 2 of double, cell 2: return x @ np.ones(9)"


def test_an_interrupted_question_leaves_no_late_reply(double, monkeypatch):
    """The reply to the question that was interrupted must not be taken for the reply to the next."""
    from course.exercises import process as module

    with Process(cells_of(RIGHT)) as process:
        call = process.caller(double)
        receive = module.wire.receive

        def interrupted(*_):
            raise KeyboardInterrupt

        monkeypatch.setattr(module.wire, "receive", interrupted)
        with pytest.raises(KeyboardInterrupt):
            call((np.array([1.0]), 2.0))
        monkeypatch.setattr(module.wire, "receive", receive)
        assert call((np.array([5.0]), 2.0)).value.tolist() == [10.0]


# --------------------------------------------------------------------------- replies that the learner's code wrote

FORGER = """
import json, os, struct
def double(x, factor):
    header = json.dumps({reply}).encode()
    for descriptor in range(3, 20):
        try:
            os.write(descriptor, {start} + header)
        except OSError:
            pass
    return x * factor
"""
FINE = {
    "value": None,
    "strange": None,
    "error": None,
    "changed": [],
    "printed": "",
    "notes": [],
    "stopped": None,
}


def packed(outcome):
    return {"dict": [[key, value] for key, value in outcome.items()]}


@pytest.mark.parametrize(
    "reply",
    [
        None,
        packed({}),
        packed({**FINE, "error": packed({"kind": "X"})}),
        packed(
            {**FINE, "error": packed({"kind": 1, "kinds": [], "message": "", "where": None, "code": None})}
        ),
        packed(
            {
                **FINE,
                "error": packed({"kind": "X", "kinds": [[]], "message": "", "where": None, "code": None}),
            }
        ),
        packed({**FINE, "changed": ["x"]}),
        packed({**FINE, "notes": [1]}),
        packed({**FINE, "value": 5}),
        packed({**FINE, "value": [{"tuple": [1, "a", None]}]}),
        packed({**FINE, "stopped": "whatever"}),
        packed({"problems": [], "defined": packed({})}),
    ],
    ids=lambda reply: str(reply)[:60],
)
def test_a_forged_reply_never_passes_and_never_breaks_the_judge(double, reply):
    report = judged(double, FORGER.format(reply=reply, start="struct.pack('<Q', len(header))"), seconds=5)
    assert report.verdict in ("raised", "wrong", "not_attempted")
    assert repr(report)


@pytest.mark.parametrize("start", ["b'garbage'", "b''", "struct.pack('<Q', 2**63)"])
def test_bytes_that_are_no_message_end_the_exercise(double, start):
    report = judged(double, FORGER.format(reply=FINE, start=start), seconds=5)
    assert (report.verdict, report.message) == ("raised", "It ended the whole Python process.")


# ------------------------------------------------------------------ notebook and child give the same verdict

PREAMBLE = """
import sys
import numpy as np
class Equal(float):
    __hash__ = None
    def __eq__(self, other): return True
class Stop(BaseException): pass
class Sub(np.ndarray): pass
count = [0]
"""
ANSWERS = {
    "right": "return x * factor",
    "right as a list": "return [float(v) for v in x * factor]",
    "right in float32": "return np.float32(x * factor)",
    "mistake": "return x",
    "nothing": "x * factor",
    "starter": "raise NotImplementedError",
    "own starter": "raise NotImplementedError('later')",
    "text": "return 'text'",
    "generator": "yield x",
    "function": "return x.sum",
    "ellipsis": "return ...",
    "equals everything": "return Equal(1)",
    "list of those": "return [Equal(1)] * len(x)",
    "subclass": "return (x * factor).view(Sub)",
    "objects": "return np.array([object()] * len(x))",
    "big number": "return 10 ** 40",
    "complex": "return x * 1j",
    "nan": "return x * np.nan",
    "infinite sometimes": "return x * factor if len(x) < 3 else x / 0",
    "column": "return (x * factor)[:, None]",
    "off by one": "return x * factor + 1",
    "text array": "return np.array(['a', 'bc'])",
    "nested": "return [[1, 'a'], {'k': (None, 2.5)}]",
    "empty": "return []",
    "raises": "raise ValueError('no')",
    "raises a base exception": "raise Stop('stop')",
    "raises the base exception": "raise BaseException('base')",
    "exits": "sys.exit(1)",
    "recurses": "return recurses(x, factor)",
    "interrupts": "raise KeyboardInterrupt",
    "changes its input": "x *= factor; return x",
    "changes it sometimes": "y = x * factor\n    if len(x) > 3: x[0] = 9\n    return y",
    "remembers": "count[0] += 1; return x * factor + (count[0] % 2 == 0)",
    "prints": "print('hello ' * 1000); return x",
    "error state": "np.seterr(all='raise'); return x * factor",
    "random state": "np.random.seed(1); return x * factor",
    "patches numpy": "np.isclose = np.allclose = np.array_equal = lambda *a, **k: True; return x * 0 + 9",
    "unknown name": "return undefined_name",
    "type error": "return x.sum(wrong=1)",
    "warns": "import warnings; warnings.warn('noise'); return np.log(-x)",
    "wide": "return np.zeros((3, 4, 5))",
}


@pytest.fixture(scope="module")
def child_with_all_answers():
    sources = [(name, f"def {_function(name)}(x, factor):\n    {ANSWERS[name]}\n", True) for name in ANSWERS]
    with Process([("0", PREAMBLE, True), *sources]) as process:
        yield process


def _without_lines(report):
    """Only the child has the source of these answers, so only it can quote the line that raised."""
    return [detail for detail in report.details if detail[0] != "raised in"]


def _function(name):
    return name.replace(" ", "_")


@pytest.mark.parametrize("name", ANSWERS)
def test_notebook_and_child_agree_on_any_answer(double, child_with_all_answers, name):
    namespace = {}
    exec(compile(PREAMBLE, "<cell 0>", "exec"), namespace)
    exec(
        compile(f"def {_function(name)}(x, factor):\n    {ANSWERS[name]}\n", f"<cell {name}>", "exec"),
        namespace,
    )
    here = judge(double, directly(double, namespace[_function(name)]))
    there = judge(double, child_with_all_answers.caller(dataclasses.replace(double, name=_function(name))))
    assert there.row() == here.row()
    assert there.notes == here.notes
    assert _without_lines(there) == _without_lines(here)


COURSE = book.load()
LESSONS = {lesson.slug: lesson for lesson in COURSE.lessons}


def _marks_a_mistake(decorator):
    return isinstance(decorator, ast.Call) and getattr(decorator.func, "id", "") == "wrong"


class _Rename(ast.NodeTransformer):
    """Give the reference another name, and take the marks of mistakes away."""

    def __init__(self, old, new):
        self.old, self.new = old, new

    def visit_Name(self, node):
        node.id = self.new if node.id == self.old else node.id
        return node

    def _definition(self, node):
        node.name = self.new if node.name == self.old else node.name
        node.decorator_list = [d for d in node.decorator_list if not _marks_a_mistake(d)]
        return self.generic_visit(node)

    visit_FunctionDef = visit_ClassDef = _definition  # noqa: N815 - names that ast looks for


@pytest.mark.parametrize("name", COURSE.exercises)
def test_notebook_and_child_agree_on_reference_and_mistakes(name):
    """All of an exercise's answers go into one child, each judged under its own name there."""
    exercise = definition.load(COURSE.exercises[name].path)
    tree = _Rename(name, "the_reference").visit(ast.parse(exercise.path.read_text(encoding="utf-8")))
    with Process([("all", ast.unparse(tree), False)]) as process:
        for own, answer in [
            ("the_reference", exercise.answer),
            *((m.name, m.answer) for m in exercise.mistakes),
        ]:
            here = judge(exercise, directly(exercise, answer))
            there = judge(exercise, process.caller(dataclasses.replace(exercise, name=own)))
            assert there.row() == here.row()
            assert there.mistake == (None if own == "the_reference" else own)
            assert (there.verdict == "passed") == (own == "the_reference")


@pytest.mark.parametrize("slug", [slug for slug, lesson in LESSONS.items() if lesson.path.exists()])
def test_notebook_and_child_agree_on_every_starter(slug):
    lesson = LESSONS[slug]
    cells = notebooks.read_cells(lesson.path)
    with Process(notebooks.code_cells(cells, {cell.id for cell in cells})) as process:
        for exercise in lesson.exercises:
            found = definition.load(exercise.path)
            namespace = {"np": np, "check": lambda answer: None}
            exec(
                compile(notebooks.starter(lesson, exercise.name), f"<cell {exercise.name}>", "exec"),
                namespace,
            )
            here = judge(found, directly(found, namespace[exercise.name]))
            assert judge(found, process.caller(found)).row() == here.row()
            assert (here.verdict, here.mistake) == (
                ("wrong", found.starter) if found.starter else ("not_attempted", None)
            )


def test_the_child_is_started_by_path_and_isolated():
    """It starts with nothing but Python and NumPy: no site of the user, no folder of the learner."""
    from course.exercises.process import CHILD

    source = CHILD.read_text(encoding="utf-8")
    assert not re.search(r"^\s*(from|import) course", source, re.MULTILINE)
    done = subprocess.run([sys.executable, "-I", str(CHILD)], input=b"", capture_output=True, timeout=30)
    assert (done.returncode, done.stdout) == (0, b"")
