"""Recurrent layers over whole sequences, and backpropagation through time.

Sequences are (N, T, D), batch first, as in Keras. Each forward function returns all states and a cache, which is what its
backward function wants. Gates stand in Keras's order.
"""

import numpy as np


def simple_rnn(x, h0, wx, wh, b):
    """Run h = tanh(x wx + h wh + b) along a sequence.

    Args:
        x: (N, T, D).
        h0: (N, H), the state before the first step.
        wx: (D, H).
        wh: (H, H).
        b: (H,).

    Returns:
        (hs, cache): all states, (N, T, H), and what ``simple_rnn_backward`` needs.
    """
    hs = np.empty((*x.shape[:2], wh.shape[0]), x.dtype)
    h = h0
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ wx + h @ wh + b)
        hs[:, t] = h
    return hs, (x, h0, wx, wh, hs)


def simple_rnn_backward(cache, dhs, need_dx=True):
    """Take the gradient back through time.

    Args:
        cache: of ``simple_rnn``.
        dhs: (N, T, H), the gradient that reaches each state from outside.
        need_dx: False if nobody wants dx.

    Returns:
        (dx, dwx, dwh, db): (N, T, D) or None, and the shapes of the weights.
    """
    x, h0, wx, wh, hs = cache
    dx = np.empty_like(x) if need_dx else None
    dwx, dwh, db = np.zeros_like(wx), np.zeros_like(wh), np.zeros(wh.shape[0], x.dtype)
    dh = np.zeros_like(h0)
    for t in reversed(range(x.shape[1])):
        dz = (dhs[:, t] + dh) * (1 - hs[:, t] ** 2)
        before = hs[:, t - 1] if t else h0
        dwx += x[:, t].T @ dz
        dwh += before.T @ dz
        db += dz.sum(axis=0)
        dh = dz @ wh.T
        if dx is not None:
            dx[:, t] = dz @ wx.T
    return dx, dwx, dwh, db


def lstm(x, h0, c0, wx, wh, b):
    """Run an LSTM along a sequence.

    Args:
        x: (N, T, D).
        h0: (N, H), the state before the first step.
        c0: (N, H), the cell before the first step.
        wx: (D, 4H), columns in the order i, f, c, o: input gate, forget gate, candidate, output gate.
        wh: (H, 4H), likewise.
        b: (4H,), likewise.

    Returns:
        (hs, cache): all states, (N, T, H), and what ``lstm_backward`` needs.

    c = f * c + i * g,  h = o * tanh(c),  with g = tanh(...) and i, f, o = sigmoid(...) of x wx + h wh + b
    """
    n, steps, _ = x.shape
    width = wh.shape[0]
    hs, cs = np.empty((n, steps, width), x.dtype), np.empty((n, steps, width), x.dtype)
    gates = np.empty((n, steps, 4 * width), x.dtype)
    h, c = h0, c0
    for t in range(steps):
        z = x[:, t] @ wx + h @ wh + b
        i, f, g, o = np.split(z, 4, axis=1)
        i, f, g, o = _sigmoid(i), _sigmoid(f), np.tanh(g), _sigmoid(o)
        c = f * c + i * g
        h = o * np.tanh(c)
        hs[:, t], cs[:, t] = h, c
        gates[:, t] = np.concatenate([i, f, g, o], axis=1)
    return hs, (x, h0, c0, wx, wh, hs, cs, gates)


def lstm_backward(cache, dhs, need_dx=True):
    """Take the gradient back through time.

    Args:
        cache: of ``lstm``.
        dhs: (N, T, H), the gradient that reaches each state from outside.
        need_dx: False if nobody wants dx.

    Returns:
        (dx, dwx, dwh, db): (N, T, D) or None, and the shapes of the weights.
    """
    x, h0, c0, wx, wh, hs, cs, gates = cache
    dzs = np.empty_like(gates)
    dh, dc = np.zeros_like(h0), np.zeros_like(c0)
    for t in reversed(range(x.shape[1])):
        i, f, g, o = np.split(gates[:, t], 4, axis=1)
        squashed = np.tanh(cs[:, t])
        dh = dh + dhs[:, t]
        dc = dc + dh * o * (1 - squashed**2)
        before = cs[:, t - 1] if t else c0
        parts = [dc * g * i * (1 - i), dc * before * f * (1 - f), dc * i * (1 - g**2)]
        dz = np.concatenate([*parts, dh * squashed * o * (1 - o)], axis=1)
        dzs[:, t] = dz
        dh, dc = dz @ wh.T, dc * f
    return _weights_back(x, h0, hs, wx, wh, dzs, need_dx)


def gru(x, h0, wx, wh, b):
    """Run a GRU along a sequence.

    Args:
        x: (N, T, D).
        h0: (N, H).
        wx: (D, 3H), columns in the order z, r, n: update gate, reset gate, candidate.
        wh: (H, 3H), likewise.
        b: (3H,), likewise.

    Returns:
        (hs, cache): all states, (N, T, H), and what ``gru_backward`` needs.

    n = tanh(x wxn + (r * h) whn + bn),  h = z * h + (1 - z) * n. The reset gate meets the state *before* the product, as in
    the paper (Cho et al., 2014); Keras's default, ``reset_after=True``, applies it after.
    """
    n, steps, _ = x.shape
    width = wh.shape[0]
    hs, gates = np.empty((n, steps, width), x.dtype), np.empty((n, steps, 3 * width), x.dtype)
    h = h0
    for t in range(steps):
        parts = x[:, t] @ wx + b
        zr = _sigmoid(parts[:, : 2 * width] + h @ wh[:, : 2 * width])
        z, r = zr[:, :width], zr[:, width:]
        new = np.tanh(parts[:, 2 * width :] + (r * h) @ wh[:, 2 * width :])
        h = z * h + (1 - z) * new
        hs[:, t] = h
        gates[:, t] = np.concatenate([z, r, new], axis=1)
    return hs, (x, h0, wx, wh, hs, gates)


def gru_backward(cache, dhs, need_dx=True):
    """Take the gradient back through time; arguments and results as in ``lstm_backward``."""
    x, h0, wx, wh, hs, gates = cache
    width = wh.shape[0]
    dx = np.empty_like(x) if need_dx else None
    dwx, dwh, db = np.zeros_like(wx), np.zeros_like(wh), np.zeros(3 * width, x.dtype)
    dh = np.zeros_like(h0)
    for t in reversed(range(x.shape[1])):
        z, r, new = np.split(gates[:, t], 3, axis=1)
        before = hs[:, t - 1] if t else h0
        dh = dh + dhs[:, t]
        dn = dh * (1 - z) * (1 - new**2)
        drh = dn @ wh[:, 2 * width :].T
        dzr = np.concatenate([dh * (before - new) * z * (1 - z), drh * before * r * (1 - r)], axis=1)
        dz = np.concatenate([dzr, dn], axis=1)
        dwx += x[:, t].T @ dz
        dwh[:, : 2 * width] += before.T @ dzr
        dwh[:, 2 * width :] += (r * before).T @ dn
        db += dz.sum(axis=0)
        if dx is not None:
            dx[:, t] = dz @ wx.T
        dh = dh * z + drh * r + dzr @ wh[:, : 2 * width].T
    return dx, dwx, dwh, db


def _weights_back(x, h0, hs, wx, wh, dzs, need_dx):
    """Sum over all steps at once: each weight's gradient is what went in, times what came back."""
    before = np.concatenate([h0[:, None], hs[:, :-1]], axis=1)
    flat = dzs.reshape(-1, dzs.shape[2])
    dwx = x.reshape(-1, x.shape[2]).T @ flat
    dwh = before.reshape(-1, before.shape[2]).T @ flat
    return (dzs @ wx.T if need_dx else None), dwx, dwh, flat.sum(axis=0)


def _sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * z))  # never overflows
