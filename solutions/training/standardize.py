"""Standardise columns by the training part's mean and spread."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 10, 3, 3
HINTS = (
    "Which numbers do you need of each column, and from which part alone may they come? Work them out first, once.",
    "mean and spread of `train` along axis 0, both (D,). A column is constant if its largest entry minus its smallest is 0, "
    "`np.ptp(train, axis=0) == 0`; its spread may be a rounding error beside 0. Put a 1 there. Then the same formula for every part.",
    "spread = np.where(np.ptp(train, axis=0) == 0, 1, train.std(axis=0)); return tuple((part - train.mean(axis=0)) / spread for "
    "part in (train, *others))",
)


def standardize(train, *others):
    mean, spread = train.mean(axis=0), train.std(axis=0)  # (D,), of the training part alone
    spread = np.where(
        np.ptp(train, axis=0) == 0, 1, spread
    )  # a constant column: the spread itself may be 1e-17
    return tuple((part - mean) / spread for part in (train, *others))


def observe(answer, train, others):
    return answer(train, *others)


def trials(rng):
    yield "two rows you can do by hand", np.array([[1.0, 10.0], [3.0, 30.0]]), []
    yield (
        "a part beside it",
        np.array([[0.0, 2.0], [4.0, 4.0], [2.0, 6.0]]),
        [np.array([[2.0, 4.0], [6.0, 0.0]])],
    )
    train = rng.normal(size=(6, 3)) * np.array([1.0, 100.0, 0.01]) + np.array([0.0, 500.0, -3.0])
    yield "two parts beside it", train, [train[:4] + 1, 2 * train[:3]]
    yield "as many rows as columns", rng.normal(size=(4, 4)) + 3, [rng.normal(size=(4, 4))]
    yield (
        "a constant column",
        np.array([[5.0, 1.0], [5.0, 2.0], [5.0, 6.0]]),
        [np.array([[5.0, 1.0], [8.0, 0.0]])],
    )
    yield "a single row to judge", rng.normal(size=(5, 2)) + 7, [np.array([[9.0, 5.0]])]
    yield "whole numbers", rng.integers(0, 255, size=(5, 3)), [rng.integers(0, 255, size=(2, 3))]
    yield "small units", 1e-4 * rng.normal(size=(5, 2)), [1e-4 * rng.normal(size=(3, 2))]
    yield "constant columns of 0.1", np.full((7, 3), 0.1), []
    yield (
        "pixels, uint8",
        rng.integers(0, 256, size=(6, 2)).astype(np.uint8),
        [np.array([[0, 255]], dtype=np.uint8)],
    )


def _scaled(part, mean, spread):  # as most would write it, with the fault that the next mistake has alone
    return (part - mean) / np.where(spread == 0, 1, spread)


def _usual(train, *others):
    return tuple(_scaled(part, train.mean(axis=0), train.std(axis=0)) for part in (train, *others))


@wrong(
    "A column of 0.1 in every row is constant, and its spread is 1e-17: added up and divided by their number, they are not quite 0.1. You "
    "divide one rounding error by another. Ask for what has none: largest minus smallest, `np.ptp(train, axis=0) == 0`."
)
def asks_the_spread(train, *others):
    return _usual(train, *others)


@wrong(
    "Each part was standardised by itself. The same flower would then get other numbers in another part, and a single row only "
    "zeros: use the training part's mean and spread for all."
)
def each_by_itself(train, *others):
    return tuple(_scaled(part, part.mean(axis=0), part.std(axis=0)) for part in (train, *others))


@wrong(
    "Mean and spread come from all parts together, so what you will be judged on has already had its say. From `train` alone."
)
def fits_all_together(train, *others):
    whole = np.concatenate([train, *others])
    return tuple(_scaled(part, whole.mean(axis=0), whole.std(axis=0)) for part in (train, *others))


@wrong("One mean for the whole table: each *column* has its own unit. Work along axis 0.")
def whole_table(train, *others):
    return tuple(_scaled(part, train.mean(), train.std()) for part in (train, *others))


@wrong(
    "You standardised each *row*: millimetres and grams mixed into one mean. Along axis 0 there is one number a column."
)
def along_rows(train, *others):
    parts = (train, *others)
    return tuple(
        _scaled(part, part.mean(axis=1, keepdims=True), part.std(axis=1, keepdims=True)) for part in parts
    )


@wrong(
    "You divided by the variance. Its unit is squared; what has the column's unit is its root, the spread."
)
def divides_by_the_variance(train, *others):
    return tuple(_scaled(part, train.mean(axis=0), train.var(axis=0)) for part in (train, *others))


@wrong(
    "Your spread divides by N - 1. Both are in use; here it divides by N, as `std` does unless told otherwise."
)
def divides_by_one_less(train, *others):
    return tuple(_scaled(part, train.mean(axis=0), train.std(axis=0, ddof=1)) for part in (train, *others))


@wrong("0 / 0 is nan: a column that is the same everywhere has spread 0. Divide such a column by 1.")
def trips_over_constants(train, *others):
    return tuple((part - train.mean(axis=0)) / train.std(axis=0) for part in (train, *others))


@wrong(
    "A small number added to the spread keeps nan away, and blows up whatever differs in a column that was constant; columns "
    "in tiny units shrink. Divide by 1 exactly where the spread is 0."
)
def adds_a_little(train, *others):
    return tuple((part - train.mean(axis=0)) / (train.std(axis=0) + 1e-8) for part in (train, *others))


@wrong(
    "A column that is constant in training was set to 0 everywhere. It is divided by 1: other parts may differ there."
)
def constants_become_nought(train, *others):
    spread = train.std(axis=0)
    return tuple(_scaled(part, train.mean(axis=0), spread) * (spread > 0) for part in (train, *others))


@wrong("The mean was taken away, and the columns still have their sizes. Divide by the spread.")
def only_centres(train, *others):
    return tuple(part - train.mean(axis=0) for part in (train, *others))


@wrong("You divided by the spread without taking the mean away first.")
def only_divides(train, *others):
    return tuple(_scaled(part, 0, train.std(axis=0)) for part in (train, *others))


@wrong(
    "Only the training part came back. The others want the same treatment, in the order in which they came."
)
def forgets_the_others(train, *others):
    return _usual(train)


@wrong(
    "Only `train` was standardised; the others came back raw, and would be judged in another unit than the one that was learned."
)
def leaves_the_others_raw(train, *others):
    return (_usual(train)[0], *others)


@wrong("The training part comes first, then the others in their order.")
def train_last(train, *others):
    first, *rest = _usual(train, *others)
    return (*rest, first)


@wrong(
    "Without other parts you return a bare array. It is a tuple always: `(scaled,)` with a comma, else callers must ask."
)
def bare_when_alone(train, *others):
    parts = standardize(train, *others)
    return parts if others else parts[0]


@wrong("That is min-max scaling: into 0 to 1. Here: minus the mean, divided by the spread.")
def is_minmax(train, *others):
    low, high = train.min(axis=0), train.max(axis=0)
    return tuple(_scaled(part, low, high - low) for part in (train, *others))


@wrong(
    "Your result has the type of the input: whole numbers cut off what comes after the point. Make it floats."
)
def keeps_whole_numbers(train, *others):
    return tuple(
        scaled.astype(part.dtype)
        for scaled, part in zip(_usual(train, *others), (train, *others), strict=True)
    )


@wrong(
    "The spread was kept above a small number. A column that was constant then blows up whatever differs in it, and columns in "
    "tiny units shrink. Put 1 exactly where the spread is 0."
)
def floors_the_spread(train, *others):
    spread = np.maximum(train.std(axis=0), 1e-8)
    return tuple((part - train.mean(axis=0)) / spread for part in (train, *others))


@wrong("Small spreads were raised to 1, not only those of 0: columns in tiny units stay tiny.")
def at_least_one(train, *others):
    return tuple((part - train.mean(axis=0)) / np.maximum(train.std(axis=0), 1) for part in (train, *others))


@wrong(
    "nan was turned into 0 afterwards. That hides it in `train`; another part may differ in that column, and then there is "
    "infinity. Divide by 1 there."
)
def hides_nan(train, *others):
    return tuple(np.nan_to_num((part - train.mean(axis=0)) / train.std(axis=0)) for part in (train, *others))


@wrong("Each part had its *own* mean taken away. The spread is the training part's, and the mean is too.")
def centres_each_by_itself(train, *others):
    return tuple(_scaled(part, part.mean(axis=0), train.std(axis=0)) for part in (train, *others))


@wrong("The others came back in a list of their own. All parts stand side by side in one tuple.")
def others_in_a_list(train, *others):
    first, *rest = standardize(train, *others)
    return first, rest


@wrong(
    "The formula is right for `train`. It is wanted for every part, in a tuple, and a constant column still gives 0 / 0: "
    "loop over `(train, *others)`."
)
def formula_for_train_alone(train, *others):
    return (train - train.mean(axis=0)) / train.std(axis=0)


@wrong("The others are there, `train` itself is missing. It comes first: `(train, *others)`.")
def leaves_out_train(train, *others):
    return _usual(train, *others)[1:]


@wrong("Each part was divided by its *own* spread. The mean is the training part's, and the spread is too.")
def divides_each_by_its_own(train, *others):
    return tuple(_scaled(part, train.mean(axis=0), part.std(axis=0)) for part in (train, *others))


@wrong(
    "Brackets: `part - mean / spread` divides the mean alone. First minus, then divided: (part - mean) / spread."
)
def forgets_the_brackets(train, *others):
    return tuple(part - _scaled(train.mean(axis=0), 0, train.std(axis=0)) for part in (train, *others))


@wrong(
    "A column that is constant in training stayed as it is. Its mean is taken away too; only the division is by 1."
)
def leaves_constants_alone(train, *others):
    spread = train.std(axis=0)
    return tuple(
        _scaled(part, np.where(spread == 0, 0, train.mean(axis=0)), spread) for part in (train, *others)
    )


@wrong(
    "All parts came back in one array, one below the other, and nobody can tell where one ends. A tuple has a place for each."
)
def puts_all_in_one(train, *others):
    return np.concatenate(_usual(train, *others))
