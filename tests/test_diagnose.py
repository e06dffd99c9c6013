"""A wrong result is named: by the mistake that gives the same, else from its numbers alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from specimens import load

from course.exercises.judge import directly, judge


def report(definition, answer):
    return judge(definition, directly(definition, answer))


# ------------------------------------------------------------------------------ from the numbers alone: shapes


@pytest.fixture
def plain_exercise(tmp_path):
    """Make an exercise without mistakes, from the reference's body and its trials."""

    def make(body, *trials, parameters="x"):
        lines = "\n".join(f'    yield "trial {i}", {trial}' for i, trial in enumerate(trials, 1))
        return load(
            tmp_path, "answer", f"def answer({parameters}):\n    {body}\n\ndef trials(rng):\n{lines}\n"
        )

    return make


@pytest.mark.parametrize(
    ("reference", "answer", "said"),
    [
        ("return x", lambda x: x.T, "The shape is (3, 2); wanted is (2, 3). It is transposed."),
        (
            "return x.sum(axis=1)",
            lambda x: x.sum(axis=1, keepdims=True),
            "The shape is (2, 1); wanted is (2,). An axis of length 1 is left over.",
        ),
        (
            "return x.sum(axis=1, keepdims=True)",
            lambda x: x.sum(axis=1),
            "The shape is (2,); wanted is (2, 1). An axis of length 1 is missing.",
        ),
        (
            "return x.mean()",
            lambda x: x.mean(keepdims=True),
            "The shape is (1, 1); wanted is (). An axis of length 1 is left over.",
        ),
        (
            "return x",
            lambda x: x.mean(axis=1),
            "The shape is (2,); wanted is (2, 3). An axis is gone: was it summed over?",
        ),
        (
            "return x.mean(axis=1)",
            lambda x: x,
            "The shape is (2, 3); wanted is (2,). There is one axis too many: is a sum or mean over it missing?",
        ),
        (
            "return x.mean()",
            lambda x: x.mean(axis=1),
            "The shape is (2,); wanted is (). Wanted is one number: is a sum or a mean missing at the end?",
        ),
        (
            "return x.mean(axis=1)",
            lambda x: x.mean(),
            "The shape is (); wanted is (2,). You have one number. Did a sum or mean take all axes at once, "
            "or a `return` stand inside the loop?",
        ),
        (
            "return x[:, 0]",
            lambda x: x[:, :1] - x[:, 0],
            "The shape is (2, 2); wanted is (2,). Broadcasting made every pair: "
            "shapes (N, 1) and (N,) together give (N, N).",
        ),
        (
            "return x",
            lambda x: np.diff(x, axis=1),
            "The shape is (2, 2); wanted is (2, 3). Axis 1 is off by one.",
        ),
        ("return x", lambda x: np.zeros((5, 9)), "The shape is (5, 9); wanted is (2, 3)."),
    ],
)
def test_a_wrong_shape_is_explained(plain_exercise, reference, answer, said):
    assert report(plain_exercise(reference, "np.arange(6.0).reshape(2, 3)"), answer).message == said


# ------------------------------------------------------------------------------------------------- the values

VECTORS = ("np.array([1.0, -2.5, 4.0])", "np.array([0.3, 7.1, -0.2, 5.0])")


@pytest.mark.parametrize(
    ("reference", "answer", "said"),
    [
        ("return x", lambda x: -x, "Every value has the wrong sign."),
        ("return x", lambda x: 2 * x, "Every value is 2 times what it should be."),
        ("return x", lambda x: x / 2, "Every value is 0.5 times what it should be."),
        (
            "return x.mean()",
            lambda x: x.sum(),
            "It is too large by a factor of 3, a length of the input: a sum where a mean is due?",
        ),
        (
            "return x.sum()",
            lambda x: x.mean(),
            "It is too small by a factor of 3, a length of the input: one mean too many?",
        ),
        (
            "return x / len(x)",
            lambda x: x,
            "It is too large by a factor of 3, a length of the input: a sum where a mean is due?",
        ),
        ("return x", lambda x: x + 1, "Every value is too large by 1."),
        ("return x", lambda x: x - 0.25, "Every value is too small by 0.25."),
        ("return len(x) > 0", lambda x: False, "The result is not the expected one."),
        (
            "return x",
            lambda x: x.astype(int),
            "Your values are the right ones cut to whole numbers: is an integer array or // involved?",
        ),
        ("return x", lambda x: np.roll(x, 1), "The right values stand one place off along axis 0."),
        (
            "return np.cumsum(x ** 2)",
            lambda x: np.cumsum(x**2)[::-1],
            "These are the right values in another order.",
        ),
        ("return x", lambda x: x**2 + 3, "The result is not the expected one."),
    ],
)
def test_wrong_values_are_explained(plain_exercise, reference, answer, said):
    assert report(plain_exercise(reference, *VECTORS), answer).message == said


def test_a_square_result_that_is_transposed(plain_exercise):
    exercise = plain_exercise("return x", "np.arange(9.0).reshape(3, 3) ** 1.5")
    assert report(exercise, lambda x: x.T).message == "It is transposed."


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (
            np.nan,
            "Values become NaN on 'trial 2', where the right ones are ordinary numbers.",
        ),
        (
            np.inf,
            "Values become infinite on 'trial 2', where the right ones are ordinary numbers.",
        ),
    ],
)
def test_not_a_number_names_the_trial_from_which_on(plain_exercise, bad, said):
    exercise = plain_exercise("return x", "1.0", "10.0", "100.0")
    assert report(exercise, lambda x: bad if x > 5 else x).message == said


def test_not_a_number_in_a_single_trial(plain_exercise):
    exercise = plain_exercise("return x", "np.ones(2)")
    assert report(exercise, lambda x: x * np.nan).message == (
        "Values become NaN on 'trial 1', where the right ones are ordinary numbers."
    )


def test_floats_where_whole_numbers_are_due(plain_exercise):
    exercise = plain_exercise("return np.argmax(x)", "np.array([1.0, 3.0, 2.0])")
    assert report(exercise, lambda x: float(np.argmax(x))).message == (
        "The values must be whole numbers of an integer type; yours are floats."
    )


def test_a_count_that_is_off_by_one(plain_exercise):
    exercise = plain_exercise("return len(x)", "np.ones(3)")
    assert report(exercise, lambda x: len(x) - 1).message == "Every value is too small by 1."


def test_one_lone_number_proves_no_factor_and_no_offset(plain_exercise):
    exercise = plain_exercise("return x * 0.5", "3.0")
    assert report(exercise, lambda x: 0.731).message == "The result is not the expected one."


def test_a_factor_must_be_the_same_on_every_failing_trial(plain_exercise):
    exercise = plain_exercise("return x", "1.0", "10.0", "100.0")
    assert report(exercise, lambda x: x * x + 1).message == "The result is not the expected one."
    assert report(exercise, lambda x: x * 4).message == "Every value is 4 times what it should be."


@pytest.mark.parametrize("answer", [lambda x: x * 1j, lambda x: x * 1e308, lambda x: np.array([1j] * len(x))])
def test_extreme_and_complex_results_are_judged_without_a_warning(plain_exercise, answer):
    exercise = plain_exercise("return x * -1e300", *VECTORS)
    assert report(exercise, answer).verdict == "wrong"


# --------------------------------------------------------------------------------------------- other than values


@pytest.mark.parametrize(
    ("reference", "value", "said"),
    [
        (
            "return x",
            None,
            "It returned None. Is the `return` missing, or inside a branch that was not taken?",
        ),
        ("return x", "text", "It returned text; wanted is an array of shape (2,)."),
        ("return x", {"a": 1}, "It returned a dict; wanted is an array of shape (2,)."),
        ("return x", [1, [2]], "It returned a list of 2; wanted is an array of shape (2,)."),
        ("return 1.0", {}, "It returned a dict; wanted is a number."),
        ("return True", "yes", "It returned text; wanted is True/False."),
        ("return x, x", 1.0, "It returned a number; wanted is a tuple of 2."),
        ("return x, x", (1, 2, 3), "It returned 3 things; wanted are 2."),
        ("return 'cat'", "dog", "It returned 'dog'; wanted is 'cat'."),
        ("return {'a': x}", {"b": 1}, "The keys are 'b'; wanted are 'a'."),
        ("return {1: x}", {"1": 1}, "The keys are '1'; wanted are 1."),
        (
            "return x",
            (i for i in ()),
            "It returned a generator (did you write `yield`, or a comprehension in round brackets?).",
        ),
        ("return x", len, "It returned a function (did you forget to call it?)."),
        ("return x", ..., "It returned ... (the placeholder)."),
    ],
)
def test_another_kind_of_thing_is_named(plain_exercise, reference, value, said):
    assert report(plain_exercise(reference, "np.ones(2)"), lambda x: value).message == said


def test_a_missing_part_is_named_by_its_output(plain_exercise):
    exercise = plain_exercise("slope = x; shift = 2 * x; return slope, shift", "np.ones(2)", "np.zeros(3)")
    assert report(exercise, lambda x: (x, None)).message == "shift: That part of the result is None."


def test_a_value_where_an_exception_is_due(plain_exercise):
    exercise = plain_exercise("return np.linalg.inv(x)", "np.eye(2)", "np.zeros((2, 2))")
    got = report(exercise, lambda x: np.linalg.pinv(x))
    assert got.verdict == "wrong"
    assert got.message == "Here it should raise LinAlgError, and it returned a value."
    assert dict(got.details)["expected"] == "LinAlgError"


def test_a_changed_input_is_named_by_its_parameter(plain_exercise):
    exercise = plain_exercise("return x + y", "np.ones(2), np.ones(2)", parameters="x, y")

    def answer(x, y):
        y += x
        return y

    assert (
        report(exercise, answer).message == "It changed its input (y). Work on a copy, or build a new array."
    )


def test_an_input_changed_only_sometimes_is_caught(plain_exercise):
    exercise = plain_exercise("return abs(x)", "np.ones(2)", "np.array([-1.0, 2.0])", "np.ones(4)")

    def answer(x):
        x[x < 0] *= -1
        return x

    got = report(exercise, answer)
    assert (got.verdict, got.trial, got.right) == ("wrong", "trial 2", 2)
    assert got.message.startswith("It changed its input (x).")


# ------------------------------------------------------------------------------------------- by a named mistake

LINE = '''
def line(x, y):
    """Slope and shift, both from the upstream gradient y."""
    slope = x @ y
    shift = y.sum()
    return slope, shift

def trials(rng):
    yield "two points", np.array([1.0, 2.0]), np.array([3.0, 5.0])
    yield "many points", rng.normal(size=7), rng.normal(size=7)
    yield "one point", np.array([2.0]), np.array([-3.0])

@wrong("You forgot the upstream gradient in the slope.")
def ignores_upstream(x, y):
    return x.sum(), y.sum()

@wrong("You took the mean for the shift.")
def mean_shift(x, y):
    return x @ y, y.mean()

@wrong("Both have the wrong sign.")
def climbs(x, y):
    return -(x @ y), -y.sum()

@wrong("You changed y.")
def changes_y(x, y):
    y *= 1.5
    return x @ y / 1.5, y.sum() / 1.5

@wrong("A 1 is not worth an error.")
def refuses_one_point(x, y):
    if len(x) == 1:
        raise ValueError("too few points")
    return x @ y, y.sum()
'''


@pytest.fixture
def line(tmp_path):
    return load(tmp_path, "line", LINE)


def test_every_mistake_is_named_as_itself(line):
    for mistake in line.mistakes:
        got = report(line, mistake.answer)
        assert (got.mistake, got.verdict) == (
            mistake.name,
            "raised" if "refuses" in mistake.name else "wrong",
        )
        assert got.message.endswith(mistake.hint)


def test_outputs_are_matched_one_by_one(line):
    got = report(line, lambda x, y: (x @ y, y.mean()))
    assert got.message == "You took the mean for the shift."
    got = report(line, lambda x, y: (x.sum(), y.mean()))
    assert got.mistake == "ignores_upstream"
    assert got.message == (
        "slope: You forgot the upstream gradient in the slope. shift: You took the mean for the shift."
    )


def test_one_output_that_matches_no_mistake_leaves_the_result_unnamed(line):
    got = report(line, lambda x, y: (x.sum(), 17.0))
    assert got.mistake is None


def test_the_right_outputs_are_said_to_be_right(line):
    got = report(line, lambda x, y: (-(x @ y), y.sum()))
    assert got.mistake == "climbs"
    assert got.message == "shift is right. slope: Both have the wrong sign."


def test_a_mistake_is_named_by_the_failing_trials_alone(line):
    """Only many points are wrong: the whole answer is like no mistake, its failing trial is."""
    got = report(line, lambda x, y: (x @ y, y.mean() if len(x) > 2 else y.sum()))
    assert (got.mistake, got.trial, got.right) == ("mean_shift", "many points", 2)


def test_another_exception_of_the_same_type_is_not_that_mistake(line):
    def answer(x, y):
        if len(x) == 1:
            raise ValueError("an error of my own")
        return x @ y, y.sum()

    got = report(line, answer)
    assert (got.verdict, got.mistake, got.message) == ("raised", None, "ValueError: an error of my own")


def test_a_list_or_array_of_outputs_is_matched_too(line):
    assert report(line, lambda x, y: [x.sum(), y.sum()]).mistake == "ignores_upstream"
    assert report(line, lambda x, y: np.array([x.sum(), y.sum()])).mistake == "ignores_upstream"


def test_outputs_are_compared_where_the_reference_raises_on_some_trial(tmp_path):
    exercise = load(
        tmp_path,
        "pair",
        """
        def pair(x):
            if x < 0:
                raise ValueError("negative")
            return x, 2 * x

        def trials(rng):
            yield "one", 1.0
            yield "negative", -1.0

        @wrong("three, not two")
        def three_times(x):
            return x, 3 * x
        """,
    )
    assert report(exercise, lambda x: (x, 3 * x)).mistake == "three_times"
    got = report(exercise, lambda x: (x, 3 * x + 1))
    assert (got.verdict, got.mistake) == ("wrong", None)


def test_the_first_of_two_alike_mistakes_is_named(tmp_path):
    body = """
    def double(x):
        return 2 * x

    def trials(rng):
        yield "three", 3.0

    @wrong("first")
    def first(x):
        return 3 * x

    @wrong("second")
    def second(x):
        return x + 6
    """
    exercise = load(tmp_path, "double", body)
    assert report(exercise, lambda x: 9.0).message == "first"


def test_an_answer_with_a_memory_is_judged_by_what_it_did(line):
    calls = []

    def answer(x, y):
        calls.append(1)
        return (x @ y, y.sum()) if len(calls) != 2 else (0.0, 0.0)

    got = report(line, answer)
    assert (got.verdict, got.trial, got.right) == ("wrong", "many points", 2)
    assert len(calls) == 3


def test_the_factor_is_that_of_the_trial_shown(plain_exercise):
    exercise = plain_exercise(
        "return x.mean(axis=0)", "np.ones((5, 4)) * [1, 2, 3, 4]", "np.array([[1.0, 3.0, 4.0]] * 2)"
    )
    got = report(exercise, lambda x: x.sum(axis=0))
    assert got.trial == "trial 2"
    assert (
        got.message == "It is too large by a factor of 2, a length of the input: a sum where a mean is due?"
    )


def test_a_factor_that_a_right_trial_lacks_is_no_factor(plain_exercise):
    exercise = plain_exercise(
        "return x", "np.array([1.0, 2.0])", "np.array([10.0, 30.0])", "np.array([20.0, 40.0])"
    )
    assert (
        report(exercise, lambda x: x if x[0] < 5 else x / 3).message == "The result is not the expected one."
    )


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            lambda x: np.zeros_like(x),
            "Every value is 0, as if nothing had been done. Is the result of your work assigned and returned?",
        ),
        (
            lambda x: np.round(np.sqrt(x), 2),
            "Your values are the right ones rounded to 2 decimals. Return them as they are.",
        ),
        (
            lambda x: np.array([7.0, 8.0, 9.5]),
            "It returned the same on every trial. Does it work with its arguments, or with something from outside?",
        ),
    ],
)
def test_nothing_done_rounded_and_the_same_on_every_trial(plain_exercise, answer, said):
    exercise = plain_exercise(
        "return np.sqrt(x)",
        "np.array([2.0, 3.0, 5.0])",
        "np.array([6.0, 7.0, 8.0])",
        "np.array([3.0, 5.0, 2.0])",
    )
    assert report(exercise, answer).message == said


@pytest.mark.parametrize("answer", [lambda x: np.zeros(3), lambda x: x > 2])
def test_zeros_and_ones_are_nothing_special_where_whole_numbers_are_due(plain_exercise, answer):
    exercise = plain_exercise("return np.floor(x)", "np.array([1.5, 2.5, 4.5])", "np.array([3.5, 0.5, 2.5])")
    assert report(exercise, answer).message == "The result is not the expected one."


_KINDS = st.sampled_from([np.float64, np.float32, np.int64, np.bool_, np.uint8])
_SHAPES = array_shapes(min_dims=0, max_dims=2, min_side=0, max_side=3)


def _array(shape):
    return _KINDS.flatmap(
        lambda kind: arrays(kind, shape, elements=st.sampled_from([0, 1]).map(kind)) | arrays(kind, shape)
    )


_PAIRS = _SHAPES.flatmap(lambda shape: st.tuples(_array(shape), _array(shape) | _SHAPES.flatmap(_array)))


@given(st.lists(_PAIRS, min_size=1, max_size=3))
def test_whatever_comes_out_it_is_diagnosed_and_nothing_trips(tmp_path_factory, pairs):
    body = "\n".join(f'    yield "trial {i}", {i}' for i in range(len(pairs)))
    source = f"def answer(i):\n    return EXPECTED[i]\n\ndef trials(rng):\n{body}\n"
    found = load(tmp_path_factory.mktemp("any"), "answer", source)
    found.answer.__globals__["EXPECTED"] = [expected for expected, _ in pairs]
    assert report(found, lambda i: pairs[i][1]).verdict in ("passed", "wrong")
