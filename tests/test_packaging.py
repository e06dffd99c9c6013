"""What people install: an sdist, a wheel and an editable install each start and check a lesson from another folder.

Each goes into a fresh environment that borrows the dependencies of this one, so nothing is fetched.
"""

import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
pytestmark = [
    pytest.mark.xdist_group("packaging"),  # one worker builds, once
    pytest.mark.skipif(not (ROOT / ".git").exists(), reason="compares with what git knows"),
]
CLEAN = {k: v for k, v in os.environ.items() if not k.startswith(("COURSE_", "PYTHON"))}


def run(*command, cwd):
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env=CLEAN, capture_output=True, encoding="utf-8", timeout=300
    )
    return done


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Build the sdist, and from it the wheel, as a release does."""
    out = tmp_path_factory.mktemp("dist")
    done = run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, ROOT, cwd=out)
    assert done.returncode == 0, done.stdout + done.stderr
    (sdist,), (wheel,) = out.glob("*.tar.gz"), out.glob("*.whl")
    return {"sdist": sdist, "wheel": wheel}


@pytest.fixture(params=["sdist", "wheel", "editable"])
def installed(request, built, tmp_path):
    """Install the course in an environment of its own; return how, and the folder of its commands."""
    venv = tmp_path / "venv"
    assert run(sys.executable, "-m", "venv", "--without-pip", venv, cwd=tmp_path).returncode == 0
    names = {"base": str(venv), "platbase": str(venv)}
    (Path(sysconfig.get_path("purelib", "venv", names)) / "borrowed.pth").write_text(
        sysconfig.get_path("purelib"), encoding="utf-8"
    )
    scripts = Path(sysconfig.get_path("scripts", "venv", names))
    source = ["--editable", ROOT] if request.param == "editable" else [built[request.param]]
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--ignore-installed", "--quiet"]
    python = scripts / Path(sys.executable).name
    done = run(sys.executable, "-m", "pip", "--python", python, "install", *options, *source, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    return request.param, scripts


def test_starts_and_checks_a_lesson_from_another_folder(installed, tmp_path):
    how, scripts = installed
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    where = "from course import book; print(book.find_root())"
    root = Path(run(scripts / "python", "-c", where, cwd=elsewhere).stdout.strip())
    assert root == (ROOT if how == "editable" else root)
    assert root.is_relative_to(tmp_path) == (how != "editable")

    done = run(scripts / "course", "start", "lessons", "--only-copy", cwd=elsewhere)
    assert done.returncode == 0, done.stderr
    names = [path.name for path in sorted((elsewhere / "lessons").glob("*.ipynb"))]
    assert names == [path.name for path in sorted((ROOT / "lessons").glob("*.ipynb"))]

    done = run(scripts / "course", "check", f"lessons/{names[0]}", "--json", cwd=elsewhere)
    assert done.returncode == 1, done.stderr
    assert {row["verdict"] for row in json.loads(done.stdout)} <= {"not_attempted", "wrong"}

    done = run(scripts / "course", "solve", "1", "--out", "solved.ipynb", cwd=elsewhere)
    assert done.returncode == 0, done.stderr
    done = run(scripts / "course", "check", "solved.ipynb", cwd=elsewhere)
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_a_lesson_imports_works_from_another_folder(installed, tmp_path):
    _, scripts = installed
    code = (
        "import matplotlib; matplotlib.use('agg')\n"
        "import matplotlib.pyplot as plt\n"
        "from course import check, data, hint, plots, predict, solution\n"
        "plt.style.use('course.figures')\n"
        "print(data.iris().X.shape)"
    )
    done = run(scripts / "python", "-c", code, cwd=tmp_path)
    assert done.stderr == ""
    assert done.stdout.strip() == "(150, 4)"


def contents(folder, pattern="*"):
    """Return the files under a folder of the checkout that git knows, or would."""
    done = run("git", "ls-files", "--cached", "--others", "--exclude-standard", folder, cwd=ROOT)
    return {name for name in done.stdout.splitlines() if Path(name).match(pattern) and (ROOT / name).exists()}


def test_lessons_solutions_data_and_styles_travel_in_the_wheel(built):
    with zipfile.ZipFile(built["wheel"]) as wheel:
        packed = set(wheel.namelist())
    book = {f"course/_book/{name}" for name in contents("lessons") | contents("solutions")}
    assert book | {"course/_book/book.toml", "course/figures.mplstyle"} <= packed
    assert contents("course/data") <= packed
    assert not [name for name in packed if "__pycache__" in name or ".ipynb_checkpoints" in name]
    assert not [name for name in packed if name.startswith("tests/")]


def test_the_licence_travels_and_is_named(built):
    with zipfile.ZipFile(built["wheel"]) as wheel:
        metadata = wheel.read(next(n for n in wheel.namelist() if n.endswith(".dist-info/METADATA"))).decode()
        assert any(name.endswith("licenses/LICENSE") for name in wheel.namelist())
    assert "License-Expression: MIT AND CC-BY-4.0" in metadata


def test_the_sdist_holds_the_tests_and_nobodys_work(built):
    with tarfile.open(built["sdist"]) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    assert {"README.md", "LICENSE", "Makefile", "tests/test_packaging.py"} <= names
    assert not [name for name in names if name.startswith((".venv", "my-course", ".git/"))]
