"""Compile every kernel once, so that the first training begins at once. ``course warmup`` shows how far it is."""

import time
from collections.abc import Iterator

import numpy as np

from course.nn import ops

_OTHERS = "the rest"


def kernels() -> list[str]:
    """Return the names of what `warm` compiles, in its order."""
    from course.nn.ops import table_numba

    return [*table_numba.names(), _OTHERS]


def warm() -> Iterator[tuple[str, float]]:
    """Compile one kernel after the other; yield its name and the seconds that it took."""
    from course.nn.ops import table_numba

    for name in kernels():
        begun = time.perf_counter()
        if name == _OTHERS:
            _call_others()
        else:
            table_numba.address(name)
        yield name, time.perf_counter() - begun


def _call_others() -> None:
    """Call what is no task, on tiny arrays."""
    from course.nn.ops import pool_numba

    def floats(*shape):
        return np.ones(shape, np.float32)

    x, w = floats(3, 4), floats(4, 5)
    ops.dense_backward(x, w, floats(3, 5), floats(3, 5))
    pool_numba.call("clear", 2, np.zeros(2, np.float32), 1, parts=2)  # two threads
    x = floats(1, 5, 5, 2)
    ops.maxpool2d_backward(x, floats(1, 4, 4, 2), floats(1, 4, 4, 2), (2, 2), (1, 1))
    a, b, c = floats(10), floats(10), floats(10)
    ops.rmsprop(a, b, c, 0.1)
    ops.sgd(a, b, c, 0.1, 0.9)
