"""Find the bias with which a forget gate keeps a given share for a given time."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 10, 3, 2
HINTS = (
    "If nothing but the bias speaks, the gate is f = sigmoid(b) at every step. What is left of the cell after two steps? After "
    "`steps`?",
    "f ** steps = share, so f is the steps-th root of the share. Then undo the sigmoid: which b gives f?",
    "f = share ** (1 / steps); return np.log(f / (1 - f))",
)


def forget_bias(steps, share):
    f = share ** (1 / steps)  # kept at each step
    return np.log(f / (1 - f))  # the sigmoid undone


def trials(rng):
    yield "half after one step", 1, 0.5
    yield "a quarter after two steps", 2, 0.25
    yield "half after 40 steps", 40, 0.5
    yield "nine tenths after one step", 1, 0.9
    yield "a tenth after one step", 1, 0.1
    yield "nearly nothing after 3 steps", 3, 0.001
    yield "some share after some steps", int(rng.integers(5, 200)), float(rng.uniform(0.1, 0.9))
    yield "half after 10000 steps", 10_000, 0.5


@wrong("That is the gate itself, f. Which bias makes the sigmoid give f? Undo it: log(f / (1 - f)).")
def returns_the_gate(steps, share):
    return share ** (1 / steps)


@wrong("The sign is turned: the sigmoid of your number is 1 - f. It is log(f / (1 - f)).")
def turned_over(steps, share):
    f = share ** (1 / steps)
    return np.log((1 - f) / f)


@wrong("The share was divided by the steps. Keeping f again and again *multiplies*: f ** steps = share.")
def divides_the_share(steps, share):
    f = share / steps
    return np.log(f / (1 - f))


@wrong(
    "What is lost was spread evenly, the same amount at each step. But each step keeps a *share* of what is left."
)
def loses_evenly(steps, share):
    f = 1 - (1 - share) / steps
    return np.log(f / (1 - f))


@wrong(
    "`share ** steps` is what is left after that time if `share` is kept at each step. It is the other way round: a root."
)
def power_for_root(steps, share):
    f = share**steps
    return np.log(f / (1 - f))


@wrong("The time plays no part: this bias keeps the share for one step.")
def ignores_the_steps(steps, share):
    return np.log(share / (1 - share))


@wrong("That is log f. The sigmoid is undone by log(f / (1 - f)).")
def only_the_log(steps, share):
    return np.log(share) / steps


@wrong("You undid a tanh. The forget gate is a sigmoid.")
def undoes_a_tanh(steps, share):
    return np.arctanh(share ** (1 / steps))


@wrong("That is the bias with which the share is *lost*. `share` is what is kept.")
def share_is_lost(steps, share):
    f = (1 - share) ** (1 / steps)
    return np.log(f / (1 - f))


@wrong("The logarithm is the natural one, np.log, as the sigmoid is made with e.")
def log_to_base_ten(steps, share):
    f = share ** (1 / steps)
    return np.log10(f / (1 - f))


@wrong("One step too few: after `steps` steps the gate has been met `steps` times.")
def one_step_less(steps, share):
    f = share ** (1 / max(steps - 1, 1))
    return np.log(f / (1 - f))


@wrong("You took the sigmoid *of* f. Which number has f for its sigmoid? log(f / (1 - f)).")
def sigmoid_of_the_gate(steps, share):
    return 1 / (1 + np.exp(-(share ** (1 / steps))))


@wrong(
    "The bias for one step was multiplied by the steps. Shares multiply, not biases: find f for one step first, and then its bias."
)
def multiplies_the_bias(steps, share):
    return steps * np.log(share / (1 - share))
