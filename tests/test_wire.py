"""Messages between judge and child: what goes in comes out, and made-up bytes are refused with one kind of error."""

import contextlib
import io
import json
import struct

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from course.exercises import wire
from course.exercises.trial import plain

NUMBERS = st.one_of(
    npst.boolean_dtypes(),
    npst.integer_dtypes(endianness="="),
    npst.unsigned_integer_dtypes(endianness="="),
    npst.floating_dtypes(endianness="=", sizes=(16, 32, 64)),
    npst.complex_number_dtypes(endianness="=", sizes=(64, 128)),
)
ARRAYS = npst.arrays(NUMBERS, npst.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
LEAVES = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text() | ARRAYS
DATA = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text() | st.integers(-(2**31), 2**31), inner, max_size=4)
    ),
    max_leaves=12,
)


def there_and_back(data):
    stream = io.BytesIO()
    wire.send(stream, data)
    stream.seek(0)
    received = wire.receive(stream)
    assert stream.read() == b""
    return received


def identical(one, other):
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return (one.dtype, one.shape, one.tobytes()) == (other.dtype, other.shape, other.tobytes())
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(identical, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(map(identical, one.values(), other.values()))
    return one == other or (one != one and other != other)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(DATA)
def test_plain_data_arrives_as_it_was_sent(data):
    assert identical(there_and_back(data), data)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(DATA)
def test_results_arrive_as_they_were_sent(data):
    assert identical(there_and_back(plain(data)), plain(data))


@pytest.mark.parametrize(
    "data",
    [
        np.float32(1.5),
        np.int64(-3),
        np.bool_(True),
        np.float64("nan"),
        1j,
        complex("nan-infj"),
        np.array(["ab", "c"]),
        np.array("ab"),
        np.array([["a", "bc"], ["", "é"]]),
        "\ud800 half a character",
        {"array": 1, "tuple": (2,)},
        [{"scalar": [1]}],
        (),
        {},
    ],
    ids=repr,
)
def test_scalars_texts_and_names_of_our_own_kinds_arrive(data):
    assert identical(there_and_back(data), data) or repr(there_and_back(data)) == repr(data)


def test_a_foreign_byte_order_keeps_its_values():
    assert there_and_back(np.arange(3.0, dtype=">f8")).tolist() == [0, 1, 2]


def test_slices_and_transposes_keep_their_layout():
    array = np.arange(12.0).reshape(3, 4)
    assert np.array_equal(there_and_back(array.T[::2]), array.T[::2])


def test_what_arrives_can_be_written_to():
    array = there_and_back(np.zeros(3))
    array[0] = 1
    assert array[0] == 1


def test_messages_follow_each_other():
    stream = io.BytesIO()
    wire.send(stream, [np.ones(2)])
    wire.send(stream, "second")
    stream.seek(0)
    assert wire.receive(stream)[0].tolist() == [1, 1]
    assert wire.receive(stream) == "second"


# ------------------------------------------------------------------------------------- cut off, or made up


def _bytes(data):
    stream = io.BytesIO()
    wire.send(stream, data)
    return stream.getvalue()


@pytest.mark.parametrize("keep", range(len(_bytes([np.ones(2), "x"]))))
def test_a_message_cut_off_anywhere_is_refused(keep):
    with pytest.raises(wire.WireError, match="the other side stopped in the middle of a message"):
        wire.receive(io.BytesIO(_bytes([np.ones(2), "x"])[:keep]))


def _forged(header, rest=b""):
    header = header if isinstance(header, bytes) else json.dumps(header).encode()
    return io.BytesIO(struct.pack("<Q", len(header)) + header + rest)


@pytest.mark.parametrize(
    "header",
    [
        b"not json",
        b"\xff\xfe",
        b"[" * 100_000,
        {"unknown": 1},
        {},
        {"two": 1, "kinds": 2},
        {"array": 5},
        {"array": ["d"]},
        {"array": ["O", [1]]},
        {"array": ["d", [-1]]},
        {"array": ["d", [1.5]]},
        {"array": ["?", [True]]},
        {"array": [["d"], [1]]},
        {"array": ["d", [0, 10**30]]},
        {"array": ["d", [1] * 40]},
        {"array": ["d", [2**40]]},
        {"float": 10**400},
        {"float": "ten"},
        {"float": [1]},
        {"complex": [1, 2, 3]},
        {"complex": ["1", {}]},
        {"scalar": "a"},
        {"scalar": []},
        {"tuple": 5},
        {"dict": [[[1], 2]]},
        {"dict": [1]},
        {"text": 5},
        {"text": ["abc", [10**30]]},
        {"text": [[[1], 2], [3]]},
        {"text": [["a" * 100_000] + ["b"] * 500_000, [500_001]]},
    ],
    ids=lambda header: str(header)[:40],
)
def test_a_made_up_header_is_refused(header):
    with pytest.raises(wire.WireError, match="no readable header"):
        wire.receive(_forged(header, b"\0" * 64))


def test_a_header_of_absurd_length_is_refused_before_it_is_read():
    with pytest.raises(
        wire.WireError, match=f"a header of {2**60} bytes; at most {wire.HEADER_MOST} are taken"
    ):
        wire.receive(io.BytesIO(struct.pack("<Q", 2**60)))


def test_many_arrays_together_are_refused_before_they_are_read():
    shape = [wire.ARRAYS_MOST // 8 // 2 + 1]
    stream = _forged([{"array": ["d", [0]]}, {"array": ["d", shape]}, {"array": ["d", shape]}])
    with pytest.raises(wire.WireError):
        wire.receive(stream)


def test_a_reader_may_take_less():
    stream = io.BytesIO()
    wire.send(stream, np.zeros(100))
    for most, taken in ((800, True), (799, False)):
        stream.seek(0)
        if taken:
            assert wire.receive(stream, most).shape == (100,)
        else:
            with pytest.raises(wire.WireError):
                wire.receive(stream, most)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60), st.booleans())
def test_random_bytes_are_refused_or_read_but_never_crash(content, framed):
    stream = _forged(content) if framed else io.BytesIO(content)
    with contextlib.suppress(wire.WireError):  # any other exception fails the test
        wire.receive(stream)
