"""The learner's folder: made, brought up to date without losing work, opened in JupyterLab."""

import json
import os
import shutil
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import MINI

from course import book, start
from course.cli import main
from course.errors import CourseError


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course whose lessons a test may bring out in new versions."""
    root = shutil.copytree(MINI, tmp_path / "book")
    monkeypatch.setenv("COURSE_BOOK", str(root))
    monkeypatch.chdir(tmp_path)
    book._load.cache_clear()
    yield book.load()
    book._load.cache_clear()


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "my-course"


def new_version(course, text):
    path = course.lessons[0].path
    path.write_text(path.read_text(encoding="utf-8").replace("That is all.", text), encoding="utf-8")


def edit(path, text):
    path.write_text(path.read_text(encoding="utf-8").replace("That is all.", text), encoding="utf-8")


class TestUpdate:
    def test_copies_the_lessons_and_marks_the_folder(self, course, folder):
        assert start.update(course, folder) == ["01-mini.ipynb: copied."]
        assert (folder / "01-mini.ipynb").read_bytes() == course.lessons[0].path.read_bytes()
        assert (folder / ".course").is_dir()

    def test_a_second_run_does_nothing(self, course, folder):
        start.update(course, folder)
        assert start.update(course, folder) == []

    def test_work_is_kept_where_there_is_nothing_newer(self, course, folder):
        start.update(course, folder)
        edit(folder / "01-mini.ipynb", "my work")
        assert start.update(course, folder) == []
        assert "my work" in (folder / "01-mini.ipynb").read_text(encoding="utf-8")

    def test_an_untouched_lesson_is_replaced_by_its_new_version(self, course, folder):
        start.update(course, folder)
        new_version(course, "version 2")
        (said,) = start.update(course, folder)
        assert "replaced by its new version" in said
        assert "version 2" in (folder / "01-mini.ipynb").read_text(encoding="utf-8")
        assert start.update(course, folder) == []

    def test_a_new_version_goes_beside_a_changed_lesson(self, course, folder):
        start.update(course, folder)
        edit(folder / "01-mini.ipynb", "my work")
        new_version(course, "version 2")
        (said,) = start.update(course, folder)
        assert said == (
            "01-mini.ipynb: your work stays as it is. "
            "There is a new version, put beside it as 01-mini.new.ipynb."
        )
        assert "my work" in (folder / "01-mini.ipynb").read_text(encoding="utf-8")
        assert "version 2" in (folder / "01-mini.new.ipynb").read_text(encoding="utf-8")
        assert start.update(course, folder) == []

    def test_a_newer_one_still_never_goes_over_work_in_the_one_beside(self, course, folder):
        start.update(course, folder)
        edit(folder / "01-mini.ipynb", "my work")
        new_version(course, "That is all. Version 2")
        start.update(course, folder)
        new_version(course, "That is all. Version 3")
        start.update(course, folder)  # nobody touched the one beside: it is replaced
        assert "Version 3" in (folder / "01-mini.new.ipynb").read_text(encoding="utf-8")
        edit(folder / "01-mini.new.ipynb", "more of my work")
        new_version(course, "Version 4")
        (said,) = start.update(course, folder)
        assert "01-mini.new2.ipynb" in said
        assert "more of my work" in (folder / "01-mini.new.ipynb").read_text(encoding="utf-8")
        assert "Version 4" in (folder / "01-mini.new2.ipynb").read_text(encoding="utf-8")

    def test_a_lesson_that_was_deleted_comes_back(self, course, folder):
        start.update(course, folder)
        (folder / "01-mini.ipynb").unlink()
        assert start.update(course, folder) == ["01-mini.ipynb: it was gone; copied again."]

    @pytest.mark.parametrize("mark", ["", "{", "[1, 2]"])
    def test_a_damaged_mark_loses_no_work(self, course, folder, mark):
        start.update(course, folder)
        edit(folder / "01-mini.ipynb", "my work")
        (folder / ".course" / "given.json").write_text(mark, encoding="utf-8")
        start.update(course, folder)
        assert "my work" in (folder / "01-mini.ipynb").read_text(encoding="utf-8")

    def test_a_file_of_that_name_that_was_there_before_is_kept(self, course, folder):
        folder.mkdir()
        (folder / "01-mini.ipynb").write_text("mine", encoding="utf-8")
        start.update(course, folder)
        assert (folder / "01-mini.ipynb").read_text(encoding="utf-8") == "mine"
        assert (folder / "01-mini.new.ipynb").exists()

    def test_progress_survives(self, course, folder):
        start.update(course, folder)
        progress = folder / ".course" / "progress.json"
        progress.write_text('{"double": {"passed": true, "hints": 0}}', encoding="utf-8")
        new_version(course, "version 2")
        start.update(course, folder)
        assert json.loads(progress.read_text(encoding="utf-8"))["double"]["passed"] is True

    def test_leaves_nothing_half_written_behind(self, course, folder):
        start.update(course, folder)
        assert sorted(path.name for path in folder.rglob("*")) == [".course", "01-mini.ipynb", "given.json"]


class TestOddFolders:
    def test_a_file_is_no_folder(self, course, folder):
        folder.write_text("a file", encoding="utf-8")
        with pytest.raises(CourseError, match="my-course is a file; wanted is a folder"):
            start.update(course, folder)

    def test_a_file_above_it(self, course, folder):
        folder.write_text("a file", encoding="utf-8")
        result = CliRunner().invoke(main, ["start", str(folder / "inner"), "--only-copy"])
        assert result.exit_code == 2
        assert "can't be used for your lessons: Not a directory." in result.output
        assert "course start DIR" in result.output

    @pytest.mark.parametrize("inner", [".", "lessons", "solutions"])
    def test_the_course_itself_is_refused(self, course, inner):
        with pytest.raises(CourseError, match="holds the course itself"):
            start.update(course, course.root / inner)

    @pytest.mark.skipif(sys.platform == "win32", reason="folders have no such permissions")
    def test_a_read_only_folder(self, course, folder, monkeypatch):
        folder.mkdir()
        if start.is_root():  # for whom nothing is read-only
            monkeypatch.setattr(Path, "mkdir", refuse)
        else:
            folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
        result = CliRunner().invoke(main, ["start", str(folder), "--only-copy"])
        folder.chmod(stat.S_IRWXU)
        assert result.exit_code == 2
        assert "can't be used for your lessons: Permission denied." in result.output

    def test_a_non_ascii_path_with_spaces(self, course, tmp_path):
        folder = tmp_path / "神经元 été"
        result = CliRunner().invoke(main, ["start", str(folder), "--only-copy"])
        assert result.exit_code == 0
        assert (folder / "01-mini.ipynb").exists()

    @pytest.mark.parametrize("name", ["course.py", "course", "numpy.py"])
    def test_a_name_that_hides_a_package_is_warned_of(self, course, folder, name):
        folder.mkdir()
        (folder / name).mkdir() if "." not in name else (folder / name).touch()
        result = CliRunner().invoke(main, ["start", str(folder), "--only-copy"])
        assert result.exit_code == 0
        assert f"Warning: {folder / name} hides the package" in result.output
        assert "Rename it" in result.output


def refuse(self, *args, **kwargs):
    raise PermissionError(13, "Permission denied", str(self))


class TestJupyterLab:
    """JupyterLab itself is replaced by a note of how it was called."""

    @pytest.fixture
    def called(self, monkeypatch):
        calls = []
        monkeypatch.setattr(start.sys, "platform", "linux")
        monkeypatch.setattr(start.os, "execv", lambda _, command: calls.append((command, Path.cwd())))
        monkeypatch.setattr(start.subprocess, "call", lambda command: 0)
        return calls

    def test_opens_on_lesson_1_in_the_learners_folder(self, course, folder, called, monkeypatch):
        monkeypatch.setattr(start, "is_root", lambda: False)
        result = CliRunner().invoke(main, ["start"])
        assert result.exit_code == 0, result.output
        ((command, cwd),) = called
        assert command == [
            sys.executable,
            "-m",
            "jupyterlab",
            "--LabApp.default_url=/lab/tree/01-mini.ipynb",
        ]
        assert cwd.resolve() == folder

    def test_without_a_browser_and_as_root_with_a_warning(self, course, called, monkeypatch):
        monkeypatch.setattr(start, "is_root", lambda: True)
        result = CliRunner().invoke(main, ["start", "--no-browser"])
        assert called[0][0][-2:] == ["--no-browser", "--allow-root"]
        assert "Warning: you are root" in result.output

    def test_only_copy_starts_nothing(self, course, called):
        result = CliRunner().invoke(main, ["start", "--only-copy"])
        assert called == []
        assert "Your lessons are in my-course." in result.output

    def test_where_it_is_not_installed_the_lessons_are_there_and_it_says_what_to_do(
        self, course, folder, called, monkeypatch
    ):
        monkeypatch.setattr(start.importlib.util, "find_spec", lambda name: None)
        result = CliRunner().invoke(main, ["start"])
        assert result.exit_code == 2
        assert "JupyterLab is not installed" in result.output
        assert "-m pip install jupyterlab" in result.output
        assert (folder / "01-mini.ipynb").exists()
        assert called == []


@pytest.mark.skipif(sys.platform == "win32", reason="ends JupyterLab by a signal")
def test_the_real_jupyterlab_opens_the_lesson(course, tmp_path):
    """Start it on a free port, wait for the address it prints, and shut it down."""
    command = [sys.executable, "-m", "course", "start", "--no-browser"]
    environment = {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(tmp_path / "config"),
        "JUPYTER_DATA_DIR": str(tmp_path / "data"),
        "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime"),
    }
    child = subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True)
    give_up = threading.Timer(60, child.kill)
    give_up.start()
    try:
        said = ""
        while "token=" not in said:
            line = child.stderr.readline()
            assert line, said  # it ended
            said += line
    finally:
        child.terminate()
        child.communicate(timeout=60)
        give_up.cancel()
    assert "/lab/tree/01-mini.ipynb?token=" in said
    assert f"Serving notebooks from local directory: {tmp_path / 'my-course'}" in said
