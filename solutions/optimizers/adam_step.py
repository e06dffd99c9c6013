"""Take one step of Adam."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 12, 3, 4
HINTS = (
    "Five lines, one for each formula. The first two you know: a mean of slopes, a mean of squares. Both are shares: what do the "
    "shares add up to?",
    "The corrected m and v are for this step only, so give them names of their own. Each is divided by 1 minus its own beta "
    "to the power t. What you return is m and v as they were *before* the correction.",
    "m_hat = m / (1 - beta1**t), v_hat = v / (1 - beta2**t), then the step rate * m_hat / (np.sqrt(v_hat) + eps).",
)


def adam_step(param, grad, m, v, t, rate, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)  # as large as if m had not begun at 0
    v_hat = v / (1 - beta2**t)
    param = param - rate * m_hat / (np.sqrt(v_hat) + eps)
    return param, m, v


def trials(rng):
    usual = (0.9, 0.999, 1e-7)
    yield (
        "the first step, by hand",
        np.array([1.0]),
        np.array([4.0]),
        np.zeros(1),
        np.zeros(1),
        1,
        0.1,
        0.5,
        0.96,
        0.0,
    )
    yield (
        "the second step, by hand",
        np.array([1.0]),
        np.array([2.0]),
        np.array([1.0]),
        np.array([2.0]),
        2,
        0.1,
        0.5,
        0.5,
        0.0,
    )
    yield "three weights at their third step", *rng.normal(size=(3, 3)), rng.uniform(size=3), 3, 0.01, *usual
    yield "a layer's weights, 4 by 3", *rng.normal(size=(3, 4, 3)), rng.uniform(size=(4, 3)), 7, 0.001, *usual
    yield "a large eps", *rng.normal(size=(3, 3, 3)), rng.uniform(size=(3, 3)), 5, 0.1, 0.8, 0.95, 0.5
    yield "after a thousand steps", *rng.normal(size=(3, 2)), rng.uniform(1, 2, size=2), 1000, 0.1, *usual
    yield "after ten thousand steps", *rng.normal(size=(3, 2)), rng.uniform(1, 2, size=2), 10_000, 0.1, *usual
    yield (
        "whole numbers",
        np.array([3, -2, 5]),
        np.array([1, -4, 2]),
        np.array([2, 0, -1]),
        np.array([1, 3, 0]),
        2,
        0.25,
        0.5,
        0.75,
        1e-7,
    )
    yield (
        "a slope that was always 0",
        np.ones(2),
        np.array([0.0, 2.0]),
        np.zeros(2),
        np.zeros(2),
        1,
        0.1,
        *usual,
    )
    yield (
        "slopes smaller than eps",
        np.ones(2),
        1e-8 * rng.normal(size=2),
        np.zeros(2),
        np.zeros(2),
        1,
        0.1,
        *usual,
    )


@wrong(
    "There is no correction: m and v began at 0 and are still small, v more so. The first steps come out too *long*, by "
    "(1 - beta1) / sqrt(1 - beta2). Divide each by 1 - beta**t."
)
def no_correction(param, grad, m, v, t, rate, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    return param - rate * m / (np.sqrt(v) + eps), m, v


@wrong(
    "You count one too low: the first update has t = 1, and 1 - beta**0 would divide by zero. t comes in right; use it as it is."
)
def t_from_zero(param, grad, m, v, t, rate, beta1, beta2, eps):
    _, m, v = adam_step(param, grad, m, v, t, rate, beta1, beta2, eps)
    m_hat, v_hat = m / np.float64(1 - beta1 ** (t - 1)), v / np.float64(1 - beta2 ** (t - 1))
    return param - rate * m_hat / (np.sqrt(v_hat) + eps), m, v


@wrong("You count one too high: t already counts this update, from 1. Use it as it comes.")
def counts_this_step_twice(param, grad, m, v, t, rate, beta1, beta2, eps):
    return adam_step(param, grad, m, v, t + 1, rate, beta1, beta2, eps)


@wrong(
    "eps got under the root. Take the root of the corrected v first, then add eps: it then counts in units of the slope."
)
def eps_inside_root(param, grad, m, v, t, rate, beta1, beta2, eps):
    _, m, v = adam_step(param, grad, m, v, t, rate, beta1, beta2, eps)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return param - rate * m_hat / np.sqrt(v_hat + eps), m, v


@wrong(
    "This step is right, the next will not be: you return the *corrected* m and v, and they would be corrected again and again. "
    "Give the corrected ones names of their own, and return the means."
)
def stores_corrected_moments(param, grad, m, v, t, rate, beta1, beta2, eps):
    param, m, v = adam_step(param, grad, m, v, t, rate, beta1, beta2, eps)
    return param, m / (1 - beta1**t), v / (1 - beta2**t)


@wrong(
    "Your v squares the average. Wanted is the average of the squares: v takes in grad**2. (If slopes change sign, m is near 0 "
    "and its square hides how steep the ground is.)"
)
def squares_the_average(param, grad, m, v, t, rate, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * m**2
    return param - rate * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


@wrong(
    "v is m squared, so m over root v is the sign of m and nothing else. v is a mean of its own, of grad**2."
)
def v_is_m_squared(param, grad, m, v, t, rate, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * grad
    v = m**2
    return param - rate * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


@wrong("The betas are swapped: beta1 belongs to m, the mean of slopes, beta2 to v, the mean of squares.")
def betas_swapped(param, grad, m, v, t, rate, beta1, beta2, eps):
    return adam_step(param, grad, m, v, t, rate, beta2, beta1, eps)


@wrong("The corrections are swapped: m is divided by 1 - beta1**t, v by 1 - beta2**t, each by its own.")
def corrections_swapped(param, grad, m, v, t, rate, beta1, beta2, eps):
    _, m, v = adam_step(param, grad, m, v, t, rate, beta1, beta2, eps)
    return param - rate * m / (1 - beta2**t) / (np.sqrt(v / (1 - beta1**t)) + eps), m, v


@wrong("Only m was corrected. v began at 0 too, and forgets more slowly, so it needs its correction longer.")
def corrects_m_alone(param, grad, m, v, t, rate, beta1, beta2, eps):
    _, m, v = adam_step(param, grad, m, v, t, rate, beta1, beta2, eps)
    return param - rate * m / (1 - beta1**t) / (np.sqrt(v) + eps), m, v


@wrong("Only v was corrected. m began at 0 too: divide it by 1 - beta1**t.")
def corrects_v_alone(param, grad, m, v, t, rate, beta1, beta2, eps):
    _, m, v = adam_step(param, grad, m, v, t, rate, beta1, beta2, eps)
    return param - rate * m / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


@wrong("You multiplied by 1 - beta**t. m and v are too small at first, and that factor is below 1: divide.")
def multiplies_the_correction(param, grad, m, v, t, rate, beta1, beta2, eps):
    _, m, v = adam_step(param, grad, m, v, t, rate, beta1, beta2, eps)
    return param - rate * m * (1 - beta1**t) / (np.sqrt(v * (1 - beta2**t)) + eps), m, v


@wrong(
    "You divided by 1 - beta, whatever the step. That is the correction of the *first* step; it fades as t grows: 1 - beta**t."
)
def corrects_by_the_first_step(param, grad, m, v, t, rate, beta1, beta2, eps):
    _, m, v = adam_step(param, grad, m, v, t, rate, beta1, beta2, eps)
    return param - rate * m / (1 - beta1) / (np.sqrt(v / (1 - beta2)) + eps), m, v


@wrong("`beta * t` is not `beta ** t`: t is an exponent, as beta shrinks the past once for every update.")
def times_for_power(param, grad, m, v, t, rate, beta1, beta2, eps):
    _, m, v = adam_step(param, grad, m, v, t, rate, beta1, beta2, eps)
    return param - rate * m / (1 - beta1 * t) / (np.sqrt(v / (1 - beta2 * t)) + eps), m, v


@wrong(
    "eps was added to the root of the *uncorrected* v, as TensorFlow does: it then counts for more in the first steps. Here it "
    "is added to the root of the corrected one."
)
def eps_before_the_correction(param, grad, m, v, t, rate, beta1, beta2, eps):
    _, m, v = adam_step(param, grad, m, v, t, rate, beta1, beta2, eps)
    return param - rate * np.sqrt(1 - beta2**t) / (1 - beta1**t) * m / (np.sqrt(v) + eps), m, v


@wrong("The root over v is missing: v holds squares.")
def no_root(param, grad, m, v, t, rate, beta1, beta2, eps):
    _, m, v = adam_step(param, grad, m, v, t, rate, beta1, beta2, eps)
    return param - rate * m / (1 - beta1**t) / (v / (1 - beta2**t) + eps), m, v


@wrong("Slopes and squares went in whole. m and v are means: weigh what is new with 1 - beta.")
def sums_for_means(param, grad, m, v, t, rate, beta1, beta2, eps):
    m, v = beta1 * m + grad, beta2 * v + grad**2
    return param - rate * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


@wrong("beta and 1 - beta are swapped within the means: the past keeps the large share, beta.")
def shares_swapped(param, grad, m, v, t, rate, beta1, beta2, eps):
    m, v = (1 - beta1) * m + beta1 * grad, (1 - beta2) * v + beta2 * grad**2
    return param - rate * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


@wrong("The step was taken with the old m and v. First take in the new slope, then step.")
def steps_with_old_moments(param, grad, m, v, t, rate, beta1, beta2, eps):
    old = param - rate * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return old, beta1 * m + (1 - beta1) * grad, beta2 * v + (1 - beta2) * grad**2


@wrong(
    "You stepped with the slope of this step over root v, and m had no say. That is RMSprop; Adam puts m on top."
)
def slope_on_top(param, grad, m, v, t, rate, beta1, beta2, eps):
    _, m, v = adam_step(param, grad, m, v, t, rate, beta1, beta2, eps)
    return param - rate * grad / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


@wrong("You went up. m is a mean of slopes, and slopes point uphill: subtract.")
def climbs(param, grad, m, v, t, rate, beta1, beta2, eps):
    return adam_step(param, grad, m, v, t, -rate, beta1, beta2, eps)


@wrong(
    "The right numbers, written over the old ones: `*=` and `+=` change the arrays that you were given (and on whole numbers "
    "they fail). Write `m = beta1 * m + ...`."
)
def changes_inputs(param, grad, m, v, t, rate, beta1, beta2, eps):
    m *= beta1
    m += (1 - beta1) * grad
    v *= beta2
    v += (1 - beta2) * grad**2
    param = param - rate * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return param, m, v


@wrong(
    "Brackets: `m / 1 - beta1**t` divides by 1 and then subtracts. Write m / (1 - beta1**t), and the same for v."
)
def corrects_without_brackets(param, grad, m, v, t, rate, beta1, beta2, eps):
    _, m, v = adam_step(param, grad, m, v, t, rate, beta1, beta2, eps)
    return param - rate * (m / 1 - beta1**t) / (np.sqrt(v / 1 - beta2**t) + eps), m, v


@wrong("`(1 - beta)**t` is not `1 - beta**t`: the power belongs to beta alone.")
def power_of_the_rest(param, grad, m, v, t, rate, beta1, beta2, eps):
    _, m, v = adam_step(param, grad, m, v, t, rate, beta1, beta2, eps)
    return param - rate * m / (1 - beta1) ** t / (np.sqrt(v / (1 - beta2) ** t) + eps), m, v


@wrong("You took the root first and corrected it afterwards. v is corrected, *then* comes the root.")
def root_before_the_correction(param, grad, m, v, t, rate, beta1, beta2, eps):
    _, m, v = adam_step(param, grad, m, v, t, rate, beta1, beta2, eps)
    return param - rate * m / (1 - beta1**t) / (np.sqrt(v) / (1 - beta2**t) + eps), m, v


@wrong("The slope went into v as it is. v is the mean of the *squares*.")
def averages_slopes_in_v(param, grad, m, v, t, rate, beta1, beta2, eps):
    _, m, _ = adam_step(param, grad, m, v, t, rate, beta1, beta2, eps)
    v = beta2 * v + (1 - beta2) * grad
    return param - rate * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


@wrong("The rate is missing: the step is rate times the fraction.")
def forgets_the_rate(param, grad, m, v, t, rate, beta1, beta2, eps):
    return adam_step(param, grad, m, v, t, 1.0, beta1, beta2, eps)


@wrong("eps is missing. A weight whose slope was always 0 would get 0/0; add eps to the root.")
def leaves_out_eps(param, grad, m, v, t, rate, beta1, beta2, eps):
    return adam_step(param, grad, m, v, t, rate, beta1, beta2, 0.0)


@wrong("eps landed beside the fraction and is added to the weight. Put brackets around the root plus eps.")
def eps_beside_the_fraction(param, grad, m, v, t, rate, beta1, beta2, eps):
    param, m, v = adam_step(param, grad, m, v, t, rate, beta1, beta2, 0.0)
    return param + eps, m, v


@wrong(
    "The correction was dropped when it seemed to have faded. After a thousand steps v is still to be divided by 0.63, if beta2 "
    "is 0.999: leave it to 1 - beta**t to fade."
)
def drops_the_correction_later(param, grad, m, v, t, rate, beta1, beta2, eps):
    return adam_step(param, grad, m, v, t if t < 1000 else 10**9, rate, beta1, beta2, eps)


@wrong(
    "This step is right, the next will not know of it: the m and v that you return are the old ones. Return those that took "
    "in the new slope."
)
def returns_the_old_moments(param, grad, m, v, t, rate, beta1, beta2, eps):
    return adam_step(param, grad, m, v, t, rate, beta1, beta2, eps)[0], m, v


@wrong("Right arrays, wrong places: first the weights, then m, then v.")
def returns_v_before_m(param, grad, m, v, t, rate, beta1, beta2, eps):
    param, m, v = adam_step(param, grad, m, v, t, rate, beta1, beta2, eps)
    return param, v, m


@wrong("Right arrays, wrong places: the weights come first, then m, then v.")
def returns_the_weights_last(param, grad, m, v, t, rate, beta1, beta2, eps):
    param, m, v = adam_step(param, grad, m, v, t, rate, beta1, beta2, eps)
    return m, v, param


@wrong("beta1 stands in both means. It belongs to m; v, the mean of squares, fades by beta2.")
def beta1_for_both(param, grad, m, v, t, rate, beta1, beta2, eps):
    return adam_step(param, grad, m, v, t, rate, beta1, beta1, eps)


@wrong("v fades by beta2, and was then corrected with beta1: v is divided by 1 - beta2**t.")
def corrects_both_with_beta1(param, grad, m, v, t, rate, beta1, beta2, eps):
    _, m, v = adam_step(param, grad, m, v, t, rate, beta1, beta2, eps)
    return param - rate * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta1**t)) + eps), m, v
