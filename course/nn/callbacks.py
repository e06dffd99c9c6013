"""Callbacks: what is to happen between epochs. ``logs`` has the epoch's numbers by name: loss, accuracy, val_loss ..."""

import csv
from pathlib import Path
from typing import Any

import numpy as np


class Callback:
    """What callbacks share; override what you need. ``self.model`` is the model in training."""

    model: Any = None

    def set_model(self, model) -> None:
        """Learn which model is trained."""
        self.model = model

    def on_train_begin(self) -> None:
        """Before the first epoch."""

    def on_train_end(self) -> None:
        """After the last epoch, also if it was cut short."""

    def on_epoch_begin(self, epoch: int) -> None:
        """Before epoch ``epoch``, counted from 0."""

    def on_epoch_end(self, epoch: int, logs: dict) -> None:
        """After it."""


class CallbackList:
    """Calls them all, in order."""

    def __init__(self, model, callbacks):
        self.callbacks = list(callbacks or ())
        for callback in self.callbacks:
            callback.set_model(model)

    def __getattr__(self, name: str):
        def call(*args):
            for callback in self.callbacks:
                getattr(callback, name)(*args)

        return call


class _Watching(Callback):
    """A callback that watches one number."""

    def __init__(self, monitor="val_loss", mode="auto", min_delta=0.0):
        self.monitor, self.min_delta = monitor, abs(min_delta)
        higher = mode == "max" or (
            mode == "auto" and any(part in monitor for part in ("acc", "auc", "precision", "recall", "f1"))
        )
        self._sign = -1 if higher else 1
        self.best = np.inf

    def better(self, logs) -> bool:
        """Tell whether the number is the best so far, and remember it then.

        Raises:
            ValueError: if there is no such number.
        """
        if self.monitor not in logs:
            raise ValueError(
                f"{type(self).__name__} watches {self.monitor!r}; there is {', '.join(map(repr, logs))}. "
                "For a val_ number give fit validation_data or validation_split."
            )
        now = self._sign * logs[self.monitor]
        if now < self.best - self.min_delta:
            self.best = now
            return True
        return False


class EarlyStopping(_Watching):
    """Stop when a number has not improved for ``patience`` epochs; with ``restore_best_weights``, go back to its best."""

    def __init__(
        self, monitor="val_loss", min_delta=0.0, patience=0, mode="auto", restore_best_weights=False
    ):
        super().__init__(monitor, mode, min_delta)
        self.patience, self.restore_best_weights = patience, restore_best_weights
        self.stopped_epoch = 0

    def on_train_begin(self) -> None:
        """Forget an earlier training."""
        self.best, self._waited, self._weights = np.inf, 0, None

    def on_epoch_end(self, epoch, logs) -> None:
        """See ``Callback``."""
        if self.better(logs):
            self._waited = 0
            self._weights = self.model.get_weights() if self.restore_best_weights else None
            return
        self._waited += 1
        if self._waited >= max(self.patience, 1):
            self.stopped_epoch, self.model.stop_training = epoch, True

    def on_train_end(self) -> None:
        """Go back to the best weights, if that was asked for."""
        if self._weights is not None:
            self.model.set_weights(self._weights)


class ModelCheckpoint(_Watching):
    """Save the model after each epoch, or only when it is the best so far. ``{epoch}`` in the path is the epoch, from 1."""

    def __init__(
        self, filepath, monitor="val_loss", save_best_only=False, save_weights_only=False, mode="auto"
    ):
        super().__init__(monitor, mode)
        self.filepath = str(filepath)
        self.save_best_only, self.save_weights_only = save_best_only, save_weights_only

    def on_epoch_end(self, epoch, logs) -> None:
        """See ``Callback``."""
        if self.save_best_only and not self.better(logs):
            return
        path = self.filepath.format(epoch=epoch + 1, **logs)
        (self.model.save_weights if self.save_weights_only else self.model.save)(path)


class LearningRateScheduler(Callback):
    """Set the learning rate before each epoch to ``schedule(epoch, rate)``."""

    def __init__(self, schedule):
        self.schedule = schedule

    def on_epoch_begin(self, epoch) -> None:
        """See ``Callback``."""
        optimizer = self.model.optimizer
        optimizer.learning_rate = float(self.schedule(epoch, optimizer.learning_rate))


class CSVLogger(Callback):
    """Write each epoch's numbers as a line of a CSV file."""

    def __init__(self, filename, separator=",", append=False):
        self.path, self.separator, self.append = Path(filename), separator, append

    def on_train_begin(self) -> None:
        """Begin the file, unless it is gone on with."""
        if not self.append:
            self.path.write_text("", encoding="utf-8")

    def on_epoch_end(self, epoch, logs) -> None:
        """See ``Callback``."""
        begins = not self.path.exists() or not self.path.stat().st_size
        with self.path.open("a", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, delimiter=self.separator)
            if begins:
                writer.writerow(["epoch", *logs])
            writer.writerow([epoch, *logs.values()])
