"""Slide a small kernel over an image."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 12, 2, 2
HINTS = (
    "How many places has the window, downwards and across? Make an array of zeros of that shape, and two loops over its places.",
    "At place (i, j) the window's pixels are image[i : i + KH, j : j + KW]. What did the hand do with them and the kernel?",
    "out[i, j] = np.sum(image[i : i + KH, j : j + KW] * kernel), for i in range(H - KH + 1), j in range(W - KW + 1)",
)


def corr2d(image, kernel):
    image = image.astype(float)  # bytes would wrap
    (H, W), (KH, KW) = image.shape, kernel.shape
    out = np.zeros((H - KH + 1, W - KW + 1))  # one number for each place of the window
    for i in range(H - KH + 1):
        for j in range(W - KW + 1):
            out[i, j] = np.sum(image[i : i + KH, j : j + KW] * kernel)
    return out


def trials(rng):
    yield (
        "two places, by hand",
        np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]),
        np.array([[1.0, 2.0], [0.0, -1.0]]),
    )
    yield "a tall kernel on a wide image", rng.normal(size=(4, 7)), rng.normal(size=(3, 2))
    yield "square and square", rng.normal(size=(5, 5)), rng.normal(size=(3, 3))
    yield "a kernel as large as the image", rng.normal(size=(3, 4)), rng.normal(size=(3, 4))
    yield "a kernel of one pixel", rng.normal(size=(3, 4)), np.array([[-2.0]])
    yield "a row for a kernel", rng.normal(size=(3, 6)), np.array([[1.0, 0.0, -3.0]])
    yield "whole numbers and a kernel of one half", rng.integers(1, 9, (4, 5)), np.array([[0.5]])
    yield (
        "bytes, the kernel too",
        np.array([[200, 200, 9]], dtype=np.uint8),
        np.array([[2, 1]], dtype=np.uint8),
    )
    yield "bytes", rng.integers(0, 256, (4, 5)).astype(np.uint8), np.array([[-1, 1], [2, 1]])


@wrong(
    "The kernel was turned by half a turn before it was laid on. Here it is laid on as it stands: its top left number meets the "
    "window's top left pixel."
)
def flips_the_kernel(image, kernel):
    return corr2d(image, kernel[::-1, ::-1])


@wrong(
    "One row and one column of places are missing. A window of 3 on 5 pixels can start at 0, 1 and 2: how many places is that?"
)
def forgets_the_last_place(image, kernel):
    return corr2d(image, kernel)[:-1, :-1]


@wrong(
    "The result is as large as the image: you let the window hang over the border. Here it stays inside, so the result is smaller "
    "by KH - 1 and KW - 1."
)
def keeps_the_size(image, kernel):
    KH, KW = kernel.shape
    top, left = (KH - 1) // 2, (KW - 1) // 2
    return corr2d(np.pad(image, ((top, KH - 1 - top), (left, KW - 1 - left))), kernel)


@wrong("That is the answer at the first place alone. The window has more places; each gives a number.")
def stays_at_the_first_place(image, kernel):
    KH, KW = kernel.shape
    return np.sum(image[:KH, :KW] * kernel)


@wrong(
    "Every place got the answer of the first. The window's pixels must depend on i and j: it starts at row i, column j."
)
def never_moves(image, kernel):
    KH, KW = kernel.shape
    return np.full_like(corr2d(image, kernel), np.sum(image[:KH, :KW] * kernel))


@wrong(
    "The last product won: `=` in the inner loop throws the others away. All KH * KW products add up, so `+=`."
)
def keeps_the_last_product(image, kernel):
    KH, KW = kernel.shape
    return image[KH - 1 :, KW - 1 :] * kernel[-1, -1]


@wrong(
    "The window jumps by its own size, so the windows never overlap. It moves by one pixel, and neighbouring windows share most "
    "of theirs."
)
def jumps_by_the_kernel(image, kernel):
    return corr2d(image, kernel)[:: kernel.shape[0], :: kernel.shape[1]]


@wrong(
    "The values were cut to the image's kind of number (whole numbers, or bytes that wrap at 256). Ask for floats: np.zeros gives "
    "them, np.zeros_like takes the image's kind."
)
def takes_the_images_dtype(image, kernel):
    return corr2d(image, kernel).astype(np.int64).astype(image.dtype)


@wrong(
    "The last row and column of places stayed 0: the loops are a place short. range(n) ends at n - 1, so it is "
    "range(H - KH + 1)."
)
def leaves_the_last_place_empty(image, kernel):
    out = corr2d(image, kernel)
    out[-1], out[:, -1] = 0, 0
    return out


@wrong(
    "The window shrinks as it moves: a slice names where it *ends*, not how long it is. From row i on, KH rows end at i + KH."
)
def ends_at_the_kernels_size(image, kernel):
    (H, W), (KH, KW) = image.shape, kernel.shape
    out = np.zeros((H - KH + 1, W - KW + 1))
    for i, j in np.ndindex(*out.shape):
        out[i, j] = np.sum(image[i:KH, j:KW] * kernel)
    return out


@wrong(
    "Only the first row of places is filled: `return` stands inside the outer loop and ends everything. It belongs below both."
)
def returns_inside_the_loop(image, kernel):
    out = corr2d(image, kernel)
    out[1:] = 0
    return out


@wrong("`@` is the matrix product, rows times columns. Here each pixel meets one number of the kernel: `*`.")
def multiplies_as_matrices(image, kernel):
    (H, W), (KH, KW) = image.shape, kernel.shape
    out = np.zeros((H - KH + 1, W - KW + 1))
    for i, j in np.ndindex(*out.shape):
        out[i, j] = np.sum(image[i : i + KH, j : j + KW] @ kernel)
    return out


@wrong("You took the mean of the products. The window's answer is their sum.")
def takes_the_mean(image, kernel):
    return corr2d(image, kernel) / kernel.size


@wrong("The result is transposed: i counts rows and comes first, out[i, j].")
def transposes_the_result(image, kernel):
    return corr2d(image, kernel).T


@wrong("Bytes times bytes stay bytes, and wrap at 256. Convert first: `image.astype(float)`.")
def multiplies_bytes(image, kernel):
    (H, W), (KH, KW) = image.shape, kernel.shape
    out = np.zeros((H - KH + 1, W - KW + 1))
    for i in range(H - KH + 1):
        for j in range(W - KW + 1):
            out[i, j] = np.sum(image[i : i + KH, j : j + KW] * kernel)
    return out
