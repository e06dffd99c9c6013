"""From rows to what teachers and learners open: grades, the class report, feedback; points and rosters that are checked."""

import csv
import io
import json
import re
import shutil
import unicodedata
from pathlib import Path

import pytest
from conftest import LESSON, MINI, RIGHT
from grading_fixtures import judge_here, row

from course import book
from course.errors import CourseError
from course.grading import (
    classreport,
    classroom,
    feedback,
    gradebook,
    gradesheet,
    own,
    points,
    roster,
    similar,
)
from course.grading.classroom import Wish
from course.grading.rows import TOLD

pytestmark = pytest.mark.usefixtures("mini")
COURSE = book.load(MINI)
EVIL = '<script>alert("x")</script>'


def run(**more):
    return gradebook.Run(**({"seed": 7, "lessons": ("mini",)} | more))


def sheet(rows, asked=None):
    """Return grades.csv as a dict of each learner's cells."""
    asked = asked or run()
    text = gradesheet.text(gradebook.grades(rows, asked), {"double": "mini", "average": "mini"}, asked)
    return {line["learner"]: line for line in csv.DictReader(io.StringIO(text))}


class TestGrades:
    def test_points_and_totals(self):
        found = sheet([row("ana"), row("ana", "average", "wrong")])
        assert found["ana"]["mini/double"] == "1"
        assert found["ana"]["mini/average"] == "0"
        assert found["ana"]["total"] == "1"
        assert found["ana"]["max"] == "7"

    @pytest.mark.parametrize("verdict", ["grader_error", "unreadable"])
    def test_what_could_not_be_graded_is_empty_never_0(self, verdict):
        found = sheet([row("ana"), row("ana", "average", verdict)])["ana"]
        assert (found["mini/average"], found["total"]) == ("", "")
        assert found["remark"] == f"{verdict.replace('_', ' ')}: average"

    def test_who_handed_nothing_in_stands_there_empty(self):
        people = roster.Roster((roster.Person("ana", "Ana G", "ana@x.org", "1"), roster.Person("bo")))
        found = sheet([row("ana"), row("stranger")], run(roster=people))
        assert found["ana"]["name"] == "Ana G"
        assert (found["bo"]["total"], found["bo"]["remark"]) == ("", "nothing handed in")
        assert found["stranger"]["remark"] == "not on the roster"

    def test_points_and_weights_of_the_teacher(self):
        mine = points.Points({"double": 4, "average": 2}, {"mini": 0.5})
        found = sheet([row("ana"), row("ana", "average", "wrong")], run(points=mine))["ana"]
        assert (found["mini/double"], found["total"], found["max"]) == ("4", "2", "5.5")

    @pytest.mark.parametrize("name", ["=cmd()", "+1", "-1", "@x"])
    def test_no_cell_is_a_formula(self, name):
        assert f"'{name}" in sheet([row(name)])

    def test_learners_stand_as_people_look_them_up(self):
        grades = gradebook.grades([row("Zoe"), row("émile"), row("Dana"), row("Farid")], run())
        assert [g.learner for g in grades] == ["Dana", "émile", "Farid", "Zoe"]

    def test_half_a_row_at_the_end_is_none_and_a_damaged_one_is_named(self, tmp_path):
        good = row("ana").to_json() + "\n"
        (tmp_path / "results.jsonl").write_text(good + good[:50])
        assert len(list(gradebook.read_rows(tmp_path))) == 1
        (tmp_path / "results.jsonl").write_text(good + good[:50] + "\n" + good)
        with pytest.raises(CourseError, match="line 2, is damaged"):
            list(gradebook.read_rows(tmp_path))

    def test_a_run_is_remembered(self, tmp_path):
        people = roster.Roster((roster.Person("ana", "A", "a@x", "1"),), ("odd",))
        asked = run(
            points=points.Points({"double": 2}), roster=people, warnings=("w",), due="2026-11-30 18:00+01:00"
        )
        asked.save(tmp_path)
        assert gradebook.Run.load(tmp_path) == asked
        (tmp_path / "run.json").write_text("{")
        with pytest.raises(CourseError, match="is damaged"):
            gradebook.Run.load(tmp_path)


class TestPoints:
    def read(self, tmp_path, text):
        (tmp_path / "p.toml").write_text(text, encoding="utf-8")
        return points.read(tmp_path / "p.toml", COURSE)

    def test_are_read(self, tmp_path):
        found = self.read(tmp_path, "[points]\ndouble = 3\n[weights]\n01-mini = 0.5\n")
        assert found == points.Points({"double": 3}, {"mini": 0.5})

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("[points]\nduoble = 3", "there is no exercise 'duoble'. Did you mean 'double'?"),
            ("[weights]\nmimi = 3", "there is no lesson 'mimi'. Did you mean 'mini'?"),
            ("[point]\ndouble = 3", "there is no 'point'. Did you mean 'points'?"),
            ("double = 3", "there is no 'double'. Wanted are the tables [points] and [weights]."),
            ("points = 3", "'points' is 3; wanted is a table, [points]"),
            ("[points]\ndouble = -1", "double is -1; wanted is a number from 0 up."),
            ("[points]\ndouble = true", "double is True; wanted is a number"),
            ("[points]\ndouble = nan", "double is nan; wanted is a number"),
            ("[points]\ndouble = '3'", "double is '3'; wanted is a number"),
            ("[points", "p.toml is no TOML"),
        ],
    )
    def test_are_checked(self, tmp_path, text, message):
        with pytest.raises(CourseError) as error:
            self.read(tmp_path, text)
        assert message in str(error.value)


class TestRoster:
    def read(self, tmp_path, content):
        (tmp_path / "roster.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
        return roster.read(tmp_path / "roster.csv")

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
    @pytest.mark.parametrize("separator", [",", ";", "\t"])
    def test_of_any_program(self, tmp_path, encoding, separator):
        text = "Username,Full name,E-Mail\r\nana,Ana Müller,ana@x.org\r\n".replace(",", separator)
        found = self.read(tmp_path, text.encode(encoding))
        assert found.people == (roster.Person("ana", "Ana Müller", "ana@x.org"),)
        assert [w for w in found.warnings if "read as Windows-1252, 'Müller' for one" in w] == list(
            found.warnings
        )
        assert bool(found.warnings) == (encoding == "cp1252")

    def test_with_duplicates(self, tmp_path):
        found = self.read(tmp_path, "learner,name\nana,A\nana,A\nbo,B\nbo,C\n,D\n\n")
        assert [p.learner for p in found.people] == ["ana", "bo"]
        assert found.warnings == (
            "roster.csv, line 3: ana stands there twice.",
            "roster.csv, line 5: bo stands there twice, with other details; the first counts.",
            "roster.csv, line 6: no learner; the line is passed over.",
        )

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            ("", "is empty. Wanted is a header line"),
            ("learner,name\n", "has a header line and no learners"),
            ("lerner,phone\nana,1\n", "has the columns lerner, phone; wanted is one called learner"),
            (b"PK\x03\x04\0\0", "is no text file. Save it as CSV"),
        ],
    )
    def test_that_is_none(self, tmp_path, content, message):
        with pytest.raises(CourseError) as error:
            self.read(tmp_path, content)
        assert message in str(error.value)

    def test_finds_by_id_and_never_guesses(self):
        people = roster.Roster(
            (
                roster.Person("Ana", id="4711"),
                roster.Person("bo", email="B@x.org"),
                roster.Person("BO", id="9"),
            )
        )
        assert people.find("doe_4711").learner == "Ana"
        assert people.find("ana").learner == "Ana"
        assert people.find("b@X.org").learner == "bo"
        assert people.find("Bo") is None
        assert people.find("bo").learner == "bo"
        assert people.find("carl") is None

    def test_unicode_forms_are_one(self):
        people = roster.Roster((roster.Person(unicodedata.normalize("NFC", "Zoë")),))
        assert people.find(unicodedata.normalize("NFD", "Zoë"))


@pytest.fixture
def classroom_of(tmp_path):
    """Return ``classroom_of({learner: {exercise: source}}, ...)``: the outcome of grading that class, and its folder."""

    def grade(learners, log=None, **more):
        source, out = tmp_path / "in", tmp_path / "out"
        for learner, cells in learners.items():
            content = json.loads(LESSON.read_text(encoding="utf-8"))
            for cell in content["cells"]:
                cell["source"] = cells.get(cell["id"], cell["source"])
            path = source / learner
            path.parent.mkdir(parents=True, exist_ok=True)
            path.with_name(path.name + ".ipynb").write_text(json.dumps(content), encoding="utf-8")
        said = []
        outcome = classroom.grade(
            Wish(source, out, **({"seed": 7} | more)), said.append, judge_here(out, COURSE, log=log)
        )
        return outcome, out, said

    return grade


class TestFiles:
    def test_all_are_written(self, classroom_of):
        outcome, out, _ = classroom_of({"ana": RIGHT, "bo": {}})
        assert {p.name for p in out.iterdir()} == {
            "answers",
            "feedback",
            "grades.csv",
            "report.html",
            "results.jsonl",
            "run.json",
        }
        assert {p.name for p in (out / "feedback").iterdir()} == {"ana.html", "ana.md", "bo.html", "bo.md"}
        assert [g.total for g in outcome.grades] == [7.0, 0.0]

    def test_a_broken_file_costs_nobody_else_a_grade(self, classroom_of, tmp_path):
        (tmp_path / "in").mkdir()
        (tmp_path / "in" / "cyd.ipynb").write_text("{")
        outcome, out, _ = classroom_of({"ana": RIGHT})
        rows = [r for r in outcome.rows if r.learner == "cyd"]
        assert len(rows) == 7
        assert {(r.verdict, r.points) for r in rows} == {("unreadable", None)}
        assert "cyd,,,,,,,,,7,unreadable: 7 exercises" in (out / "grades.csv").read_text()
        assert "is not a notebook" in (out / "feedback" / "cyd.md").read_text()
        assert "is not a notebook" in (out / "report.html").read_text()

    def test_rows_are_sorted_and_say_what_was_chosen(self, classroom_of):
        _, out, _ = classroom_of({"bo": RIGHT, "ana/1": {}, "ana/2": RIGHT})
        rows = list(gradebook.read_rows(out))
        assert [(r.learner, r.exercise) for r in rows] == [
            (w, e) for w in ("ana", "bo") for e in COURSE.exercises
        ]
        assert rows[0].message == "All 2 trials are right. (Submission: 2.ipynb, the newest of 2 submissions)"
        assert "2.ipynb, the newest of 2 submissions" in (out / "grades.csv").read_text()
        assert (
            "<p>Submission: 2.ipynb, the newest of 2 submissions</p>"
            in (out / "feedback" / "ana.html").read_text()
        )

    def test_the_best_counts_and_nothing_is_judged_twice(self, classroom_of):
        log = []
        outcome, out, _ = classroom_of(
            {"ana/1": RIGHT, "ana/2": {"double": RIGHT["double"]}}, log, take="best"
        )
        assert outcome.grades[0].total == 7.0
        assert outcome.rows[0].message.endswith("(Submission: 1.ipynb, the best of 2 submissions)")
        assert len(list(gradebook.read_rows(out))) == 7
        assert len(log) == 14
        before = {p: p.read_bytes() for p in out.rglob("*") if p.is_file()}
        outcome, out, _ = classroom_of({}, log, take="best", resume=True)
        assert len(log) == 14
        assert {p: p.read_bytes() for p in out.rglob("*") if p.is_file()} == before

    def test_resuming_gives_the_same_files(self, classroom_of, tmp_path):
        learners = {"ana/1": RIGHT, "ana/2": {}, "bo": RIGHT}
        _, out, _ = classroom_of(learners)
        before = {p.name: p.read_bytes() for p in out.rglob("*") if p.is_file()}
        (out / "grades.csv").unlink()
        lines = (out / "results.jsonl").read_text().splitlines(keepends=True)
        (out / "results.jsonl").write_text("".join(lines[:9]) + lines[9][:40])
        log = []
        classroom_of({}, log, resume=True, seed=None)
        assert len(log) == 5
        assert {p.name: p.read_bytes() for p in out.rglob("*") if p.is_file()} == before

    def test_a_seed_that_nobody_knows(self, classroom_of):
        _, out, _ = classroom_of({"ana": RIGHT}, seed=None)
        first = gradebook.Run.load(out).seed
        shutil.rmtree(out)
        classroom_of({}, seed=None)
        assert gradebook.Run.load(out).seed != first

    def test_names_that_files_can_not_have(self):
        grades = gradebook.grades(
            [row(n) for n in ("a/b", "A:b", "a?B", "con", "..", "x" * 300, "ok")], run()
        )
        stems = feedback.stems(grades)
        assert len({s.casefold() for s in stems.values()}) == 7
        assert all(re.fullmatch(r'[^<>:"/\\|?*]{1,200}', s) and s.strip(".") for s in stems.values())
        assert stems["con"] == "_con"


class TestRefusals:
    def wish(self, tmp_path, **more):
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / "ana.py").write_text(RIGHT["double"])
        return Wish(**({"source": tmp_path / "in", "out": tmp_path / "out"} | more))

    def refused(self, wish):
        with pytest.raises(CourseError) as error:
            classroom.grade(wish, print, lambda *_: pytest.fail("nothing may be judged"))
        return str(error.value)

    def test_out_inside_the_submissions(self, tmp_path):
        assert "lies inside" in self.refused(self.wish(tmp_path, out=tmp_path / "in" / "graded"))
        assert "lies inside" in self.refused(self.wish(tmp_path, out=tmp_path / "in"))
        (tmp_path / "link").symlink_to(tmp_path / "in")
        assert "lies inside" in self.refused(self.wish(tmp_path, out=tmp_path / "link" / "graded"))
        assert not (tmp_path / "in" / "graded").exists()

    def test_out_that_is_a_file_or_has_results(self, tmp_path):
        (tmp_path / "out").write_text("")
        assert "is a file; wanted is a folder" in self.refused(self.wish(tmp_path))
        (tmp_path / "out2").mkdir()
        (tmp_path / "out2" / "results.jsonl").write_text("")
        assert "Go on with --resume" in self.refused(self.wish(tmp_path, out=tmp_path / "out2"))

    def test_out_that_another_grader_holds(self, tmp_path):
        wish = self.wish(tmp_path)
        with classroom.opened(wish.out, wish.source, resume=False):
            assert "Another `course grade` is at work" in self.refused(wish)

    @pytest.mark.parametrize(
        ("more", "message"),
        [
            ({"lesson": "mimi"}, "There is no lesson 'mimi'. Did you mean 'mini'?"),
            ({"due": "soon"}, "is no date"),
            ({"take": "in-time"}, "--take in-time wants to know until when: add --due DATE."),
            ({"solutions": Path("nowhere")}, "--solutions nowhere is no folder"),
            ({"roster": Path("nowhere.csv")}, "nowhere.csv can't be read"),
            ({"points": Path("nowhere.toml")}, "nowhere.toml can't be read"),
        ],
    )
    def test_what_is_asked_for_is_checked_first(self, tmp_path, more, message):
        assert message in self.refused(self.wish(tmp_path, **more))


class TestOwn:
    def make(self, folder, *names):
        for name in names:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(MINI / "solutions" / "mini" / "double.py", path)
        return own.load(folder)

    def test_stands_in_place_of_a_lesson_or_is_one(self, tmp_path):
        found = self.make(
            tmp_path,
            "mini/double.py",
            "mini/average.py",
            "mini/extra.py",
            "exam/b.py",
            "exam/a.py",
            "exam/_draft.py",
        )
        assert [(lesson.slug, [e.name for e in lesson.exercises]) for lesson in found.lessons] == [
            ("mini", ["double", "average", "extra"]),
            ("exam", ["a", "b"]),
        ]
        assert found.exercises["extra"].path == tmp_path / "mini" / "extra.py"

    def test_a_whole_book(self):
        assert own.load(MINI).lessons == COURSE.lessons

    def test_what_is_none(self, tmp_path):
        (tmp_path / "empty").mkdir()
        with pytest.raises(CourseError, match="holds no exercises"):
            own.load(tmp_path / "empty")
        with pytest.raises(CourseError, match="Give the folder above it"):
            self.make(tmp_path / "flat", "a.py")
        with pytest.raises(CourseError, match="have one name"):
            self.make(tmp_path / "twice", "mini/a.py", "exam/a.py")


class TestPages:
    def test_everything_is_escaped(self, tmp_path):
        rows = [
            row(EVIL, message=f"{EVIL} `{EVIL}`", verdict="raised", trial=EVIL),
            row("a`b", "average", "unreadable", message=f"{EVIL} (Submission: {EVIL})"),
        ]
        people = roster.Roster((roster.Person("a`b", EVIL, EVIL),))
        asked = run(roster=people, warnings=(EVIL,), layout=EVIL)
        grades = gradebook.grades(rows, asked)
        pages = feedback.write_all(grades, asked, tmp_path)
        same = [similar.Alike("double", (EVIL, "b"))]
        texts = [classreport.as_html(grades, {"double": "mini", "average": "mini"}, same, asked, pages)]
        texts += [p.read_text() for p in (tmp_path / "feedback").iterdir() if p.suffix == ".html"]
        assert len(texts) == 3
        for text in texts:
            assert "<script" not in text
            assert "&lt;script" in text
            assert re.findall(r'(?:src|href)="(?!feedback/)[^"]*"', text) == []
        markdown = "".join(p.read_text() for p in (tmp_path / "feedback").glob("*.md"))
        assert "<script" not in re.sub(r"`[^`]*`|\\<", "", markdown)

    def test_feedback_is_the_notebooks_report_with_the_first_hint(self, classroom_of):
        _, out, _ = classroom_of({"ana": RIGHT | {"average": "def average(x):\n    return x.sum()"}})
        text = (out / "feedback" / "ana.md").read_text(encoding="utf-8")
        assert (
            "### ✗ average: not right yet (0 of 1)\n\nThat is the sum: divide it by how many there are."
            in text
        )
        assert "> **Hint 1.** How many are there?" in text
        assert "6 of 7 points; 6 of 7 exercises passed." in text
        page = (out / "feedback" / "ana.html").read_text(encoding="utf-8")
        assert "That is the sum: divide it by how many there are." in page
        assert "How many are there?" in page
        for private in ("seed", "submission", "bubblewrap", "sums"):
            assert private not in text
            assert private not in page.partition("<body>")[2]

    def test_a_graders_failing_is_never_the_learners(self, tmp_path):
        rows = [row("ana", verdict="grader_error", message="OSError: /home/teacher/secret")]
        feedback.write_all(gradebook.grades(rows, run()), run(), tmp_path)
        text = (tmp_path / "feedback" / "ana.md").read_text()
        assert "it was not your answer" in text
        assert "secret" not in text
        assert "? of 1" in text

    def test_a_learner_is_told_what_the_row_says_last(self):
        message = f"ValueError: 3.14{TOLD}3.14{TOLD}It raised ValueError. (Submission: a.ipynb, late)"
        assert feedback.told(row("ana", verdict="raised", message=message)) == "It raised ValueError."
        assert feedback.told(row("ana", verdict="wrong", message="No.")) == "No."

    def test_the_report_counts_mistakes_by_name(self, classroom_of):
        wrong = RIGHT | {"average": "def average(x):\n    return x.sum()"}
        _, out, _ = classroom_of(
            {"ana": wrong, "bo": wrong | {"double": "def double(x):\n    return x+x"}, "cyd": RIGHT}
        )
        text = (out / "report.html").read_text(encoding="utf-8")
        assert "2 ×" in text
        assert "<code>sums</code>" in text
        assert "That is the sum: divide it by how many there are." in text
        assert "bubblewrap" in text

    def test_a_report_of_nobody(self):
        assert "<h1>Grades" in classreport.as_html([], {}, [], run(lessons=()), {})


LONG = """def double(x):
    # {0}
    total_{0} = np.zeros(len(x))
    for place_{0}, number in enumerate(x):
        total_{0}[place_{0}] = number + number
    return total_{0}"""


class TestSimilar:
    def found(self, classroom_of, learners):
        outcome, out, _ = classroom_of(learners)
        return similar.find(outcome.rows, out, COURSE)

    def test_the_very_same_file(self, classroom_of):
        assert self.found(classroom_of, {"ana": RIGHT, "bo": RIGHT})[0] == similar.Alike("", ("ana", "bo"))

    def test_other_names_and_comments_change_nothing(self, classroom_of):
        learners = {"ana": {"double": LONG.format("a")}, "bo": {"double": LONG.format("b")}, "cyd": RIGHT}
        assert self.found(classroom_of, learners) == [similar.Alike("double", ("ana", "bo"))]

    def test_short_answers_come_out_alike_by_themselves(self, classroom_of):
        assert (
            self.found(
                classroom_of, {"ana": RIGHT, "bo": RIGHT | {"first": "def first(x):\n    return x.flat[0]"}}
            )
            == []
        )

    def test_the_reference(self, classroom_of, monkeypatch):
        monkeypatch.setattr(similar, "SHORT", 5)
        reference = "def average(y):\n    '''Mine.'''\n    return np.sum(y) / y.size  # mine"
        found = self.found(classroom_of, {"ana": {"average": reference}})
        assert found == [similar.Alike("average", ("ana",), reference=True)]

    @pytest.mark.parametrize(
        "source",
        [
            "def double(x:\n",
            "",
            "x = 1",
            "def double(x): return " + "-" * 5000 + "1",
            "def double(x):\n" + "    x = x + 1\n" * 20_000,
        ],
    )
    def test_what_can_not_be_read_is_like_nothing(self, source):
        assert similar.normal_form(source, "double") == ""
