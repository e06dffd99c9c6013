"""Find the k directions in which the data vary most."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 12, 3, 3
ATOL = 1e-6
HINTS = (
    "Directions are measured from the middle of the data. Where is that middle, as one row of D numbers?",
    "Centre: `x - x.mean(axis=0)`. `np.linalg.svd(centred, full_matrices=False)` gives three arrays; the *rows* of the third are "
    "the directions, most variation first.",
    "_, _, directions = np.linalg.svd(x - x.mean(axis=0), full_matrices=False); return directions[:k].T",
)


def pca_subspace(x, k):
    _, _, directions = np.linalg.svd(x - x.mean(axis=0), full_matrices=False)
    return directions[:k].T  # (D, k)


def observe(answer, x, k):
    found = answer(x, k)
    if isinstance(found, list):
        found = np.array(found)
    if not isinstance(found, np.ndarray) or found.ndim != 2:
        return found
    return {"shape": list(found.shape), "B.T @ B": found.T @ found, "B @ B.T": found @ found.T}


def trials(rng):
    yield "points on a line", np.array([[0.0, 0.0], [3.0, 4.0], [6.0, 8.0]]), 1
    yield "whole numbers, and the line does not pass 0", np.array([[1, 9], [2, 9], [4, 9], [5, 9]]), 1
    yield "five features, two directions", _cloud(rng, 30, [5, 3, 1, 0.5, 0.2]), 2
    yield "far from 0", _cloud(rng, 30, [5, 3, 1, 0.5]) + np.array([50.0, -20.0, 10.0, 80.0]), 2
    yield "as many directions as features", _cloud(rng, 12, [4, 2, 1]), 3
    yield "more features than rows", _cloud(rng, 6, [6, 4, 2, 1, 0, 0, 0, 0, 0]), 2
    yield "as many rows as features", _cloud(rng, 5, [5, 3, 2, 1, 0]), 3
    yield "one feature in other units", _cloud(rng, 40, [3, 2, 1]) * np.array([1.0, 100.0, 1.0]), 1
    yield "a feature that never changes", np.column_stack([_cloud(rng, 20, [4, 2, 1]), np.full(20, 7.0)]), 2
    yield "tiny", 1e-4 * _cloud(rng, 25, [5, 3, 1]), 2


def _cloud(rng, n, sizes):
    """Return n centred rows whose k-th direction has the k-th size."""
    d = len(sizes)
    scores = rng.normal(size=(n, min(d, n - 1)))
    scores = np.linalg.qr(scores - scores.mean(axis=0))[0] * np.sqrt(n)
    return (
        scores
        * np.array(sizes[: scores.shape[1]])
        @ np.linalg.qr(rng.normal(size=(d, d)))[0][: scores.shape[1]]
    )


def _directions(x):
    return np.linalg.svd(x, full_matrices=False)[2]


@wrong(
    "The data were not centred. The first direction then mostly points from 0 to where the data are, which is not how they vary."
)
def not_centred(x, k):
    return _directions(x)[:k].T


@wrong("Each *row* was centred by its own mean. The middle of the data has a mean for each feature: axis=0.")
def centres_rows(x, k):
    return _directions(x - x.mean(axis=1, keepdims=True))[:k].T


@wrong(
    "`directions[:, :k]` takes columns. The shape fits, but the directions are the *rows* of that array: `directions[:k].T`."
)
def columns_of_the_third(x, k):
    centred = x - x.mean(axis=0)
    return np.linalg.svd(centred, full_matrices=True)[2][:, :k]


@wrong("Each direction stands in a row. Wanted are columns: (D, k), so that `x @ basis` works.")
def directions_in_rows(x, k):
    return _directions(x - x.mean(axis=0))[:k]


@wrong("That is the first of the three arrays, one row for each *example*. Directions are in the third.")
def first_of_the_three(x, k):
    return np.linalg.svd(x - x.mean(axis=0), full_matrices=False)[0][:, :k]


@wrong(
    "Those are the directions in which the data vary *least*. `eigh` gives the smallest first: take the last k columns."
)
def least_variation(x, k):
    centred = x - x.mean(axis=0)
    return np.linalg.eigh(centred.T @ centred)[1][:, :k]


@wrong(
    "The columns are not of length 1: they were multiplied by how much the data vary. A basis says *where to*, not how far."
)
def scaled_by_the_variation(x, k):
    centred = x - x.mean(axis=0)
    _, sizes, directions = np.linalg.svd(centred, full_matrices=False)
    return (sizes[:k, None] * directions[:k]).T


@wrong(
    "Each feature was divided by its spread first. That is another question; here the data stay in their units."
)
def standardises(x, k):
    centred = x - x.mean(axis=0)
    return _directions(centred / np.maximum(centred.std(axis=0), 1e-12))[:k].T


@wrong("Those are the codes of the rows, (N, k). Wanted is the basis that makes them, (D, k).")
def returns_the_codes(x, k):
    centred = x - x.mean(axis=0)
    return centred @ _directions(centred)[:k].T


@wrong("The k *features* that vary most. A direction may mix features.")
def picks_features(x, k):
    return np.eye(x.shape[1])[:, np.argsort(-x.var(axis=0), kind="stable")[:k]]


@wrong("One direction too many, or too few: wanted are k.")
def one_too_many(x, k):
    return _directions(x - x.mean(axis=0))[: k + 1].T


@wrong("The best direction was left out: the list begins at 0.")
def skips_the_first(x, k):
    return np.linalg.svd(x - x.mean(axis=0), full_matrices=True)[2][1 : k + 1].T


@wrong("One mean was taken over all numbers. The middle of the data has a number for each feature: axis=0.")
def one_mean_for_all_features(x, k):
    return _directions(x - x.mean())[:k].T


@wrong("Those are the *last* k directions. The list begins with the most variation: take the first k.")
def last_k(x, k):
    return _directions(x - x.mean(axis=0))[-k:].T
