"""Normalise a batch by its own mean and variance, then give it back a spread and a mean."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 10, 3, 3
HINTS = (
    "Four lines, one for each formula. Each of mean and var has a number for every column: which axis goes away?",
    "mean and var along axis 0. The root covers var *and* eps. gamma and beta come last, gamma first.",
    "normal = (x - mean) / np.sqrt(var + eps); out = gamma * normal + beta; return out, mean, var",
)


def batchnorm_forward(x, gamma, beta, eps):
    mean, var = x.mean(axis=0), x.var(axis=0)  # (D,), over the batch
    normal = (x - mean) / np.sqrt(var + eps)  # (N, D), mean 0 and spread 1
    out = gamma * normal + beta
    return out, mean, var


def trials(rng):
    yield "three rows, by hand", np.array([[1.0], [3.0], [5.0]]), np.array([2.0]), np.array([10.0]), 1 / 3
    yield (
        "four rows, three units",
        3 * rng.normal(size=(4, 3)) + 5,
        rng.normal(size=3) + 3,
        rng.normal(size=3),
        1e-5,
    )
    yield (
        "as many rows as units",
        rng.normal(size=(3, 3)),
        np.array([1.0, 2.0, 0.5]),
        rng.normal(size=3),
        1e-3,
    )
    yield "a batch of one", rng.normal(size=(1, 4)), rng.normal(size=4), rng.normal(size=4), 1e-5
    yield (
        "a unit that says always the same",
        np.array([[4.0, 1.0], [4.0, -1.0]]),
        np.array([1.5, 2.0]),
        np.array([0.5, 0.0]),
        1e-5,
    )
    yield "tiny scores", 1e-4 * rng.normal(size=(5, 2)), np.ones(2), np.zeros(2), 1e-5
    yield "whole numbers", rng.integers(-9, 9, size=(6, 2)), np.array([2, 3]), np.array([1, -1]), 1e-3


def _parts(x, axis=0):
    return x.mean(axis=axis), x.var(axis=axis)


@wrong(
    "Your variance divides by N - 1. Here it divides by N, so that a batch of one has variance 0 and not nan."
)
def unbiased_variance(x, gamma, beta, eps):
    mean, var = x.mean(axis=0), x.var(axis=0, ddof=1)
    return gamma * (x - mean) / np.sqrt(var + eps) + beta, mean, var


@wrong(
    "You normalised each *row* over its features. That is layer normalisation, another thing: a batch is normalised column by "
    "column, over its rows."
)
def over_features(x, gamma, beta, eps):
    mean, var = x.mean(axis=1), x.var(axis=1)
    return gamma * (x - mean[:, None]) / np.sqrt(var[:, None] + eps) + beta, mean, var


@wrong("eps stands outside of the root. The formula has it inside: that is not the same where var is small.")
def eps_outside_root(x, gamma, beta, eps):
    mean, var = _parts(x)
    return gamma * (x - mean) / (np.sqrt(var) + eps) + beta, mean, var


@wrong("You divided by the variance. What makes the spread 1 is dividing by its *root*.")
def forgets_root(x, gamma, beta, eps):
    mean, var = _parts(x)
    return gamma * (x - mean) / (var + eps) + beta, mean, var


@wrong(
    "beta was added before gamma multiplied, so gamma stretches it too. First times gamma, then plus beta."
)
def beta_before_gamma(x, gamma, beta, eps):
    mean, var = _parts(x)
    return gamma * ((x - mean) / np.sqrt(var + eps) + beta), mean, var


@wrong("eps is missing: a unit that says always the same gives 0 / 0.")
def forgets_eps(x, gamma, beta, eps):
    mean, var = _parts(x)
    return gamma * (x - mean) / np.sqrt(var) + beta, mean, var


@wrong("The mean stayed in. Take it away first, then divide.")
def does_not_centre(x, gamma, beta, eps):
    mean, var = _parts(x)
    return gamma * x / np.sqrt(var + eps) + beta, mean, var


@wrong("Normalised, but gamma and beta are missing.")
def forgets_gamma_and_beta(x, gamma, beta, eps):
    mean, var = _parts(x)
    return (x - mean) / np.sqrt(var + eps), mean, var


@wrong("One mean for the whole table. Every unit has its own: axis 0.")
def over_everything(x, gamma, beta, eps):
    mean, var = np.full(x.shape[1], x.mean()), np.full(x.shape[1], x.var())
    return gamma * (x - mean) / np.sqrt(var + eps) + beta, mean, var


@wrong("The output is right. The third result is the variance; you returned its root.")
def returns_the_spread(x, gamma, beta, eps):
    out, mean, var = batchnorm_forward(x, gamma, beta, eps)
    return out, mean, np.sqrt(var)


@wrong(
    "The output is right. The variance that you return has eps in it already; evaluation would add it a second time."
)
def returns_var_with_eps(x, gamma, beta, eps):
    out, mean, var = batchnorm_forward(x, gamma, beta, eps)
    return out, mean, var + eps


@wrong("Only the output came back. Mean and variance are wanted too: evaluation will need them.")
def returns_only_the_output(x, gamma, beta, eps):
    return batchnorm_forward(x, gamma, beta, eps)[0]


@wrong("gamma and beta have changed places: gamma multiplies, beta is added.")
def swaps_gamma_and_beta(x, gamma, beta, eps):
    return batchnorm_forward(x, beta, gamma, eps)


@wrong(
    "Mean and variance have a row too many: shape (1, D) in place of (D,). Without keepdims NumPy lines them up with the rows "
    "just as well."
)
def keeps_a_row(x, gamma, beta, eps):
    out, mean, var = batchnorm_forward(x, gamma, beta, eps)
    return out, mean[None], var[None]


@wrong("gamma is there, beta is missing: it comes last, and is added.")
def forgets_beta(x, gamma, beta, eps):
    out, mean, var = batchnorm_forward(x, gamma, beta, eps)
    return out - beta, mean, var


@wrong("Right arrays, wrong places: out first, then mean, then var.")
def out_comes_last(x, gamma, beta, eps):
    out, mean, var = batchnorm_forward(x, gamma, beta, eps)
    return mean, var, out


@wrong("Right arrays, wrong places: after out comes mean, then var.")
def var_before_mean(x, gamma, beta, eps):
    out, mean, var = batchnorm_forward(x, gamma, beta, eps)
    return out, var, mean


@wrong("gamma is missing: what is normalised is stretched by it before beta is added.")
def forgets_gamma(x, gamma, beta, eps):
    return batchnorm_forward(x, np.ones(gamma.shape), beta, eps)


@wrong("Brackets: eps was added to the result, not to var. The root covers both: np.sqrt(var + eps).")
def eps_beside_the_root(x, gamma, beta, eps):
    mean, var = _parts(x)
    return gamma * (x - mean) / np.sqrt(var) + eps + beta, mean, var


@wrong("Brackets: `x - mean / root` divides the mean alone. First minus, then divided: (x - mean) / root.")
def divides_the_mean_alone(x, gamma, beta, eps):
    mean, var = _parts(x)
    return gamma * x - mean / np.sqrt(var + eps) + beta, mean, var


@wrong(
    "Brackets: `x - mean / root` divides the mean alone. First minus, then divided; gamma and beta come after that."
)
def divides_the_mean_before_gamma(x, gamma, beta, eps):
    mean, var = _parts(x)
    return gamma * (x - mean / np.sqrt(var + eps)) + beta, mean, var


@wrong("These are mean and variance of what you hand *out*. Wanted are those of the batch that came in, x.")
def measures_the_output(x, gamma, beta, eps):
    out, _, _ = batchnorm_forward(x, gamma, beta, eps)
    return out, out.mean(axis=0), out.var(axis=0)


@wrong(
    "You took the spread where var is due: `x.std` is its root already, and the formula takes the root again. `x.var`."
)
def spread_for_variance(x, gamma, beta, eps):
    mean, spread = x.mean(axis=0), x.std(axis=0)
    return gamma * (x - mean) / np.sqrt(spread + eps) + beta, mean, spread
