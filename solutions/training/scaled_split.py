"""Repair a split whose scaler has seen the test rows."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 8, 3, 2
STARTER = "fits_on_all_rows"
HINTS = (
    "Follow one test row through the code. Which numbers does it have a part in, and where do those numbers go?",
    "Mean and spread may come from the rows `train` alone. `X[train]` is that part of the table.",
    "part = X[train]; scaled = (X - part.mean(axis=0)) / part.std(axis=0)",
)


def scaled_split(X, train, test):
    part = X[train]  # all that the scaler may see
    scaled = (X - part.mean(axis=0)) / part.std(axis=0)
    return scaled[train], scaled[test]


def trials(rng):
    yield "three rows you can do by hand", np.array([[1.0], [3.0], [100.0]]), np.array([0, 1]), np.array([2])
    yield "test rows come first", rng.normal(size=(6, 3)) + 5, np.array([3, 5, 4]), np.array([1, 0, 2])
    X = rng.normal(size=(8, 2)) * np.array([1.0, 50.0])
    yield (
        "rows in neither part",
        np.concatenate([X, [[30.0, 900.0]]]),
        np.array([0, 2, 4, 6]),
        np.array([1, 3]),
    )
    yield "a single test row", rng.normal(size=(5, 4)), np.array([4, 1, 0, 2]), np.array([3])
    yield "whole numbers", rng.integers(0, 100, size=(10, 4)), np.arange(6), np.arange(6, 10)
    yield "as many test rows as columns", rng.normal(size=(9, 3)), np.arange(3, 9), np.arange(3)


@wrong(
    "Change a test row in the first trial from 100 to 1000, and look at the training part. Does it move? What does that say "
    "about which rows the mean has seen?"
)
def fits_on_all_rows(X, train, test):
    scaled = (X - X.mean(axis=0)) / X.std(axis=0)
    return scaled[train], scaled[test]


@wrong(
    "Each part has its own mean and spread now. Nothing leaks, but the two parts are measured in different units, and a single "
    "test row becomes nan. The test part takes the training part's numbers."
)
def each_part_by_itself(X, train, test):
    return tuple((X[rows] - X[rows].mean(axis=0)) / X[rows].std(axis=0) for rows in (train, test))


@wrong("Mean and spread come from the *test* rows. From the training rows, for both.")
def fits_on_the_test_rows(X, train, test):
    scaled = (X - X[test].mean(axis=0)) / np.maximum(X[test].std(axis=0), 1e-300)
    return scaled[train], scaled[test]


@wrong("Rows in neither part are left out, but the test rows still count. The scaler may see `train` alone.")
def fits_on_both_parts(X, train, test):
    part = X[np.concatenate([train, test])]
    scaled = (X - part.mean(axis=0)) / part.std(axis=0)
    return scaled[train], scaled[test]


@wrong("The mean is honest now; the spread still comes from all rows.")
def leaks_by_the_spread(X, train, test):
    scaled = (X - X[train].mean(axis=0)) / X.std(axis=0)
    return scaled[train], scaled[test]


@wrong("The spread is honest now; the mean still comes from all rows.")
def leaks_by_the_mean(X, train, test):
    scaled = (X - X.mean(axis=0)) / X[train].std(axis=0)
    return scaled[train], scaled[test]


@wrong("Honest, and the wrong way round: the training part comes first.")
def test_comes_first(X, train, test):
    return scaled_split(X, train, test)[::-1]


@wrong(
    "The training part is right; the test part is still raw. It needs the same numbers taken away and divided by."
)
def leaves_the_test_part_raw(X, train, test):
    return scaled_split(X, train, test)[0], X[test]


@wrong("One mean and one spread for the whole part. Each column has its own: axis 0.")
def one_mean_for_all_columns(X, train, test):
    scaled = (X - X[train].mean()) / X[train].std()
    return scaled[train], scaled[test]


@wrong(
    "You took the first rows for the training part. Which rows those are is said by `train`: row numbers, in any order."
)
def takes_the_first_rows(X, train, test):
    part = X[: len(train)]
    scaled = (X - part.mean(axis=0)) / np.maximum(part.std(axis=0), 1e-300)
    return scaled[train], scaled[test]


@wrong(
    "All rows but the test rows: close, but rows that are in neither part have a say. They may be your next test. `train` alone."
)
def fits_on_all_but_the_test_rows(X, train, test):
    keep = np.ones(len(X), dtype=bool)
    keep[test] = False
    scaled = (X - X[keep].mean(axis=0)) / X[keep].std(axis=0)
    return scaled[train], scaled[test]


@wrong("Honest, and divided by the *variance*. As in the code that you were given: by `std`.")
def divides_by_the_variance(X, train, test):
    scaled = (X - X[train].mean(axis=0)) / X[train].var(axis=0)
    return scaled[train], scaled[test]


@wrong("Honest means, but each part was divided by its *own* spread. The spread is the training part's too.")
def each_by_its_own_spread(X, train, test):
    mean = X[train].mean(axis=0)
    return tuple((X[rows] - mean) / X[rows].std(axis=0) for rows in (train, test))


@wrong("The test part was scaled twice. It is a part of the scaled table already: scaled[test].")
def scales_the_test_part_twice(X, train, test):
    first, second = scaled_split(X, train, test)
    return first, (second - X[train].mean(axis=0)) / X[train].std(axis=0)


@wrong("Honest, but your spread divides by N - 1. As in the code that you were given: `std` without ddof.")
def divides_by_one_less(X, train, test):
    scaled = (X - X[train].mean(axis=0)) / X[train].std(axis=0, ddof=1)
    return scaled[train], scaled[test]


@wrong("That is the whole table, honestly scaled. Wanted are its two parts: scaled[train], scaled[test].")
def returns_the_whole_table(X, train, test):
    return (X - X[train].mean(axis=0)) / X[train].std(axis=0)


@wrong(
    "Honest, but this is min-max scaling. As in the code that you were given: minus the mean, divided by the spread."
)
def is_minmax(X, train, test):
    part = X[train]
    scaled = (X - part.min(axis=0)) / np.ptp(part, axis=0)
    return scaled[train], scaled[test]
