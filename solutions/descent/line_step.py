"""Repair a step that moves w before b has looked."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 6, 3, 2
STARTER = "updates_b_with_the_new_w"
HINTS = (
    "Run it by hand on one point, x = 1 and y = 2, from w = b = 0 with rate 0.5. By symmetry w and b should move "
    "alike. Do they?",
    "The second line uses w. Which w is it by then, the old or the new one?",
    "Work out the errors once, before anything moves: error = w * x + b - y. Both updates use that one array.",
)


def line_step(x, y, w, b, rate):
    error = w * x + b - y  # (N,), before anything moves
    new_w = w - rate * 2 * np.mean(error * x)
    new_b = b - rate * 2 * np.mean(error)
    return new_w, new_b


def trials(rng):
    yield "one point you can do by hand", np.array([1.0]), np.array([2.0]), 0.0, 0.0, 0.5
    yield "seven points", rng.normal(size=7) + 1, rng.normal(size=7), 0.4, -0.6, 0.1
    yield (
        "body-mass-like numbers",
        rng.uniform(18, 42, size=20),
        rng.uniform(25, 346, size=20),
        4.0,
        20.0,
        1e-4,
    )
    yield "a rate that overshoots", rng.normal(size=5) + 2, rng.normal(size=5), 1.0, 1.0, 1.5
    yield "a standardised feature", np.array([-1.0, 1.0, -1.0, 1.0]), rng.normal(size=4) + 2, 0.0, 0.0, 0.25


@wrong(
    "The two slopes come from two different places (hard to see, because the loss still falls). The second line uses w. "
    "Which w is it by then?"
)
def updates_b_with_the_new_w(x, y, w, b, rate):
    w = w - rate * 2 * np.mean((w * x + b - y) * x)
    b = b - rate * 2 * np.mean(w * x + b - y)
    return w, b


@wrong("Now w waits for b: you changed the order, and the same fault moved to the other line.")
def updates_w_with_the_new_b(x, y, w, b, rate):
    b = b - rate * 2 * np.mean(w * x + b - y)
    w = w - rate * 2 * np.mean((w * x + b - y) * x)
    return w, b


@wrong("w is right, b never moved. Both take a step.")
def leaves_b_alone(x, y, w, b, rate):
    return w - rate * 2 * np.mean((w * x + b - y) * x), b


@wrong("b no longer looks at w at all. Its slope needs the full error, w*x + b - y, with the old w.")
def drops_w_from_the_slope_of_b(x, y, w, b, rate):
    error = w * x + b - y
    return w - rate * 2 * np.mean(error * x), b - rate * 2 * np.mean(b - y)


@wrong(
    "You repaired the order and lost a factor: both steps are half as long. The slope of a square has a 2."
)
def loses_the_two(x, y, w, b, rate):
    error = w * x + b - y
    return w - rate * np.mean(error * x), b - rate * np.mean(error)


@wrong("You return the slopes. The question is where w and b are after the step.")
def returns_the_slopes(x, y, w, b, rate):
    error = w * x + b - y
    return 2 * np.mean(error * x), 2 * np.mean(error)


@wrong("Both numbers are right, in the other order: `return w, b`.")
def swaps_the_results(x, y, w, b, rate):
    error = w * x + b - y
    return b - rate * 2 * np.mean(error), w - rate * 2 * np.mean(error * x)


@wrong("Nothing moved: you return the w and b that came in. Return the new ones.")
def returns_the_old_ones(x, y, w, b, rate):
    return w, b
