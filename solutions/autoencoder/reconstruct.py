"""Repair a reconstruction that finds every single picture perfect."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 10, 3, 2
STARTER = "own_mean"
HINTS = (
    "Give it one new picture. What is `x_new.mean(axis=0)` of a single row, and what is left when you take that away?",
    "Everything that is learned, the middle as well as the directions, comes from the training data. (Lesson 8: fit on the "
    "training part, apply to the rest.)",
    "code = (x_new - mean) @ basis; return code @ basis.T + mean",
)


def reconstruct(x_train, x_new, k):
    mean = x_train.mean(axis=0)
    _, _, directions = np.linalg.svd(x_train - mean, full_matrices=False)
    basis = directions[:k].T
    code = (x_new - mean) @ basis  # the middle was learned too
    return code @ basis.T + mean


def trials(rng):
    line = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]])
    yield "a line, and one point beside it", line, np.array([[2.0, 0.0]]), 1
    x = _cloud(rng, 20, 4)
    yield "the training data themselves", x, x.copy(), 2
    yield "one new row", _cloud(rng, 20, 4), rng.normal(size=(1, 4)), 2
    yield "new rows from somewhere else", _cloud(rng, 20, 4), 3 + rng.normal(size=(6, 4)), 2
    yield "a new row far away", _cloud(rng, 20, 4), np.full((1, 4), 50.0), 2
    yield "as many of everything", _cloud(rng, 3, 3), rng.normal(size=(3, 3)), 1
    yield "all directions kept", _cloud(rng, 12, 3), rng.normal(size=(5, 3)), 3
    yield "whole numbers", np.array([[0, 0], [4, 2], [8, 4], [2, 1]]), np.array([[3, 5], [1, 1]]), 1


def _cloud(rng, n, d):
    return rng.normal(size=(n, d)) * 2.0 ** -np.arange(d) * 4 + rng.normal(size=d)


def _basis(x, k):
    return np.linalg.svd(x - x.mean(axis=0), full_matrices=False)[2][:k].T


@wrong(
    "A single new picture always comes back perfect, however strange it is. What did it have to do with the training data on "
    "its way, and what only with itself?"
)
def own_mean(x_train, x_new, k):
    basis = _basis(x_train, k)
    mean = x_new.mean(axis=0)
    return (x_new - mean) @ basis @ basis.T + mean


@wrong("The middle was taken away and never put back: add the training mean at the end.")
def never_puts_it_back(x_train, x_new, k):
    basis = _basis(x_train, k)
    return (x_new - x_train.mean(axis=0)) @ basis @ basis.T


@wrong("The middle is not taken away before the projection, only added after it.")
def never_takes_it_away(x_train, x_new, k):
    basis = _basis(x_train, k)
    return x_new @ basis @ basis.T + x_train.mean(axis=0)


@wrong(
    "No middle at all: the directions were measured from the middle of the training data, so codes must be too."
)
def no_middle(x_train, x_new, k):
    basis = _basis(x_train, k)
    return x_new @ basis @ basis.T


@wrong(
    "The new data's mean goes out and the training mean comes in: that moves all pictures. It is the training mean both times."
)
def one_mean_out_another_in(x_train, x_new, k):
    basis = _basis(x_train, k)
    return (x_new - x_new.mean(axis=0)) @ basis @ basis.T + x_train.mean(axis=0)


@wrong("The directions were learned from the *new* data. They are part of what was learned in training.")
def directions_of_the_new(x_train, x_new, k):
    mean = x_train.mean(axis=0)
    basis = np.linalg.svd(x_new - mean, full_matrices=False)[2][:k].T
    return (x_new - mean) @ basis @ basis.T + mean


@wrong(
    "Training and new data were put together to learn from. Then the strange picture has taught the judge."
)
def learns_from_both(x_train, x_new, k):
    both = np.concatenate([x_train, x_new])
    mean, basis = both.mean(axis=0), _basis(both, k)
    return (x_new - mean) @ basis @ basis.T + mean


@wrong("Those are the codes, (N, k). The way back to pictures is missing: code @ basis.T + mean.")
def returns_the_codes(x_train, x_new, k):
    return (x_new - x_train.mean(axis=0)) @ _basis(x_train, k)


@wrong("Nothing is squeezed: all directions were kept. Take k.")
def keeps_all_directions(x_train, x_new, k):
    mean = x_train.mean(axis=0)
    basis = _basis(x_train, None)
    return (x_new - mean) @ basis @ basis.T + mean


@wrong("One mean was taken over all numbers. The middle has a number for each pixel: axis=0.")
def one_mean_for_all_pixels(x_train, x_new, k):
    mean = x_train.mean()
    basis = np.linalg.svd(x_train - mean, full_matrices=False)[2][:k].T
    return (x_new - mean) @ basis @ basis.T + mean


@wrong("The training mean goes out and the new data's mean comes in. It is the training mean both times.")
def training_mean_out_own_mean_in(x_train, x_new, k):
    basis = _basis(x_train, k)
    return (x_new - x_train.mean(axis=0)) @ basis @ basis.T + x_new.mean(axis=0)
