"""Repair an Adam that counts parameters for updates."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 8, 3, 2
STARTER = "counts_each_parameter"
HINTS = (
    "Take two parameters and walk through the loop with t = 0 on a piece of paper. With which t is the first one corrected, "
    "with which the second? And at the next update?",
    "t answers one question: how many updates has *this m* taken part in, this one included? For all parameters of a net that "
    "is the same number.",
    "`t = t + 1` once, above the loop. In the loop t only gets read.",
)


def adam_two_params(params, grads, ms, vs, t, rate, beta1, beta2, eps):
    t = t + 1  # one update, however many parameters take part
    new_params, new_ms, new_vs = [], [], []
    for param, grad, m, v in zip(params, grads, ms, vs, strict=True):
        m = beta1 * m + (1 - beta1) * grad
        v = beta2 * v + (1 - beta2) * grad**2
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        new_params.append(param - rate * m_hat / (np.sqrt(v_hat) + eps))
        new_ms.append(m)
        new_vs.append(v)
    return new_params, new_ms, new_vs, t


def trials(rng):
    def arrays(*shapes, positive=False):
        drawn = [rng.normal(size=shape) for shape in shapes]
        return [np.abs(array) for array in drawn] if positive else drawn

    def zeros(*shapes):
        return [np.zeros(shape) for shape in shapes]

    usual = (0.1, 0.9, 0.999, 1e-7)
    yield "one parameter, first update", arrays(1), arrays(1), zeros(1), zeros(1), 0, *usual
    yield "two parameters, first update", arrays(2, 1), arrays(2, 1), zeros(2, 1), zeros(2, 1), 0, *usual
    layer = ((3, 2), (2,))
    yield (
        "a layer's W and b, tenth update",
        arrays(*layer),
        arrays(*layer),
        arrays(*layer),
        arrays(*layer, positive=True),
        9,
        *usual,
    )
    net = ((2, 2), (2,), (2, 2), (2,), (2, 1))
    yield (
        "five parameters, third update",
        arrays(*net),
        arrays(*net),
        arrays(*net),
        arrays(*net, positive=True),
        2,
        0.03,
        0.8,
        0.95,
        0.01,
    )


def _update(params, grads, ms, vs, counts, rate, beta1, beta2, eps):
    """One update in which each parameter has a count of its own."""
    news = [
        adam_two_params([p], [g], [m], [v], count - 1, rate, beta1, beta2, eps)[:3]
        for p, g, m, v, count in zip(params, grads, ms, vs, counts, strict=True)
    ]
    return tuple([new[i][0] for new in news] for i in range(3))


@wrong(
    "One parameter alone comes out right, a second one doesn't. After three updates of your net, what does t say? How many "
    "updates has each m been through by then?"
)
def counts_each_parameter(params, grads, ms, vs, t, rate, beta1, beta2, eps):
    counts = [t + 1 + i for i in range(len(params))]
    return *_update(params, grads, ms, vs, counts, rate, beta1, beta2, eps), t + len(params)


@wrong(
    "t is the parameter's place in the list. A bias has then always index 2, at the first update and at the thousandth, and "
    "its correction never fades. How many updates has its m been through?"
)
def counts_by_index(params, grads, ms, vs, t, rate, beta1, beta2, eps):
    counts = [1 + i for i in range(len(params))]
    return *_update(params, grads, ms, vs, counts, rate, beta1, beta2, eps), t + 1


@wrong(
    "t never moves on: at the first update 1 - beta**0 divides by zero. Count this update before you correct."
)
def never_counts(params, grads, ms, vs, t, rate, beta1, beta2, eps):
    return *_late(params, grads, ms, vs, t, rate, beta1, beta2, eps), t


@wrong(
    "You count the update after it is done. The correction needs the count with this one included: at the first update t is 1, "
    "or 1 - beta**t divides by zero."
)
def counts_too_late(params, grads, ms, vs, t, rate, beta1, beta2, eps):
    return *_late(params, grads, ms, vs, t, rate, beta1, beta2, eps), t + 1


@wrong(
    "The parameters are right, but the t that you return is the one that came in: the next update would begin from it again."
)
def returns_the_old_count(params, grads, ms, vs, t, rate, beta1, beta2, eps):
    return *adam_two_params(params, grads, ms, vs, t, rate, beta1, beta2, eps)[:3], t


@wrong(
    "Every call begins with t = 1, so it is the first update for ever. The t that comes in counts the updates so far: go on from it."
)
def always_the_first(params, grads, ms, vs, t, rate, beta1, beta2, eps):
    return *_update(params, grads, ms, vs, [1] * len(params), rate, beta1, beta2, eps), 1


@wrong("The parameters are right; the count went on by one for each of them. One call is one update.")
def returns_too_many(params, grads, ms, vs, t, rate, beta1, beta2, eps):
    return *adam_two_params(params, grads, ms, vs, t, rate, beta1, beta2, eps)[:3], t + len(params)


@wrong(
    "All parameters share a count now, but it is the number of parameters that were moved so far. That only suits the last of "
    "them in the first update."
)
def counts_all_before(params, grads, ms, vs, t, rate, beta1, beta2, eps):
    counts = [t + len(params)] * len(params)
    return *_update(params, grads, ms, vs, counts, rate, beta1, beta2, eps), t + len(params)


@wrong("The correction is gone altogether. It was right; what it was given for t was wrong.")
def no_correction(params, grads, ms, vs, t, rate, beta1, beta2, eps):
    _, new_ms, new_vs, _ = adam_two_params(params, grads, ms, vs, t, rate, beta1, beta2, eps)
    moved = [p - rate * m / (np.sqrt(v) + eps) for p, m, v in zip(params, new_ms, new_vs, strict=True)]
    return moved, new_ms, new_vs, t + 1


@wrong("You return after the first parameter: is the `return` inside the loop?")
def only_the_first(params, grads, ms, vs, t, rate, beta1, beta2, eps):
    return adam_two_params(params[:1], grads[:1], ms[:1], vs[:1], t, rate, beta1, beta2, eps)


def _late(params, grads, ms, vs, t, rate, beta1, beta2, eps):
    """Correct by the count of the updates before this one."""
    _, new_ms, new_vs, _ = adam_two_params(params, grads, ms, vs, t, rate, beta1, beta2, eps)
    short1, short2 = np.float64(1 - beta1**t), np.float64(1 - beta2**t)
    moved = [
        p - rate * (m / short1) / (np.sqrt(v / short2) + eps)
        for p, m, v in zip(params, new_ms, new_vs, strict=True)
    ]
    return moved, new_ms, new_vs
