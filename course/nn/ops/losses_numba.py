"""Kernels of the losses: forward and backward in one pass. Weighted losses and dense targets are NumPy's."""

import math

import numpy as np

from course.nn.ops.functions_numba import exp, log1p
from course.nn.ops.jit import compiled


def sparse_softmax_cross_entropy(scores, labels, weights=None):
    """See ``losses.sparse_softmax_cross_entropy``."""
    if weights is not None or scores.ndim != 2:
        return NotImplemented
    slopes = np.empty_like(scores)
    return _sparse(slopes, scores, labels) / len(scores), slopes


def sigmoid_cross_entropy(scores, targets, weights=None):
    """See ``losses.sigmoid_cross_entropy``."""
    if weights is not None or scores.shape != targets.shape:
        return NotImplemented
    slopes = np.empty_like(scores)
    shape = (len(scores), -1)
    return _yes_or_no(
        slopes.reshape(shape), scores.reshape(shape), targets.reshape(shape)
    ) / scores.size, slopes


@compiled()
def _yes_or_no(slopes, scores, targets):
    n, width = scores.shape
    total = 0.0
    one, scale = np.float32(1), np.float32(1) / np.float32(scores.size)
    for i in range(n):
        row = np.float32(0)
        score, target, slope = scores[i], targets[i], slopes[i]
        for j in range(width):
            s, t = score[j], target[j]
            small = exp(-abs(s))
            row += max(s, np.float32(0)) - s * t + log1p(small)
            share = one / (one + small)
            slope[j] = ((share if s > 0 else one - share) - t) * scale
        total += row
    return total


@compiled()
def _sparse(slopes, scores, labels):
    n, classes = scores.shape
    total = 0.0
    for i in range(n):
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
