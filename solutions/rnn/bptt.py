"""Take the gradient back through every step of a recurrent net."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 25, 4, 4
RTOL = 1e-3  # thirty steps in float32 lose four digits, and are right
HINTS = (
    "Forwards first: walk once and keep every state in a list that begins with h0. Then walk back. What arrives at h_t? A part "
    "from outside, and a part from the step after it.",
    "At each step, last one first: add the two parts, multiply by 1 - h_t**2, and call that dz. It gives x_t.T @ dz to wx, "
    "h_(t-1).T @ dz to wh and dz.sum(axis=0) to b, each *added* to what earlier rounds gave. And to the step before?",
    "dh = dz @ wh.T, for the next round. After the last round dh is what reaches h0. With hs = [h0, ...], the state after step t "
    "is hs[t + 1] and the one before it hs[t].",
)


def bptt(xs, h0, wx, wh, b, dhs):
    hs = [h0]
    for x in xs:
        hs.append(np.tanh(x @ wx + hs[-1] @ wh + b))
    dwx, dwh, db = np.zeros(wx.shape), np.zeros(wh.shape), np.zeros(b.shape)
    dh0 = np.zeros(h0.shape)  # what comes back from later steps; nothing is later than the last
    for t in reversed(range(len(xs))):
        dz = (dhs[t] + dh0) * (1 - hs[t + 1] ** 2)
        dwx += xs[t].T @ dz  # every step used the same weights: add up
        dwh += hs[t].T @ dz
        db += dz.sum(axis=0)
        dh0 = dz @ wh.T  # to the state before
    return dwx, dwh, db, dh0


def trials(rng):
    one, half = np.array([[1.0]]), np.array([[0.5]])
    yield "one step you can do by hand", one[None], 0 * one, one, half, np.zeros(1), one[None]
    two = np.array([[[1.0]], [[0.0]]])
    yield "two steps, the loss after the second", two, 0 * one, one, half, np.zeros(1), two[::-1].copy()
    xs, h0, wx, wh, b, dhs = _drawn(rng, 4, 2, 3, 5)
    last = np.concatenate([0 * dhs[:-1], dhs[-1:]])
    yield "four steps, the loss after the last", xs, 0 * h0, wx, wh, b, last
    yield "the loss after the first step only", xs, 0 * h0, wx, wh, b, dhs * (dhs == dhs[0])
    yield "a loss after every step", xs, 0 * h0, wx, wh, b, dhs
    yield "a state that doesn't start at 0", xs, h0, wx, wh, b, dhs
    yield "one name alone", *_drawn(rng, 3, 1, 4, 2)
    yield "all lengths are 3", *_drawn(rng, 3, 3, 3, 3)
    letters = np.eye(4, dtype=int)[rng.integers(0, 4, (5, 2))]
    yield "letters in whole numbers", letters, *_drawn(rng, 5, 2, 4, 3)[1:]
    xs, h0, wx, wh, b, dhs = _drawn(rng, 30, 2, 2, 4)
    yield "thirty steps and large weights", 0.1 * xs, 0.1 * h0, wx, 1.5 * wh, 0 * b, dhs


def _drawn(rng, steps, n, d, units):
    xs, h0, dhs = (
        rng.normal(size=(steps, n, d)),
        np.tanh(rng.normal(size=(n, units))),
        rng.normal(size=(steps, n, units)),
    )
    wx, wh = rng.normal(size=(d, units)) / np.sqrt(d), rng.normal(size=(units, units)) / np.sqrt(units)
    return xs, h0, wx, wh, 0.5 * rng.normal(size=units), dhs


def _states(xs, h0, wx, wh, b):
    hs = [h0]
    for x in xs:
        hs.append(np.tanh(x @ wx + hs[-1] @ wh + b))
    return hs


def _back(xs, h0, wx, wh, b, dhs, arrives=None, slope=None, link=None, before=None, order=None):
    """Walk back with one thing done differently."""
    hs = _states(xs, h0, wx, wh, b)
    dwx, dwh, db, dh = np.zeros(wx.shape), np.zeros(wh.shape), np.zeros(b.shape), np.zeros(h0.shape)
    for t in reversed(range(len(xs))) if order is None else order:
        total = arrives(t, dh) if arrives else dhs[t] + dh
        dz = total * (slope(t, hs) if slope else 1 - hs[t + 1] ** 2)
        dwx += xs[t].T @ dz
        dwh += (before(t, hs) if before else hs[t]).T @ dz
        db += dz.sum(axis=0)
        dh = link(dz, total) if link else dz @ wh.T
    return dwx, dwh, db, dh


@wrong(
    "Every step was taken by itself. h_t also reaches the loss through the *next* state: what comes back from there, "
    "dz @ wh.T, is added to dhs[t]."
)
def no_time_link(xs, h0, wx, wh, b, dhs):
    return _back(xs, h0, wx, wh, b, dhs, arrives=lambda t, dh: dhs[t])


@wrong(
    "Only the last step's dhs was used. A loss may follow every step, as when each letter is guessed: dhs[t] comes in at step t."
)
def only_last_upstream(xs, h0, wx, wh, b, dhs):
    only = np.zeros(dhs.shape)
    only[-1] = dhs[-1]
    return _back(xs, h0, wx, wh, b, only)


@wrong(
    "dwh was made with the state *after* the step. What met wh in step t was the state before it: h_(t-1), and h0 in the "
    "first step."
)
def dwh_uses_current_state(xs, h0, wx, wh, b, dhs):
    return _back(xs, h0, wx, wh, b, dhs, before=lambda t, hs: hs[t + 1])


@wrong(
    "The way back used wh where wh.T belongs. wh is square, so the shapes don't tell. Forwards h @ wh, backwards dz @ wh.T."
)
def wh_not_transposed(xs, h0, wx, wh, b, dhs):
    return _back(xs, h0, wx, wh, b, dhs, link=lambda dz, total: dz @ wh)


@wrong(
    "Each step's gradient replaced the one before, so only the first step's is left. All steps use the same weights: `+=`."
)
def overwrites_weight_gradients(xs, h0, wx, wh, b, dhs):
    return _back_keeping_one(xs, h0, wx, wh, b, dhs)


def _back_keeping_one(xs, h0, wx, wh, b, dhs):
    hs, dh = _states(xs, h0, wx, wh, b), np.zeros(h0.shape)
    for t in reversed(range(len(xs))):
        dz = (dhs[t] + dh) * (1 - hs[t + 1] ** 2)
        dwx, dwh, db = xs[t].T @ dz, hs[t].T @ dz, dz.sum(axis=0)
        dh = dz @ wh.T
    return dwx, dwh, db, dh


@wrong("The bend has a slope too: dz is what arrives at h_t, times 1 - h_t**2.")
def forgets_the_bend(xs, h0, wx, wh, b, dhs):
    return _back(xs, h0, wx, wh, b, dhs, slope=lambda t, hs: 1.0)


@wrong("tanh was taken of the state once more. h_t *is* the tanh already, so its slope is 1 - h_t**2.")
def tanh_twice(xs, h0, wx, wh, b, dhs):
    return _back(xs, h0, wx, wh, b, dhs, slope=lambda t, hs: 1 - np.tanh(hs[t + 1]) ** 2)


@wrong("The bend's slope was taken at the state *before* the step. Step t bends h_t: 1 - h_t**2.")
def slope_of_the_state_before(xs, h0, wx, wh, b, dhs):
    return _back(xs, h0, wx, wh, b, dhs, slope=lambda t, hs: 1 - hs[t] ** 2)


@wrong(
    "What goes back to the step before skipped the bend: you sent what arrived at h_t times wh.T. It passes the tanh first, "
    "so send dz @ wh.T."
)
def link_skips_the_bend(xs, h0, wx, wh, b, dhs):
    return _back(xs, h0, wx, wh, b, dhs, link=lambda dz, total: total @ wh.T)


@wrong(
    "dhs[t] arrives at h_t, *after* the tanh. You added it behind the bend; add the two parts first and then multiply both by "
    "1 - h_t**2."
)
def upstream_behind_the_bend(xs, h0, wx, wh, b, dhs):
    hs = _states(xs, h0, wx, wh, b)
    return _back(xs, h0, wx, wh, b, dhs, arrives=lambda t, dh: dhs[t] / (1 - hs[t + 1] ** 2) + dh)


@wrong("You walked forwards in time. The last step has nothing after it, so it is the one to begin with.")
def walks_forwards(xs, h0, wx, wh, b, dhs):
    return _back(xs, h0, wx, wh, b, dhs, order=range(len(xs)))


@wrong("dh0 stopped one step early: that is what reaches h_1. To get to h0 it passes one more bend and wh.T.")
def dh0_of_the_first_state(xs, h0, wx, wh, b, dhs):
    dwx, dwh, db, _ = bptt(xs, h0, wx, wh, b, dhs)
    later = bptt(xs[1:], _states(xs, h0, wx, wh, b)[1], wx, wh, b, dhs[1:])[3]
    return dwx, dwh, db, later + dhs[0]


@wrong(
    "In the first step `hs[t - 1]` is hs[-1], the *last* state: Python counts from the end. The state before the first step "
    "is h0."
)
def wraps_to_the_last_state(xs, h0, wx, wh, b, dhs):
    return _back(xs, h0, wx, wh, b, dhs, before=lambda t, hs: hs[t] if t else hs[-1])


@wrong("The state was taken to start at 0. It starts at h0.")
def starts_at_zero(xs, h0, wx, wh, b, dhs):
    return bptt(xs, np.zeros(h0.shape), wx, wh, b, dhs)


@wrong("You divided by the number of names. dhs says already how much each counts; here sums are wanted.")
def divides_by_the_batch(xs, h0, wx, wh, b, dhs):
    dwx, dwh, db, dh0 = bptt(xs, h0, wx, wh, b, dhs)
    return dwx / len(h0), dwh / len(h0), db / len(h0), dh0


@wrong(
    "The last step's dhs was counted twice: once as the start of what comes back, and once as dhs[t]. Nothing comes back from "
    "after the last step, so begin with zeros."
)
def counts_the_last_twice(xs, h0, wx, wh, b, dhs):
    doubled = dhs.copy()
    doubled[-1] *= 2
    return _back(xs, h0, wx, wh, b, doubled)


@wrong(
    "What comes back was *added up* over the steps: `dh += ...`. Weights collect from all steps; the slope on its way back is "
    "a new one at each: `dh = dz @ wh.T`."
)
def piles_up_what_comes_back(xs, h0, wx, wh, b, dhs):
    hs = _states(xs, h0, wx, wh, b)
    dwx, dwh, db, dh = np.zeros(wx.shape), np.zeros(wh.shape), np.zeros(b.shape), np.zeros(h0.shape)
    for t in reversed(range(len(xs))):
        dz = (dhs[t] + dh) * (1 - hs[t + 1] ** 2)
        dwx += xs[t].T @ dz
        dwh += hs[t].T @ dz
        db += dz.sum(axis=0)
        dh = dh + dz @ wh.T
    return dwx, dwh, db, dh


@wrong(
    "The walk back stopped before the first step: `range(1, T)` leaves out step 0, which used the weights too."
)
def leaves_out_the_first_step(xs, h0, wx, wh, b, dhs):
    return _back(xs, h0, wx, wh, b, dhs, order=list(reversed(range(1, len(xs)))))


@wrong(
    "The states of the forward walk were made without the bias, so every slope of the bend is a little off."
)
def walks_without_the_bias(xs, h0, wx, wh, b, dhs):
    return bptt(xs, h0, wx, wh, 0 * b, dhs)
