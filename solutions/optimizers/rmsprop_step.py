"""Take one step of RMSprop: Adagrad with a memory that fades."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 5, 2, 2
HINTS = (
    "Only the line for s differs from Adagrad's. If all slopes so far were 3, what should s be near, and is it with your line?",
    "s is a mean in which old squares fade: beta parts of what it was, 1 - beta parts of the new square. The two shares "
    "add up to 1.",
    "s = beta * s + (1 - beta) * grad**2, then the step as in Adagrad: rate * grad / (np.sqrt(s) + eps).",
)


def rmsprop_step(param, grad, s, rate, beta, eps):
    s = beta * s + (1 - beta) * grad**2
    param = param - rate * grad / (np.sqrt(s) + eps)
    return param, s


def trials(rng):
    yield "one weight you can do by hand", np.array([1.0]), np.array([4.0]), np.array([2.0]), 0.5, 0.5, 0.0
    yield "the first step", *rng.normal(size=(2, 3)), np.zeros(3), 0.1, 0.9, 1e-7
    yield "a large eps", *rng.normal(size=(2, 3)), rng.uniform(0.1, 1, size=3), 0.1, 0.9, 0.5
    yield (
        "a layer's weights, 3 by 2",
        *rng.normal(size=(2, 3, 2)),
        rng.uniform(1, 9, size=(3, 2)),
        0.3,
        0.99,
        1e-7,
    )
    yield (
        "a weight whose slope was always 0",
        np.array([1.0, 2.0]),
        np.array([0.0, -3.0]),
        np.zeros(2),
        0.1,
        0.9,
        1e-7,
    )
    yield "whole numbers", np.array([3, -2]), np.array([2, -4]), np.array([5, 0]), 0.25, 0.75, 1e-7
    yield (
        "slopes of a thousand and a thousandth",
        np.ones(2),
        np.array([1e3, -1e-3]),
        np.zeros(2),
        0.1,
        0.9,
        1e-7,
    )
    yield (
        "slopes smaller than eps",
        np.ones((2, 2)),
        1e-8 * rng.normal(size=(2, 2)),
        np.zeros((2, 2)),
        0.1,
        0.9,
        1e-7,
    )


@wrong(
    "Shares that add up to more than 1: the new square goes in whole, and s ends up near 1/(1 - beta) times the mean square. "
    "Weigh it with 1 - beta."
)
def adds_the_whole_square(param, grad, s, rate, beta, eps):
    s = beta * s + grad**2
    return param - rate * grad / (np.sqrt(s) + eps), s


@wrong(
    "Nothing fades: that is Adagrad's sum. Keep only beta of the old s, and take 1 - beta of the new square."
)
def never_forgets(param, grad, s, rate, beta, eps):
    s = s + grad**2
    return param - rate * grad / (np.sqrt(s) + eps), s


@wrong("The shares are swapped: beta, the larger one, belongs to what s was; 1 - beta to the new square.")
def shares_swapped(param, grad, s, rate, beta, eps):
    s = (1 - beta) * s + beta * grad**2
    return param - rate * grad / (np.sqrt(s) + eps), s


@wrong("eps got under the root. Outside it, it counts in units of the slope: take the root first, then add.")
def eps_inside_root(param, grad, s, rate, beta, eps):
    s = beta * s + (1 - beta) * grad**2
    return param - rate * grad / np.sqrt(s + eps), s


@wrong("The root is missing. s holds *squares*; divide by its root.")
def divides_by_the_squares(param, grad, s, rate, beta, eps):
    s = beta * s + (1 - beta) * grad**2
    return param - rate * grad / (s + eps), s


@wrong("You took the mean of the slopes, not of their squares. Slopes of different signs cancel in it.")
def averages_the_slopes(param, grad, s, rate, beta, eps):
    s = beta * s + (1 - beta) * grad
    return param - rate * grad / (np.sqrt(s) + eps), s


@wrong(
    "You divided by the root of the *old* s. At the first step that is 0, and the step is as long as 1/eps allows. First "
    "the new s, then the step."
)
def divides_by_the_old_root(param, grad, s, rate, beta, eps):
    return param - rate * grad / (np.sqrt(s) + eps), beta * s + (1 - beta) * grad**2


@wrong("(1 - beta) was squared along with the slope. Only the slope is squared: (1 - beta) * grad**2.")
def squares_the_share_too(param, grad, s, rate, beta, eps):
    s = beta * s + ((1 - beta) * grad) ** 2
    return param - rate * grad / (np.sqrt(s) + eps), s


@wrong("One number for all weights: you took the mean over them. Each weight keeps a history of its own.")
def one_history_for_all(param, grad, s, rate, beta, eps):
    s = beta * s + (1 - beta) * np.mean(grad**2)
    return param - rate * grad / (np.sqrt(s) + eps), s


@wrong("You went up. The slope points uphill: subtract.")
def climbs(param, grad, s, rate, beta, eps):
    s = beta * s + (1 - beta) * grad**2
    return param + rate * grad / (np.sqrt(s) + eps), s


@wrong(
    "The right numbers, written over the old ones: `*=` and `+=` change the array that you were given (and on whole "
    "numbers they fail). Write `s = beta * s + ...`."
)
def changes_inputs(param, grad, s, rate, beta, eps):
    s *= beta
    s += (1 - beta) * grad**2
    return param - rate * grad / (np.sqrt(s) + eps), s


@wrong("The two came back in the other order: first the weights, then s.")
def turns_the_order(param, grad, s, rate, beta, eps):
    s = beta * s + (1 - beta) * grad**2
    return s, param - rate * grad / (np.sqrt(s) + eps)


@wrong("What you return as s is its root. Return s itself: the next step mixes another square into it.")
def keeps_the_root(param, grad, s, rate, beta, eps):
    s = beta * s + (1 - beta) * grad**2
    return param - rate * grad / (np.sqrt(s) + eps), np.sqrt(s)


@wrong("The rate is missing: the step is rate times slope over root.")
def forgets_the_rate(param, grad, s, rate, beta, eps):
    s = beta * s + (1 - beta) * grad**2
    return param - grad / (np.sqrt(s) + eps), s


@wrong("eps is missing. A weight whose slope was always 0 would get 0/0; add eps to the root.")
def leaves_out_eps(param, grad, s, rate, beta, eps):
    s = beta * s + (1 - beta) * grad**2
    return param - rate * grad / np.sqrt(s), s


@wrong("eps landed beside the fraction and is added to the weight. Put brackets around the root plus eps.")
def eps_beside_the_fraction(param, grad, s, rate, beta, eps):
    s = beta * s + (1 - beta) * grad**2
    with np.errstate(all="ignore"):
        return param - rate * grad / np.sqrt(s) + eps, s


@wrong(
    "You divided before you took eps along: `a / b + c` divides by b alone. Put brackets around the root plus eps."
)
def brackets_are_missing(param, grad, s, rate, beta, eps):
    s = beta * s + (1 - beta) * grad**2
    with np.errstate(all="ignore"):
        return param - (rate * grad / np.sqrt(s) + eps), s


@wrong(
    "This step is right, the next will not know of it: the s that you return is the old one. Return the one that took in "
    "the new square."
)
def forgets_to_return_the_new_s(param, grad, s, rate, beta, eps):
    return param - rate * grad / (np.sqrt(beta * s + (1 - beta) * grad**2) + eps), s


@wrong(
    "You divided s by 1 - beta, to make up for its start at 0. A good thought, and Adam's; RMSprop takes the root of s as it is."
)
def corrects_the_mean(param, grad, s, rate, beta, eps):
    s = beta * s + (1 - beta) * grad**2
    return param - rate * grad / (np.sqrt(s / (1 - beta)) + eps), s


@wrong("Brackets: beta covers old s and new square alike. beta * s, plus (1 - beta) * grad**2.")
def brackets_around_both(param, grad, s, rate, beta, eps):
    s = beta * (s + (1 - beta) * grad**2)
    return param - rate * grad / (np.sqrt(s) + eps), s


@wrong("Brackets: `1 - beta * grad**2` takes beta squares from 1. The share of the new square is (1 - beta).")
def share_without_brackets(param, grad, s, rate, beta, eps):
    s = beta * s + 1 - beta * grad**2
    with np.errstate(all="ignore"):
        return param - rate * grad / (np.sqrt(s) + eps), s
