"""Kernels of ``dense``: the tiles of ``gemm_numba``, rows shared out over the threads, biases and relu on the way."""

import numpy as np

from course.nn.ops.gemm_numba import TILES, packed, packed_transposed, product
from course.nn.ops.jit import compiled, filled, floor_of
from course.nn.ops.pool_numba import call, call_blocks, shares


def dense(x, w, b=None, activation="linear", out=None):
    """See ``dense.dense``."""
    if x.ndim != 2:
        return NotImplemented
    (n, d), k = x.shape, w.shape[1]
    y = filled(out, (n, k))
    bias = np.zeros(k, np.float32) if b is None else b
    call("dense", n, TILES, y, x, packed(w), bias, n, d, k, activation == "relu", parts=shares(n, n * d * k))
    return y


def dense_backward(x, w, y, dy, activation="linear", need_dx=True, dw=None, db=None, out=None):
    """See ``dense.dense_backward``."""
    if x.ndim != 2:
        return NotImplemented
    (n, d), k = x.shape, w.shape[1]
    dw = np.empty_like(w) if dw is None else dw
    db = np.empty(k, np.float32) if db is None else db
    relu, parts = activation == "relu", shares(n, n * d * k)
    dz = dy.copy() if relu else dy
    dx = filled(out, x.shape) if need_dx else None
    if relu or need_dx:
        panels = packed_transposed(w) if need_dx else 0
        said = y if relu else 0
        call("dense_back", n, TILES, dx if need_dx else 0, dz, said, panels, n, d, k, relu, parts=parts)
    call_blocks("outer", parts, TILES, dw, x, dz, n, d, k)
    call_blocks("total", 1, db, dz, n, 1, k, k)
    return dx, dw, db


@compiled()
def forward(tiles, y, x, panels, b, relu, first, last):
    """Rows ``first`` to ``last`` of activation(x @ w + b)."""
    n, floor = y.shape[1], floor_of(relu)
    product(tiles, y, x.ctypes.data, 4 * x.shape[1], 4, panels, first, last, n, 0)
    for i in range(first, last):
        for j in range(n):
            z = y[i, j] + b[j]
            y[i, j] = max(z, floor)
