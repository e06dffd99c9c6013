"""Repair a running total that starts too late."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 5, 2, 1
STARTER = "forgets_the_first"
HINTS = ("What is the first entry?", "Look at where the loop begins.", "`range(len(x))`")


def running_total(x):
    totals, total = [], 0.0
    for number in x:
        total = total + number
        totals.append(total)
    return totals


def trials(rng):
    yield "three numbers", np.array([1.0, 2.0, 4.0])
    yield "five numbers", rng.uniform(1, 2, size=5)


@wrong("The first number is left out of every total: where does the loop begin?")
def forgets_the_first(x):
    return [0.0, *np.cumsum(x[1:])]


@wrong("That is the whole sum each time.")
def repeats_the_sum(x):
    return np.full(len(x), x.sum())


@wrong("Those are products.")
def multiplies(x):
    return np.cumprod(x)


@wrong("It runs from the end to the front.")
def runs_backwards(x):
    return np.cumsum(x[::-1])
