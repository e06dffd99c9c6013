"""Every lesson runs top to bottom, as shipped and solved, and says what it said when it was stored."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from course import book, notebooks

COURSE = book.load()
OFFLINE = Path(__file__).with_name("offline.py")
NOT_ALLOWED = 77
LESSONS = pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.stem)


def nbval(path: Path, *, cut: bool) -> subprocess.CompletedProcess:
    """Run nbval on one notebook, with a configuration of its own: ours makes warnings of the kernel's client errors."""
    options = [
        "--nbval",
        "--nbval-cell-timeout=120",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "-c",
        os.devnull,
    ]
    command = ["-m", "pytest", *options, f"--rootdir={path.parent}", str(path)]
    before = [str(OFFLINE)] if cut else []
    return subprocess.run(
        [sys.executable, *before, *command], cwd=path.parent, capture_output=True, text=True
    )


@LESSONS
def test_a_lesson_as_shipped_gives_its_stored_outputs_without_a_network(lesson, tmp_path):
    copy = tmp_path / lesson.path.name
    copy.write_bytes(lesson.path.read_bytes())
    done = nbval(copy, cut=True)
    if done.returncode == NOT_ALLOWED:
        done = nbval(copy, cut=False)
    assert done.returncode == 0, done.stdout[-6000:]


@LESSONS
def test_a_solved_lesson_gives_the_stored_outputs_but_in_its_exercises(lesson, tmp_path):
    nb = notebooks.splice(notebooks.read(lesson.path), lesson)
    for cell in nb.cells:
        if "exercise" in cell.metadata.get("tags", []):
            cell.metadata["tags"].append("nbval-ignore-output")
    copy = tmp_path / lesson.path.name
    notebooks.write(nb, copy)
    done = nbval(copy, cut=False)
    assert done.returncode == 0, done.stdout[-6000:]


@LESSONS
def test_a_lesson_is_stored_tidy(lesson):
    text = lesson.path.read_text(encoding="utf-8")
    assert text == notebooks.dumps(notebooks.tidy(notebooks.read(lesson.path))), (
        f"run: course tidy {lesson.stem}"
    )


def test_the_network_is_gone_where_it_is_cut(tmp_path):
    program = "import socket, sys\ntry: socket.create_connection(('192.0.2.1', 80), 1)\nexcept OSError as e: print(e.errno)"
    done = subprocess.run([sys.executable, str(OFFLINE), "-c", program], capture_output=True, text=True)
    if done.returncode == NOT_ALLOWED:
        pytest.skip("this machine allows no network namespace")
    assert done.stdout.strip() == "101"  # network is unreachable
