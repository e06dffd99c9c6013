"""Take one step of Adagrad."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 5, 2, 2
HINTS = (
    "Each weight has its own entry in s. What goes into it at this step, and does the step use s before or after that?",
    "s grows by the square of the slope. The step is the rate times the slope, divided by the root of the *new* s; eps is "
    "added to the root, when it has been taken.",
    "s = s + grad**2, then param - rate * grad / (np.sqrt(s) + eps). No `+=`, which would change the s that you were given.",
)


def adagrad_step(param, grad, s, rate, eps):
    s = s + grad**2
    param = param - rate * grad / (np.sqrt(s) + eps)
    return param, s


def trials(rng):
    yield "one weight you can do by hand", np.array([1.0]), np.array([3.0]), np.array([16.0]), 0.5, 0.0
    yield "the first step", *rng.normal(size=(2, 3)), np.zeros(3), 0.1, 1e-7
    yield "a large eps", *rng.normal(size=(2, 3)), rng.uniform(0.1, 1, size=3), 0.1, 0.5
    yield "a layer's weights, 3 by 2", *rng.normal(size=(2, 3, 2)), rng.uniform(1, 9, size=(3, 2)), 0.3, 1e-7
    yield (
        "a weight whose slope was always 0",
        np.array([1.0, 2.0]),
        np.array([0.0, -3.0]),
        np.zeros(2),
        0.1,
        1e-7,
    )
    yield "whole numbers", np.array([3, -2]), np.array([2, -4]), np.array([5.0, 0.0]), 0.25, 1e-7
    yield "slopes of a thousand and a thousandth", np.ones(2), np.array([1e3, -1e-3]), np.zeros(2), 0.1, 1e-7
    yield (
        "slopes smaller than eps",
        np.ones((2, 2)),
        1e-8 * rng.normal(size=(2, 2)),
        np.zeros((2, 2)),
        0.1,
        1e-7,
    )


@wrong("eps got under the root. Outside it, it counts in units of the slope: take the root first, then add.")
def eps_inside_root(param, grad, s, rate, eps):
    s = s + grad**2
    return param - rate * grad / np.sqrt(s + eps), s


@wrong(
    "The root is missing. s holds *squares*; divide by its root, so that slope over root has no unit left."
)
def divides_by_the_squares(param, grad, s, rate, eps):
    s = s + grad**2
    return param - rate * grad / (s + eps), s


@wrong("The past is gone: s was replaced by this step's square. It *grows* by it.")
def forgets_the_past(param, grad, s, rate, eps):
    s = grad**2
    return param - rate * grad / (np.sqrt(s) + eps), s


@wrong("You added up slopes. Those of different signs cancel; the squares don't.")
def adds_up_slopes(param, grad, s, rate, eps):
    s = s + grad
    return param - rate * grad / (np.sqrt(s) + eps), s


@wrong(
    "You divided by the root of the *old* s. At the first step that is 0, and the step is as long as 1/eps allows. First "
    "the new s, then the step."
)
def divides_by_the_old_root(param, grad, s, rate, eps):
    return param - rate * grad / (np.sqrt(s) + eps), s + grad**2


@wrong(
    "One number for all weights: you summed over them. Each weight keeps a history of its own, s has param's shape."
)
def one_history_for_all(param, grad, s, rate, eps):
    s = s + np.sum(grad**2)
    return param - rate * grad / (np.sqrt(s) + eps), s


@wrong("You went up. The slope points uphill: subtract.")
def climbs(param, grad, s, rate, eps):
    s = s + grad**2
    return param + rate * grad / (np.sqrt(s) + eps), s


@wrong("The slope itself is missing from the step: it is rate * grad, and that divided by the root.")
def drops_the_slope(param, grad, s, rate, eps):
    s = s + grad**2
    return param - rate / (np.sqrt(s) + eps), s


@wrong(
    "The right numbers, written over the old ones: `s += ...` changes the array that you were given. Write `s = s + ...`."
)
def changes_inputs(param, grad, s, rate, eps):
    s += grad**2
    return param - rate * grad / (np.sqrt(s) + eps), s


@wrong("The two came back in the other order: first the weights, then s.")
def turns_the_order(param, grad, s, rate, eps):
    s = s + grad**2
    return s, param - rate * grad / (np.sqrt(s) + eps)


@wrong("What you return as s is its root. Return s itself: the next step adds another square to it.")
def keeps_the_root(param, grad, s, rate, eps):
    s = s + grad**2
    return param - rate * grad / (np.sqrt(s) + eps), np.sqrt(s)


@wrong(
    "You divided before you took eps along: `a / b + c` divides by b alone. Put brackets around the root plus eps."
)
def brackets_are_missing(param, grad, s, rate, eps):
    s = s + grad**2
    with np.errstate(all="ignore"):
        return param - (rate * grad / np.sqrt(s) + eps), s


@wrong("The rate is missing: the step is rate times slope over root.")
def forgets_the_rate(param, grad, s, rate, eps):
    s = s + grad**2
    return param - grad / (np.sqrt(s) + eps), s


@wrong("eps is missing. A weight whose slope was always 0 would get 0/0; add eps to the root.")
def leaves_out_eps(param, grad, s, rate, eps):
    s = s + grad**2
    return param - rate * grad / np.sqrt(s), s


@wrong("eps landed beside the fraction and is added to the weight. Put brackets around the root plus eps.")
def eps_beside_the_fraction(param, grad, s, rate, eps):
    s = s + grad**2
    with np.errstate(all="ignore"):
        return param - rate * grad / np.sqrt(s) + eps, s


@wrong(
    "This step is right, the next will not know of it: the s that you return is the old one. Return the one that has grown."
)
def forgets_to_return_the_new_s(param, grad, s, rate, eps):
    return param - rate * grad / (np.sqrt(s + grad**2) + eps), s
