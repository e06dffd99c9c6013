"""The miniature course, and the real command run on it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples on every run: a failure is a change in the code, never bad luck.
settings.register_profile("course", derandomize=True, deadline=None)
settings.load_profile("course")

MINI = Path(__file__).parent / "mini_course"
LESSON = MINI / "lessons" / "01-mini.ipynb"

RIGHT = {
    "double": "def double(x):\n    return 2 * x",
    "average": "def average(x):\n    return x.mean()",
    "halve": "def halve(x):\n    return x / 2",
    "first": "def first(x):\n    return x[0]",
    "running_total": "def running_total(x):\n    return list(np.cumsum(x))",
    "count_down": "def count_down(n):\n    return list(range(n, 0, -1))",
    "largest": "def largest(x):\n    return x.max()",
}


@pytest.fixture
def mini(monkeypatch):
    """Make the miniature course the book of commands run in this process and in others."""
    monkeypatch.setenv("COURSE_BOOK", str(MINI))
    return MINI


@pytest.fixture
def attempt(tmp_path):
    """Return ``attempt({name: source}, file)``: a learner's copy of the mini lesson with those cells replaced."""

    def write(cells, name="01-mini.ipynb"):
        content = json.loads(LESSON.read_text(encoding="utf-8"))
        for cell in content["cells"]:
            if cell["id"] in cells:
                cell["source"] = cells[cell["id"]]
        content["cells"] = [cell for cell in content["cells"] if cell["source"] is not None]
        path = tmp_path / name
        path.write_text(json.dumps(content), encoding="utf-8")
        return path

    return write


@pytest.fixture
def course(mini, tmp_path):
    """Return ``course(*args)``: the real command, in a process of its own, in ``tmp_path``."""

    def run(*args, **env):
        return subprocess.run(
            [sys.executable, "-m", "course", *map(str, args)],
            cwd=tmp_path,
            env={**os.environ, **env},
            capture_output=True,
            encoding="utf-8",
            timeout=120,
        )

    return run
