"""Turn scores into probabilities."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 10, 2, 2
HINTS = (
    "Two steps: make every score positive, then divide each row by its own total. What happens to the first step "
    "at a score of 1000, and what could you take away from a row without changing its shares?",
    "`scores.max(axis=1)` has shape (N,), and NumPy would lay it along the columns. With `keepdims=True` it stays "
    "(N, 1) and each row meets its own number. The same goes for the total.",
    "shifted = np.exp(scores - scores.max(axis=1, keepdims=True)), then divide by shifted.sum(axis=1, keepdims=True).",
)


def softmax(scores):
    shifted = scores - scores.max(axis=1, keepdims=True)  # (N, K), the largest of each row is 0
    positive = np.exp(shifted)  # (N, K), between 0 and 1
    return positive / positive.sum(axis=1, keepdims=True)


def trials(rng):
    yield "one row you can do by hand", np.array([[0.0, np.log(3.0)]])
    yield "more columns than rows", rng.normal(size=(3, 5))
    yield "as many rows as columns", rng.normal(size=(4, 4))
    yield "whole numbers", np.array([[1, 2, 0], [3, 3, 5]])
    yield "scores near 1000", 1000.0 + rng.normal(size=(2, 4))
    yield "scores near -1000", -1000.0 + rng.normal(size=(2, 4))
    yield "two rows far apart", np.array([[0.0, 1.0], [2000.0, 2001.0]])
    yield "rows 2000 wide", np.array([[0.0, 2000.0, 1.0], [-1000.0, 1000.0, 1000.5]])


@wrong(
    "exp(1000) is too large for a float. Take each row's largest score away first: the shares don't change."
)
def no_max_shift(scores):
    positive = np.exp(scores)
    return positive / positive.sum(axis=1, keepdims=True)


@wrong("You shared out down the columns. Each *row* is one example, so add up along axis 1.")
def sums_down_the_columns(scores):
    positive = np.exp(scores - scores.max(axis=1, keepdims=True))
    return positive / positive.sum(axis=0, keepdims=True)


@wrong("The whole table adds up to 1. Each *row* must: sum with `axis=1, keepdims=True`.")
def sums_over_everything(scores):
    positive = np.exp(scores - scores.max())
    return positive / positive.sum()


@wrong(
    "You took away the largest score of the whole table. A row far below it becomes 0/0: give each row its own maximum."
)
def shifts_by_the_tables_max(scores):
    positive = np.exp(scores - scores.max())
    return positive / positive.sum(axis=1, keepdims=True)


@wrong(
    "You took away each *column's* largest score, so the scores of one row were shifted by different amounts. "
    "Only a shift that a whole row shares cancels."
)
def shifts_by_the_columns_max(scores):
    positive = np.exp(scores - scores.max(axis=0, keepdims=True))
    return positive / positive.sum(axis=1, keepdims=True)


@wrong(
    "What you took away (the row's mean?) leaves the best score of a row 2000 wide too high for exp. Take the row's maximum."
)
def shifts_by_the_rows_mean(scores):
    positive = np.exp(scores - scores.mean(axis=1, keepdims=True))
    return positive / positive.sum(axis=1, keepdims=True)


@wrong(
    "Without `keepdims=True` the N maxima (or totals) are laid along the columns: an error if N isn't K, and quietly "
    "wrong if it is. Keep them (N, 1)."
)
def forgets_keepdims(scores):
    positive = np.exp(scores - scores.max(axis=1))
    return positive / positive.sum(axis=1)


@wrong("You clipped the scores, so 1000 and 1001 became equals. Shift them instead: nothing is lost.")
def clips_the_scores(scores):
    positive = np.exp(np.clip(scores, -500, 500))
    return positive / positive.sum(axis=1, keepdims=True)


@wrong("You divided the scores themselves. They can be negative: take `np.exp` before you share out.")
def forgets_the_exp(scores):
    return scores / scores.sum(axis=1, keepdims=True)


@wrong("The *lowest* score of each row got the largest share. Look for a minus that has no business there.")
def flips_the_sign(scores):
    positive = np.exp(scores.min(axis=1, keepdims=True) - scores)
    return positive / positive.sum(axis=1, keepdims=True)


@wrong(
    "Each entry was squeezed on its own (a sigmoid), so rows don't add up to 1. The classes of a row must share."
)
def sigmoid_of_each(scores):
    return 0.5 * (1 + np.tanh(scores / 2))


@wrong("These are the logarithms of the probabilities. Return the probabilities.")
def returns_logs(scores):
    shifted = scores - scores.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


@wrong(
    "You divided by the total of the whole table. Each *row* must add up to 1: sum with `axis=1, keepdims=True`."
)
def divides_by_the_grand_total(scores):
    positive = np.exp(scores - scores.max(axis=1, keepdims=True))
    return positive / positive.sum()


@wrong(
    "Two things: you shared out down the columns (each *row* is one example: axis 1), and exp(1000) is too large for a "
    "float."
)
def columns_without_a_shift(scores):
    positive = np.exp(scores)
    return positive / positive.sum(axis=0)


@wrong(
    "The shares were put into an array of whole numbers, which keeps 0 and 1 only: `np.zeros_like(scores)` takes over the "
    "type of the scores. `np.zeros(scores.shape)` makes floats."
)
def rounds_in_an_integer_array(scores):
    shares = np.zeros_like(scores)
    for i in range(len(scores)):
        positive = np.exp(scores[i] - scores[i].max())
        shares[i] = positive / positive.sum()
    return shares
