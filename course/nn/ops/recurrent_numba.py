"""Kernels of the LSTM. The batch is cut in as many parts as there are threads, and each thread takes its part through all
of time: nobody waits for anybody between two steps. Inside, sequences are (T, N, D), so that a step
is one block of memory.
"""

import numpy as np

from course.nn.ops.functions_numba import sigmoid as _sigmoid
from course.nn.ops.functions_numba import tanh as _tanh
from course.nn.ops.gemm_numba import TILES, packed, packed_transposed, product
from course.nn.ops.jit import compiled
from course.nn.ops.pool_numba import call, call_blocks, shares


def lstm(x, h0, c0, wx, wh, b, out=None):
    """See ``recurrent.lstm``. ``out`` is a dict in which the arrays of the last call are kept for the next one."""
    n, steps, features = x.shape
    width = wh.shape[0]
    room = _room({} if out is None else out)
    xs = _time_first(x, room("xs", (steps, n, features)))
    gates = room("gates", (steps, n, 4 * width))
    hs, cs = room("hs", (steps, n, width)), room("cs", (steps, n, width))
    arrays = gates, xs, hs, cs, h0, c0, b, packed(wx), packed(wh)
    call("lstm", n, TILES, *arrays, n, steps, features, width, parts=shares(n, xs.size * wx.shape[1]))
    return _time_first(hs, room("y", (n, steps, width))), (xs, h0, c0, wx, wh, hs, cs, gates)


def lstm_backward(cache, dhs, need_dx=True, out=None):
    """See ``recurrent.lstm_backward``; ``out`` as in ``lstm``."""
    xs, h0, c0, wx, wh, hs, cs, gates = cache
    steps, n, width = hs.shape
    features, parts = xs.shape[2], shares(n, xs.size * wx.shape[1])
    room = _room({} if out is None else out)
    dzs, upstream = room("dzs", gates.shape), _time_first(dhs, room("upstream", hs.shape))
    states = np.empty_like(h0), np.empty_like(c0)
    x_panels, dx = (packed_transposed(wx), room("dx", xs.shape)) if need_dx else (0, 0)
    arrays = dzs, upstream, gates, cs, c0, x_panels, packed_transposed(wh), dx, *states
    call("lstm_back", n, TILES, *arrays, n, steps, features, width, parts=parts)
    before = room("before", hs.shape)
    before[0], before[1:] = h0, hs[:-1]
    dwx, dwh, db = np.empty_like(wx), np.empty_like(wh), np.empty(4 * width, np.float32)
    call_blocks("outer", parts, TILES, dwx, xs, dzs, steps * n, features, 4 * width)
    call_blocks("outer", parts, TILES, dwh, before, dzs, steps * n, width, 4 * width)
    call_blocks("total", parts, db, dzs, steps * n, 1, 4 * width, 4 * width)
    return (_time_first(dx, room("dx, batch first", (n, steps, features))) if need_dx else None), dwx, dwh, db


def _room(kept: dict):
    """Return ``room(name, shape)``: an array from ``kept`` if one of that shape is there, else a new one."""

    def room(name, shape):
        if name not in kept or kept[name].shape != shape:
            kept[name] = np.empty(shape, np.float32)
        return kept[name]

    return room


def _time_first(x, target):
    """Copy (N, T, D) into (T, N, D), or back."""
    target[...] = x.swapaxes(0, 1)
    return target


@compiled()
def _quarters(row, width):
    """Return the four gates of a row, views that a loop can run through without asking where they begin."""
    return row[:width], row[width : 2 * width], row[2 * width : 3 * width], row[3 * width :]


@compiled()
def forward(tiles, gates, xs, hs, cs, h0, c0, b, x_panels, panels, first, last):
    """Take rows ``first`` to ``last`` of the batch through all steps."""
    steps, _, width = hs.shape
    features = xs.shape[2]
    for t in range(steps):
        h = hs[t - 1] if t > 0 else h0
        c = cs[t - 1] if t > 0 else c0
        for row in range(first, last):
            scores = gates[t, row]
            for j in range(b.size):
                scores[j] = b[j]
        product(tiles, gates[t], xs[t].ctypes.data, 4 * features, 4, x_panels, first, last, 4 * width, 1)
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


@compiled()
def backward(tiles, dzs, dhs, gates, cs, c0, x_panels, panels, dx, dh, dc, first, last):
    """Take the gradients of rows ``first`` to ``last`` of the batch back through all steps."""
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
        if len(dx):
            product(tiles, dx[t], dzs[t].ctypes.data, 16 * width, 4, x_panels, first, last, dx.shape[2], 0)
