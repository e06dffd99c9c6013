"""Compile the loops of a sliding window."""

import numpy as np

from course.exercises import wrong

try:
    from numba import njit
except ImportError:  # in a browser; NEEDS keeps the exercise from being judged there

    def njit(function):
        return function


MINUTES, LEVEL, POINTS = 10, 3, 2
NEEDS = ("numba",)
HINTS = (
    "Begin with plain Python, without `@njit`: four loops, over the places (i, j) and over the kernel (k, l). Get that right first; "
    "Python complains about an index that is out of range, compiled code doesn't.",
    "For each place start a sum at 0.0, add image[i + k, j + l] times kernel[k, l] for all k and l, and store it. Then write `@njit` "
    "right above `def`.",
    "@njit; out = np.zeros((H - KH + 1, W - KW + 1)); for i ...: for j ...: total = 0.0; for k ...: for l ...: total += image[i + k, "
    "j + l] * kernel[k, l]; out[i, j] = total",
)


@njit
def corr2d_numba(image, kernel):
    (H, W), (KH, KW) = image.shape, kernel.shape
    out = np.zeros((H - KH + 1, W - KW + 1))
    for i in range(H - KH + 1):
        for j in range(W - KW + 1):
            total = 0.0
            for k in range(KH):
                for m in range(KW):
                    total += image[i + k, j + m] * kernel[k, m]
            out[i, j] = total
    return out


def observe(answer, image, kernel):
    if hasattr(
        answer, "py_func"
    ):  # uncompiled first: it complains of an index beyond the end, where compiled code goes on
        answer.py_func(image.copy(), kernel.copy())
    result = answer(image, kernel)
    return {"the result": result, "compiled by numba": len(getattr(answer, "nopython_signatures", ())) > 0}


def trials(rng):
    yield (
        "two places, by hand",
        np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]),
        np.array([[1.0, 2.0], [0.0, -1.0]]),
    )
    yield "a tall kernel on a wide image", rng.normal(size=(4, 7)), rng.normal(size=(3, 2))
    yield "square and square", rng.normal(size=(5, 5)), rng.normal(size=(3, 3))
    yield "a kernel as large as the image", rng.normal(size=(3, 4)), rng.normal(size=(3, 4))
    yield "whole numbers and a kernel of one half", rng.integers(1, 9, (4, 5)), np.array([[0.5]])


def _as_if_compiled(function):
    """Mark a mistake as compiled: its numbers are the same without, and a report shouldn't wait for ten compilations."""
    function.nopython_signatures = [None]
    return function


def _loops(image, kernel):
    (H, W), (KH, KW) = image.shape, kernel.shape
    places = np.ndindex(H - KH + 1, W - KW + 1)
    numbers = [np.sum(image[i : i + KH, j : j + KW] * kernel) for i, j in places]
    return np.array(numbers, float).reshape(H - KH + 1, W - KW + 1)


@wrong("The numbers are right, and plain Python made them. Write `@njit` on the line above `def`.")
def is_not_compiled(image, kernel):
    return _loops(image, kernel)


@wrong("The kernel was turned by half a turn. Here it is laid on as it stands, as in `corr2d`.")
@_as_if_compiled
def flips_the_kernel(image, kernel):
    return _loops(image, kernel[::-1, ::-1])


@wrong(
    "The sum goes on from place to place. It must begin at 0 anew for each: inside the two outer loops, before the two inner ones."
)
@_as_if_compiled
def never_starts_afresh(image, kernel):
    right = _loops(image, kernel)
    return np.cumsum(right).reshape(right.shape)


@wrong("Only the last product is there: `=` where `+=` is due.")
@_as_if_compiled
def keeps_the_last_product(image, kernel):
    KH, KW = kernel.shape
    return image[KH - 1 :, KW - 1 :] * kernel[-1, -1]


@wrong("The last row and column of places are missing: H - KH + 1 of them, not H - KH.")
@_as_if_compiled
def forgets_the_last_place(image, kernel):
    return _loops(image, kernel)[:-1, :-1]


@wrong(
    "The loops are a place short in each direction, so the last row and column stayed 0. range(n) ends at n - 1."
)
@_as_if_compiled
def leaves_the_last_place_empty(image, kernel):
    out = _loops(image, kernel)
    out[-1], out[:, -1] = 0, 0
    return out


@wrong(
    "The values were cut to whole numbers: the result took the image's kind of number. np.zeros((..., ...)) makes floats."
)
@_as_if_compiled
def takes_the_images_dtype(image, kernel):
    return _loops(image, kernel).astype(image.dtype)


@wrong(
    "Every place has the answer of the first. The pixel under kernel[k, l] is image[i + k, j + l]: it moves with the window."
)
@_as_if_compiled
def never_moves(image, kernel):
    right = _loops(image, kernel)
    return np.full_like(right, right[0, 0])
