"""Find the digit that is most often taken for another, and for which."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 12, 4, 2
HINTS = (
    "Make a table with a row for each true class and a column for each answer, and count every example into its place. "
    "Which places must not win?",
    "For i, j in zip(labels, answers): table[i, j] += 1. The diagonal holds the right answers: set it to 0. `argmax` of a "
    "table counts along all rows; `np.unravel_index(place, table.shape)` turns that into a row and a column.",
    "np.add.at(table, (labels, answers), 1); np.fill_diagonal(table, 0); np.unravel_index(table.argmax(), table.shape).",
)


def most_confused(labels, answers):
    classes = 1 + max(labels.max(), answers.max())
    table = np.zeros((classes, classes), int)  # row: what it is, column: what was said
    for truth, said in zip(labels, answers, strict=True):
        table[truth, said] += 1
    np.fill_diagonal(table, 0)  # right answers are no confusion
    truth, said = np.unravel_index(table.argmax(), table.shape)
    return int(truth), int(said)


def _answers(rng, pairs, classes=6, rare=None):
    """Return labels and answers, in random order, with so many of each (truth, said), and many right ones."""
    rows = [(c, c) for c in range(classes) for _ in range(8) if c != rare]
    rows += [pair for pair, count in pairs.items() for _ in range(count)]
    shuffled = rng.permutation(np.array(rows))
    return shuffled[:, 0].copy(), shuffled[:, 1].copy()


def trials(rng):
    yield "six answers you can count", np.array([0, 1, 1, 1, 2, 2]), np.array([0, 2, 2, 1, 2, 0])
    yield "classes far apart", np.array([0, 1, 1, 2]), np.array([0, 12, 12, 2])
    yield "a rare class that is always missed", *_answers(rng, {(0, 1): 9, (3, 5): 2}, rare=3)
    yield "one way more often than the other", *_answers(rng, {(3, 5): 7, (5, 3): 5, (1, 4): 4, (0, 2): 6})
    yield (
        "one digit drawn wrongly in many ways",
        *_answers(rng, {(2, 0): 4, (2, 1): 4, (2, 3): 4, (4, 5): 6, (0, 5): 4}),
    )
    yield "an answer that draws many", *_answers(rng, {(0, 5): 4, (1, 5): 4, (3, 5): 4, (4, 2): 6, (4, 0): 2})
    yield "the right answers are many", *_answers(rng, {(5, 1): 3, (1, 5): 1, (2, 4): 2})


@wrong("You return (said, truth). The statement asks for what it is first, then for what was said.")
def swaps_truth_and_answer(labels, answers):
    truth, said = most_confused(labels, answers)
    return said, truth


@wrong("The largest place of the whole table lies on its diagonal, where answers are right. Leave those out.")
def counts_right_answers(labels, answers):
    table = _table(labels, answers)
    truth, said = np.unravel_index(table.argmax(), table.shape)
    return int(truth), int(said)


@wrong(
    "You added both directions up. A 3 taken for a 5 and a 5 taken for a 3 are two different mistakes here: which one is the "
    "more frequent?"
)
def adds_both_directions(labels, answers):
    table = _table(labels, answers)
    np.fill_diagonal(table, 0)
    both = np.tril(table + table.T)
    truth, said = np.unravel_index(both.argmax(), both.shape)
    return int(truth), int(said)


@wrong(
    "You found the digit with the most mistakes, and then its commonest one. A digit may be missed often, but each time for "
    "another; the question is for the commonest *pair*."
)
def the_worst_digit_first(labels, answers):
    table = _table(labels, answers)
    np.fill_diagonal(table, 0)
    truth = table.sum(axis=1).argmax()
    return int(truth), int(table[truth].argmax())


@wrong(
    "You found the answer that is wrong most often, and then for whom. It may draw a little from everywhere; the question is "
    "for the commonest *pair*."
)
def the_worst_answer_first(labels, answers):
    table = _table(labels, answers)
    np.fill_diagonal(table, 0)
    said = table.sum(axis=0).argmax()
    return int(table[:, said].argmax()), int(said)


@wrong("That is the pair confused *least*. Look for the largest count.")
def takes_the_rarest(labels, answers):
    table = _table(labels, answers)
    np.fill_diagonal(table, table.max() + 1)
    table[table == 0] = table.max() + 1
    truth, said = np.unravel_index(table.argmin(), table.shape)
    return int(truth), int(said)


def _table(labels, answers):
    classes = 1 + max(labels.max(), answers.max())
    table = np.zeros((classes, classes), int)
    np.add.at(table, (labels, answers), 1)
    return table


@wrong(
    "`table[labels, answers] += 1` counts a place that occurs several times only once. Go through the pairs one by one, or use "
    "`np.add.at`."
)
def counts_repeats_once(labels, answers):
    table = np.zeros_like(_table(labels, answers))
    table[labels, answers] += 1
    np.fill_diagonal(table, 0)
    truth, said = np.unravel_index(table.argmax(), table.shape)
    return int(truth), int(said)


@wrong("You compared shares of each digit's examples. The question is for the largest *count*.")
def compares_shares(labels, answers):
    table = _table(labels, answers)
    shares = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    np.fill_diagonal(shares, 0)
    truth, said = np.unravel_index(shares.argmax(), shares.shape)
    return int(truth), int(said)
