"""Write every window of a batch of images as a row of a table."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 15, 4, 3
HINTS = (
    "By hand for one image of 2 x 3 pixels and a window of 2 x 2: which four numbers stand in the first row, which in the second?",
    "Plain way: a list, three loops (image, row, column), append x[image, i : i + kh, j : j + kw].ravel(), np.array(list). ravel goes "
    "through the axes in order, the last one fastest. Is that the order wanted?",
    "Fast way: columns = np.zeros((n, oh, ow, kh, kw, c)); for i in range(kh), for j in range(kw): columns[:, :, :, i, j] = "
    "x[:, i : i + oh, j : j + ow]; then reshape to (n * oh * ow, kh * kw * c).",
)


def im2col(x, kh, kw):
    n, h, w, c = x.shape
    oh, ow = h - kh + 1, w - kw + 1
    columns = np.zeros((n, oh, ow, kh, kw, c))
    for i in range(kh):
        for j in range(kw):  # what place (i, j) of the window sees, in all windows at once
            columns[:, :, :, i, j] = x[:, i : i + oh, j : j + ow]
    return columns.reshape(n * oh * ow, kh * kw * c)


def _apart(x, kh, kw):
    n, h, w, c = x.shape
    return im2col(x, kh, kw).reshape(n, h - kh + 1, w - kw + 1, kh, kw, c)


def trials(rng):
    yield "two windows, by hand", np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]).reshape(1, 2, 3, 1), 2, 2
    yield "two images", rng.normal(size=(2, 3, 4, 1)), 2, 2
    yield "three colours", rng.normal(size=(1, 3, 4, 3)), 2, 2
    yield "a wide window", rng.normal(size=(2, 4, 5, 2)), 2, 3
    yield "everything is three", rng.normal(size=(3, 5, 5, 3)), 3, 3
    yield "a window as large as the image", rng.normal(size=(2, 3, 4, 2)), 3, 4
    yield "a window of one pixel", rng.normal(size=(2, 2, 3, 2)), 1, 1


@wrong(
    "Within a row, the colours come first (c, kh, kw). Wanted is kh, kw, c: all colours of a pixel stand together."
)
def channels_first(x, kh, kw):
    apart = _apart(x, kh, kw)
    return apart.transpose(0, 1, 2, 5, 3, 4).reshape(-1, kh * kw * x.shape[3])


@wrong(
    "Rows go through the places first and the images last. Wanted are all rows of the first image, then all of the second."
)
def images_last(x, kh, kw):
    apart = _apart(x, kh, kw)
    return apart.transpose(1, 2, 0, 3, 4, 5).reshape(-1, kh * kw * x.shape[3])


@wrong("The window's pixels are written column by column. Wanted is row by row: kh is the slower one.")
def window_by_columns(x, kh, kw):
    apart = _apart(x, kh, kw)
    return apart.transpose(0, 1, 2, 4, 3, 5).reshape(-1, kh * kw * x.shape[3])


@wrong("The places go down the columns of the image. Wanted is along each row first: ow is the faster one.")
def places_by_columns(x, kh, kw):
    apart = _apart(x, kh, kw)
    return apart.transpose(0, 2, 1, 3, 4, 5).reshape(-1, kh * kw * x.shape[3])


@wrong("Only the first image is there. Rows of all n images stand below each other.")
def first_image_only(x, kh, kw):
    return im2col(x[:1], kh, kw)


@wrong("Only the first colour is there. A row has kh * kw * c numbers.")
def first_channel_only(x, kh, kw):
    return im2col(x[..., :1], kh, kw)


@wrong("The last places are missing: h - kh + 1 windows fit below each other.")
def forgets_the_last_place(x, kh, kw):
    return im2col(x[:, :-1, :-1], kh, kw)


@wrong(
    "The windows of all images at one place stand in one row. `x[:, ...]` takes them all; a row is one window of *one* image."
)
def all_images_in_one_row(x, kh, kw):
    apart = _apart(x, kh, kw)
    return apart.transpose(1, 2, 0, 3, 4, 5).reshape(apart.shape[1] * apart.shape[2], -1)


@wrong("The table lies on its side. Each *row* is one window.")
def transposes(x, kh, kw):
    return im2col(x, kh, kw).T


@wrong(
    "The numbers are right, but still in (n, oh, ow, ...). Wanted is a table of two axes, one row for each window: reshape."
)
def keeps_the_places_apart(x, kh, kw):
    apart = _apart(x, kh, kw)
    return apart.reshape(*apart.shape[:3], -1)


@wrong(
    "reshape alone cuts the axes anew without moving a number: what stands in a row is then no longer one window. Bring the axes "
    "into the right order first (or fill the table window by window)."
)
def reshapes_without_moving(x, kh, kw):
    n, h, w, c = x.shape
    oh, ow = h - kh + 1, w - kw + 1
    stacked = np.stack([x[:, i : i + oh, j : j + ow] for i in range(kh) for j in range(kw)])
    return stacked.reshape(n * oh * ow, kh * kw * c)
