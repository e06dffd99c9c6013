"""Kernels of the LSTM. The batch is cut in as many parts as there are threads, and each thread takes its part through all
of time: nobody waits for anybody between two steps. Inside, sequences are (T, N, D), so that a step is one block of memory.
"""

import numpy as np
from numba import prange

from course.nn.ops.dense_numba import dense, times_transposed
from course.nn.ops.functions_numba import sigmoid as _sigmoid
from course.nn.ops.functions_numba import tanh as _tanh
from course.nn.ops.gemm_numba import TILES, WIDTH, outer, packed, packed_transposed, product
from course.nn.ops.jit import LOCK, compiled, threads


def lstm(x, h0, c0, wx, wh, b):
    """See ``recurrent.lstm``."""
    n, steps, features = x.shape
    width = wh.shape[0]
    xs = np.ascontiguousarray(x.swapaxes(0, 1)).reshape(steps * n, features)
    with LOCK:
        gates = dense(xs, wx, b).reshape(steps, n, 4 * width)
        hs, cs = np.empty((steps, n, width), np.float32), np.empty((steps, n, width), np.float32)
        _forward(TILES, gates, hs, cs, h0, c0, packed(wh), min(threads(), n))
    return np.ascontiguousarray(hs.swapaxes(0, 1)), (xs, h0, c0, wx, wh, hs, cs, gates)


def lstm_backward(cache, dhs, need_dx=True):
    """See ``recurrent.lstm_backward``."""
    xs, h0, c0, wx, wh, hs, cs, gates = cache
    steps, n, width = hs.shape
    with LOCK:
        dzs = np.empty_like(gates)
        upstream = np.ascontiguousarray(dhs.swapaxes(0, 1))
        dh, dc = np.zeros_like(h0), np.zeros_like(c0)
        _backward(TILES, dzs, upstream, gates, cs, c0, packed_transposed(wh), dh, dc, min(threads(), n))
        flat = dzs.reshape(steps * n, 4 * width)
        before = np.concatenate([h0[None], hs[:-1]]).reshape(steps * n, width)
        dwx, dwh = np.empty_like(wx), np.empty_like(wh)
        parts = min(threads(), -(-4 * width // WIDTH))
        outer(dwx, xs, flat, parts)
        outer(dwh, before, flat, parts)
        db = flat.sum(axis=0)
        dx = None
        if need_dx:
            dx = times_transposed(flat, wx).reshape(steps, n, -1)
            dx = np.ascontiguousarray(dx.swapaxes(0, 1))
    return dx, dwx, dwh, db


@compiled()
def _quarters(row, width):
    """Return the four gates of a row, views that a loop can run through without asking where they begin."""
    return row[:width], row[width : 2 * width], row[2 * width : 3 * width], row[3 * width :]


@compiled()
def _forward_part(tiles, gates, hs, cs, h0, c0, panels, first, last):
    steps, _, width = hs.shape
    for t in range(steps):
        h = hs[t - 1] if t > 0 else h0
        c = cs[t - 1] if t > 0 else c0
        product(tiles, gates[t], h.ctypes.data, 4 * width, 4, panels, first, last, 4 * width, 1)
        for row in range(first, last):
            zi, zf, zg, zo = _quarters(gates[t, row], width)
            new, cell, old = hs[t, row], cs[t, row], c[row]
            for j in range(width):
                i, f, g, o = _sigmoid(zi[j]), _sigmoid(zf[j]), _tanh(zg[j]), _sigmoid(zo[j])
                value = f * old[j] + i * g
                zi[j], zf[j], zg[j], zo[j] = i, f, g, o
                cell[j] = value
                new[j] = o * _tanh(value)


@compiled(parallel=True)
def _forward(tiles, gates, hs, cs, h0, c0, panels, parts):
    n = hs.shape[1]
    for part in prange(parts):
        _forward_part(tiles, gates, hs, cs, h0, c0, panels, part * n // parts, (part + 1) * n // parts)


@compiled()
def _backward_part(tiles, dzs, dhs, gates, cs, c0, panels, dh, dc, first, last):
    steps, _, width = cs.shape
    one = np.float32(1)
    for t in range(steps - 1, -1, -1):
        before = cs[t - 1] if t > 0 else c0
        for row in range(first, last):
            zi, zf, zg, zo = _quarters(gates[t, row], width)
            di, df, dg, do = _quarters(dzs[t, row], width)
            cell, old, up, back, carried = cs[t, row], before[row], dhs[t, row], dh[row], dc[row]
            for j in range(width):
                i, f, g, o = zi[j], zf[j], zg[j], zo[j]
                squashed = _tanh(cell[j])
                reaches = back[j] + up[j]
                into = carried[j] + reaches * o * (one - squashed * squashed)
                di[j] = into * g * i * (one - i)
                df[j] = into * old[j] * f * (one - f)
                dg[j] = into * i * (one - g * g)
                do[j] = reaches * squashed * o * (one - o)
                carried[j] = into * f
        product(tiles, dh, dzs[t].ctypes.data, 16 * width, 4, panels, first, last, width, 0)


@compiled(parallel=True)
def _backward(tiles, dzs, dhs, gates, cs, c0, panels, dh, dc, parts):
    n = cs.shape[1]
    for part in prange(parts):
        first, last = part * n // parts, (part + 1) * n // parts
        _backward_part(tiles, dzs, dhs, gates, cs, c0, panels, dh, dc, first, last)
