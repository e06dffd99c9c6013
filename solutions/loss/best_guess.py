"""Find the one number that costs least, under two losses."""

import numpy as np

from course import data
from course.exercises import wrong

MINUTES, LEVEL, POINTS = 12, 3, 2
RTOL = 1e-2  # a search over a grid is a fair answer: within 1 % of the smallest possible loss

HINTS = (
    "Lay the candidates out as a column: `candidates[:, None] - values` holds every error of every candidate, "
    "(500, N). Average its squares along axis 1 and ask `argmin` which candidate won. Then the other loss.",
    "Compare your two winners with numbers that you know of any list: its mean, its median, its smallest, its largest.",
    "Squaring makes the far-away values shout, and the mean is where they balance. Absolute errors only count who "
    "stands on which side: half on the left, half on the right. Which number of a sorted list is that?",
)


def best_guess(values):
    for_squared = np.mean(values)
    for_absolute = np.median(values)
    return for_squared, for_absolute


def observe(answer, values):
    """The two losses that the guesses reach: any guess that costs as little is as good."""
    guesses = answer(values)
    if guesses is None or np.size(guesses) != 2:
        return guesses
    for_squared, for_absolute = guesses
    return {
        "mean squared error of for_squared": np.mean((values - for_squared) ** 2),
        "mean absolute error of for_absolute": np.mean(np.abs(values - for_absolute)),
    }


def trials(rng):
    yield "three you can do by hand", np.array([1.0, 2.0, 9.0])
    yield "an even number of values, not sorted", np.array([8.0, 1.0, 30.0, 2.0, 3.0, 1.0])
    yield "one far below the others", np.append(-50.0, rng.normal(size=8))
    yield "a long tail to the right", rng.exponential(size=101) ** 2
    yield "the 569 nuclei", data.breast_cancer().X[:, 20]


@wrong(
    "Your first number is right. For absolute errors the mean pays too much attention to the far-away values."
)
def mean_for_both(values):
    return np.mean(values), np.mean(values)


@wrong(
    "Your second number is right. With squared errors the far-away values weigh more: the winner moves to them."
)
def median_for_both(values):
    return np.median(values), np.median(values)


@wrong("Both numbers are in there, in the wrong order: squared error first, absolute error second.")
def swapped(values):
    return np.median(values), np.mean(values)


@wrong(
    "Halfway between the smallest and the largest makes the *worst* error small. That is a third question."
)
def halfway(values):
    middle = (values.min() + values.max()) / 2
    return middle, middle


@wrong("You took the value in the middle of the list as it came. Sort first (or let `np.median` do it).")
def middle_of_the_unsorted(values):
    return np.mean(values), values[len(values) // 2]


@wrong("You returned how small the losses get. Asked are the guesses at which they get so small.")
def returns_the_losses(values):
    return np.mean((values - np.mean(values)) ** 2), np.mean(np.abs(values - np.median(values)))


@wrong("One number came back; two are wanted: `return for_squared, for_absolute`.")
def returns_one_number(values):
    return np.mean(values)


@wrong(
    "These are *positions* in your list of candidates: `argmin` says where the smallest loss stands. Which number stands "
    "there? `candidates[...]`."
)
def returns_positions(values):
    candidates = np.linspace(values.min(), values.max(), 500)
    errors = candidates[:, None] - values
    return np.mean(errors**2, axis=1).argmin(), np.mean(np.abs(errors), axis=1).argmin()


@wrong(
    "For the second number you averaged the errors with their signs, so the smallest candidate wins: all its errors are "
    "below 0. The absolute error wants `np.abs`."
)
def forgets_the_abs(values):
    return np.mean(values), values.min()
