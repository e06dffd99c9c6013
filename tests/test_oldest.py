"""The course is proven with the oldest NumPy that it allows, too."""

import re
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

import pytest

from course import book

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.slow


def oldest_numpy() -> str:
    """Return the lowest NumPy that pyproject.toml allows, such as ``2.0``."""
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    return next(found[1] for line in wanted if (found := re.match(r"numpy>=([\d.]+)", line)))


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """Make an environment with the oldest NumPy that borrows all else from this one; return its Python."""
    venv = tmp_path_factory.mktemp("oldest") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    names = {"base": str(venv), "platbase": str(venv)}
    own = Path(sysconfig.get_path("purelib", "venv", names))
    python = Path(sysconfig.get_path("scripts", "venv", names)) / Path(sys.executable).name
    install = ["install", "--quiet", "--no-deps", "--only-binary", ":all:", f"numpy=={oldest_numpy()}.*"]
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--python", python, *install], capture_output=True, text=True
    )
    if done.returncode:
        pytest.skip(f"NumPy {oldest_numpy()} can't be had here: {done.stderr.strip().splitlines()[-1]}")
    (own / "borrowed.pth").write_text(f"{ROOT}\n{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    return python


def run(python, *command) -> subprocess.CompletedProcess:
    return subprocess.run([python, *command], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=3600)


def test_it_is_the_oldest_numpy_that_runs(python):
    done = run(python, "-c", "import numpy; print(numpy.__version__)")
    assert done.stdout.startswith(oldest_numpy() + ".")


def test_the_course_is_proven_with_it(python):
    done = run(python, "-m", "course", "validate", "--seeds", "2")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert f"{len(book.load().exercises)} exercises" in done.stdout
    assert "proven." in done.stdout
