"""Turn class numbers into rows with a single 1."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 6, 1, 1
HINTS = (
    "Begin with a table of zeros. Which entry of row 0 has to become 1, if its label is 3?",
    "A table takes a row number and a column number at once: `table[0, 3] = 1`. It also takes two lists of them. Row "
    "numbers are 0 to N - 1, `np.arange(N)`; what are the column numbers?",
    "table = np.zeros((len(labels), classes)), then table[np.arange(len(labels)), labels] = 1.",
)


def one_hot(labels, classes):
    table = np.zeros((len(labels), classes))  # (N, K)
    table[np.arange(len(labels)), labels] = 1  # in row i, the column that label i names
    return table


def trials(rng):
    yield "three labels you can do by hand", np.array([0, 2, 1]), 3
    yield "one label", np.array([1]), 4
    yield "the last class does not occur", np.array([0, 2, 2, 1, 0]), 4
    yield "the lowest class does not occur", np.array([3, 1, 2, 3]), 4
    yield "as many labels as classes", rng.permutation(5), 5
    yield "forty labels", rng.integers(0, 9, 40), 10


@wrong(
    "Your table is as wide as the largest label asks for. A class that happens not to occur still has its column: "
    "`classes` says how many there are."
)
def width_from_the_labels(labels, classes):
    return np.eye(labels.max() + 1)[labels]


@wrong(
    "`table[:, labels] = 1` fills whole columns, for every row. Give NumPy row *and* column numbers: it then takes them "
    "in pairs."
)
def fills_whole_columns(labels, classes):
    table = np.zeros((len(labels), classes))
    table[:, labels] = 1
    return table


@wrong("You counted classes from 1, so each 1 stands one column too far to the left. The first class is 0.")
def counts_from_one(labels, classes):
    return one_hot((labels - 1) % classes, classes)


@wrong("That is a row for each *class*. A row is an example: (N, K), as everywhere in this course.")
def a_row_for_each_class(labels, classes):
    return one_hot(labels, classes).T


@wrong("Only the first row has its 1. `return` inside the loop ends it after one turn.")
def only_the_first(labels, classes):
    table = np.zeros((len(labels), classes))
    table[0, labels[0]] = 1
    return table


@wrong("The label itself stands where the 1 should: class 3 isn't three times as true as class 1.")
def writes_the_label(labels, classes):
    return one_hot(labels, classes) * np.asarray(labels)[:, None]


@wrong(
    "These are the zeros and ones of another question: True or False where a 1 or a 0 belongs, turned round."
)
def zero_in_place_of_one(labels, classes):
    return 1 - one_hot(labels, classes)


@wrong(
    "`table[labels] = 1` fills whole *rows*, those that the labels name. Row i is example i: give NumPy row *and* column "
    "numbers."
)
def fills_whole_rows(labels, classes):
    table = np.zeros((len(labels), classes))
    table[labels] = 1
    return table
