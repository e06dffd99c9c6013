"""The loop around the steps: batches, shuffling, validation, progress, and what came of it."""

import math
import sys
import time
from typing import Any

import numpy as np

from course.nn import callbacks as called
from course.nn import losses, ops, program, randomness

PATIENCE = (
    3.0  # seconds of an epoch before a notebook shows a bar: shorter ones are over before it could be read
)


class History:
    """What ``fit`` returns: ``history`` has a list for each number, one entry an epoch; in a notebook it draws itself."""

    def __init__(self):
        self.epoch: list[int] = []
        self.history: dict[str, list[float]] = {}

    def add(self, epoch: int, logs: dict[str, float]) -> None:
        """Take in the numbers of an epoch, counted from 0."""
        self.epoch.append(epoch)
        for name, value in logs.items():
            self.history.setdefault(name, []).append(value)

    def plot(self, ax=None):
        """Draw the losses, training and validation, against the epochs; return the Axes."""
        import matplotlib.pyplot as plt

        ax = ax or plt.gca()
        epochs = [epoch + 1 for epoch in self.epoch]
        for name, label, style in (("loss", "training", ":"), ("val_loss", "validation", "-")):
            if name in self.history:
                ax.plot(epochs, self.history[name], linestyle=style, color="#D55E00", marker="o", label=label)
        ax.set(xlabel="epoch", ylabel="loss")
        ax.legend(frameon=False)
        return ax

    def __repr__(self) -> str:
        last = "  ".join(f"{name} {values[-1]:.4f}" for name, values in self.history.items())
        return f"History of {len(self.epoch)} epochs: {last}" if self.epoch else "History of no epochs"


def fit(
    model,
    x,
    y,
    batch_size=32,
    epochs=1,
    verbose="auto",
    callbacks=(),
    validation_split=0.0,
    validation_data=None,
    shuffle=True,
    class_weight=None,
    sample_weight=None,
    initial_epoch=0,
) -> History:
    """Train a compiled model.

    Args:
        model: what to train.
        x: examples, (N, ...).
        y: targets, as the loss wants them.
        batch_size: examples a step; the last batch may be shorter.
        epochs: passes over the data.
        verbose: 0 silent, 1 progress, 2 a line an epoch; "auto": 1 for people, 2 elsewhere.
        callbacks: see ``course.nn.callbacks``.
        validation_split: the share at the end of the data that is kept apart, before shuffling.
        validation_data: (x, y) to evaluate on after each epoch. Not the test set: whatever you choose by it was tuned on it.
        shuffle: take the examples in a new order each epoch.
        class_weight: {class: weight}, to make rare classes count more.
        sample_weight: (N,), a weight for each example.
        initial_epoch: the number of the first epoch, if this goes on from an earlier fit.

    Returns:
        The history. An interrupt (Ctrl-C, the stop button) ends training early and keeps the model as it is.

    Raises:
        ValueError: if shapes don't fit, or the loss becomes NaN; the message says where.
    """
    x, y, weights = prepared(model, x, y, class_weight, sample_weight)
    if validation_split:
        if not 0 < validation_split < 1:
            raise ValueError(f"validation_split is a share between 0 and 1, not {validation_split!r}.")
        kept = int(len(x) * (1 - validation_split))
        validation_data = x[kept:], y[kept:]
        x, y, weights = x[:kept], y[:kept], None if weights is None else weights[:kept]
    if not len(x):
        raise ValueError("There is nothing to train on: x has no examples.")
    steps = _steps(model, x, y, weights, batch_size)
    history = History()
    listeners = called.CallbackList(model, callbacks)
    model.stop_training = False
    listeners.on_train_begin()
    try:
        for epoch in range(initial_epoch, epochs):
            listeners.on_epoch_begin(epoch)
            order = randomness.generator().permutation(len(x)) if shuffle else np.arange(len(x))
            with Progress(verbose, epoch, epochs, -(-len(x) // batch_size)) as progress:
                logs = _epoch(model, steps, x, y, order, batch_size, progress, epoch)
                if validation_data is not None:
                    found = evaluate(model, validation_data[0], validation_data[1], max(batch_size, 256))
                    logs |= {f"val_{name}": value for name, value in found.items()}
                progress.end(logs)
            history.add(epoch, logs)
            listeners.on_epoch_end(epoch, logs)
            if model.stop_training:
                break
    except KeyboardInterrupt:
        print(f"Interrupted in epoch {epoch + 1}; the model keeps what it has learned.")
    listeners.on_train_end()
    return history


def _epoch(model, steps, x, y, order, batch_size, progress, epoch) -> dict[str, float]:
    total, seen = 0.0, 0
    steps.begin()
    for metric in model.metrics:
        metric.reset()
    for number, start in enumerate(range(0, len(x), batch_size)):
        rows = order[start : start + batch_size]
        value, said = steps.look(rows)
        if not math.isfinite(value):  # before the step, so that the weights stay what they were
            raise ValueError(_not_finite(model, value, epoch, number, x[rows], y[rows]))
        steps.move()
        total, seen = total + value * len(rows), seen + len(rows)
        if model.metrics:
            targets = y[rows]
            given = outputs(model, said)
            for metric in model.metrics:
                metric.update(targets, given)
        progress.advance()
    return {"loss": total / seen, **{metric.name: metric.result() for metric in model.metrics}}


class _Layered:
    """Steps layer by layer, for what can't be written down; see ``program.Steps``."""

    def __init__(self, model, x, y, weights):
        self._model, self._x, self._y, self._weights = model, x, y, weights

    def begin(self) -> None:
        pass

    def look(self, rows):
        weights = None if self._weights is None else self._weights[rows]
        return self._model.loss_and_gradient(self._x[rows], self._y[rows], weights)

    def move(self) -> None:
        self._model.optimizer.apply(self._model.parameters, self._model.gradient)


def _steps(model, x, y, weights, batch_size):
    written = program.written(model, x, y, batch_size) if weights is None else None
    return written or _Layered(model, x, y, weights)


def train_on_batch(model, x, y):
    """Make one step on one batch; return the loss, or [loss, metric, ...].

    The table of a batch's length is kept in the model, with room for the batch, until something else is to be trained.
    """
    x, y, _ = prepared(model, x, y)
    key = (len(x), y.shape, model.parameters.ctypes.data, id(model.optimizer), id(model.loss), ops.backend())
    if key not in model.written:
        model.written.clear()
        own_x, own_y = x.copy(), y.copy()
        model.written[key] = own_x, own_y, _steps(model, own_x, own_y, None, len(x))
    own_x, own_y, steps = model.written[key]
    model.loss.check(y, (len(x), *model.output_shape))
    own_x[...], own_y[...] = x, y
    steps.begin()
    value, said = steps.look(np.arange(len(x)))
    steps.move()
    if not model.metrics:
        return value
    given = outputs(model, said)
    return [value, *(metric(y, given) for metric in model.metrics)]


def outputs(model, said):
    """Return the net's outputs where ``said`` are its scores."""
    return model.layers[-1].activation(said) if model._from_scores() else said


def _not_finite(model, value, epoch, number, x, y) -> str:
    what = "NaN" if np.isnan(value) else "infinite"
    where = f"The loss became {what} in epoch {epoch + 1}, batch {number + 1}."
    for name, part in (("x", x), ("y", y)):
        if not np.isfinite(part).all():
            return f"{where} That batch of {name} holds NaN or infinity: look for it with np.isfinite({name}).all()."
    return (
        f"{where} The data are ordinary numbers, so the steps were too long. Try a learning rate ten times smaller than "
        f"{model.optimizer.learning_rate:g}, or clipnorm=1. The weights are those before that batch."
    )


def evaluate(model, x, y, batch_size=32) -> dict[str, float]:
    """Return the loss and the metrics of a model on data, by name."""
    x, y, _ = prepared(model, x, y)
    loss, scores = model.loss, model._from_scores()
    total = 0.0
    for metric in model.metrics:
        metric.reset()
    for start in range(0, len(x), batch_size):
        targets = y[start : start + batch_size]
        said = model.forward(x[start : start + batch_size], scores=scores)
        loss.check(targets, said.shape)
        value, _ = (loss.from_scores if scores else loss.with_gradient)(targets, said)
        total += value * len(targets)
        given = outputs(model, said)
        for metric in model.metrics:
            metric.update(targets, given)
    results = {"loss": total / max(len(x), 1) + model._penalties()}
    return results | {metric.name: metric.result() for metric in model.metrics}


def prepared(model, x, y, class_weight=None, sample_weight=None):
    """Return inputs, targets and weights as the net and its loss want them.

    Raises:
        ValueError: if shapes or lengths don't fit.
    """
    x = inputs(model, x)
    y = losses.as_targets(model._compiled(), y, model.dtype)
    if len(x) != len(y):
        raise ValueError(f"x has {len(x)} examples and y has {len(y)}: they must be the same number.")
    weights = None if sample_weight is None else np.asarray(sample_weight, model.dtype)
    if weights is not None and weights.shape != (len(x),):
        raise ValueError(
            f"sample_weight has shape {weights.shape}; wanted is ({len(x)},), one for each example."
        )
    if class_weight:
        own = _of_classes(class_weight, y, model.dtype)
        weights = own if weights is None else weights * own
    return x, y, weights


def _of_classes(class_weight, y, dtype):
    labels = y if y.ndim == 1 else y.argmax(axis=1) if y.shape[1] > 1 else y[:, 0]
    missing = sorted({int(label) for label in np.unique(labels)} - set(class_weight))
    if missing:
        raise ValueError(f"class_weight says nothing of class {missing[0]}.")
    return np.array([class_weight[int(label)] for label in labels], dtype)


def inputs(model, x):
    """Return a batch of examples in the net's precision; build a Sequential that has not seen data yet.

    Raises:
        ValueError: if the shape is not the net's.
    """
    x = np.asarray(x)
    if hasattr(model, "built") and not model.built:
        model.build(x.shape[1:])
    wanted = model.input_shape
    if x.ndim != len(wanted) + 1 or any(w not in (None, n) for w, n in zip(wanted, x.shape[1:], strict=True)):
        from course.nn.layers.base import batch_shape

        advice = ""
        if x.shape == wanted:
            advice = " One example is a batch of one: x[None]."
        elif x.ndim > 1 and None not in wanted and np.prod(x.shape[1:]) == np.prod(wanted):
            advice = f" Try x.reshape({', '.join(map(str, (-1, *wanted)))})."
        raise ValueError(f"The net expects {batch_shape(wanted)}, got {batch_shape(x.shape[1:])}.{advice}")
    return np.ascontiguousarray(x, model.dtype)


def speaks(verbose) -> bool:
    """Tell whether something is to be printed."""
    return verbose == "auto" or bool(verbose)


class Progress:
    """How far an epoch is: a bar for people, a line at its end, without times, so that the same run prints the same."""

    def __init__(self, verbose, epoch: int, epochs: int, steps: int):
        self._speaks = speaks(verbose)
        self._notebook = _in_notebook()
        self._wants_bar = self._speaks and verbose != 2 and (self._notebook or sys.stdout.isatty())
        self._patience = PATIENCE if self._notebook else 0.5
        self._title = f"Epoch {epoch + 1}/{epochs}"
        self._steps, self._done = steps, 0
        self._start = time.monotonic()
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._bar is not None:
            self._bar.stop()

    def advance(self) -> None:
        """One more step is done."""
        self._done += 1
        if self._bar is not None:
            self._bar.update(self._task, completed=self._done)
        elif self._wants_bar and time.monotonic() - self._start > self._patience:
            from rich.progress import Progress as Bar

            self._bar = Bar(transient=True)
            self._task = self._bar.add_task(self._title, total=self._steps, completed=self._done)
            self._bar.start()

    def end(self, logs: dict[str, float]) -> None:
        """The epoch is over: say what came of it."""
        if self._bar is not None:
            self._bar.stop()
        if self._speaks:
            print(f"{self._title}  " + "  ".join(f"{name} {value:.4f}" for name, value in logs.items()))


def _in_notebook() -> bool:
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return shell is not None and getattr(shell, "kernel", None) is not None
