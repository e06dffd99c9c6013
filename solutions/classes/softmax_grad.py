"""Find all slopes of the cross-entropy in the scores at once."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 12, 3, 3
HINTS = (
    "Two things are subtracted, both (N, K): what the model says, and what it should say. You have written both before.",
    "Shares of each row as in `row_shares` (take the row's maximum away first), minus a 1 in each row's right column. And "
    "the loss is a *mean* over N rows: what does that do to each row's slope?",
    "p = shares of each row; p[np.arange(N), labels] -= 1; return p / N.",
)


def softmax_grad(scores, labels):
    positive = np.exp(scores - scores.max(axis=1, keepdims=True))
    slopes = positive / positive.sum(axis=1, keepdims=True)  # (N, K), what the model says
    slopes[np.arange(len(labels)), labels] -= 1  # minus what it should say
    return slopes / len(labels)  # the loss is a mean


def trials(rng):
    yield "one row you can do by hand", np.array([[0.0, np.log(3.0)]]), np.array([0])
    yield "three rows, four classes", rng.normal(size=(3, 4)), np.array([3, 0, 3])
    yield "as many rows as classes", rng.normal(size=(4, 4)), rng.permutation(4)
    yield "the last class does not occur", rng.normal(size=(5, 3)), np.array([0, 1, 1, 0, 1])
    yield (
        "scores near 1000 and -1000",
        rng.normal(size=(2, 3)) + np.array([[1000.0], [-1000.0]]),
        np.array([2, 0]),
    )
    yield (
        "a row 2000 wide, wrong at the far end",
        np.array([[0.0, 2000.0, 1.0], [-1.0, 0.5, 0.0]]),
        np.array([0, 1]),
    )
    yield "nearly sure, and right", np.array([[30.0, 0.0], [0.0, 25.0]]), np.array([0, 1])


@wrong("These are the slopes of the *sum* of the prices. The loss is their mean: each row counts one N-th.")
def sum_not_mean(scores, labels):
    return softmax_grad(scores, labels) * len(labels)


@wrong(
    "Up and down are swapped: this is y - p. A score that is too high must have a slope above 0, so p - y."
)
def turns_the_sign(scores, labels):
    return -softmax_grad(scores, labels)


@wrong(
    "You divided by all N * K entries. A row has K scores but only one price, and the mean runs over the N prices."
)
def averages_over_classes_too(scores, labels):
    return softmax_grad(scores, labels) / scores.shape[1]


@wrong("That is p alone, what the model says. What it *should* say is still to be taken away.")
def forgets_the_labels(scores, labels):
    positive = np.exp(scores - scores.max(axis=1, keepdims=True))
    return positive / positive.sum(axis=1, keepdims=True) / len(labels)


@wrong("You took the labels away from the *scores*. Softmax comes first: it is p - y, not s - y.")
def scores_minus_labels(scores, labels):
    return (scores - np.eye(scores.shape[1])[labels]) / len(labels)


@wrong("exp overflows for scores near 1000. Take each row's maximum away first; the shares don't change.")
def no_max_shift(scores, labels):
    positive = np.exp(scores)
    slopes = positive / positive.sum(axis=1, keepdims=True)
    slopes[np.arange(len(labels)), labels] -= 1
    return slopes / len(labels)


@wrong(
    "Softmax was taken down the columns, so the examples compete. Each row shares out its own certainty: axis 1."
)
def shares_down_the_columns(scores, labels):
    positive = np.exp(scores - scores.max(axis=1, keepdims=True))
    slopes = positive / positive.sum(axis=0)
    slopes[np.arange(len(labels)), labels] -= 1
    return slopes / len(labels)


@wrong(
    "`slopes[:, labels] -= 1` takes 1 from whole columns, once for every row that has that label. Pair row numbers with "
    "labels: `slopes[np.arange(N), labels]`."
)
def takes_from_whole_columns(scores, labels):
    positive = np.exp(scores - scores.max(axis=1, keepdims=True))
    slopes = positive / positive.sum(axis=1, keepdims=True)
    slopes[:, labels] -= 1
    return slopes / len(labels)


@wrong(
    "You multiplied by p(1 - p), the slope of one share in its own score. In the cross-entropy that factor cancels: what is "
    "left is p - y."
)
def multiplies_by_the_sigmoids_slope(scores, labels):
    positive = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = positive / positive.sum(axis=1, keepdims=True)
    return p * (1 - p) * softmax_grad(scores, labels)


@wrong(
    "Only the right class got a slope. Its price falls too when another class's score falls, because they share one total."
)
def only_the_right_class(scores, labels):
    return softmax_grad(scores, labels) * np.eye(scores.shape[1])[labels]


@wrong(
    "You subtracted the class *numbers*. What should be said is a one-hot row: 1 in the right column, 0 in the others."
)
def subtracts_the_class_numbers(scores, labels):
    positive = np.exp(scores - scores.max(axis=1, keepdims=True))
    return (positive / positive.sum(axis=1, keepdims=True) - labels[:, None]) / len(labels)


@wrong(
    "`slopes[labels] -= 1` takes 1 from whole *rows*. Pair row numbers with labels: `slopes[np.arange(N), labels]`."
)
def takes_from_whole_rows(scores, labels):
    positive = np.exp(scores - scores.max(axis=1, keepdims=True))
    slopes = positive / positive.sum(axis=1, keepdims=True)
    slopes[labels] -= 1
    return slopes / len(labels)


@wrong("The shares were divided by N before the 1 was taken away. Divide p - y as a whole.")
def divides_too_early(scores, labels):
    positive = np.exp(scores - scores.max(axis=1, keepdims=True))
    slopes = positive / positive.sum(axis=1, keepdims=True) / len(labels)
    slopes[np.arange(len(labels)), labels] -= 1
    return slopes
