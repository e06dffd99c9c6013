"""Measure how far numbers are from the truth, on average."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 5, 1, 1
HINTS = (
    "Work the example above on paper once more: errors, squares, average. Each of the three is one operation on "
    "a whole array.",
    "`predicted - target` is an array of N errors. What does `** 2` do to an array? And `np.mean`?",
    "np.mean((predicted - target) ** 2)",
)


def mse(predicted, target):
    error = predicted - target  # (N,)
    return np.mean(error**2)


def trials(rng):
    yield "three you can do by hand", np.array([14.0, 16.0, 20.0]), np.array([15.0, 16.0, 17.0])
    yield "a batch of one", np.array([2.5]), np.array([4.0])
    yield "numbers of both signs", rng.normal(size=7), rng.normal(size=7)
    yield "errors that cancel", np.array([1.0, -1.0, 3.0, -3.0]), np.zeros(4)
    yield "tiny errors on large numbers", 1000.0 + 0.01 * rng.normal(size=5), np.full(5, 1000.0)


@wrong("You added the squares and stopped. Divide by how many there are, or the loss grows with the batch.")
def sum_not_mean(predicted, target):
    return np.sum((predicted - target) ** 2)


@wrong("Exactly half of what is asked. Some books put a 1/2 in front; this contract has none.")
def halved(predicted, target):
    return 0.5 * np.mean((predicted - target) ** 2)


@wrong(
    "You averaged the sizes of the errors. That is the *absolute* error; here each error is squared first."
)
def absolute_error(predicted, target):
    return np.mean(np.abs(predicted - target))


@wrong(
    "You took the root at the end. A useful number (it has the unit of the data), but it isn't asked for here."
)
def root_mean_square(predicted, target):
    return np.sqrt(np.mean((predicted - target) ** 2))


@wrong(
    "You averaged first and squared then, so errors of +1 and -1 cancel. Square each one before you average."
)
def square_of_the_mean(predicted, target):
    return np.mean(predicted - target) ** 2


@wrong("Nothing is squared here, so an error of -3 pays for one of +3. Square each error before you average.")
def forgets_the_square(predicted, target):
    return np.mean(predicted - target)


@wrong("You squared both numbers and subtracted. Subtract first: the error is what gets squared.")
def difference_of_squares(predicted, target):
    return np.mean(predicted**2 - target**2)


@wrong("Only the first error was counted. Is the `return` inside your loop? Then it ends after one turn.")
def returns_after_the_first(predicted, target):
    return (predicted[0] - target[0]) ** 2 / len(predicted)
