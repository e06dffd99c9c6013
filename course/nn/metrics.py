"""Metrics: numbers for people, beside the loss. Each is fed batch by batch and then read.

accuracy = Accuracy()
accuracy.update(targets, predictions)
accuracy.result()
"""

import numpy as np


class Metric:
    """What metrics share: ``update`` with batches, ``result`` at the end, ``reset`` before the next round."""

    name = ""

    def __init__(self):
        self.reset()

    def reset(self) -> None:
        """Forget all batches."""
        raise NotImplementedError

    def update(self, y_true, y_pred) -> None:
        """Take in a batch: targets and predictions."""
        raise NotImplementedError

    def result(self) -> float:
        """Return the metric over all batches so far; nan where it is not defined."""
        raise NotImplementedError

    def __call__(self, y_true, y_pred) -> float:
        """Return the metric of one batch alone."""
        self.reset()
        self.update(np.asarray(y_true), np.asarray(y_pred))
        return self.result()


class Accuracy(Metric):
    """The share of right decisions: the largest output for classes, above 0.5 for yes or no; a tie goes to the lowest class."""

    name = "accuracy"

    def reset(self) -> None:
        """See ``Metric``."""
        self.right = self.seen = 0

    def update(self, y_true, y_pred) -> None:
        """See ``Metric``."""
        if y_pred.ndim > 1 and y_pred.shape[-1] > 1 and y_true.shape != y_pred.shape:
            right = y_pred.argmax(axis=-1) == y_true.reshape(y_pred.shape[:-1])
        elif y_pred.ndim > 1 and y_pred.shape[-1] > 1 and np.allclose(y_true.sum(axis=-1), 1):
            right = y_pred.argmax(axis=-1) == y_true.argmax(axis=-1)
        else:
            right = (y_pred > 0.5) == (y_true > 0.5)
        self.right += int(right.sum())
        self.seen += right.size

    def result(self) -> float:
        """See ``Metric``."""
        return self.right / self.seen if self.seen else float("nan")


class MeanAbsoluteError(Metric):
    """The mean absolute error."""

    name = "mae"

    def reset(self) -> None:
        """See ``Metric``."""
        self.total, self.seen = 0.0, 0

    def update(self, y_true, y_pred) -> None:
        """See ``Metric``."""
        self.total += float(self._price(y_pred - y_true).sum())
        self.seen += y_pred.size

    def _price(self, error):
        return np.abs(error)

    def result(self) -> float:
        """See ``Metric``."""
        return self.total / self.seen if self.seen else float("nan")


class MeanSquaredError(MeanAbsoluteError):
    """The mean squared error."""

    name = "mse"

    def _price(self, error):
        return error**2


class _Counted(Metric):
    """Counts of yes-or-no decisions at a threshold."""

    def __init__(self, threshold=0.5):
        self.threshold = threshold
        super().__init__()

    def reset(self) -> None:
        """See ``Metric``."""
        self.hits = self.false_alarms = self.misses = 0

    def update(self, y_true, y_pred) -> None:
        """See ``Metric``."""
        says, is_so = y_pred.ravel() > self.threshold, y_true.ravel() > 0.5
        self.hits += int((says & is_so).sum())
        self.false_alarms += int((says & ~is_so).sum())
        self.misses += int((~says & is_so).sum())


class Precision(_Counted):
    """Of those called positive, the share that is; 0 where none was called so."""

    name = "precision"

    def result(self) -> float:
        """See ``Metric``."""
        return self.hits / max(self.hits + self.false_alarms, 1)


class Recall(_Counted):
    """Of those that are positive, the share that was found; 0 where there is none."""

    name = "recall"

    def result(self) -> float:
        """See ``Metric``."""
        return self.hits / max(self.hits + self.misses, 1)


class F1Score(_Counted):
    """The harmonic mean of precision and recall, for yes-or-no answers; 0 where both are."""

    name = "f1_score"

    def result(self) -> float:
        """See ``Metric``."""
        return 2 * self.hits / max(2 * self.hits + self.false_alarms + self.misses, 1)


class AUC(Metric):
    """The chance that a positive example is scored above a negative one, ties counting half: the area under the ROC curve.

    Exact, by ranks; Keras approximates it with 200 thresholds.
    """

    name = "auc"

    def reset(self) -> None:
        """See ``Metric``."""
        self.scores: list = []
        self.labels: list = []

    def update(self, y_true, y_pred) -> None:
        """See ``Metric``."""
        self.scores.append(np.array(y_pred, float).ravel())
        self.labels.append(y_true.ravel() > 0.5)

    def result(self) -> float:
        """See ``Metric``."""
        if not self.scores:
            return float("nan")
        scores, labels = np.concatenate(self.scores), np.concatenate(self.labels)
        positive = int(labels.sum())
        if positive in (0, len(labels)):
            return float("nan")
        _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
        ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]  # equal scores share their mean rank
        wins = ranks[labels].sum() - positive * (positive + 1) / 2
        return float(wins / (positive * (len(labels) - positive)))


_NAMES = {
    "accuracy": Accuracy,
    "acc": Accuracy,
    "mae": MeanAbsoluteError,
    "mean_absolute_error": MeanAbsoluteError,
    "mse": MeanSquaredError,
    "mean_squared_error": MeanSquaredError,
    "precision": Precision,
    "recall": Recall,
    "f1_score": F1Score,
    "auc": AUC,
}


def get(name) -> Metric:
    """Return a metric by its name, or itself.

    Raises:
        ValueError: if there is none of that name.
    """
    if isinstance(name, Metric):
        return name
    if isinstance(name, type) and issubclass(name, Metric):
        return name()
    key = str(name).lower()
    if key not in _NAMES:
        raise ValueError(f"There is no metric {name!r}. Known: {', '.join(sorted(_NAMES))}.")
    return _NAMES[key]()
