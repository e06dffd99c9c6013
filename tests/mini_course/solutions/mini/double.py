"""Double every number."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 2, 1, 1
HINTS = ("Which operation does it?", "NumPy works on every entry at once.", "`2 * x`")


def double(x):
    return 2 * x


def trials(rng):
    yield "three numbers", np.array([1.0, 2.0, 4.0])
    yield "both signs", rng.uniform(1, 2, size=4) * np.array([1.0, -1.0, 1.0, -1.0])


@wrong("You squared the numbers.")
def squares(x):
    return x**2


@wrong("You added 2 to each; multiply by it.")
def adds_two(x):
    return x + 2


@wrong("You handed back the numbers as they came.")
def does_nothing(x):
    return x.copy()


@wrong("The numbers are right, but you wrote them into x. Make a new array.")
def changes_x(x):
    x *= 2
    return x
