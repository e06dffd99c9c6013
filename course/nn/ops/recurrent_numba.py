"""Kernels of the LSTM. The batch is cut in as many parts as there are threads, and each thread takes its part through all
of time: nobody waits for anybody between two steps. Waking a thread costs as much as a hundred thousand multiplications,
so a layer wakes them once on the way forwards, and twice on the way back. Inside, sequences are (T, N, D), so that a step
is one block of memory.
"""

import numpy as np
from numba import prange

from course.nn.ops.functions_numba import sigmoid as _sigmoid
from course.nn.ops.functions_numba import tanh as _tanh
from course.nn.ops.gemm_numba import TILES, WIDTH, outer_part, packed, packed_transposed, product
from course.nn.ops.jit import LOCK, compiled, threads


def lstm(x, h0, c0, wx, wh, b, out=None):
    """See ``recurrent.lstm``. ``out`` is a dict in which the arrays of the last call are kept for the next one."""
    n, steps, features = x.shape
    width = wh.shape[0]
    room = _room({} if out is None else out)
    xs = _time_first(x, room("xs", (steps, n, features)))
    with LOCK:
        gates = room("gates", (steps, n, 4 * width))
        hs, cs = room("hs", (steps, n, width)), room("cs", (steps, n, width))
        _forward_shared(TILES, gates, xs, hs, cs, h0, c0, b, packed(wx), packed(wh), min(threads(), n))
    return _time_first(hs, room("y", (n, steps, width))), (xs, h0, c0, wx, wh, hs, cs, gates)


def lstm_backward(cache, dhs, need_dx=True, out=None):
    """See ``recurrent.lstm_backward``; ``out`` as in ``lstm``."""
    xs, h0, c0, wx, wh, hs, cs, gates = cache
    steps, n, width = hs.shape
    room = _room({} if out is None else out)
    with LOCK:
        dzs = room("dzs", gates.shape)
        upstream = _time_first(dhs, room("upstream", hs.shape))
        dh, dc = np.zeros_like(h0), np.zeros_like(c0)
        dx = room("dx", xs.shape if need_dx else (0, 0, 0))
        panels = packed_transposed(wx) if need_dx else np.empty((0, 0, WIDTH), np.float32)
        back = packed_transposed(wh)
        _backward_shared(TILES, dzs, upstream, gates, cs, c0, panels, back, dx, dh, dc, min(threads(), n))
        flat = dzs.reshape(steps * n, 4 * width)
        before = room("before", hs.shape)
        before[0], before[1:] = h0, hs[:-1]
        before = before.reshape(steps * n, width)
        dwx, dwh = np.empty_like(wx), np.empty_like(wh)
        parts = min(threads(), -(-4 * width // WIDTH))
        _outer_both(TILES, dwx, xs.reshape(steps * n, -1), dwh, before, flat, parts)
        db = flat.sum(axis=0)
        dx = _time_first(dx, room("dx, batch first", (n, steps, xs.shape[2]))) if need_dx else None
    return dx, dwx, dwh, db


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


@compiled(parallel=True)
def _forward_shared(tiles, gates, xs, hs, cs, h0, c0, b, x_panels, panels, parts):
    n = hs.shape[1]
    for part in prange(parts):
        first, last = part * n // parts, (part + 1) * n // parts
        forward(tiles, gates, xs, hs, cs, h0, c0, b, x_panels, panels, first, last)


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


@compiled(parallel=True)
def _backward_shared(tiles, dzs, dhs, gates, cs, c0, x_panels, panels, dx, dh, dc, parts):
    n = cs.shape[1]
    for part in prange(parts):
        first, last = part * n // parts, (part + 1) * n // parts
        backward(tiles, dzs, dhs, gates, cs, c0, x_panels, panels, dx, dh, dc, first, last)


@compiled(parallel=True)
def _outer_both(tiles, dwx, xs, dwh, hs, dzs, parts):
    panels = (dzs.shape[1] + WIDTH - 1) // WIDTH
    for part in prange(parts):
        first, last = part * panels // parts, (part + 1) * panels // parts
        outer_part(tiles, dwx, xs, dzs, 0, dwx.shape[0], first, last)
        outer_part(tiles, dwh, hs, dzs, 0, dwh.shape[0], first, last)
