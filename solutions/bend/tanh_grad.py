"""Give the slope of tanh."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 5, 2, 1
ATOL = 1e-14
HINTS = (
    "tanh is steepest at 0, where its slope is 1, and flat far out. What you are given is x, the number *before* tanh.",
    "With t = tanh(x), the slope is 1 - t squared. Do you square t, or x?",
    "1 - np.tanh(x) ** 2",
)


def tanh_grad(x):
    return 1 - np.tanh(x) ** 2


def trials(rng):
    yield "three numbers", np.array([-1.0, 0.0, 0.5])
    yield "a batch", rng.normal(size=(3, 4))
    yield "a single number", np.array(0.3)
    yield "1000 and -1000", np.array([1000.0, -1000.0])
    yield "below 0 only", -rng.random(5) - 0.2


@wrong("You squared x. It is tanh(x) that is squared: what came *out*.")
def squares_the_input(x):
    return 1 - x**2


@wrong("The square is missing: 1 - tanh(x) grows beyond 1 below 0, and no slope of tanh does.")
def forgets_the_square(x):
    return 1 - np.tanh(x)


@wrong("That is tanh itself. Its slope at 0 is 1.")
def gives_tanh(x):
    return np.tanh(x)


@wrong("s(1 - s) is the slope of the *sigmoid*, at most a quarter.")
def slope_of_the_sigmoid(x):
    s = 0.5 * (1 + np.tanh(x / 2))
    return s * (1 - s)


@wrong("exp(1000) overflows, and infinity over infinity is not a number. `np.tanh` does it safely.")
def builds_tanh_from_exp(x):
    t = (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))
    return 1 - t**2


@wrong("You took tanh twice. The 1 - t**2 wants the t that came out of one tanh.")
def tanh_twice(x):
    return 1 - np.tanh(np.tanh(x)) ** 2


@wrong("You squared 1 - t. It is t alone that is squared: 1 - t².")
def squares_the_difference(x):
    return (1 - np.tanh(x)) ** 2


@wrong("You squared x and took tanh of that. First tanh, then the square.")
def tanh_of_the_square(x):
    return 1 - np.tanh(x**2)
