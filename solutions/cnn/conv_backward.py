"""Take slopes back through a convolution layer."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 25, 5, 4
HINTS = (
    "db first: each bias is added at every place of every image, so its slope collects dout over three axes. Then look at the forward "
    "loop: for one place (k, l) of the window it is lesson 4's dense layer, part @ w[k, l]. What were the slopes there?",
    "For each k and l: part = x[:, k : k + OH, l : l + OW], of shape (N, OH, OW, C). dw[k, l] is (C, F): the table of part's pixels, on "
    "its side, times the table of dout's. And dout @ w[k, l].T, (N, OH, OW, C), is *added* to the same part of dx.",
    "dw[k, l] = part.reshape(-1, C).T @ dout.reshape(-1, F); dx[:, k : k + OH, l : l + OW] += dout @ w[k, l].T; "
    "db = dout.sum(axis=(0, 1, 2))",
)


def conv_backward(x, w, dout):
    (KH, KW, C, F), (OH, OW) = w.shape, dout.shape[1:3]
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), dout.sum(axis=(0, 1, 2))
    for k in range(KH):
        for m in range(KW):
            part = x[:, k : k + OH, m : m + OW]  # (N, OH, OW, C): what w[k, m] saw
            dw[k, m] = part.reshape(-1, C).T @ dout.reshape(-1, F)
            dx[:, k : k + OH, m : m + OW] += dout @ w[k, m].T  # a pixel lies in several windows
    return dx, dw, db


def trials(rng):
    yield (
        "one window, by hand",
        np.array([[1.0, 2.0], [3.0, 4.0]]).reshape(1, 2, 2, 1),
        np.array([[0.5, -1.0], [2.0, 0.0]]).reshape(2, 2, 1, 1),
        np.array([2.0]).reshape(1, 1, 1, 1),
    )
    yield (
        "a row, two windows that overlap",
        rng.normal(size=(1, 1, 3, 1)),
        rng.normal(size=(1, 2, 1, 1)),
        rng.normal(size=(1, 1, 2, 1)),
    )
    yield (
        "three images",
        rng.normal(size=(3, 3, 4, 1)),
        rng.normal(size=(2, 2, 1, 1)),
        rng.normal(size=(3, 2, 3, 1)),
    )
    yield (
        "two colours, three kernels",
        rng.normal(size=(2, 4, 5, 2)),
        rng.normal(size=(2, 3, 2, 3)),
        rng.normal(size=(2, 3, 3, 3)),
    )
    yield (
        "as many colours as kernels",
        rng.normal(size=(2, 4, 4, 3)),
        rng.normal(size=(2, 2, 3, 3)),
        rng.normal(size=(2, 3, 3, 3)),
    )
    yield (
        "everything is two",
        rng.normal(size=(2, 3, 3, 2)),
        rng.normal(size=(2, 2, 2, 2)),
        rng.normal(size=(2, 2, 2, 2)),
    )
    yield (
        "a window of one pixel",
        rng.normal(size=(2, 2, 3, 2)),
        rng.normal(size=(1, 1, 2, 3)),
        rng.normal(size=(2, 2, 3, 3)),
    )
    yield (
        "whole numbers for pixels",
        rng.integers(0, 9, (1, 3, 4, 1)),
        rng.normal(size=(2, 2, 1, 2)),
        rng.normal(size=(1, 2, 3, 2)),
    )
    yield (
        "slopes of a millionth",
        rng.normal(size=(1, 3, 3, 1)),
        rng.normal(size=(2, 2, 1, 1)),
        1e-6 * rng.normal(size=(1, 2, 2, 1)),
    )


@wrong(
    "The kernel goes back the way it came. A pixel meets the windows in reverse: its slope from the window that begins k before it "
    "comes by w[k]. If you slide over dout with zeros around, turn the kernel by half a turn."
)
def kernel_not_flipped(x, w, dout):
    dx, dw, db = conv_backward(x, w[::-1, ::-1], dout)
    return dx, dw, db


@wrong(
    "A pixel lies in several windows, and only the last of them counts here: `=` where `+=` is due. The ways that meet again add up."
)
def overwrites_overlaps(x, w, dout):
    _, dw, db = conv_backward(x, w, dout)
    dx = np.zeros(x.shape)
    (KH, KW), (OH, OW) = w.shape[:2], dout.shape[1:3]
    for i in range(OH):
        for j in range(OW):
            dx[:, i : i + KH, j : j + KW] = np.einsum("nf,klcf->nklc", dout[:, i, j], w)
    return dx, dw, db


@wrong(
    "A pixel lies in several windows: each place (k, l) of the kernel adds its part. With `=` the last place throws the others away."
)
def overwrites_by_place(x, w, dout):
    _, dw, db = conv_backward(x, w, dout)
    dx = np.zeros(x.shape)
    (KH, KW), (OH, OW) = w.shape[:2], dout.shape[1:3]
    for k in range(KH):
        for m in range(KW):
            dx[:, k : k + OH, m : m + OW] = dout @ w[k, m].T
    return dx, dw, db


@wrong(
    "It is turned by half a turn. Weight (k, l) saw the pixel at (i + k, j + l), and its slope stands in the same place."
)
def dw_flipped(x, w, dout):
    dx, dw, db = conv_backward(x, w, dout)
    return dx, dw[::-1, ::-1], db


@wrong(
    "You divided by the number of images. The loss may be a mean, but then dout brings that along: here slopes are summed."
)
def averages_over_batch(x, w, dout):
    dx, dw, db = conv_backward(x, w, dout)
    return dx, dw / len(x), db / len(x)


@wrong(
    "Colours and kernels are exchanged: on the way back `w[k, l]` (C, F) must lie on its side, so that F meets F. Where C and F "
    "differ, the shapes complain; where they are equal, nobody does."
)
def channels_swapped(x, w, dout):
    _, dw, db = conv_backward(x, w, dout)
    (KH, KW), (OH, OW) = w.shape[:2], dout.shape[1:3]
    dx = np.zeros(x.shape)
    for k in range(KH):
        for m in range(KW):
            dx[:, k : k + OH, m : m + OW] += dout @ w[k, m]
    return dx, dw, db


@wrong("Its last two axes are exchanged: w is (KH, KW, C, F), colours first. Transpose each (F, C) table.")
def dw_channels_swapped(x, w, dout):
    dx, dw, db = conv_backward(x, w, dout)
    return dx, dw.transpose(0, 1, 3, 2), db


@wrong("That is a mean. A bias is added at every place of every image, and the slopes add up.")
def db_is_a_mean(x, w, dout):
    dx, dw, _ = conv_backward(x, w, dout)
    return dx, dw, dout.mean(axis=(0, 1, 2))


@wrong(
    "It still has an entry for every image (or every place). One bias for each kernel: sum over the first three axes."
)
def db_for_each_image(x, w, dout):
    dx, dw, _ = conv_backward(x, w, dout)
    return dx, dw, dout.sum(axis=(1, 2))


@wrong(
    "Only the last image counts. The same weights worked on every image, so their slopes add up over the batch."
)
def keeps_the_last_image(x, w, dout):
    dx, _, _ = conv_backward(x, w, dout)
    _, last, lone = conv_backward(x[-1:], w, dout[-1:])
    return dx, last, lone


@wrong(
    "Only the last place counts. The same weights worked at every place, so their slopes add up over the picture."
)
def keeps_the_last_place(x, w, dout):
    dx, _, _ = conv_backward(x, w, dout)
    (KH, KW), (OH, OW) = w.shape[:2], dout.shape[1:3]
    last = np.einsum("nklc,nf->klcf", x[:, OH - 1 : OH - 1 + KH, OW - 1 : OW - 1 + KW], dout[:, -1, -1])
    return dx, last, dout[:, -1, -1].sum(axis=0)


@wrong(
    "np.zeros_like(x) makes whole numbers if x has whole numbers, and slopes don't fit in. np.zeros(x.shape) makes floats."
)
def makes_room_for_whole_numbers(x, w, dout):
    dx, dw, db = conv_backward(x, w, dout)
    room = np.zeros_like(x)
    room += dx
    return room, dw, db


@wrong("Slopes of the pixels are missing around the border: dx has the shape of x, (N, H, W, C).")
def dx_as_small_as_dout(x, w, dout):
    dx, dw, db = conv_backward(x, w, dout)
    return dx[:, : dout.shape[1], : dout.shape[2]], dw, db


@wrong(
    "Only the last window, and of it the last kernel, counts for each pixel: `=` where `+=` is due. All F kernels read the same pixel, "
    "and windows overlap; all these ways add up."
)
def overwrites_kernel_by_kernel(x, w, dout):
    _, dw, db = conv_backward(x, w, dout)
    dx = np.zeros(x.shape)
    (KH, KW, _, F), (OH, OW) = w.shape, dout.shape[1:3]
    for i, j, f in np.ndindex(OH, OW, F):
        dx[:, i : i + KH, j : j + KW] = dout[:, i, j, f, None, None, None] * w[..., f]
    return dx, dw, db


@wrong(
    "Only the last window of the last image counts: `=` in the loop throws the others away. The weights worked in all of them."
)
def keeps_the_last_window(x, w, dout):
    dx, _, _ = conv_backward(x, w, dout)
    (KH, KW), (OH, OW) = w.shape[:2], dout.shape[1:3]
    window = x[-1, OH - 1 : OH - 1 + KH, OW - 1 : OW - 1 + KW]
    return dx, window[..., None] * dout[-1, -1, -1], dout[-1, -1, -1]


@wrong("The order is dx, dw, db.")
def returns_dw_first(x, w, dout):
    dx, dw, db = conv_backward(x, w, dout)
    return dw, dx, db


@wrong(
    "You divided it by the number of images. Each image has its own rows of dx; nothing is summed there, and nothing averaged."
)
def averages_dx_too(x, w, dout):
    dx, dw, db = conv_backward(x, w, dout)
    return dx / len(x), dw / len(x), db / len(x)
