"""Kernels of ``conv2d``: each row of the output is a few tiles, straight from the image. No copy of its windows is made.

A line of a window is kw * C numbers that lie side by side in memory, and the next pixel's window begins sh * C numbers
further on: so a row of pixels times the kernels is one call of ``tile`` (see ``gemm_numba``) for every 14 pixels. The two
backward passes are the same call with other strides:

- the kernels' gradient: its rows are the kw * C places of a window's line, and the sum runs over all output pixels;
- the image's gradient: a convolution of the output's gradient, with zeros around (and between, for strides), by the kernels
  turned by half a turn.

The zeros around an image (``padding="same"``) are those of one scratch image, into which each image is copied in its turn.
Inside, images are (N, H, W*C), so that a line of one is a row. A *window*, in what follows, is the tuple of numbers that `window` makes: the sizes of kernel, steps and zeros.
"""

import numpy as np

from course.nn.ops.convolution import _pads
from course.nn.ops.gemm_numba import LANES, ROWS, TILES, WIDTH, packed, tile
from course.nn.ops.jit import compiled, filled, floor_of, scratch
from course.nn.ops.pool_numba import call, shares

FEW = 4  # filters: a tile would be nearly empty, so these are done by scalar products along the lines of windows


def window(shape, kernel, strides, padding):
    """Return the numbers that place windows: (KH, KW, down, across, zeros above, zeros on the left, H, W with zeros).

    Args:
        shape: of the images, (N, H, W, C).
        kernel: (KH, KW, C, F).
        strides: as in ``conv2d``; likewise ``padding``.
        padding: see there.
    """
    (top, bottom), (left, right) = _pads(shape, kernel[:2], strides, padding)
    high, wide = shape[1] + top + bottom, shape[2] + left + right
    return (*kernel[:2], *map(int, strides), top, left, high, wide)


def conv2d(x, w, b=None, strides=(1, 1), padding="valid", activation="linear", out=None):
    """See ``convolution.conv2d``."""
    filters = w.shape[3]
    view = window(x.shape, w.shape, strides, padding)
    y = filled(out, (len(x), (view[6] - view[0]) // view[2] + 1, (view[7] - view[1]) // view[3] + 1, filters))
    bias = np.zeros(filters, np.float32) if b is None else b
    task, first, kernels = (
        ("few", lines(w), 0) if filters <= FEW else ("conv", TILES, packed(w.reshape(-1, filters)))
    )
    sizes = activation == "relu", *x.shape, *y.shape[1:], *view
    call(task, len(x), first, y, x, kernels, bias, *sizes, parts=shares(len(x), y.size * w[..., 0].size))
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
    n, filters = len(x), w.shape[3]
    dw = np.empty_like(w) if dw is None else dw
    db = np.empty(filters, np.float32) if db is None else db
    dx = filled(out, x.shape) if need_dx else None
    relu, few, parts = activation == "relu", filters <= FEW, shares(n, dy.size * w[..., 0].size)
    across = filters if few else -(-filters // WIDTH) * WIDTH
    dws, dbs = np.zeros((parts, w[..., 0].size * across), np.float32), np.zeros((parts, across), np.float32)
    said = y if relu else dy  # not looked at unless relu
    turned = packed_turned(w) if need_dx and not few else 0
    place = (lines(w) if few else TILES), dx if need_dx else 0, dws, dbs, x, said, dy, turned, relu
    sizes = *x.shape, *dy.shape[1:], *window(x.shape, w.shape, strides, padding)
    call("few_back" if few else "conv_back", n, *place, *sizes, parts=parts)
    total = dws.sum(axis=0)
    dw[...] = (total.reshape(filters, -1).T if few else total.reshape(-1, across)[:, :filters]).reshape(
        w.shape
    )
    db[...] = dbs.sum(axis=0)[:filters]
    return dx, dw, db


def packed_turned(w):
    """Return the kernels, (KH, KW, C, F), turned by half a turn and packed, for the way back to the image."""
    turned = np.ascontiguousarray(w[::-1, ::-1].swapaxes(2, 3))
    return packed(turned.reshape(-1, w.shape[2]))


def lines(w):
    """Return the kernels as lines of windows, (F, KH, KW*C)."""
    return np.ascontiguousarray(w.transpose(3, 0, 1, 2)).reshape(w.shape[3], w.shape[0], -1)


@compiled()
def _with_zeros(room, image, view):
    """Return the image with its zeros around; ``room`` is what a part keeps for that."""
    if room.shape[0] == 0:
        return image
    skip = view[5] * (room.shape[1] // view[7])
    for r in range(image.shape[0]):
        given, target = image[r], room[view[4] + r, skip:]
        for j in range(given.size):
            target[j] = given[j]
    return room


@compiled()
def _room_for_zeros(x, c, view):
    padded = view[6] != x.shape[1] or view[7] * c != x.shape[2]
    return scratch(view[6] if padded else 0, view[7] * c)


@compiled()
def _line(tiles, place, ldc, start, step, line, panel, pixels, kh, length, room, width):
    """Compute a row of ``pixels`` outputs of one panel; the addresses as in ``tile``."""
    chunks = (pixels + ROWS - 1) // ROWS
    for chunk in range(chunks):
        first = chunk * pixels // chunks
        rows = (chunk + 1) * pixels // chunks - first
        a = start + first * step
        kind = rows if width > LANES else rows + ROWS
        if width in (WIDTH, LANES):
            way, stride = place + first * ldc, ldc
        else:  # the last panel is wider than what is left: by way of some room, rows one after the other
            way, stride = room.ctypes.data + first * 4 * WIDTH, 4 * WIDTH
        tile(tiles, kind, way, stride, a, step, line, 4, panel, kh, length, 0)


@compiled()
def forward(tiles, y, x, panels, b, view, relu, begin, end):
    """Compute images ``begin`` to ``end`` of ``conv2d``; the kernels packed."""
    floor = floor_of(relu)
    c = panels.shape[1] // (view[0] * view[1])
    kh, kw, sh, sw, wide = view[0], view[1], view[2], view[3], view[7]
    _, oh, ow, f = y.shape
    room = scratch(ow, WIDTH)
    around = _room_for_zeros(x, c, view)
    for i in range(begin, end):
        image = _with_zeros(around, x[i], view)
        for r in range(oh):
            for p in range(panels.shape[0]):
                left = p * WIDTH
                width = min(WIDTH, f - left)
                place = y[i, r, 0, left:].ctypes.data
                start = image[r * sh].ctypes.data
                panel = panels[p].ctypes.data
                _line(
                    tiles,
                    place,
                    4 * f,
                    start,
                    4 * c * sw,
                    4 * wide * c,
                    panel,
                    ow,
                    kh,
                    kw * c,
                    room,
                    width,
                )
                if width != WIDTH and width != LANES:
                    for q in range(ow):
                        for j in range(width):
                            y[i, r, q, left + j] = room[q, j]
            for q in range(ow):
                pixel = y[i, r, q]
                for j in range(f):
                    z = pixel[j] + b[j]
                    pixel[j] = max(z, floor)


@compiled()
def _prepare(around, flat, total, y, dy, view, relu, need_dx):
    """Spread one image's gradient: cut by relu, into panels, summed, and with zeros around it."""
    floor = floor_of(relu)
    oh, ow, f = dy.shape
    top, left = view[0] - 1 - view[4], view[1] - 1 - view[5]
    panels = flat.shape[0] // (oh * ow)
    row = scratch(1, panels * WIDTH)[0]
    for r in range(oh):
        for q in range(ow):
            pixel, said = dy[r, q], y[r, q]
            for j in range(f):
                value = np.float32(0) if said[j] <= floor else pixel[j]
                row[j] = value
                total[j] += value
            for p in range(panels):
                panel, part = flat[(p * oh + r) * ow + q], row[p * WIDTH :]
                for j in range(WIDTH):
                    panel[j] = part[j]
            if need_dx:
                target = around[top + r * view[2], (left + q * view[3]) * f :]
                for j in range(f):
                    target[j] = row[j]


@compiled()
def backward(tiles, dx, dw, db, x, y, dy, turned, view, relu, need_dx, begin, end):
    """Take the gradient of images ``begin`` to ``end`` back; add to dw, (KH*KW*C, panels*WIDTH), and db."""
    kh, kw = view[0], view[1]
    c = dw.shape[0] // (kh * kw)
    w = x.shape[2] // c
    _, oh, ow, f = dy.shape
    flat = scratch(dw.shape[1] // WIDTH * oh * ow, WIDTH)
    around = scratch(x.shape[1] + kh - 1, (w + kw - 1) * f)
    room = scratch(w, WIDTH)
    zeros = _room_for_zeros(x, c, view)
    for i in range(begin, end):
        _prepare(around, flat, db, y[i], dy[i], view, relu, need_dx)
        _kernels_back(tiles, dw, _with_zeros(zeros, x[i], view), flat, c, f, view, oh, ow)
        if need_dx:
            _image_back(tiles, dx[i], around, turned, c, f, kh, kw, room)


@compiled()
def _kernels_back(tiles, dw, x, flat, c, filters, view, oh, ow):
    """Add one image's part to the kernels' gradient, (KH*KW*C, panels*WIDTH)."""
    kh, kw, sh, sw = view[0], view[1], view[2], view[3]
    w = x.shape[1] // c
    line = kw * c
    ldc = 4 * dw.shape[1]
    chunks = (line + ROWS - 1) // ROWS
    for k in range(kh):
        for p in range(flat.shape[0] // (oh * ow)):
            panel = flat[p * oh * ow].ctypes.data
            for chunk in range(chunks):
                first = chunk * line // chunks
                rows = (chunk + 1) * line // chunks - first
                place = dw[k * line + first, p * WIDTH :].ctypes.data
                start = x[k].ctypes.data + 4 * first
                kind = rows if filters - p * WIDTH > LANES else rows + ROWS
                tile(tiles, kind, place, ldc, start, 4, 4 * w * c * sh, 4 * c * sw, panel, oh, ow, 1)


@compiled()
def _image_back(tiles, dx, around, turned, c, f, kh, kw, room):
    """Compute one image's gradient: a convolution of what is around, by the turned kernels."""
    h, w = dx.shape[0], dx.shape[1] // c
    wide = around.shape[1]
    for p in range(turned.shape[0]):
        left = p * WIDTH
        width = min(WIDTH, c - left)
        for r in range(h):
            place = dx[r, left:].ctypes.data
            start = around[r].ctypes.data
            _line(
                tiles,
                place,
                4 * c,
                start,
                4 * f,
                4 * wide,
                turned[p].ctypes.data,
                w,
                kh,
                kw * f,
                room,
                width,
            )
            if width != WIDTH and width != LANES:
                for q in range(w):
                    for j in range(width):
                        dx[r, q * c + left + j] = room[q, j]


@compiled()
def few(y, x, lines, b, view, relu, begin, end):
    """Compute images ``begin`` to ``end`` of ``conv2d`` for few filters, as lines."""
    floor = floor_of(relu)
    _, oh, ow, f = y.shape
    kh, length = lines.shape[1], lines.shape[2]
    c = length // view[1]
    around = _room_for_zeros(x, c, view)
    for i in range(begin, end):
        image = _with_zeros(around, x[i], view)
        for r in range(oh):
            for q in range(ow):
                start = q * view[3] * c
                for k in range(f):
                    total = np.float32(0)
                    for line in range(kh):
                        seen, weights = image[r * view[2] + line, start : start + length], lines[k, line]
                        for j in range(length):
                            total += seen[j] * weights[j]
                    z = total + b[k]
                    y[i, r, q, k] = max(z, floor)


@compiled()
def few_back(dx, dw, db, x, y, dy, lines, view, relu, need_dx, begin, end):
    """Take the gradient of images ``begin`` to ``end`` back; add to dw, (F, KH, KW*C), and db."""
    floor = floor_of(relu)
    _, oh, ow, f = dy.shape
    kh, length = lines.shape[1], lines.shape[2]
    c = length // view[1]
    around = _room_for_zeros(x, c, view)
    gradient = scratch(view[6], view[7] * c)
    for i in range(begin, end):
        image = _with_zeros(around, x[i], view)
        gradient[:] = 0
        for r in range(oh):
            for q in range(ow):
                start = q * view[3] * c
                for k in range(f):
                    slope = np.float32(0) if y[i, r, q, k] <= floor else dy[i, r, q, k]
                    db[k] += slope
                    for line in range(kh):
                        row = r * view[2] + line
                        seen, total = image[row, start : start + length], dw[k, line]
                        for j in range(length):
                            total[j] += slope * seen[j]
                        if need_dx:
                            target, weights = gradient[row, start : start + length], lines[k, line]
                            for j in range(length):
                                target[j] += slope * weights[j]
        if need_dx:
            for r in range(x.shape[1]):
                inside, target = gradient[view[4] + r, view[5] * c :], dx[i, r]
                for j in range(target.size):
                    target[j] = inside[j]
