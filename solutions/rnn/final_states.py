"""Repair a reader whose state leaks from one batch into the next."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 8, 3, 2
STARTER = "state_leaks"
HINTS = (
    "The first batch is always right. What does `h` hold when the second one begins, and what should it hold?",
    "Every batch brings names of its own, and before the first letter of a name nothing has been read. Where must the zeros "
    "stand, and how many rows do they need?",
    "As the first line inside `for batch in batches:`  h = np.zeros((len(batch), len(b)))",
)


def final_states(batches, wx, wh, b):
    found = []
    for batch in batches:
        h = np.zeros((len(batch), len(b)))  # nothing has been read of these names
        for t in range(batch.shape[1]):
            h = np.tanh(batch[:, t] @ wx + h @ wh + b)
        found.append(h)
    return found


def trials(rng):
    weights = rng.normal(size=(1, 1)), rng.normal(size=(1, 1)), rng.normal(size=1)
    yield "one batch of one name of one letter", [np.array([[[1.0]]])], *weights
    wx, wh, b = rng.normal(size=(3, 2)), rng.normal(size=(2, 2)), rng.normal(size=2)
    yield "one batch", [rng.normal(size=(4, 5, 3))], wx, wh, b
    yield "the same batch twice", [*2 * [rng.normal(size=(2, 3, 3))]], wx, wh, b
    yield "three batches", [rng.normal(size=(2, 4, 3)) for _ in range(3)], wx, wh, b
    yield "as many names as letters", [rng.normal(size=(3, 3, 3)) for _ in range(2)], wx, wh, b
    yield "a smaller batch at the end", [rng.normal(size=(n, 4, 3)) for n in (3, 3, 1)], wx, wh, b
    yield "batches of longer and shorter names", [rng.normal(size=(2, t, 3)) for t in (5, 2)], wx, wh, b


@wrong(
    "The first batch comes out right and the later ones don't, though each would alone. What is in `h` when a new batch "
    "begins: nothing, or the end of somebody else's name?"
)
def state_leaks(batches, wx, wh, b):
    h = np.zeros((len(batches[0]), len(b)))
    found = []
    for batch in batches:
        for t in range(batch.shape[1]):
            h = np.tanh(batch[:, t] @ wx + h @ wh + b)
        found.append(h)
    return found


@wrong(
    "Now the state is cleared before every *letter*, so nothing is remembered at all. Clear it once a batch, before its "
    "first letter."
)
def forgets_at_every_letter(batches, wx, wh, b):
    found = []
    for batch in batches:
        for t in range(batch.shape[1]):
            h = np.zeros((len(batch), len(b)))
            h = np.tanh(batch[:, t] @ wx + h @ wh + b)
        found.append(h)
    return found


@wrong(
    "`h[:] = 0` or `h *= 0` clears the very array that you have just put into the list: the state before is lost. Make a new "
    "array of zeros."
)
def clears_in_place(batches, wx, wh, b):
    h = np.zeros((len(batches[0]), len(b)))
    found = []
    for batch in batches:
        h[:] = 0
        for t in range(batch.shape[1]):
            h = np.tanh(batch[:, t] @ wx + h @ wh + b)
        found.append(h)
    return found


@wrong(
    "The new zeros have as many rows as the *first* batch. The last batch of an epoch is often smaller: count its own rows."
)
def zeros_for_the_first_batch(batches, wx, wh, b):
    found = []
    for batch in batches:
        h = np.zeros((len(batches[0]), len(b)))
        for t in range(batch.shape[1]):
            h = np.tanh(batch[:, t] @ wx + h @ wh + b)
        found.append(h)
    return found


@wrong(
    "You walked over the first axis, the names. Time is the second: `batch[:, t]` is the letter at place t of every name."
)
def walks_over_names(batches, wx, wh, b):
    found = []
    for batch in batches:
        h = np.zeros((len(batch), len(b)))
        for t in range(len(batch)):
            h = np.tanh(batch[t] @ wx + h @ wh + b)
        found.append(h)
    return found


@wrong("Only the last batch came back. Wanted is a list with the last state of each.")
def only_the_last_batch(batches, wx, wh, b):
    return final_states(batches, wx, wh, b)[-1:]


@wrong("All states of each batch came back. Wanted is the last one, after the whole name: (N, H).")
def all_states(batches, wx, wh, b):
    found = []
    for batch in batches:
        h, states = np.zeros((len(batch), len(b))), []
        for t in range(batch.shape[1]):
            h = np.tanh(batch[:, t] @ wx + h @ wh + b)
            states.append(h)
        found.append(np.stack(states, axis=1))
    return found


@wrong(
    "The names were stacked on top of each other into one array. Batches may differ in size: wanted is a list, an array each."
)
def one_array_of_all(batches, wx, wh, b):
    return np.concatenate(final_states(batches, wx, wh, b))


@wrong("The last letter is not read: `range` already stops before its end.")
def stops_a_letter_early(batches, wx, wh, b):
    return final_states([batch[:, :-1] for batch in batches], wx, wh, b)


@wrong(
    "The rows fit now, but what is in them is still the end of other names. Nothing has been read yet when a batch begins."
)
def crops_the_leak(batches, wx, wh, b):
    h = np.zeros((len(batches[0]), len(b)))
    found = []
    for batch in batches:
        h = h[: len(batch)]
        for t in range(batch.shape[1]):
            h = np.tanh(batch[:, t] @ wx + h @ wh + b)
        found.append(h)
    return found


@wrong("The loop counts the names, `len(batch)`. It is to count the letters, `batch.shape[1]`.")
def counts_names_for_letters(batches, wx, wh, b):
    found = []
    for batch in batches:
        h = np.zeros((len(batch), len(b)))
        for t in range(len(batch)):
            h = np.tanh(batch[:, t] @ wx + h @ wh + b)
        found.append(h)
    return found
