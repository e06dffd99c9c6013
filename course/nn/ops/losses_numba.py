"""Kernels of the losses: forward and backward in one pass, for some rows of a batch. Weighted losses are NumPy's."""

import math

import numpy as np

from course.nn.ops.functions_numba import exp, log1p
from course.nn.ops.jit import compiled
from course.nn.ops.pool_numba import call


def sparse_softmax_cross_entropy(scores, labels, weights=None):
    """See ``losses.sparse_softmax_cross_entropy``."""
    if weights is not None or scores.ndim != 2:
        return NotImplemented
    slopes, total = _priced("sparse", scores, np.ascontiguousarray(labels, np.int64))
    return total / len(scores), slopes


def softmax_cross_entropy(scores, targets, weights=None):
    """See ``losses.softmax_cross_entropy``."""
    if weights is not None or scores.ndim != 2 or scores.shape != targets.shape:
        return NotImplemented
    slopes, total = _priced("shares", scores, targets)
    return total / len(scores), slopes


def sigmoid_cross_entropy(scores, targets, weights=None):
    """See ``losses.sigmoid_cross_entropy``."""
    if weights is not None or scores.shape != targets.shape:
        return NotImplemented
    slopes, total = _priced("yes_or_no", scores, targets)
    return total / scores.size, slopes


def squared_error(predicted, targets, weights=None):
    """See ``losses.squared_error``."""
    if weights is not None or predicted.shape != targets.shape:
        return NotImplemented
    slopes, total = _priced("squared", predicted, targets)
    return total / predicted.size, slopes


def _priced(task, said, targets):
    slopes, total, n = np.empty_like(said), np.zeros(1), len(said)
    call(task, n, slopes, said, targets, total, n, said.size // max(n, 1))
    return slopes, total[0]


@compiled()
def sparse(slopes, scores, labels, first, last):
    """Return the sum of the prices of rows ``first`` to ``last``; fill in their slopes."""
    n, classes = scores.shape
    total = 0.0
    for i in range(first, last):
        top = scores[i, 0]
        for j in range(1, classes):
            top = max(top, scores[i, j])
        mass = np.float32(0)
        for j in range(classes):
            share = math.exp(scores[i, j] - top)
            slopes[i, j] = share
            mass += share
        total += math.log(mass) + top - scores[i, labels[i]]
        scale = np.float32(1) / (mass * np.float32(n))
        for j in range(classes):
            slopes[i, j] *= scale
        slopes[i, labels[i]] -= np.float32(1) / np.float32(n)
    return total


@compiled()
def shares(slopes, scores, targets, first, last):
    """Do the same for rows of target probabilities."""
    n, classes = scores.shape
    total = 0.0
    one = np.float32(1) / np.float32(n)
    for i in range(first, last):
        top = scores[i, 0]
        for j in range(1, classes):
            top = max(top, scores[i, j])
        mass, wanted, said = np.float32(0), np.float32(0), np.float32(0)
        for j in range(classes):
            share = math.exp(scores[i, j] - top)
            slopes[i, j] = share
            mass += share
            wanted += targets[i, j]
            said += targets[i, j] * scores[i, j]
        total += wanted * (math.log(mass) + top) - said
        scale = wanted / (mass * np.float32(n))
        for j in range(classes):
            slopes[i, j] = slopes[i, j] * scale - targets[i, j] * one
    return total


@compiled()
def yes_or_no(slopes, scores, targets, first, last):
    """Do the same for answers that are each yes or no."""
    total = 0.0
    one, scale = np.float32(1), np.float32(1) / np.float32(scores.size)
    for i in range(first, last):
        row = np.float32(0)
        score, target, slope = scores[i], targets[i], slopes[i]
        for j in range(score.size):
            s, t = score[j], target[j]
            small = exp(-abs(s))
            row += max(s, np.float32(0)) - s * t + log1p(small)
            share = one / (one + small)
            slope[j] = ((share if s > 0 else one - share) - t) * scale
        total += row
    return total


@compiled()
def squared(slopes, said, targets, first, last):
    """Do the same for squared errors."""
    total = 0.0
    scale = np.float32(2) / np.float32(said.size)
    for i in range(first, last):
        row = np.float32(0)
        value, target, slope = said[i], targets[i], slopes[i]
        for j in range(value.size):
            error = value[j] - target[j]
            row += error * error
            slope[j] = scale * error
        total += row
    return total
