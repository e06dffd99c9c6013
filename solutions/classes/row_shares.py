"""Repair a softmax that divides the wrong way."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 8, 3, 2
STARTER = "shares_down_the_columns"
HINTS = (
    "Print `row_shares(np.zeros((2, 3)))`, and add up each row and each column of what comes out. Which of them is 1?",
    "The axis that you name is the one that is added up, and vanishes. What should vanish here, examples or classes? And if "
    "it has vanished, do (N,) totals still line up with (N, K)?",
    "Both `axis=0` become `axis=1, keepdims=True`.",
)


def row_shares(scores):
    positive = np.exp(scores - scores.max(axis=1, keepdims=True))  # (N, K)
    return positive / positive.sum(axis=1, keepdims=True)  # (N, K) / (N, 1)


def trials(rng):
    yield "two rows you can do by hand", np.log(np.array([[1.0, 1.0, 2.0], [3.0, 1.0, 1.0]]))
    yield "as many rows as classes", rng.normal(size=(4, 4))
    yield "one row", rng.normal(size=(1, 5))
    yield "one row far above the others", np.array([[0.0, 1.0], [2.0, 0.0], [900.0, 901.0]])
    yield "one row that is 2000 wide", np.array([[0.0, 2000.0, 1.0], [-1000.0, 1000.0, 1000.5]])


@wrong(
    "As it is, a digit's chances depend on which others happen to stand beside it. Add up each row of what comes out, and each "
    "column: which of them is 1, and which should be?"
)
def shares_down_the_columns(scores):
    positive = np.exp(scores - scores.max(axis=0))
    return positive / positive.sum(axis=0)


@wrong(
    "The totals are right, (N,), and NumPy laid them along the columns. It is an error if N isn't K, and quietly wrong if it "
    "is: `keepdims=True`."
)
def forgets_keepdims(scores):
    positive = np.exp(scores - scores.max(axis=1))
    return positive / positive.sum(axis=1)


@wrong(
    "The division is repaired, the maximum is still taken down the columns. Each row must lose its *own* maximum, or a row far "
    "below another becomes 0/0."
)
def repairs_the_sum_only(scores):
    positive = np.exp(scores - scores.max(axis=0))
    return positive / positive.sum(axis=1, keepdims=True)


@wrong("Now the whole batch adds up to 1. Each row must, on its own.")
def shares_over_everything(scores):
    positive = np.exp(scores - scores.max())
    return positive / positive.sum()


@wrong(
    "Without taking the maximum away, exp(900) is too large for a float. That part of the code was right: keep it."
)
def drops_the_shift(scores):
    positive = np.exp(scores)
    return positive / positive.sum(axis=1, keepdims=True)


@wrong("The maximum is taken from each row now, the total still from each column. Both run along axis 1.")
def repairs_the_maximum_only(scores):
    positive = np.exp(scores - scores.max(axis=1, keepdims=True))
    return positive / positive.sum(axis=0)
