"""Losses. Each takes (targets, predictions), in that order, as in Keras, and gives the mean over the batch.

A net that ends in softmax or sigmoid hands its *scores* to the matching loss (see ``from_scores``), so that training never
takes the logarithm of a rounded probability.
"""

import numpy as np

from course.nn import ops

_EPSILON = 1e-7  # Keras's: probabilities are kept this far from 0 and 1


class Loss:
    """What losses share.

    Attributes:
        activation: the last layer's activation whose scores the loss can take directly, or None.
    """

    name = ""
    activation: str | None = None

    def __call__(self, y_true, y_pred) -> float:
        """Return the loss, one number."""
        value, _ = self.with_gradient(_as_batch(y_true, y_pred), np.asarray(y_pred))
        return value

    def with_gradient(self, y_true, y_pred, weights=None):
        """Return the loss and its gradient in ``y_pred``.

        Args:
            y_true: targets, a batch.
            y_pred: predictions, a batch.
            weights: (N,), or None.
        """
        raise NotImplementedError

    def from_scores(self, y_true, scores, weights=None):
        """Return the loss and its gradient in the scores that the last activation would have been given."""
        raise NotImplementedError

    def check(self, y_true, shape) -> None:
        """Compare the shape of targets with that of predictions, both with the batch.

        Raises:
            ValueError: if they don't fit.
        """
        if tuple(y_true.shape) != tuple(shape):
            raise ValueError(
                f"{self.name}: targets have shape {_batch(y_true.shape)}, predictions {_batch(shape)}; they must be the same."
            )

    def get_config(self) -> dict:
        """Return the arguments that a copy is made from."""
        return {}


class MeanSquaredError(Loss):
    """The mean of squared errors over the batch and all outputs; no half."""

    name = "mse"

    def with_gradient(self, y_true, y_pred, weights=None):
        """See ``Loss``."""
        return ops.squared_error(y_pred, y_true, weights)


class MeanAbsoluteError(Loss):
    """The mean of absolute errors over the batch and all outputs."""

    name = "mae"

    def with_gradient(self, y_true, y_pred, weights=None):
        """See ``Loss``."""
        return ops.absolute_error(y_pred, y_true, weights)


class _FromLogits(Loss):
    """A loss that takes probabilities, or scores with ``from_logits``."""

    def __init__(self, from_logits=False):
        self.from_logits = from_logits

    def with_gradient(self, y_true, y_pred, weights=None):
        """See ``Loss``."""
        if self.from_logits:
            return self.from_scores(y_true, y_pred, weights)
        p = np.clip(y_pred, _EPSILON, 1 - _EPSILON)
        value, slope = self._from_probabilities(y_true, p, weights)
        return value, np.where(p == y_pred, slope, 0).astype(y_pred.dtype)

    def _from_probabilities(self, y_true, p, weights):
        raise NotImplementedError

    def get_config(self) -> dict:
        """Return the arguments that a copy is made from."""
        return {"from_logits": self.from_logits}


class BinaryCrossentropy(_FromLogits):
    """Price yes-or-no answers in nats, the mean over the batch and all outputs."""

    name, activation = "binary_crossentropy", "sigmoid"

    def from_scores(self, y_true, scores, weights=None):
        """See ``Loss``."""
        return ops.sigmoid_cross_entropy(scores, y_true, weights)

    def _from_probabilities(self, y_true, p, weights):
        prices = -(y_true * np.log(p) + (1 - y_true) * np.log(1 - p))
        slope = (p - y_true) / (p * (1 - p)) / p.size
        return _weighted(prices.reshape(len(p), -1).mean(axis=1), slope, weights)


class CategoricalCrossentropy(_FromLogits):
    """Price the right class in nats; targets are rows such as one-hot rows, (N, K)."""

    name, activation = "categorical_crossentropy", "softmax"

    def from_scores(self, y_true, scores, weights=None):
        """See ``Loss``."""
        return ops.softmax_cross_entropy(scores, y_true, weights)

    def _from_probabilities(self, y_true, p, weights):
        return _weighted(-(y_true * np.log(p)).sum(axis=1), -y_true / p / len(p), weights)

    def check(self, y_true, shape) -> None:
        """See ``Loss``."""
        if y_true.ndim == 1:
            raise ValueError(
                f"categorical_crossentropy: targets have shape {_batch(y_true.shape)}, class numbers; it wants rows "
                f"{_batch(shape)}. Use loss='sparse_categorical_crossentropy', or utils.to_categorical(y, {shape[-1]})."
            )
        super().check(y_true, shape)


class SparseCategoricalCrossentropy(_FromLogits):
    """Price the right class in nats; targets are class numbers, (N,)."""

    name, activation = "sparse_categorical_crossentropy", "softmax"

    def from_scores(self, y_true, scores, weights=None):
        """See ``Loss``."""
        return ops.sparse_softmax_cross_entropy(scores, y_true, weights)

    def _from_probabilities(self, y_true, p, weights):
        rows = np.arange(len(p))
        slope = np.zeros_like(p)
        slope[rows, y_true] = -1 / p[rows, y_true] / len(p)
        return _weighted(-np.log(p[rows, y_true]), slope, weights)

    def check(self, y_true, shape) -> None:
        """See ``Loss``."""
        if y_true.shape != (shape[0],):
            raise ValueError(
                f"sparse_categorical_crossentropy: targets have shape {_batch(y_true.shape)}; it wants class numbers, (N,). "
                "For one-hot rows use loss='categorical_crossentropy'."
            )
        low, high = (y_true.min(), y_true.max()) if y_true.size else (0, 0)
        if low < 0 or high >= shape[-1]:
            raise ValueError(
                f"sparse_categorical_crossentropy: classes run from {low} to {high}, but the net has {shape[-1]} outputs, for "
                f"0 to {shape[-1] - 1}."
            )


def _weighted(prices, slope, weights):
    if weights is None:
        return float(np.mean(prices)), slope
    return float(np.mean(prices * weights)), slope * np.reshape(weights, (-1, *[1] * (slope.ndim - 1)))


def _as_batch(y_true, y_pred):
    y_true = np.asarray(y_true)
    return y_true if y_true.dtype.kind in "iu" else y_true.astype(np.asarray(y_pred).dtype)


def _batch(shape) -> str:
    """Show a batch's shape with N for its length."""
    return f"({', '.join(['N', *map(str, shape[1:])])}{',' if len(shape) == 1 else ''})"


def as_targets(loss: Loss, y, dtype):
    """Return targets as the loss wants them: class numbers as integers (N,), all else as ``dtype``.

    Raises:
        ValueError: for class numbers that are no whole numbers.
    """
    y = np.asarray(y)
    if not isinstance(loss, SparseCategoricalCrossentropy):
        return np.ascontiguousarray(y, dtype)
    y = y[:, 0] if y.ndim == 2 and y.shape[1] == 1 else y
    whole = y.astype(np.int64)
    if y.dtype.kind == "f" and not np.array_equal(whole, y):
        raise ValueError(
            f"sparse_categorical_crossentropy: targets such as {y.ravel()[0]} are no class numbers."
        )
    return whole


_NAMES = {
    "mse": MeanSquaredError,
    "mean_squared_error": MeanSquaredError,
    "mae": MeanAbsoluteError,
    "mean_absolute_error": MeanAbsoluteError,
    "binary_crossentropy": BinaryCrossentropy,
    "categorical_crossentropy": CategoricalCrossentropy,
    "sparse_categorical_crossentropy": SparseCategoricalCrossentropy,
}


def get(name) -> Loss:
    """Return a loss by its name, or itself.

    Raises:
        ValueError: if there is none of that name.
    """
    if isinstance(name, Loss):
        return name
    if isinstance(name, type) and issubclass(name, Loss):
        return name()
    key = str(name).lower()
    if key not in _NAMES:
        raise ValueError(f"There is no loss {name!r}. Known: {', '.join(sorted(_NAMES))}.")
    return _NAMES[key]()
