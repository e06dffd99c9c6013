"""Price a probability when the answer is yes or no."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 8, 2, 2
HINTS = (
    "For one example: which probability did the model give to what happened? With label 1 it is p. With label 0?",
    "The formula needs no `if`: multiply one logarithm by `label`, the other by `1 - label`, and one of the two "
    "vanishes. Clip p before you take any logarithm (`np.clip`).",
    "p = np.clip(probability, 1e-12, 1 - 1e-12), then minus the mean of label * np.log(p) + (1 - label) * np.log(1 - p).",
)


def bce(probability, label):
    p = np.clip(probability, 1e-12, 1 - 1e-12)  # (N,), so that no logarithm meets a 0
    log_of_what_happened = label * np.log(p) + (1 - label) * np.log(1 - p)  # (N,)
    return -np.mean(log_of_what_happened)


def trials(rng):
    yield "two you can do by hand", np.array([0.8, 0.4]), np.array([1, 0])
    yield "a batch of one", np.array([0.3]), np.array([1])
    yield "a mixed batch", rng.uniform(0.05, 0.95, size=7), np.array([1, 0, 0, 1, 0, 1, 0])
    yield "nothing but zeros", rng.uniform(0.05, 0.95, size=4), np.zeros(4, dtype=np.int64)
    yield "nothing but ones", rng.uniform(0.05, 0.95, size=5), np.ones(5, dtype=np.int64)
    yield "nearly sure, and right", np.array([0.999, 0.0005, 0.9995]), np.array([1, 0, 1])
    yield "sure, and right", np.array([0.0, 1.0, 0.5]), np.array([0, 1, 1])
    yield "sure of 1, and wrong", np.array([1.0, 0.5]), np.array([0, 0])
    yield "sure of 0, and wrong", np.array([0.0, 0.5]), np.array([1, 1])


@wrong(
    "Examples with label 0 cost nothing here. Which probability did the model give to *them*? Add that half."
)
def only_label_one(probability, label):
    p = np.clip(probability, 1e-12, 1 - 1e-12)
    return -np.mean(label * np.log(p))


@wrong("Examples with label 1 cost nothing here. Add label * np.log(p) to what you have.")
def only_label_zero(probability, label):
    p = np.clip(probability, 1e-12, 1 - 1e-12)
    return -np.mean((1 - label) * np.log(1 - p))


@wrong("A probability of exactly 0 or 1 met the logarithm. Clip to [1e-12, 1 - 1e-12] first.")
def no_clip(probability, label):
    return -np.mean(label * np.log(probability) + (1 - label) * np.log(1 - probability))


@wrong("You guard against 0 and not against 1. At p = 1 it is `1 - p` that becomes 0: clip both ends.")
def clips_one_side(probability, label):
    p = np.maximum(probability, 1e-12)
    return -np.mean(label * np.log(p) + (1 - label) * np.log(1 - p))


@wrong("You clipped further in than asked (Keras uses 1e-7). Here the ends are 1e-12 and 1 - 1e-12.")
def clips_too_much(probability, label):
    p = np.clip(probability, 1e-7, 1 - 1e-7)
    return -np.mean(label * np.log(p) + (1 - label) * np.log(1 - p))


@wrong("You added the prices and stopped. Divide by the number of examples.")
def sum_not_mean(probability, label):
    p = np.clip(probability, 1e-12, 1 - 1e-12)
    return -np.sum(label * np.log(p) + (1 - label) * np.log(1 - p))


@wrong("Probability and label changed places: you took logarithms of the labels.")
def arguments_swapped(probability, label):
    p = np.clip(label, 1e-12, 1 - 1e-12)
    return -np.mean(probability * np.log(p) + (1 - probability) * np.log(1 - p))


@wrong(
    "The size is right, the sign isn't. The logarithm of a probability is negative; a price should be positive."
)
def forgets_the_minus(probability, label):
    p = np.clip(probability, 1e-12, 1 - 1e-12)
    return np.mean(label * np.log(p) + (1 - label) * np.log(1 - p))


@wrong("That's the price of the opposite answers: your labels are the wrong way round.")
def labels_flipped(probability, label):
    p = np.clip(probability, 1e-12, 1 - 1e-12)
    return -np.mean((1 - label) * np.log(p) + label * np.log(1 - p))


@wrong("Both halves use p. With label 0 the chance given to what happened is 1 - p.")
def same_chance_for_both(probability, label):
    p = np.clip(probability, 1e-12, 1 - 1e-12)
    return -np.mean(np.log(p))


@wrong("You used the logarithm to base 2, which counts in bits. Nats come from `np.log`.")
def in_bits(probability, label):
    p = np.clip(probability, 1e-12, 1 - 1e-12)
    return -np.mean(label * np.log2(p) + (1 - label) * np.log2(1 - p))


@wrong("That's the mean *squared* error between probability and label. Here the price is a logarithm.")
def squares_instead(probability, label):
    return np.mean((probability - label) ** 2)


@wrong(
    "The minus stands before the first half only, so the second half lowers the price. A bracket is missing: minus the "
    "mean of the *sum* of both."
)
def minus_for_one_half(probability, label):
    p = np.clip(probability, 1e-12, 1 - 1e-12)
    return np.mean(-label * np.log(p) + (1 - label) * np.log(1 - p))


@wrong("You put a sigmoid on top. What comes in is a probability already; only scores need one.")
def sigmoid_of_a_probability(probability, label):
    p = 1 / (1 + np.exp(-probability))
    return -np.mean(label * np.log(p) + (1 - label) * np.log(1 - p))
