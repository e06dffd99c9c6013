"""An exercise file says everything about one exercise, and a broken one is refused with a message for its author."""

import numpy as np
import pytest
from specimens import HEAD, load

from course.errors import CourseError
from course.exercises.definition import ATOL, RTOL
from course.exercises.trial import call_directly

WHOLE = '''
STARTER = "forgets"
KEPT_TRIALS = {"kind": "it is kind"}
NEEDS = ("json", "no_such_module")
RTOL = 0.5

def line(x, w):
    """Slope and value."""
    slope = w
    value = w * x
    return slope, value

def trials(rng):
    yield "kind", 1.0, 2.0
    yield "drawn", rng.normal(), rng.normal()

def observe(answer, x, w):
    # a comment
    return answer(x, w)

def _helper(x):
    return x

@wrong("You forgot w.")
def forgets(x, w):
    return 1.0, _helper(x)

@wrong("You added.")
def adds(x, w):
    return w, w + x
'''


def test_everything_in_the_file_is_found(tmp_path):
    found = load(tmp_path, "line", WHOLE)
    assert found.name == "line"
    assert found.title == "A specimen."
    assert found.parameters == ("x", "w")
    assert found.outputs == ("slope", "value")
    assert [(m.name, m.hint) for m in found.mistakes] == [
        ("forgets", "You forgot w."),
        ("adds", "You added."),
    ]
    assert found.mistakes[0].answer(3.0, 2.0) == (1.0, 3.0)
    assert (found.minutes, found.level, found.points) == (1, 1, 1)
    assert found.hints == ("first hint", "second hint", "third hint")
    assert (found.rtol, found.atol) == (0.5, ATOL)
    assert found.starter == "forgets"
    assert found.kept_trials == {"kind": "it is kind"}
    assert found.needs == ("json", "no_such_module")
    assert found.missing == ["no_such_module"]


def test_sources_are_those_of_the_file_with_their_decorators(tmp_path):
    found = load(tmp_path, "line", WHOLE)
    assert found.sources["adds"] == '@wrong("You added.")\ndef adds(x, w):\n    return w, w + x'
    assert found.sources["line"].startswith('def line(x, w):\n    """Slope and value."""')
    assert found.observe_source.startswith("def observe(answer, x, w):")


def test_defaults_where_the_file_is_silent(tmp_path):
    found = load(tmp_path, "same", "def same(x):\n    return x\n\ndef trials(rng):\n    yield 'one', 1.0\n")
    assert (found.rtol, found.atol) == (RTOL, ATOL)
    assert found.observe is call_directly
    assert found.observe_source is None
    assert found.starter is None
    assert found.outputs == ()
    assert found.mistakes == ()


def test_a_class_may_be_the_answer_and_a_subclass_a_mistake(tmp_path):
    body = """
    class Value:
        def __init__(self, data):
            self.data = data

    def trials(rng):
        yield "three", 3.0

    def observe(answer, data):
        return answer(data).data

    @wrong("Doubled.")
    class Doubles(Value):
        def __init__(self, data):
            self.data = 2 * data

    class Helper(Doubles):
        pass
    """
    found = load(tmp_path, "Value", body)
    assert [m.name for m in found.mistakes] == ["Doubles"]
    assert found.parameters == ()


def test_trials_depend_on_the_seed_and_on_the_name_alone(tmp_path):
    body = "def {0}(x):\n    return x\n\ndef trials(rng):\n    yield 'drawn', rng.normal(size=3)\n"
    one, other = (load(tmp_path, name, body.format(name)) for name in ("one", "other"))
    first = one.draw(3)[0]
    assert first.name == "drawn"
    assert np.array_equal(first.args[0], one.draw(3)[0].args[0])
    assert not np.array_equal(first.args[0], one.draw(4)[0].args[0])
    assert not np.array_equal(first.args[0], other.draw(3)[0].args[0])


@pytest.mark.parametrize(
    ("head", "body", "message"),
    [
        (HEAD, "def answer(x:\n", "answer.py can't be read: SyntaxError: "),
        (
            HEAD,
            "def answer(x):\n    return x\nraise ValueError('no')\n",
            "answer.py can't be read: ValueError: no",
        ),
        (
            HEAD,
            "import no_such_module\n",
            "answer.py can't be read: ModuleNotFoundError: No module named 'no_such_module'",
        ),
        (
            HEAD,
            "def other(x):\n    return x\n",
            "answer.py lacks answer, trials. `course new exercise` shows the whole form.",
        ),
        ("", "def answer(x):\n    return x\n", "answer.py lacks trials, HINTS, MINUTES, LEVEL, POINTS."),
    ],
    ids=["syntax", "raises", "import", "names", "settings"],
)
def test_a_broken_file_is_refused_with_what_it_lacks(tmp_path, head, body, message):
    with pytest.raises(CourseError) as refused:
        load(tmp_path, "answer", body, head)
    assert str(refused.value).startswith(message)
    assert str(tmp_path) not in str(refused.value)


def test_a_missing_file_says_where_it_was_wanted(tmp_path):
    from course.exercises.definition import load as load_path

    with pytest.raises(
        CourseError, match=r"Exercise 'ghost' has no file: wanted loss/ghost.py under solutions/."
    ):
        load_path(tmp_path / "loss" / "ghost.py")


def test_outputs_are_named_only_where_they_are_names(tmp_path):
    body = "def answer(x):\n    return {}\n\ndef trials(rng):\n    yield 'one', 1.0\n"
    for number, (returned, outputs) in enumerate(
        [("x, 2 * x", ()), ("[x, x]", ()), ("x", ()), ("x, x", ("x", "x"))]
    ):
        (tmp_path / str(number)).mkdir()
        assert load(tmp_path / str(number), "answer", body.format(returned)).outputs == outputs
