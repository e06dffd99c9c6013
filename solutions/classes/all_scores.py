"""Score every example for every class, in one line."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 6, 2, 1
HINTS = (
    "Write the shapes beside each other: X is (N, D), you want (N, K). What must stand to its right, so that D vanishes?",
    "(N, D) @ (D, K) is (N, K). The biases are (K,), one for each column; NumPy lines up the last axes.",
    "X @ W + b, and nothing else.",
)


def all_scores(X, W, b):
    return X @ W + b  # (N, D) @ (D, K) -> (N, K), and (K,) is used again for each row


def trials(rng):
    yield (
        "one example, two classes",
        np.array([[1.0, 2.0]]),
        np.array([[1.0, 0.0], [3.0, -1.0]]),
        np.array([10.0, 20.0]),
    )
    yield "three shapes that differ", rng.normal(size=(5, 3)), rng.normal(size=(3, 4)), rng.normal(size=4)
    yield "everything square", rng.normal(size=(3, 3)), rng.normal(size=(3, 3)), rng.normal(size=3)
    yield "a single class", rng.normal(size=(4, 2)), rng.normal(size=(2, 1)), rng.normal(size=1)
    yield "a single feature", rng.normal(size=(3, 1)), rng.normal(size=(1, 3)), rng.normal(size=3)


@wrong("The biases are missing: each class has one, added to its whole column.")
def forgets_the_biases(X, W, b):
    return X @ W


@wrong(
    "You added bias 0 to row 0, bias 1 to row 1. A bias belongs to a class, which is a *column*; shape (K,) already lines up "
    "with the columns."
)
def bias_down_the_rows(X, W, b):
    return X @ W + np.resize(b, len(X))[:, None]


@wrong(
    "`W.T` swaps the roles of features and classes. Where the table is square nothing complains, and every score is another "
    "neuron's."
)
def turns_the_weights(X, W, b):
    return X @ W.T + b


@wrong("You multiplied entry by entry and added everything up. `@` is what pairs rows with columns.")
def one_number_for_all(X, W, b):
    return np.full((len(X), W.shape[1]), X.sum() * W.sum()) + b


@wrong("That is (K, N): a row for each class. A row is an example.")
def a_row_for_each_class(X, W, b):
    return (X @ W + b).T


@wrong("All classes got the first class's weights.")
def one_neuron_for_all(X, W, b):
    return (X @ W[:, :1]) + b


@wrong("The bias was added once for each feature. It stands outside the sum.")
def bias_once_per_feature(X, W, b):
    return X @ W + X.shape[1] * b


@wrong("You subtracted the biases. A score is the weighted sum *plus* b.")
def subtracts_the_biases(X, W, b):
    return X @ W - b


@wrong("b was added to the weights, so it is multiplied by the features. It comes in after the product.")
def bias_inside_the_weights(X, W, b):
    return X @ (W + b)
