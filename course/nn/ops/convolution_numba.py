"""Kernels of ``conv2d``: each row of the output is a few tiles, straight from the image. No copy of its windows is made.

A line of a window is kw * C numbers that lie side by side in memory, and the next pixel's window begins sh * C numbers
further on: so a row of pixels times the kernels is one call of ``tile`` (see ``gemm_numba``) for every 14 pixels. The two
backward passes are the same call with other strides:

- the kernels' gradient: its rows are the kw * C places of a window's line, and the sum runs over all output pixels;
- the image's gradient: a convolution of the output's gradient, with zeros around (and between, for strides), by the kernels
  turned by half a turn.
"""

import numpy as np
from numba import prange

from course.nn.ops.convolution import _pads, output_size
from course.nn.ops.gemm_numba import LANES, ROWS, TILES, WIDTH, packed, tile
from course.nn.ops.jit import LOCK, compiled, filled, threads

FEW = 4  # filters: a tile would be nearly empty, so these are done by scalar products along the lines of windows


def conv2d(x, w, b=None, strides=(1, 1), padding="valid", activation="linear", out=None):
    """See ``convolution.conv2d``."""
    kh, kw, _, filters = w.shape
    sizes = [output_size(x.shape[1 + i], w.shape[i], strides[i], padding) for i in (0, 1)]
    y = filled(out, (x.shape[0], *sizes, filters))
    bias = np.zeros(filters, np.float32) if b is None else b
    with LOCK:
        padded = _padded(x, _pads(x.shape, (kh, kw), strides, padding))
        if filters <= FEW:
            flat = padded.reshape(*padded.shape[:2], -1)
            _few(y, flat, _lines(w), bias, strides[0], strides[1] * x.shape[3], activation == "relu")
            return y
        panels = packed(w.reshape(-1, filters))
        _forward(
            TILES,
            y,
            padded,
            panels,
            bias,
            kh,
            kw,
            strides[0],
            strides[1],
            activation == "relu",
            min(threads(), len(x)),
        )
    return y


def conv2d_backward(
    x,
    w,
    y,
    dy,
    strides=(1, 1),
    padding="valid",
    activation="linear",
    need_dx=True,
    dw=None,
    db=None,
    out=None,
):
    """See ``convolution.conv2d_backward``."""
    kh, kw, channels, filters = w.shape
    dw = np.empty_like(w) if dw is None else dw
    db = np.empty(filters, np.float32) if db is None else db
    pads = _pads(x.shape, (kh, kw), strides, padding)
    with LOCK:
        padded = _padded(x, pads)
        said = y if activation == "relu" else dy  # not looked at unless relu
        if filters <= FEW:
            dws = np.zeros((min(threads(), len(x)), filters, kh, kw * channels), np.float32)
            dbs = np.zeros((len(dws), filters), np.float32)
            dx = np.zeros(padded.shape if need_dx else (0, 0, 0, 0), np.float32)
            flat = padded.reshape(*padded.shape[:2], -1)
            dflat = dx.reshape(flat.shape) if need_dx else np.empty((0, 0, 0), np.float32)
            relu, across = activation == "relu", strides[1] * channels
            _few_back(dflat, dws, dbs, flat, said, dy, _lines(w), strides[0], across, relu, need_dx)
            dw[...] = dws.sum(axis=0).reshape(filters, kh, kw, channels).transpose(1, 2, 3, 0)
            db[...] = dbs.sum(axis=0)
            return (_cut(dx, x, pads) if need_dx else None), dw, db
        turned = packed(np.ascontiguousarray(w[::-1, ::-1].swapaxes(2, 3)).reshape(-1, channels))
        dx = filled(out if padded is x else None, padded.shape if need_dx else (0, 0, 0, 0))
        parts = min(threads(), len(x))
        panels = -(-filters // WIDTH)
        dws = np.zeros((parts, kh * kw * channels, panels * WIDTH), np.float32)
        dbs = np.zeros((parts, panels * WIDTH), np.float32)
        relu = activation == "relu"
        _backward(
            TILES, dx, dws, dbs, padded, said, dy, turned, kh, kw, strides[0], strides[1], relu, need_dx
        )
        dw[...] = dws.sum(axis=0)[:, :filters].reshape(w.shape)
        db[...] = dbs.sum(axis=0)[:filters]
    return (_cut(dx, x, pads) if need_dx else None), dw, db


def _cut(dx, x, pads):
    """Return the gradient without that of the zeros around the image."""
    (top, bottom), (left, right) = pads
    if not (top or bottom or left or right):
        return dx
    return np.ascontiguousarray(dx[:, top : top + x.shape[1], left : left + x.shape[2]])


def _lines(w):
    """Return the kernels as lines of windows, (F, KH, KW*C)."""
    return np.ascontiguousarray(w.transpose(3, 0, 1, 2)).reshape(w.shape[3], w.shape[0], -1)


def _padded(x, pads):
    return np.pad(x, ((0, 0), *pads, (0, 0))) if any(map(any, pads)) else x


@compiled()
def _line(tiles, place, ldc, start, step, line, panel, pixels, kh, length, scratch, width):
    """Compute a row of ``pixels`` outputs of one panel; the addresses as in ``tile``."""
    chunks = (pixels + ROWS - 1) // ROWS
    for chunk in range(chunks):
        first = chunk * pixels // chunks
        rows = (chunk + 1) * pixels // chunks - first
        a = start + first * step
        kind = rows if width > LANES else rows + ROWS
        if width in (WIDTH, LANES):
            tile(tiles, kind, place + first * ldc, ldc, a, step, line, 4, panel, kh, length, 0)
        else:  # the last panel is wider than what is left: by way of a scratch, rows one after the other
            way = scratch.ctypes.data + first * 4 * WIDTH
            tile(tiles, kind, way, 4 * WIDTH, a, step, line, 4, panel, kh, length, 0)


@compiled()
def _forward_part(tiles, y, x, panels, b, kh, kw, sh, sw, relu, begin, end):
    _, _, w, c = x.shape
    _, oh, ow, f = y.shape
    scratch = np.empty((ow, WIDTH), np.float32)
    for i in range(begin, end):
        for p in range(panels.shape[0]):
            left = p * WIDTH
            width = min(WIDTH, f - left)
            for r in range(oh):
                place = y[i, r, 0, left:].ctypes.data
                start = x[i, r * sh].ctypes.data
                panel = panels[p].ctypes.data
                _line(
                    tiles, place, 4 * f, start, 4 * c * sw, 4 * w * c, panel, ow, kh, kw * c, scratch, width
                )
                if width != WIDTH and width != LANES:
                    for q in range(ow):
                        for j in range(width):
                            y[i, r, q, left + j] = scratch[q, j]
        for r in range(oh):
            for q in range(ow):
                pixel = y[i, r, q]
                for j in range(f):
                    z = pixel[j] + b[j]
                    pixel[j] = max(z, np.float32(0)) if relu else z


@compiled(parallel=True)
def _forward(tiles, y, x, panels, b, kh, kw, sh, sw, relu, parts):
    n = len(y)
    for part in prange(parts):
        _forward_part(
            tiles, y, x, panels, b, kh, kw, sh, sw, relu, part * n // parts, (part + 1) * n // parts
        )


@compiled()
def _prepare(around, flat, total, y, dy, top, left, sh, sw, relu, need_dx):
    """Spread one image's gradient: cut by relu, into panels, summed, and with zeros around it."""
    oh, ow, f = dy.shape
    row = np.zeros(flat.shape[0] * WIDTH, np.float32)
    for r in range(oh):
        for q in range(ow):
            pixel, said = dy[r, q], y[r, q]
            for j in range(f):
                value = pixel[j]
                if relu:
                    value = value if said[j] > 0 else np.float32(0)
                row[j] = value
                total[j] += value
            for p in range(flat.shape[0]):
                panel, part = flat[p, r * ow + q], row[p * WIDTH :]
                for j in range(WIDTH):
                    panel[j] = part[j]
            if need_dx:
                target = around[top + r * sh, left + q * sw]
                for j in range(f):
                    target[j] = row[j]


@compiled()
def _backward_part(tiles, dx, dw, db, x, y, dy, turned, kh, kw, sh, sw, relu, need_dx, begin, end):
    h, w = x.shape[1], x.shape[2]
    _, oh, ow, f = dy.shape
    flat = np.zeros((dw.shape[1] // WIDTH, oh * ow, WIDTH), np.float32)
    around = np.zeros((h + kh - 1, w + kw - 1, f), np.float32)
    scratch = np.empty((w, WIDTH), np.float32)
    for i in range(begin, end):
        _prepare(around, flat, db, y[i], dy[i], kh - 1, kw - 1, sh, sw, relu, need_dx)
        _kernels_back(tiles, dw, x[i], flat, f, kh, kw, sh, sw, oh, ow)
        if need_dx:
            _image_back(tiles, dx[i], around, turned, kh, kw, scratch)


@compiled(parallel=True)
def _backward(tiles, dx, dws, dbs, x, y, dy, turned, kh, kw, sh, sw, relu, need_dx):
    n, parts = len(dy), len(dws)
    for part in prange(parts):
        begin, end = part * n // parts, (part + 1) * n // parts
        _backward_part(
            tiles, dx, dws[part], dbs[part], x, y, dy, turned, kh, kw, sh, sw, relu, need_dx, begin, end
        )


@compiled()
def _kernels_back(tiles, dw, x, flat, filters, kh, kw, sh, sw, oh, ow):
    """Add one image's part to the kernels' gradient, (KH*KW*C, panels*WIDTH)."""
    w, c = x.shape[1], x.shape[2]
    line = kw * c
    ldc = 4 * dw.shape[1]
    chunks = (line + ROWS - 1) // ROWS
    for k in range(kh):
        for p in range(flat.shape[0]):
            panel = flat[p].ctypes.data
            for chunk in range(chunks):
                first = chunk * line // chunks
                rows = (chunk + 1) * line // chunks - first
                place = dw[k * line + first, p * WIDTH :].ctypes.data
                start = x[k].ctypes.data + 4 * first
                kind = rows if filters - p * WIDTH > LANES else rows + ROWS
                tile(tiles, kind, place, ldc, start, 4, 4 * w * c * sh, 4 * c * sw, panel, oh, ow, 1)


@compiled()
def _image_back(tiles, dx, around, turned, kh, kw, scratch):
    """Compute one image's gradient: a convolution of what is around, by the turned kernels."""
    h, w, c = dx.shape
    wide, f = around.shape[1], around.shape[2]
    for p in range(turned.shape[0]):
        left = p * WIDTH
        width = min(WIDTH, c - left)
        for r in range(h):
            place = dx[r, 0, left:].ctypes.data
            start = around[r].ctypes.data
            _line(
                tiles,
                place,
                4 * c,
                start,
                4 * f,
                4 * wide * f,
                turned[p].ctypes.data,
                w,
                kh,
                kw * f,
                scratch,
                width,
            )
            if width != WIDTH and width != LANES:
                for q in range(w):
                    for j in range(width):
                        dx[r, q, left + j] = scratch[q, j]


@compiled(parallel=True)
def _few(y, x, lines, b, down, across, relu):
    """x is (N, H, W*C); ``across`` is from one window to the next, in numbers."""
    n, oh, ow, f = y.shape
    kh, length = lines.shape[1], lines.shape[2]
    for i in prange(n):
        for r in range(oh):
            for q in range(ow):
                for k in range(f):
                    total = np.float32(0)
                    for line in range(kh):
                        window = x[i, r * down + line, q * across :]
                        weights = lines[k, line]
                        for j in range(length):
                            total += window[j] * weights[j]
                    z = total + b[k]
                    y[i, r, q, k] = max(z, np.float32(0)) if relu else z


@compiled(parallel=True)
def _few_back(dx, dws, dbs, x, y, dy, lines, down, across, relu, need_dx):
    n, oh, ow, f = dy.shape
    kh, length = lines.shape[1], lines.shape[2]
    parts = dws.shape[0]
    for part in prange(parts):
        for i in range(part * n // parts, (part + 1) * n // parts):
            for r in range(oh):
                for q in range(ow):
                    for k in range(f):
                        slope = dy[i, r, q, k]
                        if relu:
                            slope = slope if y[i, r, q, k] > 0 else np.float32(0)
                        dbs[part, k] += slope
                        for line in range(kh):
                            window = x[i, r * down + line, q * across :]
                            total, weights = dws[part, k, line], lines[k, line]
                            for j in range(length):
                                total[j] += slope * window[j]
                            if need_dx:
                                target = dx[i, r * down + line, q * across :]
                                for j in range(length):
                                    target[j] += slope * weights[j]
