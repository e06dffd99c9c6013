"""The tasks: what the rows of a table of calls do (see ``table_numba``). Each is a few lines around a kernel.

The first line of a task's text names its arguments, in order. Arrays are those of the kernel's operation, float32 and
C-contiguous; what counts examples is called n.
"""

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from course.nn.ops import convolution_numba as convolution
from course.nn.ops import losses_numba as losses
from course.nn.ops import pooling_numba as pooling
from course.nn.ops import recurrent_numba as recurrent
from course.nn.ops.dense_numba import forward as dense_forward
from course.nn.ops.gemm_numba import WIDTH, outer_part, pack, pack_transposed, product
from course.nn.ops.jit import compiled, doubles, floats, ints
from course.nn.ops.table_numba import task
from course.nn.ops.updates_numba import adam_part


@intrinsic(prefer_literal=True)
def _arguments(typingctx, at, count):
    """Return ``count`` arguments, as a tuple."""
    kind = types.UniTuple(types.int64, count.literal_value)

    def codegen(context, builder, signature, args):
        place = builder.inttoptr(args[0], ir.IntType(64).as_pointer())
        read = [builder.load(builder.gep(place, [ir.Constant(ir.IntType(64), i)])) for i in range(kind.count)]
        return context.make_tuple(builder, kind, read)

    return kind(at, count), codegen


# ------------------------------------------------------------------------------------- the batch


@task
def take_rows(at, first, last, part):
    """source, rows, target, words: copy the rows of a batch; a word is 4 bytes."""
    source, rows, target, words = _arguments(at, 4)
    chosen = ints(rows, last)
    for i in range(first, last):
        own, new = floats(source + 4 * words * chosen[i], words), floats(target + 4 * words * i, words)
        for j in range(words):
            new[j] = own[j]


@task
def take_sequences(at, first, last, part):
    """source, rows, target, n, steps, width: copy sequences, (N, T, D), into (T, N, D)."""
    source, rows, target, n, steps, width = _arguments(at, 6)
    chosen = ints(rows, last)
    for i in range(first, last):
        own = floats(source + 4 * steps * width * chosen[i], (steps, width))
        for t in range(steps):
            new = floats(target + 4 * width * (t * n + i), width)
            for j in range(width):
                new[j] = own[t, j]


@task
def clear(at, first, last, part):
    """Clear what a thread sums up: where, numbers a thread."""
    where, size = _arguments(at, 2)
    own = floats(where + 4 * size * part, size)
    for i in range(size):
        own[i] = 0


# ------------------------------------------------------------------------------------- layers


@task
def dense(at, first, last, part):
    """tiles, y, x, panels, b, n, d, k, relu."""
    tiles, y, x, panels, b, n, d, k, relu = _arguments(at, 9)
    count = (k + WIDTH - 1) // WIDTH
    dense_forward(
        tiles,
        floats(y, (n, k)),
        floats(x, (n, d)),
        floats(panels, (count, d, WIDTH)),
        floats(b, k),
        relu != 0,
        first,
        last,
    )


@task
def dense_back(at, first, last, part):
    """tiles, dx (0 if not needed), dy (is cut by relu, in place), y, panels, n, d, k, relu."""
    tiles, dx, dy, y, panels, n, d, k, relu = _arguments(at, 9)
    if relu:
        slopes, said = floats(dy, n * k), floats(y, n * k)
        for i in range(first * k, last * k):
            slopes[i] = slopes[i] if said[i] > 0 else np.float32(0)
    if dx:
        count = (d + WIDTH - 1) // WIDTH
        back = floats(panels, (count, k, WIDTH))
        product(tiles, floats(dx, (n, d)), dy, 4 * k, 4, back, first, last, d, 0)


@task
def conv(at, first, last, part):
    """tiles, y, x, panels, b, relu, n, h, w, c, oh, ow, f, window (8)."""
    tiles, y, x, panels, b, relu, n, h, w, c, oh, ow, f, kh, kw, sh, sw, top, left, high, wide = _arguments(
        at, 21
    )
    convolution.forward(
        tiles,
        floats(y, (n, oh, ow, f)),
        floats(x, (n, h, w * c)),
        floats(panels, ((f + WIDTH - 1) // WIDTH, kh * kw * c, WIDTH)),
        floats(b, f),
        (kh, kw, sh, sw, top, left, high, wide),
        relu != 0,
        first,
        last,
    )


@task
def conv_back(at, first, last, part):
    """tiles, dx (0 if not needed), dws, dbs, x, y, dy, turned, relu, n, h, w, c, oh, ow, f, window (8)."""
    (
        (tiles, dx, dws, dbs, x, y, dy, turned, relu),
        (n, h, w, c, oh, ow, f),
        (kh, kw, sh, sw, top, left, high, wide),
    ) = _three(_arguments(at, 24))
    across = (f + WIDTH - 1) // WIDTH * WIDTH
    rows = kh * kw * c
    convolution.backward(
        tiles,
        floats(dx, (n, h, w * c)),
        floats(dws + 4 * part * rows * across, (rows, across)),
        floats(dbs + 4 * part * across, across),
        floats(x, (n, h, w * c)),
        floats(y, (n, oh, ow, f)),
        floats(dy, (n, oh, ow, f)),
        floats(turned, ((c + WIDTH - 1) // WIDTH, kh * kw * f, WIDTH)),
        (kh, kw, sh, sw, top, left, high, wide),
        relu != 0,
        dx != 0,
        first,
        last,
    )


@compiled()
def _three(a):
    return a[:9], a[9:16], a[16:]


@task
def few(at, first, last, part):
    """Do as ``conv`` with lines for tiles and panels: lines, y, x, 0, b, relu, and so on."""
    lines, y, x, _, b, relu, n, h, w, c, oh, ow, f, kh, kw, sh, sw, top, left, high, wide = _arguments(at, 21)
    convolution.few(
        floats(y, (n, oh, ow, f)),
        floats(x, (n, h, w * c)),
        floats(lines, (f, kh, kw * c)),
        floats(b, f),
        (kh, kw, sh, sw, top, left, high, wide),
        relu != 0,
        first,
        last,
    )


@task
def few_back(at, first, last, part):
    """Do as ``conv_back`` with lines for tiles."""
    (
        (lines, dx, dws, dbs, x, y, dy, _, relu),
        (n, h, w, c, oh, ow, f),
        (kh, kw, sh, sw, top, left, high, wide),
    ) = _three(_arguments(at, 24))
    rows = kh * kw * c
    convolution.few_back(
        floats(dx, (n, h, w * c)),
        floats(dws + 4 * part * f * rows, (f, kh, kw * c)),
        floats(dbs + 4 * part * f, f),
        floats(x, (n, h, w * c)),
        floats(y, (n, oh, ow, f)),
        floats(dy, (n, oh, ow, f)),
        floats(lines, (f, kh, kw * c)),
        (kh, kw, sh, sw, top, left, high, wide),
        relu != 0,
        dx != 0,
        first,
        last,
    )


@task
def maxpool(at, first, last, part):
    """y, x, n, h, w, c, oh, ow, kh, kw, sh, sw."""
    y, x, n, h, w, c, oh, ow, kh, kw, sh, sw = _arguments(at, 12)
    pooling.forward(floats(y, (n, oh, ow, c)), floats(x, (n, h, w, c)), kh, kw, sh, sw, first, last)


@task
def maxpool_back(at, first, last, part):
    """dx, x, y, dy, n, h, w, c, oh, ow, kh, kw."""
    dx, x, y, dy, n, h, w, c, oh, ow, kh, kw = _arguments(at, 12)
    inside, outside = (n, h, w, c), (n, oh, ow, c)
    pooling.apart(
        floats(dx, inside), floats(x, inside), floats(y, outside), floats(dy, outside), kh, kw, first, last
    )


@task
def upsample(at, first, last, part):
    """y, x, n, h, w, c, kh, kw."""
    y, x, n, h, w, c, kh, kw = _arguments(at, 8)
    pooling.spread(floats(y, (n, h * kh, w * kw, c)), floats(x, (n, h, w, c)), kh, kw, first, last)


@task
def upsample_back(at, first, last, part):
    """dx, dy, n, h, w, c, kh, kw."""
    dx, dy, n, h, w, c, kh, kw = _arguments(at, 8)
    pooling.gather(floats(dx, (n, h, w, c)), floats(dy, (n, h * kh, w * kw, c)), kh, kw, first, last)


@task
def lstm(at, first, last, part):
    """tiles, gates, xs, hs, cs, h0, c0, b, x_panels, panels, n, steps, d, width."""
    tiles, gates, xs, hs, cs, h0, c0, b, x_panels, panels, n, steps, d, width = _arguments(at, 14)
    count = (4 * width + WIDTH - 1) // WIDTH
    recurrent.forward(
        tiles,
        floats(gates, (steps, n, 4 * width)),
        floats(xs, (steps, n, d)),
        floats(hs, (steps, n, width)),
        floats(cs, (steps, n, width)),
        floats(h0, (n, width)),
        floats(c0, (n, width)),
        floats(b, 4 * width),
        floats(x_panels, (count, d, WIDTH)),
        floats(panels, (count, width, WIDTH)),
        first,
        last,
    )


@task
def lstm_back(at, first, last, part):
    """tiles, dzs, dhs, gates, cs, c0, x_panels, panels, dx (0 if not needed), dh, dc, n, steps, d, width."""
    tiles, dzs, dhs, gates, cs, c0, x_panels, panels, dx, dh, dc, n, steps, d, width = _arguments(at, 15)
    down, along = floats(dh, (n, width)), floats(dc, (n, width))
    for i in range(first, last):
        for j in range(width):
            down[i, j] = along[i, j] = 0
    recurrent.backward(
        tiles,
        floats(dzs, (steps, n, 4 * width)),
        floats(dhs, (steps, n, width)),
        floats(gates, (steps, n, 4 * width)),
        floats(cs, (steps, n, width)),
        floats(c0, (n, width)),
        floats(x_panels, ((d + WIDTH - 1) // WIDTH, 4 * width, WIDTH)),
        floats(panels, ((width + WIDTH - 1) // WIDTH, 4 * width, WIDTH)),
        floats(dx, (steps if dx else 0, n, d)),
        down,
        along,
        first,
        last,
    )


# ------------------------------------------------------------------------------------- losses


@task
def sparse(at, first, last, part):
    """slopes, scores, labels, totals, n, classes."""
    slopes, scores, labels, totals, n, k = _arguments(at, 6)
    price = losses.sparse(floats(slopes, (n, k)), floats(scores, (n, k)), ints(labels, n), first, last)
    doubles(totals, part + 1)[part] += price


@task
def shares(at, first, last, part):
    """slopes, scores, targets, totals, n, classes."""
    slopes, scores, targets, totals, n, k = _arguments(at, 6)
    price = losses.shares(
        floats(slopes, (n, k)), floats(scores, (n, k)), floats(targets, (n, k)), first, last
    )
    doubles(totals, part + 1)[part] += price


@task
def yes_or_no(at, first, last, part):
    """slopes, scores, targets, totals, n, width."""
    slopes, scores, targets, totals, n, k = _arguments(at, 6)
    price = losses.yes_or_no(
        floats(slopes, (n, k)), floats(scores, (n, k)), floats(targets, (n, k)), first, last
    )
    doubles(totals, part + 1)[part] += price


@task
def squared(at, first, last, part):
    """slopes, outputs, targets, totals, n, width."""
    slopes, said, targets, totals, n, k = _arguments(at, 6)
    price = losses.squared(floats(slopes, (n, k)), floats(said, (n, k)), floats(targets, (n, k)), first, last)
    doubles(totals, part + 1)[part] += price


# ------------------------------------------------------------------------------------- weights


@compiled()
def _block(rows, columns, part, parts):
    """Return what a thread does of a matrix of weights: rows low to high, panels of columns first to last.

    The longer side is shared out, so that a thread's block lies together in memory.
    """
    panels = (columns + WIDTH - 1) // WIDTH
    if rows >= columns:
        return part * rows // parts, (part + 1) * rows // parts, 0, panels
    return 0, rows, part * panels // parts, (part + 1) * panels // parts


@task
def outer(at, first, last, part):
    """tiles, gradient, a, b, count, rows, columns, parts: the gradient is A.T @ B."""
    tiles, c, a, b, count, rows, columns, parts = _arguments(at, 8)
    low, high, start, end = _block(rows, columns, first, parts)
    if high > low and end > start:
        outer_part(
            tiles,
            floats(c, (rows, columns)),
            floats(a, (count, rows)),
            floats(b, (count, columns)),
            low,
            high,
            start,
            end,
        )


@task
def total(at, first, last, part):
    """gradient, a, count, rows, columns, stride, parts: add up ``count`` arrays that lie side by side.

    ``stride``: the length of a line of such an array, at least ``columns``.
    """
    c, a, count, rows, columns, stride, parts = _arguments(at, 7)
    low, high, start, end = _block(rows, columns, first, parts)
    left, right = start * WIDTH, min(end * WIDTH, columns)
    given = floats(a, (count, rows, stride))
    for i in range(low, high):
        target = floats(c + 4 * (i * columns), columns)[left:right]
        target[:] = 0
        for n in range(count):
            line = given[n, i, left:right]
            for j in range(right - left):
                target[j] += line[j]


@task
def total_lines(at, first, last, part):
    """gradient, a, count, rows, columns, parts: as ``total``, for arrays that are transposed, (columns, rows)."""
    c, a, count, rows, columns, parts = _arguments(at, 6)
    low, high, start, end = _block(rows, columns, first, parts)
    target, given = floats(c, (rows, columns)), floats(a, (count, columns, rows))
    for i in range(low, high):
        for j in range(start * WIDTH, min(end * WIDTH, columns)):
            target[i, j] = 0
            for n in range(count):
                target[i, j] += given[n, j, i]


@task
def adam(at, first, last, part):
    """param, gradient, m, v, numbers, rows, columns, parts; the numbers as ``adam_numbers`` gives them."""
    param, grad, m, v, numbers, rows, columns, parts = _arguments(at, 8)
    low, high, start, end = _block(rows, columns, first, parts)
    left, right = start * WIDTH, min(end * WIDTH, columns)
    if rows >= columns:  # the block is one piece
        left, right, low, high = low * columns, high * columns, 0, 1
    a = floats(numbers, 6)
    for i in range(low, high):
        skip, size = 4 * (i * columns + left), right - left
        adam_part(
            floats(param + skip, size),
            floats(grad + skip, size),
            floats(m + skip, size),
            floats(v + skip, size),
            a[0],
            a[1],
            a[2],
            a[3],
            a[4],
            a[5],
        )


@task
def pack_weights(at, first, last, part):
    """w, panels, rows, columns, parts."""
    w, panels, rows, columns, parts = _arguments(at, 5)
    low, high, start, end = _block(rows, columns, first, parts)
    count = (columns + WIDTH - 1) // WIDTH
    pack(floats(w, (rows, columns)), floats(panels, (count, rows, WIDTH)), low, high, start, end)


@task
def pack_back(at, first, last, part):
    """w, panels, rows, columns, parts: the transpose."""
    w, panels, rows, columns, parts = _arguments(at, 5)
    low, high, start, end = _block(rows, columns, first, parts)
    left, right = start * WIDTH, min(end * WIDTH, columns)
    count = (rows + WIDTH - 1) // WIDTH
    pack_transposed(
        floats(w, (rows, columns)), floats(panels, (count, columns, WIDTH)), low, high, left, right
    )


@task
def pack_turned(at, first, last, part):
    """w, panels, kh, kw, c, f, parts: a convolution's kernels, turned by half a turn, for the way back."""
    w, panels, kh, kw, c, f, parts = _arguments(at, 7)
    low, high, start, end = _block(kh * kw * c, f, first, parts)
    given = floats(w, (kh * kw * c, f))
    turned = floats(panels, ((c + WIDTH - 1) // WIDTH, kh * kw, f, WIDTH))
    for i in range(low, high):
        place, channel = kh * kw - 1 - i // c, i % c
        for j in range(start * WIDTH, min(end * WIDTH, f)):
            turned[channel // WIDTH, place, j, channel % WIDTH] = given[i, j]


@task
def pack_lines(at, first, last, part):
    """w, lines, rows, columns, parts: a convolution's kernels as lines of windows."""
    w, lines, rows, columns, parts = _arguments(at, 5)
    low, high, start, end = _block(rows, columns, first, parts)
    given, target = floats(w, (rows, columns)), floats(lines, (columns, rows))
    for i in range(low, high):
        for j in range(start * WIDTH, min(end * WIDTH, columns)):
            target[j, i] = given[i, j]
