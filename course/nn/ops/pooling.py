"""Pooling: each window of an image becomes one number, its maximum or its mean; and upsampling. Channels last."""

import numpy as np

from course.nn.ops.convolution import _pads, output_size


def maxpool2d(x, size=(2, 2), strides=(2, 2), padding="valid"):
    """Take the maximum of each window.

    Args:
        x: (N, H, W, C).
        size: of a window, in pixels.
        strides: steps between windows.
        padding: ``valid`` (what is left over at the end is dropped) or ``same``.

    Returns:
        (N, OH, OW, C).
    """
    padded, _ = _padded(x, size, strides, padding, -np.inf)
    return np.maximum.reduce(list(_slices(padded, x.shape, size, strides, padding)))


def maxpool2d_backward(x, y, dy, size=(2, 2), strides=(2, 2), padding="valid"):
    """Send each gradient to the place that held the maximum; a tie goes to the first in row-major order.

    Args:
        x: (N, H, W, C), what went in.
        y: (N, OH, OW, C), what came out.
        dy: likewise, the gradient of the loss in y.
        size: as in ``maxpool2d``; likewise ``strides`` and ``padding``.
        strides: see there.
        padding: see there.

    Returns:
        dx, (N, H, W, C).
    """
    padded, inside = _padded(x, size, strides, padding, -np.inf)
    dx = np.zeros_like(padded)
    free = np.ones(y.shape, bool)
    slices = _slices(padded, x.shape, size, strides, padding)
    for part, target in zip(slices, _slices(dx, x.shape, size, strides, padding), strict=True):
        hit = free & (part == y)
        target += np.where(hit, dy, 0)
        free &= ~hit
    return np.ascontiguousarray(dx[inside])


def avgpool2d(x, size=(2, 2), strides=(2, 2), padding="valid"):
    """Take the mean of each window, padding not counted; arguments and result as in ``maxpool2d``."""
    padded, _ = _padded(x, size, strides, padding, 0)
    total = sum(_slices(padded, x.shape, size, strides, padding))
    return (total / _counts(x, size, strides, padding)).astype(x.dtype)


def avgpool2d_backward(x, y, dy, size=(2, 2), strides=(2, 2), padding="valid"):
    """Share each gradient among the pixels of its window; arguments and result as in ``maxpool2d_backward``."""
    padded, inside = _padded(x, size, strides, padding, 0)
    dx = np.zeros_like(padded)
    share = (dy / _counts(x, size, strides, padding)).astype(x.dtype)
    for target in _slices(dx, x.shape, size, strides, padding):
        target += share
    return np.ascontiguousarray(dx[inside])


def _padded(x, size, strides, padding, value):
    """Return x with ``value`` around it, and where x itself lies in that."""
    (top, bottom), (left, right) = _pads(x.shape, size, strides, padding)
    inside = (slice(None), slice(top, top + x.shape[1]), slice(left, left + x.shape[2]))
    if not (top or bottom or left or right):
        return x, inside
    return np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)), constant_values=value), inside


def _slices(padded, shape, size, strides, padding):
    """Yield, for each place in a window, the view of that place in all windows: (N, OH, OW, C)."""
    oh, ow = (output_size(shape[1 + i], size[i], strides[i], padding) for i in (0, 1))
    for i in range(size[0]):
        for j in range(size[1]):
            yield padded[:, i : i + strides[0] * oh : strides[0], j : j + strides[1] * ow : strides[1]]


def _counts(x, size, strides, padding):
    """Return how many real pixels each window holds, (1, OH, OW, 1)."""
    ones, _ = _padded(np.ones((1, *x.shape[1:3], 1)), size, strides, padding, 0)
    return sum(_slices(ones, x.shape, size, strides, padding))


def upsample2d(x, size=(2, 2)):
    """Repeat each pixel: (N, H, W, C) -> (N, H*size[0], W*size[1], C)."""
    n, height, width, channels = x.shape
    y = np.empty((n, height, size[0], width, size[1], channels), x.dtype)
    y[...] = x[:, :, None, :, None]
    return y.reshape(n, height * size[0], width * size[1], channels)


def upsample2d_backward(dy, size=(2, 2)):
    """Take the gradient back through ``upsample2d``: those of a pixel's copies add up."""
    down, across = size
    return sum(dy[:, i::down, j::across] for i in range(down) for j in range(across))
