"""Scale columns into 0 to 1 by the training part's smallest and largest entry."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 6, 2, 2
HINTS = (
    "Like `standardize`, with two other numbers for each column. Which entry shall become 0, which 1?",
    "low and high: `train.min(axis=0)` and `train.max(axis=0)`. What do you take away, and what do you divide by?",
    "size = high - low; size = np.where(size == 0, 1, size); return tuple((part - low) / size for part in (train, *others))",
)


def minmax(train, *others):
    low, high = train.min(axis=0), train.max(axis=0)  # (D,), of the training part alone
    width = (high - low).astype(float)
    width[width == 0] = 1  # a constant column
    return tuple((part - low) / width for part in (train, *others))


def observe(answer, train, others):
    return answer(train, *others)


def trials(rng):
    yield "three rows you can do by hand", np.array([[0.0, 10.0], [4.0, 30.0], [1.0, 20.0]]), []
    yield "others beyond the ends", np.array([[1.0, 2.0], [3.0, 6.0]]), [np.array([[5.0, 4.0], [0.0, 2.0]])]
    yield (
        "two parts beside it",
        rng.normal(size=(6, 3)) - 5,
        [rng.normal(size=(4, 3)) - 5, rng.normal(size=(2, 3))],
    )
    yield "as many rows as columns", rng.normal(size=(4, 4)), [rng.normal(size=(4, 4))]
    yield (
        "a constant column",
        np.array([[5.0, 1.0], [5.0, 2.0], [5.0, 6.0]]),
        [np.array([[5.0, 1.0], [8.0, 0.0]])],
    )
    yield "a single row to judge", rng.normal(size=(5, 2)), [np.array([[0.5, -0.5]])]
    yield "whole numbers", rng.integers(-50, 50, size=(5, 3)), [rng.integers(-50, 50, size=(2, 3))]
    yield "small units", 1e-4 * rng.normal(size=(5, 2)), [1e-4 * rng.normal(size=(3, 2))]


def _scaled(part, low, size):
    return (part - low) / np.where(size == 0, 1, size)


@wrong(
    "Each part was scaled by its own smallest and largest entry, so the same entry means different things in different parts."
)
def each_by_itself(train, *others):
    return tuple(_scaled(part, part.min(axis=0), np.ptp(part, axis=0)) for part in (train, *others))


@wrong(
    "Smallest and largest come from all parts together. They come from `train` alone, and others may leave 0 to 1."
)
def fits_all_together(train, *others):
    whole = np.concatenate([train, *others])
    return tuple(_scaled(part, whole.min(axis=0), np.ptp(whole, axis=0)) for part in (train, *others))


@wrong(
    "One smallest and largest entry for the whole table: each *column* has its own unit. Work along axis 0."
)
def whole_table(train, *others):
    return tuple(_scaled(part, train.min(), np.ptp(train)) for part in (train, *others))


@wrong("You divided by the largest entry. From low to high is a distance of high - low.")
def divides_by_the_largest(train, *others):
    return tuple(_scaled(part, train.min(axis=0), train.max(axis=0)) for part in (train, *others))


@wrong("You divided by high - low without taking low away first, so the smallest entry doesn't become 0.")
def does_not_shift(train, *others):
    return tuple(_scaled(part, 0, np.ptp(train, axis=0)) for part in (train, *others))


@wrong(
    "Others were clipped to 0 and 1. What lies beyond the training part's ends is news, and stays: below 0 or above 1."
)
def clips(train, *others):
    return tuple(np.clip(part, 0, 1) for part in minmax(train, *others))


@wrong("0 / 0 is nan: a column that is the same everywhere has no width. Divide such a column by 1.")
def trips_over_constants(train, *others):
    return tuple((part - train.min(axis=0)) / np.ptp(train, axis=0) for part in (train, *others))


@wrong(
    "A small number added to the width keeps nan away, and blows up whatever differs in a column that was constant. Divide by "
    "1 exactly where the width is 0."
)
def adds_a_little(train, *others):
    return tuple((part - train.min(axis=0)) / (np.ptp(train, axis=0) + 1e-8) for part in (train, *others))


@wrong("That is standardising: minus the mean, divided by the spread. Here the ends are 0 and 1.")
def is_standardize(train, *others):
    return tuple(_scaled(part, train.mean(axis=0), train.std(axis=0)) for part in (train, *others))


@wrong("Only `train` was scaled; the others came back raw.")
def leaves_the_others_raw(train, *others):
    return (minmax(train)[0], *others)


@wrong(
    "Only the training part came back. The others want the same treatment, in the order in which they came."
)
def forgets_the_others(train, *others):
    return minmax(train)


@wrong("From -1 to 1: also in use, but here the ends are 0 and 1.")
def from_minus_one(train, *others):
    return tuple(2 * part - 1 for part in minmax(train, *others))


@wrong("You scaled each *row*. Along axis 0 there is one smallest and one largest entry a column.")
def along_rows(train, *others):
    return tuple(
        _scaled(part, part.min(axis=1, keepdims=True), np.ptp(part, axis=1, keepdims=True))
        for part in (train, *others)
    )


@wrong("Without other parts you return a bare array. It is a tuple always: `(scaled,)` with a comma.")
def bare_when_alone(train, *others):
    parts = minmax(train, *others)
    return parts if others else parts[0]


@wrong(
    "nan was turned into 0 afterwards. That hides it in `train`; another part may differ in that column, and then there is "
    "infinity. Divide by 1 there."
)
def hides_nan(train, *others):
    width = np.ptp(train, axis=0)
    return tuple(np.nan_to_num((part - train.min(axis=0)) / width) for part in (train, *others))


@wrong("Small widths were raised to 1, not only those of 0: columns in tiny units stay tiny.")
def at_least_one(train, *others):
    width = np.maximum(np.ptp(train, axis=0), 1)
    return tuple((part - train.min(axis=0)) / width for part in (train, *others))


@wrong("The smallest became 1 and the largest 0. Take the smallest away from each entry.")
def upside_down(train, *others):
    low, high = train.min(axis=0), train.max(axis=0)
    return tuple(_scaled(high - part, 0, high - low) for part in (train, *others))


@wrong(
    "Each part's *own* smallest was taken away. The width is the training part's, and the smallest is too."
)
def shifts_each_by_its_own(train, *others):
    return tuple(_scaled(part, part.min(axis=0), np.ptp(train, axis=0)) for part in (train, *others))


@wrong("Each part was divided by its *own* width. The smallest is the training part's, and the width is too.")
def divides_each_by_its_own(train, *others):
    return tuple(_scaled(part, train.min(axis=0), np.ptp(part, axis=0)) for part in (train, *others))


@wrong("Brackets: `part - low / width` divides low alone. First minus, then divided: (part - low) / width.")
def forgets_the_brackets(train, *others):
    return tuple(part - _scaled(train.min(axis=0), 0, np.ptp(train, axis=0)) for part in (train, *others))


@wrong("You took the mean away. What becomes 0 is the *smallest* entry.")
def takes_the_mean_away(train, *others):
    return tuple(_scaled(part, train.mean(axis=0), np.ptp(train, axis=0)) for part in (train, *others))


@wrong(
    "You divided by the spread. From the smallest to the largest is a way of high - low, and that becomes 1."
)
def divides_by_the_spread(train, *others):
    return tuple(_scaled(part, train.min(axis=0), train.std(axis=0)) for part in (train, *others))


@wrong(
    "One constant column, and no column was divided. Decide for each by itself: `np.where(width == 0, 1, width)`."
)
def one_constant_stops_all(train, *others):
    width = np.ptp(train, axis=0)
    return tuple((part - train.min(axis=0)) / (width if width.all() else 1) for part in (train, *others))


@wrong("The others came back in a list of their own. All parts stand side by side in one tuple.")
def others_in_a_list(train, *others):
    first, *rest = minmax(train, *others)
    return first, rest
