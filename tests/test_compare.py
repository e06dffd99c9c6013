"""What counts as the same answer, and what does not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from course.exercises.compare import alike, as_array, difference, same_value, value_difference
from course.exercises.trial import Outcome, plain

RTOL, ATOL = 1e-4, 1e-8
FLOATS = st.floats(allow_nan=True, allow_infinity=True)
ARRAYS = npst.arrays(np.float64, npst.array_shapes(min_dims=1, max_dims=3, max_side=4), elements=FLOATS)


def kind(got, expected, rtol=RTOL, atol=ATOL):
    """The kind of the first difference, or None."""
    found = value_difference(plain(got), plain(expected), rtol, atol)
    return found and found.kind


def tuples_of(array):
    return tuple(map(tuples_of, array)) if np.ndim(array) else float(array)


# ------------------------------------------------------------------------------------------- the same answer


@settings(max_examples=60, deadline=None)
@given(ARRAYS)
def test_list_tuple_and_array_of_the_same_content_are_the_same_answer(array):
    forms = [array, array.tolist(), tuples_of(array), list(array), np.asfortranarray(array)]
    for got in forms:
        for expected in forms:
            assert kind(got, expected) is None


@settings(max_examples=60, deadline=None)
@given(npst.arrays(np.float64, (2, 3), elements=st.floats(-1e30, 1e30)))
def test_float32_is_the_same_answer(array):
    assert kind(array.astype(np.float32), array, atol=1e-30) is None


@pytest.mark.parametrize("got", [3, 3.0, np.int8(3), np.float32(3), np.array(3.0), 3 + 0j])
@pytest.mark.parametrize("expected", [3.0, np.float64(3), np.array(3.0)])
def test_number_numpy_scalar_and_array_without_axes_are_the_same_answer(got, expected):
    assert kind(got, expected) is None


def test_whole_numbers_are_accepted_where_floats_are_due_if_they_agree():
    assert kind(np.array([1, 2]), np.array([1.0, 2.0])) is None
    assert kind(np.array([1, 2]), np.array([1.0, 2.5])) == "value"


def test_an_array_is_the_same_answer_as_a_tuple_of_numbers():
    assert kind(np.array([1.5, 2.5]), (1.5, 2.5)) is None
    assert kind(np.array([1.5, 2.6]), (1.5, 2.5)) == "value"


def test_an_array_is_the_same_answer_as_a_tuple_of_arrays():
    assert kind(np.eye(2), (np.array([1.0, 0]), np.array([0, 1.0]))) is None


def test_texts_are_the_same_answer_whatever_holds_them():
    assert kind(["cat", "dog"], np.array(["cat", "dog"])) is None
    assert kind(np.array(["cat", "dog"])[1], "dog") is None
    assert kind("cat", "dog") == "kind"
    assert kind(["cat", "cow"], np.array(["cat", "dog"])) == "kind"


def test_nan_equals_nan_and_infinities_go_by_sign():
    expected = np.array([np.nan, np.inf, -np.inf, 0.0])
    assert kind(expected.copy(), expected) is None
    for place in range(4):
        for other in {np.nan, np.inf, -np.inf, 0.0, 1.0}:
            got = expected.copy()
            got[place] = other
            same = np.array_equal(got, expected, equal_nan=True)
            assert (kind(got, expected) is None) == same


def test_tolerance_is_relative_to_what_is_expected():
    assert kind(1.00009, 1.0) is None
    assert kind(1.00011, 1.0) == "value"
    assert kind(1e-6 * 1.00009, 1e-6) is None
    assert kind(1e-6 * 1.02, 1e-6) == "value"


def test_the_largest_floats_compare_without_a_warning():
    assert kind(-1.7e308, 1.7e308) == "value"
    assert kind(np.array([1.7e308]), np.array([1.7e308])) is None


# ---------------------------------------------------------------------------------------- not the same answer


@pytest.mark.parametrize(
    ("got", "expected", "wanted"),
    [
        (None, 1.0, "none"),
        (None, (1.0, 2.0), "none"),
        (None, "text", "none"),
        (1.0, None, "kind"),
        (np.zeros((2, 1)), np.zeros(2), "shape"),
        (np.zeros((1,)), 0.0, "shape"),
        (np.zeros((2, 3)), np.zeros((3, 2)), "shape"),
        ({"a": 1.0}, np.zeros(2), "kind"),
        ("0.0", 0.0, "kind"),
        ([1.0, [2.0]], np.zeros(2), "kind"),
        ([1.0, None], np.zeros(2), "kind"),
        ([1.0, "a"], np.zeros(2), "kind"),
        (1.0, (1.0, 2.0), "kind"),
        ({0: 1.0, 1: 2.0}, (1.0, 2.0), "kind"),
        ("ab", ("a", "b"), "kind"),
        ((1.0, 2.0, 3.0), (1.0, 2.0), "length"),
        ({"a": 1.0}, {"b": 1.0}, "length"),
        ({"1": 1.0}, {1: 1.0}, "length"),
        ((1.0,), {"a": 1.0}, "kind"),
    ],
)
def test_other_kinds_shapes_and_lengths_are_told_apart(got, expected, wanted):
    assert kind(got, expected) == wanted


def test_a_part_of_the_wrong_kind_is_kept_as_it_was():
    found = value_difference({"a": plain(1.0)}, plain(np.zeros(2)), RTOL, ATOL)
    assert list(found.got) == ["a"]


def test_a_contract_of_whole_numbers_wants_whole_numbers():
    assert kind(np.array([1.0, 2.0]), np.array([1, 2])) == "integer"
    assert kind(3.0, 3) == "integer"
    assert kind(np.array([1, 2], np.int8), np.array([1, 2])) is None
    assert kind(np.array([], dtype=float), np.array([], dtype=int)) is None


def test_whole_numbers_are_exact_however_large():
    assert kind(20_001, 20_000) == "value"
    assert kind(np.array([2**62 + 1]), np.array([2**62])) == "value"
    assert kind(2**62, 2**62) is None


def test_truth_values_are_exact():
    assert kind(np.array([True, False]), np.array([True, False])) is None
    assert kind(np.array([True, True]), np.array([True, False])) == "value"
    assert kind(np.array([1.0, 0.0]), np.array([True, False])) is None


def test_the_place_and_the_worst_element_are_found():
    expected = {"w": [np.zeros(2), np.zeros((2, 3))]}
    got = {"w": [np.zeros(2), np.array([[0, 0.1, 0], [0, 0, -5.0]])]}
    found = value_difference(plain(got), plain(expected), RTOL, ATOL)
    assert found.place == ("w", 1)
    assert found.worst == (1, 2)


def test_nan_is_the_worst_element():
    found = value_difference(np.array([100.0, np.nan]), np.zeros(2), RTOL, ATOL)
    assert found.worst == (1,)


@settings(max_examples=60, deadline=None)
@given(ARRAYS, st.data())
def test_changing_one_element_by_more_than_the_tolerance_is_seen_there(array, data):
    index = tuple(data.draw(st.integers(0, n - 1)) for n in array.shape)
    got = array.copy()
    got[index] = 1.0 if not np.isfinite(got[index]) else got[index] / 2 + 1
    found = value_difference(got, array, RTOL, ATOL)
    same = np.isclose(got[index], array[index], rtol=RTOL, atol=ATOL) or got[index] == array[index]
    assert (found.worst if found else None) == (None if same else index)


# ------------------------------------------------------------------------------------------------- outcomes


def failed(kind_, *others, message=""):
    return Outcome(
        error={"kind": kind_, "kinds": [kind_, *others], "message": message, "where": None, "code": None}
    )


def test_a_wanted_exception_may_be_of_a_more_special_type():
    assert difference(failed("KeyError", "LookupError"), failed("LookupError"), RTOL, ATOL) is None
    assert difference(failed("LookupError"), failed("KeyError", "LookupError"), RTOL, ATOL).kind == "raised"


def test_a_value_where_an_exception_is_due_differs():
    assert difference(Outcome(value=plain(1.0)), failed("ValueError"), RTOL, ATOL).kind == "not_raised"
    assert difference(Outcome(), failed("ValueError"), RTOL, ATOL).kind == "not_raised"


def test_a_changed_input_differs_unless_it_is_part_of_the_contract():
    right, changing = Outcome(value=plain(1.0)), Outcome(value=plain(1.0), changed=[0])
    assert difference(changing, right, RTOL, ATOL).kind == "changed"
    assert difference(changing, changing, RTOL, ATOL) is None


def test_what_is_not_plain_data_differs_from_everything():
    assert difference(Outcome(strange="a generator"), Outcome(), RTOL, ATOL).kind == "strange"


def test_two_answers_are_alike_if_they_do_the_same():
    value, changed = Outcome(value=plain(1.0)), Outcome(value=plain(1.0), changed=[0])
    assert alike(value, value, RTOL, ATOL)
    assert not alike(value, changed, RTOL, ATOL)
    assert not alike(value, failed("ValueError"), RTOL, ATOL)
    assert alike(failed("ValueError"), failed("ValueError"), RTOL, ATOL)
    assert not alike(failed("ValueError"), failed("KeyError"), RTOL, ATOL)
    assert alike(Outcome(strange="a set object"), Outcome(strange="a set object"), RTOL, ATOL)
    assert not alike(Outcome(strange="a set object"), value, RTOL, ATOL)
    assert not alike(Outcome(stopped="timed_out"), value, RTOL, ATOL)


@settings(max_examples=60, deadline=None)
@given(ARRAYS, ARRAYS)
def test_being_alike_does_not_depend_on_the_order(one, other):
    assert same_value(one, other, RTOL, ATOL) == same_value(other, one, RTOL, ATOL)


@pytest.mark.parametrize("value", [None, "text", {"a": 1}, [1.0, [2.0]], [None], ({},)])
def test_what_is_no_array_is_not_made_one(value):
    assert as_array(plain(value)) is None
