"""What people do to notebooks, on the real command: one clear message each, and the other exercises still judged."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from conftest import LESSON, MINI, RIGHT


@pytest.fixture
def judged(course, attempt):
    """Return ``judged(source)``: the rows of a notebook where `average` is that source and all else is right."""

    def check(source, *options, replaced="average"):
        done = course("check", attempt(RIGHT | {replaced: source}), "--json", *options)
        assert "Traceback" not in done.stderr
        rows = {row["exercise"]: row for row in json.loads(done.stdout)}
        others = {name: row["verdict"] for name, row in rows.items() if name != replaced}
        assert others == dict.fromkeys(set(RIGHT) - {replaced}, "passed")
        assert done.returncode == (0 if rows[replaced]["verdict"] == "passed" else 1)
        return rows[replaced]

    return check


def shown(course, path, *options):
    """Return what a person reads."""
    done = course("check", path, *options)
    assert "Traceback" not in done.stdout + done.stderr
    return done.stdout


class TestFiles:
    """What can't be read at all: exit status 2, one message on stderr, nothing on stdout."""

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"{not json", "is not a notebook: it is not JSON"),
            (b"", "is not a notebook: it is not JSON"),
            (b"\x89PNG\r\n\x1a\n\x00", "is not a notebook: it is not JSON"),
            (b"[" * 100_000, "is not a notebook: it is not JSON"),
            (b"[1, 2]", "is JSON, but no notebook: wanted a list of cells."),
            (b'{"a": 1}', "is JSON, but no notebook: wanted a list of cells."),
            (b'{"cells": 3, "nbformat": 4}', "is JSON, but no notebook: wanted a list of cells."),
            (b'{"cells": [3], "nbformat": 4}', "is JSON, but no notebook: wanted a list of cells."),
            (b'{"cells": [], "nbformat": 99}', "is a notebook of a format that can't be read"),
        ],
    )
    def test_no_notebook(self, course, tmp_path, content, message):
        (tmp_path / "it.ipynb").write_bytes(content)
        done = course("check", "it.ipynb", "--json")
        assert done.returncode == 2
        assert f"it.ipynb {message}" in done.stderr
        assert "JupyterLab" in done.stderr  # what to do next
        assert done.stderr.count("\n") == 1
        assert json.loads(done.stdout) == []

    def test_a_notebook_of_something_else(self, course, tmp_path):
        (tmp_path / "it.ipynb").write_text(
            '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
        )
        done = course("check", "it.ipynb")
        assert done.returncode == 2
        assert (
            done.stderr == "it.ipynb answers no exercise of this course. `course list` shows their names.\n"
        )

    def test_no_such_file_and_a_folder(self, course, tmp_path):
        assert course("check", "it.ipynb").stderr == "There is no file it.ipynb.\n"
        (tmp_path / "folder").mkdir()
        done = course("check", "folder")
        assert done.returncode == 2
        assert done.stderr == (
            "folder is a folder without lessons; wanted is a notebook, a .py file, or the folder that `course start` made.\n"
        )

    def test_a_python_file_that_is_not_text(self, course, tmp_path):
        (tmp_path / "it.py").write_bytes(b"\xff\xfe\x00d")
        done = course("check", "it.py", "--exercise", "double")
        assert done.returncode == 2
        assert done.stderr == "it.py is no Python file: it is not UTF-8 text.\n"

    def test_no_such_exercise_offers_the_nearest(self, course, attempt):
        done = course("check", attempt(RIGHT), "--exercise", "avarage")
        assert done.returncode == 2
        assert done.stderr == "There is no exercise 'avarage'. Did you mean 'average'?\n"

    def test_a_notebook_of_an_older_format_is_read(self, course, tmp_path):
        cells = json.loads(LESSON.read_text(encoding="utf-8"))["cells"]
        old = [
            {"cell_type": "code", "input": RIGHT.get(c["id"], "".join(c["source"])), "language": "python"}
            | {"outputs": [], "metadata": {}, "collapsed": False, "prompt_number": 1}
            for c in cells
            if c["cell_type"] == "code"
        ]
        content = {"metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0}
        (tmp_path / "old.ipynb").write_text(json.dumps(content | {"worksheets": [{"cells": old}]}))
        done = course("check", "old.ipynb")
        assert done.returncode == 0, done.stdout + done.stderr
        assert "7 of 7 passed." in done.stdout
        assert done.stderr == ""

    def test_cells_without_ids_are_read(self, course, attempt):
        path = attempt(RIGHT)
        content = json.loads(path.read_text(encoding="utf-8"))
        for cell in content["cells"]:
            del cell["id"]
        path.write_text(json.dumps(content | {"nbformat_minor": 4}), encoding="utf-8")
        assert "7 of 7 passed." in shown(course, path)

    def test_a_path_with_other_letters_and_spaces(self, course, attempt):
        path = attempt(RIGHT, "мой ноутбук 神经元.ipynb")
        assert "7 of 7 passed." in shown(course, path)


class TestCells:
    def test_deleted(self, judged):
        row = judged(None)
        assert row["verdict"] == "not_attempted"
        assert "no cell defines average" in row["message"]
        assert "`course reset average`" in row["message"]

    def test_emptied(self, judged):
        row = judged("")
        assert row["verdict"] == "not_attempted"
        assert "`course reset average`" in row["message"]

    def test_copied_twice_the_last_counts_and_it_is_said(self, course, attempt):
        path = attempt(RIGHT)
        content = json.loads(path.read_text(encoding="utf-8"))
        copy = next(c for c in content["cells"] if c["id"] == "average") | {"id": "copy"}
        content["cells"].append(copy | {"source": "def average(x):\n    return x.sum()"})
        path.write_text(json.dumps(content), encoding="utf-8")
        out = shown(course, path)
        assert "average: not right yet" in out
        assert "That is the sum" in out
        assert "average is defined 2 times" in out
        assert "the last one counts" in out
        assert "6 of 7 passed." in out

    def test_renamed(self, judged):
        row = judged("def my_average(x):\n    return x.mean()")
        assert row["verdict"] == "not_attempted"
        assert row["message"] == (
            "Its cell defines my_average; wanted is average. Give the function its name back."
        )

    def test_a_syntax_error_names_cell_and_line(self, judged):
        row = judged("def average(x):\n    total = (x.sum(\n    return total / len(x)")
        assert row["verdict"] == "raised"
        assert "SyntaxError in cell average, line 2" in row["message"]

    def test_a_tab_among_spaces(self, judged):
        row = judged("def average(x):\n        y = x\n\treturn y.mean()")
        assert row["verdict"] == "raised"
        assert "in cell average, line 3" in row["message"]

    def test_a_syntax_error_elsewhere(self, judged):
        assert judged("def oh(:", replaced="largest")["verdict"] in ("raised", "not_attempted")

    def test_a_name_that_is_no_function(self, judged):
        row = judged("average = 3")
        assert row["verdict"] == "not_attempted"
        assert "average" in row["message"]

    def test_a_cell_that_never_ends_on_its_way(self, course, attempt):
        path = attempt(RIGHT)
        content = json.loads(path.read_text(encoding="utf-8"))
        added = {"cell_type": "code", "id": "mine", "metadata": {}, "outputs": [], "execution_count": None}
        content["cells"].insert(3, added | {"source": "while True:\n    pass"})
        content["cells"].insert(3, added | {"id": "mine2", "source": "n = sum(iter(int, 1))"})
        path.write_text(json.dumps(content), encoding="utf-8")
        assert "7 of 7 passed." in shown(course, path, "--seconds", "2")

    def test_magics_and_shell_commands(self, judged):
        source = (
            "%matplotlib inline\n!pip list\ndef average(x):\n    return x.mean()\n%time average(np.ones(3))"
        )
        assert judged(source)["verdict"] == "passed"


class TestAnswers:
    @pytest.mark.parametrize(
        ("body", "verdict", "message"),
        [
            ("pass", "wrong", "It returned None"),
            ("print(x.mean())", "wrong", "It returned None"),
            ("return 'three'", "wrong", "text"),
            ("yield x.mean()", "wrong", "a generator"),
            ("return np.mean", "wrong", "a function"),
            ("return ...", "wrong", "the placeholder"),
            ("raise ValueError('I give up')", "raised", "ValueError: I give up"),
            ("return x.maen()", "raised", "AttributeError"),
            ("return avg(x)", "raised", "NameError: name 'avg' is not defined"),
            ("import sys\n    sys.exit()", "raised", "It called exit()"),
            ("return average(x)", "raised", "which case stops the recursion?"),
            ("import os\n    os._exit(3)", "raised", "It ended the whole Python process."),
            ("x += 1\n    return x.mean() - 1", "wrong", "It changed its input (x)"),
            ("input('?')", "raised", "EOFError"),
        ],
    )
    def test_of_the_wrong_kind(self, judged, body, verdict, message):
        row = judged(f"def average(x):\n    {body}")
        assert (row["verdict"], row["mistake"]) == (verdict, None)
        assert message in row["message"]
        assert len(row["message"]) < 300

    def test_an_object_that_claims_to_equal_everything(self, judged):
        row = judged(
            "class Yes(float):\n    __eq__ = __ne__ = __lt__ = lambda *_: True\n"
            "    __array__ = lambda self, *_, **__: np.array(3.0)\n\ndef average(x):\n    return Yes()"
        )
        assert row["verdict"] == "wrong"
        assert "a Yes object" in row["message"]

    @pytest.mark.parametrize("parameters", ["", "x, y"])
    def test_the_wrong_number_of_arguments(self, judged, parameters):
        row = judged(f"def average({parameters}):\n    return 3.0")
        assert row["verdict"] == "raised"
        assert row["message"].startswith("It could not be called as average(x): ")

    def test_an_endless_loop(self, judged):
        row = judged("def average(x):\n    while True:\n        pass", "--seconds", "1")
        assert row["verdict"] == "timed_out"
        assert "is there a loop that never ends" in row["message"]

    def test_an_endless_loop_that_catches_everything(self, judged):
        body = "while True:\n        try:\n            pass\n        except BaseException:\n            pass"
        assert judged(f"def average(x):\n    {body}", "--seconds", "1")["verdict"] == "timed_out"

    def test_prints_a_hundred_megabytes(self, judged):
        row = judged("def average(x):\n    print('x' * 100_000_000)\n    return x.mean()")
        assert row["verdict"] == "passed"

    def test_writes_a_hundred_megabytes_past_python(self, judged):
        body = "import os\n    for _ in range(100):\n        os.write(1, b'x' * 1_000_000)"
        assert judged(f"def average(x):\n    {body}\n    return x.mean()")["verdict"] == "passed"

    def test_returns_far_too_much(self, judged):
        row = judged("def average(x):\n    return np.zeros((6000, 6000))")
        assert row["verdict"] in ("wrong", "raised")

    def test_changes_numpys_error_state_which_stays_with_it(self, course, attempt):
        source = "def average(x):\n    np.seterr(all='raise')\n    return x.sum()"
        path = attempt(RIGHT | {"average": source})
        out = shown(course, path)
        assert "It changed NumPy's error settings (np.seterr); they were put back." in out
        assert "6 of 7 passed." in out

    def test_changes_the_random_state(self, course, attempt):
        source = "def average(x):\n    np.random.seed(0)\n    return x.sum()"
        out = shown(course, attempt(RIGHT | {"average": source}))
        assert "It used or changed the global random state; that was put back." in out
        assert "6 of 7 passed." in out

    def test_breaks_numpy_for_the_others(self, course, attempt):
        """Whoever does that harms their own file alone; the command still says so and ends."""
        source = "def average(x):\n    np.sum = None\n    return 3.0"
        done = course("check", attempt(RIGHT | {"average": source}), "--json")
        assert done.returncode == 1
        assert len(json.loads(done.stdout)) == 7

    def test_closes_the_pipes(self, judged):
        body = "import os\n    os.closerange(0, 100)\n    return 3.0"
        assert judged(f"def average(x):\n    {body}")["verdict"] in ("raised", "wrong")


class TestFolders:
    def test_two_kernels_lose_nothing_of_each_others_progress(self, mini, tmp_path):
        """Two processes that check different exercises at once, as two kernels on one folder do."""
        (tmp_path / ".course").mkdir()
        halves = [("double", "average", "halve"), ("first", "running_total", "count_down", "largest")]
        kernels = [
            subprocess.Popen(
                [sys.executable, "-c", script([RIGHT[name] for name in half], half)],
                cwd=tmp_path,
                stdout=subprocess.DEVNULL,
            )
            for half in halves
        ]
        assert [kernel.wait(60) for kernel in kernels] == [0, 0]
        kept = json.loads((tmp_path / ".course" / "progress.json").read_text(encoding="utf-8"))
        assert {name for name, entry in kept.items() if entry["passed"]} == set(RIGHT)

    @pytest.mark.parametrize("damaged", ["", "{", "[1]", '{"double": 3}', '{"double": {}}'])
    def test_damaged_progress_is_begun_again(self, course, attempt, tmp_path, damaged):
        (tmp_path / ".course").mkdir()
        (tmp_path / ".course" / "progress.json").write_text(damaged, encoding="utf-8")
        assert course("list").returncode == 0
        assert course("check", attempt(RIGHT), "--exercise", "double").returncode == 0
        assert "You have passed 1 of 7 exercises." in course("list").stdout

    @pytest.mark.skipif(sys.platform == "win32", reason="folders have no such permissions")
    def test_a_read_only_folder(self, attempt):
        """Checks are judged, only not remembered; what must write says that it can't."""
        folder = Path(tempfile.mkdtemp(prefix="read-only-"))
        # Nothing is read-only for root, unless it drops that privilege.
        mortal = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
        if mortal and (
            not shutil.which("setpriv")
            or subprocess.run([*mortal, "true"], stderr=subprocess.DEVNULL).returncode
        ):
            pytest.skip("root can't drop its right to write anywhere on this machine")
        try:
            (folder / ".course").mkdir()
            shutil.copy(attempt(RIGHT | {"average": "def average(x):\n    return x.sum()"}), folder)
            for path in (folder / ".course", folder):
                path.chmod(0o555)

            def run(*command):
                return subprocess.run(
                    [*mortal, sys.executable, "-m", "course", *command],
                    cwd=folder,
                    env=os.environ | {"COURSE_BOOK": str(MINI), "PYTHONDONTWRITEBYTECODE": "1"},
                    capture_output=True,
                    encoding="utf-8",
                )

            done = run("check", "01-mini.ipynb")
            assert done.returncode == 1
            assert "6 of 7 passed." in done.stdout
            assert done.stderr == ""
            for command in (("reset", "average"), ("start", "."), ("solve", "mini")):
                done = run(*command)
                assert done.returncode == 2
                assert "Permission denied" in done.stderr
                assert "Traceback" not in done.stderr
        finally:
            folder.chmod(0o755)
            shutil.rmtree(folder)


def script(sources, names):
    checks = "\n".join(f"check({name})" for name in names)
    return "\n\n".join(["import numpy as np", "from course import check", *sources, checks])
