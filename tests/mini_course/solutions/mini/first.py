"""Take the first of some numbers."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 1, 1, 1
HINTS = ("Where does Python begin to count?", "Square brackets pick an entry.", "`x[0]`")


def first(x):
    return x[0]


def trials(rng):
    yield "three numbers", np.array([3.0, 1.0, 4.0])
    yield "five numbers", rng.normal(size=5)


@wrong("Python counts from 0: x[1] is the second.")
def takes_the_second(x):
    return x[1]


@wrong("That is the last.")
def takes_the_last(x):
    return x[-1]


@wrong("That is an array of one number; a number is wanted.")
def keeps_an_array(x):
    return x[:1]


@wrong("That is the smallest.")
def takes_the_smallest(x):
    return x.min()
