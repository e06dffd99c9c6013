"""Repair a count that is far too high."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 10, 3, 2
STARTER = "compares_every_pair"
HINTS = (
    "Don't look at the numbers, look at the shapes: print `says.shape`, `labels.shape` and `(says - labels).shape`.",
    "A column (N, 1) minus a flat (N,) is a table (N, N): every answer meets every label. Flatten the column first.",
    "`says[:, 0]` takes column 0, and with it the second axis, away. So does `says.ravel()`.",
)


def count_misjudged(X, w, b, labels):
    scores = (X @ w)[:, 0] + b  # (N, 1) -> (N,)
    says = (scores > 0).astype(int)  # (N,)
    return np.sum(np.abs(says - labels))


def trials(rng):
    w, b = np.array([[1.0], [2.0]]), -8.2
    flowers = np.array([[4.8, 1.8], [4.7, 1.4], [6.0, 2.5]])
    yield "three flowers, one misjudged", flowers, w, b, np.array([0, 0, 1])
    yield "one example, judged right", np.ones((1, 9)), np.ones((9, 1)), -8.0, np.array([1])
    on_the_line = np.array([[1.0, 1.0], [3.0, 0.0], [0.5, 0.5], [2.0, 2.0]])
    yield "a flower exactly on the line", on_the_line, np.array([[1.0], [1.0]]), -2.0, np.array([0, 1, 0, 1])
    five = np.array([[5.0, 2.0], [4.0, 1.0], [6.0, 2.0], [4.5, 1.2], [5.5, 2.1]])
    yield "wrong in both directions", five, w, b, np.array([0, 1, 1, 1, 0])
    yield "all of them misjudged", flowers, w, b, np.array([0, 1, 0])
    X = rng.normal(size=(30, 3))
    true_w = np.array([[1.0], [-2.0], [0.5]])
    labels = ((X @ true_w)[:, 0] > 0).astype(int)
    labels[:7] = 1 - labels[:7]
    yield "thirty examples, seven misjudged", X, true_w, 0.0, labels


@wrong(
    "More flowers are misjudged than there are: `(says - labels).shape` is (N, N), so every answer is "
    "compared with every label. Nothing complains. Print `says.shape` and `labels.shape`: how would they match?"
)
def compares_every_pair(X, w, b, labels):
    says = (X @ w + b > 0).astype(int)
    return np.sum(np.abs(says - labels))


@wrong(
    "You divided the count of all pairs by N. The table (N, N) still compares each answer with labels of other "
    "flowers; only its diagonal is about you. Flatten `says` so that no table arises."
)
def averages_the_table(X, w, b, labels):
    says = (X @ w + b > 0).astype(int)
    return np.sum(np.abs(says - labels)) / len(labels)


@wrong(
    "`says[0]` is the first row: the answer for one flower, compared with all labels. The first *column* is `says[:, 0]`."
)
def first_row_only(X, w, b, labels):
    says = (X @ w + b > 0).astype(int)
    return np.sum(np.abs(says[0] - labels))


@wrong(
    "The shapes are right now, but +1 and -1 cancel: a mistake in each direction counts as none. Keep the `abs`."
)
def errors_cancel(X, w, b, labels):
    says = (X @ w + b > 0).astype(int)[:, 0]
    return np.sum(says - labels)


@wrong("You counted the examples that are judged right.")
def counts_the_right_ones(X, w, b, labels):
    says = (X @ w + b > 0).astype(int)[:, 0]
    return np.sum(says == labels)


@wrong(
    "That is the share of misjudged examples, between 0 and 1. The number of them is asked for: sum, not mean."
)
def returns_the_share(X, w, b, labels):
    says = (X @ w + b > 0).astype(int)[:, 0]
    return np.mean(says != labels)


@wrong("You counted only class 0 that was called 1. A class 1 that is called 0 is misjudged too.")
def one_direction_only(X, w, b, labels):
    says = (X @ w + b > 0).astype(int)[:, 0]
    return np.sum(says > labels)


@wrong("A score of exactly 0 is not above 0, so it means class 0. You used >= in place of >.")
def zero_counts_as_one(X, w, b, labels):
    says = (X @ w + b >= 0).astype(int)[:, 0]
    return np.sum(says != labels)
