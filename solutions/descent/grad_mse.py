"""Find the slope of the loss in every weight at once."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 8, 3, 3
HINTS = (
    "The batch scores are lesson 1's: which product of X, (N, D), and w, (D,), gives one score an example?",
    "For one feature it was the mean of error times x. Feature j is column j of X, so you want N products for every "
    "column, added down the column: which shape must X have so that a product with the errors, (N,), gives (D,)?",
    "dw = 2 * X.T @ error / len(y): (D, N) times (N,) is (D,).",
)


def grad_mse(X, y, w, b):
    error = X @ w + b - y  # (N,)
    dw = 2 * X.T @ error / len(y)  # (D,)
    db = 2 * np.mean(error)
    return dw, db


def trials(rng):
    yield (
        "two people, two features, by hand",
        np.array([[1.0, 0.0], [0.0, 2.0]]),
        np.array([1.0, 2.0]),
        np.array([2.0, 3.0]),
        0.0,
    )
    yield "more people than features", rng.normal(size=(7, 3)), rng.normal(size=7), rng.normal(size=3), 0.5
    yield "more features than people", rng.normal(size=(2, 5)), rng.normal(size=2), rng.normal(size=5), -1.0
    yield "as many people as features", rng.normal(size=(4, 4)), rng.normal(size=4), rng.normal(size=4), 0.3
    yield "one person", rng.normal(size=(1, 3)), rng.normal(size=1), rng.normal(size=3), 0.2
    yield "one feature", rng.normal(size=(6, 1)), rng.normal(size=6), rng.normal(size=1), 1.0


@wrong("Each slope is half of what it should be. The square brings a 2.")
def forgets_the_two(X, y, w, b):
    dw, db = grad_mse(X, y, w, b)
    return dw / 2, db / 2


@wrong("You added over the people. The loss is a mean, so divide by their number.")
def sums_over_examples(X, y, w, b):
    dw, db = grad_mse(X, y, w, b)
    return dw * len(y), db * len(y)


@wrong("You divided by the number of features, D. The mean goes over the N people.")
def divides_by_features(X, y, w, b):
    dw, db = grad_mse(X, y, w, b)
    return dw * len(y) / X.shape[1], db


@wrong(
    "You have one number for each *person*. The slope in w has one for each *feature*: add down the columns."
)
def one_slope_per_person(X, y, w, b):
    error = X @ w + b - y
    return 2 * np.mean(X * error[:, None], axis=1), 2 * np.mean(error)


@wrong("You have one slope for all weights. `np.mean` without an axis also averages over the features.")
def one_slope_for_all(X, y, w, b):
    error = X @ w + b - y
    return 2 * np.mean(X * error[:, None]), 2 * np.mean(error)


@wrong("The numbers are right, as a column (D, 1). w is (D,), and its gradient has the same shape.")
def keeps_a_column(X, y, w, b):
    dw, db = grad_mse(X, y, w, b)
    return dw[:, None], db


@wrong("Both signs are turned round: the error is prediction minus target.")
def turns_the_error_round(X, y, w, b):
    error = y - (X @ w + b)
    return 2 * X.T @ error / len(y), 2 * np.mean(error)


@wrong(
    "Somewhere a column (N, 1) met a row (N,), and numpy made all N x N pairs: every person's prediction minus "
    "everybody's target. Lesson 1's broadcast is back. Print the shape of your error."
)
def pairs_everybody_with_everybody(X, y, w, b):
    error = X @ w[:, None] + b - y  # (N, N)
    return 2 * X.T @ error / len(y), 2 * np.mean(error)


@wrong("Your error was made without b.")
def forgets_bias(X, y, w, b):
    error = X @ w - y
    return 2 * X.T @ error / len(y), 2 * np.mean(error)


@wrong(
    "X is (N, D) and the errors are (N,): for one number a feature you need (D, N) times (N,). Where the shapes "
    "happen to fit, with as many people as features, you multiply each person's features by other people's errors."
)
def forgets_to_transpose(X, y, w, b):
    error = X @ w + b - y
    return 2 * X @ error / len(y), 2 * np.mean(error)
