"""Score one example with one neuron."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 5, 1, 1
HINTS = (
    "Do the flower by hand first: which number meets which weight, and what happens to all the products?",
    "Every feature has its own weight: multiply them pairwise, then add everything up. `@` does both at once. "
    "The bias comes in once, at the end.",
    "`x @ w` is the weighted sum, one number for any D. What is still missing?",
)


def neuron_one(x, w, b):
    return x @ w + b


def trials(rng):
    yield "the flower of this lesson", np.array([4.8, 1.8]), np.array([1.0, 2.0]), -8.2
    yield "the same flower without a bias", np.array([4.8, 1.8]), np.array([1.0, 2.0]), 0.0
    yield "three features", np.array([1.0, 2.0, 3.0]), np.array([0.5, -1.0, 2.0]), 0.25
    yield "one feature", np.array([2.0]), np.array([-3.0]), 1.0
    yield "nothing but zeros: the bias alone", np.zeros(4), rng.normal(size=4), 0.75
    yield "seven features, drawn at random", rng.normal(size=7), rng.normal(size=7), float(rng.uniform(1, 2))
    yield "small numbers", 1e-3 * rng.uniform(1, 2, size=3), rng.uniform(1, 2, size=3), -4e-3


@wrong("The weighted sum is right, but the bias is missing. Where in the formula does b come in?")
def forgets_bias(x, w, b):
    return x @ w


@wrong(
    "You added the bias once per feature, and then summed. A neuron has one bias: sum the products first, then add b once."
)
def bias_once_per_feature(x, w, b):
    return np.sum(x * w + b)


@wrong("You subtracted the bias. In this course the score is w·x + b: a negative bias is already negative.")
def subtracts_bias(x, w, b):
    return x @ w - b


@wrong("These are the single products, one per feature. A neuron adds them up: one example gives one number.")
def keeps_the_products(x, w, b):
    return x * w + b


@wrong("You added each weight to its feature. A weight says how much a feature counts, so it multiplies.")
def adds_weights(x, w, b):
    return np.sum(x + w) + b


@wrong(
    "You summed the features and the weights first and multiplied the two totals. "
    "Then a weight no longer belongs to its own feature: multiply pairwise, then sum."
)
def sums_before_multiplying(x, w, b):
    return np.sum(x) * np.sum(w) + b


@wrong("You wrote out two features by hand. The neuron must work for any number D of them: sum over all.")
def first_two_features_only(x, w, b):
    return x[0] * w[0] + x[1] * w[1] + b


@wrong("That is the decision, 0 or 1. The score itself is asked for: how far above or below 0?")
def returns_the_decision(x, w, b):
    return float(x @ w + b > 0)
