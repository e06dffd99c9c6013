"""Walk downhill: fit a line by gradient descent."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 8, 3, 3
HINTS = (
    "Look at the steps printed above the picture of the valley. What happens again and again? That is the loop's "
    "body; what happens once stands before it.",
    "Before the loop: w and b are 0. In the loop: errors, two slopes, two new numbers. The data goes in whole, "
    "every time.",
    "for _ in range(steps): take error = w * x + b - y once, then change w by its slope and b by its slope, both "
    "from that one error.",
)


def gd_fit(x, y, rate, steps):
    w, b = 0.0, 0.0
    for _ in range(steps):
        error = w * x + b - y  # (N,)
        dw = 2 * np.mean(error * x)
        db = 2 * np.mean(error)
        w, b = w - rate * dw, b - rate * db
    return w, b


def trials(rng):
    x, y = rng.normal(size=9), rng.normal(size=9) + 2
    yield "one step you can do by hand", np.array([1.0, 2.0]), np.array([2.0, 4.0]), 0.1, 1
    yield "two steps", np.array([1.0, 2.0]), np.array([2.0, 4.0]), 0.1, 2
    yield "no steps at all", x, y, 0.1, 0
    yield "thirty steps on nine points", x, y, 0.05, 30
    yield "body-mass-like numbers", rng.uniform(18, 42, size=30), rng.uniform(25, 346, size=30), 5e-4, 12
    yield "tiny numbers, tiny slopes", 0.1 * rng.normal(size=5), 1e-3 * rng.normal(size=5), 0.5, 5
    yield "1200 steps on two points", np.array([0.05, -0.1]), np.array([1.0, 2.0]), 0.5, 1200
    yield "a rate that overshoots", x / x.std(), y, 1.5, 8


def _fit(x, y, rate, steps, two=2.0, average=np.mean, start=0.0):
    w = b = start
    for _ in range(steps):
        error = w * x + b - y
        w, b = w - rate * two * average(error * x), b - rate * two * average(error)
    return w, b


@wrong(
    "b took its slope after w had moved. Both slopes belong to one place: work out the errors once a step."
)
def updates_b_with_the_new_w(x, y, rate, steps):
    w = b = 0.0
    for _ in range(steps):
        w = w - rate * 2 * np.mean((w * x + b - y) * x)
        b = b - rate * 2 * np.mean(w * x + b - y)
    return w, b


@wrong("That is one step too few. How often does your loop run when steps is 1?")
def stops_one_short(x, y, rate, steps):
    return _fit(x, y, rate, max(steps - 1, 0))


@wrong("That is one step too many. With steps = 0 the answer is still 0 and 0.")
def walks_one_too_many(x, y, rate, steps):
    return _fit(x, y, rate, steps + 1)


@wrong("You are climbing: the slope points uphill, so subtract it.")
def climbs(x, y, rate, steps):
    return _fit(x, y, -rate, steps)


@wrong("Your steps are N times too long: the loss is the mean over the points, so its slopes are means.")
def sums_over_examples(x, y, rate, steps):
    return _fit(x, y, rate, steps, average=np.sum)


@wrong("Your steps are half as long as they should be. The slope of a square has a 2 in it.")
def forgets_the_two(x, y, rate, steps):
    return _fit(x, y, rate, steps, two=1.0)


@wrong("You started somewhere else. The walk begins at w = 0 and b = 0.")
def starts_at_one(x, y, rate, steps):
    return _fit(x, y, rate, steps, start=1.0)


@wrong(
    "You moved after every single point. That is stochastic descent, which comes later. Here one step looks at all "
    "points first."
)
def moves_after_every_point(x, y, rate, steps):
    w = b = 0.0
    for _ in range(steps):
        for xi, yi in zip(x, y, strict=True):
            error = w * xi + b - yi
            w, b = w - rate * 2 * error * xi, b - rate * 2 * error
    return w, b


@wrong("b stayed at 0 all the way. Both parameters take a step, every step.")
def never_moves_b(x, y, rate, steps):
    w = 0.0
    for _ in range(steps):
        w = w - rate * 2 * np.mean((w * x - y) * x)
    return w, 0.0


@wrong(
    "You worked out the errors once, before the loop, and walked on with them. The ground changes with every step: "
    "look again at the start of each."
)
def never_looks_again(x, y, rate, steps):
    return -steps * rate * 2 * np.mean(-y * x), -steps * rate * 2 * np.mean(-y)


@wrong("However many steps are asked for, you take one. Is the `return` inside the loop?")
def returns_after_one_step(x, y, rate, steps):
    return _fit(x, y, rate, 1) if steps else None


@wrong("Nothing moved. Does the loop put the new w and the new b back into `w` and `b`?")
def never_moves(x, y, rate, steps):
    return 0.0, 0.0


@wrong(
    "You stopped early, when the slopes became short. That is a rule for later; here every one of the `steps` is taken, and "
    "tiny numbers have tiny slopes."
)
def stops_when_the_slope_is_short(x, y, rate, steps):
    w = b = 0.0
    for _ in range(steps):
        error = w * x + b - y
        dw, db = 2 * np.mean(error * x), 2 * np.mean(error)
        if abs(dw) + abs(db) < 0.01:
            break
        w, b = w - rate * dw, b - rate * db
    return w, b
