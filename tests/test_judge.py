"""The judge: one verdict for whatever an answer does, and the messages that a learner reads."""

import os
import sys

import numpy as np
import pytest
from specimens import load

from course import book
from course.exercises import definition
from course.exercises.definition import PUBLIC_SEED
from course.exercises.judge import directly, judge
from course.exercises.trial import Outcome, run

DOUBLE = """
def double(x, factor):
    return factor * x

def trials(rng):
    yield "by hand", np.array([1.0, -2.0]), 2.0
    yield "drawn", rng.normal(size=5), 3.0
    yield "one", np.array([4.0]), -1.0

@wrong("You forgot the factor.")
def forgets_the_factor(x, factor):
    return x
"""


@pytest.fixture
def exercise(tmp_path):
    return load(tmp_path, "double", DOUBLE)


@pytest.fixture
def double(exercise):
    return exercise


def report(definition, answer):
    return judge(definition, directly(definition, answer))


# --------------------------------------------------------------------------------------------------- verdicts


def test_a_right_answer_passes(double):
    got = report(double, lambda x, factor: factor * x)
    assert (got.verdict, got.message, got.mistake, got.trial) == (
        "passed",
        "All 3 trials are right.",
        None,
        None,
    )


def test_without_what_it_needs_an_exercise_is_not_judged(tmp_path):
    needs = 'NEEDS = ("json", "no_such_module")\n'
    got = report(load(tmp_path, "double", needs + DOUBLE), lambda x, factor: 0)
    assert got.verdict == "could_not_check"
    assert got.message.startswith("It needs no_such_module, which this Python doesn't have.")


@pytest.mark.parametrize(
    ("source", "advice"),
    [
        (
            "def f(x, factor):\n    return [str(x) for _ in {}.items()]",
            "Numba found something that it can't compile.",
        ),
        ("def f(x, factor):\n    return nowhere(x)", "Numba found something that it can't compile."),
    ],
)
def test_numbas_long_messages_get_a_short_one(double, source, advice):
    numba = pytest.importorskip("numba")
    names: dict = {}
    exec(source, names)
    got = report(double, numba.njit(names["f"]))
    assert got.verdict == "raised"
    assert advice in got.message


def test_one_trial_alone_is_not_called_all(tmp_path):
    exercise = load(
        tmp_path, "same", "def same(x):\n    return x\n\ndef trials(rng):\n    yield 'one', 1.0\n"
    )
    assert report(exercise, lambda x: x).message == "The trial is right."


def test_a_starter_is_not_attempted(exercise):
    def double(x, factor):
        raise NotImplementedError

    got = report(exercise, double)
    assert (got.verdict, got.trial, got.details) == ("not_attempted", None, ())
    assert got.message == "Replace `raise NotImplementedError` with your code, then run the cell again."


def test_a_call_to_something_not_written_yet_is_said(double):
    def multiply(x, factor):
        raise NotImplementedError

    def answer(x, factor):
        return multiply(x, factor)

    answer.__name__ = answer.__code__.co_name
    got = report(double, answer)
    assert got.verdict == "not_attempted"
    assert got.message == "Your code calls multiply, which is not written yet."


def test_an_answer_that_is_written_in_part_has_raised(double):
    def answer(x, factor):
        if factor < 0:
            raise NotImplementedError
        return factor * x

    answer.__code__ = answer.__code__.replace(co_name="double")
    assert (report(double, answer).verdict, report(double, answer).trial) == ("raised", "one")


def test_an_answer_whose_helper_is_not_written_is_not_attempted_though_some_trials_do_without_it(double):
    def multiply(x, factor):
        raise NotImplementedError

    def answer(x, factor):
        return x if factor == 1 else multiply(x, factor)

    assert report(double, answer).message == "Your code calls multiply, which is not written yet."


def test_a_named_mistake_is_wrong_with_its_hint(double):
    got = report(double, lambda x, factor: x)
    assert (got.verdict, got.mistake, got.message) == (
        "wrong",
        "forgets_the_factor",
        "You forgot the factor.",
    )


@pytest.mark.parametrize("stopped", ["timed_out", "died", "interrupted", "missing"])
def test_an_answer_that_was_stopped_is_not_tried_again(double, stopped):
    calls = []

    def call(trial):
        calls.append(trial)
        return Outcome(stopped=stopped, notes=["double is of type int."] if stopped == "missing" else [])

    got = judge(double, call)
    verdict, message = {
        "timed_out": (
            "timed_out",
            "It did not finish in the time allowed: is there a loop that never ends, or one that takes tiny steps?",
        ),
        "died": ("raised", "It ended the whole Python process."),
        "interrupted": ("timed_out", "You stopped it before it had an answer."),
        "missing": ("not_attempted", "No function double was found. double is of type int."),
    }[stopped]
    assert (got.verdict, got.message) == (verdict, message)
    assert len(calls) == 1
    assert got.trial == (None if stopped == "missing" else "by hand")


def test_stopping_an_endless_answer_by_hand_gives_a_verdict(double):
    def answer(x, factor):
        raise KeyboardInterrupt

    got = report(double, answer)
    assert (got.verdict, got.message) == ("timed_out", "You stopped it before it had an answer.")


def test_the_same_seed_gives_the_same_trials_and_another_gives_others(double):
    seen = []
    for seed in (PUBLIC_SEED, PUBLIC_SEED, 7):
        judge(double, lambda trial: seen.append(trial[0]) or Outcome(), seed)
    assert np.array_equal(seen[1], seen[4])
    assert not np.array_equal(seen[1], seen[7])
    assert np.array_equal(seen[0], seen[6])


# ------------------------------------------------------------------------------------------ the message shown


def test_the_smallest_failing_trial_is_shown(double):
    got = report(double, lambda x, factor: factor * x + 1)
    assert (got.trial, got.right, got.trials) == ("one", 0, 3)
    got = report(double, lambda x, factor: factor * x + (len(x) > 1))
    assert (got.trial, got.right) == ("by hand", 1)


def test_input_got_expected_and_the_worst_place_are_shown(double):
    got = report(double, lambda x, factor: factor * x + np.arange(len(x)) * (len(x) == 2))
    assert got.details == (
        ("x", "[ 1., -2.]  shape (2,)"),
        ("factor", "2"),
        ("got", "[ 2., -3.]  shape (2,)"),
        ("expected", "[ 2., -4.]  shape (2,)"),
        ("worst place", "[1]: got -3, expected -4"),
    )


def test_an_exception_is_shown_with_its_line(double):
    def answer(x, factor):
        return x @ np.ones(7)

    got = report(double, answer)
    details = dict(got.details)
    assert got.verdict == "raised"
    assert got.message.startswith("ValueError: matmul:")
    assert details["raised in"].endswith(" of answer: return x @ np.ones(7)")
    assert details["expected"] == "[-4.]  shape (1,)"


@pytest.mark.parametrize("answer", [lambda x: x, lambda: 1, lambda x, factor, extra: x])
def test_a_wrong_number_of_parameters_says_how_it_is_called(double, answer):
    got = report(double, answer)
    assert got.verdict == "raised"
    assert got.message.startswith("It could not be called as double(x, factor): ")
    assert got.message.endswith(".")
    assert "argument" in got.message


def test_a_type_error_inside_the_answer_is_its_own(double):
    got = report(double, lambda x, factor: np.sum(x, wrong=1))
    assert not got.message.startswith("It could not be called")


def test_exit_recursion_and_unknown_names_get_their_own_words(double):
    def exits(x, factor):
        sys.exit(3)

    def recurses(x, factor):
        return recurses(x, factor)

    def unknown(x, factor):
        return helper(x)  # noqa: F821 - that is the point

    assert (
        report(double, exits).message == "It called exit(). A function hands its result back with `return`."
    )
    assert report(double, recurses).message == "It calls itself without end: which case stops the recursion?"
    assert report(double, unknown).message == (
        "NameError: name 'helper' is not defined. A check sees this cell, and what other cells import or define with "
        "`def`, but not their data: define it in this cell, or take it as an argument."
    )


def test_prints_of_a_wrong_answer_are_shown_and_those_of_a_right_one_are_not(double):
    def answer(x, factor, off=1):
        print("x is", len(x))
        return factor * x + off

    assert "It printed: x is 1" in report(double, answer).notes
    assert report(double, lambda x, factor: answer(x, factor, 0)).notes == ()


def test_long_prints_take_four_lines(double):
    def answer(x, factor):
        print("\n".join(map(str, range(100))))

    (note,) = report(double, answer).notes
    assert note.splitlines() == ["It printed: 0", "    1", "    2", "    ..."]


def test_a_changed_state_is_noted_once_even_where_the_answer_is_right(double):
    def answer(x, factor):
        np.random.seed(0)  # noqa: NPY002
        np.seterr(all="raise")
        return factor * x

    got = report(double, answer)
    assert got.verdict == "passed"
    assert got.notes == (
        "It changed NumPy's error settings (np.seterr); they were put back.",
        "It used or changed the global random state; that was put back.",
    )


# ------------------------------------------------------------------------------------------------ adversaries


class _EqualsEverything:
    __hash__ = None

    def __eq__(self, other):
        return True

    def __bool__(self):
        return True

    def __array__(self, dtype=None, copy=None):
        return np.zeros(0)


class _AgreeableArray(np.ndarray):
    def __array_ufunc__(self, *args, **kwargs):
        return True

    def __array_function__(self, *args, **kwargs):
        return True

    def __eq__(self, other):
        return True

    __hash__ = None


def _patches_numpy(x, factor):
    np.isclose = np.allclose = np.array_equal = lambda a, b, **more: np.ones(np.shape(b), bool)
    return np.zeros_like(x)


def _patches_the_functions_it_needs(x, factor):
    np.asarray = np.array = np.zeros_like = lambda *args, **more: x
    return x + 17


def _exits_hard_later(x, factor):
    raise GeneratorExit


def _raises_base_exception(x, factor):
    raise BaseException("base")


def _yields(x, factor):
    yield factor * x


def _object_array(x, factor):
    array = np.empty(x.shape, object)
    array[:] = [_EqualsEverything() for _ in x]
    return array


def _reads_the_judges_frames(x, factor):
    frame = sys._getframe()
    while frame:
        if "expected" in frame.f_locals:
            return frame.f_locals["expected"].value
        frame = frame.f_back
    return None


ADVERSARIES = [
    lambda x, factor: _EqualsEverything(),
    lambda x, factor: [_EqualsEverything()] * len(x),
    lambda x, factor: x.view(_AgreeableArray),
    lambda x, factor: (factor * x).view(_AgreeableArray),
    lambda x, factor: np.ma.masked_array(x, mask=True),
    lambda x, factor: np.matrix(factor * x) if hasattr(np, "matrix") else None,
    lambda x, factor: iter(factor * x),
    lambda x, factor: np.full(x.shape, np.nan),
    lambda x, factor: np.zeros((0,)),
    lambda x, factor: np.broadcast_to(factor * x, (10**6, len(x))),
    lambda x, factor: np.array(["x"] * len(x)),
    lambda x, factor: x.astype("S5"),
    lambda x, factor: [[]] * len(x),
    lambda x, factor: dict(enumerate(factor * x)),
    lambda x, factor: exec("raise MemoryError"),
    _patches_numpy,
    _patches_the_functions_it_needs,
    _exits_hard_later,
    _raises_base_exception,
    _yields,
    _object_array,
    _reads_the_judges_frames,
]


@pytest.mark.filterwarnings("ignore:the matrix subclass")
@pytest.mark.parametrize("answer", ADVERSARIES, ids=range(len(ADVERSARIES)))
def test_no_trick_passes(double, answer):
    got = report(double, answer)
    assert got.verdict in ("wrong", "raised")
    assert got.message
    assert len(repr(got).splitlines()) < 25
    assert "object at 0x" not in repr(got)
    assert got._repr_html_()


def test_numpy_works_after_an_answer_has_patched_it(double):
    report(double, _patches_numpy)
    report(double, _patches_the_functions_it_needs)
    assert report(double, lambda x, factor: factor * x).verdict == "passed"
    assert not np.allclose(np.zeros(2), np.ones(2))


def test_judging_leaves_the_working_folder_and_environment_alone(double):
    before = (os.getcwd(), dict(os.environ), list(sys.path))
    report(double, lambda x, factor: x)
    assert (os.getcwd(), dict(os.environ), list(sys.path)) == before


def test_an_own_observe_is_what_is_judged(tmp_path):
    exercise = load(
        tmp_path,
        "shuffled",
        """
        def shuffled(n, seed):
            return np.random.default_rng(seed).permutation(n)

        def observe(answer, n, seed):
            got, again = answer(n, seed), answer(n, seed)
            return sorted(int(i) for i in got), bool(np.array_equal(got, again))

        def trials(rng):
            yield "five", 5, 1
        """,
    )
    assert (
        report(exercise, lambda n, seed: np.random.default_rng(seed + 1).permutation(n)).verdict == "passed"
    )
    assert report(exercise, lambda n, seed: np.zeros(n)).verdict == "wrong"
    assert run(exercise.answer, exercise.observe, (3, 0)).error is None


def test_a_mistake_is_named_where_the_learner_counts_in_whole_numbers():
    found = definition.load(book.load().exercise("gd_fit").path)

    def gd_fit(x, y, rate, steps):
        w = b = 0
        for _ in range(1, steps):
            error = w * x + b - y
            w, b = w - rate * 2 * np.mean(error * x), b - rate * 2 * np.mean(error)
        return w, b

    assert judge(found, directly(found, gd_fit)).mistake == "stops_one_short"


def test_an_exercise_without_trials_passes_nobody(tmp_path):
    found = load(tmp_path, "double", "def double(x):\n    return 2 * x\n\ndef trials(rng):\n    return []\n")
    assert report(found, lambda x: 2 * x).verdict == "could_not_check"


def test_of_parts_that_are_not_written_yet_the_first_is_shown_and_a_wrong_value_goes_before(tmp_path):
    trials = '    yield "one", "a", 1.0\n    yield "two", "b", [1.0, 2.0]\n    yield "three", "c", 1.0\n'
    found = load(tmp_path, "part", f"def part(name, x):\n    return name\n\ndef trials(rng):\n{trials}")

    def part(name, x, wrong=""):
        if name == "a":
            return wrong or "a"
        raise NotImplementedError

    part.__code__ = part.__code__.replace(co_name="part")
    got = report(found, part)
    assert (got.verdict, got.trial, got.message) == ("raised", "two", "That part is not written yet.")
    assert report(found, lambda name, x: part(name, x, "z")).trial == "one"


def test_what_was_returned_is_not_shown_where_nothing_is_wanted(tmp_path):
    source = (
        "def fill(x):\n    x[0] = 1.0\n\ndef observe(answer, n):\n    x = [0.0] * n\n    answer(x)\n    return x\n\n"
        'def trials(rng):\n    yield "one", 2\n    yield "two", 3\n'
    )
    got = report(load(tmp_path, "fill", source), lambda x: None)
    assert "you returned" not in dict(got.details)
