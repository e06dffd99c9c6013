"""Repair a convolution that turns its kernel only half way."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 6, 3, 2
STARTER = "flips_rows_only"
HINTS = (
    "Print `kernel` and `flipped` for a kernel of four different numbers. Where should the top left number go?",
    "A half turn exchanges top and bottom *and* left and right. `[::-1]` reverses the first axis only.",
    "flipped = kernel[::-1, ::-1]",
)


def convolve2d(image, kernel):
    flipped = kernel[::-1, ::-1]  # both axes: a half turn
    (H, W), (KH, KW) = image.shape, kernel.shape
    out = np.zeros((H - KH + 1, W - KW + 1))
    for i in range(H - KH + 1):
        for j in range(W - KW + 1):
            out[i, j] = np.sum(image[i : i + KH, j : j + KW] * flipped)
    return out


def _slide(image, kernel):
    return convolve2d(image, kernel[::-1, ::-1])


def trials(rng):
    yield "a level edge", rng.integers(0, 9, (4, 5)) * 1.0, np.array([[1.0], [-1.0]])
    yield "a dot", np.pad([[1.0]], 1), np.array([[1.0, 2.0], [3.0, 4.0]])
    yield "a row for a kernel", rng.normal(size=(3, 6)), np.array([[1.0, 2.0, -3.0]])
    yield "square and square", rng.normal(size=(5, 5)), rng.normal(size=(3, 3))
    yield "a tall kernel", rng.normal(size=(6, 5)), rng.normal(size=(3, 2))


@wrong(
    "On a kernel that is the same left and right it is correct. What happens to a kernel of four different numbers? Follow its top "
    "left one."
)
def flips_rows_only(image, kernel):
    return _slide(image, kernel[::-1])


@wrong(
    "Now left and right are exchanged, and top and bottom are not. Each number must go to the opposite corner."
)
def flips_columns_only(image, kernel):
    return _slide(image, kernel[:, ::-1])


@wrong("Nothing is turned: that is the cross-correlation of `corr2d`.")
def flips_nothing(image, kernel):
    return _slide(image, kernel)


@wrong(
    "The kernel was transposed, mirrored at its diagonal. A half turn sends the top left number to the bottom right corner."
)
def transposes(image, kernel):
    (H, W), (KH, KW) = image.shape, kernel.shape
    out = np.zeros((H - KH + 1, W - KW + 1))
    for i, j in np.ndindex(*out.shape):
        out[i, j] = np.sum(image[i : i + KH, j : j + KW] * kernel.T)
    return out


@wrong("The kernel is right, and then the result was turned as well. Its places stay in order.")
def turns_the_result_too(image, kernel):
    return convolve2d(image, kernel)[::-1, ::-1]


@wrong(
    "The image was turned along with the kernel. Then the places come in reverse; only the kernel makes a half turn."
)
def turns_the_image_too(image, kernel):
    return convolve2d(image[::-1, ::-1], kernel)


@wrong("That is a quarter turn. A half turn sends each number to the opposite corner.")
def turns_a_quarter(image, kernel):
    (H, W), (KH, KW) = image.shape, kernel.shape
    out = np.zeros((H - KH + 1, W - KW + 1))
    for i, j in np.ndindex(*out.shape):
        out[i, j] = np.sum(image[i : i + KH, j : j + KW] * np.rot90(kernel))
    return out
