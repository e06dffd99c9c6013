"""Squash any score into a number between 0 and 1."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 6, 2, 1
ATOL = 1e-30  # far below 0 the values are tiny, and they count
HINTS = (
    "$1/(1 + e^{-x})$: at x = 1000 that is 1/(1 + 0), at x = -1000 it is 1/(1 + infinity). Are both right? Now try the other "
    "form, $e^x/(1 + e^x)$.",
    "np.exp(-x) may overflow to infinity without harm, since 1/infinity is 0; NumPy only warns. What must never happen is "
    "infinity over infinity. To be quiet as well, use for each sign the form whose exponent is not above 0.",
    "small = np.exp(-np.abs(x)), then np.where(x >= 0, 1, small) / (1 + small).",
)


def sigmoid(x):
    small = np.exp(-np.abs(x))  # between 0 and 1, whatever x is
    return np.where(x >= 0, 1.0, small) / (1.0 + small)


def trials(rng):
    yield "numbers you can do by hand", np.array([0.0, np.log(3.0), -np.log(3.0)])
    yield "a batch", rng.normal(size=(3, 4)) * 3
    yield "a single number", np.array(2.0)
    yield "whole numbers", np.array([[-2, 0], [1, 3]])
    yield "1000 and -1000", np.array([1000.0, -1000.0])
    yield "far below 0", np.array([-20.0, -40.0, -60.0])


@wrong(
    "Infinity over infinity is not a number: $e^x/(1+e^x)$ breaks for large x. Which form divides by e instead?"
)
def breaks_above(x):
    return np.exp(x) / (1 + np.exp(x))


@wrong("It falls where it should rise: a minus is missing in the exponent.")
def forgets_the_minus(x):
    return 1 / (1 + np.exp(x))


@wrong("That is tanh: it runs from -1 to 1. The sigmoid runs from 0 to 1.")
def gives_tanh(x):
    return np.tanh(x)


@wrong("You shared out the whole array (a softmax). Each entry is squashed on its own.")
def shares_out(x):
    positive = np.exp(x - np.max(x))
    return positive / positive.sum()


@wrong(
    "You clipped x, so -20 and -60 became equals. Nothing needs to be clipped: choose the form that can't overflow."
)
def clips_the_scores(x):
    return 1 / (1 + np.exp(-np.clip(x, -15, 15)))


@wrong("The slope of the sigmoid is s(1 - s). Wanted is s itself.")
def gives_the_slope(x):
    s = sigmoid(x)
    return s * (1 - s)


@wrong(
    "The values were put into an array of whole numbers: `np.zeros_like(x)` takes over the type of x. `np.zeros(x.shape)` makes "
    "floats."
)
def rounds_in_an_integer_array(x):
    result = np.zeros_like(x)
    result[...] = sigmoid(x)
    return result


@wrong(
    "Far below 0 the value is tiny, and you made it from two numbers that nearly cancel (1 minus nearly 1, or 1 plus a tanh near "
    "-1), which rounds it away. Which form has no such sum?"
)
def loses_the_tiny(x):
    return 1 - 1 / (1 + np.exp(x))
