"""One step of a gated recurrent unit."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 12, 3, 3
HINTS = (
    "z and r come from one product, as in gated_step, with the first 2H columns. The candidate comes last, because it needs r. "
    "What does r do to the state that the candidate sees?",
    "Columns: z is [:, :H], r is [:, H:2*H], n is [:, 2*H:], of wx, of wh and of b alike. n = tanh of x's part plus "
    "(r * h) @ wh's part plus b's part.",
    "n = np.tanh(x @ wx[:, 2*H:] + (r * h) @ wh[:, 2*H:] + b[2*H:]); return z * h + (1 - z) * n",
)


def gru_step(x, h, wx, wh, b):
    H = h.shape[1]
    zr = 1 / (1 + np.exp(-(x @ wx[:, : 2 * H] + h @ wh[:, : 2 * H] + b[: 2 * H])))
    z, r = zr[:, :H], zr[:, H:]
    n = np.tanh(x @ wx[:, 2 * H :] + (r * h) @ wh[:, 2 * H :] + b[2 * H :])
    return z * h + (1 - z) * n


def trials(rng):
    one = np.array([[1.0]])
    yield "all weights 0: half is kept", one, 0.8 * one, np.zeros((1, 3)), np.zeros((1, 3)), np.zeros(3)
    yield (
        "one number you can do by hand",
        one,
        0.5 * one,
        np.array([[np.log(3.0), -np.log(4.0), 1.0]]),
        np.array([[0.0, 0.0, 5.0]]),
        np.zeros(3),
    )
    yield "one name alone", *_drawn(rng, 1, 4, 2)
    yield "five names", *_drawn(rng, 5, 2, 3)
    yield "all lengths are 3", *_drawn(rng, 3, 3, 3)
    x, h, wx, wh, b = _drawn(rng, 4, 3, 2)
    yield "all is kept", x, h, wx, wh, b + np.array([30, 30, 0, 0, 0, 0])
    yield "the reset gate shut", x, h, wx, wh, b - [0, 0, 30, 30, 0, 0]
    yield "letters in whole numbers", np.eye(3, dtype=int)[[2, 0, 1, 0]], h, wx, wh, b
    yield "scores beyond 1000 and -1000", np.array([[3000.0], [-3000.0]]), h[:2], wx[:1] + 1, wh, b


def _drawn(rng, n, d, units):
    x, h = rng.normal(size=(n, d)), np.tanh(rng.normal(size=(n, units)))
    return (
        x,
        h,
        rng.normal(size=(d, 3 * units)),
        1.5 * rng.normal(size=(units, 3 * units)),
        rng.normal(size=3 * units),
    )


def _sigmoid(s):
    return 1 / (1 + np.exp(-s))


def _gates(x, h, wx, wh, b):
    H = h.shape[1]
    zr = _sigmoid(x @ wx[:, : 2 * H] + h @ wh[:, : 2 * H] + b[: 2 * H])
    return zr[:, :H], zr[:, H:]


def _scores(x, h, wx, wh, b):
    """Return x's part with the bias, and what the state is multiplied by, for the candidate."""
    H = h.shape[1]
    return x @ wx[:, 2 * H :] + b[2 * H :], wh[:, 2 * H :]


@wrong("The shares are swapped. Here z says how much of the *old* state is kept: z * h + (1 - z) * n.")
def shares_swapped(x, h, wx, wh, b):
    z, r = _gates(x, h, wx, wh, b)
    own, whn = _scores(x, h, wx, wh, b)
    return z * np.tanh(own + (r * h) @ whn) + (1 - z) * h


@wrong(
    "The reset gate was applied after the product, r * (h @ whn). That is Keras's reset_after; here it meets the state first: "
    "(r * h) @ whn."
)
def reset_after(x, h, wx, wh, b):
    z, r = _gates(x, h, wx, wh, b)
    own, whn = _scores(x, h, wx, wh, b)
    return z * h + (1 - z) * np.tanh(own + r * (h @ whn))


@wrong("The first two gates are swapped: the first H columns are z, the next H are r.")
def gates_in_other_order(x, h, wx, wh, b):
    r, z = _gates(x, h, wx, wh, b)
    own, whn = _scores(x, h, wx, wh, b)
    return z * h + (1 - z) * np.tanh(own + (r * h) @ whn)


@wrong("The reset gate does nothing: the candidate sees the whole state. It is to see r * h.")
def forgets_the_reset(x, h, wx, wh, b):
    z, _ = _gates(x, h, wx, wh, b)
    own, whn = _scores(x, h, wx, wh, b)
    return z * h + (1 - z) * np.tanh(own + h @ whn)


@wrong(
    "The reset gate also reached the state that is *kept*. It only dims what the candidate sees; z keeps h itself."
)
def reset_reaches_what_is_kept(x, h, wx, wh, b):
    z, r = _gates(x, h, wx, wh, b)
    own, whn = _scores(x, h, wx, wh, b)
    return z * (r * h) + (1 - z) * np.tanh(own + (r * h) @ whn)


@wrong("The reset gate dimmed the whole candidate, letter and bias too. Only the state's part is dimmed.")
def reset_dims_the_letter_too(x, h, wx, wh, b):
    z, r = _gates(x, h, wx, wh, b)
    own, whn = _scores(x, h, wx, wh, b)
    return z * h + (1 - z) * np.tanh(r * (own + h @ whn))


@wrong(
    "The candidate was bent by sigmoid. Gates are amounts, between 0 and 1; the candidate is a state: tanh."
)
def candidate_by_sigmoid(x, h, wx, wh, b):
    z, r = _gates(x, h, wx, wh, b)
    own, whn = _scores(x, h, wx, wh, b)
    return z * h + (1 - z) * _sigmoid(own + (r * h) @ whn)


@wrong("The candidate has no bend yet.")
def candidate_not_bent(x, h, wx, wh, b):
    z, r = _gates(x, h, wx, wh, b)
    own, whn = _scores(x, h, wx, wh, b)
    return z * h + (1 - z) * (own + (r * h) @ whn)


@wrong("The candidate alone came back. z mixes it with the old state.")
def returns_the_candidate(x, h, wx, wh, b):
    _, r = _gates(x, h, wx, wh, b)
    own, whn = _scores(x, h, wx, wh, b)
    return np.tanh(own + (r * h) @ whn)


@wrong("The old state stays whole and the new comes on top: z is missing from the first part.")
def keeps_all_of_the_old(x, h, wx, wh, b):
    z, r = _gates(x, h, wx, wh, b)
    own, whn = _scores(x, h, wx, wh, b)
    return h + (1 - z) * np.tanh(own + (r * h) @ whn)


@wrong(
    "Sigmoid as exp(s) / (1 + exp(s)) is infinity over infinity for large scores; 1 / (1 + exp(-s)) is not."
)
def sigmoid_overflows(x, h, wx, wh, b):
    H = h.shape[1]
    s = x @ wx[:, : 2 * H] + h @ wh[:, : 2 * H] + b[: 2 * H]
    zr = np.exp(s) / (1 + np.exp(s))
    own, whn = _scores(x, h, wx, wh, b)
    z, r = zr[:, :H], zr[:, H:]
    return z * h + (1 - z) * np.tanh(own + (r * h) @ whn)


@wrong("The candidate's bias is missing.")
def candidate_without_bias(x, h, wx, wh, b):
    H = h.shape[1]
    z, r = _gates(x, h, wx, wh, b)
    return z * h + (1 - z) * np.tanh(x @ wx[:, 2 * H :] + (r * h) @ wh[:, 2 * H :])


@wrong("The candidate sees z * h. What dims the old state for the candidate is r; z mixes at the end.")
def update_gate_in_place_of_reset(x, h, wx, wh, b):
    z, _ = _gates(x, h, wx, wh, b)
    own, whn = _scores(x, h, wx, wh, b)
    return z * h + (1 - z) * np.tanh(own + (z * h) @ whn)


@wrong("The gates were bent by tanh and can be negative. They are shares: sigmoid.")
def gates_by_tanh(x, h, wx, wh, b):
    H = h.shape[1]
    zr = np.tanh(x @ wx[:, : 2 * H] + h @ wh[:, : 2 * H] + b[: 2 * H])
    own, whn = _scores(x, h, wx, wh, b)
    z, r = zr[:, :H], zr[:, H:]
    return z * h + (1 - z) * np.tanh(own + (r * h) @ whn)


@wrong("z was computed from r * h. The gates see the whole state; only the candidate sees it dimmed.")
def update_gate_sees_it_dimmed(x, h, wx, wh, b):
    _, r = _gates(x, h, wx, wh, b)
    z, _ = _gates(x, r * h, wx, wh, b)
    own, whn = _scores(x, h, wx, wh, b)
    return z * h + (1 - z) * np.tanh(own + (r * h) @ whn)
