"""Take slopes back through relu."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 5, 2, 1
HINTS = (
    "A neuron with a score of -2 handed on 0. If its score moves a little, does anything behind it move?",
    "Where the score is above 0, the slope that arrives passes as it is; elsewhere it is stopped. A comparison of arrays gives "
    "True and False, which multiply as 1 and 0.",
    "return dout * (x > 0)",
)


def relu_backward(x, dout):
    return dout * (x > 0)


def trials(rng):
    yield (
        "four neurons you can do by hand",
        np.array([[2.0, -2.0, 0.5, -0.5]]),
        np.array([[3.0, 5.0, -1.0, -7.0]]),
    )
    yield "three rows", rng.normal(size=(3, 4)), rng.normal(size=(3, 4))
    yield "as many rows as neurons", rng.normal(size=(3, 3)), rng.normal(size=(3, 3))
    yield "scores of exactly 0", np.array([[0.0, 1.0], [-1.0, 0.0]]), np.array([[4.0, 2.0], [3.0, -5.0]])
    yield "scores of whole numbers", np.array([[2, -1, 3], [-4, 5, 0]]), rng.normal(size=(2, 3))
    yield (
        "scores of a billionth",
        np.array([[1e-9, -1e-9, 1e-9, 1e-9, -1e-9]]),
        rng.uniform(1, 2, size=(1, 5)),
    )


@wrong(
    "That is relu's own slope. It still has to be multiplied by what arrives: times dout, as at every node of a graph."
)
def ignores_dout(x, dout):
    return (x > 0) * 1.0


@wrong(
    "You multiplied by relu's *value*. What counts on the way back is its slope: 1 above 0, however large the score."
)
def multiplies_by_the_value(x, dout):
    return dout * np.maximum(x, 0)


@wrong("You bent the slopes: those below 0 are gone. Is it the *slope* that decides who passes?")
def bends_the_slopes(x, dout):
    return np.maximum(dout, 0)


@wrong(
    "Everything passed. Which of these neurons were cut off on the way forward, and so could have moved nothing?"
)
def lets_everything_pass(x, dout):
    return dout * 1.0


@wrong("Right but at 0: there the agreement of this course is that relu's slope is 0. So `>`, not `>=`.")
def lets_zero_pass(x, dout):
    return dout * (x >= 0)


@wrong("The wrong half passes: here slopes come through where the neuron was *off*.")
def passes_the_wrong_half(x, dout):
    return dout * (x < 0)


@wrong(
    "The values are right, but `dout` itself was overwritten, and whoever handed it over may still need it. Make a new array."
)
def writes_into_dout(x, dout):
    dout[x <= 0] = 0
    return dout


@wrong(
    "The slopes were filled into an array made like x, whose whole numbers cut off everything behind the point. "
    "Multiply, and NumPy chooses the right kind."
)
def fills_an_array_like_x(x, dout):
    dx = np.zeros_like(x)
    dx[x > 0] = dout[x > 0]
    return dx


@wrong("You handed back the scores. Wanted are the slopes that arrive, `dout`, where they may pass.")
def hands_back_the_scores(x, dout):
    return np.maximum(x, 0) * 1.0


@wrong("A score below 0 turned the sign. Below 0 relu is flat: its slope there is 0, not -1.")
def slope_of_the_absolute_value(x, dout):
    return dout * np.sign(x)


@wrong(
    "`dout[x > 0]` picks the slopes that pass and forgets where they stood. The result has dout's shape, with 0 in the other places."
)
def picks_those_that_pass(x, dout):
    return dout[x > 0]


@wrong("Two gates: the score's and the slope's own sign. Only the score decides; slopes below 0 pass too.")
def asks_score_and_slope(x, dout):
    return dout * (x > 0) * (dout > 0)


@wrong("Where relu stops the slope you put the score. Nothing gets through there: 0.")
def puts_scores_where_it_stops(x, dout):
    return np.where(x > 0, dout, x)


@wrong("That is the sigmoid's slope. relu is simpler: above 0 a straight line of slope 1, below it flat.")
def slope_of_the_sigmoid(x, dout):
    s = 1 / (1 + np.exp(-x))
    return dout * s * (1 - s)


@wrong("Below 0 a little comes through, as in a leaky relu. This relu is flat there: 0.")
def leaks(x, dout):
    return np.where(x > 0, dout, 0.01 * dout)


@wrong("The bend is at 0, not at 1: a score of 0.5 is on, and its slope is 1.")
def bends_at_one(x, dout):
    return dout * (x > 1)


@wrong("At 0 half of the slope came through. The agreement of this course is 0 there: `>`.")
def lets_half_pass_at_zero(x, dout):
    return dout * np.heaviside(x, 0.5)


@wrong("relu divided by x is its slope, but at 0 it is 0 / 0, which is nan. Ask for the sign instead: x > 0.")
def divides_by_the_score(x, dout):
    with np.errstate(all="ignore"):
        return dout * np.maximum(x, 0) / x


@wrong("You said *whether* something passes. What passes is the slope that arrives: dout there, 0 elsewhere.")
def says_whether_it_passes(x, dout):
    return (x > 0) & (dout > 0)


@wrong("You asked whether score and slope have the same sign. Only the score decides who passes.")
def asks_for_the_same_sign(x, dout):
    return dout * (x * dout > 0)
