"""Repair slopes that don't belong to their loss."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 8, 3, 2
STARTER = "divides_twice"
HINTS = (
    "Take the first trial by hand: nudge w by a little and see how the loss moves. How many times too small is dw? And on a batch "
    "of one?",
    "Follow one example on its way into dw. How often is it divided by the number of examples? The loss does it once.",
    "dw = x.T @ dout; db = dout.sum(axis=0): dout holds the 1 / N already.",
)


def mean_loss_grads(x, y, w, b):
    errors = x @ w + b - y  # (N, K)
    loss = 0.5 * np.sum(errors**2) / len(x)  # half the squared length of each row, averaged over the rows
    dout = errors / len(x)  # (N, K): the slopes of that loss
    dw = x.T @ dout
    db = dout.sum(axis=0)
    return loss, dw, db


def trials(rng):
    def batch(n, d, k):
        return (
            rng.normal(size=(n, d)),
            rng.normal(size=(n, k)),
            rng.normal(size=(d, k)),
            rng.normal(size=k),
        )

    yield (
        "two examples you can do by hand",
        np.array([[1.0], [2.0]]),
        np.array([[0.0], [1.0]]),
        np.array([[3.0]]),
        np.array([1.0]),
    )
    yield "five examples", *batch(5, 3, 2)
    yield "as many examples as outputs", *batch(3, 2, 3)
    yield "a batch of one", *batch(1, 2, 4)
    yield "forty examples", *batch(40, 2, 3)


def _grads(x, y, w, b, weights=1.0, biases=1.0):
    loss, dw, db = mean_loss_grads(x, y, w, b)
    return loss, dw * weights, db * biases


@wrong(
    "It is right for a batch of one, and too small the larger the batch: five times for five examples. How often is one example "
    "divided by N on its way into dw? And into db?"
)
def divides_twice(x, y, w, b):
    return _grads(x, y, w, b, 1 / len(x), 1 / len(x))


@wrong(
    "Now nothing is divided: these are the slopes of the *sum*, N times too large for a loss that is a mean. Divide once."
)
def never_divides(x, y, w, b):
    return _grads(x, y, w, b, len(x), len(x))


@wrong("dw fits the loss now. db still divides a second time: what does `mean` do there?")
def repairs_dw_alone(x, y, w, b):
    return _grads(x, y, w, b, 1, 1 / len(x))


@wrong("db fits the loss now. dw still divides a second time.")
def repairs_db_alone(x, y, w, b):
    return _grads(x, y, w, b, 1 / len(x), 1)


@wrong(
    "dw is right, and db has lost its division altogether: N times too large. Both are made from the same dout."
)
def sums_db_of_undivided_errors(x, y, w, b):
    return _grads(x, y, w, b, 1, len(x))


@wrong(
    "The slopes are those of another loss. The loss was right: it is the mean over examples, and the slopes have to follow it."
)
def changes_the_loss_to_a_sum(x, y, w, b):
    loss, dw, db = mean_loss_grads(x, y, w, b)
    return loss * len(x), dw * len(x), db * len(x)


@wrong("The *loss* was changed to fit the slopes. It was as the statement says; repair the slopes.")
def divides_the_loss_too(x, y, w, b):
    loss, dw, db = mean_loss_grads(x, y, w, b)
    return loss / len(x), dw / len(x), db / len(x)


@wrong(
    "You divided by all N * K entries. The loss adds up the outputs of an example and averages over examples only."
)
def averages_over_outputs_too(x, y, w, b):
    return _grads(x, y, w, b, 1 / y.shape[1], 1 / y.shape[1])


@wrong("Twice too large: the 2 of the square and the half in front of it cancel.")
def forgets_the_half(x, y, w, b):
    return _grads(x, y, w, b, 2, 2)


@wrong("The biases' slopes are added up over the outputs. Over which axis do the examples run?")
def bias_over_the_wrong_axis(x, y, w, b):
    loss, dw, _ = mean_loss_grads(x, y, w, b)
    return loss, dw, (x @ w + b - y).sum(axis=1) / len(x)


@wrong("The biases' slopes average over the *outputs*: axis 1. Examples run down axis 0.")
def bias_averages_the_outputs(x, y, w, b):
    loss, dw, _ = mean_loss_grads(x, y, w, b)
    return loss, dw, (x @ w + b - y).mean(axis=1) / len(x)


@wrong(
    "Half of what it should be: the half of the loss is still in the slopes. The 2 of the square cancels it."
)
def keeps_the_half(x, y, w, b):
    return _grads(x, y, w, b, 0.5, 0.5)


@wrong("The slopes are there, the loss is not. It is wanted too, and comes first: loss, dw, db.")
def leaves_out_the_loss(x, y, w, b):
    return mean_loss_grads(x, y, w, b)[1:]


@wrong(
    "`np.mean` divides the loss by all N * K entries. It was as the statement says: each row's squares added up, averaged over rows."
)
def averages_the_loss_over_outputs(x, y, w, b):
    loss, dw, db = mean_loss_grads(x, y, w, b)
    return loss / y.shape[1], dw, db
