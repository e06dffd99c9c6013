"""Mix the old state with a new one, by an amount that is computed."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 10, 2, 2
HINTS = (
    "One product gives all scores, (N, 2H): `x @ wx + h @ wh + b`. The left half is for the amount, the right half for the "
    "candidate. Which bend keeps an amount between 0 and 1?",
    "`a, n = np.split(scores, 2, axis=1)`, then sigmoid on a and tanh on n. The new state takes a of the candidate, and of the "
    "old state what is left to 1.",
    "a = 1 / (1 + np.exp(-a)); n = np.tanh(n); return a * n + (1 - a) * h",
)


def gated_step(x, h, wx, wh, b):
    a, n = np.split(x @ wx + h @ wh + b, 2, axis=1)  # (N, H) each
    a, n = 1 / (1 + np.exp(-a)), np.tanh(n)
    return a * n + (1 - a) * h


def trials(rng):
    one = np.array([[1.0]])
    yield "all weights 0: half and half", one, 0.8 * one, np.zeros((1, 2)), np.zeros((1, 2)), np.zeros(2)
    yield (
        "one number you can do by hand",
        one,
        0.5 * one,
        np.array([[np.log(3.0), 1.0]]),
        np.array([[0.0, -2.0]]),
        np.zeros(2),
    )
    yield "one name alone", *_drawn(rng, 1, 3, 2)
    yield "five names", *_drawn(rng, 5, 3, 2)
    yield "all lengths are 3", *_drawn(rng, 3, 3, 3)
    x, h, wx, wh, b = _drawn(rng, 3, 4, 2)
    yield "the gate shut", x, h, wx, wh, b - [9, 9, 0, 0]
    yield "the gate open", x, h, wx, wh, b + np.array([9, 9, 0, 0])
    yield "letters in whole numbers", np.eye(4, dtype=int)[[2, 0, 3]], h, wx, wh, b
    yield "scores beyond 1000 and -1000", np.array([[3000.0], [-3000.0]]), h[:2], wx[:1] + 1, wh, b


def _drawn(rng, n, d, units):
    x, h = rng.normal(size=(n, d)), np.tanh(rng.normal(size=(n, units)))
    return (
        x,
        h,
        rng.normal(size=(d, 2 * units)),
        rng.normal(size=(units, 2 * units)),
        rng.normal(size=2 * units),
    )


def _parts(x, h, wx, wh, b):
    a, n = np.split(x @ wx + h @ wh + b, 2, axis=1)
    return 1 / (1 + np.exp(-a)), np.tanh(n)


@wrong(
    "The shares are swapped: `a` says how much of the *candidate* is taken, 1 - a what stays of the old state."
)
def shares_swapped(x, h, wx, wh, b):
    a, n = _parts(x, h, wx, wh, b)
    return a * h + (1 - a) * n


@wrong("The halves are swapped. The first H columns make the amount, the last H the candidate.")
def halves_swapped(x, h, wx, wh, b):
    n, a = np.split(x @ wx + h @ wh + b, 2, axis=1)
    a, n = 1 / (1 + np.exp(-a)), np.tanh(n)
    return a * n + (1 - a) * h


@wrong("The old state stays whole, and new is added on top: it grows without end. It keeps the share 1 - a.")
def keeps_all_of_the_old(x, h, wx, wh, b):
    a, n = _parts(x, h, wx, wh, b)
    return a * n + h


@wrong("Nothing of the old state is kept: this is the candidate, turned down. Where is (1 - a) * h?")
def keeps_nothing(x, h, wx, wh, b):
    a, n = _parts(x, h, wx, wh, b)
    return a * n


@wrong("The amount was bent by tanh and can be negative. A share is between 0 and 1: sigmoid.")
def amount_by_tanh(x, h, wx, wh, b):
    a, n = np.split(np.tanh(x @ wx + h @ wh + b), 2, axis=1)
    return a * n + (1 - a) * h


@wrong("The candidate was bent by sigmoid, so the state can never become negative. It is tanh's.")
def candidate_by_sigmoid(x, h, wx, wh, b):
    a, n = np.split(1 / (1 + np.exp(-(x @ wx + h @ wh + b))), 2, axis=1)
    return a * n + (1 - a) * h


@wrong("The amount has no bend yet: scores can be any number, shares are between 0 and 1. Sigmoid first.")
def amount_not_bent(x, h, wx, wh, b):
    a, n = np.split(x @ wx + h @ wh + b, 2, axis=1)
    return a * np.tanh(n) + (1 - a) * h


@wrong(
    "One amount was used for the whole state. Each unit has its own, and so each can keep for its own time."
)
def one_amount_for_all(x, h, wx, wh, b):
    a, n = _parts(x, h, wx, wh, b)
    a = a.mean(axis=1, keepdims=True)
    return a * n + (1 - a) * h


@wrong(
    "The old state was not asked for the amount: the gate saw the letter alone. `h @ wh` belongs to both halves."
)
def gate_without_the_state(x, h, wx, wh, b):
    _, n = _parts(x, h, wx, wh, b)
    a, _ = _parts(x, np.zeros(h.shape), wx, wh, b)
    return a * n + (1 - a) * h


@wrong(
    "Written as exp(z) / (1 + exp(z)), sigmoid is infinity over infinity for large scores. 1 / (1 + exp(-z)) is not."
)
def sigmoid_overflows(x, h, wx, wh, b):
    a, n = np.split(x @ wx + h @ wh + b, 2, axis=1)
    a = np.exp(a) / (1 + np.exp(a))
    return a * np.tanh(n) + (1 - a) * h


@wrong("The bias is missing.")
def forgets_the_bias(x, h, wx, wh, b):
    a, n = _parts(x, h, wx, wh, 0 * b)
    return a * n + (1 - a) * h


@wrong("Old and new were mixed, and then bent once more. The mixture is the state already.")
def bends_the_mixture(x, h, wx, wh, b):
    a, n = _parts(x, h, wx, wh, b)
    return np.tanh(a * n + (1 - a) * h)


@wrong("The candidate has no bend yet: tanh holds it between -1 and 1.")
def candidate_not_bent(x, h, wx, wh, b):
    a, n = np.split(x @ wx + h @ wh + b, 2, axis=1)
    return n / (1 + np.exp(-a)) + (1 - 1 / (1 + np.exp(-a))) * h


@wrong(
    "The candidate was made from the letter alone. The old state has a say in it too: `h @ wh` belongs to both halves."
)
def candidate_without_the_state(x, h, wx, wh, b):
    a, _ = _parts(x, h, wx, wh, b)
    _, n = _parts(x, np.zeros(h.shape), wx, wh, b)
    return a * n + (1 - a) * h
