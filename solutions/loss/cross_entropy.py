"""Price scores when the answer is one of K classes."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 15, 3, 3
HINTS = (
    "Write the price of one row on paper: minus the log of (exp of the right score, over the total). The log of a "
    "fraction is a difference. What is the log of exp(s)?",
    "Price of a row = log of the total, minus the right score. Take the row's largest score away from every score "
    "first, and the total lies between 1 and K: no overflow, and never the log of 0.",
    "To pick one entry per row, give NumPy two lists of equal length: rows `np.arange(N)` and columns `labels`. "
    "So shifted[np.arange(len(labels)), labels] has shape (N,), and you want the mean of log_total minus that.",
)


def cross_entropy(scores, labels):
    shifted = scores - scores.max(axis=1, keepdims=True)  # (N, K), the largest of each row is 0
    log_total = np.log(np.exp(shifted).sum(axis=1))  # (N,), between 0 and log(K)
    right = shifted[np.arange(len(labels)), labels]  # (N,), the score of the right class
    return np.mean(log_total - right)


def trials(rng):
    yield "one row you can do by hand", np.array([[0.0, np.log(3.0)]]), np.array([0])
    yield "more columns than rows", rng.normal(size=(3, 5)), np.array([4, 0, 2])
    yield "as many rows as columns, every class", rng.normal(size=(4, 4)), np.array([1, 3, 0, 2])
    yield "the last class doesn't occur", rng.normal(size=(6, 3)), np.array([0, 1, 1, 0, 1, 0])
    yield "whole numbers", np.array([[1, 2, 0], [3, 3, 5]]), np.array([0, 2])
    yield "right, by a wide margin", np.array([[9.0, 0.0, 1.0], [0.0, 0.5, 9.5]]), np.array([0, 2])
    yield "the right class is 26 behind", np.array([[0.0, 26.0], [26.0, 0.5]]), np.array([0, 1])
    yield "scores near 1000", 1000.0 + rng.normal(size=(3, 4)), np.array([3, 1, 0])
    yield "two rows far apart", np.array([[0.0, 1.0], [2000.0, 2001.0]]), np.array([1, 0])
    yield "the right class is 2000 behind", np.array([[0.0, 2000.0, 1.0], [0.0, 1.0, 2.0]]), np.array([0, 1])


@wrong(
    "Softmax came first and the logarithm after it. Where the right class is 2000 behind, its probability is rounded "
    "to 0 and its log is lost. Simplify on paper first: log(exp(s)) is s."
)
def log_after_softmax(scores, labels):
    positive = np.exp(scores - scores.max(axis=1, keepdims=True))
    probability = positive / positive.sum(axis=1, keepdims=True)
    return -np.mean(np.log(probability[np.arange(len(labels)), labels]))


@wrong(
    "You took the softmax of a softmax: the scores were made into probabilities, then treated as scores again."
)
def softmax_twice(scores, labels):
    positive = np.exp(scores - scores.max(axis=1, keepdims=True))
    probability = positive / positive.sum(axis=1, keepdims=True)
    return cross_entropy(probability, labels)


@wrong(
    "`[:, labels]` takes *all* the listed columns in *every* row, (N, N) numbers. Pair row i with label i: "
    "`[np.arange(N), labels]`."
)
def picks_every_pair(scores, labels):
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.mean(log_p[:, labels])


@wrong(
    "You divided by N times K. One row has one right class, hence one price: average over the N rows only."
)
def averages_over_classes(scores, labels):
    return cross_entropy(scores, labels) / scores.shape[1]


@wrong(
    "You added a small number to the probability, so that no logarithm meets 0. But then no mistake can cost more "
    "than the log of that number. Work with the scores instead."
)
def adds_epsilon(scores, labels):
    positive = np.exp(scores - scores.max(axis=1, keepdims=True))
    probability = positive / positive.sum(axis=1, keepdims=True)
    return -np.mean(np.log(probability[np.arange(len(labels)), labels] + 1e-12))


@wrong(
    "You clipped the probabilities, as in `bce`. Then every mistake beyond the clip costs the same. "
    "Scores need no clipping: the price is a difference of two of them."
)
def clips_the_probability(scores, labels):
    positive = np.exp(scores - scores.max(axis=1, keepdims=True))
    probability = np.clip(positive / positive.sum(axis=1, keepdims=True), 1e-12, 1.0)
    return -np.mean(np.log(probability[np.arange(len(labels)), labels]))


@wrong("exp(1000) is too large for a float. Take each row's largest score away from the row first.")
def no_max_shift(scores, labels):
    log_total = np.log(np.exp(scores).sum(axis=1))
    return np.mean(log_total - scores[np.arange(len(labels)), labels])


@wrong(
    "You took away the largest score of the whole table, so rows far below it vanish. Each row has its own maximum."
)
def shifts_by_the_tables_max(scores, labels):
    shifted = scores - scores.max()
    log_total = np.log(np.exp(shifted).sum(axis=1))
    return np.mean(log_total - shifted[np.arange(len(labels)), labels])


@wrong("You added the prices of all rows and stopped. Divide by N.")
def sum_not_mean(scores, labels):
    return cross_entropy(scores, labels) * len(labels)


@wrong("The size is right, the sign isn't. It is the log of the total *minus* the right score.")
def forgets_the_minus(scores, labels):
    return -cross_entropy(scores, labels)


@wrong(
    "You left out the log of the total, so it is only the gap to the best score. The other classes count too."
)
def forgets_the_total(scores, labels):
    shifted = scores - scores.max(axis=1, keepdims=True)
    return -np.mean(shifted[np.arange(len(labels)), labels])


@wrong("Your total is made of shifted scores, the score you subtract is not. Shift both, or neither.")
def mixes_shifted_and_raw(scores, labels):
    log_total = np.log(np.exp(scores - scores.max(axis=1, keepdims=True)).sum(axis=1))
    return np.mean(log_total - scores[np.arange(len(labels)), labels])


@wrong("You priced the class with the best score. The price is for the *right* class, whatever its score.")
def prices_the_best_class(scores, labels):
    return cross_entropy(scores, scores.argmax(axis=1))


@wrong(
    "You asked each class on its own, with a sigmoid. The classes exclude each other: the total of the row counts."
)
def sigmoid_of_each(scores, labels):
    return np.mean(np.logaddexp(0.0, -scores[np.arange(len(labels)), labels]))


@wrong("Your totals run down the columns. One example is one *row*: sum over axis 1.")
def totals_down_the_columns(scores, labels):
    shifted = scores - scores.max(axis=0, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=0, keepdims=True))
    return -np.mean(log_p[np.arange(len(labels)), labels])


@wrong("You used the logarithm to base 2, which counts in bits. Nats come from `np.log`.")
def in_bits(scores, labels):
    return cross_entropy(scores, labels) / np.log(2.0)
