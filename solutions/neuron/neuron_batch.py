"""Score a whole batch of examples with one neuron."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 8, 2, 1
HINTS = (
    "Write the shapes down: X is (N, D) and w is (D,). Which of the two axes has to disappear, and which has to stay?",
    "You could loop over the rows and score each of them as before. But `@` also takes a matrix on its left: "
    "it then meets each row with w.",
    "`X @ w` has shape (N,). NumPy adds a single number to every entry of an array by itself.",
)


def neuron_batch(X, w, b):
    return X @ w + b


def trials(rng):
    flowers = np.array([[4.8, 1.8], [4.7, 1.4], [6.0, 2.5]])
    yield "three flowers", flowers, np.array([1.0, 2.0]), -8.2
    yield "one example: N = 1", rng.normal(size=(1, 7)), rng.normal(size=7), 1.5
    yield "one feature: D = 1", np.arange(1.0, 11.0)[:, None], np.array([3.0]), 0.5
    yield "more features than examples", rng.normal(size=(3, 5)), rng.normal(size=5), float(rng.uniform(1, 2))
    yield (
        "as many features as examples",
        rng.normal(size=(4, 4)),
        rng.normal(size=4),
        -float(rng.uniform(1, 2)),
    )
    yield "whole numbers", np.array([[1, 2], [3, 4], [0, 5]]), np.array([0.5, -0.25]), 0.1
    yield "bias zero", rng.normal(size=(6, 3)), rng.normal(size=3), 0.0
    yield "small numbers", 1e-3 * rng.uniform(1, 2, size=(4, 2)), rng.uniform(1, 2, size=2), -3e-3


@wrong("Every score is off by the same amount: the bias is missing.")
def forgets_bias(X, w, b):
    return X @ w


@wrong(
    "The bias went in once per feature: you added b to the products and then summed them. "
    "Sum first, then add b once to each score."
)
def bias_once_per_feature(X, w, b):
    return np.sum(X * w + b, axis=1)


@wrong(
    "You summed down the columns, over the examples, and got one number per feature. "
    "One number per example is wanted: the features are the axis to sum away."
)
def sums_over_examples(X, w, b):
    return np.sum(X * w, axis=0) + b


@wrong(
    "The numbers are right, but they stand in a column, (N, 1), and a flat (N,) is wanted. "
    "That looks harmless; later in this lesson it isn't. Which part of your line keeps the second axis?"
)
def keeps_a_column(X, w, b):
    return X @ w[:, None] + b


@wrong("You summed everything into one number. Each row is an example of its own and has its own score.")
def sums_everything(X, w, b):
    return np.sum(X * w) + b


@wrong(
    "The scores are right, but X is not what it was: `X *= w` writes into the caller's array. "
    "Make a new array instead: `X * w`, or `X @ w`."
)
def changes_the_data(X, w, b):
    X *= w
    return X.sum(axis=1) + b


@wrong(
    "This is X transposed: you met the columns of X with w. Rows are examples, so X stands on the left: X @ w."
)
def meets_the_columns(X, w, b):
    return w @ X + b


@wrong(
    "Those are the single products, (N, D). Which axis do you still have to sum away to have one score per example?"
)
def keeps_the_products(X, w, b):
    return X * w + b


@wrong("Every example has the score of the first one. Did your loop use X[0], or overwrite its result?")
def repeats_the_first_row(X, w, b):
    return np.full(len(X), X[0] @ w + b)


@wrong(
    "The scores were put into an array of whole numbers, and lost their decimals: `np.zeros_like(X[:, 0])` takes over "
    "the type of X. `np.zeros(len(X))` makes floats."
)
def rounds_in_an_integer_array(X, w, b):
    scores = np.zeros_like(X[:, 0])
    for i in range(len(X)):
        scores[i] = X[i] @ w + b
    return scores
