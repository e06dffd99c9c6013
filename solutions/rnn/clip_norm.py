"""Shorten gradients that are too long, without turning them."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 12, 3, 3
ATOL = 1e-12  # a small number added to the norm would show
HINTS = (
    "All the arrays together are one long arrow. How long is it, if (3, 4) is 5 long?",
    "Add the squares of *all* entries of *all* arrays, and take one root at the end. One factor for everything: largest / norm, "
    "but never more than 1. What if the norm is 0?",
    "norm = np.sqrt(sum((g**2).sum() for g in grads)); scale = largest / norm if norm > largest else 1.0",
)


def clip_norm(grads, largest):
    norm = np.sqrt(sum((grad**2).sum() for grad in grads))  # of all arrays together
    scale = largest / norm if norm > largest else 1.0
    return [scale * grad for grad in grads]


def observe(answer, grads, largest):
    found = answer(grads, largest)
    if type(found) not in (list, tuple):
        return found
    shared = [
        i
        for i, g in enumerate(found)
        if isinstance(g, np.ndarray) and any(np.shares_memory(g, old) for old in grads)
    ]
    return {"clipped": list(found), "numbers of arrays that are still the old ones": shared}


def trials(rng):
    yield "3 and 4, at most 1", [np.array([3.0]), np.array([4.0])], 1.0
    yield "short enough", [np.array([0.3]), np.array([0.4])], 1.0
    yield "just as long as allowed", [np.array([3.0]), np.array([4.0])], 5.0
    shapes = (3, 2), (2, 2), (2,)
    yield "three arrays, too long", [5 * rng.normal(size=shape) for shape in shapes], 2.0
    yield "three arrays, short", [0.01 * rng.normal(size=shape) for shape in shapes], 2.0
    yield "one array long, one short", [40 * rng.normal(size=(2, 3)), 0.1 * rng.normal(size=3)], 3.0
    yield "one array", [rng.normal(size=(4, 4))], 0.5
    yield "whole numbers", [np.array([[6, 0], [0, 8]]), np.array([0, 0])], 2
    yield "all zeros", [np.zeros((2, 3)), np.zeros(3)], 1.0
    yield "very long", [1e60 * rng.normal(size=(2, 3)), 1e60 * rng.normal(size=3)], 1.0
    yield "tiny, and still too long", [1e-5 * rng.normal(size=(2, 3)), 1e-5 * rng.normal(size=3)], 1e-6


@wrong(
    "Each array was clipped by its own length. One length of all together, one factor for all: else the arrow turns."
)
def clips_each_array(grads, largest):
    return [clip_norm([grad], largest)[0] for grad in grads]


@wrong(
    "Each *entry* was cut to the limit. That bends the arrow into another direction; here every entry is multiplied by the "
    "same factor."
)
def clips_each_entry(grads, largest):
    return [np.clip(grad, -largest, largest) * 1.0 for grad in grads]


@wrong("Short gradients were made longer. Clipping only ever shortens: the factor is at most 1.")
def stretches_short_ones(grads, largest):
    norm = np.sqrt(sum((grad**2).sum() for grad in grads))
    return [grad * (largest / norm if norm else 1.0) for grad in grads]


@wrong(
    "All zeros became NaN: you divided by their length, 0. A gradient of length 0 is short enough already."
)
def zeros_become_nan(grads, largest):
    norm = np.sqrt(sum((grad**2).sum() for grad in grads))
    return [grad / norm * min(norm, largest) for grad in grads]


@wrong("Now the length is 1, whatever `largest` is. The factor is largest / norm.")
def ignores_the_limit(grads, largest):
    norm = np.sqrt(sum((grad**2).sum() for grad in grads))
    return [grad / norm if norm > largest else grad * 1.0 for grad in grads]


@wrong("The root is missing: that is the *square* of the length.")
def forgets_the_root(grads, largest):
    norm = sum((grad**2).sum() for grad in grads)
    return [grad * (largest / norm if norm > largest else 1.0) for grad in grads]


@wrong("The lengths of the arrays were added up. Lengths don't add, their squares do: 3 and 4 make 5, not 7.")
def adds_the_lengths(grads, largest):
    norm = sum(np.sqrt((grad**2).sum()) for grad in grads)
    return [grad * (largest / norm if norm > largest else 1.0) for grad in grads]


@wrong("You took the largest entry for the length. The length is the root of the sum of all squares.")
def takes_the_largest_entry(grads, largest):
    norm = max(np.abs(grad).max() for grad in grads)
    return [grad * (largest / norm if norm > largest else 1.0) for grad in grads]


@wrong(
    "A small number was added to the length. Here it is not needed, and it shows where gradients are small."
)
def adds_an_epsilon(grads, largest):
    norm = np.sqrt(sum((grad**2).sum() for grad in grads))
    return [grad * min(1.0, largest / (norm + 1e-6)) for grad in grads]


@wrong(
    "Where nothing was to be clipped you handed back the old arrays themselves. Whoever changes one changes the other: make "
    "new ones, such as 1.0 * grad."
)
def hands_back_the_old_ones(grads, largest):
    norm = np.sqrt(sum((grad**2).sum() for grad in grads))
    return [grad * (largest / norm) for grad in grads] if norm > largest else list(grads)


@wrong("You changed the caller's arrays. `*=` works in place; `scale * grad` makes a new array.")
def changes_them_in_place(grads, largest):
    norm = np.sqrt(sum((grad**2).sum() for grad in grads))
    if norm > largest:
        for grad in grads:
            grad[...] = grad * (largest / norm)
    return [1.0 * grad for grad in grads]


@wrong("The sum of the entries is no length: plus and minus cancel. Square first.")
def forgets_to_square(grads, largest):
    norm = abs(sum(grad.sum() for grad in grads))
    return [grad * (largest / norm if norm > largest else 1.0) for grad in grads]


@wrong("That is the *mean* square, not the sum: the length then depends on how many weights there are.")
def takes_the_mean(grads, largest):
    norm = np.sqrt(sum((grad**2).sum() for grad in grads) / sum(grad.size for grad in grads))
    return [grad * (largest / norm if norm > largest else 1.0) for grad in grads]


@wrong("max where min belongs: long gradients stay long and short ones are stretched.")
def max_for_min(grads, largest):
    norm = np.sqrt(sum((grad**2).sum() for grad in grads))
    return [grad * max(1.0, largest / norm if norm else 1.0) for grad in grads]


@wrong(
    "The fraction stands on its head. To bring a length of `norm` down to `largest`, multiply by largest / norm."
)
def upside_down(grads, largest):
    norm = np.sqrt(sum((grad**2).sum() for grad in grads))
    return [grad * min(1.0, norm / largest) for grad in grads]


@wrong(
    "Absolute values were added up: that makes 3 and 4 seven. The length is the root of the sum of squares, 5."
)
def adds_absolute_values(grads, largest):
    norm = sum(np.abs(grad).sum() for grad in grads)
    return [grad * (largest / norm if norm > largest else 1.0) for grad in grads]
