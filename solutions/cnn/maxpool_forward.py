"""Keep the largest number of each 2 x 2 window."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 8, 3, 2
HINTS = (
    "The cell above takes means of 2 x 2 windows. What changes?",
    "Split both axes in two, (N, H/2, 2, W/2, 2, C). Axes 2 and 4 now count inside a window; the largest over these two.",
    "n, h, w, c = x.shape; return x.reshape(n, h // 2, 2, w // 2, 2, c).max(axis=(2, 4))",
)


def maxpool_forward(x):
    n, h, w, c = x.shape
    windows = x.reshape(n, h // 2, 2, w // 2, 2, c)  # axes 2 and 4 count inside a window
    return windows.max(axis=(2, 4))


def trials(rng):
    yield "two windows, by hand", np.array([[1.0, 2.0, 0.0, 5.0], [4.0, 3.0, 1.0, 2.0]]).reshape(1, 2, 4, 1)
    yield "all far below 0", -1e6 * (1 + rng.random(size=(1, 2, 4, 1)))
    yield "two images, three colours", rng.normal(size=(2, 4, 6, 3))
    yield "square", rng.normal(size=(2, 4, 4, 2))
    yield "everything is two", rng.normal(size=(2, 2, 2, 2))


@wrong(
    "That is one number for the whole array (or image). One of the articles writes max(x); what it means is the maximum of one "
    "*window*, for each window."
)
def takes_the_largest_of_all(x):
    return x.max()


@wrong("One number for each image and colour: the whole image was taken for a window. Windows are 2 x 2.")
def takes_the_largest_of_each_image(x):
    return x.max(axis=(1, 2))


@wrong("These are means. Here the largest of the four is kept.")
def takes_the_mean(x):
    n, h, w, c = x.shape
    return x.reshape(n, h // 2, 2, w // 2, 2, c).mean(axis=(2, 4))


@wrong(
    "Pixels from far apart were compared: (2, H/2) cuts the axis into two halves. The two of a window are neighbours: (H/2, 2)."
)
def splits_into_halves(x):
    n, h, w, c = x.shape
    return x.reshape(n, 2, h // 2, 2, w // 2, c).max(axis=(1, 3))


@wrong(
    "Nothing is ever below 0: did the search for the largest begin at 0? Then a window of negative numbers goes wrong."
)
def begins_at_nought(x):
    return np.maximum(maxpool_forward(x), 0)


@wrong("The colours were compared with each other. Each colour is pooled for itself.")
def pools_the_colours(x):
    return np.broadcast_to(maxpool_forward(x).max(axis=3, keepdims=True), maxpool_forward(x).shape)


@wrong(
    "The windows overlap: yours move by one pixel. With stride 2 each pixel lies in exactly one, and the picture is half as large."
)
def moves_by_one(x):
    pairs = np.maximum(x[:, :-1], x[:, 1:])
    return np.maximum(pairs[:, :, :-1], pairs[:, :, 1:])


@wrong("Pixels were left out, not compared: every second row and column alone (`[::2]`) is no maximum.")
def keeps_every_second(x):
    return x[:, ::2, ::2]


@wrong("Only rows were pooled; a window is two pixels high *and* two wide.")
def pools_rows_only(x):
    return np.maximum(x[:, ::2], x[:, 1::2])


@wrong(
    "(N, H/2, W/2, 2, 2, C) cuts the numbers into fours as they stand in memory, along the rows: those four are no window. Split each "
    "axis where it stands: (N, H/2, 2, W/2, 2, C)."
)
def splits_in_the_wrong_order(x):
    n, h, w, c = x.shape
    return x.reshape(n, h // 2, w // 2, 2, 2, c).max(axis=(3, 4))


@wrong("You went over the windows, axes 1 and 3. Inside a window count axes 2 and 4.")
def goes_over_the_windows(x):
    n, h, w, c = x.shape
    return x.reshape(n, h // 2, 2, w // 2, 2, c).max(axis=(1, 3))


@wrong(
    "The windows overlap: yours begin at row i. Window i begins at row 2 * i, and the same goes for columns."
)
def forgets_to_double(x):
    _, h, w, _ = x.shape
    return moves_by_one(x)[:, : h // 2, : w // 2]
