"""What learners hand in, in every layout and every state: who is graded, and what is said of the rest."""

import json
import os
import shutil
import stat
import struct
import unicodedata
import zipfile
from datetime import datetime

import pytest
from conftest import LESSON, MINI

from course import book
from course.errors import CourseError
from course.grading import archives, submissions

COURSE = book.load(MINI)
PY = "def double(x):\n    return 2 * x\n"


@pytest.fixture
def collect(tmp_path):
    """Return ``collect(source, ...)`` on the miniature course."""

    def run(source=None, **options):
        room = tmp_path / "room"
        shutil.rmtree(room, ignore_errors=True)
        room.mkdir()
        return submissions.collect(source or tmp_path / "in", COURSE, room, **options)

    return run


@pytest.fixture
def put(tmp_path):
    """Return ``put(path, content, day)``: a file below ``in``, by default the lesson, handed in on that day of November."""

    def write(name, content=None, day=1):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(
            LESSON.read_bytes()
            if content is None
            else content.encode()
            if isinstance(content, str)
            else content
        )
        when = datetime(2026, 11, day, 12).timestamp()
        os.utime(path, (when, when))
        return path

    return write


def learners(found):
    return [(s.learner, s.path.name) for s in found.submissions]


def problems(found):
    return {p.learner: p.message for p in found.problems}


class TestLayouts:
    def test_files_named_by_learner(self, collect, put):
        put("ana.ipynb")
        put("Bo Li.py", PY)
        put("cyd.ipynb.txt")
        put("read me.pdf", "x")
        found = collect()
        assert learners(found) == [("Bo Li", "Bo Li.py"), ("ana", "ana.ipynb"), ("cyd", "cyd.ipynb.txt")]
        assert {s.lesson for s in found.submissions} == {"mini"}
        assert found.warnings == ["Passed over, as no notebook and no .py file: read me.pdf."]
        assert problems(found) == {}

    def test_a_folder_for_each_learner(self, collect, put):
        put("ana/01-mini.ipynb")
        put("bo/deep/er/answer.py", PY)
        put("bo/.ipynb_checkpoints/answer-checkpoint.py", PY)
        put("bo/notes.md", "x")
        assert learners(collect()) == [("ana", "01-mini.ipynb"), ("bo", "answer.py")]

    @pytest.mark.parametrize("inside", ["", "submitted/"])
    def test_nbgrader(self, collect, put, inside):
        if inside:
            put("source/loss/01-mini.ipynb")
            put("gradebook.db", "x")
        else:
            put("alone/x/01-mini.ipynb")
        put(f"{inside}ana/mini/01-mini.ipynb", day=3)
        put(f"{inside}ana/mini/timestamp.txt", "2026-11-20 15:58:23.948203 Asia/Shanghai")
        found = collect(due=submissions.parse_due("2026-11-20T07:00+00:00"))
        assert found.layout == "nbgrader"
        assert ("ana", "01-mini.ipynb") in learners(found)
        assert "source" not in dict(learners(found))
        assert next(s.note for s in found.submissions if s.learner == "ana") == "late by 58 minutes"

    def test_canvas(self, collect, put):
        put("doejane_4711_99001_01-mini.ipynb")
        put("liwei_LATE_4712_99002_01-mini-2.ipynb")
        found = collect()
        assert found.layout == "Canvas"
        assert [s.learner for s in found.submissions] == ["doejane_4711", "liwei_4712"]
        assert [s.note for s in found.submissions] == ["", "late"]

    @pytest.mark.parametrize("between", ["_assignsubmission_file_", "_assignsubmission_file/"])
    def test_moodle(self, collect, put, between):
        put(f"Jane Doe_17{between}01-mini.ipynb")
        put(f"李 伟_18{between}my answer.ipynb")
        found = collect()
        assert found.layout == "Moodle"
        assert [s.learner for s in found.submissions] == ["Jane Doe_17", "李 伟_18"]

    def test_gradescope(self, collect, put):
        put("assignment_5_export/submission_1/01-mini.ipynb")
        put("assignment_5_export/submission_2/01-mini.ipynb")
        put("assignment_5_export/submission_3/01-mini.ipynb")
        put(
            "assignment_5_export/submission_metadata.yml",
            "---\nsubmission_1:\n  :submitters:\n  - :name: Ana\n    :sid: '007'\n    :email: ana@x.org\n  - :name: Bo\n    :sid: 8\n"
            "  :created_at: 2026-11-05 12:00:00.123 Z\n  :score: 3.0\nsubmission_2:\n  :submitters:\n  - :name: Cyd\n",
        )
        found = collect(due=submissions.parse_due("2026-11-04"))
        assert found.layout == "Gradescope"
        assert [s.learner for s in found.submissions] == ["8", "Cyd", "ana@x.org", "submission_3"]
        assert next(s for s in found.submissions if s.learner == "ana@x.org").note.startswith("late by")
        assert any("does not say whose submission_3 is" in w for w in found.warnings)

    def test_a_zip_and_zips_in_it(self, collect, put, tmp_path):
        put("ana.ipynb")
        put("bo.py", PY)
        with zipfile.ZipFile(tmp_path / "in" / "cyd.zip", "w") as inner:
            inner.write(LESSON, "hw/01-mini.ipynb")
        outer = shutil.make_archive(tmp_path / "all", "zip", tmp_path / "in")
        assert [s.learner for s in collect(tmp_path / outer).submissions] == ["ana", "bo", "cyd"]

    def test_another_lesson_is_left_out(self, collect, put):
        put("ana/01-mini.ipynb")
        put("ana/02-other.ipynb", '{"cells": [], "nbformat": 4}')
        put("bo/my.ipynb", '{"cells": [], "nbformat": 4}')
        found = collect(lesson="mini")
        assert {s.learner for s in found.submissions} == {"ana", "bo"}

    @pytest.mark.parametrize(
        ("name", "message"),
        [
            ("gone", "There is no"),
            ("one.ipynb", "for one file there is `course check`"),
            ("bad.zip", "is no zip that can be read"),
            ("empty", "holds no notebook and no .py file"),
        ],
    )
    def test_nothing_to_grade(self, collect, tmp_path, name, message):
        (tmp_path / "one.ipynb").write_text("{}")
        (tmp_path / "bad.zip").write_text("no zip")
        (tmp_path / "empty").mkdir()
        with pytest.raises(CourseError, match=message):
            collect(tmp_path / name)


class TestRepeated:
    def test_the_newest_counts(self, collect, put):
        put("ana/b.ipynb", day=2)
        put("ana/a.ipynb", day=3)
        found = collect()
        assert learners(found) == [("ana", "a.ipynb")]
        assert found.submissions[0].note == "a.ipynb, the newest of 2 submissions"

    def test_at_one_time_the_higher_number_counts(self, collect, put):
        put("ana/a-9.ipynb")
        put("ana/a-10.ipynb")
        assert learners(collect()) == [("ana", "a-10.ipynb")]

    def test_the_last_in_time(self, collect, put):
        put("ana/a.ipynb", day=2)
        put("ana/b.ipynb", day=4)
        put("bo/c.ipynb", day=5)
        found = collect(due=submissions.parse_due("2026-11-03"), take="in-time")
        assert learners(found) == [("ana", "a.ipynb"), ("bo", "c.ipynb")]
        assert found.submissions[0].note == "a.ipynb, the last in time of 2 submissions"
        assert found.submissions[1].note == "late by 1 day 12 hours"

    def test_for_the_best_all_are_graded_that_differ(self, collect, put):
        put("ana/a.py", PY, day=2)
        put("ana/b.py", PY, day=3)
        put("ana/c.py", PY + "#", day=3)
        assert learners(collect(take="best")) == [("ana", "b.py"), ("ana", "c.py")]

    def test_a_newer_one_that_is_broken_is_named(self, collect, put):
        put("ana/a.ipynb", day=2)
        put("ana/b.ipynb", "{", day=3)
        found = collect()
        assert learners(found) == [("ana", "a.ipynb")]
        assert "because a newer one can't be read: b.ipynb is not a notebook" in found.submissions[0].note

    def test_a_helper_file_beside_it_is_nothing_to_tell(self, collect, put):
        put("ana/a.ipynb", day=2)
        put("ana/scratch.py", "x = 1", day=3)
        found = collect()
        assert learners(found) == [("ana", "a.ipynb")]
        assert found.submissions[0].note == ""

    @pytest.mark.parametrize("text", ["tomorrow", "2026-13-01", ""])
    def test_a_date_that_is_none(self, text):
        with pytest.raises(CourseError, match=r"is no date. Wanted is 2026-11-30"):
            submissions.parse_due(text)


class TestBadFiles:
    @pytest.mark.parametrize(
        ("content", "message"),
        [
            ("{", "is not a notebook: it is not JSON"),
            ("", "is not a notebook: it is not JSON"),
            ("[1]", "is JSON, but no notebook"),
            ("[" * 100_000, "is not a notebook"),
        ],
    )
    def test_costs_nobody_else_a_grade(self, collect, put, content, message):
        put("ana.ipynb")
        put("bo.ipynb", content)
        found = collect()
        assert learners(found) == [("ana", "ana.ipynb")]
        assert message in problems(found)["bo"]
        assert found.problems[0].lesson == "mini"

    def test_what_is_no_answer(self, collect, put):
        put("ana.ipynb")
        put("bo.py", "print('hello')")
        put("cyd.py", b"\xff\xfe\x00")
        put("dan/essay.docx", b"x")
        (put("x", "").parent / "eve").mkdir()
        found = collect()
        assert "bo.py answers no exercise of this course." in problems(found)["bo"]
        assert "is no Python file: it is not UTF-8 text." in problems(found)["cyd"]
        assert problems(found)["dan"] == "Found essay.docx; wanted is a notebook (.ipynb) or a .py file."
        assert "is empty" in problems(found)["eve"]

    def test_a_huge_notebook_is_not_read(self, collect, put):
        put("ana.ipynb")
        with put("bo.ipynb").open("r+b") as file:
            file.truncate(200 << 20)
        assert "bo.ipynb is 200 MB; at most 32 MB are read. Clear its outputs" in problems(collect())["bo"]

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
    def test_pipes_devices_and_links_that_lead_out_are_never_opened(self, collect, put, tmp_path):
        folder = put("ana.ipynb").parent
        os.mkfifo(folder / "pipe.ipynb")
        (folder / "zero.ipynb").symlink_to("/dev/zero")
        (folder / "out.ipynb").symlink_to(LESSON)
        (folder / "gone.ipynb").symlink_to(folder / "nothing")
        (folder / "round.ipynb").symlink_to(folder / "round.ipynb")
        (folder / "inside.ipynb").symlink_to(folder / "ana.ipynb")
        (folder / "home").symlink_to(tmp_path)
        found = collect()
        assert [s.learner for s in found.submissions] == ["ana", "inside"]
        said = problems(found)
        assert "is a pipe, and was not opened" in said["pipe"]
        assert "is a link that leads out of the folder" in said["zero"]
        assert "is a link that leads out of the folder" in said["out"]
        assert "links to folders are not followed" in said["home"]
        assert set(said) == {"pipe", "zero", "out", "home", "gone", "round"}

    def test_one_in_a_hundred_broken(self, collect, put):
        for i in range(300):
            put(f"learner{i:03}.py", PY if i % 100 else b"\xff")
        found = collect()
        assert len(found.submissions) == 297
        assert len(found.problems) == 3

    def test_names_equal_up_to_case_or_unicode_form(self, collect, put):
        put("Ana.py", PY)
        put("ana.py", PY)
        put(unicodedata.normalize("NFC", "Zoë.py"), PY)
        put(unicodedata.normalize("NFD", "Zoë.py"), PY)
        found = collect()
        assert len(found.submissions) == 4
        assert len([w for w in found.warnings if "graded as 2 learners" in w]) == 2

    def test_a_name_that_is_no_text(self, collect, put):
        folder = put("ana.py", PY).parent
        (folder / os.fsdecode(b"b\xff\n.py")).write_text(PY)
        found = collect()
        assert [s.learner for s in found.submissions] == ["ana", "b\ufffd\ufffd"]
        json.dumps([s.learner for s in found.submissions]).encode()

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
    def test_a_file_that_may_not_be_read(self, collect, put):
        put("ana.py", PY)
        put("bo.py", PY).chmod(0)
        assert problems(collect()) == {"bo": "bo.py can't be read: Permission denied."}


def member(name, mode=0, date=(2026, 11, 3, 10, 0, 0)):
    info = zipfile.ZipInfo(name, date)
    info.external_attr = mode << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


class TestZips:
    @pytest.fixture
    def zipped(self, tmp_path):
        """Return ``zipped(*(member, content))``: the path of such a zip, with one good file in it."""

        def make(*members):
            with zipfile.ZipFile(tmp_path / "in.zip", "w") as file:
                file.writestr(member("good.py"), PY)
                for info, content in members:
                    file.writestr(info, content)
            return tmp_path / "in.zip"

        return make

    @pytest.mark.parametrize(
        "name", ["../slip.py", "/tmp/slip.py", "a/../../slip.py", "..\\slip.py", "C:\\slip.py", "C:/slip.py"]
    )
    def test_nothing_is_unpacked_outside(self, collect, zipped, tmp_path, name):
        before = set(tmp_path.rglob("*"))
        found = collect(zipped((member(name), PY)))
        assert [s.learner for s in found.submissions] == ["good"]
        assert "wanted to be unpacked outside the folder" in problems(found)["slip"]
        new = {p for p in tmp_path.rglob("*") if p not in before} - {tmp_path / "in.zip"}
        assert all(p.is_relative_to(tmp_path / "room") for p in new)

    def test_links_stay_unmade(self, collect, zipped):
        found = collect(zipped((member("link.py", stat.S_IFLNK | 0o777), "/etc/passwd")))
        assert problems(found) == {"link": "link.py is a link or a device, no file."}

    def test_a_bomb_is_named_and_the_rest_graded(self, collect, zipped):
        found = collect(
            zipped((member("bomb.ipynb"), b"0" * (20 << 20)), (member("big.ipynb"), b"0" * (40 << 20)))
        )
        assert [s.learner for s in found.submissions] == ["good"]
        assert "times its size, as no notebook does" in problems(found)["bomb"]
        assert "is 40 MB; at most 32 MB are read" in problems(found)["big"]

    def test_a_header_that_lies_gains_nothing(self, collect, zipped):
        path = zipped((member("liar.py"), b"#" * 100_000))
        content = bytearray(path.read_bytes())
        for at in (i for i in range(len(content) - 4) if content[i : i + 4] == struct.pack("<I", 100_000)):
            content[at : at + 4] = struct.pack("<I", 10)
        path.write_bytes(content)
        found = collect(path)
        assert [s.learner for s in found.submissions] == ["good"]
        assert "liar" in problems(found)

    def test_too_many_files_and_too_much_in_all(self, zipped, tmp_path):
        path = zipped(*((member(f"{i}.py"), PY) for i in range(20)))
        with pytest.raises(CourseError, match="holds 21 files; at most 10 are unpacked"):
            archives.unpack(path, tmp_path / "x", archives.Caps(10, 1 << 30, 1 << 20))
        with pytest.raises(CourseError, match="at most 0 MB are unpacked"):
            archives.unpack(path, tmp_path / "y", archives.Caps(100, 100, 1 << 20))
        assert list((tmp_path / "x").iterdir()) == list((tmp_path / "y").iterdir()) == []

    def test_two_members_of_one_name_are_both_kept(self, collect, zipped):
        with pytest.warns(UserWarning, match="Duplicate name"):
            path = zipped((member("ana.py"), PY), (member("ana.py"), PY + "#"))
        assert [s.learner for s in collect(path).submissions] == ["ana", "ana (2)", "good"]

    def test_names_that_are_utf8_without_saying_so(self, collect, zipped):
        path = zipped((member("李伟.py"), PY))
        content = bytearray(path.read_bytes())
        for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            for at in (i for i in range(len(content)) if content[i : i + 4] == mark):
                content[at + place + 1] &= ~0x08
        path.write_bytes(content)
        assert [s.learner for s in collect(path).submissions] == ["good", "李伟"]

    def test_the_time_of_a_member_is_its_time(self, collect, zipped):
        found = collect(zipped(), due=submissions.parse_due("2026-11-02"))
        assert found.submissions[0].note == "late by 10 hours"

    def test_a_damaged_member(self, collect, zipped):
        path = zipped((member("hurt.py"), b"".join(bytes([i % 251]) for i in range(5000))))
        content = bytearray(path.read_bytes())
        at = content.index(b"hurt.py") + 200
        content[at : at + 20] = b"\0" * 20
        path.write_bytes(content)
        found = collect(path)
        assert [s.learner for s in found.submissions] == ["good"]
        assert "hurt" in problems(found)
