"""Kernels of ``dense``: the tiles of ``gemm_numba``, rows shared out over the threads, biases and relu on the way."""

import numpy as np
from numba import prange

from course.nn.ops.gemm_numba import TILES, WIDTH, outer, packed, packed_transposed, product
from course.nn.ops.jit import LOCK, compiled, filled, floor_of, threads

_ALONE = 30_000_000  # multiplications that one thread does sooner than two could be called


def dense(x, w, b=None, activation="linear", out=None):
    """See ``dense.dense``."""
    if x.ndim != 2:
        return NotImplemented
    y = filled(out, (x.shape[0], w.shape[1]))
    bias = np.zeros(w.shape[1], np.float32) if b is None else b
    with LOCK:
        parts = _parts(x.shape[0], x.size * w.shape[1])
        if parts == 1:
            forward(TILES, y, x, packed(w), bias, activation == "relu", 0, len(y))
        else:
            _forward_shared(TILES, y, x, packed(w), bias, activation == "relu", parts)
    return y


def dense_backward(x, w, y, dy, activation="linear", need_dx=True, dw=None, db=None, out=None):
    """See ``dense.dense_backward``."""
    if x.ndim != 2:
        return NotImplemented
    dw = np.empty_like(w) if dw is None else dw
    db = np.empty(w.shape[1], np.float32) if db is None else db
    with LOCK:
        dz = dy
        if activation == "relu":
            dz = np.empty_like(dy)
            _cut(dz, y, dy)
        _sum_rows(db, dz)
        work = x.size * w.shape[1]
        outer(dw, x, dz, _parts(-(-w.shape[1] // WIDTH), work))
        dx = times_transposed(dz, w, out) if need_dx else None
    return dx, dw, db


def times_transposed(dz, w, out=None):
    """Return dz @ w.T, for dz (N, K) and w (D, K)."""
    dx = filled(out, (dz.shape[0], w.shape[0]))
    panels, parts = packed_transposed(w), _parts(dz.shape[0], dz.size * w.shape[0])
    if parts == 1:
        product(TILES, dx, dz.ctypes.data, 4 * dz.shape[1], 4, panels, 0, len(dz), w.shape[0], 0)
    else:
        _product_shared(TILES, dx, dz, panels, parts)
    return dx


@compiled(parallel=True)
def _product_shared(tiles, c, a, panels, parts):
    m = c.shape[0]
    for part in prange(parts):
        first, last = part * m // parts, (part + 1) * m // parts
        product(tiles, c, a.ctypes.data, 4 * a.shape[1], 4, panels, first, last, c.shape[1], 0)


def _parts(rows: int, work: int) -> int:
    """Return over how many threads to share the rows of a product."""
    return 1 if work < _ALONE else min(threads(), rows)


@compiled()
def forward(tiles, y, x, panels, b, relu, first, last):
    """Rows ``first`` to ``last`` of activation(x @ w + b)."""
    n, floor = y.shape[1], floor_of(relu)
    product(tiles, y, x.ctypes.data, 4 * x.shape[1], 4, panels, first, last, n, 0)
    for i in range(first, last):
        for j in range(n):
            z = y[i, j] + b[j]
            y[i, j] = max(z, floor)


@compiled(parallel=True)
def _forward_shared(tiles, y, x, panels, b, relu, parts):
    m = y.shape[0]
    for part in prange(parts):
        forward(tiles, y, x, panels, b, relu, part * m // parts, (part + 1) * m // parts)


@compiled()
def _cut(dz, y, dy):
    for i in range(dy.shape[0]):
        for j in range(dy.shape[1]):
            dz[i, j] = dy[i, j] if y[i, j] > 0 else np.float32(0)


@compiled()
def _sum_rows(total, rows):
    total[:] = 0
    for i in range(rows.shape[0]):
        for j in range(rows.shape[1]):
            total[j] += rows[i, j]
