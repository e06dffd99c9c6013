"""Separate what no line separates, with weights chosen by hand."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 12, 3, 2
HINTS = (
    "One hidden neuron may fire when at least one of the two is 1, a second one when both are. How do you combine the two, so "
    "that 'at least one, but not both' is above 0?",
    "With s = x1 + x2, the corners have s = 0, 1, 1, 2. relu(s) is 0, 1, 1, 2 there, and relu(s - 1) is 0, 0, 0, 1. Which "
    "combination of them is 0, 1, 1, 0? Then shift it, so that the sign decides.",
    "s = x[:, 0] + x[:, 1]; return relu(s) - 2 * relu(s - 1) - 0.5",
)


def xor_net(x):
    total = x[:, 0] + x[:, 1]  # (N,): both hidden neurons have weights 1 and 1 ...
    first, second = np.maximum(total, 0), np.maximum(total - 1, 0)  # ... and biases 0 and -1
    return first - 2 * second - 0.5  # the output's weights are 1 and -2, its bias -0.5


def observe(answer, x):
    scores = np.asarray(answer(x), dtype=float)
    return np.sign(scores)  # many nets are right: only the sign counts, and the shape


def trials(rng):
    corners = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    yield "the four corners", corners
    yield "one corner alone", corners[3:]
    away = np.array([[-0.15, -0.15], [-0.15, 0.15], [0.15, -0.15], [0.15, 0.15]])
    yield "as far beside the corners as stated", (corners[:, None] + away).reshape(16, 2)
    yield "around the corners", np.repeat(corners, 6, axis=0) + rng.uniform(-0.15, 0.15, (24, 2))
    yield "the corners in another order", corners[rng.permutation(4)]


@wrong(
    "That is OR: it is above 0 for (1, 1) too. Take something away where *both* are 1, and enough of it: the first "
    "neuron says 2 there, the second only 1."
)
def says_or(x):
    return x[:, 0] + x[:, 1] - 0.5


@wrong("That is AND: above 0 only for (1, 1). XOR is above 0 where exactly one of the two is 1.")
def says_and(x):
    return x[:, 0] + x[:, 1] - 1.5


@wrong("The signs are turned round: it is above 0 where both are equal.")
def says_equal(x):
    return 0.5 - np.abs(x[:, 0] - x[:, 1])


@wrong("It answers for one input only: above 0 wherever the first is 1, whatever the second is.")
def looks_at_one_input(x):
    return x[:, 0] - 0.5


@wrong(
    "The shape is (N, 1). Wanted is one number for each row, (N,): index the column, or multiply by a flat array."
)
def keeps_a_column(x):
    return xor_net(x)[:, None]


@wrong(
    "It is right on the corners and wrong a little beside them: comparing floats with == (or !=) is no net. Give it room on "
    "both sides of 0."
)
def compares_exactly(x):
    return (x[:, 0] != x[:, 1]) - 0.5


@wrong(
    "Where both are 0, or both 1, your score is exactly 0, and that is not below 0. The output neuron has a bias, too: which one "
    "leaves room on both sides?"
)
def forgets_the_output_bias(x):
    return xor_net(x) + 0.5


@wrong(
    "Right on the corners, but the output's bias leaves too little room beside them. Its best value is in the middle."
)
def leaves_too_little_room(x):
    return xor_net(x) + 0.25
