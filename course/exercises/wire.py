"""Messages between the judge and the child program: a JSON header, then the raw bytes of each array.

Never pickle: the bytes may come from a learner's process. Loaded by path in the child, so it imports nothing of ``course``.

A message is an 8-byte header length, the header, and the arrays. In the header an array is ``{"array": [dtype, shape]}``,
one of texts ``{"text": [items, shape]}``, a NumPy scalar ``{"scalar": ...}``, a tuple ``{"tuple": [...]}``, a dict
``{"dict": [[key, value], ...]}``, NaN, infinity and complex numbers likewise; None, text, numbers and lists stand as they are.
"""

import json
import math
import struct

import numpy as np

HEADER_MOST = 4 * 2**20  # bytes
ARRAYS_MOST = 256 * 2**20
_DTYPES = {"?", "b", "B", "h", "H", "i", "I", "l", "L", "q", "Q", "e", "f", "d", "F", "D"}


class WireError(Exception):
    """The bytes are no message: they were cut off, or made up."""


def send(stream, data) -> None:
    """Write one message to a binary stream.

    Raises:
        TypeError: if the data is not plain; nothing is written then.
    """
    buffers: list[bytes] = []
    header = json.dumps(_pack(data, buffers)).encode()
    stream.write(struct.pack("<Q", len(header)) + header)
    for buffer in buffers:
        stream.write(buffer)
    stream.flush()


def receive(stream, most: int = ARRAYS_MOST):
    """Read one message from a binary stream.

    Args:
        stream: the stream.
        most: how many bytes of arrays are taken.

    Raises:
        WireError: if the stream ends early or holds anything else.
    """
    (length,) = struct.unpack("<Q", _exactly(stream, 8))
    if length > HEADER_MOST:
        raise WireError(f"a header of {length} bytes; at most {HEADER_MOST} are taken")
    try:
        header = json.loads(_exactly(stream, length))
        return _unpack(header, _Reader(stream, most))
    except (ValueError, TypeError, LookupError, ArithmeticError, RecursionError, MemoryError) as error:
        raise WireError(f"no readable header: {error}") from None


def _pack(data, buffers):
    if isinstance(data, np.generic):
        return {"scalar": _pack(np.array(data), buffers)}
    if isinstance(data, np.ndarray):
        native = np.ascontiguousarray(data, data.dtype.newbyteorder("="))
        array = native.reshape(data.shape)  # ascontiguousarray makes a 0-d array 1-d
        if array.dtype.kind == "U":
            return {"text": [array.ravel().tolist(), list(array.shape)]}
        buffers.append(array.tobytes())
        return {"array": [array.dtype.char, list(array.shape)]}
    if isinstance(data, tuple):
        return {"tuple": [_pack(item, buffers) for item in data]}
    if isinstance(data, list):
        return [_pack(item, buffers) for item in data]
    if isinstance(data, dict):
        return {"dict": [[key, _pack(item, buffers)] for key, item in data.items()]}
    if isinstance(data, float) and not math.isfinite(data):
        return {"float": repr(data)}
    if isinstance(data, complex):
        return {"complex": [_pack(data.real, buffers), _pack(data.imag, buffers)]}
    return data


def _unpack(header, reader):
    if isinstance(header, list):
        return [_unpack(item, reader) for item in header]
    if not isinstance(header, dict):
        return header
    ((kind, body),) = header.items()
    if kind == "array":
        return reader.array(*body)
    if kind == "text":
        return reader.texts(*body)
    if kind == "scalar":
        return _unpack(body, reader)[()]
    if kind == "float":
        return float(body)
    if kind == "complex":
        return complex(*(_unpack(part, reader) for part in body))
    if kind == "tuple":
        return tuple(_unpack(item, reader) for item in body)
    if kind == "dict":
        return {key: _unpack(item, reader) for key, item in body}
    raise ValueError(f"unknown kind {kind!r}")


class _Reader:
    """Takes arrays off the stream, in order, up to a limit."""

    def __init__(self, stream, most):
        self.stream, self.left = stream, most

    def array(self, char, shape):
        if char not in _DTYPES or not all(type(n) is int and n >= 0 for n in shape) or len(shape) > 32:
            raise ValueError(f"an array of type {char!r} and shape {shape}")
        dtype = np.dtype(char)
        size = math.prod(shape) * dtype.itemsize
        self._take(size)
        return np.frombuffer(_exactly(self.stream, size), dtype).reshape(shape).copy()

    def texts(self, items, shape):
        self._take(
            4 * len(items) * max(map(len, items), default=0)
        )  # NumPy gives each as much room as the longest
        return np.array(items, dtype=str).reshape(shape)

    def _take(self, size):
        self.left -= size
        if self.left < 0:
            raise ValueError("more bytes of arrays than are taken")


def _exactly(stream, size) -> bytes:
    parts = []
    while size:
        part = stream.read(min(size, 2**20))
        if not part:
            raise WireError("the other side stopped in the middle of a message")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
