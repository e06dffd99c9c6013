"""Find which way the loss of a line slopes, in w and in b."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 6, 2, 2
HINTS = (
    "Begin with one point. Its cost is (w*x + b - y) squared. If w grows by 0.001, how much does what is inside "
    "the brackets grow? And if b does?",
    "Name the thing both slopes need: the error of each point, prediction minus target, shape (N,). A square "
    "brings a 2 times the error; moving w also brings x. Then take the mean over the points.",
    "error = w * x + b - y, and dw is 2 * np.mean(error * x). What is left of that when it is b that moves?",
)


def grad_mse_line(x, y, w, b):
    error = w * x + b - y  # (N,)
    dw = 2 * np.mean(error * x)
    db = 2 * np.mean(error)
    return dw, db


def trials(rng):
    yield "two points you can do by hand", np.array([1.0, 2.0]), np.array([2.0, 4.0]), 0.0, 0.0
    yield "a flat line above the points", np.array([1.0, 3.0, -1.0]), np.array([0.0, 1.0, 2.0]), 0.0, 2.5
    yield "one point", np.array([3.0]), np.array([-1.0]), 0.5, 1.0
    yield "seven points", rng.normal(size=7), rng.normal(size=7), 1.5, -0.7
    x = rng.normal(size=5)
    yield "every point already on the line", x, 3.0 * x + 1.0, 3.0, 1.0
    yield "body-mass-like numbers", rng.uniform(18, 42, size=40), rng.uniform(25, 346, size=40), 4.0, 20.0
    yield "tiny numbers", 1e-3 * rng.normal(size=6), 1e-3 * rng.normal(size=6), -2.0, 1e-3


@wrong("Each slope is half of what it should be. The square brings a 2: the slope of e squared is 2e.")
def forgets_the_two(x, y, w, b):
    error = w * x + b - y
    return np.mean(error * x), np.mean(error)


@wrong("You added over the points. The loss is their *mean*, so both slopes are means too.")
def sums_over_examples(x, y, w, b):
    error = w * x + b - y
    return 2 * np.sum(error * x), 2 * np.sum(error)


@wrong("Both signs are turned round: you took target minus prediction. Which of the two grows when w grows?")
def turns_the_error_round(x, y, w, b):
    error = y - (w * x + b)
    return 2 * np.mean(error * x), 2 * np.mean(error)


@wrong(
    "Your dw is the slope in b. Moving w by a little moves the prediction by x times that: where is the x?"
)
def forgets_x(x, y, w, b):
    error = w * x + b - y
    return 2 * np.mean(error), 2 * np.mean(error)


@wrong(
    "You multiplied the mean error by the mean x. Each point has its own error and its own x: multiply those "
    "first, then take the mean."
)
def multiplies_the_means(x, y, w, b):
    error = w * x + b - y
    return 2 * np.mean(error) * np.mean(x), 2 * np.mean(error)


@wrong("The prediction is w*x + b, and your error was made without b.")
def forgets_bias(x, y, w, b):
    error = w * x - y
    return 2 * np.mean(error * x), 2 * np.mean(error)


@wrong("Both numbers are right, in the wrong order: the slope in w comes first.")
def swaps_the_slopes(x, y, w, b):
    error = w * x + b - y
    return 2 * np.mean(error), 2 * np.mean(error * x)


@wrong(
    "You kept only the sign of each error. That is the slope of the mean *absolute* error: every miss pulls "
    "alike. With a square, a miss twice as large pulls twice as hard."
)
def every_miss_pulls_alike(x, y, w, b):
    sign = np.sign(w * x + b - y)
    return np.mean(sign * x), np.mean(sign)


@wrong(
    "That is a measured slope, rise over run to one side, and so it is a little off, as in the first column of the table "
    "above. The formula has no run at all."
)
def measures_to_one_side(x, y, w, b):
    def loss(w, b):
        return np.mean((w * x + b - y) ** 2)

    run = 0.001
    return (loss(w + run, b) - loss(w, b)) / run, (loss(w, b + run) - loss(w, b)) / run
