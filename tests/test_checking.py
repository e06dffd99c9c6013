"""A learner's notebook or .py file is judged exercise by exercise, whatever happened to its cells."""

import json

import pytest
from conftest import LESSON, RIGHT

from course.checking import check_file
from course.errors import CourseError
from course.exercises import progress

NAMES = ["double", "average", "halve", "first", "running_total", "count_down", "largest"]


@pytest.fixture(autouse=True)
def _mini(mini):
    """The miniature course is the book."""


def by_name(reports):
    return {report.exercise: report for report in reports}


def verdict(path, name):
    (report,) = check_file(path, name)
    return report


def change(path, edit):
    """Let ``edit`` change the list of cells of a notebook."""
    content = json.loads(path.read_text(encoding="utf-8"))
    content["cells"] = edit(content["cells"]) or content["cells"]
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def cell(source, kind="code", id_="added"):
    more = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "id": id_, "metadata": {}, "source": source, **more}


# ---------------------------------------------------------------------------------- which exercises are meant


def test_a_lesson_as_shipped_has_all_its_exercises_in_order():
    reports = check_file(LESSON)
    assert [report.exercise for report in reports] == NAMES
    assert "passed" not in {report.verdict for report in reports}


def test_a_solved_lesson_passes(attempt):
    assert {report.verdict for report in check_file(attempt(RIGHT))} == {"passed"}


def test_a_notebook_without_ids_is_known_by_its_functions(attempt):
    path = attempt(RIGHT, name="homework.ipynb")
    change(path, lambda cells: [{k: v for k, v in c.items() if k != "id"} for c in cells])
    assert {report.verdict for report in check_file(path)} == {"passed"}


def test_a_notebook_whose_exercises_are_gone_is_known_by_its_name(attempt):
    path = change(attempt({}), lambda cells: [c for c in cells if c["id"] not in NAMES])
    reports = check_file(path)
    assert [report.exercise for report in reports] == NAMES
    assert {report.message for report in reports if report.exercise == "double"} == {
        "Its cell is gone, or was renamed: no cell defines double. `course reset double` brings the starter back."
    }


def test_another_notebook_answers_nothing(tmp_path):
    path = tmp_path / "shopping.ipynb"
    path.write_text(
        json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell("x = 1")]})
    )
    with pytest.raises(
        CourseError, match=r"^shopping.ipynb answers no exercise of this course. `course list` shows"
    ):
        check_file(path)


def test_a_python_file_answers_what_it_defines(tmp_path):
    path = tmp_path / "answers.py"
    path.write_text("import numpy as np\n\n" + RIGHT["largest"] + "\n\n" + RIGHT["double"])
    assert [(r.exercise, r.verdict) for r in check_file(path)] == [
        ("double", "passed"),
        ("largest", "passed"),
    ]


def test_one_exercise_may_be_asked_for(attempt):
    (report,) = check_file(attempt(RIGHT), "average")
    assert (report.exercise, report.verdict) == ("average", "passed")
    with pytest.raises(CourseError, match=r"There is no exercise 'avrage'. Did you mean 'average'\?"):
        check_file(attempt(RIGHT), "avrage")


# --------------------------------------------------------------------------------- what happened to the cells


def test_a_helper_may_stand_in_another_cell(attempt):
    path = attempt({"average": "def average(x):\n    return total(x) / len(x)"})
    change(path, lambda cells: [*cells, cell("SCALE = 1.0\n\n\ndef total(x):\n    return SCALE * x.sum()")])
    assert verdict(path, "average").verdict == "passed"


def test_one_answer_may_use_another(attempt):
    path = attempt(
        {"double": RIGHT["double"], "average": "def average(x):\n    return double(x).sum() / 2 / x.size"}
    )
    assert verdict(path, "average").verdict == "passed"


def test_a_cell_copied_below_counts_last_and_it_is_said(attempt):
    path = attempt({"average": RIGHT["average"]})
    change(path, lambda cells: [*cells, cell("def average(x):\n    return 0.0")])
    report = verdict(path, "average")
    assert report.verdict == "wrong"
    assert any(note.startswith("average is defined 2 times (cells average, ") for note in report.notes)
    assert any(note.endswith("; the last one counts.") for note in report.notes)


def test_a_renamed_function_is_said(attempt):
    report = verdict(attempt({"average": "def my_average(x):\n    return x.mean()"}), "average")
    assert report.verdict == "not_attempted"
    assert (
        report.message == "Its cell defines my_average; wanted is average. Give the function its name back."
    )


def test_an_emptied_cell_is_said(attempt):
    report = verdict(attempt({"average": "# nothing yet"}), "average")
    assert (report.verdict, report.message) == (
        "not_attempted",
        "Its cell no longer defines average. `course reset average` brings the starter back.",
    )


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_a_cell_turned_into_text_defines_nothing(attempt, kind):
    path = attempt({"average": RIGHT["average"]})

    def turn(cells):
        for one in cells:
            if one["id"] == "average":
                one["cell_type"] = kind

    report = verdict(change(path, turn), "average")
    assert report.verdict == "not_attempted"
    assert report.message.startswith("Its cell is gone, or was renamed: no cell defines average.")


def test_a_definition_that_never_runs_is_said(attempt):
    report = verdict(
        attempt({"average": "%%writefile answer.py\ndef average(x):\n    return x.mean()"}), "average"
    )
    assert report.verdict == "not_attempted"
    assert report.message.startswith("Its cell no longer defines average.")


def test_a_syntax_error_names_cell_line_and_code_and_the_others_are_judged(attempt):
    reports = by_name(check_file(attempt({**RIGHT, "average": "def average(x):\n    return x.mean("})))
    assert reports["average"].verdict == "raised"
    assert (
        reports["average"].message
        == "SyntaxError in cell average, line 2 ('(' was never closed): return x.mean("
    )
    assert {report.verdict for name, report in reports.items() if name != "average"} == {"passed"}


def test_a_missing_import_in_the_cell_is_told_where_it_matters(attempt):
    source = "import no_such_module\n\n\ndef average(x):\n    return no_such_module.mean(x)"
    reports = by_name(check_file(attempt({**RIGHT, "average": source})))
    assert reports["average"].verdict == "raised"
    assert any(n.startswith("ModuleNotFoundError in cell average, line 1 ") for n in reports["average"].notes)
    assert reports["double"].notes == ()


def test_an_assignment_that_never_ends_is_passed_over(attempt):
    path = attempt(
        {"average": "import time\nx = [time.sleep(0.05) for _ in range(10**6)]\n\n" + RIGHT["average"]}
    )
    (report,) = check_file(path, "average", seconds=1.5)
    assert report.verdict == "passed"


def test_plots_in_added_cells_are_no_trouble(attempt):
    path = attempt({"average": "def average(x):\n    return undefined"})
    change(
        path,
        lambda cells: [
            *cells,
            cell("import matplotlib.pyplot as plt\nfig, ax = plt.subplots(1, 2)\nax[0].plot()"),
        ],
    )
    report = verdict(path, "average")
    assert report.message.startswith("NameError")
    assert report.notes == ()


def test_checking_never_changes_the_file_nor_the_folder(attempt):
    path = attempt({"average": "open('trace', 'w')\n\n\ndef average(x):\n    return 1 / 0"})
    before, listed = path.read_bytes(), sorted(path.parent.iterdir())
    check_file(path)
    assert path.read_bytes() == before
    assert sorted(path.parent.iterdir()) == listed


def test_what_passed_is_noted_in_the_folder_of_the_file(attempt):
    path = attempt({"average": RIGHT["average"], "double": "def double(x):\n    return x"})
    (path.parent / progress.MARK).mkdir()
    check_file(path)
    assert progress.read(path.parent) == {"average": {"passed": True, "hints": 0}}
