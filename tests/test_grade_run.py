"""A run of the grader: rows, points, what is kept, stopping at any moment and going on, and what may go wrong."""

import dataclasses
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from conftest import LESSON, MINI, RIGHT
from grading import graded, kept, notebook, submission

from course import book, checking
from course.errors import CourseError
from course.grading import run, sandbox
from course.grading.rows import Row

MINI_LESSON = book.load(MINI).lesson("mini")
NAMES = [exercise.name for exercise in MINI_LESSON.exercises]
HEAD = ("c1", "import numpy as np")


@pytest.fixture
def solved(tmp_path):
    """Return ``solved(learner, **changed)``: a submission with right answers but for the changed ones."""
    folder = tmp_path / "work"
    folder.mkdir()

    def write(learner, **changed):
        answers = {**RIGHT, **changed}
        cells = [HEAD, *((name, source) for name, source in answers.items() if source is not None)]
        cells.append(("who", f"# {learner}"))
        return submission(notebook(folder / f"{learner}.ipynb", cells), "mini")

    return write


def untimed(rows):
    return [dataclasses.replace(row, seconds=0) for row in rows]


def verdicts(rows):
    return {row.exercise: row.verdict for row in rows}


SPIN = "def double(x):\n    while True: pass"


# --------------------------------------------------------------------------------------------------- rows


def test_a_row_says_all_there_is_to_say(solved, tmp_path):
    given = solved("zoe", double="def double(x):\n    return x ** 2", halve=None)
    rows = graded([given], [MINI_LESSON], tmp_path / "out")
    row = rows[NAMES.index("double")]
    assert (row.learner, row.lesson, row.exercise, row.verdict) == ("zoe", "mini", "double", "wrong")
    assert (row.mistake, row.trial, row.message) == ("squares", "three numbers", "You squared the numbers.")
    assert (row.points, row.max_points, row.seed, row.submission) == (0, 1, 7, given.sha256)
    assert row.sandbox in sandbox.LEVELS
    assert set(row.versions) == {"course", "python", "numpy", "exercises"}
    assert verdicts(rows) == {**dict.fromkeys(NAMES, "passed"), "double": "wrong", "halve": "not_attempted"}
    assert kept(tmp_path / "out") == rows
    assert [Row.from_json(row.to_json()) for row in rows] == rows


def test_rows_are_sorted_by_learner_and_then_as_the_book_has_them(solved, tmp_path):
    people = [solved(name) for name in ("zoe", "amir", "Li", "élise")]
    graded(people, [MINI_LESSON], tmp_path / "out", jobs=3)
    found = [(row.learner, row.exercise) for row in kept(tmp_path / "out")]
    assert found == [(who, name) for who in ("Li", "amir", "zoe", "élise") for name in NAMES]


def test_the_answers_judged_are_kept(solved, tmp_path):
    given = solved("zoe")
    graded([given], [MINI_LESSON], tmp_path / "out")
    answers = json.loads((tmp_path / "out" / "answers" / f"{given.sha256}.json").read_text(encoding="utf-8"))
    assert (answers["lesson"], answers["file"]) == ("mini", "zoe.ipynb")
    assert ["double", RIGHT["double"], True] in answers["cells"]


def test_one_judgement_can_be_run_again_from_what_is_kept(solved, tmp_path):
    given = solved("zoe", double="def double(x):\n    return x ** 2")
    rows = graded([given], [MINI_LESSON], tmp_path / "out")
    answers = tmp_path / "out" / "answers" / f"{given.sha256}.json"
    for row in rows:
        report = run.judge_again(answers, [MINI_LESSON], row.exercise, seed=row.seed, unsafe=True)
        assert (report.verdict, report.mistake, report.trial) == (row.verdict, row.mistake, row.trial)
    answers.write_text("{}", encoding="utf-8")
    with pytest.raises(CourseError, match="can't be read"):
        run.judge_again(answers, [MINI_LESSON], "double", seed=7, unsafe=True)


def test_right_answers_of_one_learner_share_a_process(solved, tmp_path, monkeypatch):
    started = counted(monkeypatch)
    rows = graded([solved("zoe"), solved("amir")], [MINI_LESSON], tmp_path / "out")
    assert {row.verdict for row in rows} == {"passed"}
    assert len(started) == 2


SPOIL = (
    "def double(x):\n    import builtins\n    builtins.spoilt = True\n    return 2 * x",
    "def average(x):\n    import builtins\n    {}\n    return x.mean()",
)


@pytest.mark.parametrize(
    "spoilt", ["return 7", "raise OSError", "import os; os._exit(1)", "import time; time.sleep(60)"]
)
def test_nobody_pays_for_what_another_of_their_answers_did(spoilt, solved, tmp_path, monkeypatch):
    started = counted(monkeypatch)
    average = SPOIL[1].format(f"if hasattr(builtins, 'spoilt'): {spoilt}")
    given = solved("zoe", double=SPOIL[0], average=average)
    rows = graded([given], [MINI_LESSON], tmp_path / "out")
    assert {row.verdict for row in rows} == {"passed"}
    assert len(started) == 2


def test_what_is_not_right_is_judged_in_a_process_of_its_own(solved, tmp_path, monkeypatch):
    """So it comes out as it does when it is judged again alone."""
    given = solved(
        "zoe",
        double=SPOIL[0],
        average=SPOIL[1].format("if not hasattr(builtins, 'spoilt'): return x.sum()\n    return -1"),
    )
    row = graded([given], [MINI_LESSON], tmp_path / "out")[NAMES.index("average")]
    assert (row.verdict, row.mistake) == ("wrong", "sums")


def counted(monkeypatch):
    """Return a list that grows with each process that is started for a learner's answers."""
    started, start = [], checking.started
    monkeypatch.setattr(checking, "started", lambda *how: started.append(how) or start(*how))
    return started


def test_what_a_learner_prints_stays_out_of_the_row(solved, tmp_path):
    """It could show the inputs, which are private."""
    given = solved("zoe", double="def double(x):\n    print('private', x)\n    return x")
    row = graded([given], [MINI_LESSON], tmp_path / "out")[NAMES.index("double")]
    assert row.verdict == "wrong"
    assert "private" not in row.message


def test_a_message_that_no_file_takes_is_made_fit(solved, tmp_path):
    raising = "def double(x):\n    raise ValueError('\\ud800' + 'x' * 10**6)"
    row = graded([solved("zoe", double=raising)], [MINI_LESSON], tmp_path / "out")[NAMES.index("double")]
    assert row.message.startswith("ValueError: \\ud800xxx")
    assert len(row.message) < 2100


@pytest.mark.parametrize("line", ["", "{", "[]", "null", "{}", '{"learner": 1}', "[" * 100_000])
def test_what_is_no_row_is_refused(line):
    with pytest.raises(ValueError, match=r"row|line|Expecting"):
        Row.from_json(line)


def test_answers_see_trials_of_the_private_seed(solved, tmp_path):
    known = "def double(x):\n    return 2 * x if x.shape == (3,) or x.sum() == SUM else x\n\nSUM = {sum}"
    from course.exercises import definition

    found = definition.load(MINI_LESSON.exercises[NAMES.index("double")].path)
    for seed, verdict in ((0, "passed"), (7, "wrong")):
        source = known.format(sum=repr(float(found.draw(0)[1].args[0].sum())))
        rows = graded([solved("zoe", double=source)], [MINI_LESSON], tmp_path / str(seed), seed=seed)
        assert verdicts(rows)["double"] == verdict


# ------------------------------------------------------------------------------------ answers that go wrong


def test_an_answer_that_never_ends_costs_only_itself(solved, tmp_path):
    rows = graded([solved("zoe", double=SPIN)], [MINI_LESSON], tmp_path / "out", seconds=2.0)
    assert verdicts(rows) == {**dict.fromkeys(NAMES, "passed"), "double": "timed_out"}


def test_each_answer_has_a_process_of_its_own(solved, tmp_path):
    """What one answer leaves behind in its process is not there for the next."""
    meddling = "def double(x):\n    global average\n    average = None\n    np.sum = None\n    return 2 * x"
    assert set(
        verdicts(graded([solved("zoe", double=meddling)], [MINI_LESSON], tmp_path / "out")).values()
    ) == {"passed"}


def test_cells_that_never_end_are_read_without_their_assignments(solved, tmp_path):
    endless = solved("zoe", extra="import time\nwaited = time.sleep(60)")
    rows = graded([endless], [MINI_LESSON], tmp_path / "out", seconds=1.5)
    assert set(verdicts(rows).values()) == {"passed"}
    stuck = solved("amir", extra="class Stuck:\n    while True: pass")
    rows = graded([stuck], [MINI_LESSON], tmp_path / "out2", seconds=1.0)
    assert set(verdicts(rows).values()) == {"could_not_check"}
    assert {row.points for row in rows} == {0}


def test_too_much_work_is_stopped_by_the_system_and_said_so(solved, tmp_path, monkeypatch):
    monkeypatch.setitem(sandbox.LIMITS, "CPU", 1)
    row = graded([solved("zoe", double=SPIN)], [MINI_LESSON], tmp_path / "out")[NAMES.index("double")]
    assert (row.verdict, row.points) == ("killed", 0)
    assert row.message == "It was stopped after 1 seconds of work by all its threads together."


def test_too_much_memory_is_an_error_of_the_answer(solved, tmp_path):
    greedy = "def double(x):\n    return np.zeros(10**9) + 2 * x.sum()"
    row = graded([solved("zoe", double=greedy)], [MINI_LESSON], tmp_path / "out")[NAMES.index("double")]
    assert row.verdict == "raised"
    assert row.message.startswith("MemoryError")


def test_a_file_that_is_no_notebook_costs_nobody_else(solved, tmp_path):
    broken = tmp_path / "work" / "amir.ipynb"
    broken.write_text("{", encoding="utf-8")
    rows = graded([submission(broken, "mini"), solved("zoe")], [MINI_LESSON], tmp_path / "out")
    assert [row.verdict for row in rows] == ["unreadable"] * len(NAMES) + ["passed"] * len(NAMES)
    assert {row.points for row in rows[: len(NAMES)]} == {None}


def test_a_file_that_changes_or_goes_is_the_graders_fault(solved, tmp_path):
    changed, gone = solved("amir"), solved("zoe")
    changed.path.write_text("{}", encoding="utf-8")
    gone.path.unlink()
    rows = graded([changed, gone], [MINI_LESSON], tmp_path / "out")
    assert {(row.verdict, row.points) for row in rows} == {("grader_error", None)}


def test_a_py_file_is_graded_as_it_is_checked(tmp_path):
    path = tmp_path / "zoe.PY"
    path.write_text(f"import numpy as np\n{RIGHT['double']}\n", encoding="utf-8")
    rows = graded([submission(path, "mini")], [MINI_LESSON], tmp_path / "out")
    assert verdicts(rows) == {**dict.fromkeys(NAMES, "not_attempted"), "double": "passed"}
    assert rows[NAMES.index("halve")].message == "zoe.PY defines no halve. Write `def halve(...)` in it."


def test_a_fault_of_the_grader_is_no_zero_and_is_tried_again(solved, tmp_path, monkeypatch):
    report_on = checking.report_on

    def fails(found, *arguments, **options):
        if found.name == "double":
            raise RuntimeError("a bug")
        return report_on(found, *arguments, **options)

    monkeypatch.setattr(checking, "report_on", fails)
    people = [solved("zoe")]
    rows = graded(people, [MINI_LESSON], tmp_path / "out")
    row = rows[NAMES.index("double")]
    assert (row.verdict, row.points) == ("grader_error", None)
    assert verdicts(rows) == {**dict.fromkeys(NAMES, "passed"), "double": "grader_error"}
    monkeypatch.undo()
    again = graded(people, [MINI_LESSON], tmp_path / "out", resume=True)
    assert [(row.exercise, row.verdict) for row in again] == [("double", "passed")]


def test_a_sandbox_that_is_lost_is_replaced(solved, tmp_path, monkeypatch):
    start = sandbox.Zygote.start
    lost = []

    def losing(self):
        child = start(self)
        if not lost:
            lost.append(os.killpg(self._popen.pid, signal.SIGKILL))
        return child

    monkeypatch.setattr(sandbox.Zygote, "start", losing)
    monkeypatch.setattr(sandbox, "_attack", lambda zygote: None)
    rows = graded([solved("zoe")], [MINI_LESSON], tmp_path / "out")
    assert lost
    assert set(verdicts(rows).values()) == {"passed"}


def test_a_sandbox_that_is_lost_again_and_again_is_the_graders_fault(solved, tmp_path, monkeypatch):
    start = sandbox.Zygote.start

    def losing(self):
        child = start(self)
        os.killpg(self._popen.pid, signal.SIGKILL)
        return child

    monkeypatch.setattr(sandbox, "_attack", lambda zygote: None)
    monkeypatch.setattr(sandbox.Zygote, "start", losing)
    rows = graded([solved("zoe")], [MINI_LESSON], tmp_path / "out")
    assert {(row.verdict, row.points) for row in rows} == {("grader_error", None)}


# -------------------------------------------------------------------------------------- stopping and going on


def test_more_jobs_give_the_same_results(solved, tmp_path):
    people = [solved(f"learner-{n}", double=f"def double(x):\n    return x * {n}") for n in range(7)]
    graded(people, [MINI_LESSON], tmp_path / "one")
    graded(people, [MINI_LESSON], tmp_path / "three", jobs=3)
    assert untimed(kept(tmp_path / "three")) == untimed(kept(tmp_path / "one"))


GRADER = """
    import pickle, sys
    from pathlib import Path
    from course import book
    from course.grading import run
    submissions, root, out, resume = pickle.loads(Path(sys.argv[1]).read_bytes())
    run.grade(submissions, [book.load(Path(root)).lesson("mini")], Path(out), seed=7, jobs=2, resume=resume, unsafe=True,
              progress=lambda row: print(row.exercise, flush=True))
"""


def grader(tmp_path, people, out, *, resume=False):
    """Start a grader in a process of its own; its output is a line for each row."""
    import pickle

    orders = tmp_path / "orders"
    orders.write_bytes(pickle.dumps((people, str(MINI), str(out), resume)))
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(GRADER), str(orders)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])},
    )


@pytest.mark.parametrize(
    ("how", "after"),
    [(signal.SIGKILL, 1), (signal.SIGKILL, 9), (signal.SIGKILL, 20), (signal.SIGINT, 9)],
)
def test_a_grader_that_is_killed_and_goes_on_ends_as_one_that_was_not(solved, tmp_path, after, how):
    people = [solved(f"learner-{n}", double=f"def double(x):\n    return x * {n}") for n in range(4)]
    graded(people, [MINI_LESSON], tmp_path / "whole")
    out = tmp_path / "out"
    with grader(tmp_path, people, out) as process:
        for _ in range(after):
            assert process.stdout.readline()
        process.send_signal(how)
        process.communicate()
    assert process.returncode != 0
    finished = (out / "results.jsonl").read_text(encoding="utf-8").count("\n")
    assert finished >= after
    with (out / "results.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"learner": "learner-3", "less')  # as if it had been killed in the middle of a row
        (out / "answers" / ".0123.json.4567").write_text("{", encoding="utf-8")  # and in the middle of a file
    again = graded(people, [MINI_LESSON], out, resume=True)
    assert len(again) == 4 * len(NAMES) - finished
    assert untimed(kept(out)) == untimed(kept(tmp_path / "whole"))
    assert sorted(os.listdir(out / "answers")) == sorted(os.listdir(tmp_path / "whole" / "answers"))


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks into /proc")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_nothing_is_left_of_a_grader_that_is_stopped(solved, tmp_path, how, monkeypatch):
    from test_attacks import processes_left

    monkeypatch.setenv("MARKED", str(tmp_path))
    people = [solved("zoe", double=SPIN), solved("amir", double=SPIN)]
    script = GRADER.replace("from course.grading import run", "from course.grading import run, sandbox")
    script = script.replace(
        "submissions, root", f"sandbox.ENVIRONMENT['MARK'] = {str(tmp_path)!r}\n    submissions, root"
    )
    monkeypatch.setattr(sys.modules[__name__], "GRADER", script)
    with grader(tmp_path, people, tmp_path / "out") as process:
        time.sleep(0.2)
        for _ in range(2 * NAMES.index("double")):
            assert process.stdout.readline()
        time.sleep(0.5)  # both spin by now
        process.send_signal(how)
        process.communicate()
    assert processes_left(str(tmp_path)) == []


def test_going_on_regrades_nothing(solved, tmp_path):
    people = [solved("zoe"), solved("amir", double="def double(x):\n    return x")]
    graded(people, [MINI_LESSON], tmp_path / "out")
    before = (tmp_path / "out" / "results.jsonl").read_bytes()
    assert graded(people, [MINI_LESSON], tmp_path / "out", resume=True) == []
    assert (tmp_path / "out" / "results.jsonl").read_bytes() == before


def test_going_on_with_a_new_submission_grades_that_alone(solved, tmp_path):
    graded([solved("zoe"), solved("amir")], [MINI_LESSON], tmp_path / "out")
    people = [solved("zoe", double="def double(x):\n    return x"), solved("amir")]
    again = graded(people, [MINI_LESSON], tmp_path / "out", resume=True)
    assert {row.learner for row in again} == {"zoe"}
    assert len(kept(tmp_path / "out")) == 2 * len(NAMES)


def test_going_on_with_another_seed_is_refused_and_changes_nothing(solved, tmp_path):
    people = [solved("zoe")]
    graded(people, [MINI_LESSON], tmp_path / "out", seed=1)
    before = (tmp_path / "out" / "results.jsonl").read_bytes()
    with pytest.raises(CourseError, match="graded with seed 1, not 2"):
        graded(people, [MINI_LESSON], tmp_path / "out", seed=2, resume=True)
    assert (tmp_path / "out" / "results.jsonl").read_bytes() == before


def test_going_on_after_an_exercise_was_changed_grades_again(solved, tmp_path):
    copy = tmp_path / "solutions" / "double.py"
    copy.parent.mkdir()
    copy.write_bytes((MINI / "solutions" / "mini" / "double.py").read_bytes())
    lesson = book.Lesson("01-mini", "Mini", LESSON, (book.Exercise("double", "mini", copy),))
    people = [solved("zoe")]
    graded(people, [lesson], tmp_path / "out")
    copy.write_text(copy.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert len(graded(people, [lesson], tmp_path / "out", resume=True)) == 1


# ------------------------------------------------------------------------------------------- where it writes


def test_two_graders_do_not_write_to_one_folder(solved, tmp_path):
    people = [solved("zoe", average=SPIN.replace("double", "average"))]
    with grader(tmp_path, people, tmp_path / "out") as process:
        assert process.stdout.readline()
        with pytest.raises(CourseError, match="Another `course grade` writes to"):
            graded(people, [MINI_LESSON], tmp_path / "out")
        process.kill()
        process.communicate()


def test_a_folder_that_cannot_be_made_is_told(solved, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(CourseError, match="The results can't be written to"):
        graded([solved("zoe")], [MINI_LESSON], tmp_path / "file" / "out")


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")
def test_a_full_disk_stops_the_run_and_loses_nothing(solved, tmp_path, monkeypatch):
    from course.grading import journal

    people, out = [solved("zoe"), solved("amir")], tmp_path / "out"
    append = journal.Journal._append
    full = open("/dev/full", "wb", buffering=0)  # noqa: SIM115 - closed below

    def fails_later(self, text):
        if len(self._finished) == 3:
            full.write(text.encode())
        append(self, text)

    monkeypatch.setattr(journal.Journal, "_append", fails_later)
    with full, pytest.raises(CourseError, match=r"No space left on device. What is finished is kept"):
        graded(people, [MINI_LESSON], out)
    monkeypatch.undo()
    assert len(kept(out)) == 3
    assert len(graded(people, [MINI_LESSON], out, resume=True)) == 2 * len(NAMES) - 3


def test_a_lesson_that_is_not_graded_is_refused_before_the_first_answer(solved, tmp_path):
    other = dataclasses.replace(solved("zoe"), lesson="other")
    with pytest.raises(CourseError, match="There is no lesson 'other'"):
        graded([other], [MINI_LESSON], tmp_path / "out")
