"""Losses with their gradients. Classification losses start from scores, so that nothing overflows and nothing is lost.

Each takes optional weights, one for each example. The loss is the mean over the batch: sum(weight * price) / N.
"""

import numpy as np


def sparse_softmax_cross_entropy(scores, labels, weights=None):
    """Price the right class of each row.

    Args:
        scores: (N, K), before softmax.
        labels: (N,), integers, the right classes.
        weights: (N,), or None for all 1.

    Returns:
        (loss, dscores): the mean price in nats, and its gradient, (N, K).

    loss = mean over n of log(sum over k of exp(s[n, k])) - s[n, label[n]];  dscores = (softmax - one-hot) / N
    """
    n = len(scores)
    shares, log_total = _softmax(scores)
    prices = log_total - scores[np.arange(n), labels]
    shares[np.arange(n), labels] -= 1
    return _mean(prices, weights), _scaled(shares, weights, n)


def softmax_cross_entropy(scores, targets, weights=None):
    """Price rows of target probabilities, such as one-hot rows; otherwise like ``sparse_softmax_cross_entropy``.

    loss = mean over n of (sum over k of t[n, k]) * log(sum of exp) - sum over k of t[n, k] * s[n, k]
    """
    shares, log_total = _softmax(scores)
    mass = targets.sum(axis=1)
    prices = mass * log_total - (targets * scores).sum(axis=1)
    return _mean(prices, weights), _scaled(shares * mass[:, None] - targets, weights, len(scores))


def sigmoid_cross_entropy(scores, targets, weights=None):
    """Price yes-or-no answers.

    Args:
        scores: (N, ...), before the sigmoid.
        targets: the same shape, between 0 and 1.
        weights: (N,), or None.

    Returns:
        (loss, dscores): the mean price in nats over all answers, and its gradient.

    price = max(s, 0) - s * t + log(1 + exp(-|s|)), which is -t log(p) - (1 - t) log(1 - p) without overflow
    """
    prices = np.maximum(scores, 0) - scores * targets + np.log1p(np.exp(-np.abs(scores)))
    slopes = 0.5 * (1 + np.tanh(0.5 * scores)) - targets
    return _elementwise(prices, slopes, weights)


def squared_error(predicted, targets, weights=None):
    """Return the mean squared error and its gradient; no half. Shapes (N, ...) both."""
    error = predicted - targets
    return _elementwise(error**2, 2 * error, weights)


def absolute_error(predicted, targets, weights=None):
    """Return the mean absolute error and its gradient, 0 where the error is 0. Shapes (N, ...) both."""
    error = predicted - targets
    return _elementwise(np.abs(error), np.sign(error), weights)


def _softmax(scores):
    """Return the shares, (N, K), and the logarithm of each row's total, (N,)."""
    top = scores.max(axis=1, keepdims=True)
    shares = np.exp(scores - top)
    total = shares.sum(axis=1, keepdims=True)
    shares /= total
    return shares, (top + np.log(total))[:, 0]


def _mean(prices, weights) -> float:
    return float(np.mean(prices if weights is None else prices * weights))


def _scaled(slopes, weights, n):
    slopes *= np.asarray(1 / n, slopes.dtype)
    if weights is not None:
        slopes *= np.asarray(weights, slopes.dtype)[:, None]
    return slopes


def _elementwise(prices, slopes, weights):
    """Average over everything; weights stretch over the axes after the first."""
    n = prices.shape[0]
    slopes = slopes * np.asarray(1 / prices.size, slopes.dtype)
    if weights is None:
        return float(np.mean(prices)), slopes
    weights = np.asarray(weights, slopes.dtype).reshape(n, *[1] * (prices.ndim - 1))
    return float(np.mean(prices * weights)), slopes * weights
