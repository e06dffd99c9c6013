"""Repair a reader that goes on reading after a name has ended."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 10, 3, 2
STARTER = "reads_the_padding"
HINTS = (
    "Take the name that ends first. What happens to its state in the steps after its end, though only zeros come in?",
    "A name of length 3 has letters at t = 0, 1 and 2. From then on its state is to stay as it is: a gate that is open while "
    "t < length and shut after. Each name has its own.",
    "new = np.tanh(...); reading = t < lengths; h = np.where(reading[:, None], new, h)",
)


def last_states(xs, lengths, wx, wh, b):
    h = np.zeros((xs.shape[1], len(b)))
    for t in range(len(xs)):
        new = np.tanh(xs[t] @ wx + h @ wh + b)
        reading = t < lengths  # (N,)
        h = np.where(reading[:, None], new, h)  # whoever has ended keeps its state
    return h


def trials(rng):
    yield "one name that fills all", *_drawn(rng, [3], 3, 2, 2)
    yield "one name that ends early", *_drawn(rng, [2], 4, 2, 2)
    yield "three names, one of them short", *_drawn(rng, [4, 2, 4], 4, 3, 2)
    yield "all lengths differ", *_drawn(rng, [1, 5, 3, 2], 5, 3, 2)
    yield "as many names as units and letters", *_drawn(rng, [1, 3, 2], 3, 3, 3)
    yield "all are short", *_drawn(rng, [2, 1], 6, 3, 4)
    yield "longer and longer", *_drawn(rng, [1, 2, 3, 4], 4, 2, 4)
    xs, lengths, *weights = _drawn(rng, [3, 2], 4, 3, 2)
    xs[1] = 0.0
    yield "nothing but zeros comes in, in the middle of a name", xs, lengths, *weights
    xs, lengths, *weights = _drawn(rng, [3, 1], 5, 3, 2)
    yield (
        "something else after the end",
        xs + 5.0 * (np.arange(5)[:, None, None] >= lengths[None, :, None]),
        lengths,
        *weights,
    )


def _drawn(rng, lengths, steps, d, units):
    lengths = np.array(lengths)
    xs = rng.normal(size=(steps, len(lengths), d)) * (
        np.arange(steps)[:, None, None] < lengths[None, :, None]
    )
    return xs, lengths, rng.normal(size=(d, units)), rng.normal(size=(units, units)), rng.normal(size=units)


def _gated(xs, wx, wh, b, reads):
    h = np.zeros((xs.shape[1], len(b)))
    for t in range(len(xs)):
        h = np.where(np.reshape(reads(t), (-1, 1)), np.tanh(xs[t] @ wx + h @ wh + b), h)
    return h


@wrong(
    "The longest names are right, the short ones are not. What comes in after a name's end, and does the state stay still "
    "when nothing but zeros comes in?"
)
def reads_the_padding(xs, lengths, wx, wh, b):
    h = np.zeros((xs.shape[1], len(b)))
    for t in range(len(xs)):
        h = np.tanh(xs[t] @ wx + h @ wh + b)
    return h


@wrong("Each name read one step too many: a name of length 3 has its letters at t = 0, 1, 2, so t < length.")
def one_step_too_many(xs, lengths, wx, wh, b):
    return _gated(xs, wx, wh, b, lambda t: t <= lengths)


@wrong("Each name's last letter was left out: it stands at t = length - 1, and t < length includes it.")
def one_step_too_few(xs, lengths, wx, wh, b):
    return _gated(xs, wx, wh, b, lambda t: t < lengths - 1)


@wrong("Names that have ended were set to 0: their states are lost. They are to *keep* what they had.")
def sets_ended_names_to_zero(xs, lengths, wx, wh, b):
    h = np.zeros((xs.shape[1], len(b)))
    for t in range(len(xs)):
        h = np.tanh(xs[t] @ wx + h @ wh + b) * (t < lengths)[:, None]
    return h


@wrong(
    "The *letters* after the end were set to 0. They mostly are already; it is the state that moves on, by wh and b."
)
def silences_the_letters(xs, lengths, wx, wh, b):
    return reads_the_padding(
        xs * (np.arange(len(xs))[:, None, None] < lengths[None, :, None]), lengths, wx, wh, b
    )


@wrong("Everybody stopped when the *shortest* name ended. Each name has a length of its own.")
def stops_with_the_shortest(xs, lengths, wx, wh, b):
    return reads_the_padding(xs[: lengths.min()], lengths, wx, wh, b)


@wrong("Everybody stopped when the *longest* name ended: the shorter ones have read on.")
def stops_with_the_longest(xs, lengths, wx, wh, b):
    return reads_the_padding(xs[: lengths.max()], lengths, wx, wh, b)


@wrong("Old and new are swapped: names read on only after their end.")
def gate_the_wrong_way(xs, lengths, wx, wh, b):
    return _gated(xs, wx, wh, b, lambda t: t >= lengths)


@wrong("The first name's length was used for all.")
def first_length_for_all(xs, lengths, wx, wh, b):
    return _gated(xs, wx, wh, b, lambda t: np.full(len(lengths), t < lengths[0]))


@wrong(
    "A letter of zeros was taken for the end. Nothing says that a letter can't be zeros, or that the padding is: use `lengths`."
)
def zeros_for_the_end(xs, lengths, wx, wh, b):
    return _gated(xs, wx, wh, b, lambda t: (xs[t] != 0).any(axis=1))


@wrong(
    "The gate has shape (N,), and was laid along the *units*. As a column, `gate[:, None]`, it goes with the names. (With as "
    "many names as units nothing complains.)"
)
def gate_along_the_units(xs, lengths, wx, wh, b):
    h = np.zeros((xs.shape[1], len(b)))
    for t in range(len(xs)):
        h = np.where(t < lengths, np.tanh(xs[t] @ wx + h @ wh + b), h)
    return h


@wrong("The new state was *added* to the old one. Where a name is being read, it takes the old one's place.")
def adds_the_new(xs, lengths, wx, wh, b):
    h = np.zeros((xs.shape[1], len(b)))
    for t in range(len(xs)):
        h = h + np.tanh(xs[t] @ wx + h @ wh + b) * (t < lengths)[:, None]
    return h
