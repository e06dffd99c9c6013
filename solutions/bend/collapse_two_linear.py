"""Replace two layers without a bend by one."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 8, 3, 2
HINTS = (
    "Write the second layer's input out: (x W1 + b1) W2 + b2. Now multiply the bracket out. What multiplies x, and what is "
    "left without an x?",
    "x meets W1 first and W2 second, so W = W1 W2, in that order. The first bias passes through the second layer's weights on "
    "its way.",
    "W = W1 @ W2, b = b1 @ W2 + b2",
)


def collapse_two_linear(W1, b1, W2, b2):
    W = W1 @ W2  # (D, H) @ (H, K) -> (D, K)
    b = b1 @ W2 + b2  # (H,) @ (H, K) + (K,) -> (K,)
    return W, b


def trials(rng):
    yield "numbers you can do by hand", np.array([[2.0]]), np.array([1.0]), np.array([[3.0]]), np.array([5.0])
    yield "four widths that differ", *(rng.normal(size=s) for s in ((2, 4), (4,), (4, 3), (3,)))
    yield "everything square", *(rng.normal(size=s) for s in ((3, 3), (3,), (3, 3), (3,)))
    yield "a narrow waist", *(rng.normal(size=s) for s in ((4, 1), (1,), (1, 5), (5,)))
    yield "no first bias", rng.normal(size=(2, 3)), np.zeros(3), rng.normal(size=(3, 2)), rng.normal(size=2)


@wrong("The first bias passes through the second layer too: it is multiplied by W2 before b2 is added.")
def drops_the_first_bias(W1, b1, W2, b2):
    return W1 @ W2, b2


@wrong(
    "You added the biases as they are. b1 has a number for each *hidden* neuron; W2 carries it to the outputs."
)
def adds_the_biases(W1, b1, W2, b2):
    return W1 @ W2, b1 + b2


@wrong("The order is turned round. x meets W1 first: x W1 W2. On square tables nothing complains.")
def other_order(W1, b1, W2, b2):
    return W2 @ W1, b1 @ W2 + b2


@wrong("The second bias is missing.")
def drops_the_second_bias(W1, b1, W2, b2):
    return W1 @ W2, b1 @ W2


@wrong("W lies on its side: (K, D) where (D, K) is wanted.")
def turns_the_weights(W1, b1, W2, b2):
    return (W1 @ W2).T, b1 @ W2 + b2


@wrong("b1 was multiplied by W1. It is added *after* W1, so only W2 is still to come.")
def bias_through_the_first_layer(W1, b1, W2, b2):
    return W1 @ W2, b1 @ W1.T @ (W1 @ W2) + b2
