"""Count the kinks of a shallow ReLU net."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 10, 4, 2
HINTS = (
    "A hidden neuron bends where its own score is 0: w x + b = 0. Where is that? Which neurons have no such place, and which "
    "have one that nobody sees, since their output is multiplied by 0?",
    "places = -b / w for those with w and v both not 0; keep the ones between low and high. Two neurons that bend at the same "
    "place make one kink, or none: by how much does the slope change there, with each of them?",
    "The slope changes by v * abs(w) at -b / w. For each of np.unique(places inside): add these up over the neurons that bend "
    "there, and count it if the sum is not 0 (np.isclose).",
)


def count_kinks(w, b, v, low, high):
    used = (w != 0) & (v != 0)  # (H,)
    places = -b[used] / w[used]  # where each score is 0
    turns = v[used] * np.abs(w[used])  # by how much the slope changes there
    kinks = 0
    for place in np.unique(places[(places > low) & (places < high)]):
        kinks += not np.isclose(turns[places == place].sum(), 0)  # several bends at one place may cancel
    return int(kinks)


def trials(rng):
    yield "one neuron", np.array([2.0]), np.array([-1.0]), np.array([3.0]), 0.0, 1.0
    yield (
        "three neurons, one bends outside",
        np.array([1.0, 2.0, 1.0]),
        np.array([-1.0, -1.0, 3.0]),
        np.ones(3),
        0.0,
        2.0,
    )
    yield (
        "one that is never used",
        np.array([1.0, 1.0]),
        np.array([-1.0, -0.5]),
        np.array([1.0, 0.0]),
        0.0,
        2.0,
    )
    yield "one that never bends", np.array([1.0, 0.0]), np.array([-1.0, 1.0]), np.array([1.0, 1.0]), 0.0, 2.0
    yield (
        "two that bend at one place",
        np.array([1.0, 2.0, -1.0]),
        np.array([-1.0, -2.0, 0.5]),
        np.ones(3),
        0.0,
        2.0,
    )
    yield "a bend at each end", np.ones(3), np.array([0.0, -1.0, -2.0]), np.ones(3), 0.0, 2.0
    yield "a bias of 0", np.array([1.0]), np.array([0.0]), np.array([1.0]), -1.0, 1.0
    yield (
        "two bends that cancel",
        np.array([1.0, -1.0, 2.0]),
        np.array([0.0, 0.0, -1.0]),
        np.array([1.0, -1.0, 1.0]),
        -1.0,
        1.0,
    )
    w, v = rng.choice([-2.0, -1.0, 1.0, 2.0], 9), rng.choice([-1.0, 1.0], 9)
    yield "nine neurons", w, -w * rng.permutation(np.arange(9) + 0.5), v, 2.0, 7.0


@wrong(
    "Every neuron was counted. Some bend outside of the stretch you look at, some never, some where nobody sees it."
)
def counts_all_neurons(w, b, v, low, high):
    return len(w)


@wrong("Neurons that bend outside low to high were counted too.")
def counts_outside(w, b, v, low, high):
    return count_kinks(w, b, v, -1e9, 1e9)


@wrong("The sign is turned: w x + b = 0 at x = -b/w.")
def turns_the_sign(w, b, v, low, high):
    return count_kinks(w, -b, v, low, high)


@wrong("A neuron whose output weight v is 0 bends, and nobody sees it: it adds 0 on both sides.")
def counts_the_unused(w, b, v, low, high):
    return count_kinks(w, b, np.ones_like(v), low, high)


@wrong("Two neurons that bend at the same place make *one* kink.")
def counts_twins_twice(w, b, v, low, high):
    used = (w != 0) & (v != 0)
    places = -b[used] / w[used]
    return int(((places > low) & (places < high)).sum())


@wrong(
    "The biases alone don't say where: a neuron with twice the weight bends at half the distance. Divide by w."
)
def forgets_to_divide(w, b, v, low, high):
    return count_kinks(np.where(w == 0, 0.0, 1.0), b, v * np.abs(w), low, high)


@wrong("That is the number of straight *pieces*, one more than the kinks between them.")
def counts_pieces(w, b, v, low, high):
    return count_kinks(w, b, v, low, high) + 1


@wrong(
    "Where the bends of two neurons cancel, the net goes straight on: one turns the slope up by v * abs(w), the other down by as "
    "much."
)
def counts_bends_that_cancel(w, b, v, low, high):
    used = (w != 0) & (v != 0)
    places = -b[used] / w[used]
    return len(np.unique(places[(places > low) & (places < high)]))


@wrong("Places at low and at high themselves were counted. Strictly between the two means without the ends.")
def counts_the_ends(w, b, v, low, high):
    return count_kinks(w, b, v, low - 1e-9, high + 1e-9)


@wrong("A neuron with bias 0 was left out. It bends at x = 0, like any other at its own place.")
def leaves_out_a_bias_of_nought(w, b, v, low, high):
    return count_kinks(w, b, v * (b != 0), low, high)
