"""Grades into Canvas, Moodle and Gradescope; lessons into nbgrader, otter and Gradescope, proven with the real ones."""

import csv
import io
import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import LESSON, MINI, RIGHT
from grading_fixtures import row

from course import book
from course.cli import main
from course.errors import CourseError
from course.grading import assignment, gradebook, lms, own, points, roster
from course.grading.assignment import NEEDS

pytestmark = pytest.mark.usefixtures("mini")
COURSE = book.load(MINI)
ROOT = Path(__file__).resolve().parent.parent
# Where nbgrader and otter are installed, in an environment of their own: the folder with their commands.
THEIRS = os.environ.get("COURSE_GRADERS", "")
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Lesson 1 (17),Lesson 2 (18)\r\n"
    '    Points Possible,,,,,{possible},5\r\n"Doe, Jane",4711,s1,jane@x.org,A,,3\r\n"Li, Wei",4712,s2,wei,A,,\r\n'
    '"Li, Wei",4713,s3,wei2,B,,4\r\n"Student, Test",,,test,A,,\r\n'
)
MOODLE = (
    "\ufeffIdentifier,Full name,Email address,Status,Grade,Maximum grade,Grade can be changed,Feedback comments\n"
    "Participant 17,Jane Doe,jane@x.org,Submitted,,{possible},Yes,\n"
    "Participant 18,李 伟,wei@x.org,Submitted,,{possible},Yes,well done\n"
)


def run(**more):
    return gradebook.Run(**({"seed": 7, "lessons": ("mini",)} | more))


def graded(*learners, people=()):
    """Return the grades of learners who all have 2 of 7 points."""
    asked = run(roster=roster.Roster(tuple(people)))
    rows = [row(name, e, message="Fine <b>") for name in learners for e in ("double", "average")]
    return gradebook.grades(rows, asked)


@pytest.fixture
def canvas(tmp_path):
    """Return ``canvas(*learners)``: the filled file of those learners, and its cells by ID."""

    def fill(*learners, possible=7, column="Lesson 1", text=CANVAS, people=(), **more):
        path = tmp_path / "gradebook.csv"
        path.write_bytes(text.format(possible=possible).encode())
        filled = lms.canvas(path, column, graded(*learners, people=people), **more)
        lines = csv.DictReader(io.StringIO(filled.content.decode(), newline=""))
        return filled, {line["ID"]: line for line in lines}

    return fill


class TestCanvas:
    def test_the_teachers_own_file_comes_back_filled_in(self, canvas):
        filled, lines = canvas("doejane_4711")
        assert lines["4711"]["Lesson 1 (17)"] == "2"
        assert (filled.count, filled.unknown, filled.ambiguous) == (1, [], [])
        assert filled.content.decode() == CANVAS.format(possible=7).replace(
            "jane@x.org,A,,3", "jane@x.org,A,2,3"
        )

    @pytest.mark.parametrize("name", ["4711", "s1", "jane@x.org", "JANE@x.org", "x_4711"])
    def test_matches_on_any_id(self, canvas, name):
        assert canvas(name)[0].count == 1

    def test_or_on_one_in_the_roster(self, canvas):
        assert canvas("jd", people=[roster.Person("jd", "Jane", "jane@x.org")])[0].count == 1

    def test_never_on_a_name_and_never_guesses(self, canvas):
        filled, lines = canvas("Doe, Jane", "Li, Wei", "4713", "wei2", "x_1")
        assert filled.count == 0
        assert filled.unknown == ["Doe, Jane", "Li, Wei", "x_1"]
        assert filled.ambiguous == ["4713", "wei2"]
        assert lines["4713"]["Lesson 1 (17)"] == ""

    def test_one_learner_whose_ids_fit_two_lines(self, canvas):
        filled, _ = canvas("wei", people=[roster.Person("wei", id="s1")])
        assert filled.ambiguous == ["wei"]

    def test_no_grade_stays_empty_and_is_listed(self, tmp_path):
        (tmp_path / "g.csv").write_text(CANVAS.format(possible=7))
        grades = gradebook.grades([row("4711", verdict="grader_error")], run())
        filled = lms.canvas(tmp_path / "g.csv", "Lesson 1", grades)
        assert (filled.count, filled.ungraded) == (0, ["4711"])

    def test_other_points_are_refused_unless_scaled(self, canvas):
        with pytest.raises(CourseError, match="has 14 points for it, and the exercises have 7"):
            canvas("4711", possible=14)
        assert canvas("4711", possible=14, scale=True)[1]["4711"]["Lesson 1 (17)"] == "4"

    @pytest.mark.parametrize(
        ("column", "message"),
        [
            (None, "Say --column NAME; gradebook.csv has 'Lesson 1', 'Lesson 2'."),
            ("Leson 1", "has no column 'Leson 1'. Did you mean 'Lesson 1'?"),
        ],
    )
    def test_the_column_is_never_guessed(self, canvas, column, message):
        with pytest.raises(CourseError) as error:
            canvas("4711", column=column)
        assert message in str(error.value)

    def test_two_columns_of_one_name(self, canvas):
        with pytest.raises(CourseError, match=r"2 times: Lesson 1 .17., Lesson 1 .18."):
            canvas("4711", text=CANVAS.replace("Lesson 2", "Lesson 1"))
        assert (
            canvas("4711", text=CANVAS.replace("Lesson 2", "Lesson 1"), column="Lesson 1 (17)")[0].count == 1
        )

    @pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "\x00"])
    def test_another_file(self, canvas, text):
        with pytest.raises(CourseError, match=r"gradebook.csv (has|is)"):
            canvas("4711", text=text)


class TestMoodle:
    def fill(self, tmp_path, *learners, possible="7.00", text=MOODLE, column=None, people=(), **more):
        (tmp_path / "w.csv").write_bytes(text.format(possible=possible).encode())
        filled = lms.moodle(tmp_path / "w.csv", column, graded(*learners, people=people), run(), **more)
        return filled, list(csv.DictReader(io.StringIO(filled.content.decode("utf-8-sig"), newline="")))

    @pytest.mark.parametrize("name", ["Jane Doe_17", "17", "Participant 17", "jane@x.org"])
    def test_the_worksheet_comes_back_filled_in(self, tmp_path, name):
        filled, lines = self.fill(tmp_path, name)
        assert (filled.count, filled.unknown) == (1, [])
        assert lines[0]["Grade"] == "2"
        assert "<li>double: passed. Fine &lt;b&gt;</li>" in lines[0]["Feedback comments"]
        assert (lines[1]["Grade"], lines[1]["Feedback comments"]) == ("", "well done")
        assert filled.content.startswith(b"\xef\xbb\xbf")

    def test_what_a_teacher_wrote_stays(self, tmp_path):
        assert self.fill(tmp_path, "18")[1][1]["Feedback comments"] == "well done"

    def test_names_are_never_matched(self, tmp_path):
        assert self.fill(tmp_path, "Jane Doe", "李 伟")[0].unknown == ["Jane Doe", "李 伟"]

    def test_scaled(self, tmp_path):
        with pytest.raises(CourseError, match="--scale"):
            self.fill(tmp_path, "17", possible="100.00")
        assert self.fill(tmp_path, "17", possible="100.00", scale=True)[1][0]["Grade"] == "28.57"

    def test_a_gradebook_with_a_column_of_its_own(self, tmp_path):
        text = "First name,ID number,Email address,Assignment: One (Real)\nJane,s1,jane@x.org,-\n"
        _, lines = self.fill(tmp_path, "s1", text=text, column="Assignment: One (Real)")
        assert lines[0]["Assignment: One (Real)"] == "2"


class TestGradescope:
    def test_results(self):
        own = points.Points({}, {"mini": 2})
        asked = run(points=own)
        grade = gradebook.grades([row("ana"), row("ana", "average", "wrong", trial="three")], asked)[0]
        found = lms.gradescope(grade, asked, COURSE)
        assert found["score"] == 2
        assert [(t["score"], t["max_score"], t["status"]) for t in found["tests"]] == [
            (2, 2, "passed"),
            (0, 2, "failed"),
        ]
        assert (
            found["tests"][1]["output"]
            == "Not right yet. No.\nOn the trial 'three'.\n\nHint 1: How many are there?"
        )

    def test_no_score_is_made_up(self):
        grade = gradebook.grades([row("ana", verdict="grader_error", message="disk full")], run())[0]
        with pytest.raises(CourseError, match="ana: no grade for double"):
            lms.gradescope(grade, run(), COURSE)

    def test_a_file_that_can_not_be_read_scores_0_only_where_it_can_be_handed_in_again(self):
        grade = gradebook.grades([row("ana", "", "unreadable", message="No JSON.")], run())[0]
        with pytest.raises(CourseError, match="ana: no grade for the file"):
            lms.gradescope(grade, run(), COURSE)
        assert lms.gradescope(grade, run(), COURSE, at_once=True)["score"] == 0


class TestCommand:
    @pytest.fixture
    def results(self, tmp_path, monkeypatch):
        """A folder of results of two learners, in which commands are run."""
        monkeypatch.chdir(tmp_path)
        (tmp_path / "graded").mkdir()
        run().save(tmp_path / "graded")
        rows = [row(name) for name in ("4711", "stranger")]
        (tmp_path / "graded" / "results.jsonl").write_text("".join(r.to_json() + "\n" for r in rows))
        (tmp_path / "gradebook.csv").write_text(CANVAS.format(possible=7))
        return tmp_path / "graded"

    def export(self, *args):
        return CliRunner().invoke(main, ["export", "grades", *args], catch_exceptions=False)

    def test_canvas(self, results):
        done = self.export("graded", "--format", "canvas", "--into", "gradebook.csv", "--column", "Lesson 1")
        assert done.exit_code == 1
        assert "1 grades filled in." in done.output
        assert "In none of its lines: stranger." in done.output
        assert "jane@x.org,A,1,3" in (results / "canvas.csv").read_text()

    def test_the_teachers_file_is_not_written_over(self, results):
        done = self.export(
            "graded", "--format", "canvas", "--into", "gradebook.csv", "--output", "gradebook.csv"
        )
        assert done.exit_code == 2
        assert "would be written over" in done.output

    def test_canvas_wants_a_file(self, results):
        assert "wants --into FILE" in self.export("graded", "--format", "canvas").output

    def test_csv_and_gradescope(self, results):
        assert self.export("graded", "--format", "csv").exit_code == 0
        assert "4711,,,,1,7,14.29" in (results / "export.csv").read_text()
        assert self.export("graded", "--format", "gradescope").exit_code == 0
        assert json.loads((results / "gradescope" / "4711.json").read_text())["score"] == 1
        assert (
            "has 2 learners. Give a folder"
            in self.export("graded", "--format", "gradescope", "--output", "r.json").output
        )

    def test_no_results(self, results):
        done = self.export("nowhere", "--format", "csv")
        assert done.exit_code == 2
        assert "nowhere holds no results" in done.output


def solved(nb, answers):
    """Put answers into a student's notebook, by what their cells define."""
    for cell in nb["cells"]:
        source = "".join(cell["source"])
        for name, answer in answers.items():
            if cell["cell_type"] == "code" and f"def {name}(" in source:
                cell["source"] = f"{answer}\n\n\ncheck({name})"
    return nb


WRONG = RIGHT | {"average": "def average(x):\n    return x.sum()", "halve": "def halve(x):\n    return x"}


def theirs(command, *args, cwd):
    """Run a command of theirs on the miniature course."""
    paths = os.pathsep.join(filter(None, [THEIRS, os.environ["PATH"]]))
    env = {
        **os.environ,
        "PATH": paths,
        "PYTHONPATH": str(ROOT),
        "COURSE_BOOK": str(MINI),
        "PYTHONWARNINGS": "ignore",
    }
    done = subprocess.run(
        [command, *map(str, args)], cwd=cwd, env=env, capture_output=True, encoding="utf-8", timeout=300
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout + done.stderr


def needs(command):
    found = shutil.which(command, path=os.pathsep.join(filter(None, [THEIRS, os.environ["PATH"]])))
    return pytest.mark.skipif(
        not found, reason=f"{command} is not installed (COURSE_GRADERS names no folder with it)"
    )


class TestAssignments:
    def test_marks_stand_around_the_answer_only(self):
        nb = assignment.nbgrader(COURSE.lesson("mini"), points.Points({"double": 3}), 99)
        cells = {cell.id: cell for cell in nb.cells}
        assert cells["double"].source == (
            'def double(x):\n    """Return twice each number of x, (N,)."""\n    ### BEGIN SOLUTION\n    return 2 * x\n'
            "    ### END SOLUTION\n\n\ncheck(double)"
        )
        assert "SOLUTION" not in cells["running_total"].source  # code to repair stays as it is
        assert "nbgrader" not in cells["running_total"].metadata
        assert cells["double-test"].metadata["nbgrader"]["points"] == 3
        assert cells["double-test"].source.count("demand(double") == 2

    def test_of_a_teachers_own_exercise_the_trials_stay_with_the_teacher(self, tmp_path):
        (tmp_path / "mini").mkdir()
        path = shutil.copy(MINI / "solutions" / "mini" / "double.py", tmp_path / "mini" / "double.py")
        nb = assignment.nbgrader(own.load(tmp_path).lesson("mini"), points.Points(), 99)
        test = next(cell.source for cell in nb.cells if cell.id == "double-test")
        assert test.splitlines()[2:] == [
            "### BEGIN HIDDEN TESTS",
            f"demand(double, seed=99, path={str(path)!r})",
            "### END HIDDEN TESTS",
        ]
        names = {"double": lambda x: 2 * x}
        names["double"].__name__ = "double"
        exec(test, names)
        names["double"] = lambda x: x
        with pytest.raises(AssertionError, match="not right yet"):
            exec(test, names)

    def test_an_unknown_lesson_and_one_without_exercises(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        done = CliRunner().invoke(main, ["export", "assignment", "mimi", "--format", "otter"])
        assert done.exit_code == 2
        assert "Did you mean 'mini'?" in done.output

    @pytest.mark.slow
    @needs("nbgrader")
    def test_nbgrader_takes_it_and_grades_with_it(self, course, tmp_path):
        done = course(
            "export", "assignment", "mini", "--format", "nbgrader", "--output", "class", "--seed", "5"
        )
        assert done.returncode == 0, done.stderr
        folder = tmp_path / "class"
        theirs("nbgrader", "generate_assignment", "01-mini", cwd=folder)
        release = json.loads((folder / "release" / "01-mini" / "01-mini.ipynb").read_text(encoding="utf-8"))
        text = json.dumps(release)
        assert "return 2 * x" not in text
        assert "seed=5" not in text
        for learner, answers in {"right": RIGHT, "wrong": WRONG, "blank": {}}.items():
            path = folder / "submitted" / learner / "01-mini" / "01-mini.ipynb"
            path.parent.mkdir(parents=True)
            path.write_text(json.dumps(solved(json.loads(text), answers)), encoding="utf-8")
        theirs("nbgrader", "autograde", "01-mini", cwd=folder)
        theirs("nbgrader", "export", cwd=folder)
        with (folder / "grades.csv").open(encoding="utf-8") as file:
            scores = {
                line["student_id"]: (float(line["score"]), float(line["max_score"]))
                for line in csv.DictReader(file)
            }
        assert scores == {"right": (7, 7), "wrong": (5, 7), "blank": (0, 7)}
        theirs("nbgrader", "generate_feedback", "01-mini", cwd=folder)
        feedback = (folder / "feedback" / "wrong" / "01-mini" / "01-mini.html").read_text(encoding="utf-8")
        assert "That is the sum: divide it by how many there are." in feedback

    @pytest.mark.slow
    @needs("otter")
    def test_otter_takes_it_and_grades_with_it(self, course, tmp_path):
        done = course("export", "assignment", "mini", "--format", "otter", "--output", "class", "--seed", "5")
        assert done.returncode == 0, done.stderr
        folder = tmp_path / "class"
        theirs("otter", "assign", "01-mini.ipynb", "dist", cwd=folder)  # this runs the tests on our answers
        text = (folder / "dist" / "student" / "01-mini.ipynb").read_text(encoding="utf-8")
        assert "return 2 * x" not in text
        assert "seed=5" not in text
        starters = {
            c["id"]: "".join(c["source"]) for c in json.loads(LESSON.read_text(encoding="utf-8"))["cells"]
        }
        sources = ["".join(cell["source"]) for cell in json.loads(text)["cells"]]
        assert all(starters[name] in sources for name in RIGHT)
        autograder = next((folder / "dist" / "autograder").glob("*.zip"))
        scores = {}
        for learner, answers in {"right": RIGHT, "wrong": WRONG}.items():
            (folder / f"{learner}.ipynb").write_text(
                json.dumps(solved(json.loads(text), answers)), encoding="utf-8"
            )
            (folder / learner).mkdir()
            theirs("otter", "run", f"{learner}.ipynb", "-a", autograder, "-o", learner, cwd=folder)
            results = json.loads((folder / learner / "results.json").read_text(encoding="utf-8"))
            scores[learner] = sum(test.get("score") or 0 for test in results["tests"])
        assert scores == {"right": 7, "wrong": 5}


class TestGradescopeZip:
    def test_it_carries_the_course_and_can_be_made_again(self, tmp_path):
        make = [
            assignment.gradescope(COURSE.lesson("mini"), COURSE, points.Points({"double": 2}), 5)
            for _ in range(2)
        ]
        assert make[0] == make[1]
        with zipfile.ZipFile(io.BytesIO(make[0])) as file:
            names = set(file.namelist())
            assert {
                "setup.sh",
                "run_autograder",
                "course/cli.py",
                "course/data/iris.npz",
                "book/book.toml",
            } <= names
            assert {"book/lessons/01-mini.ipynb", "solutions/mini/double.py"} <= names
            assert file.getinfo("run_autograder").external_attr >> 16 & 0o111
            assert "double = 2" in file.read("points.toml").decode()
            for script in ("setup.sh", "run_autograder"):
                subprocess.run(["bash", "-n"], input=file.read(script), check=True)

    def test_it_asks_for_what_the_project_asks_for(self):
        import tomllib

        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        ours = {*project["dependencies"], *project["optional-dependencies"]["grade"]}
        jupyter = {"nbformat>=5.9"}  # comes with jupyter, which a grader does not need
        assert set(NEEDS) - jupyter <= ours
