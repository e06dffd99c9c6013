"""Halve every number."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 2, 1, 1
HINTS = ("What undoes doubling?", "`/` keeps what is behind the point.", "`x / 2`")


def halve(x):
    return x / 2


def trials(rng):
    yield "two numbers", np.array([1.0, 3.0])
    yield "four numbers", rng.uniform(3, 4, size=4)


@wrong("`//` drops what is behind the point.")
def drops_the_rest(x):
    return x // 2


@wrong("You doubled instead.")
def doubles(x):
    return x * 2


@wrong("You took 2 away; divide by it.")
def subtracts(x):
    return x - 2


@wrong("You took the square root.")
def takes_the_root(x):
    return np.sqrt(x)
