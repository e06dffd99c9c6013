"""Find the line on which a neuron's score is 0."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 10, 2, 2
HINTS = (
    "On the line the score is 0. Write that down with w[0], w[1] and b spelled out, and treat x2 as the unknown.",
    "From w1·x1 + w2·x2 + b = 0, bring everything without x2 to the other side. Two signs change. Then divide.",
    "Every term on the other side is divided by w[1], the bias too. Test your answer: put x1 = 5 into your line, "
    "and the point you get into the score.",
)


def boundary_line(w, b):
    slope = -w[0] / w[1]
    intercept = -b / w[1]
    return slope, intercept


def trials(rng):
    yield "the neuron of this lesson", np.array([1.0, 2.0]), -8.2
    yield "a line through the origin: b = 0", np.array([3.0, -1.5]), 0.0
    yield "the first feature doesn't count: w[0] = 0", np.array([0.0, 4.0]), -6.0
    yield "a negative second weight", np.array([2.0, -5.0]), 10.0
    yield "a steep line", np.array([30.0, 0.02]), -1.0
    yield "drawn at random", rng.uniform(1, 2, size=2), float(rng.uniform(2.5, 3))
    yield "small weights", 1e-3 * rng.uniform(1, 2, size=2), -2.5e-3


@wrong(
    "The two weights are swapped: you solved for x1. Solve for x2, so its own weight w[1] is what you divide by."
)
def solves_for_x1(w, b):
    return -w[1] / w[0], -b / w[0]


@wrong(
    "The slope has the wrong sign. When w[0]·x1 moves to the other side of the equation, its sign changes."
)
def slope_sign(w, b):
    return w[0] / w[1], -b / w[1]


@wrong("The intercept has the wrong sign. When b moves to the other side of the equation, its sign changes.")
def intercept_sign(w, b):
    return -w[0] / w[1], b / w[1]


@wrong("Both signs are wrong. Two terms move to the other side of the equation; what happens to their signs?")
def both_signs(w, b):
    return w[0] / w[1], b / w[1]


@wrong("The bias changed its sign, but was not divided: the whole right-hand side is divided by w[1].")
def bias_not_divided(w, b):
    return -w[0] / w[1], -b


@wrong(
    "That is the direction of the weights, w[1] / w[0]. The weights point straight across the line, not along it. "
    "Solve w·x + b = 0 for x2."
)
def slope_of_the_weights(w, b):
    return w[1] / w[0], -b / w[1]


@wrong("Both numbers are right but in the other order: the slope comes first, then the intercept.")
def intercept_first(w, b):
    return -b / w[1], -w[0] / w[1]


@wrong(
    "Both signs are right, but nothing was divided: to have x2 alone, divide the other side by its weight w[1]."
)
def forgets_to_divide(w, b):
    return -w[0], -b
