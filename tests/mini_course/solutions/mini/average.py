"""Take the mean of some numbers."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 3, 1, 1
HINTS = ("How many are there?", "Divide the sum by the count.", "`x.sum() / len(x)`")


def average(x):
    return np.sum(x) / x.size


def trials(rng):
    yield "three numbers", np.array([1.0, 2.0, 6.0])
    yield "five numbers", rng.uniform(1, 2, size=5)


@wrong("That is the sum: divide it by how many there are.")
def sums(x):
    return np.sum(x)


@wrong("You divided by one less than there are.")
def divides_by_one_less(x):
    return np.sum(x) / (x.size - 1)


@wrong("That is the middle one, the median.")
def takes_the_median(x):
    return np.median(x)


@wrong("That lies half way between the smallest and the largest.")
def takes_the_midrange(x):
    return (x.min() + x.max()) / 2
