"""Say how likely everything was that happened."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 6, 2, 2
STARTER = "product_underflows"
HINTS = (
    "Print `np.prod(probability)` for 10, 100, 1000, 10000 tosses of a coin. At which line does the number stop being true?",
    "The smallest float above 0 is about 5e-324. The product falls below it; its logarithm would be quite an ordinary "
    "number. What is log(a * b), written with log(a) and log(b)?",
    "The log of a product is the sum of the logs: take np.log of the array first, then np.sum.",
)


def log_likelihood(probability):
    return np.sum(np.log(probability))


def trials(rng):
    yield "three you can do by hand", np.array([0.5, 0.25, 0.5])
    yield "a batch of one", np.array([0.2])
    yield "a hundred fair coins", np.full(100, 0.5)
    yield "always certain", np.ones(4)
    yield "20,000 patients", rng.uniform(0.05, 1.0, size=20_000)
    yield "three near-impossible events", np.array([1e-200, 1e-150, 0.5])


@wrong(
    "The more chances you multiply, the smaller the product: below about 5e-324 a float rounds it to 0, and the "
    "logarithm of 0 is minus infinity. The logarithm of the true product is an ordinary number. How can you get "
    "it without ever making the product?"
)
def product_underflows(probability):
    return np.log(np.prod(probability))


@wrong(
    "You kept the product away from 0 with a tiny number. Where the true product is smaller, the answer is that tiny number's log, not the data's."
)
def adds_a_tiny_number(probability):
    return np.log(np.prod(probability) + 1e-300)


@wrong(
    "You clipped each probability, so an event of 1e-200 was priced like one of 1e-12. No clip is needed here."
)
def clips_each(probability):
    return np.sum(np.log(np.clip(probability, 1e-12, 1.0)))


@wrong("You averaged the logarithms. All of it happened, so the logs add up: this total is asked for.")
def mean_of_the_logs(probability):
    return np.mean(np.log(probability))


@wrong(
    "You added the probabilities and took one logarithm. That all of it happens is a *product* of probabilities."
)
def log_of_the_sum(probability):
    return np.log(np.sum(probability))


@wrong(
    "The size is right, the sign isn't: the logarithm of a probability is below 0. (With the minus it is a loss.)"
)
def negated(probability):
    return -np.sum(np.log(probability))


@wrong("You used the logarithm to base 10. Natural logarithms (nats) come from `np.log`.")
def to_base_ten(probability):
    return np.sum(np.log10(probability))


@wrong("You multiplied the logarithms. Chances multiply; their logarithms *add*.")
def multiplies_the_logs(probability):
    return np.prod(np.log(probability))
