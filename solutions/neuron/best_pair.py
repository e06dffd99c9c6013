"""Decide which two features tell two classes apart best."""

from itertools import combinations

import numpy as np

from course import data
from course.exercises import wrong

MINUTES, LEVEL, POINTS = 15, 4, 3
HINTS = (
    "Split it: first a score for one fixed pair, say columns 2 and 3; the lesson's own cells do that. "
    "Then a loop over the pairs that remembers the best.",
    "`X[:, [i, j]]` cuts two columns out of the table, `labels == 1` picks the rows of one class, and "
    "`.mean(axis=0)` averages over rows. Which pairs (i, j) with i < j are there?",
    "for i in range(D): for j in range(i + 1, D): build w and b from the two means of this pair, take "
    "`np.mean((scores > 0) == labels)`, and keep (i, j) if it beats the best so far.",
)


def best_pair(X, labels):
    best, best_share = None, -1.0
    for i in range(X.shape[1]):
        for j in range(i + 1, X.shape[1]):
            two = X[:, [i, j]]  # (N, 2)
            mean0 = two[labels == 0].mean(axis=0)  # (2,)
            mean1 = two[labels == 1].mean(axis=0)
            w = mean1 - mean0
            b = -w @ (mean0 + mean1) / 2
            share = np.mean((two @ w + b > 0) == labels)
            if share > best_share:
                best, best_share = (i, j), share
    return best


def observe(answer, X, labels):
    """Return what the chosen pair is worth, not the pair: tied pairs are equally good answers."""
    pair = answer(X, labels)
    if pair is None:
        return None
    if getattr(pair, "ndim", 1) == 0 or not hasattr(pair, "__len__"):
        return {"returned": "one value", "rows judged right": 0.0}
    if len(pair) != 2:
        return {"returned": f"{len(pair)} values", "rows judged right": 0.0}
    if any(np.ndim(k) for k in pair):
        return {"returned": "two things that are not both column numbers", "rows judged right": 0.0}
    columns = [k for k in range(X.shape[1]) if k in pair]
    if len(columns) != 2:
        what = "one column twice" if len(columns) == 1 else "no columns of X"
        return {"returned": what, "rows judged right": 0.0}
    two = X[:, columns]
    mean0, mean1 = two[labels == 0].mean(axis=0), two[labels == 1].mean(axis=0)
    scores = (two - (mean0 + mean1) / 2) @ (mean1 - mean0)
    return {"returned": "two columns", "rows judged right": np.mean((scores > 0) == labels)}


def trials(rng):
    flowers = data.iris()
    X, labels = flowers.X[50:], flowers.y[50:] - 1
    yield "six rows, three columns", *_small()
    yield "iris: versicolor and virginica", X, labels
    yield "the same flowers, columns in another order", X[:, [3, 0, 2, 1]], labels
    yield "a hundred flowers drawn from them again, columns shuffled", *_with_a_clear_winner(rng, _redraw)
    yield "two weak features that are strong together", *_with_a_clear_winner(rng, _strong_together)
    yield "one class five times as large", *_with_a_clear_winner(rng, _unequal_classes)
    yield "one feature measured in millimetres", *_with_a_clear_winner(rng, _millimetres)
    tied, labels = _with_a_clear_winner(rng, _strong_together)
    yield "a tie: one column stands there twice", np.column_stack([tied, tied[:, 0]]), labels


def _small():
    """Six rows you can do by hand. Columns 0 and 2 tell the classes apart only together."""
    X = np.array([[0.0, 3, 3], [3, 4, 6], [0, 3, 2], [2, 3, 0], [4, 2, 3], [6, 2, 1]])
    return X, np.array([0, 0, 0, 1, 1, 1])


def _with_a_clear_winner(rng, draw):
    """Draw until the best pair leads by 3 rows in 100 and no example lies on a line: rounding decides nothing."""
    while True:
        X, labels = draw(rng)
        results = [_result(X, labels, columns) for columns in combinations(range(X.shape[1]), 2)]
        shares = sorted(share for share, _ in results)
        if shares[-1] - shares[-2] >= 0.03 and min(nearest for _, nearest in results) > 1e-7:
            return X, labels


def _redraw(rng):
    flowers = data.iris()
    rows = rng.integers(50, 150, size=100)
    return flowers.X[rows][:, rng.permutation(4)], flowers.y[rows] - 1


def _strong_together(rng):
    """Columns 0 and 3 share their noise, so their difference is clean; 1 and 2 are good alone and say the same."""
    labels = rng.permutation(np.repeat([0, 1], 40))
    noise, alike = rng.normal(size=(2, 80))
    side = labels - 0.5
    weak, also_weak = 1.2 * noise + 0.6 * side, 1.2 * noise - 0.6 * side
    good, same = alike + 2.0 * side, alike + 2.0 * side + 0.01 * rng.normal(size=80)
    return np.column_stack([weak, good, same, also_weak]) + 5.0, labels


def _unequal_classes(rng):
    """Class 1 is rare, so the mean of all rows is far from the middle between the two class means.

    In columns 0 and 3 class 0 is two groups on either side of its mean. Each column alone puts one group on the far
    side; together they cancel, but for an amount that a line through the mean of all rows still cuts off. Columns 1
    and 2 are tight, tiny, and wrong on ten rows under either line.
    """
    labels = np.repeat([0, 1], [100, 20])
    group = np.concatenate([np.repeat([-1.0, 1.0], 50), np.zeros(20)])
    tight = labels + (np.arange(120) % 10 == 0) * (1 - labels)
    X = np.column_stack([labels + group, 0.1 * tight, 0.1 * tight, labels - 0.6 * group])
    X = X + np.array([0.02, 0.002, 0.002, 0.02]) * rng.normal(size=(120, 4)) + 3.0
    rows = rng.permutation(120)
    return X[rows], labels[rows]


def _millimetres(rng):
    """Column 1 drowns every partner; on one scale with column 3 its noise would cancel. The best pair is (2, 4)."""
    labels = rng.permutation(np.repeat([0, 1], 45))
    side = labels - 0.5
    X = rng.normal(size=(90, 5))
    X[:, 3] = -X[:, 1]
    X = X + np.outer(side, [0.4, 1.6, 2.8, 1.6, 2.8])
    return X * np.array([1.0, 10.0, 1.0, 1.0, 1.0]) + 20.0, labels


def _result(X, labels, columns):
    """Return the share of rows judged right with these columns, and the smallest size of a score."""
    w, b = _midway(X[:, list(columns)], labels)
    scores = X[:, list(columns)] @ w + b
    return np.mean((scores > 0) == labels), np.abs(scores).min()


def _midway(X, labels):
    mean0, mean1 = X[labels == 0].mean(axis=0), X[labels == 1].mean(axis=0)
    return mean1 - mean0, -(mean1 - mean0) @ (mean0 + mean1) / 2


def _winner(X, labels, goodness):
    """Return the pair with the largest ``goodness(two columns, labels)``."""
    return max(combinations(range(X.shape[1]), 2), key=lambda pair: goodness(X[:, list(pair)], labels))


@wrong(
    "You took the two features that are best alone. Two good features may say the same thing, and two weak ones may "
    "complete each other: score the pairs, not the features."
)
def two_best_alone(X, labels):
    alone = [_result(X, labels, [k])[0] for k in range(X.shape[1])]
    return tuple(np.argsort(alone)[-2:])


@wrong("You returned the pair that does worst. Did you compare with < or count the wrong ones?")
def worst_pair(X, labels):
    return _winner(X, labels, lambda two, labels: -_result(two, labels, [0, 1])[0])


@wrong("You tried neighbouring columns only. Columns 0 and 2 make a pair too: j runs from i + 1 to the end.")
def neighbours_only(X, labels):
    pairs = [(i, i + 1) for i in range(X.shape[1] - 1)]
    return max(pairs, key=lambda pair: _result(X, labels, pair)[0])


@wrong("The last column is never tried. `range(D - 1)` ends at D - 2.")
def leaves_out_the_last_column(X, labels):
    return best_pair(X[:, :-1], labels)


@wrong(
    "You tried the columns 0 to 3 only. Irises have four features, other tables have more: D is X.shape[1]."
)
def first_four_columns_only(X, labels):
    return best_pair(X[:, :4], labels)


@wrong("You returned one column twice. A pair has two different columns: let j start at i + 1.")
def pairs_a_column_with_itself(X, labels):
    columns = range(X.shape[1])
    return max(((i, j) for i in columns for j in columns), key=lambda pair: _result(X, labels, pair)[0])


@wrong(
    "You brought the columns to one scale first. That is often wise, but it is another rule: "
    "here the means are taken from X as it is."
)
def standardises_first(X, labels):
    return best_pair((X - X.mean(axis=0)) / X.std(axis=0), labels)


@wrong(
    "You chose the pair whose two means are farthest apart. That distance grows with the unit: the same petals in "
    "millimetres win every time. Count how many rows are judged right instead."
)
def widest_gap(X, labels):
    return _winner(X, labels, lambda two, labels: np.linalg.norm(_midway(two, labels)[0]))


@wrong(
    "The bias is missing, so every line runs through the origin. It should put the middle between the two means "
    "exactly on the line."
)
def forgets_bias(X, labels):
    return _winner(X, labels, lambda two, labels: np.mean((two @ _midway(two, labels)[0] > 0) == labels))


@wrong(
    "You put the line through the mean of all rows. With a large and a small class that point lies inside the large "
    "one; the rule wants the middle between the two class means."
)
def middle_of_all_rows(X, labels):
    def share(two, labels):
        return np.mean(((two - two.mean(axis=0)) @ _midway(two, labels)[0] > 0) == labels)

    return _winner(X, labels, share)


@wrong(
    "You returned the share of rows that are judged right. The pair of columns (i, j) that reaches it is asked for."
)
def returns_the_share(X, labels):
    return _result(X, labels, best_pair(X, labels))[0]


@wrong("You return the pair and its share. Two column numbers are wanted, and nothing else.")
def returns_the_share_too(X, labels):
    pair = best_pair(X, labels)
    return pair, _result(X, labels, pair)[0]


@wrong(
    "You return the petals, columns 2 and 3, whatever the table. Other tables have other columns: the loop has to find "
    "them."
)
def petals_whatever_the_table(X, labels):
    return 2, min(3, X.shape[1] - 1) if X.shape[1] > 3 else 1


@wrong(
    "`X[:, i:j]` cuts a *slice*: all columns from i up to, not including, j. Two single columns are `X[:, [i, j]]`."
)
def slices_from_i_to_j(X, labels):
    pairs = combinations(range(X.shape[1]), 2)
    return max(pairs, key=lambda pair: _result(X, labels, range(*pair))[0])
