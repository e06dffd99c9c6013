"""Give the slope of relu."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 4, 2, 1
HINTS = (
    "relu is two straight lines. What is the slope of the left one, and of the right one?",
    "`x > 0` is True exactly where the slope is 1. How do you turn True and False into floats? And which side does 0 itself "
    "belong to, by the statement?",
    "np.where(x > 0, 1.0, 0.0)",
)


def relu_grad(x):
    return np.where(x > 0, 1.0, 0.0)


def trials(rng):
    yield "five numbers", np.array([-2.0, -0.5, 0.0, 0.5, 3.0])
    yield "a batch", rng.normal(size=(3, 4))
    yield "a single 0", np.array(0.0)
    yield "all below 0", -rng.random(6) - 0.1
    yield "huge and tiny", np.array([-1e6, -1e-6, 1e-6, 1e6])


@wrong(
    "At exactly 0 you say 1. There is no slope at a kink, so one has to be agreed on, and ours is 0. (A popular book's helper "
    "says 1: ask which one a library has.)"
)
def one_at_nought(x):
    return np.where(x >= 0, 1.0, 0.0)


@wrong("The slope is 1 above 0 only. Below 0 relu is flat: moving x changes nothing.")
def one_everywhere(x):
    return np.ones_like(x)


@wrong("That is relu itself. Its slope is 0 or 1, whatever the size of x.")
def gives_relu(x):
    return np.maximum(x, 0.0)


@wrong("Below 0 you say -1. That is the slope of the absolute value; relu is flat there.")
def minus_one_below(x):
    return np.sign(x)


@wrong("0 and 1 are swapped: you say 1 where relu is flat.")
def turned_round(x):
    return np.where(x > 0, 0.0, 1.0)


@wrong("At 0 you say a half, the mean of both sides. A fine choice, but ours is 0.")
def a_half_at_nought(x):
    return np.heaviside(x, 0.5)
