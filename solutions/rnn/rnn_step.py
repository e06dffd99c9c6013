"""Let a state take in one more letter."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 8, 2, 2
RTOL = 1e-5  # far out, tanh differs from 1 by little
HINTS = (
    "Three things are added up before the bend: what the letter says, what the state says, and the bias. What shape has each?",
    "`x @ wx` and `h @ wh` are both (N, H); `b` is (H,) and is added to every row. The bend goes around the *whole* sum.",
    "np.tanh(x @ wx + h @ wh + b)",
)


def rnn_step(x, h, wx, wh, b):
    return np.tanh(x @ wx + h @ wh + b)  # (N, H)


def trials(rng):
    yield (
        "one number you can do by hand",
        np.array([[1.0]]),
        np.array([[0.5]]),
        np.array([[0.6]]),
        np.array([[-0.4]]),
        np.array([0.1]),
    )
    yield "one name alone", *_drawn(rng, 1, 3, 2)
    yield "five names", *_drawn(rng, 5, 3, 2)
    yield "as many units as features", *_drawn(rng, 4, 3, 3)
    yield "as many names as units", *_drawn(rng, 3, 2, 3)
    x, h, *weights = _drawn(rng, 3, 4, 2)
    yield "before the first letter the state is 0", x, np.zeros_like(h), *weights
    yield "letters in whole numbers", np.eye(4, dtype=int)[[2, 0, 3]], h, *weights
    yield (
        "scores beyond 1000 and -1000",
        np.concatenate([3000 * x, -3000 * x]),
        np.concatenate([h, h]),
        *weights,
    )


def _drawn(rng, n, d, units):
    x, h = rng.normal(size=(n, d)), np.tanh(rng.normal(size=(n, units)))
    return x, h, rng.normal(size=(d, units)), rng.normal(size=(units, units)), rng.normal(size=units)


@wrong(
    "The bend is missing: these are the scores. Without tanh the state can grow from letter to letter without end."
)
def no_tanh(x, h, wx, wh, b):
    return x @ wx + h @ wh + b


@wrong(
    "The state before plays no part: this is a plain layer, and forgets the last letter. Where does `h @ wh` go?"
)
def forgets_the_state(x, h, wx, wh, b):
    return np.tanh(x @ wx + b)


@wrong(
    "Each part got a tanh of its own. Letter, state and bias are added up first, and then bent once, together."
)
def bends_each_part(x, h, wx, wh, b):
    return np.tanh(x @ wx) + np.tanh(h @ wh) + b


@wrong("The bias came after the bend, so the state can leave -1 to 1. It belongs inside, with the other two.")
def bias_outside(x, h, wx, wh, b):
    return np.tanh(x @ wx + h @ wh) + b


@wrong("The bias is missing.")
def forgets_the_bias(x, h, wx, wh, b):
    return np.tanh(x @ wx + h @ wh)


@wrong(
    "`wh` was used transposed. It is square, so nothing complains: rows are the old state's units, columns the new one's, "
    "as in every layer of ours."
)
def wh_transposed(x, h, wx, wh, b):
    return np.tanh(x @ wx + h @ wh.T + b)


@wrong("That is a sigmoid, between 0 and 1. The state is bent by tanh, between -1 and 1.")
def sigmoid_instead(x, h, wx, wh, b):
    z = x @ wx + h @ wh + b
    return 0.5 * (1 + np.tanh(0.5 * z))


@wrong(
    "The old state was added to the new one. It has had its say in `h @ wh`; what comes out is the tanh alone."
)
def adds_the_old_state(x, h, wx, wh, b):
    return h + np.tanh(x @ wx + h @ wh + b)


@wrong(
    "The letter met `wh` and the state met `wx`. With as many features as units nothing complains; otherwise the shapes do."
)
def weights_swapped(x, h, wx, wh, b):
    return np.tanh(x @ wh + h @ wx + b)


@wrong("Written out with exp, tanh is infinity over infinity for large scores. `np.tanh` is safe.")
def tanh_written_out(x, h, wx, wh, b):
    z = x @ wx + h @ wh + b
    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))


@wrong(
    "The state came into the sum unweighted. `wh` says what each old unit means to each new one: `h @ wh`, a matrix product."
)
def state_without_its_weights(x, h, wx, wh, b):
    return np.tanh(x @ wx + h + b)


@wrong(
    "That is relu. It lets the state grow without end; tanh holds it between -1 and 1, however long the name."
)
def relu_instead(x, h, wx, wh, b):
    return np.maximum(0, x @ wx + h @ wh + b)
