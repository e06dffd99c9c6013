"""Every rule of validate and lint is seen to fire on a lesson that breaks it, and to be silent on a right one."""

import copy
import json

import pytest

from course import book, lint, validate
from course.errors import CourseError

EXERCISE = '''"""Double some numbers."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 5, 2, 1
HINTS = ("What is twice one?", "Multiply.", "2 * x")


def NAME(x):
    doubled = 2 * x
    return doubled


def trials(rng):
    yield "by hand", np.array([1.0, -2.5])
    yield "drawn", rng.normal(size=5)


@wrong("You forgot to multiply.")
def forgets(x):
    return x


@wrong("You squared.")
def squares(x):
    return x**2


@wrong("Three times, not two.")
def thirds(x):
    return 3 * x


@wrong("You changed the sign.")
def negates(x):
    return -2 * x
'''
STARTER = '''def NAME(x):
    """Double x, (N,)."""
    raise NotImplementedError


check(NAME)'''
TASK = "Write `NAME`. 5 minutes, level 2."


def cell(id_, source, *tags, kind="code", outputs=()):
    more = {"outputs": list(outputs), "execution_count": 1} if kind == "code" else {}
    return {"cell_type": kind, "id": id_, "metadata": {"tags": list(tags)}, "source": source, **more}


def prose(id_, source, *tags):
    return cell(id_, source, *tags, kind="markdown")


def printed(text):
    return [{"output_type": "stream", "name": "stdout", "text": text}]


def lesson_cells(exercises):
    """The cells of a right lesson; ``exercises`` is ``{name: (statement, starter)}``."""
    cells = [
        prose("card", "# Doubling\n\n25 minutes, runs in 0.3 s.", "card"),
        cell("setup", "import numpy as np\nfrom course import check, predict", "setup"),
        cell("guess", 'predict("twice three", ...)', "predict"),
    ]
    for name, (task, starter) in exercises.items():
        cells += [prose(f"{name}-task", task), cell(name, starter, "exercise")]
    return [
        *cells,
        cell(
            "no-square", "assert 2 * 3 != 3**2\nprint(2 * 31.5)", "misconception", outputs=printed("63.0\n")
        ),
        prose("recap", "Twice 31.5 is 63.0. <!-- numbers: 31.5: the input -->", "recap"),
    ]


def make_book(root, exercises):
    """Write a book of one lesson; ``exercises`` is ``{name: (file, starter, statement)}``, a file may be None."""
    (root / "lessons").mkdir()
    (root / "solutions" / "tiny").mkdir(parents=True)
    (root / "book.toml").write_text("")
    (root / "lessons" / "SUMMARY.md").write_text("# Summary\n\n- [Doubling](01-tiny.ipynb)\n")
    cells = lesson_cells({name: (task, starter) for name, (_, starter, task) in exercises.items()})
    for name, (source, _, _) in exercises.items():
        if source is not None:
            (root / "solutions" / "tiny" / f"{name}.py").write_text(source)
    write_lesson(root, cells)
    return root


def write_lesson(root, cells):
    content = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    (root / "lessons" / "01-tiny.ipynb").write_text(json.dumps(content))


def right(name):
    return EXERCISE.replace("NAME", name), STARTER.replace("NAME", name), TASK.replace("NAME", name)


def results(root, seeds=2, whole=False):
    course = book.load(root)
    return {
        r.exercise or r.lesson: r
        for r in validate.validate(course, None if whole else list(course.lessons), seeds)
    }


# ------------------------------------------------------------------------------------------- the right course


@pytest.fixture(scope="module")
def right_results(tmp_path_factory):
    names = ["one", "two", "three", "to_repair"]
    exercises = {name: right(name) for name in names}
    source, starter, task = exercises["to_repair"]
    repaired = starter.replace("raise NotImplementedError", "return x**2")
    exercises["to_repair"] = (
        source.replace("\n\n\ndef to", '\nSTARTER = "squares"\n\n\ndef to', 1),
        repaired,
        task,
    )
    root = make_book(tmp_path_factory.mktemp("right"), exercises)
    return results(root, whole=True)


def test_a_right_course_has_no_problem(right_results):
    assert {name: result.problems for name, result in right_results.items()} == {
        "one": [],
        "two": [],
        "three": [],
        "to_repair": [],
        "tiny": [],
        None: [],
    }


def test_the_row_is_what_json_prints(right_results):
    both = ["by hand", "drawn"]
    assert right_results["one"].row() == {
        "exercise": "one",
        "lesson": "tiny",
        "mistakes": ["forgets", "squares", "thirds", "negates"],
        "trials": both,
        "kills": {"forgets": both, "squares": both, "thirds": both, "negates": both},
        "problems": [],
    }


def test_the_kill_table_shows_mistake_by_trial(right_results):
    result = copy.deepcopy(right_results["one"])
    result.verdicts["squares"]["drawn"] = "raised"
    result.verdicts["thirds"]["by hand"] = "passed"
    assert validate.kill_table(result) == (
        "tiny/one\n"
        "           a b\n"
        "  forgets  x x\n"
        "  squares  x !\n"
        "  thirds   . x\n"
        "  negates  x x\n"
        "  a = by hand\n"
        "  b = drawn"
    )


def test_the_number_of_steps_is_the_number_of_results(tmp_path, right_results):
    course = book.load(make_book(tmp_path, {"one": right("one"), "two": right("two")}))
    assert validate.steps(course) == 4
    assert validate.steps(course, list(course.lessons)) == 3


# --------------------------------------------------------------------------------- each rule for an exercise

LAST = '@wrong("You changed the sign.")\ndef negates(x):\n    return -2 * x\n'
TRIALS = '    yield "drawn", rng.normal(size=5)\n'


def edited(*replacements):
    def edit(name):
        source, starter, task = right(name)
        for where, old, new in replacements:
            old, new = old.replace("NAME", name), new.replace("NAME", name)
            text = {"file": source, "starter": starter, "task": task}[where]
            assert old in text, (name, old)
            text = text.replace(old, new)
            source = text if where == "file" else source
            starter = text if where == "starter" else starter
            task = text if where == "task" else task
        return source, starter, task

    return edit


def setting(line):
    return ("file", "\n\n\ndef NAME", f"\n{line}\n\n\ndef NAME")


BROKEN = {
    "untitled": (
        edited(("file", '"""Double some numbers."""\n', "")),
        ["The file has no docstring: its first line says what the exercise is."],
    ),
    "two_hints": (
        edited(("file", ', "2 * x")', ")")),
        ["It has 2 hints; wanted are three or more."],
    ),
    "three_mistakes": (
        edited(("file", LAST, "")),
        ["It has 3 mistakes; wanted are 4, or FEWER_MISTAKES with a reason."],
    ),
    "excused": (edited(("file", LAST, ""), setting('FEWER_MISTAKES = "there are no others"')), []),
    "excused_for_nothing": (
        edited(setting('FEWER_MISTAKES = "why not"')),
        ["FEWER_MISTAKES gives a reason, and there are enough."],
    ),
    "ghost_starter": (
        edited(setting('STARTER = "ghost"')),
        [
            "STARTER names the mistake 'ghost', which it does not have.",
            "The starter should show the mistake ghost; it is not_attempted (None).",
        ],
    ),
    "other_starter": (
        edited(setting('STARTER = "squares"'), ("starter", "raise NotImplementedError", "return 3 * x")),
        ["The starter should show the mistake squares; it is wrong (thirds)."],
    ),
    "empty_hint": (edited(("file", "You squared.", " ")), ["The mistake squares has no hint."]),
    "same_hint": (
        edited(("file", "You squared.", "You changed the sign.")),
        [
            "The mistake squares has the same hint as another.",
            "The mistake negates has the same hint as another.",
        ],
    ),
    "telling_hint": (
        edited(("file", '"Multiply."', '"Try doubled = 2 * x first."')),
        ["Hint 2 gives away a whole line of the answer: doubled = 2 * x"],
    ),
    "needy_observe": (
        edited(
            (
                "file",
                "def trials",
                "def _all(x):\n    return x\n\n\ndef observe(answer, x):\n    return _all(answer(x))\n\n\ndef trials",
            )
        ),
        [
            "observe does not do the same in an empty namespace, on 'by hand'. It may use np and builtins.",
            "In the solved lesson the reference is raised: NameError: name '_all' is not defined. A check sees this cell, "
            "and what other cells import or define with `def`, but not their data: define it in this cell, or take it as an argument.",
            "The starter should be not_attempted; it is raised: NameError: name '_all' is not defined. A check sees this cell, "
            "and what other cells import or define with `def`, but not their data: define it in this cell, or take it as an argument.",
        ],
    ),
    "own_observe": (
        edited(
            ("file", "def trials", "def observe(answer, x):\n    return np.sum(answer(x))\n\n\ndef trials")
        ),
        [],
    ),
    "doubled_trial": (edited(("file", '"drawn"', '"by hand"')), ["Two trials are called 'by hand'."]),
    "wandering_names": (
        edited(("file", 'yield "drawn"', 'yield f"drawn {rng.integers(10**9)}"')),
        ["The names of the trials differ from seed to seed."],
    ),
    "odd_trial": (
        edited(
            ("file", TRIALS, '    yield "odd", 3.0 if rng is None else _Odd()\n'),
            ("file", "def trials", "class _Odd(float):\n    pass\n\n\ndef trials"),
        ),
        ["The trial 'odd' holds a _Odd object; trials are plain data."],
    ),
    "no_trials": (
        edited(
            ("file", 'rng):\n    yield "by hand", np.array([1.0, -2.5])\n' + TRIALS, "rng):\n    return []\n")
        ),
        [
            "It has no trials.",
            "In the solved lesson the reference is could_not_check: The exercise has no trials.",
            "The starter should be not_attempted; it is could_not_check: The exercise has no trials.",
        ],
    ),
    "failing_trials": (
        edited(("file", TRIALS, "    yield 1 / 0\n")),
        [
            "ZeroDivisionError while it was validated: division by zero",
            "ZeroDivisionError while it was judged in its lesson: division by zero",
        ],
    ),
    "restless_reference": (
        edited(("file", "doubled = 2 * x", "doubled = 2 * x + np.random.default_rng().normal()")),
        ["The reference is wrong on seed 0: "],
    ),
    "harmless_mistake": (
        edited(("file", "return -2 * x", "return x + x")),
        [
            "The mistake negates is passed on seed 0: no trial catches it.",
            "The mistake negates is passed on seed 1: no trial catches it.",
        ],
    ),
    "twin_mistakes": (
        edited(("file", "return -2 * x", "return 2 * x + x")),
        [
            "The mistake negates is taken for thirds on seed 0.",
            "The mistakes thirds and negates are alike on every trial of seed 0.",
            "The mistake negates is taken for thirds on seed 1.",
            "The mistakes thirds and negates are alike on every trial of seed 1.",
        ],
    ),
    "idle_trial": (
        edited(("file", TRIALS, TRIALS + '    yield "zeros", np.zeros(2)\n')),
        ["The trial 'zeros' catches no mistake. Say in KEPT_TRIALS why it stays, or drop it."],
    ),
    "kept_trial": (
        edited(
            ("file", TRIALS, TRIALS + '    yield "zeros", np.zeros(2)\n'),
            setting('KEPT_TRIALS = {"zeros": "kind"}'),
        ),
        [],
    ),
    "kept_for_nothing": (
        edited(setting('KEPT_TRIALS = {"drawn": "why not", "gone": "why not"}')),
        [
            "KEPT_TRIALS names 'drawn', which catches a mistake.",
            "KEPT_TRIALS names 'gone', which is no trial.",
        ],
    ),
    "other_parameters": (
        edited(("starter", "NAME(x)", "NAME(values)")),
        ["The starter's parameters are not those of the answer, (x)."],
    ),
    "undocumented": (
        edited(("starter", '    """Double x, (N,)."""\n', "")),
        ["The starter has no docstring."],
    ),
    "unchecked": (
        edited(("starter", "\n\n\ncheck(NAME)", "")),
        ["The last line of its cell is not check(unchecked)."],
    ),
    "attempted": (
        edited(("starter", "raise NotImplementedError", "return x")),
        ["The starter should be not_attempted; it is wrong: You forgot to multiply."],
    ),
    "given_away": (
        edited(("starter", "raise NotImplementedError", "return 2 * x")),
        ["The starter should be not_attempted; it is passed: All 2 trials are right."],
    ),
    "misstated": (
        edited(("task", "5 minutes", "7 minutes")),
        ["Its statement should say '5 minutes, level 2', as the exercise file does."],
    ),
    "needy_answer": (
        edited(
            ("file", "doubled = 2 * x", "doubled = _twice(x)"),
            ("file", "def trials", "def _twice(x):\n    return 2 * x\n\n\ndef trials"),
        ),
        [
            "In the solved lesson the reference is raised: NameError: name '_twice' is not defined. A check sees this cell, "
            "and what other cells import or define with `def`, but not their data: define it in this cell, or take it as an argument.",
        ],
    ),
}


@pytest.fixture(scope="module")
def broken_results(tmp_path_factory):
    exercises = {name: edit(name) for name, (edit, _) in BROKEN.items()}
    return results(make_book(tmp_path_factory.mktemp("broken"), exercises))


@pytest.mark.parametrize("name", BROKEN)
def test_each_rule_fires_where_it_is_broken_and_no_other_does(broken_results, name):
    problems, wanted = broken_results[name].problems, BROKEN[name][1]
    if name == "restless_reference":  # everything goes wrong with it
        assert any(problem.startswith(wanted[0]) for problem in problems)
    elif name == "wandering_names":
        assert [p for p in problems if not p.startswith("The trial 'drawn ")] == wanted
    else:
        assert sorted(problems) == sorted(wanted)


# ------------------------------------------------------------------------------- rules for a lesson and a book


def test_an_exercise_without_its_file_is_said(tmp_path):
    found = results(make_book(tmp_path, {"ghost": (None, *right("ghost")[1:])}), seeds=1)
    message = "Exercise 'ghost' has no file: wanted tiny/ghost.py under solutions/."
    assert message in found["ghost"].problems


def test_a_cell_that_defines_nothing_is_said(tmp_path):
    source, _, task = right("bare")
    found = results(make_book(tmp_path, {"bare": (source, "check(bare)", task)}), seeds=1)
    assert "Its cell defines no bare." in found["bare"].problems
    assert "The cell 'bare' defines no bare." in found["bare"].problems


def test_a_lesson_has_enough_exercises_and_no_stray_files(tmp_path):
    root = make_book(tmp_path, {"one": right("one")})
    (root / "solutions" / "tiny" / "old_idea.py").write_text("")
    assert results(root, seeds=1)["tiny"].problems == [
        "It has 1 exercises; wanted are 4 or more.",
        "old_idea.py in solutions/tiny/ belongs to no exercise of the lesson.",
    ]


def test_a_lesson_that_is_missing_is_said(tmp_path):
    root = make_book(tmp_path, {})
    (root / "lessons" / "01-tiny.ipynb").unlink()
    assert results(root)["tiny"].problems == ["SUMMARY.md names 01-tiny.ipynb, and there is no such file."]


def test_strays_and_doubles_in_the_book_are_said(tmp_path):
    root = make_book(tmp_path, {"one": right("one")})
    summary = root / "lessons" / "SUMMARY.md"
    summary.write_text(summary.read_text() + "- [Again](02-again.ipynb)\n")
    (root / "lessons" / "02-again.ipynb").write_text((root / "lessons" / "01-tiny.ipynb").read_text())
    (root / "lessons" / "draft.txt").write_text("")
    (root / "solutions" / "nowhere").mkdir()
    assert validate.book_problems(book.load(root)) == [
        "Two exercises are called one.",
        "lessons/draft.txt is not in SUMMARY.md.",
        "solutions/nowhere belongs to no lesson.",
    ]


@pytest.mark.parametrize(("excused", "said"), [(1, False), (2, True)])
def test_one_exercise_in_ten_may_have_fewer_mistakes(tmp_path, excused, said):
    names = [f"e{i}" for i in range(10)]
    exercises = {n: (BROKEN["excused"][0](n) if i < excused else right(n)) for i, n in enumerate(names)}
    problems = validate.book_problems(book.load(make_book(tmp_path, exercises)))
    assert problems == (["More than one exercise in ten has fewer than 4 mistakes: e0, e1."] if said else [])


@pytest.mark.parametrize(
    "content", ["not json", "[]", "{}", '{"cells": 3}', '{"cells": [{"metadata": {"tags": ["exercise"]}}]}']
)
def test_a_lesson_that_is_no_notebook_is_refused_in_words(tmp_path, content):
    root = make_book(tmp_path, {})
    (root / "lessons" / "01-tiny.ipynb").write_text(content)
    with pytest.raises(
        CourseError, match=r"^lessons/01-tiny\.ipynb can't be read: wanted is a notebook whose exercise"
    ):
        book.load(root)


# ------------------------------------------------------------------------------------------ lint of a lesson


def linted(tmp_path, edit):
    cells = lesson_cells({"one": right("one")[:0:-1]})
    cells = edit(cells) or cells
    path = tmp_path / "01-tiny.ipynb"
    path.write_text(json.dumps({"cells": cells}))
    return list(lint.problems(path, ["one"]))


def after(cells, *more):
    return [*cells, *more]


def without(tag):
    return lambda cells: [c for c in cells if tag not in c["metadata"]["tags"]]


def replaced(id_, source):
    def edit(cells):
        for one in cells:
            if one["id"] == id_:
                one["source"] = source

    return edit


def outputs(id_, *some):
    def edit(cells):
        for one in cells:
            if one["id"] == id_:
                one["outputs"] = list(some)

    return edit


def saying(text):
    return lambda cells: after(cells, prose("more", text))


@pytest.mark.parametrize("tag", ["card", "setup", "predict", "misconception", "recap"])
def test_each_part_of_a_lesson_is_wanted(tmp_path, tag):
    problems = linted(tmp_path, without(tag))
    assert problems[0] == f"No cell is tagged '{tag}'."
    assert len(problems) == 1 + (tag == "misconception")  # its output shows the number of the recap


@pytest.mark.parametrize(
    ("edit", "problems"),
    [
        (lambda cells: None, []),
        (
            lambda cells: [c for c in cells if c["id"] != "one-task"],
            ["No statement: wanted is a Markdown cell 'one-task' above the exercise 'one'."],
        ),
        (lambda cells: after(cells, prose("recap", "Again.")), ["Two cells have the id 'recap'."]),
        (
            lambda cells: after(cells, prose("Über uns", "Text.")),
            ["Cell id 'Über uns': wanted are letters, digits, - and _."],
        ),
        (saying("word " * 1800), ["1815 words; at most 1800."]),
        (lambda cells: after(cells, *(prose(f"p{i}", "x") for i in range(40))), ["47 cells; at most 45."]),
        (replaced("no-square", "x = 1\n" * 15 + "print(x)"), ["Cell 'no-square' has 16 lines of code; at most 15."]),
        (replaced("one", STARTER.replace("NAME", "one") + "\n" * 20), []),
        (replaced("no-square", "x = ("), ["Cell 'no-square' does not parse: '(' was never closed."]),
        (replaced("no-square", 'hint("one")'), ["Cell 'no-square' calls hint(): a lesson as shipped gives nothing away."]),
        (
            replaced("no-square", "solution('one')"),
            ["Cell 'no-square' calls solution(): a lesson as shipped gives nothing away."],
        ),
        (
            replaced("no-square", "y = one(3.0)"),
            ["Cell 'no-square' uses one, which the learner may not have written: restate it in the cell."],
        ),
        (replaced("no-square", "def one(x):\n    return 2 * x\n\n\ny = one(3.0)"), []),
        (
            outputs("no-square", {"output_type": "error", "ename": "ValueError", "evalue": "", "traceback": []}, *printed("63.0")),
            ["Cell 'no-square' is stored with an error: ValueError."],
        ),
        (
            outputs("no-square", {"output_type": "stream", "name": "stderr", "text": ["Warn: ", "63.0\n"]}),
            ["Cell 'no-square' is stored with a warning: Warn: 63.0"],
        ),
        (saying("It still has a TODO."), ["Cell 'more' still has a TODO."]),
        (outputs("no-square"), ["Cell 'recap' says 63.0, which no output of the lesson shows."]),
        (saying("Wrong by 4.5 or 13 or 80%."), [
            "Cell 'more' says 4.5, which no output of the lesson shows.",
            "Cell 'more' says 13, which no output of the lesson shows.",
            "Cell 'more' says 80, which no output of the lesson shows.",
        ]),
        (saying("Twelve is 12, one is 1, `4.5`, $4.5$, [a](4.5.html), 1,000,000 <!-- numbers: 1,000,000: a million -->"), []),
        (saying("```\n4.5\n```\n\n$$4.5$$\n\n<img width=45>"), []),
        (saying("<!-- numbers: 4.5: never said -->"), ["Cell 'more' allows 4.5, which it does not say."]),
        (saying("4.5 <!-- numbers: 4.5: -->"), ["Cell 'more' allows 4.5 without a reason."]),
        (saying("4.5 <!-- numbers: 4.5 -->"), ["Cell 'more' allows 4.5 without a reason."]),
    ],
)  # fmt: skip
def test_each_rule_of_prose_and_code(tmp_path, edit, problems):
    assert linted(tmp_path, edit) == problems


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("0.5, 1,234.5 and -3", ["0.5", "1234.5", "3"]),
        ("It ends with 8.25.", ["8.25"]),
        ("x2 and W1 and 3x3", []),
        ("80%, (7), 2026", ["80", "7", "2026"]),
    ],
)
def test_numbers_are_found_as_they_are_written(text, numbers):
    assert lint.numbers_in(text) == numbers
