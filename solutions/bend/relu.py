"""Cut off whatever is below 0."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 3, 1, 1
HINTS = (
    "For each number: is it above 0? Then it stays, else it becomes 0. Which of NumPy's functions compares two numbers and "
    "keeps one of them?",
    "`np.maximum(a, b)` compares entry by entry; one of them may be a single number. (`np.max` is another function.)",
    "np.maximum(x, 0)",
)


def relu(x):
    return np.maximum(x, 0.0)


def trials(rng):
    yield "five numbers", np.array([-2.0, -0.5, 0.0, 0.5, 3.0])
    yield "a batch", rng.normal(size=(3, 4))
    yield "a single number", np.array(-1.5)
    yield "all below 0", -rng.random(6) - 0.1
    yield "huge and tiny", np.array([-1e6, -1e-6, 1e-6, 1e6])


@wrong("You kept what is *below* 0. np.minimum and np.maximum are easily swapped.")
def keeps_what_is_below(x):
    return np.minimum(x, 0.0)


@wrong("That is the absolute value: numbers below 0 came back up. They should become 0.")
def folds_up(x):
    return np.abs(x)


@wrong("That is the slope of relu, 0 or 1. Wanted is relu itself.")
def gives_the_slope(x):
    return np.where(x > 0, 1.0, 0.0)


@wrong("Below 0 a little is left over. That is the leaky kind; plain relu is exactly 0 there.")
def leaks(x):
    return np.where(x > 0, x, 0.01 * x)


@wrong(
    "One number for the whole array: `np.max` takes the largest entry of one array, `np.maximum` compares two."
)
def largest_of_all(x):
    return np.maximum(np.max(x), 0.0)


@wrong("Cut off above 1 too: that is a clip, and huge scores lose their size.")
def clips_at_one(x):
    return np.clip(x, 0.0, 1.0)


@wrong(
    "`np.max(x, 0)` takes the largest along axis 0; its second argument is an axis. `np.maximum(x, 0)` compares entry by entry."
)
def largest_along_axis_0(x):
    return np.max(x, 0)
