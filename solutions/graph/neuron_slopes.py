"""Walk back through one neuron and its loss, by hand."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 10, 2, 2
HINTS = (
    "Begin at the end, where the slope is 1: how does L move when e moves? Then go back one operation at a time, and multiply "
    "what arrives by the operation's own slope.",
    "dL/de = 2e. e = h - y, so dL/dh is the same. h = tanh(z), so dL/dz is that times (1 - h²). From z = p + b it goes on to p "
    "and b unchanged, and from p = w x to w (times x) and to x (times w).",
    "dz = 2 * e * (1 - h**2); return dz * x, dz * w, dz",
)


def neuron_slopes(x, w, b, y):
    h = np.tanh(w * x + b)
    dz = 2 * (h - y) * (1 - h**2)  # from the loss back to the score
    dw = dz * x
    dx = dz * w
    db = dz
    return dw, dx, db


def trials(rng):
    yield "a neuron you can do by hand", 2.0, 0.5, -1.0, 1.0
    yield "any neuron", *(float(n) for n in rng.normal(size=4))
    yield "an input of 0", 0.0, *(float(n) for n in rng.normal(size=3))
    yield "a weight of 0", 1.5, 0.0, 0.3, -0.5
    yield "a neuron far out on the flat", 3.0, 2.0, 1.0, -1.0


@wrong("The slope of the square is 2e; your 2 is missing.")
def forgets_the_two(x, w, b, y):
    return tuple(d / 2 for d in neuron_slopes(x, w, b, y))


@wrong("You went through tanh as if it weren't there. What arrives is multiplied by its own slope, 1 - h².")
def forgets_the_bend(x, w, b, y):
    dz = 2 * (np.tanh(w * x + b) - y)
    return dz * x, dz * w, dz


@wrong("The slope of tanh is 1 minus the square of what came *out* of it, h; you squared what went in.")
def squares_the_score(x, w, b, y):
    z = w * x + b
    dz = 2 * (np.tanh(z) - y) * (1 - z**2)
    return dz * x, dz * w, dz


@wrong("At the product, what arrives goes to w times x, and to x times w. Yours are swapped.")
def swaps_the_factors(x, w, b, y):
    dw, dx, db = neuron_slopes(x, w, b, y)
    return dx, dw, db


@wrong("The error is turned round: e = h - y, so a neuron that says too much has a slope above 0.")
def turns_the_error_round(x, w, b, y):
    return tuple(-d for d in neuron_slopes(x, w, b, y))


@wrong("b got a factor too. It is added, and a sum hands on what arrives, unchanged.")
def multiplies_the_bias(x, w, b, y):
    dw, dx, db = neuron_slopes(x, w, b, y)
    return dw, dx, db * b


@wrong(
    "You stopped at the score's slopes, x, w and 1. Those are local: multiply each by all that lies between z and the loss."
)
def local_slopes_only(x, w, b, y):
    return x, w, 1.0
