"""Normalise for an answer that counts: by numbers that were kept from training."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 5, 2, 2
HINTS = (
    "The same formula as in training. What is different is where mean and var come from: this time you don't work them out.",
    "`mean` and `var` are arguments. The batch x has no say in them; a batch of one is as good as any.",
    "return gamma * (x - mean) / np.sqrt(var + eps) + beta",
)


def batchnorm_eval(x, gamma, beta, mean, var, eps):
    normal = (x - mean) / np.sqrt(var + eps)  # by what was kept
    return gamma * normal + beta


def trials(rng):
    yield (
        "one row, by hand",
        np.array([[5.0]]),
        np.array([2.0]),
        np.array([10.0]),
        np.array([1.0]),
        np.array([3.0]),
        1.0,
    )
    yield (
        "four rows, three units",
        *(rng.normal(size=s) for s in ((4, 3), 3, 3, 3)),
        rng.random(3) + 0.5,
        1e-3,
    )
    yield (
        "as many rows as units",
        *(rng.normal(size=s) for s in ((3, 3), 3, 3, 3)),
        4 * rng.random(3) + 2,
        1e-3,
    )
    yield "a batch of one", *(rng.normal(size=s) for s in ((1, 4), 4, 4, 4)), rng.random(4) + 2, 1e-5
    yield (
        "a unit that never moved",
        np.array([[2.0, 1.0], [2.5, 0.0]]),
        np.ones(2),
        np.zeros(2),
        np.array([2.0, 0.5]),
        np.array([0.0, 1.0]),
        1e-2,
    )
    yield (
        "whole numbers",
        rng.integers(-9, 9, size=(5, 2)),
        np.array([2, 3]),
        np.array([1, -1]),
        np.array([1, 0]),
        np.array([4, 9]),
        1e-3,
    )


@wrong(
    "You normalised by the batch's own mean and variance, as in training. Then an answer depends on who else stands in the "
    "batch, and a row alone always becomes beta. Use the `mean` and `var` that were handed in."
)
def uses_batch_statistics(x, gamma, beta, mean, var, eps):
    return gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps) + beta


@wrong("You divided by the variance. In training it was the root; here too.")
def forgets_root(x, gamma, beta, mean, var, eps):
    return gamma * (x - mean) / (var + eps) + beta


@wrong("eps stands outside of the root; in training it stood inside.")
def eps_outside_root(x, gamma, beta, mean, var, eps):
    return gamma * (x - mean) / (np.sqrt(var) + eps) + beta


@wrong("eps is missing: a unit that never moved in training has variance 0.")
def forgets_eps(x, gamma, beta, mean, var, eps):
    return gamma * (x - mean) / np.sqrt(var) + beta


@wrong("beta was added before gamma multiplied. First times gamma, then plus beta.")
def beta_before_gamma(x, gamma, beta, mean, var, eps):
    return gamma * ((x - mean) / np.sqrt(var + eps) + beta)


@wrong("Normalised, but gamma and beta are missing. They were learned, and belong to the net.")
def forgets_gamma_and_beta(x, gamma, beta, mean, var, eps):
    return (x - mean) / np.sqrt(var + eps)


@wrong("The mean is the kept one, the variance is the batch's own. Both were kept.")
def takes_the_batch_variance(x, gamma, beta, mean, var, eps):
    return gamma * (x - mean) / np.sqrt(x.var(axis=0) + eps) + beta


@wrong("The variance is the kept one, the mean is the batch's own. Both were kept.")
def takes_the_batch_mean(x, gamma, beta, mean, var, eps):
    return gamma * (x - x.mean(axis=0)) / np.sqrt(var + eps) + beta


@wrong("Nothing was normalised: gamma and beta alone undo what never happened.")
def does_not_normalise(x, gamma, beta, mean, var, eps):
    return gamma * x + beta


@wrong("Three results, as in training. Here the output alone is wanted.")
def returns_three(x, gamma, beta, mean, var, eps):
    return batchnorm_eval(x, gamma, beta, mean, var, eps), mean, var


@wrong("gamma is there, beta is missing: it comes last, and is added.")
def forgets_beta(x, gamma, beta, mean, var, eps):
    return batchnorm_eval(x, gamma, beta, mean, var, eps) - beta


@wrong("gamma is missing: what is normalised is stretched by it before beta is added.")
def forgets_gamma(x, gamma, beta, mean, var, eps):
    return batchnorm_eval(x, np.ones(gamma.shape), beta, mean, var, eps)


@wrong("gamma and beta have changed places: gamma multiplies, beta is added.")
def swaps_gamma_and_beta(x, gamma, beta, mean, var, eps):
    return batchnorm_eval(x, beta, gamma, mean, var, eps)


@wrong("Brackets: eps was added to the result, not to var. The root covers both: np.sqrt(var + eps).")
def eps_beside_the_root(x, gamma, beta, mean, var, eps):
    return gamma * (x - mean) / np.sqrt(var) + eps + beta


@wrong("Brackets: `x - mean / root` divides the mean alone. First minus, then divided: (x - mean) / root.")
def divides_the_mean_alone(x, gamma, beta, mean, var, eps):
    return gamma * x - mean / np.sqrt(var + eps) + beta


@wrong(
    "Brackets: `x - mean / root` divides the mean alone. First minus, then divided; gamma and beta come after that."
)
def divides_the_mean_before_gamma(x, gamma, beta, mean, var, eps):
    return gamma * (x - mean / np.sqrt(var + eps)) + beta


@wrong("You *multiplied* by the root. What makes a spread 1 is dividing by it.")
def multiplies_by_the_root(x, gamma, beta, mean, var, eps):
    return gamma * (x - mean) * np.sqrt(var + eps) + beta


@wrong(
    "You mixed this batch into the kept numbers. They are kept in *training*; an answer that counts must not depend on who else "
    "is in the batch."
)
def blends_the_batch_in(x, gamma, beta, mean, var, eps):
    mean, var = 0.9 * mean + 0.1 * x.mean(axis=0), 0.9 * var + 0.1 * x.var(axis=0)
    return batchnorm_eval(x, gamma, beta, mean, var, eps)
