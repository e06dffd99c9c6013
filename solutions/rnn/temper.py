"""Turn scores into shares, boldly or carefully."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 8, 3, 2
HINTS = (
    "At temperature 1 this is softmax along each row (lessons 2 and 4). Where must the temperature go, so that a low one makes "
    "the differences between scores *larger*?",
    "Divide the scores by the temperature *before* exp. And after dividing, take each row's maximum away, or exp overflows.",
    "s = scores / temperature; p = np.exp(s - s.max(axis=1, keepdims=True)); p / p.sum(axis=1, keepdims=True)",
)


def temper(scores, temperature):
    scaled = scores / temperature
    positive = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return positive / positive.sum(axis=1, keepdims=True)


def trials(rng):
    yield "shares of 0.2 and 0.8", np.array([[0.0, np.log(4.0)]]), 1.0
    yield "the same, twice as hot", np.array([[0.0, np.log(4.0)]]), 2.0
    yield "the same, half as hot", np.array([[0.0, np.log(4.0)]]), 0.5
    yield "three rows of four", rng.normal(size=(3, 4)), 0.7
    yield "as many rows as letters", rng.normal(size=(4, 4)), 1.5
    yield "whole numbers", rng.integers(-3, 4, (2, 5)), 2
    yield "nearly frozen", rng.permutation(6).reshape(1, 6) + 0.5, 0.001
    yield "cold, and scores nearly alike", 0.001 * rng.normal(size=(3, 4)), 0.001
    yield "very hot", rng.normal(size=(2, 3)), 500.0
    yield "scores near 1000 and -1000", rng.normal(size=(2, 3)) + np.array([[1000.0], [-1000.0]]), 0.8


def _softmax(s):
    positive = np.exp(s - s.max(axis=1, keepdims=True))
    return positive / positive.sum(axis=1, keepdims=True)


@wrong(
    "The scores were multiplied. Then a high temperature makes the choice *surer*; hot means loose, so divide."
)
def multiplies(scores, temperature):
    return _softmax(scores * temperature)


@wrong("The temperature has no effect. Is it used before exp?")
def ignores_the_temperature(scores, temperature):
    return _softmax(scores)


@wrong(
    "You divided the finished shares: they no longer add up to 1. The temperature works on the scores, before exp."
)
def divides_the_shares(scores, temperature):
    return _softmax(scores) / temperature


@wrong(
    "Softmax was taken twice: once to get shares, and again of shares / temperature. Divide the scores themselves."
)
def softmax_of_shares(scores, temperature):
    return _softmax(_softmax(scores) / temperature)


@wrong(
    "exp overflows. Take each row's maximum away, *after* the division: a low temperature makes scores large."
)
def no_max_shift(scores, temperature):
    positive = np.exp(scores / temperature)
    return positive / positive.sum(axis=1, keepdims=True)


@wrong("The shares run down the columns, so the names compete for a letter. Each row adds up to 1: axis=1.")
def shares_down_the_columns(scores, temperature):
    return _softmax(scores.T / temperature).T


@wrong("The shares of each row don't add up to 1: divide by the row's own total.")
def never_divides(scores, temperature):
    scaled = scores / temperature
    return np.exp(scaled - scaled.max(axis=1, keepdims=True))


@wrong("Everything went to the best letter. That is temperature 0; here the others keep their shares.")
def winner_takes_all(scores, temperature):
    return np.eye(scores.shape[1])[scores.argmax(axis=1)]


@wrong("One total was taken over all rows. Each row is a choice of its own and adds up to 1.")
def one_total_for_all(scores, temperature):
    scaled = scores / temperature
    positive = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return positive / positive.sum()


@wrong(
    "The maximum was taken away from the scores but not divided with them: shift and divide belong together. Divide first."
)
def shift_not_divided(scores, temperature):
    positive = np.exp(scores / temperature - scores.max(axis=1, keepdims=True))
    return positive / positive.sum(axis=1, keepdims=True)


@wrong(
    "A small number was added to the temperature. It is above 0 anyway, and where it is low you change it."
)
def adds_an_epsilon(scores, temperature):
    return _softmax(scores / (temperature + 1e-6))
