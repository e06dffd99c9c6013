"""Repair the way back through a window to the image."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 8, 3, 2
STARTER = "kernel_not_flipped"
HINTS = (
    "Take the first trial: one answer, four pixels. Which weight did the top left pixel meet on the way there? Which one does this "
    "code give it?",
    "With zeros around it, dout is slid over by a window, and the place (0, 0) of the result sees dout[0, 0] in the window's *bottom "
    "right* corner. Which weight must stand there?",
    "flipped = kernel[::-1, ::-1], and flipped in the sum",
)


def input_grad(kernel, dout):
    KH, KW = kernel.shape
    flipped = kernel[::-1, ::-1]  # on the way back every pixel meets the windows in reverse
    room = np.pad(dout, ((KH - 1, KH - 1), (KW - 1, KW - 1)))
    OH, OW = dout.shape
    dx = np.zeros((OH + KH - 1, OW + KW - 1))
    for i in range(OH + KH - 1):
        for j in range(OW + KW - 1):
            dx[i, j] = np.sum(room[i : i + KH, j : j + KW] * flipped)
    return dx


def trials(rng):
    yield "one answer, four pixels", np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0]])
    yield "a row", np.array([[1.0, 2.0, -3.0]]), np.array([[1.0, 0.0, 2.0, 0.5]])
    yield "a column", np.array([[1.0], [2.0]]), np.array([[1.0], [3.0]])
    yield "a kernel that looks the same turned", np.full((3, 3), 0.5), rng.normal(size=(2, 3))
    yield "a tall kernel", rng.normal(size=(3, 2)), rng.normal(size=(2, 4))
    yield "square and square", rng.normal(size=(3, 3)), rng.normal(size=(3, 3))


def _slid(kernel, dout):
    return input_grad(kernel[::-1, ::-1], dout)


@wrong(
    "The shapes fit, and for a kernel that looks the same after half a turn the numbers do too. In the trial below: which weight did "
    "the top left pixel meet on the way *forward*?"
)
def kernel_not_flipped(kernel, dout):
    return _slid(kernel, dout)


@wrong("Top and bottom are exchanged now, left and right are not: compare the two pixels of the first row.")
def flips_rows_only(kernel, dout):
    return _slid(kernel[::-1], dout)


@wrong("Left and right are exchanged now, top and bottom are not.")
def flips_columns_only(kernel, dout):
    return _slid(kernel[:, ::-1], dout)


@wrong("You turned dout as well as the kernel. Then everything comes out turned; the kernel alone is turned.")
def turns_dout_too(kernel, dout):
    return input_grad(kernel, dout[::-1, ::-1])


@wrong(
    "You turned dout instead of the kernel. The image's slopes then come out back to front; turn the kernel."
)
def turns_dout_instead(kernel, dout):
    return _slid(kernel, dout[::-1, ::-1])


@wrong(
    "Only the last window that saw a pixel counts. Every window that saw it hands back a part: they add up."
)
def overwrites_overlaps(kernel, dout):
    (KH, KW), (OH, OW) = kernel.shape, dout.shape
    dx = np.zeros((OH + KH - 1, OW + KW - 1))
    for i, j in np.ndindex(OH, OW):
        dx[i : i + KH, j : j + KW] = dout[i, j] * kernel
    return dx


@wrong(
    "The kernel was transposed, mirrored at its diagonal. A half turn sends the top left weight to the bottom right corner."
)
def transposes(kernel, dout):
    (KH, KW), (OH, OW) = kernel.shape, dout.shape
    room = np.pad(dout, ((KH - 1, KH - 1), (KW - 1, KW - 1)))
    dx = np.zeros((OH + KH - 1, OW + KW - 1))
    for i, j in np.ndindex(*dx.shape):
        dx[i, j] = np.sum(room[i : i + KH, j : j + KW] * kernel.T)
    return dx
