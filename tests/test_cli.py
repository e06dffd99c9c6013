"""The commands, each run as a learner, an author or a teacher would, on the miniature course."""

import contextlib
import json
import shutil
import signal
import subprocess
import sys
import threading

import pytest
from click.testing import CliRunner
from conftest import LESSON, MINI, RIGHT

from course import book
from course.cli import SECTIONS, main

OUTCOMES = RIGHT | {
    "average": "def average(x):\n    return x.sum()",
    "halve": "def halve(x):\n    return x / 3 + 1",
    "first": "def first(x):\n    return x[17]",
    "count_down": "def count_down(n):\n    while True:\n        n = n + 1",
    "largest": "def largest(x):\n    raise NotImplementedError",
}
del OUTCOMES["running_total"]  # the shipped code stays, and its mistake


def in_process(*args):
    return CliRunner().invoke(main, list(map(str, args)), catch_exceptions=False)


class TestHelp:
    def test_groups_the_commands_by_who_wants_them(self):
        out = in_process("--help").output
        assert out.index("For learners:") < out.index("For authors:") < out.index("For authors and teachers:")
        assert "course start" in out

    def test_every_command_is_in_one_section(self):
        listed = [name for names in SECTIONS.values() for name in names]
        assert sorted(listed) == sorted(main.commands)

    @pytest.mark.parametrize("name", ["start", "check", "hint", "validate", "tidy", "solve"])
    def test_of_a_command_shows_examples(self, name):
        out = in_process(name, "--help").output
        assert "Examples:" in out
        assert f"course {name}" in out

    def test_an_unknown_command_offers_the_nearest(self):
        result = in_process("chekc")
        assert result.exit_code == 2
        assert "Did you mean 'check'" in result.output


class TestCheck:
    def test_json_has_one_row_for_each_outcome(self, course, attempt):
        done = course("check", attempt(OUTCOMES), "--json", "--seconds", "1")
        assert done.returncode == 1
        assert done.stderr == ""
        rows = {row["exercise"]: row for row in json.loads(done.stdout)}
        assert {name: (row["verdict"], row["mistake"]) for name, row in rows.items()} == {
            "double": ("passed", None),
            "average": ("wrong", "sums"),
            "halve": ("wrong", None),
            "first": ("raised", None),
            "running_total": ("wrong", "forgets_the_first"),
            "count_down": ("timed_out", None),
            "largest": ("not_attempted", None),
        }
        assert all(
            set(row) == {"exercise", "verdict", "mistake", "trial", "message"} for row in rows.values()
        )
        assert rows["average"]["message"] == "That is the sum: divide it by how many there are."
        assert rows["average"]["trial"] == "three numbers"
        assert "index 17 is out of bounds" in rows["first"]["message"]

    def test_shows_the_smallest_failing_trial(self, course, attempt):
        done = course("check", attempt({"average": OUTCOMES["average"]}), "--exercise", "average")
        assert done.returncode == 1
        assert "✗ average: not right yet" in done.stdout
        assert "On the trial 'three numbers':" in done.stdout
        assert "expected  3" in done.stdout
        assert "0 of 1 passed." in done.stdout

    def test_all_passed_is_status_0(self, course, attempt):
        done = course("check", attempt(RIGHT))
        assert done.returncode == 0, done.stdout
        assert "7 of 7 passed." in done.stdout

    def test_an_array_is_as_good_as_a_list(self, course, attempt):
        done = course(
            "check", attempt({"running_total": "def running_total(x):\n    return np.cumsum(x)"}), "--json"
        )
        row = next(row for row in json.loads(done.stdout) if row["exercise"] == "running_total")
        assert row["verdict"] == "passed"

    def test_a_python_file_with_one_exercise(self, course, tmp_path):
        (tmp_path / "answer.py").write_text(RIGHT["first"], encoding="utf-8")
        done = course("check", "answer.py", "--exercise", "first", "--json")
        assert done.returncode == 0
        assert [row["verdict"] for row in json.loads(done.stdout)] == ["passed"]

    def test_a_folder_stands_for_its_lessons_and_a_name_for_the_lesson_in_the_learners_folder(
        self, course, tmp_path
    ):
        course("start", "--only-copy")
        assert "of 7 passed" in course("check", "my-course").stdout
        assert "of 7 passed" in course("check", "mini").stdout
        assert course("check", "2nd").stderr == "There is no file 2nd.\n"

    def test_an_exercise_of_another_lesson_is_said_to_be_so(self, course, tmp_path, monkeypatch):
        monkeypatch.delenv("COURSE_BOOK")
        root = book.find_root()
        done = course(
            "check", root / "lessons" / "01-neuron.ipynb", "--exercise", "softmax", COURSE_BOOK=str(root)
        )
        assert (
            "softmax belongs to lesson 02-loss, and this notebook has none of its exercises." in done.stdout
        )

    def test_several_files_are_each_named_and_one_unreadable_file_stops_none(self, course, attempt):
        done = course(
            "check", "missing.ipynb", attempt(RIGHT), attempt(OUTCOMES, "b.ipynb"), "--seconds", "1"
        )
        assert done.returncode == 2
        assert "There is no file missing.ipynb." in done.stderr
        assert "01-mini.ipynb" in done.stdout
        assert "7 of 7 passed." in done.stdout
        assert "1 of 7 passed." in done.stdout

    def test_json_goes_on_past_an_unreadable_file(self, course, attempt):
        done = course("check", "missing.ipynb", attempt(RIGHT), "--json")
        assert done.returncode == 2
        assert len(json.loads(done.stdout)) == 7

    def test_no_colours_where_nobody_sees_them_or_wants_them(self, course, attempt, monkeypatch):
        path = attempt(OUTCOMES)
        assert "\x1b" not in course("check", path, "--exercise", "double").stdout
        monkeypatch.setenv("COURSE_BOOK", str(MINI))
        seen = CliRunner().invoke(main, ["check", str(path), "--exercise", "double"], color=True).output
        assert "\x1b[32m" in seen
        monkeypatch.setenv("NO_COLOR", "1")
        seen = CliRunner().invoke(main, ["check", str(path), "--exercise", "double"], color=True).output
        assert "\x1b" not in seen

    def test_a_console_without_a_check_mark_still_works(self, course, attempt):
        done = course("check", attempt(RIGHT), PYTHONIOENCODING="cp1252")
        assert done.returncode == 0
        assert "? double: passed" in done.stdout

    def test_notes_what_passed_in_the_learners_folder(self, course, attempt, tmp_path):
        (tmp_path / ".course").mkdir()
        course("check", attempt(OUTCOMES), "--seconds", "1")
        out = course("list").stdout
        assert "✓ double" in out
        assert "○ average" in out
        assert "You have passed 1 of 7 exercises." in out

    def test_watch_and_json_exclude_each_other(self, mini):
        result = in_process("check", LESSON, "--watch", "--json")
        assert result.exit_code == 2
        assert "choose one" in result.output

    @pytest.mark.skipif(sys.platform == "win32", reason="sends the signal that Ctrl-C sends")
    def test_watch_checks_again_on_save_and_ends_with_ctrl_c(self, mini, attempt, tmp_path):
        path = attempt({"double": "def double(x):\n    return x"})
        command = [
            sys.executable,
            "-u",
            "-m",
            "course",
            "check",
            path.name,
            "--exercise",
            "double",
            "--watch",
        ]
        with subprocess.Popen(
            command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
        ) as child:
            give_up = threading.Timer(60, child.kill)
            give_up.start()
            try:
                first = read_until(child.stdout, "Watching")
                attempt({"double": RIGHT["double"]})
                second = read_until(child.stdout, "Watching")
                child.send_signal(signal.SIGINT)
                _, errors = child.communicate()
            finally:
                give_up.cancel()
                with contextlib.suppress(OSError):
                    child.kill()
        assert "double: not right yet" in first
        assert "double: passed" in second
        assert child.returncode == 0
        assert errors == ""


def read_until(stream, text):
    lines = []
    for line in stream:
        lines.append(line)
        if text in line:
            return "".join(lines)
    raise AssertionError(f"'{text}' never came: {lines}")


class TestHintAndSolution:
    def test_without_a_folder_shows_the_first_hint_and_how_to_ask_for_the_next(self, course):
        out = course("hint", "double").stdout
        assert "double: hint 1 of 3" in out
        assert "Which operation does it?" in out
        assert "`course hint double 2` shows the next one." in out

    def test_counts_in_the_learners_folder(self, course, tmp_path):
        (tmp_path / "my-course" / ".course").mkdir(parents=True)
        numbers = [course("hint", "double").stdout.partition("\n")[0] for _ in range(4)]
        assert numbers == [f"double: hint {n} of 3" for n in (1, 2, 3, 3)]
        assert "3 hints taken" in course("list").stdout

    def test_a_hint_that_there_is_not(self, course):
        done = course("hint", "double", "9")
        assert done.returncode == 2
        assert done.stderr == "double has hints 1 to 3; there is no hint 9.\n"

    def test_solution_shows_the_answer_the_trials_and_the_mistakes(self, course):
        out = course("solution", "double").stdout
        assert "return 2 * x" in out
        assert "def trials(rng):" in out
        assert "squares: You squared the numbers." in out

    @pytest.mark.parametrize("command", ["hint", "solution", "reset"])
    def test_an_unknown_exercise_offers_the_nearest(self, course, command):
        done = course(command, "duoble")
        assert done.returncode == 2
        assert done.stderr == "There is no exercise 'duoble'. Did you mean 'double'?\n"


class TestReset:
    def test_puts_the_starter_back_and_keeps_the_attempt(self, course, attempt, tmp_path):
        path = attempt({"double": "def double(x):\n    return x  # my idea"})
        done = course("reset", "double")
        assert done.returncode == 0
        assert "double-attempt-1.py" in done.stdout
        assert "# my idea" in (tmp_path / "double-attempt-1.py").read_text(encoding="utf-8")
        assert cell(path, "double") == cell(LESSON, "double")

    def test_numbers_the_attempts(self, course, attempt, tmp_path):
        for n in (1, 2):
            attempt({"double": f"def double(x):\n    return x + {n}"})
            course("reset", "double")
        assert "x + 1" in (tmp_path / "double-attempt-1.py").read_text(encoding="utf-8")
        assert "x + 2" in (tmp_path / "double-attempt-2.py").read_text(encoding="utf-8")

    def test_an_untouched_exercise_changes_nothing(self, course, attempt, tmp_path):
        path = attempt({})
        before = path.read_bytes()
        assert "there was no attempt to keep" in course("reset", "double").stdout
        assert path.read_bytes() == before
        assert not list(tmp_path.glob("*-attempt-*"))

    def test_brings_a_deleted_cell_back_below_its_task(self, course, attempt):
        path = attempt({"double": None})
        course("reset", "double")
        ids = [c["id"] for c in json.loads(path.read_text(encoding="utf-8"))["cells"]]
        assert ids.index("double") == ids.index("double-task") + 1

    def test_the_kept_attempt_can_be_checked(self, course, attempt):
        attempt({"double": RIGHT["double"]})
        course("reset", "double")
        assert course("check", "double-attempt-1.py", "--exercise", "double").returncode == 0

    def test_without_the_notebook_says_where_to_go(self, course):
        done = course("reset", "double")
        assert done.returncode == 2
        assert "There is no 01-mini.ipynb in" in done.stderr
        assert "`course start`" in done.stderr


def cell(path, name):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return "".join(next(c["source"] for c in cells if c["id"] == name))


class TestValidate:
    def test_proves_the_miniature_course(self, course):
        done = course("validate", "--seeds", "2", "--kill-table")
        assert done.returncode == 0, done.stdout
        assert "7 exercises with 28 named mistakes, 2 seeds: proven." in done.stdout
        assert "a = three numbers" in done.stdout

    def test_json_lists_mistakes_trials_and_kills(self, course):
        done = course("validate", "--seeds", "1", "--json", "--lesson", "1")
        rows = {row["exercise"]: row for row in json.loads(done.stdout)}
        assert rows["double"] == {
            "exercise": "double",
            "lesson": "mini",
            "mistakes": ["squares", "adds_two", "does_nothing", "changes_x"],
            "trials": ["three numbers", "both signs"],
            "kills": {
                "squares": ["three numbers", "both signs"],
                "adds_two": ["three numbers", "both signs"],
                "does_nothing": ["three numbers", "both signs"],
                "changes_x": ["three numbers", "both signs"],
            },
            "problems": [],
        }

    def test_a_problem_is_named_and_fails(self, own_mini):
        path = own_mini / "solutions" / "mini" / "double.py"
        path.write_text(
            path.read_text(encoding="utf-8").replace("return x**2", "return 2 * x"), encoding="utf-8"
        )
        result = in_process("validate", "--seeds", "1")
        assert result.exit_code == 1
        assert "✗ mini/double" in result.output
        assert "The mistake squares is passed on seed 0: no trial catches it." in result.output
        assert "problem" in result.output.splitlines()[-1]

    def test_an_unknown_lesson(self, course):
        done = course("validate", "--lesson", "maxi")
        assert done.returncode == 2
        assert done.stderr == "There is no lesson 'maxi'. Did you mean 'mini'? Lessons: 01-mini.\n"


@pytest.fixture
def own_mini(tmp_path, monkeypatch):
    """A copy of the miniature course that a test may change."""
    root = shutil.copytree(MINI, tmp_path / "book")
    monkeypatch.setenv("COURSE_BOOK", str(root))
    monkeypatch.chdir(tmp_path)
    book._load.cache_clear()
    yield root
    book._load.cache_clear()


class TestAuthors:
    def test_the_mini_lesson_is_tidy(self, mini):
        result = in_process("tidy", "--check")
        assert result.exit_code == 0
        assert result.output == "All tidy.\n"

    def test_tidy_check_changes_nothing_and_tidy_does(self, own_mini):
        path = own_mini / "lessons" / "01-mini.ipynb"
        stored = path.read_bytes()
        content = json.loads(stored)
        content["metadata"]["signature"] = "left by an editor"
        path.write_text(json.dumps(content), encoding="utf-8")
        untidy = path.read_bytes()
        result = in_process("tidy", "--check")
        assert result.exit_code == 1
        assert "01-mini.ipynb: would change." in result.output
        assert path.read_bytes() == untidy
        assert in_process("tidy", "mini").exit_code == 0
        assert path.read_bytes() == stored

    def test_tidy_run_makes_fresh_outputs(self, own_mini):
        path = own_mini / "lessons" / "01-mini.ipynb"
        stored = path.read_bytes()
        content = json.loads(stored)
        for c in content["cells"]:
            if c["cell_type"] == "code":
                c["outputs"] = []
        path.write_text(json.dumps(content), encoding="utf-8")
        assert in_process("tidy", "--run", path).exit_code == 0
        assert path.read_bytes() == stored

    def test_solve_writes_a_notebook_that_passes(self, own_mini, tmp_path):
        assert in_process("solve", "mini").exit_code == 0
        assert in_process("check", "01-mini-solved.ipynb").exit_code == 0
        again = in_process("solve", "1")
        assert again.exit_code == 2
        assert "--force" in again.output
        assert in_process("solve", "01-mini", "--force").exit_code == 0

    def test_a_new_lesson_stands_after_the_last_one_and_before_other_pages(self, own_mini):
        summary = own_mini / "lessons" / "SUMMARY.md"
        before = summary.read_text(encoding="utf-8").splitlines()
        summary.write_text("\n".join([*before, "", "# Looking things up", "", "- [Words](words.md)"]) + "\n")
        (own_mini / "lessons" / "01-mini.ipynb").rename(
            own_mini / "lessons" / "14-mini.ipynb"
        )  # numbers may have gaps
        summary.write_text(summary.read_text().replace("01-mini", "14-mini"))
        assert in_process("new", "lesson", "bend", "Bending lines").exit_code == 0
        after = summary.read_text(encoding="utf-8").splitlines()
        last = max(n for n, line in enumerate(before) if ".ipynb)" in line)
        assert after[last + 1] == "- [Bending lines](15-bend.ipynb)"
        assert after[-1] == "- [Words](words.md)"

    def test_new_lesson_and_exercise_leave_only_their_todos(self, own_mini):
        assert in_process("new", "lesson", "bend", "Bending lines").exit_code == 0
        for name in ("one", "two", "three", "four"):
            book._load.cache_clear()
            assert in_process("new", "exercise", "bend", name).exit_code == 0
        assert "- [Bending lines](02-bend.ipynb)" in (own_mini / "lessons" / "SUMMARY.md").read_text()
        book._load.cache_clear()
        rows = json.loads(in_process("validate", "--lesson", "bend", "--json").output)
        assert [row["exercise"] for row in rows] == ["one", "two", "three", "four", None]
        assert all(row["problems"] for row in rows)
        assert [p for row in rows for p in row["problems"] if "TODO" not in p] == []
        book._load.cache_clear()
        assert in_process("tidy", "--check").exit_code == 0

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (("lesson", "Bad Slug", "x"), "'Bad Slug' can't name a lesson"),
            (("lesson", "mini", "x"), "There is a lesson 'mini' already: 01-mini."),
            (("exercise", "mini", "class"), "'class' can't name an exercise"),
            (("exercise", "mini", "double"), "There is an exercise 'double' already"),
            (("exercise", "maxi", "triple"), "There is no lesson 'maxi'. Did you mean 'mini'?"),
        ],
    )
    def test_new_refuses_what_can_not_be(self, own_mini, arguments, message):
        before = {path: path.read_bytes() for path in own_mini.rglob("*") if path.is_file()}
        result = in_process("new", *arguments)
        assert result.exit_code == 2
        assert message in result.output
        assert {path: path.read_bytes() for path in own_mini.rglob("*") if path.is_file()} == before
