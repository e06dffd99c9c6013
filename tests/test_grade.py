"""`course grade`, `course explain` and what is made of them, on the real command and in the real sandbox."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from conftest import LESSON, MINI, RIGHT

ENDLESS = "def count_down(n):\n    while True:\n        pass"
WRONG = RIGHT | {"average": "def average(x):\n    return x.sum()"}
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="grading on Windows is for WSL")


@pytest.fixture
def hand_in(tmp_path):
    """Return ``hand_in(learner, cells)``: a notebook in ``in``."""

    def write(learner, cells):
        content = json.loads(LESSON.read_text(encoding="utf-8"))
        for cell in content["cells"]:
            cell["source"] = cells.get(cell["id"], cell["source"])
        path = tmp_path / "in" / f"{learner}.ipynb"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content), encoding="utf-8")
        return path

    return write


@pytest.fixture
def grade(course):
    """Return ``grade(*options)``: the real command on ``in``, into ``out``; limits will do where there is no sandbox."""

    def run(*options, source="in", out="out"):
        done = course("grade", source, "--out", out, "--seed", "7", "--unsafe", *options)
        assert "Traceback" not in done.stdout + done.stderr
        return done

    return run


def files(out: Path) -> dict[str, str]:
    """Return the files that a run wrote, without how long it took."""
    found = {}
    for path in out.rglob("*"):
        if path.is_file() and not path.name.startswith("."):
            text = path.read_text(encoding="utf-8")
            if path.suffix == ".jsonl":
                lines = [json.loads(line) | {"seconds": 0} for line in text.splitlines()]
                text = json.dumps(lines)
            found[path.relative_to(out).as_posix()] = text
    return found


class TestGrade:
    def test_a_class(self, grade, hand_in, tmp_path):
        hand_in("ana", RIGHT)
        hand_in("bo", WRONG)
        hand_in("cyd", {})
        (tmp_path / "in" / "dan.ipynb").write_text("{")
        done = grade()
        assert done.returncode == 1
        assert "4 learners, 28 answers: 13 passed, 7 unreadable, 6 not attempted, 2 wrong." in done.stdout
        assert "To look at by hand: dan." in done.stdout
        rows = [json.loads(line) for line in (tmp_path / "out" / "results.jsonl").read_text().splitlines()]
        assert len(rows) == 28
        assert {r["mistake"] for r in rows if r["learner"] == "bo"} == {None, "sums"}
        assert "bo,1,0,1,1,1,1,1,6,7," in (tmp_path / "out" / "grades.csv").read_text()

    def test_all_graded_is_status_0_and_says_where_to_look(self, grade, hand_in):
        hand_in("ana", RIGHT)
        done = grade()
        assert done.returncode == 0, done.stderr
        assert "Open out/report.html; the grades are in out/grades.csv." in done.stdout
        assert done.stderr == ""

    def test_the_verdicts_are_those_of_check(self, grade, hand_in, course, tmp_path):
        path = hand_in(
            "ana",
            WRONG | {"first": "def first(x):\n    return x[17]", "halve": "def halve(x):\n    return x / 3"},
        )
        grade()
        checked = json.loads(course("check", path, "--json").stdout)
        rows = [json.loads(line) for line in (tmp_path / "out" / "results.jsonl").read_text().splitlines()]
        keys = ("exercise", "verdict", "mistake", "trial")
        assert [[r[k] for k in keys] for r in rows] == [[c[k] for k in keys] for c in checked]

    def test_a_teachers_own_exercises_points_and_roster(self, grade, hand_in, tmp_path):
        hand_in("ana", RIGHT | {"double": "def double(x):\n    return 3 * x"})
        own = shutil.copytree(MINI / "solutions", tmp_path / "own") / "mini" / "double.py"
        own.write_text(own.read_text().replace("2 * x", "3 * x").replace("x + 2", "x + 3"))
        (tmp_path / "points.toml").write_text("[points]\ndouble = 4\n")
        (tmp_path / "roster.csv").write_text("learner,name\nana,Ana García\nbo,Bo\n", encoding="utf-8")
        done = grade("--solutions", "own", "--points", "points.toml", "--roster", "roster.csv")
        assert done.returncode == 0, done.stdout + done.stderr
        lines = (tmp_path / "out" / "grades.csv").read_text(encoding="utf-8").splitlines()
        assert lines[1] == "ana,Ana García,,,4,1,1,1,1,1,1,10,10,"
        assert "3 * x" not in "".join(files(tmp_path / "out")["feedback/ana.md"])
        assert lines[2] == "bo,Bo,,,,,,,,,,,10,nothing handed in"
        assert "<h1>Feedback for Ana García</h1>" in (tmp_path / "out" / "feedback" / "ana.html").read_text(
            encoding="utf-8"
        )

    def test_an_exam_that_is_no_lesson_of_the_course(self, grade, hand_in, tmp_path):
        (tmp_path / "in").mkdir()
        (tmp_path / "in" / "ana.py").write_text("def thrice(x):\n    return 3 * x\n")
        (tmp_path / "in" / "bo.py").write_text("def thrice(x):\n    return x\n")
        (tmp_path / "own" / "exam").mkdir(parents=True)
        text = (MINI / "solutions" / "mini" / "double.py").read_text().replace("double", "thrice")
        (tmp_path / "own" / "exam" / "thrice.py").write_text(
            text.replace("2 * x", "3 * x").replace("x + 2", "x + 3")
        )
        done = grade("--solutions", "own")
        assert done.returncode == 0, done.stdout + done.stderr
        lines = (tmp_path / "out" / "grades.csv").read_text().splitlines()
        assert lines == ["learner,exam/thrice,total,max,remark", "ana,1,1,1,", "bo,0,0,1,"]

    def test_a_zip(self, grade, hand_in, tmp_path):
        hand_in("ana", RIGHT)
        shutil.make_archive(tmp_path / "class", "zip", tmp_path / "in")
        assert grade(source="class.zip").returncode == 0

    def test_a_progress_bar_with_counts_in_a_terminal(self, hand_in, mini, tmp_path):
        import pty

        hand_in("ana", RIGHT)
        ours, theirs = pty.openpty()
        command = [sys.executable, "-m", "course", "grade", "in", "--out", "out", "--unsafe"]
        child = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=theirs)
        os.close(theirs)
        seen = b""
        with contextlib.suppress(OSError):  # how Linux ends it
            while chunk := os.read(ours, 4096):
                seen += chunk
        os.close(ours)
        assert child.wait() == 0
        assert b"7/7" in seen
        assert b"7 passed" in seen

    def test_help_shows_examples(self, course):
        for command in ("grade", "explain"):
            assert f"course {command} " in course(command, "--help").stdout


class TestStopped:
    def start(self, tmp_path, mini, *options):
        command = [
            sys.executable,
            "-m",
            "course",
            "grade",
            "in",
            "--out",
            "out",
            "--seed",
            "7",
            "--unsafe",
            "--jobs",
            "1",
        ]
        return subprocess.Popen(
            [*command, *options],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def wait_for_rows(self, child, path, count):
        end = time.monotonic() + 60
        while time.monotonic() < end and child.poll() is None:
            if path.exists() and path.read_bytes().count(b"\n") >= count:
                return
            time.sleep(0.02)
        pytest.fail(f"never {count} rows: {child.communicate()}")

    @pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
    def test_and_resumed_it_ends_with_the_same_files(self, grade, hand_in, mini, tmp_path, sign):
        for i in range(6):
            hand_in(f"learner{i}", RIGHT if i % 2 else WRONG)
        hand_in(
            "slow",
            RIGHT
            | {
                "count_down": "import time\ndef count_down(n):\n    time.sleep(0.4)\n    return list(range(n, 0, -1))"
            },
        )
        grade(out="whole")
        child = self.start(tmp_path, mini)
        self.wait_for_rows(child, tmp_path / "out" / "results.jsonl", 10)
        child.send_signal(sign)
        said = child.communicate()[1]
        if sign == signal.SIGINT:
            assert child.returncode == 130
            assert "Stopped. What is graded is kept; add --resume to go on:" in said
        assert "Traceback" not in said
        assert not (tmp_path / "out" / "grades.csv").exists()
        finished = (tmp_path / "out" / "results.jsonl").read_text().splitlines()
        assert grade("--resume").returncode == 0
        assert files(tmp_path / "out") == files(tmp_path / "whole")
        kept = (tmp_path / "out" / "results.jsonl").read_text()
        for line in finished[:-1]:  # with their seconds: they were not judged again
            assert line in kept

    def test_a_second_grader_in_the_same_folder_is_refused(self, grade, hand_in, mini, tmp_path):
        hand_in("ana", RIGHT | {"count_down": ENDLESS})
        child = self.start(tmp_path, mini)
        try:
            self.wait_for_rows(child, tmp_path / "out" / "results.jsonl", 1)
            done = grade("--resume")
        finally:
            child.kill()
            child.communicate()
        assert done.returncode == 2
        assert "Another `course grade` is at work in out." in done.stderr

    def test_results_are_never_written_over(self, grade, hand_in):
        hand_in("ana", RIGHT)
        assert grade().returncode == 0
        done = grade()
        assert done.returncode == 2
        assert done.stderr == "out holds results already. Go on with --resume, or choose another folder.\n"

    def test_another_seed_is_refused(self, grade, hand_in, course):
        hand_in("ana", RIGHT)
        grade()
        done = course("grade", "in", "--out", "out", "--seed", "8", "--resume", "--unsafe")
        assert done.returncode == 2
        assert "--seed 7" in done.stderr


def mount_small(folder):
    """Make a folder of 256 KiB of its own, or skip."""
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "none", str(folder)], stderr=subprocess.DEVNULL
    )
    if done.returncode:
        pytest.skip("only root can make a small disk")


class TestDisk:
    @pytest.mark.skipif(not shutil.which("mount"), reason="no mount here")
    def test_a_full_disk_loses_nothing(self, grade, hand_in, tmp_path):
        for i in range(12):
            hand_in(f"learner{i:02}", WRONG | {"double": RIGHT["double"] + "\n" + "#" * 20_000 + str(i)})
        small = tmp_path / "small"
        mount_small(small)
        try:
            done = grade(out="small/out")
            assert done.returncode == 2
            assert "No space left on device" in done.stderr
            assert "--resume" in done.stderr
            assert done.stderr.count("\n") == 1
            before = (small / "out" / "results.jsonl").read_text().splitlines()[:-1]
            subprocess.run(["mount", "-o", "remount,size=64m", str(small)], check=True)
            assert grade("--resume", out="small/out").returncode == 0
            after = (small / "out" / "results.jsonl").read_text()
            assert all(line in after for line in before)
        finally:
            subprocess.run(["umount", str(small)], check=True)

    def test_a_folder_that_can_not_be_written(self, grade, hand_in, tmp_path):
        hand_in("ana", RIGHT)
        (tmp_path / "file").write_text("")
        done = grade(out="file/out")
        assert done.returncode == 2
        assert (
            done.stderr == "file/out can't be written: Not a directory. Choose another folder with --out.\n"
        )

    def test_a_read_only_folder(self, hand_in, mini, tmp_path):
        hand_in("ana", RIGHT)
        (tmp_path / "locked").mkdir(mode=0o500)
        # Nothing is read-only for root, unless it drops that privilege.
        mortal = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
        if mortal and (
            not shutil.which("setpriv")
            or subprocess.run([*mortal, "true"], stderr=subprocess.DEVNULL).returncode
        ):
            pytest.skip("root can't drop its right to write anywhere on this machine")
        command = [*mortal, sys.executable, "-m", "course", "grade", "in", "--out", "locked/out", "--unsafe"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8")
        assert done.returncode == 2
        assert (
            done.stderr
            == "locked/out can't be written: Permission denied. Choose another folder with --out.\n"
        )


class TestExplain:
    def test_shows_why_and_judges_again(self, grade, hand_in, course):
        hand_in("ana", WRONG)
        grade()
        done = course("explain", "out", "ana", "average", "--unsafe")
        assert done.returncode == 0, done.stderr
        assert "ana, average: not right yet, 0 of 1 points." in done.stdout
        assert "Matched the mistake sums: the answer gives the same results." in done.stdout
        assert "On the trial 'three numbers':" in done.stdout
        assert "The same as in the results." in done.stdout

    def test_what_has_changed_since_is_said(self, grade, hand_in, course, tmp_path):
        hand_in("ana", RIGHT)
        grade()
        path = tmp_path / "out" / "results.jsonl"
        path.write_text(path.read_text().replace('"passed"', '"wrong"', 1))
        done = course("explain", "out", "ana", "double", "--unsafe")
        assert done.returncode == 1
        assert "This differs from the results." in done.stdout

    @pytest.mark.parametrize(
        ("learner", "exercise", "message"),
        [
            ("anna", "double", "out has no learner 'anna'. Did you mean 'ana'?"),
            ("ana", "duoble", "ana was not graded on 'duoble'. Did you mean 'double'?"),
        ],
    )
    def test_offers_the_nearest(self, grade, hand_in, course, learner, exercise, message):
        hand_in("ana", RIGHT)
        grade()
        done = course("explain", "out", learner, exercise)
        assert done.returncode == 2
        assert message in done.stderr

    def test_an_unreadable_file(self, grade, hand_in, course, tmp_path):
        hand_in("ana", RIGHT)
        (tmp_path / "in" / "bo.ipynb").write_text("{")
        grade()
        done = course("explain", "out", "bo", "double")
        assert done.returncode == 0
        assert "could not be read, no grade." in done.stdout


class TestGradescope:
    @pytest.mark.parametrize(("cells", "score"), [(RIGHT, 7), (WRONG, 6), ({}, 0)])
    def test_the_zip_grades_in_its_container(self, course, hand_in, tmp_path, cells, score):
        done = course("export", "assignment", "mini", "--format", "gradescope", "--seed", "5")
        assert done.returncode == 0, done.stderr
        root = tmp_path / "autograder"
        with zipfile.ZipFile(tmp_path / "01-mini-autograder.zip") as file:
            file.extractall(root / "source")
        (root / "submission").mkdir()
        shutil.copy(hand_in("ana", cells), root / "submission" / "01-mini.ipynb")
        env = {k: v for k, v in os.environ.items() if k != "COURSE_BOOK"} | {
            "AUTOGRADER": str(root),
            "COURSE_PYTHON": sys.executable,
        }
        done = subprocess.run(
            ["bash", str(root / "source" / "run_autograder")], env=env, capture_output=True, encoding="utf-8"
        )
        assert done.returncode == 0, done.stdout + done.stderr
        results = json.loads((root / "results" / "results.json").read_text(encoding="utf-8"))
        assert results["score"] == score
        assert len(results["tests"]) == 7
        assert "Traceback" not in json.dumps(results)
