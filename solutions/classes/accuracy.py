"""Say how many examples are classified right."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 5, 2, 1
HINTS = (
    "Which column has the largest score in each row? NumPy has a function that gives the *place* of a maximum.",
    "`scores.argmax(axis=1)` is (N,), one class for each row; of equal scores it takes the first. Compare it with the labels, "
    "and remember what the mean of True and False is.",
    "np.mean(scores.argmax(axis=1) == labels)",
)


def accuracy(scores, labels):
    return np.mean(scores.argmax(axis=1) == labels)  # the share of True


def trials(rng):
    yield (
        "four rows you can do by hand",
        np.array([[2.0, 1.0], [0.0, 5.0], [3.0, 4.0], [1.0, 0.0]]),
        np.array([0, 1, 0, 0]),
    )
    yield "a tie goes to the lowest class", np.array([[1.0, 1.0, 0.0], [0.0, 2.0, 2.0]]), np.array([0, 1])
    yield (
        "ties in every row",
        np.array([[1.0, 1.0, 0.0], [0.0, 2.0, 2.0], [2.0, 0.0, 2.0]]),
        np.array([0, 2, 0]),
    )
    yield (
        "all scores below 0",
        -np.array([[1.0, 2.0, 3.0], [3.0, 1.0, 2.0], [2.0, 3.0, 1.0]]),
        np.array([0, 2, 1]),
    )
    yield "none right", np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]), np.array([1, 0, 1])
    yield (
        "as many rows as classes",
        np.eye(4)[[1, 0, 2, 3]] + rng.normal(size=(4, 4)) / 100,
        np.array([1, 0, 2, 0]),
    )
    yield "fifty rows", rng.normal(size=(50, 6)), rng.integers(0, 5, 50)


@wrong("That is the number of right answers. Accuracy is their share: divide by N, or take the mean.")
def counts(scores, labels):
    return np.sum(scores.argmax(axis=1) == labels)


@wrong("That is the share of *wrong* answers.")
def counts_the_wrong(scores, labels):
    return np.mean(scores.argmax(axis=1) != labels)


@wrong("A tie goes to the lowest class, and yours goes to the highest.")
def ties_go_to_the_last(scores, labels):
    last = scores.shape[1] - 1 - scores[:, ::-1].argmax(axis=1)
    return np.mean(last == labels)


@wrong("You took the *lowest* score of each row.")
def takes_the_lowest(scores, labels):
    return np.mean(scores.argmin(axis=1) == labels)


@wrong(
    "A score above 0 is no decision here: several classes of a row may be above 0, or none. The largest wins."
)
def asks_for_above_zero(scores, labels):
    return np.mean(scores[np.arange(len(labels)), labels] > 0)


@wrong("That is a percentage. The statement asks for a number from 0 to 1.")
def gives_per_cent(scores, labels):
    return 100 * np.mean(scores.argmax(axis=1) == labels)


@wrong(
    "The places were looked up down the columns: which example has the most of each class. Rows are examples: axis 1."
)
def looks_down_the_columns(scores, labels):
    return np.mean(np.resize(scores.argmax(axis=0), len(labels)) == labels)


@wrong(
    "You counted a row as right if its label has the largest score, even if another class has it, too. A net gives one answer: "
    "of equal scores, that of the lowest class."
)
def any_tie_counts(scores, labels):
    return np.mean(scores[np.arange(len(labels)), labels] == scores.max(axis=1))


@wrong("You counted every tie as wrong. Of equal scores the lowest class wins, and it may be the right one.")
def no_tie_counts(scores, labels):
    right = scores[np.arange(len(labels)), labels]
    return np.mean((scores >= right[:, None]).sum(axis=1) == 1)
