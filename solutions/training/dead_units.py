"""Find the hidden neurons that have died."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 6, 2, 2
HINTS = (
    "A neuron is dead if relu lets nothing through on *any* row. What are the scores of all neurons on all rows, and what "
    "shape is that table?",
    "`X @ W + b` holds the scores, (N, H). For each column: are all of its N entries at most 0? A comparison gives a table of True "
    "and False; `.all(axis=0)` asks it of every column.",
    "return ((X @ W + b) <= 0).all(axis=0)",
)


def dead_units(X, W, b):
    scores = X @ W + b  # (N, H)
    return (scores <= 0).all(axis=0)  # relu gives 0 on every row


def trials(rng):
    yield (
        "two neurons you can do by hand",
        np.array([[1.0, 2.0], [0.0, 1.0], [2.0, 0.0]]),
        np.array([[1.0, -1.0], [1.0, -1.0]]),
        np.zeros(2),
    )
    X = rng.normal(size=(5, 3))
    W = rng.normal(size=(3, 4))
    b = np.array([10.0, -10.0, 0.0, -10.0])
    yield "a bias that kills", 0.5 * X, 0.5 * W, b
    yield (
        "on for a single row",
        np.array([[1.0], [-1.0], [-2.0]]),
        np.array([[0.1, -1.0, 1.0]]),
        np.array([-0.05, -1.5, -3.0]),
    )
    yield (
        "exactly 0",
        np.array([[0.0, 0.0], [0.0, 3.0]]),
        np.array([[1.0, 2.0], [0.0, -1.0]]),
        np.array([0.0, 0.0]),
    )
    yield (
        "a bias above 0 that isn't enough",
        np.array([[1.0], [2.0]]),
        np.array([[-3.0, 1.0]]),
        np.array([2.0, 0.5]),
    )
    X = rng.normal(size=(4, 4))
    W = np.concatenate([-np.abs(rng.normal(size=(2, 4))), np.abs(rng.normal(size=(2, 4)))])
    yield "as many rows as neurons", X, W, np.array([-30.0, 0.5, 30.0, -30.0])
    yield (
        "weights below 0, inputs too",
        np.array([[-1.0, -2.0], [-3.0, 0.0]]),
        np.array([[-1.0, 1.0], [-1.0, 2.0]]),
        np.zeros(2),
    )
    yield "one row", np.array([[1, -2, 1]]), np.array([[1, 0, 2], [1, 1, 1], [0, 3, 0]]), np.array([0, 0, 1])
    yield (
        "mostly off, and strong where on",
        np.array([[-1.0], [-2.0], [0.5], [9.0]]),
        np.array([[1.0, -1.0, 1.0]]),
        np.array([-5.0, -2.0, 0.0]),
    )
    X = rng.uniform(-2, -1, size=(30, 3))
    X[17] = [1e-6, -1.5, 5.0]
    W = np.array([[1.0, 1.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    yield "thirty rows, on for one of them, once by a millionth", X, W, np.zeros(3)


@wrong("A neuron that is off on *some* row is no patient: most are. Dead is one that is off on all of them.")
def off_somewhere(X, W, b):
    return ((X @ W + b) <= 0).any(axis=0)


@wrong(
    "You asked the rows: on which row is every neuron off? The question is about the columns: axis 0 runs down the rows."
)
def asks_the_rows(X, W, b):
    return ((X @ W + b) <= 0).all(axis=1)


@wrong("The bias is missing. It is often what has killed a neuron.")
def forgets_the_bias(X, W, b):
    return ((X @ W) <= 0).all(axis=0)


@wrong(
    "A score of exactly 0 counts as off: relu gives 0 there, and by our convention its slope is 0 too. Compare with `<=`."
)
def strictly_below(X, W, b):
    return ((X @ W + b) < 0).all(axis=0)


@wrong("You found those that are *alive*. Wanted is True for the dead.")
def marks_the_living(X, W, b):
    return ((X @ W + b) > 0).any(axis=0)


@wrong(
    "You looked at the weights alone. Whether a neuron is on depends on the rows too: weights below 0 times inputs below 0 "
    "give a score above 0."
)
def looks_at_the_weights(X, W, b):
    return (W <= 0).all(axis=0)


@wrong("The bias was added after relu. It belongs to the score, and relu cuts off the score.")
def adds_the_bias_after_relu(X, W, b):
    return (np.maximum(X @ W, 0) + b <= 0).all(axis=0)


@wrong("You looked at the bias alone. A large input overcomes it.")
def looks_at_the_bias(X, W, b):
    return b < 0


@wrong(
    "The *mean* score is below 0, but on some row it may be above: such a neuron still learns from that row. Ask all rows."
)
def judges_by_the_mean(X, W, b):
    return (X @ W + b).mean(axis=0) <= 0


@wrong(
    "A neuron that says little is not dead. However small its output on some row, there it has a slope of 1 and learns: compare with 0."
)
def gives_up_the_weak(X, W, b):
    return np.maximum(X @ W + b, 0).sum(axis=0) < 1


@wrong("That is *how many* are dead. Wanted is which: True or False for each neuron, shape (H,).")
def counts_them(X, W, b):
    return dead_units(X, W, b).sum()


@wrong("Those are the places of the dead ones. Wanted is True or False for each neuron, shape (H,).")
def lists_their_places(X, W, b):
    return np.flatnonzero(dead_units(X, W, b))


@wrong(
    "That is the whole table, one entry for each row and neuron. Now ask of each column whether all of it is True."
)
def the_whole_table(X, W, b):
    return (X @ W + b) <= 0


@wrong("Those are relu's outputs, one for each row and neuron. Now ask each column: is it 0 on every row?")
def returns_the_outputs(X, W, b):
    return np.maximum(X @ W + b, 0)


@wrong(
    "You asked for a score of *exactly* 0. Where the score is below 0 relu gives 0 too: at or below, `<= 0`."
)
def scores_of_nought(X, W, b):
    return (X @ W + b == 0).all(axis=0)


@wrong("You asked the first row alone. Dead is a neuron that is off on every row: `.all(axis=0)`.")
def asks_the_first_row(X, W, b):
    return (X @ W + b)[0] <= 0


@wrong(
    "A neuron whose output is tiny on some row is weak, not dead: it still learns from that row. No tolerance here; compare with 0 itself."
)
def with_a_tolerance(X, W, b):
    return np.maximum(X @ W + b, 0).max(axis=0) < 0.01


@wrong("Off on most rows is not off on all: one row in thirty is enough to learn from. Ask all rows.")
def off_on_most_rows(X, W, b):
    return ((X @ W + b) <= 0).mean(axis=0) > 0.9


@wrong(
    "The outputs don't *differ* from row to row. A neuron that is on everywhere may say the same too: compare with 0."
)
def says_always_the_same(X, W, b):
    return np.maximum(X @ W + b, 0).std(axis=0) == 0


@wrong(
    "`.all()` without an axis gives one answer for the whole table. Wanted is one for each neuron: axis 0."
)
def one_answer_for_all(X, W, b):
    return ((X @ W + b) <= 0).all()
