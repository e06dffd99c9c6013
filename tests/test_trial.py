"""One trial: what an answer did is written down, whatever it did, and nothing around it is left changed."""

import random
import sys
import warnings
from collections import namedtuple

import numpy as np
import pytest

from course.exercises.trial import PRINTED, NotPlain, call_directly, plain, run


def outcome(answer, *args):
    return run(answer, call_directly, args)


# ------------------------------------------------------------------------------------------ what is returned


@pytest.mark.parametrize("number", [3, 3.0, True, 2j, np.float32(3), np.int8(3), np.bool_(True)])
def test_a_number_becomes_an_array_without_axes(number):
    value = outcome(lambda: number).value
    assert type(value) is np.ndarray
    assert value.shape == ()
    assert value == number


def test_containers_keep_their_kind():
    value = outcome(lambda: {"a": [1.0, (None, "text")], 2: np.eye(2)}).value
    assert list(value) == ["a", 2]
    assert type(value["a"]) is list
    assert type(value["a"][1]) is tuple
    assert value["a"][1] == (None, "text")
    assert np.array_equal(value[2], np.eye(2))


def test_an_item_of_an_array_of_texts_is_text():
    assert outcome(lambda names: names[1], np.array(["cat", "dog"])).value == "dog"
    assert type(plain(np.str_("dog"))) is str


def test_the_value_is_a_copy():
    kept = np.zeros(2)

    def answer():
        kept[0] += 1
        return kept

    first = outcome(answer)
    outcome(answer)
    assert first.value[0] == 1


def test_a_result_is_taken_before_it_can_change_with_its_input():
    assert outcome(lambda x: x, np.array([1.0, 2.0])).value.tolist() == [1, 2]


def test_a_foreign_byte_order_and_long_doubles_become_ordinary():
    assert plain(np.arange(3, dtype=">i4")).dtype == np.dtype("=i4")
    assert plain(np.longdouble(0.5)).dtype == np.float64


class _EqualsEverything:
    __hash__ = None

    def __eq__(self, other):
        return True

    def __array__(self, dtype=None, copy=None):
        return np.zeros(3)


class _MyArray(np.ndarray):
    pass


class _MyInt(int):
    pass


class _MyList(list):
    pass


class _MetaLiar(type):
    __hash__ = type.__hash__

    def __eq__(cls, other):
        return True


class _ClaimsToBeFloat(metaclass=_MetaLiar):
    @property
    def __class__(self):
        return float


def _nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ((n for n in [1]), "a generator (did you write `yield`, or a comprehension in round brackets?)"),
        (np.sum, "a function (did you forget to call it?)"),
        (np.exp, "a function (did you forget to call it?)"),
        (np.eye(2).sum, "a function (did you forget to call it?)"),
        (len, "a function (did you forget to call it?)"),
        (lambda: 1, "a function (did you forget to call it?)"),
        (..., "... (the placeholder)"),
        (_EqualsEverything(), "a _EqualsEverything object"),
        (np.zeros(2).view(_MyArray), "a _MyArray object"),
        (np.ma.masked_array([1.0]), "a MaskedArray object"),
        (_MyInt(1), "a _MyInt object"),
        (_MyList([1]), "a _MyList object"),
        (namedtuple("Point", "x y")(1, 2), "a Point object"),
        ({1, 2}, "a set object"),
        (b"bytes", "a bytes object"),
        (range(3), "a range object"),
        (np.array([None]), "an array of objects"),
        (np.zeros(2**21 + 1), "an array of 16 MB, shape (2097153,)"),
        (np.array([b"a"]), "an array of type |S1"),
        (np.zeros(1, "datetime64[s]"), "an array of type datetime64[s]"),
        (10**30, "a whole number too large for 64 bits"),
        (_nested(30), "a list nested more than 20 deep"),
        ({(1, 2): 3}, "a dict with keys that are neither text nor whole numbers"),
        ({"inner": {"deeper": [1, {2}]}}, "a set object"),
    ],
)
def test_what_is_not_plain_data_is_named_in_words(value, words):
    got = outcome(lambda: value)
    assert got.strange == words
    assert got.value is None
    assert got.error is None


def test_a_class_that_equals_every_other_is_no_number():
    with pytest.raises(NotPlain):
        plain(_ClaimsToBeFloat())


def test_a_list_that_holds_itself_is_no_result():
    endless = []
    endless.append(endless)
    assert outcome(lambda: endless).strange == "a list nested more than 20 deep"


# ------------------------------------------------------------------------------------------------ exceptions


class _Stop(BaseException):
    pass


class _Mute(Exception):  # noqa: N818 - any name will do
    def __str__(self):
        raise SystemExit


@pytest.mark.parametrize(
    ("error", "kind", "message"),
    [
        (ValueError("too small"), "ValueError", "too small"),
        (SystemExit(1), "SystemExit", "1"),
        (_Stop("stop"), "_Stop", "stop"),
        (BaseException("base"), "BaseException", "base"),
        (GeneratorExit(), "GeneratorExit", ""),
        (_Mute(), "_Mute", "(no message)"),
        (ValueError("x" * 1000), "ValueError", "x" * 300),
    ],
)
def test_any_exception_is_written_down(error, kind, message):
    def answer():
        raise error

    got = outcome(answer)
    assert (got.error["kind"], got.error["message"]) == (kind, message)


def test_an_exception_names_the_learners_own_line():
    def answer(x):
        return np.linalg.inv(x)

    error = outcome(answer, np.zeros((2, 2))).error
    assert error["code"] == "return np.linalg.inv(x)"
    assert error["where"].endswith(" of answer")
    assert "/" not in error["where"]


def test_an_exception_that_never_reached_the_answer_has_no_line():
    error = outcome(lambda x, y: x, 1.0).error
    assert error["kind"] == "TypeError"
    assert error["where"] is None


def test_a_subclass_of_an_error_is_known_by_all_its_kinds():
    error = outcome(lambda: {}["key"]).error
    assert error["kinds"] == ["KeyError", "LookupError", "Exception"]


def test_endless_recursion_is_an_exception():
    def answer(x):
        return answer(x)

    assert outcome(answer, 1.0).error["kind"] == "RecursionError"


def test_an_interrupt_by_the_keyboard_is_passed_on():
    def answer():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        outcome(answer)


# --------------------------------------------------------------------------------------------------- inputs


def test_the_trial_itself_never_changes():
    trial = (np.zeros(2), [np.zeros(2)], {"a": 1})

    def answer(x, ys, d):
        x += 1
        ys[0][0] = 5
        d["b"] = 2

    assert run(answer, call_directly, trial).changed == [0, 1, 2]
    assert trial[0].tolist() == [0, 0]
    assert trial[1][0].tolist() == [0, 0]
    assert trial[2] == {"a": 1}


@pytest.mark.parametrize(
    "change",
    [
        lambda x: x.sort(),
        lambda x: x.resize(4, refcheck=False),
        lambda x: np.negative(x, out=x),
        lambda x: np.put(x, 0, np.nan),
    ],
)
def test_every_change_of_an_array_is_seen(change):
    assert outcome(change, np.array([3.0, 1.0, 2.0])).changed == [0]


def test_an_input_with_nan_is_not_taken_for_changed():
    assert outcome(lambda x, y: 1, np.array([np.nan, np.inf]), float("nan")).changed == []


def test_an_object_that_equals_everything_is_a_change_of_input():
    def answer(params):
        params[0] = _EqualsEverything()

    assert outcome(answer, [np.zeros(3)]).changed == [0]


def test_a_change_is_seen_even_where_the_answer_raises():
    def answer(x):
        x[0] = 1
        raise ValueError

    assert outcome(answer, np.zeros(1)).changed == [0]


# --------------------------------------------------------------------------------------- the world around it


def test_prints_are_kept_to_their_first_characters(capsys):
    def answer():
        for _ in range(100_000):
            print("0123456789")
        print("to stderr", file=sys.stderr)
        return 1

    got = outcome(answer)
    assert got.printed == ("0123456789\n" * PRINTED)[:PRINTED]
    assert capsys.readouterr() == ("", "")


def test_numpys_error_state_is_put_back():
    before = np.geterr()
    got = outcome(lambda: np.seterr(all="raise") and 1)
    assert np.geterr() == before
    assert got.notes == ["It changed NumPy's error settings (np.seterr); they were put back."]


def test_the_random_state_is_put_back():
    def answer():
        np.random.seed(0)  # noqa: NPY002 - what learners write
        random.random()
        return 1

    before, python = np.random.get_state()[1].copy(), random.getstate()  # noqa: NPY002
    got = outcome(answer)
    assert np.array_equal(np.random.get_state()[1], before)  # noqa: NPY002
    assert random.getstate() == python
    assert got.notes == ["It used or changed the global random state; that was put back."]


def test_a_generator_of_its_own_is_no_matter():
    assert outcome(lambda: np.random.default_rng(0).normal()).notes == []


def test_replaced_numpy_functions_are_put_back():
    isclose, array_equal = np.isclose, np.array_equal

    def answer(x):
        np.isclose = np.allclose = np.array_equal = lambda *a, **k: True
        x += 1
        return 0.0

    got = outcome(answer, np.zeros(2))
    assert np.isclose is isclose
    assert np.array_equal is array_equal
    assert got.changed == [0]
    assert len(got.notes) == 1
    assert got.notes[0].startswith("It replaced np.")
    assert "np.isclose" in got.notes[0]
    assert got.notes[0].endswith("; that was put back.")


def test_a_deleted_numpy_function_is_put_back():
    def answer():
        del np.exp

    outcome(answer)
    assert np.exp(0) == 1


def test_warnings_of_an_answer_stay_out_of_the_way():
    def answer():
        warnings.warn("noise", stacklevel=1)
        return np.log(np.zeros(1))

    assert outcome(answer).value[0] == -np.inf
