"""Walk down any loss with momentum, measuring the slopes on the way."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 12, 3, 3
RTOL, ATOL = 1e-4, 2e-5  # any small nudge will do
HINTS = (
    "Two jobs in one loop. Measure all slopes at the place where you stand; then take one momentum step. What must still be "
    "known in the next turn of the loop, and what must not?",
    "Before the loop: the place, as floats, a velocity of zeros of the same shape, and a list that holds the start. In "
    "the loop: the slopes as the statement measures them, one for each row of nudges; the two lines of momentum; append the place.",
    "grad = np.array([(loss(place + nudge) - loss(place - nudge)) / 2e-5 for nudge in 1e-5 * np.eye(len(place))]); "
    "velocity = beta * velocity + grad; place = place - rate * velocity; path.append(place). At the end np.array(path).",
)


def momentum_walk(loss, start, rate, beta, steps):
    place = np.array(start, dtype=float)
    velocity, path = np.zeros(len(place)), [place]
    for _ in range(steps):
        nudges = 1e-5 * np.eye(len(place))
        grad = np.array([(loss(place + nudge) - loss(place - nudge)) / 2e-5 for nudge in nudges])
        velocity = beta * velocity + grad
        place = place - rate * velocity  # a new array, so the one in the list stays
        path.append(place)
    return np.array(path)


def observe(answer, curvatures, tilt, fourth_power, start, rate, beta, steps):
    bowl, push = np.array(curvatures, dtype=float), np.array(tilt, dtype=float)

    def loss(place):
        place = np.array(place, dtype=float)
        return 0.5 * place @ bowl @ place + push @ place + fourth_power * np.sum(place**4)

    return answer(loss, start, rate, beta, steps)


def trials(rng):
    yield "one weight you can do by hand", [[1.0]], [0.0], 0.0, np.array([8.0]), 0.25, 0.5, 2
    yield "no steps", [[1.0, 0.0], [0.0, 3.0]], [0.0, 0.0], 0.0, np.array([1.0, 2.0]), 0.1, 0.9, 0
    yield "plain descent", [[2.0, 1.0], [1.0, 3.0]], [1.0, 0.0], 0.0, rng.normal(size=2), 0.1, 0.0, 4
    yield "a ravine", [[0.005, 0.0], [0.0, 2.0]], [0.0, 0.0], 0.0, np.array([-20.0, 1.0]), 0.9, 0.9, 6
    root = rng.normal(size=(3, 3))
    yield (
        "three weights that pull at each other",
        (root @ root.T + np.eye(3)).tolist(),
        rng.normal(size=3).tolist(),
        0.0,
        rng.normal(size=3),
        0.05,
        0.8,
        6,
    )
    yield (
        "a start of whole numbers",
        [[1.0, 0.5], [0.5, 2.0]],
        [0.0, 1.0],
        0.0,
        np.array([3, -2]),
        0.2,
        0.5,
        4,
    )
    yield (
        "no bowl: fourth powers",
        [[0.0] * 4] * 4,
        rng.normal(size=4).tolist(),
        0.1,
        rng.normal(size=4),
        0.1,
        0.7,
        5,
    )


@wrong(
    "The velocity starts anew at every step, so nothing rolls on: that is plain descent. Make it once, before the loop."
)
def starts_anew(loss, start, rate, beta, steps):
    return momentum_walk(loss, start, rate, 0.0, steps)


@wrong("The start is missing: the path has one row more than there are steps.")
def leaves_out_the_start(loss, start, rate, beta, steps):
    return momentum_walk(loss, start, rate, beta, steps)[1:]


@wrong("That is the last place alone. Wanted is the whole path, the start and the place after each step.")
def only_the_end(loss, start, rate, beta, steps):
    return momentum_walk(loss, start, rate, beta, steps)[-1]


@wrong(
    "Every row is the same: the list holds one array many times over, and `-=` changes it everywhere. `place = place - ...` "
    "makes a new array each time."
)
def one_array_many_times(loss, start, rate, beta, steps):
    path = momentum_walk(loss, start, rate, beta, steps)
    return np.repeat(path[-1:], steps + 1, axis=0)


@wrong(
    "All rows but the first are the same: `place -= ...` changes the one array that the list holds over and over (and it fails "
    "if that array holds whole numbers). Write `place = place - ...`, a new array each time."
)
def one_array_after_the_start(loss, start, rate, beta, steps):
    place, nudges = start.copy(), 1e-5 * np.eye(len(start))
    velocity, path = np.zeros(len(place)), [start]
    for _ in range(steps):
        grad = np.array([(loss(place + nudge) - loss(place - nudge)) / 2e-5 for nudge in nudges])
        velocity = beta * velocity + grad
        place -= rate * velocity
        path.append(place)
    return np.array(path)


@wrong(
    "If the start holds whole numbers, your places are cut to whole numbers too: they were written into an array of its type. "
    "Make that array of floats."
)
def cuts_to_whole_numbers(loss, start, rate, beta, steps):
    path, nudges = np.array([start] * (steps + 1)), 1e-5 * np.eye(len(start))
    velocity = np.zeros(len(start))
    for step in range(steps):
        place = path[step]
        grad = np.array([(loss(place + nudge) - loss(place - nudge)) / 2e-5 for nudge in nudges])
        velocity = beta * velocity + grad
        path[step + 1] = place - rate * velocity
    return path


@wrong(
    "You weighed the slopes with 1 - beta, so steps are 1 - beta times as long. In this lesson's momentum the slope goes in whole."
)
def averages_the_slopes(loss, start, rate, beta, steps):
    return momentum_walk(loss, start, rate * (1 - beta), beta, steps)


@wrong("Slopes come out twice too large: the two points lie *two* nudges apart, so divide by 2 * nudge.")
def divides_by_one_nudge(loss, start, rate, beta, steps):
    place, nudges = np.array(start, dtype=float), 1e-5 * np.eye(len(start))
    velocity, path = np.zeros(len(place)), [place]
    for _ in range(steps):
        grad = np.array([(loss(place + nudge) - loss(place - nudge)) / 1e-5 for nudge in nudges])
        velocity = beta * velocity + grad
        place = place - rate * velocity
        path.append(place)
    return np.array(path)


@wrong(
    "You moved each weight as soon as its slope was known, so the next slope was measured at another place. A gradient belongs "
    "to one place: measure all slopes, then move."
)
def moves_while_measuring(loss, start, rate, beta, steps):
    place, nudges = np.array(start, dtype=float), 1e-5 * np.eye(len(start))
    velocity, path = np.zeros(len(place)), [place]
    for _ in range(steps):
        place = place.copy()
        for i, nudge in enumerate(nudges):
            grad = (loss(place + nudge) - loss(place - nudge)) / 2e-5
            velocity[i] = beta * velocity[i] + grad
            place[i] = place[i] - rate * velocity[i]
        path.append(place)
    return np.array(path)


@wrong(
    "All weights were nudged at once, which gives one number, the sum of all slopes. Nudge one weight at a time: the rows "
    "of np.eye."
)
def nudges_everybody(loss, start, rate, beta, steps):
    place = np.array(start, dtype=float)
    velocity, path = np.zeros(len(place)), [place]
    for _ in range(steps):
        grad = (loss(place + 1e-5) - loss(place - 1e-5)) / 2e-5
        velocity = beta * velocity + grad
        place = place - rate * velocity
        path.append(place)
    return np.array(path)


@wrong("You walked up. Slopes point uphill: subtract rate times velocity.")
def walks_up(loss, start, rate, beta, steps):
    return momentum_walk(loss, start, -rate, beta, steps)


@wrong("One step too many. The start is the first row, and each step adds one: steps + 1 rows.")
def one_step_too_many(loss, start, rate, beta, steps):
    return momentum_walk(loss, start, rate, beta, steps + 1)


@wrong("One step is missing: the start does not count as a step. It is the first of steps + 1 rows.")
def one_step_too_few(loss, start, rate, beta, steps):
    return momentum_walk(loss, start, rate, beta, max(steps - 1, 0))


@wrong(
    "All slopes were measured at the start, again and again. Where you stand changes, and the slopes with it: measure inside "
    "the loop, at `place`."
)
def measures_at_the_start(loss, start, rate, beta, steps):
    place, nudges = np.array(start, dtype=float), 1e-5 * np.eye(len(start))
    grad = np.array([(loss(start + nudge) - loss(start - nudge)) / 2e-5 for nudge in nudges])
    velocity, path = np.zeros(len(place)), [place]
    for _ in range(steps):
        velocity = beta * velocity + grad
        place = place - rate * velocity
        path.append(place)
    return np.array(path)


@wrong(
    "Each step moved with the velocity of the step before. First the new velocity, with the slopes of this place, then the step."
)
def moves_before_it_speeds_up(loss, start, rate, beta, steps):
    place, nudges = np.array(start, dtype=float), 1e-5 * np.eye(len(start))
    velocity, path = np.zeros(len(place)), [place]
    for _ in range(steps):
        grad = np.array([(loss(place + nudge) - loss(place - nudge)) / 2e-5 for nudge in nudges])
        place = place - rate * velocity
        velocity = beta * velocity + grad
        path.append(place)
    return np.array(path)
