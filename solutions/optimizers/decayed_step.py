"""Take one step of Adam with decoupled weight decay (AdamW)."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 8, 3, 3
HINTS = (
    "What does the decay have to do with the slope of the data? If nothing, should it pass through m and v?",
    "Adam's step as before, from grad alone. Beside it, the old weights lose a share of themselves: rate * decay of each.",
    "param * (1 - rate * decay) - rate * m_hat / (np.sqrt(v_hat) + eps), with m and v as in Adam.",
)


def decayed_step(param, grad, m, v, t, rate, decay, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    step = (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    param = (1 - rate * decay) * param - rate * step  # the decay never meets m and v
    return param, m, v


def trials(rng):
    usual = (0.9, 0.999, 1e-7)
    yield (
        "by hand: a slope of 0",
        np.array([2.0]),
        np.zeros(1),
        np.zeros(1),
        np.zeros(1),
        1,
        0.5,
        0.1,
        *usual,
    )
    yield (
        "by hand: first step",
        np.array([2.0]),
        np.array([4.0]),
        np.zeros(1),
        np.zeros(1),
        1,
        0.5,
        0.4,
        0.5,
        0.96,
        0.0,
    )
    yield "no decay: plain Adam", *rng.normal(size=(3, 3)), rng.uniform(size=3), 3, 0.1, 0.0, *usual
    yield (
        "a layer's weights, 4 by 3",
        *rng.normal(size=(3, 4, 3)),
        rng.uniform(size=(4, 3)),
        7,
        0.1,
        0.3,
        *usual,
    )
    yield "a large eps", *rng.normal(size=(3, 3, 3)), rng.uniform(size=(3, 3)), 5, 0.2, 0.5, 0.8, 0.95, 0.5
    yield (
        "whole numbers",
        np.array([3, -2]),
        np.array([1, -4]),
        np.array([2, 0]),
        np.array([1, 3]),
        2,
        0.25,
        0.5,
        0.5,
        0.75,
        1e-7,
    )
    yield (
        "a steep weight and a flat one",
        np.ones(2),
        np.array([1e3, 1e-3]),
        np.zeros(2),
        np.zeros(2),
        1,
        0.01,
        5.0,
        *usual,
    )


def _step(param, grad, m, v, t, beta1, beta2, eps):
    """Adam's step without the rate, and the new m and v."""
    minus, m, v = decayed_step(np.zeros_like(param, dtype=float), grad, m, v, t, 1.0, 0.0, beta1, beta2, eps)
    return -minus, m, v


@wrong(
    "You added the decay to the slope: that is the L2 penalty, and it passes through m and v, where Adam rescales it. Shrink the "
    "weights *beside* Adam's step."
)
def decay_in_the_gradient(param, grad, m, v, t, rate, decay, beta1, beta2, eps):
    step, m, v = _step(param, grad + decay * param, m, v, t, beta1, beta2, eps)
    return param - rate * step, m, v


@wrong(
    "You added 2 * decay * param to the slope: the L2 penalty again. Shrink the weights *beside* Adam's step."
)
def doubled_decay_in_the_gradient(param, grad, m, v, t, rate, decay, beta1, beta2, eps):
    step, m, v = _step(param, grad + 2 * decay * param, m, v, t, beta1, beta2, eps)
    return param - rate * step, m, v


@wrong("The weights shrank by the whole decay. The rate comes in too: a share of rate * decay a step.")
def decay_without_the_rate(param, grad, m, v, t, rate, decay, beta1, beta2, eps):
    step, m, v = _step(param, grad, m, v, t, beta1, beta2, eps)
    return (1 - decay) * param - rate * step, m, v


@wrong(
    "Adam moved first and the *moved* weights shrank. Take the share from the old weights; the step itself doesn't shrink."
)
def shrinks_after_the_step(param, grad, m, v, t, rate, decay, beta1, beta2, eps):
    step, m, v = _step(param, grad, m, v, t, beta1, beta2, eps)
    return (1 - rate * decay) * (param - rate * step), m, v


@wrong("The weights *grow* by rate * decay. A decay takes away.")
def grows(param, grad, m, v, t, rate, decay, beta1, beta2, eps):
    step, m, v = _step(param, grad, m, v, t, beta1, beta2, eps)
    return (1 + rate * decay) * param - rate * step, m, v


@wrong("No decay at all: that is plain Adam.")
def plain_adam(param, grad, m, v, t, rate, decay, beta1, beta2, eps):
    step, m, v = _step(param, grad, m, v, t, beta1, beta2, eps)
    return param - rate * step, m, v


@wrong(
    "Every weight shrank by the same amount, large or small: that is an L1 penalty's way. Here each loses a *share* of itself."
)
def by_the_same_amount(param, grad, m, v, t, rate, decay, beta1, beta2, eps):
    step, m, v = _step(param, grad, m, v, t, beta1, beta2, eps)
    return param - rate * decay * np.sign(param) - rate * step, m, v


@wrong(
    "The decay was added to m and so divided by the root of v: a steep weight would hardly shrink. Keep it out of the fraction."
)
def divides_the_decay_too(param, grad, m, v, t, rate, decay, beta1, beta2, eps):
    _, m, v = _step(param, grad, m, v, t, beta1, beta2, eps)
    top = m / (1 - beta1**t) + decay * param
    return param - rate * top / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


@wrong("The correction is missing: m and v began at 0. Divide each by 1 - beta**t, as in adam_step.")
def no_correction(param, grad, m, v, t, rate, decay, beta1, beta2, eps):
    _, m, v = _step(param, grad, m, v, t, beta1, beta2, eps)
    return (1 - rate * decay) * param - rate * m / (np.sqrt(v) + eps), m, v


@wrong("eps got under the root. Take the root of the corrected v first, then add eps.")
def eps_inside_root(param, grad, m, v, t, rate, decay, beta1, beta2, eps):
    _, m, v = _step(param, grad, m, v, t, beta1, beta2, eps)
    return (1 - rate * decay) * param - rate * m / (1 - beta1**t) / np.sqrt(v / (1 - beta2**t) + eps), m, v


@wrong("This step is right, but you return the *corrected* m and v. Return the means as they were.")
def stores_corrected_moments(param, grad, m, v, t, rate, decay, beta1, beta2, eps):
    param, m, v = decayed_step(param, grad, m, v, t, rate, decay, beta1, beta2, eps)
    return param, m / (1 - beta1**t), v / (1 - beta2**t)


@wrong(
    "The right numbers, written over the old ones: `param *= ...` changes the array that you were given (and fails on whole "
    "numbers). Multiply into a new one."
)
def changes_inputs(param, grad, m, v, t, rate, decay, beta1, beta2, eps):
    step, m, v = _step(param, grad, m, v, t, beta1, beta2, eps)
    param *= 1 - rate * decay
    param -= rate * step
    return param, m, v


@wrong(
    "The weights shrank twice: by the penalty, which you added to the slope, and by the decay beside the step. The decay alone."
)
def penalty_and_decay(param, grad, m, v, t, rate, decay, beta1, beta2, eps):
    return decayed_step(param, grad + decay * param, m, v, t, rate, decay, beta1, beta2, eps)


@wrong(
    "Brackets: `(1 - rate) * decay * param` keeps nearly nothing of the weights. What is *lost* is rate * decay of them: "
    "(1 - rate * decay) * param."
)
def brackets_around_the_rate(param, grad, m, v, t, rate, decay, beta1, beta2, eps):
    step, m, v = _step(param, grad, m, v, t, beta1, beta2, eps)
    return (1 - rate) * decay * param - rate * step, m, v


@wrong(
    "rate and decay have changed places: the rate multiplies Adam's step, the decay says how much weights lose."
)
def rate_and_decay_swapped(param, grad, m, v, t, rate, decay, beta1, beta2, eps):
    return decayed_step(param, grad, m, v, t, decay, rate, beta1, beta2, eps)


@wrong(
    "The step itself was shortened by 1 - decay. The decay has nothing to do with the slope: take a share of the old *weights* away."
)
def shortens_the_step(param, grad, m, v, t, rate, decay, beta1, beta2, eps):
    step, m, v = _step(param, grad, m, v, t, beta1, beta2, eps)
    return param - rate * (1 - decay) * step, m, v


@wrong("The penalty went into m alone, and Adam still divides it by the root of v. Keep it beside the step.")
def penalty_in_m_alone(param, grad, m, v, t, rate, decay, beta1, beta2, eps):
    _, _, v = _step(param, grad, m, v, t, beta1, beta2, eps)
    m = beta1 * m + (1 - beta1) * (grad + decay * param)
    return param - rate * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


@wrong("The rate came in twice: a weight loses rate * decay of itself, not rate * rate * decay.")
def takes_the_rate_twice(param, grad, m, v, t, rate, decay, beta1, beta2, eps):
    step, m, v = _step(param, grad, m, v, t, beta1, beta2, eps)
    return param - rate * (step + rate * decay * param), m, v


@wrong("You count one too high: t already counts this update, from 1. Use it as it comes.")
def counts_this_step_twice(param, grad, m, v, t, rate, decay, beta1, beta2, eps):
    return decayed_step(param, grad, m, v, t + 1, rate, decay, beta1, beta2, eps)


@wrong(
    "This step is right, the next will not know of it: the m and v that you return are the old ones. Return the new ones."
)
def returns_the_old_moments(param, grad, m, v, t, rate, decay, beta1, beta2, eps):
    return decayed_step(param, grad, m, v, t, rate, decay, beta1, beta2, eps)[0], m, v


@wrong(
    "The decay shortened the *rate* from step to step. Here it takes a share of the old weights, and the rate stays."
)
def lets_the_rate_decay(param, grad, m, v, t, rate, decay, beta1, beta2, eps):
    step, m, v = _step(param, grad, m, v, t, beta1, beta2, eps)
    return param - rate / (1 + decay * t) * step, m, v
