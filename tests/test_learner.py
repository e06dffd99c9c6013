"""What a notebook imports: check, hint, predict and solution; and what is kept of a learner's progress."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time

import numpy as np
import pytest
from conftest import RIGHT
from filelock import FileLock

from course import check, hint, predict, solution
from course.exercises import learner, progress


@pytest.fixture(autouse=True)
def _fresh(mini, tmp_path, monkeypatch):
    """A new kernel, in a folder that `course start` did not make."""
    monkeypatch.setattr(learner, "_hints_shown", {})
    monkeypatch.setattr(learner, "_predictions", {})
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def home(tmp_path):
    """A folder that `course start` made; the notebook runs in it."""
    (tmp_path / progress.MARK).mkdir()
    return tmp_path


@pytest.fixture
def shown(capsys):
    """Return what was shown since the last call."""
    return lambda: capsys.readouterr().out


def answer(name):
    namespace = {"np": np}
    exec(RIGHT[name], namespace)
    return namespace[name]


# -------------------------------------------------------------------------------------------------- check


def test_check_shows_the_report_and_returns_nothing(shown):
    assert check(answer("average")) is None
    assert shown() == "✓ average: passed\n  All 2 trials are right.\n"


def test_check_names_a_mistake_with_its_hint(shown):
    def average(x):
        return np.sum(x)

    check(average)
    assert shown().startswith(
        "✗ average: not right yet\n  That is the sum: divide it by how many there are.\n  On the trial 'three numbers':\n"
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (3.0, "I got something of type float; wanted is your function itself, as in `check(softmax)`."),
        ("average", "I got something of type str; wanted is your function itself, as in `check(softmax)`."),
        (None, "I got something of type NoneType; wanted is your function itself, as in `check(softmax)`."),
        (
            np.zeros(3),
            "I got something of type ndarray; wanted is your function itself, as in `check(softmax)`.",
        ),
        (
            lambda x: x,
            "A lambda has no name, so I can't tell which exercise it answers: write it with `def`.",
        ),
    ],
)
def test_check_of_something_else_says_what_is_wanted(shown, given, said):
    check(given)
    assert shown().strip() == said


def test_check_of_an_unknown_function_offers_the_nearest_name(shown):
    def averages(x):
        return x

    check(averages)
    assert shown().strip() == "There is no exercise 'averages'. Did you mean 'average'?"
    check(np.exp)
    assert shown().strip() == "There is no exercise 'exp'. `course list` shows them all."


def test_check_without_a_book_says_so(shown, monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_BOOK", str(tmp_path))
    check(answer("average"))
    assert "wanted lessons/SUMMARY.md there" in shown()


def test_in_a_notebook_the_report_is_displayed_as_html(monkeypatch):
    display = pytest.importorskip("IPython.display")
    ipython = sys.modules["IPython"]
    seen = []
    monkeypatch.setattr(ipython, "get_ipython", lambda: type("Shell", (), {"kernel": object()})())
    monkeypatch.setattr(display, "display", seen.append)
    check(answer("average"))
    (report,) = seen
    assert report.verdict == "passed"
    assert "<strong>average: passed</strong>" in report._repr_html_()


# --------------------------------------------------------------------------------------------------- hint


def test_hints_come_one_after_the_other(shown):
    for number, words in enumerate(["How many are there?", "Divide the sum by the count."], 1):
        assert hint("average") is None
        assert shown() == f"average: hint {number} of 3\n  {words}\n"
    for _ in range(2):
        hint("average")
        assert shown() == (
            'average: hint 3 of 3\n  `x.sum() / len(x)` That was the last one; `solution("average")` shows an answer.\n'
        )


def test_one_hint_may_be_asked_for(shown):
    hint("average", 2)
    assert shown().startswith("average: hint 2 of 3")
    hint("average")
    assert shown().startswith("average: hint 3 of 3")
    hint("average", 1)
    assert shown().startswith("average: hint 1 of 3")


def test_the_function_itself_may_be_given(shown):
    hint(answer("average"))
    assert shown().startswith("average: hint 1 of 3")
    solution(answer("average"))
    assert shown().startswith("average: an answer")


@pytest.mark.parametrize("number", [0, -1, 4, 2.0, "2"])
def test_a_hint_that_does_not_exist_is_said(shown, number):
    hint("average", number)
    assert shown().strip() == f"average has hints 1 to 3; there is no hint {number!r}."


@pytest.mark.parametrize("ask", [hint, solution])
def test_a_wrong_name_offers_the_nearest(shown, ask):
    ask("avrage")
    assert shown().strip() == "There is no exercise 'avrage'. Did you mean 'average'?"
    ask(3)
    assert (
        shown().strip()
        == 'I got something of type int; wanted is the name of an exercise, as in `hint("softmax")`.'
    )


def test_solution_shows_answer_trials_and_mistakes(shown):
    assert solution("average") is None
    text = shown()
    assert text.startswith("average: an answer, and what it is tried on\n  Take the mean of some numbers.\n")
    assert "def average(x):\n    return np.sum(x) / x.size" in text
    assert 'yield "three numbers"' in text
    assert "  sums: That is the sum: divide it by how many there are." in text


# ------------------------------------------------------------------------------------------------- predict


def test_a_prediction_may_have_several_parts(shown):
    predict("winners", "shy", "loud")
    assert shown() == "winners\n  Your prediction: ('shy', 'loud')\n"


def test_a_prediction_is_recorded_and_recalled(shown):
    assert predict("slope", ...) is None
    assert (
        shown() == "slope\n  Nothing predicted yet. Put your guess in place of the `...` and run this cell.\n"
    )
    predict("slope")
    assert shown() == "slope\n  No prediction yet: fill in the cell with predict('slope', ...) above.\n"
    predict("slope", 0)
    assert shown() == "slope\n  Your prediction: 0\n"
    predict("slope")
    assert shown() == "slope\n  Your prediction: 0\n"
    predict("slope", np.array([1.0, 2.0]))
    assert shown() == "slope\n  Your prediction: [1. 2.]\n"


def test_a_prediction_is_never_graded_nor_kept(home):
    predict("average", 3)
    assert not (home / progress.MARK / "progress.json").exists()


# ------------------------------------------------------------------------------------------------ progress


def test_what_passed_and_hints_taken_are_kept(home):
    check(answer("average"))
    hint("double")
    hint("double")
    assert progress.read(home) == {
        "average": {"passed": True, "hints": 0},
        "double": {"passed": False, "hints": 2},
    }


def test_what_once_passed_stays_passed_and_hints_never_go_back(home):
    progress.record("average", passed=True, hints=3)
    progress.record("average", passed=False, hints=1)
    assert progress.read(home) == {"average": {"passed": True, "hints": 3}}


def test_a_wrong_answer_is_not_noted(home):
    def average(x):
        return 0.0

    check(average)
    assert progress.read(home) == {}


def test_nothing_is_written_outside_a_marked_folder(tmp_path):
    check(answer("average"))
    hint("average")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_inside_the_marked_one_counts(home, monkeypatch):
    inner = home / "some" / "päth"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    check(answer("average"))
    assert progress.read(home)["average"]["passed"]
    assert list(inner.iterdir()) == []


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        '"text"',
        '{"average": 3}',
        '{"average": {}}',
        '{"average": {"passed": 1, "hints": "x"}}',
        "\x00",
    ],
)
def test_a_file_that_was_damaged_by_hand_is_begun_anew(home, shown, content):
    (home / progress.MARK / "progress.json").write_text(content)
    check(answer("average"))
    assert shown().startswith("✓ average: passed")
    assert progress.read(home) == {"average": {"passed": True, "hints": 0}}


def test_damage_to_one_entry_leaves_the_others(home):
    file = home / progress.MARK / "progress.json"
    file.write_text('{"average": 3, "double": {"passed": true, "hints": 1}}')
    progress.record("first", hints=1)
    assert progress.read(home) == {
        "double": {"passed": True, "hints": 1},
        "first": {"passed": False, "hints": 1},
    }


WRITER = """
    import sys
    from pathlib import Path
    from course.exercises import progress
    for i in range(15):
        progress.record(f"{sys.argv[1]}_{i}", passed=True, start=Path(sys.argv[2]))
        progress.record("shared", hints=i, start=Path(sys.argv[2]))
"""


def test_two_kernels_writing_at_once_lose_nothing(home):
    command = [sys.executable, "-c", textwrap.dedent(WRITER)]
    writers = [subprocess.Popen([*command, name, str(home)]) for name in ("one", "other")]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    kept = progress.read(home)
    assert set(kept) == {f"{name}_{i}" for name in ("one", "other") for i in range(15)} | {"shared"}
    assert kept["shared"]["hints"] == 14


HOLDER = """
    import sys, time
    from filelock import FileLock
    with FileLock(sys.argv[1] + ".lock"):
        with open(sys.argv[1] + ".new", "w") as file:
            file.write('{"average": {"pas')
            file.flush()
            print("holding", flush=True)
            time.sleep(60)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
def test_a_kernel_killed_in_the_middle_of_writing_leaves_the_old_file_and_no_lock(home):
    progress.record("double", passed=True)
    stem = str(home / progress.MARK / "progress")
    command = [sys.executable, "-c", textwrap.dedent(HOLDER), stem]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "holding\n"
        holder.send_signal(signal.SIGKILL)
    assert progress.read(home) == {"double": {"passed": True, "hints": 0}}
    progress.record("average", passed=True)
    assert set(progress.read(home)) == {"double", "average"}


def test_a_lock_that_is_never_freed_costs_the_note_and_not_the_answer(home, shown):
    with FileLock(home / progress.MARK / "progress.lock"):
        start = time.monotonic()
        check(answer("average"))
        assert time.monotonic() - start < 20
    assert shown().startswith("✓ average: passed")
    assert progress.read(home) == {}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_costs_the_note_and_not_the_answer(home, shown):
    folder = home / progress.MARK
    folder.chmod(0o500)
    try:
        check(answer("average"))
    finally:
        folder.chmod(0o700)
    assert shown().startswith("✓ average: passed")


@pytest.mark.parametrize("refused", ["replace", "write", "lock"])
def test_a_system_that_refuses_costs_the_note_and_not_the_answer(home, shown, monkeypatch, refused):
    def refuse(*args, **more):
        raise PermissionError(13, "Permission denied")

    if refused == "replace":
        monkeypatch.setattr(os, "replace", refuse)
    elif refused == "write":
        (home / progress.MARK / "progress.new").mkdir()
    else:
        (home / progress.MARK / "progress.lock").mkdir()
    check(answer("average"))
    assert shown().startswith("✓ average: passed")
    assert progress.read(home) == {}


def test_the_file_is_text_that_a_person_can_read(home):
    progress.record("average", passed=True)
    file = home / progress.MARK / "progress.json"
    assert json.loads(file.read_text()) == {"average": {"passed": True, "hints": 0}}
    assert file.read_text().endswith("}\n")
