"""Two-dimensional convolution, as nets do it: a cross-correlation, the kernel is not flipped. Channels last.

Every window of the image becomes a row of a matrix (im2col), so that one product does all of them.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def conv2d(x, w, b=None, strides=(1, 1), padding="valid", activation="linear"):
    """Slide kernels over a batch of images.

    Args:
        x: images, (N, H, W, C).
        w: kernels, (KH, KW, C, F).
        b: one bias a kernel, (F,), or None.
        strides: steps between windows, down and across, in pixels.
        padding: ``valid`` (windows stay inside) or ``same`` (zeros around, so that OH = ceil(H / stride)).
        activation: ``linear`` or ``relu``.

    Returns:
        (N, OH, OW, F).

    y[n, i, j, f] = activation(b[f] + sum over k, l, c of x[n, i*sh + k, j*sw + l, c] * w[k, l, c, f])
    """
    kh, kw, _, filters = w.shape
    windows = _windows(_padded(x, _pads(x.shape, (kh, kw), strides, padding)), (kh, kw), strides)
    n, oh, ow = windows.shape[:3]
    y = _rows(windows) @ w.reshape(-1, filters)
    if b is not None:
        y += b
    if activation == "relu":
        np.maximum(y, 0, out=y)
    return y.reshape(n, oh, ow, filters)


def conv2d_backward(
    x, w, y, dy, strides=(1, 1), padding="valid", activation="linear", need_dx=True, dw=None, db=None
):
    """Take the gradient back through ``conv2d``.

    Args:
        x: (N, H, W, C), what went in.
        w: (KH, KW, C, F).
        y: (N, OH, OW, F), what came out.
        dy: (N, OH, OW, F), the gradient of the loss in y.
        strides: as in ``conv2d``; likewise ``padding`` and ``activation``.
        padding: see there.
        activation: see there.
        need_dx: False for the first layer.
        dw: (KH, KW, C, F), an array for the kernels' gradient, or None for a new one.
        db: (F,), likewise.

    Returns:
        (dx, dw, db): (N, H, W, C) or None, (KH, KW, C, F), (F,).
    """
    kh, kw, channels, filters = w.shape
    pads = _pads(x.shape, (kh, kw), strides, padding)
    padded = _padded(x, pads)
    dz = np.where(y > 0, dy, 0) if activation == "relu" else dy
    flat = dz.reshape(-1, filters)  # (N*OH*OW, F)
    rows = _rows(_windows(padded, (kh, kw), strides))  # (N*OH*OW, KH*KW*C)
    dw = np.empty_like(w) if dw is None else dw
    dw[...] = (rows.T @ flat).reshape(w.shape)
    db = np.sum(flat, axis=0, out=db)
    if not need_dx:
        return None, dw, db
    drows = (flat @ w.reshape(-1, filters).T).reshape(*dz.shape[:3], kh, kw, channels)
    dx = np.zeros_like(padded)
    (sh, sw), (oh, ow) = strides, dz.shape[1:3]
    for k in range(kh):  # each pixel lies in several windows: their gradients add up
        for l in range(kw):  # noqa: E741 - as in the formula
            dx[:, k : k + sh * oh : sh, l : l + sw * ow : sw] += drows[:, :, :, k, l]
    (top, _), (left, _) = pads
    return np.ascontiguousarray(dx[:, top : top + x.shape[1], left : left + x.shape[2]]), dw, db


def conv2d_transpose(x, w, b=None, strides=(1, 1), padding="valid"):
    """Turn ``conv2d`` round: each pixel paints a kernel into a larger image.

    Args:
        x: (N, H, W, C).
        w: (KH, KW, F, C), as Keras has it.
        b: (F,), or None.
        strides: steps between the painted kernels, in pixels.
        padding: ``valid`` (OH = H*stride + max(KH - stride, 0)) or ``same`` (OH = H*stride).

    Returns:
        (N, OH, OW, F): what ``conv2d_backward`` gives as dx for kernels w and dy = x.
    """
    shape = transposed_shape(x.shape, w.shape, strides, padding)
    image = np.zeros(shape, x.dtype)
    y, _, _ = conv2d_backward(image, w, x, x, strides, padding)
    return y if b is None else y + b


def conv2d_transpose_backward(x, w, dy, strides=(1, 1), padding="valid", need_dx=True, dw=None, db=None):
    """Take the gradient back through ``conv2d_transpose``; arguments as there, results as in ``conv2d_backward``."""
    dw = np.empty_like(w) if dw is None else dw
    conv2d_backward(dy, w, x, x, strides, padding, need_dx=False, dw=dw)
    db = np.sum(dy, axis=(0, 1, 2), out=db)
    return conv2d(dy, w, None, strides, padding) if need_dx else None, dw, db


def output_size(size: int, kernel: int, stride: int, padding: str) -> int:
    """Return how many windows fit along one axis."""
    if padding == "same":
        return -(-size // stride)
    return (size - kernel) // stride + 1


def transposed_shape(x_shape, w_shape, strides, padding) -> tuple[int, int, int, int]:
    """Return the shape of what ``conv2d_transpose`` gives."""
    sizes = [
        size * stride + (max(kernel - stride, 0) if padding == "valid" else 0)
        for size, kernel, stride in zip(x_shape[1:3], w_shape[:2], strides, strict=True)
    ]
    return (x_shape[0], *sizes, w_shape[2])


def _pads(shape, kernel, strides, padding) -> list[tuple[int, int]]:
    """Return the zeros before and after, down and across; an odd one goes after, as in Keras."""
    if padding == "valid":
        return [(0, 0), (0, 0)]
    pads = []
    for size, k, stride in zip(shape[1:3], kernel, strides, strict=True):
        total = max((-(-size // stride) - 1) * stride + k - size, 0)
        pads.append((total // 2, total - total // 2))
    return pads


def _padded(x, pads):
    return np.pad(x, ((0, 0), *pads, (0, 0))) if any(map(any, pads)) else x


def _windows(x, kernel, strides):
    """Return a view of all windows, (N, OH, OW, KH, KW, C)."""
    windows = sliding_window_view(x, kernel, axis=(1, 2))[:, :: strides[0], :: strides[1]]
    return windows.transpose(0, 1, 2, 4, 5, 3)


def _rows(windows):
    """Copy windows into the rows of a matrix, (N*OH*OW, KH*KW*C)."""
    n, oh, ow = windows.shape[:3]
    return windows.reshape(n * oh * ow, -1)
