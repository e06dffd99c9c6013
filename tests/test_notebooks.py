"""Notebooks are read whatever wrote them, tidied to one form, run, and filled with answers."""

import copy
import json
import subprocess
import sys

import nbformat
import pytest
from conftest import LESSON
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from course import book, notebooks
from course.errors import CourseError
from course.notebooks import Cell


def stored(tmp_path, content, name="lesson.ipynb"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


# -------------------------------------------------------------------------------------------------- reading


def test_cells_are_read_with_ids_kinds_sources_and_tags(tmp_path):
    content = {
        "nbformat": 4,
        "cells": [
            {"cell_type": "markdown", "source": ["# A\n", "b"], "metadata": {}},
            {"cell_type": "code", "id": "mse", "source": "x = 1", "metadata": {"tags": ["exercise"]}},
            {"cell_type": "code", "id": "bare", "source": ""},
        ],
    }
    assert notebooks.read_cells(stored(tmp_path, content)) == [
        Cell("1", "markdown", "# A\nb"),
        Cell("mse", "code", "x = 1", ("exercise",)),
        Cell("bare", "code", ""),
    ]


def test_an_older_format_is_read(tmp_path):
    content = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [
            {
                "metadata": {},
                "cells": [
                    {"cell_type": "heading", "level": 1, "source": "Title", "metadata": {}},
                    {
                        "cell_type": "code",
                        "input": ["def f(x):\n", "    return x"],
                        "outputs": [],
                        "language": "python",
                        "metadata": {},
                        "collapsed": False,
                        "prompt_number": 1,
                    },
                ],
            }
        ],
    }
    cells = notebooks.read_cells(stored(tmp_path, content))
    assert [(cell.kind, cell.source) for cell in cells] == [
        ("markdown", "# Title"),
        ("code", "def f(x):\n    return x"),
    ]


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_a_byte_order_mark_is_no_matter(tmp_path, bom):
    path = stored(tmp_path, bom + json.dumps({"nbformat": 4, "cells": []}).encode())
    assert notebooks.read_cells(path) == []


NEXT = " Open it in JupyterLab, or take a fresh copy with `course start`."


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "lesson.ipynb is not a notebook: it is not JSON (Expecting value)." + NEXT),
        (b"<html>", "lesson.ipynb is not a notebook: it is not JSON (Expecting value)." + NEXT),
        (b'{"cells": [', "lesson.ipynb is not a notebook: it is not JSON (Expecting value)." + NEXT),
        (b"\xff\xfe\x00", "lesson.ipynb is not a notebook: it is not JSON ('utf-8' codec can't decode"),
        (b"[" * 100_000, "lesson.ipynb is not a notebook: it is not JSON ("),
        (b"[]", "lesson.ipynb is JSON, but no notebook: wanted a list of cells." + NEXT),
        (b"{}", "lesson.ipynb is JSON, but no notebook: wanted a list of cells." + NEXT),
        (
            b'{"nbformat": 4, "cells": 5}',
            "lesson.ipynb is JSON, but no notebook: wanted a list of cells." + NEXT,
        ),
        (
            b'{"nbformat": 4, "cells": [5]}',
            "lesson.ipynb is JSON, but no notebook: wanted a list of cells." + NEXT,
        ),
        (
            b'{"nbformat": 4, "cells": [{}]}',
            "lesson.ipynb is JSON, but no notebook: wanted a list of cells." + NEXT,
        ),
        (
            b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": 5}]}',
            "lesson.ipynb is JSON, but no notebook: wanted a list of cells." + NEXT,
        ),
        (
            b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": null}]}',
            "lesson.ipynb is JSON, but no notebook: wanted a list of cells." + NEXT,
        ),
        (
            b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "", "metadata": null}]}',
            "lesson.ipynb is JSON, but no notebook: wanted a list of cells." + NEXT,
        ),
        (b'{"nbformat": 99, "cells": []}', "lesson.ipynb is a notebook of a format that can't be read: "),
        (b'{"nbformat": 3, "worksheets": 7}', "lesson.ipynb is a notebook of a format that can't be read: "),
    ],
)
def test_what_is_no_notebook_is_refused_in_words(tmp_path, content, message):
    with pytest.raises(CourseError) as refused:
        notebooks.read_cells(stored(tmp_path, content))
    assert str(refused.value).startswith(message)
    assert len(str(refused.value)) < 300


def test_a_missing_file_and_a_folder_are_said(tmp_path):
    with pytest.raises(CourseError, match=r"^There is no file .*gone\.ipynb\.$"):
        notebooks.read_cells(tmp_path / "gone.ipynb")
    with pytest.raises(CourseError, match=r"is a folder; wanted is a notebook or a \.py file\.$"):
        notebooks.read_cells(tmp_path)


def test_cells_for_the_child_are_called_by_id_if_shipped_and_else_by_number():
    cells = [
        Cell("intro", "markdown", "text"),
        Cell("setup", "code", "import numpy", ("setup",)),
        Cell("train", "code", "w = fit()"),
        Cell("mse", "code", "def mse(): ...", ("exercise",)),
        Cell("a1b2c3", "code", "mine = 1"),
    ]
    assert notebooks.code_cells(cells, {"intro", "setup", "train", "mse"}) == [
        ("setup", "import numpy", True),
        ("train", "w = fit()", False),
        ("mse", "def mse(): ...", True),
        ("5", "mine = 1", True),
    ]


def test_reading_for_a_check_loads_neither_nbformat_nor_nbclient(tmp_path):
    code = (
        "import sys; from pathlib import Path; from course import notebooks; "
        f"notebooks.read_cells(Path({str(LESSON)!r})); print(sorted({{'nbformat', 'nbclient'}} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout == "[]\n"


# ------------------------------------------------------------------------------------------------- tidying


def messy():
    def code(source, outputs, count=7, **more):
        return new_code_cell(source, outputs=outputs, execution_count=count, **more)

    picture = {"image/png": "aGVsbG8=", "text/plain": "Figure: a line"}
    nb = new_notebook(
        metadata={
            "kernelspec": {"name": "mine", "display_name": "Mine"},
            "widgets": {"x": 1},
            "signature": "y",
        }
    )
    nb.cells = [
        new_markdown_cell("\n\n# Title\n\n", id="title", metadata={"tags": ["card"], "collapsed": True}),
        code("print(1)\n", [new_output("stream", text="1\n"), new_output("stream", text="2\n")], id="one"),
        code(
            "plot()", [new_output("display_data", picture, metadata={"needs_background": "light"})], id="two"
        ),
        code("bare()", [new_output("display_data", {"image/png": "aGVsbG8="})], id="three"),
        code("1 + 1", [new_output("execute_result", {"text/plain": "2"}, execution_count=7)], id="two"),
        new_markdown_cell("more", id="cell-7"),
    ]
    extra = code(
        "x", [new_output("stream", name="stderr", text="w"), new_output("stream", text="o")], count=None
    )
    del extra["id"]
    nb.cells.append(extra)
    nb.cells[0]["attachments"] = {"a.png": {"image/png": "aGVsbG8="}}
    return nb


def test_a_tidy_notebook_has_one_form():
    nb = notebooks.tidy(messy())
    assert nb.metadata == {"kernelspec": notebooks.KERNEL, "language_info": {"name": "python"}}
    assert nb.cells[0].source == "# Title"
    assert nb.cells[0].metadata == {"tags": ["card"]}
    assert "attachments" not in nb.cells[0]
    assert [cell.execution_count for cell in nb.cells if cell.cell_type == "code"] == [1, 2, 3, 4, 5]
    assert nb.cells[4].outputs[0].execution_count == 4
    nbformat.validate(nb)


def test_tidying_keeps_texts_and_drops_image_bytes():
    nb = notebooks.tidy(messy())
    assert nb.cells[1].outputs == [{"output_type": "stream", "name": "stdout", "text": "1\n2\n"}]
    assert nb.cells[2].outputs[0].data == {"text/plain": "Figure: a line"}
    assert nb.cells[2].outputs[0].metadata == {}
    assert nb.cells[3].outputs == []
    assert [output.name for output in nb.cells[6].outputs] == ["stderr", "stdout"]
    assert "aGVsbG8" not in notebooks.dumps(nb)


def test_tidying_keeps_ids_and_gives_missing_and_doubled_ones():
    ids = [cell.id for cell in notebooks.tidy(messy()).cells]
    assert ids[:4] == ["title", "one", "two", "three"]
    assert ids[5] == "cell-7"
    assert len(set(ids)) == 7


def test_tidying_twice_changes_nothing_more_and_never_the_original():
    nb = messy()
    before = copy.deepcopy(nb)
    once = notebooks.tidy(nb)
    assert notebooks.dumps(notebooks.tidy(once)) == notebooks.dumps(once)
    assert nb == before


def test_a_notebook_is_written_as_it_would_be_read(tmp_path):
    nb, path = notebooks.tidy(messy()), tmp_path / "é.ipynb"
    notebooks.write(nb, path)
    assert notebooks.read(path) == nb
    assert path.read_text(encoding="utf-8") == notebooks.dumps(nb)
    assert path.read_bytes().endswith(b"}\n")
    assert [file.name for file in tmp_path.iterdir()] == ["é.ipynb"]


# -------------------------------------------------------------------------------------------------- running


def test_a_notebook_is_run_in_its_folder_and_the_original_stays(tmp_path):
    nb = new_notebook(
        cells=[new_code_cell("import os\nos.path.basename(os.getcwd())"), new_code_cell("print(6 * 7)")]
    )
    (tmp_path / "föld er").mkdir()
    done = notebooks.run(nb, tmp_path / "föld er")
    assert done.cells[0].outputs[0].data["text/plain"] == "'föld er'"
    assert done.cells[1].outputs[0].text == "42\n"
    assert nb.cells[1].outputs == []


def test_a_cell_that_raises_is_named(tmp_path):
    nb = new_notebook(cells=[new_code_cell("x = 1", id="fine"), new_code_cell("1 / 0", id="divides")])
    with pytest.raises(CourseError, match=r"^Cell 'divides' raised ZeroDivisionError: division by zero$"):
        notebooks.run(nb, tmp_path)


# --------------------------------------------------------------------------------------- starters and answers


@pytest.fixture
def lesson(mini):
    return book.load().lesson("mini")


def test_a_starter_is_the_cell_as_shipped(lesson):
    source = notebooks.starter(lesson, "average")
    assert source.startswith("def average(x):")
    assert source.endswith("check(average)")
    with pytest.raises(CourseError, match=r"Lesson 01-mini has no cell 'ghost'\."):
        notebooks.starter(lesson, "ghost")


def test_answers_take_the_place_of_starters_and_all_else_stays(lesson):
    nb = notebooks.read(lesson.path)
    solved = notebooks.splice(nb, lesson)
    names = {exercise.name for exercise in lesson.exercises}
    for before, after in zip(nb.cells, solved.cells, strict=True):
        if before.id in names:
            assert "raise NotImplementedError" not in after.source
            assert after.source.endswith(f"check({before.id})")
        else:
            assert after == before


def test_a_definition_is_replaced_and_the_lines_around_it_stay():
    source = "import numpy as np\n\n\n@twice\n@njit\ndef f(x):\n    '''Doc.'''\n    raise NotImplementedError\n\n\ncheck(f)"
    fresh = "@njit\ndef f(x):\n    return x"
    assert (
        notebooks.replace_definition(source, "f", fresh) == f"import numpy as np\n\n\n{fresh}\n\n\ncheck(f)"
    )


def test_of_two_definitions_the_last_is_meant():
    source = "def f(x):\n    return 1\n\ndef f(x):\n    return 2"
    assert notebooks.replace_definition(source, "f", "def f(x): pass").endswith("return 1\n\ndef f(x): pass")


@pytest.mark.parametrize("source", ["", "def g(x): pass", "def f(:", "if True:\n    def f(x): pass"])
def test_a_cell_without_the_definition_is_refused(source):
    with pytest.raises(CourseError, match=r"The cell 'f' defines no f\."):
        notebooks.replace_definition(source, "f", "def f(x): pass")


def test_names_are_found_even_where_the_source_does_not_parse():
    assert notebooks.defined_names("def f(:\n  def inner(): pass\nclass Value(\ndef  g(x): pass") == [
        "f",
        "Value",
        "g",
    ]
