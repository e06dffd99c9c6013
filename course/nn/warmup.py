"""Compile every kernel once, so that the first training begins at once. ``course warmup`` shows how far it is."""

import time
from collections.abc import Iterator

import numpy as np

from course.nn import ops

GROUPS = ("dense", "convolution", "pooling", "recurrent", "losses", "updates")


def warm() -> Iterator[tuple[str, float]]:
    """Call each group of kernels on tiny arrays; yield its name and the seconds that it took."""
    for name in GROUPS:
        begun = time.perf_counter()
        globals()[f"_{name}"]()
        yield name, time.perf_counter() - begun


def _floats(*shape):
    return np.ones(shape, np.float32)


def _dense():
    for n in (2, 256):  # one thread, and two
        x, w = _floats(n, 512), _floats(512, 256)
        y = ops.dense(x, w, _floats(256), "relu")
        for activation in ("relu", "linear"):
            ops.dense_backward(x, w, y, y, activation)


def _convolution():
    for filters in (2, 8):
        x, w = _floats(2, 5, 5, 2), _floats(3, 3, 2, filters)
        y = ops.conv2d(x, w, _floats(filters))
        ops.conv2d_backward(x, w, y, y)


def _pooling():
    x = _floats(1, 5, 5, 2)
    for strides in ((2, 2), (1, 1)):
        y = ops.maxpool2d(x, (2, 2), strides)
        ops.maxpool2d_backward(x, y, y, (2, 2), strides)


def _recurrent():
    _, cache = ops.lstm(
        _floats(2, 2, 3), _floats(2, 8), _floats(2, 8), _floats(3, 32), _floats(8, 32), _floats(32)
    )
    ops.lstm_backward(cache, _floats(2, 2, 8))


def _losses():
    ops.sparse_softmax_cross_entropy(_floats(2, 3), np.array([0, 1]))
    ops.sigmoid_cross_entropy(_floats(2, 3), _floats(2, 3))


def _updates():
    for size in (10, 1_000_000):
        a, b, c, d = (_floats(size) for _ in range(4))
        ops.adam(a, b, c, d, 1, 0.1)
    ops.rmsprop(a, b, c, 0.1)
    ops.sgd(a, b, c, 0.1, 0.9)
