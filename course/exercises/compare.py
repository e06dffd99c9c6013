"""What counts as equal, and where two results part.

The expected value says what is wanted: a list or tuple for an array of the same content is the same answer, float32 is
accepted for float64, and NaN equals NaN. An integer contract wants integers.
"""

from dataclasses import dataclass

import numpy as np

from course.exercises.trial import NotPlain, Outcome, plain


@dataclass(frozen=True)
class Difference:
    """The first thing in which a result differs from what was expected.

    Attributes:
        kind: ``strange, none, kind, length, shape, integer, value, raised, not_raised, changed``.
        place: where in a nested result, such as ``(1,)`` for its second part; () for the whole.
        got, expected: the parts that differ, where they are values.
        worst: the index of the largest error, for ``value``.
    """

    kind: str
    place: tuple = ()
    got: object = None
    expected: object = None
    worst: tuple | None = None


def difference(got: Outcome, expected: Outcome, rtol: float, atol: float) -> Difference | None:
    """Compare what an answer did with what the reference did; None where they agree."""
    if got.error:
        if expected.error and expected.error["kind"] in got.error["kinds"]:
            return None
        return Difference("raised", got=got.error, expected=expected.error or expected.value)
    if expected.error:
        return Difference("not_raised", got=got.value, expected=expected.error)
    if got.strange:
        return Difference("strange", got=got.strange, expected=expected.value)
    found = value_difference(got.value, expected.value, rtol, atol)
    if found is None and got.changed and not expected.changed:
        return Difference("changed", got=got.changed)
    return found


def value_difference(got, expected, rtol: float, atol: float, place: tuple = ()) -> Difference | None:
    """Compare two pieces of plain data; None where they are the same answer."""

    def differs(kind, **more):
        return Difference(kind, place, got, expected, **more)

    if expected is None or isinstance(expected, str):
        return (
            None
            if type(got) is type(expected) and got == expected
            else differs("none" if got is None else "kind")
        )
    if got is None:
        return differs("none")
    if isinstance(expected, np.ndarray):
        array = as_array(got)
        return differs("kind") if array is None else _array_difference(array, expected, rtol, atol, place)
    if isinstance(expected, dict):
        if not isinstance(got, dict):
            return differs("kind")
        if set(got) != set(expected):
            return differs("length")
        pairs = [(key, got[key], expected[key]) for key in expected]
    else:
        if isinstance(got, dict | str) or (isinstance(got, np.ndarray) and got.ndim == 0):
            return differs("kind")
        if len(got) != len(expected):
            return differs("length")
        items = [np.asarray(item) for item in got] if isinstance(got, np.ndarray) else got
        pairs = [(i, *pair) for i, pair in enumerate(zip(items, expected, strict=True))]
    for key, one, other in pairs:
        if found := value_difference(one, other, rtol, atol, (*place, key)):
            return found
    return None


def as_array(value) -> np.ndarray | None:
    """Return plain data as one array of numbers or texts, or None if it isn't one."""
    if isinstance(value, np.ndarray):
        return value
    if not isinstance(value, list | tuple):
        return None
    try:
        return plain(np.array(value))
    except (NotPlain, ValueError):
        return None


def _array_difference(got, expected, rtol, atol, place) -> Difference | None:
    if got.shape != expected.shape:
        return Difference("shape", place, got, expected)
    if expected.dtype.kind == "U" or got.dtype.kind == "U":
        same = got.dtype.kind == expected.dtype.kind and np.array_equal(got, expected)
        return None if same else Difference("kind", place, got, expected)
    if expected.dtype.kind in "iu" and got.dtype.kind not in "iub" and got.size:
        return Difference("integer", place, got, expected)
    if expected.dtype.kind in "iub":
        close = np.asarray(got == expected)  # a count is exact, however large
    else:
        with np.errstate(all="ignore"):
            close = np.isclose(got, expected, rtol=rtol, atol=atol, equal_nan=True)
    if close.all():
        return None
    return Difference("value", place, got, expected, worst=_worst(got, expected, close))


def _worst(got, expected, close) -> tuple:
    with np.errstate(all="ignore"):
        error = np.abs(got.astype(complex) - expected)
    error = np.where(np.isnan(error), np.inf, error)
    return tuple(int(i) for i in np.unravel_index(np.argmax(np.where(close, -1.0, error)), np.shape(error)))


def alike(one: Outcome, other: Outcome, rtol: float, atol: float) -> bool:
    """Tell whether two answers, right or wrong, did the same: value, error, and inputs changed."""
    if one.stopped or other.stopped or one.strange or other.strange:
        return (one.stopped, one.strange) == (other.stopped, other.strange)
    if one.error or other.error:
        return bool(one.error and other.error and one.error["kind"] == other.error["kind"])
    return one.changed == other.changed and same_value(one.value, other.value, rtol, atol)


def same_value(one, other, rtol: float, atol: float) -> bool:
    """Compare in both directions, so that neither side is the measure; a whole number is as good as a float."""
    one, other = _as_floats(one), _as_floats(other)
    return (
        value_difference(one, other, rtol, atol) is None and value_difference(other, one, rtol, atol) is None
    )


def _as_floats(value):
    """Return plain data with its integers as floats: a mistake that counts from 0 is the same with 0.0."""
    if isinstance(value, np.ndarray):
        return value.astype(float) if value.dtype.kind in "iu" else value
    if isinstance(value, dict):
        return {key: _as_floats(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(_as_floats, value))
    return value
