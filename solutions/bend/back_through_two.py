"""Repair slopes that go back through the wrong bend."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 8, 3, 2
STARTER = "asks_the_wrong_layer"
HINTS = (
    "Walk backwards and ask at each bend: was *this* layer's own score above 0? Which scores did the bug ask?",
    "The second bend turns dh2 into dz2 by z2. Then the weights, from the right, lying on their side. Then the first bend.",
    "dz1 = (dz2 @ W2.T) * (z1 > 0)",
)


def back_through_two(z1, z2, W2, dh2):
    dz2 = dh2 * (z2 > 0)  # (N, H): through the second bend
    dh1 = dz2 @ W2.T  # (N, H): through the weights between
    dz1 = dh1 * (z1 > 0)  # (N, H): through the first bend
    return dz1, dz2


def trials(rng):
    yield (
        "two neurons you can do by hand",
        *(np.array([row]) for row in ([1.0, -1.0], [2.0, 1.0])),
        np.array([[1.0, 2.0], [3.0, 4.0]]),
        np.array([[1.0, 1.0]]),
    )
    yield (
        "three examples",
        rng.normal(size=(3, 4)),
        rng.normal(size=(3, 4)),
        rng.normal(size=(4, 4)),
        rng.normal(size=(3, 4)),
    )
    yield (
        "some scores exactly 0",
        np.array([[0.0, 1.0, -1.0]]),
        np.array([[1.0, 0.0, 2.0]]),
        rng.normal(size=(3, 3)),
        rng.normal(size=(1, 3)),
    )
    yield "as many examples as neurons", *(rng.normal(size=(3, 3)) for _ in range(4))


@wrong(
    "Shapes fit, nothing complains, and the net learns, only slower. At the first bend: which neurons let a slope pass, and "
    "whose scores were asked?"
)
def asks_the_wrong_layer(z1, z2, W2, dh2):
    dz2 = dh2 * (z2 > 0)
    return (dz2 @ W2.T) * (z2 > 0), dz2


@wrong("The first bend is missing: slopes come back through neurons that were cut off, and moved nothing.")
def forgets_the_first_bend(z1, z2, W2, dh2):
    dz2 = dh2 * (z2 > 0)
    return dz2 @ W2.T, dz2


@wrong(
    "You started from dh2 again. What reaches the first layer has been through the second bend before: use dz2."
)
def jumps_over_the_second_bend(z1, z2, W2, dh2):
    return (dh2 @ W2.T) * (z1 > 0), dh2 * (z2 > 0)


@wrong("On the way back the weights lie on their side: W2.T. Square tables hide it.")
def weights_not_turned(z1, z2, W2, dh2):
    dz2 = dh2 * (z2 > 0)
    return (dz2 @ W2) * (z1 > 0), dz2


@wrong("At a score of exactly 0 the slope is 0, as agreed: `> 0`, not `>= 0`.")
def one_at_nought(z1, z2, W2, dh2):
    dz2 = dh2 * (z2 >= 0)
    return (dz2 @ W2.T) * (z1 >= 0), dz2


@wrong("You multiplied by relu itself. On the way back it is its *slope* that counts, 0 or 1.")
def multiplies_by_relu(z1, z2, W2, dh2):
    dz2 = dh2 * np.maximum(z2, 0)
    return (dz2 @ W2.T) * np.maximum(z1, 0), dz2


@wrong("The two bends asked each other's scores: dz2 wants z2, and dz1 wants z1.")
def swaps_the_scores(z1, z2, W2, dh2):
    dz2 = dh2 * (z1 > 0)
    return (dz2 @ W2.T) * (z2 > 0), dz2


@wrong("Both results are right, in the other order: dz1 comes first.")
def swaps_the_results(z1, z2, W2, dh2):
    return back_through_two(z1, z2, W2, dh2)[::-1]
