"""One step of long short-term memory."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 15, 3, 4
HINTS = (
    "One product gives all scores, (N, 4H). Split them into four, in the order i, f, g, o. Three are amounts, one is content: "
    "which bend for which?",
    "The new cell keeps f of the old cell and takes i of the content g. What is shown to the outside is o of the *new* cell, "
    "after a tanh.",
    "i, f, g, o = np.split(x @ wx + h @ wh + b, 4, axis=1); ...; c = f * c + i * g; h = o * np.tanh(c); return h, c",
)


def lstm_step(x, h, c, wx, wh, b):
    i, f, g, o = np.split(x @ wx + h @ wh + b, 4, axis=1)  # (N, H) each
    i, f, o = 1 / (1 + np.exp(-i)), 1 / (1 + np.exp(-f)), 1 / (1 + np.exp(-o))
    c = f * c + i * np.tanh(g)
    h = o * np.tanh(c)
    return h, c


def trials(rng):
    one = np.array([[1.0]])
    yield (
        "all weights 0: half is kept",
        one,
        0 * one,
        2.0 * one,
        np.zeros((1, 4)),
        np.zeros((1, 4)),
        np.zeros(4),
    )
    logs = np.log([[3.0, 4.0, 2.0, 9.0]])
    yield "one number you can do by hand", one, 0 * one, 0.5 * one, logs, np.zeros((1, 4)), np.zeros(4)
    yield "one name alone", *_drawn(rng, 1, 3, 2)
    yield "five names", *_drawn(rng, 5, 3, 2)
    yield "all lengths are 3", *_drawn(rng, 3, 3, 3)
    x, h, c, wx, wh, b = _drawn(rng, 4, 3, 2)
    yield "before the first letter", x, 0 * h, 0 * c, wx, wh, b
    yield "a cell that has counted far", x, h, 30 * c, wx, wh, b
    yield "the forget gate shut", x, h, c, wx, wh, b - [0, 0, 30, 30, 0, 0, 0, 0]
    yield "letters in whole numbers", np.eye(3, dtype=int)[[2, 0, 1, 0]], h, c, wx, wh, b
    yield "scores beyond 1000 and -1000", np.array([[3000.0], [-3000.0]]), h[:2], c[:2], wx[:1] + 1, wh, b


def _drawn(rng, n, d, units):
    x, h, c = rng.normal(size=(n, d)), np.tanh(rng.normal(size=(n, units))), 1.5 * rng.normal(size=(n, units))
    return (
        x,
        h,
        c,
        rng.normal(size=(d, 4 * units)),
        rng.normal(size=(units, 4 * units)),
        rng.normal(size=4 * units),
    )


def _sigmoid(s):
    return 1 / (1 + np.exp(-s))


def _bent(x, h, wx, wh, b, order="ifgo"):
    """Return i, f, g, o, bent, from columns in another order."""
    parts = dict(zip(order, np.split(x @ wx + h @ wh + b, 4, axis=1), strict=True))
    return _sigmoid(parts["i"]), _sigmoid(parts["f"]), np.tanh(parts["g"]), _sigmoid(parts["o"])


@wrong("The columns were split in the order i, f, o, g. Here it is i, f, g, o: the content comes third.")
def gates_in_other_order(x, h, c, wx, wh, b):
    i, f, g, o = _bent(x, h, wx, wh, b, "ifog")
    c = f * c + i * g
    return o * np.tanh(c), c


@wrong(
    "Input and forget gate are swapped: the first H columns are i and let the content in, the next are f and keep the old cell."
)
def forget_gate_first(x, h, c, wx, wh, b):
    i, f, g, o = _bent(x, h, wx, wh, b, "figo")
    c = f * c + i * g
    return o * np.tanh(c), c


@wrong(
    "The content g was bent by sigmoid, so nothing can ever be taken away from the cell. It is tanh's: -1 to 1."
)
def candidate_sigmoid(x, h, c, wx, wh, b):
    i, f, _, o = _bent(x, h, wx, wh, b)
    c = f * c + i * _sigmoid(np.split(x @ wx + h @ wh + b, 4, axis=1)[2])
    return o * np.tanh(c), c


@wrong("The content g has no bend yet: tanh.")
def candidate_not_bent(x, h, c, wx, wh, b):
    i, f, _, o = _bent(x, h, wx, wh, b)
    c = f * c + i * np.split(x @ wx + h @ wh + b, 4, axis=1)[2]
    return o * np.tanh(c), c


@wrong("h is o * c here. The cell can have counted far; what is shown is its tanh: o * tanh(c).")
def output_without_tanh(x, h, c, wx, wh, b):
    i, f, g, o = _bent(x, h, wx, wh, b)
    c = f * c + i * g
    return o * c, c


@wrong("h shows the *old* cell. First the cell is brought up to date, and then shown.")
def output_from_old_cell(x, h, c, wx, wh, b):
    i, f, g, o = _bent(x, h, wx, wh, b)
    return o * np.tanh(c), f * c + i * g


@wrong(
    "You used 1 - i in place of f. Some nets do (coupled gates); here f has columns of its own, so that a cell can keep all "
    "and take in more."
)
def coupled_gates(x, h, c, wx, wh, b):
    i, _, g, o = _bent(x, h, wx, wh, b)
    c = (1 - i) * c + i * g
    return o * np.tanh(c), c


@wrong("The two results are swapped: h first, then c.")
def returns_c_first(x, h, c, wx, wh, b):
    h, c = lstm_step(x, h, c, wx, wh, b)
    return c, h


@wrong(
    "Something was added to the forget gate's score. A large bias is a good *start*, and it is in b already."
)
def adds_one_to_forget(x, h, c, wx, wh, b):
    i, f, g, o = np.split(x @ wx + h @ wh + b, 4, axis=1)
    c = _sigmoid(f + 1) * c + _sigmoid(i) * np.tanh(g)
    return _sigmoid(o) * np.tanh(c), c


@wrong("The old cell is gone: where is f * c?")
def forgets_all(x, h, c, wx, wh, b):
    i, _, g, o = _bent(x, h, wx, wh, b)
    c = i * g
    return o * np.tanh(c), c


@wrong("The old cell is kept whole; the forget gate has no say. f * c.")
def keeps_all(x, h, c, wx, wh, b):
    i, _, g, o = _bent(x, h, wx, wh, b)
    c = c + i * g
    return o * np.tanh(c), c


@wrong(
    "The *cell* was bent by tanh before it was kept. It must be free to pass on and on; tanh is for what is shown."
)
def cell_bent(x, h, c, wx, wh, b):
    i, f, g, o = _bent(x, h, wx, wh, b)
    c = np.tanh(f * c + i * g)
    return o * c, c


@wrong("The gates were asked about the cell, `c @ wh`. They see the letter and h.")
def gates_see_the_cell(x, h, c, wx, wh, b):
    i, f, g, o = _bent(x, c, wx, wh, b)
    c = f * c + i * g
    return o * np.tanh(c), c


@wrong(
    "Sigmoid as exp(s) / (1 + exp(s)) is infinity over infinity for large scores; 1 / (1 + exp(-s)) is not."
)
def sigmoid_overflows(x, h, c, wx, wh, b):
    i, f, g, o = np.split(x @ wx + h @ wh + b, 4, axis=1)
    i, f, o = (np.exp(s) / (1 + np.exp(s)) for s in (i, f, o))
    c = f * c + i * np.tanh(g)
    return o * np.tanh(c), c


@wrong("The output gate is missing: h is not all of tanh(c), but o of it.")
def forgets_the_output_gate(x, h, c, wx, wh, b):
    i, f, g, _ = _bent(x, h, wx, wh, b)
    c = f * c + i * g
    return np.tanh(c), c


@wrong("All of the content was let in. The input gate i says how much: i * g.")
def forgets_the_input_gate(x, h, c, wx, wh, b):
    _, f, g, o = _bent(x, h, wx, wh, b)
    c = f * c + g
    return o * np.tanh(c), c


@wrong("The gates were bent by tanh and can be negative. They are shares, between 0 and 1: sigmoid.")
def gates_by_tanh(x, h, c, wx, wh, b):
    i, f, g, o = np.tanh(np.split(x @ wx + h @ wh + b, 4, axis=1))
    c = f * c + i * g
    return o * np.tanh(c), c
