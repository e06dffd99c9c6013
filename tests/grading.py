"""What tests of grading share: submissions, and a run of the grader on them."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from course.grading import run, sandbox
from course.grading.rows import Row


@dataclass(frozen=True)
class Submission:
    """As ``course.grading.run`` wants it."""

    learner: str
    path: Path
    lesson: str
    sha256: str


def submission(path, lesson):
    """Return the submission of one file, by a learner of the file's name."""
    return Submission(path.stem, path, lesson, hashlib.sha256(path.read_bytes()).hexdigest())


def graded(submissions, lessons, out, **options):
    """Grade, in a sandbox if there is one; return the rows in the order in which they were judged."""
    rows = []
    options = {"seed": 7, "jobs": 1, "resume": False, "unsafe": True, "progress": rows.append} | options
    run.grade(submissions, lessons, out, **options)
    return rows


def kept(out):
    """Return the rows of a folder of results."""
    return [Row.from_json(line) for line in (out / "results.jsonl").read_text(encoding="utf-8").splitlines()]


def notebook(path, cells):
    """Write a notebook with these code cells: ``(id, source)``, as if each were an exercise's."""
    content = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}}
    content["cells"] = [
        {
            "id": name,
            "cell_type": "code",
            "source": source,
            "metadata": {"tags": ["exercise"]},
            "outputs": [],
            "execution_count": None,
        }
        for name, source in cells
    ]
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def need(level):
    """Skip a test where a level of isolation is not offered."""
    reason = sandbox.why_not(sandbox.Level(level))
    if reason:
        pytest.skip(f"{level}: {reason}")
