"""Send each slope back to the pixel that was the largest of its window."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 20, 4, 3
HINTS = (
    "Nudge one pixel that isn't the largest of its window: does the answer move? So which pixels get a slope at all, and how much?",
    "Plain way: four loops over image, row, column and colour of dout; the window is x[n, 2*i : 2*i + 2, 2*j : 2*j + 2, c], and "
    "window.argmax() counts its first largest in row-major order, 0 to 3. How do 0 to 3 become a row and a column?",
    "row, column = divmod(window.argmax(), 2); dx[n, 2*i + row, 2*j + column, c] = dout[n, i, j, c]",
)


def maxpool_backward(x, dout):
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(*dout.shape):
        window = x[n, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2, c]
        row, column = divmod(window.argmax(), 2)  # argmax names the first of equal ones
        dx[n, 2 * i + row, 2 * j + column, c] = dout[n, i, j, c]
    return dx


def trials(rng):
    yield (
        "two windows, by hand",
        np.array([[1.0, 2.0, 0.0, 5.0], [4.0, 3.0, 1.0, 2.0]]).reshape(1, 2, 4, 1),
        np.array([10.0, -1.5]).reshape(1, 1, 2, 1),
    )
    yield (
        "a tie between top right and bottom left",
        np.array([[1.0, 3.0], [3.0, 2.0]]).reshape(1, 2, 2, 1),
        np.array([6.0]).reshape(1, 1, 1, 1),
    )
    yield "all equal, as after relu", np.zeros((1, 2, 2, 1)), np.array([-4.0]).reshape(1, 1, 1, 1)
    yield "all below 0", -1 - rng.random(size=(1, 2, 4, 1)), rng.normal(size=(1, 1, 2, 1))
    yield "two images, three colours", rng.normal(size=(2, 4, 6, 3)), rng.normal(size=(2, 2, 3, 3))
    yield "everything is two", rng.normal(size=(2, 2, 2, 2)), rng.normal(size=(2, 1, 1, 2))
    yield "whole numbers, many ties", rng.integers(0, 2, (2, 4, 4, 2)), rng.normal(size=(2, 2, 2, 2))


def _apart(x):
    n, h, w, c = x.shape
    return x.reshape(n, h // 2, 2, w // 2, 2, c)


def _large(table):
    return table.repeat(2, axis=1).repeat(2, axis=2)


def _largest(x):
    return x == _large(_apart(x).max(axis=(2, 4)))


@wrong("In a tie each of the largest got the whole slope. It goes to one of them: the first, row by row.")
def pays_every_winner(x, dout):
    return _large(dout) * _largest(x)


@wrong("In a tie the slope was shared. Here it goes whole to the first of the largest, row by row.")
def shares_among_winners(x, dout):
    counts = _large(_apart(_largest(x)).sum(axis=(2, 4)))
    return _large(dout) * _largest(x) / counts


@wrong("In a tie the *last* of the largest got the slope. Agreed is the first, row by row.")
def pays_the_last_winner(x, dout):
    return maxpool_backward(x[:, ::-1, ::-1], dout[:, ::-1, ::-1])[:, ::-1, ::-1]


@wrong(
    "In a tie the first one *column by column* got the slope. Agreed is row by row: top right comes before bottom left."
)
def reads_by_columns(x, dout):
    across = maxpool_backward(x.transpose(0, 2, 1, 3), dout.transpose(0, 2, 1, 3))
    return across.transpose(0, 2, 1, 3)


@wrong(
    "Every pixel of the window got a quarter. That is the way back through a *mean*; the largest alone decided the maximum."
)
def shares_out_evenly(x, dout):
    return _large(dout) / 4


@wrong("Every pixel of the window got the slope. Only the largest moved the answer.")
def pays_everybody(x, dout):
    return _large(dout)


@wrong(
    "The slope always went to the window's top left pixel. It belongs to the largest, wherever that stands."
)
def pays_the_corner(x, dout):
    dx = np.zeros(x.shape)
    dx[:, ::2, ::2] = dout
    return dx


@wrong(
    "The pixel's value came along: the slope of a maximum in its largest input is 1, so what arrives goes through as it is."
)
def multiplies_by_the_pixel(x, dout):
    return maxpool_backward(x, dout) * x


@wrong(
    "The slopes were cut to whole numbers, since x has whole numbers and np.zeros_like(x) makes the same kind. np.zeros(x.shape) "
    "makes floats."
)
def makes_room_for_whole_numbers(x, dout):
    return maxpool_backward(x, dout).astype(x.dtype)


@wrong(
    "The largest was looked for in all colours together. Each colour was pooled for itself and has a winner of its own."
)
def one_winner_for_all_colours(x, dout):
    dx = np.zeros(x.shape)
    for n, i, j in np.ndindex(*dout.shape[:3]):
        window = x[n, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2].max(axis=2)
        row, column = divmod(window.argmax(), 2)
        dx[n, 2 * i + row, 2 * j + column] = dout[n, i, j]
    return dx


@wrong(
    "The windows overlap: yours begin at row i. Window i begins at row 2 * i, and the same goes for columns."
)
def forgets_to_double(x, dout):
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(*dout.shape):
        row, column = divmod(x[n, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2, c].argmax(), 2)
        dx[n, i + row, j + column, c] = dout[n, i, j, c]
    return dx


@wrong("Row and column inside the window are exchanged: number 1 is top *right*. divmod gives the row first.")
def exchanges_row_and_column(x, dout):
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(*dout.shape):
        column, row = divmod(x[n, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2, c].argmax(), 2)
        dx[n, 2 * i + row, 2 * j + column, c] = dout[n, i, j, c]
    return dx


@wrong("These are ones where the winners stand. The winner gets the slope that arrives, dout.")
def marks_the_winners(x, dout):
    return maxpool_backward(x, np.ones(dout.shape))


@wrong(
    "The winners' pixels stand there themselves. Their place is right; what belongs there is the slope, dout."
)
def returns_the_pixels(x, dout):
    return maxpool_backward(x, np.ones(dout.shape)) * x
