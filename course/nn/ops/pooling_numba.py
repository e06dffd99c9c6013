"""Kernels of max-pooling, all channels of a pixel at once, no record of where the maximum was; and of its opposite."""

import numpy as np

from course.nn.ops.convolution import output_size
from course.nn.ops.jit import compiled, filled, scratch
from course.nn.ops.pool_numba import call, shares


def maxpool2d(x, size=(2, 2), strides=(2, 2), padding="valid", out=None):
    """See ``pooling.maxpool2d``."""
    if padding != "valid":
        return NotImplemented
    sizes = [output_size(x.shape[1 + i], size[i], strides[i], padding) for i in (0, 1)]
    y = filled(out, (len(x), *sizes, x.shape[3]))
    call("maxpool", len(x), y, x, *x.shape, *sizes, *size, *strides, parts=shares(len(x), x.size))
    return y


def maxpool2d_backward(x, y, dy, size=(2, 2), strides=(2, 2), padding="valid", out=None):
    """See ``pooling.maxpool2d_backward``."""
    if padding != "valid":
        return NotImplemented
    dx = filled(out, x.shape)
    if size == strides:
        sizes = *x.shape, *y.shape[1:3], *size
        call("maxpool_back", len(x), dx, x, y, dy, *sizes, parts=shares(len(x), x.size))
    else:
        overlapping(dx, x, y, dy, *size, *strides, 0, len(x))
    return dx


def upsample2d(x, size=(2, 2), out=None):
    """See ``pooling.upsample2d``."""
    y = filled(out, (len(x), x.shape[1] * size[0], x.shape[2] * size[1], x.shape[3]))
    call("upsample", len(x), y, x, *x.shape, *size, parts=shares(len(x), y.size))
    return y


def upsample2d_backward(dy, size=(2, 2), out=None):
    """See ``pooling.upsample2d_backward``."""
    dx = filled(out, (len(dy), dy.shape[1] // size[0], dy.shape[2] // size[1], dy.shape[3]))
    call("upsample_back", len(dx), dx, dy, *dx.shape, *size, parts=shares(len(dx), dy.size))
    return dx


@compiled()
def forward(y, x, kh, kw, sh, sw, first, last):
    """Take the maxima of images ``first`` to ``last``."""
    _, oh, ow, c = y.shape
    for i in range(first, last):
        for r in range(oh):
            for q in range(ow):
                for j in range(c):
                    y[i, r, q, j] = x[i, r * sh, q * sw, j]
                for k in range(kh):
                    for m in range(kw):
                        for j in range(c):
                            value = x[i, r * sh + k, q * sw + m, j]
                            old = y[i, r, q, j]
                            # a NaN is kept, as NumPy's maximum keeps it
                            y[i, r, q, j] = value if (value > old or value != value) else old


@compiled()
def apart(dx, x, y, dy, kh, kw, first, last):
    """Windows that don't overlap: every place is written once, and what no window covers is 0."""
    _, oh, ow, c = y.shape
    left = scratch(1, c)[0]  # the gradient that has not found its place yet
    for i in range(first, last):
        dx[i, oh * kh :] = 0
        dx[i, :, ow * kw :] = 0
        for r in range(oh):
            for q in range(ow):
                for j in range(c):
                    left[j] = dy[i, r, q, j]
                for k in range(kh):
                    for m in range(kw):
                        for j in range(c):
                            hit = x[i, r * kh + k, q * kw + m, j] == y[i, r, q, j]
                            dx[i, r * kh + k, q * kw + m, j] = left[j] if hit else np.float32(0)
                            left[j] = np.float32(0) if hit else left[j]


@compiled()
def overlapping(dx, x, y, dy, kh, kw, sh, sw, first, last):
    """Send gradients to the maxima of windows that overlap, or leave gaps."""
    _, oh, ow, c = y.shape
    left = scratch(1, c)[0]  # the gradient that has not found its place yet
    for i in range(first, last):
        dx[i] = 0
        for r in range(oh):
            for q in range(ow):
                for j in range(c):
                    left[j] = dy[i, r, q, j]
                for k in range(kh):
                    for m in range(kw):
                        for j in range(c):
                            hit = x[i, r * sh + k, q * sw + m, j] == y[i, r, q, j]
                            dx[i, r * sh + k, q * sw + m, j] += left[j] if hit else np.float32(0)
                            left[j] = np.float32(0) if hit else left[j]


@compiled()
def spread(y, x, kh, kw, first, last):
    """Repeat each pixel kh x kw times, for images ``first`` to ``last``."""
    _, h, w, c = x.shape
    for i in range(first, last):
        for r in range(h):
            for k in range(kh):
                for q in range(w):
                    for m in range(kw):
                        for j in range(c):
                            y[i, r * kh + k, q * kw + m, j] = x[i, r, q, j]


@compiled()
def gather(dx, dy, kh, kw, first, last):
    """Add up the gradients of a pixel's copies."""
    _, h, w, c = dx.shape
    for i in range(first, last):
        for r in range(h):
            for q in range(w):
                for j in range(c):
                    dx[i, r, q, j] = 0
                for k in range(kh):
                    for m in range(kw):
                        for j in range(c):
                            dx[i, r, q, j] += dy[i, r * kh + k, q * kw + m, j]
