"""Find the largest of some numbers."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 2, 1, 1
HINTS = ("Which would you pick by eye?", "NumPy has a function with that meaning.", "`np.max(x)`")


def largest(x):
    return np.max(x)


def trials(rng):
    yield "three numbers", np.array([3.0, 1.0, -4.0])
    yield "all below 0", rng.uniform(-5, -1, size=4)


@wrong("That is its place, not the number.")
def gives_the_place(x):
    return np.argmax(x)


@wrong("That is the smallest.")
def takes_the_smallest(x):
    return np.min(x)


@wrong("You started from 0, and all of these are below it.")
def starts_from_zero(x):
    return max([0.0, *x])


@wrong("That is the largest without its sign.")
def loses_the_sign(x):
    return np.max(np.abs(x))
