"""Models: layers connected to a net, and what people do with one."""

import numpy as np

from course.nn import losses, metrics, optimizers, storage, training
from course.nn.layers.base import (
    Activated,
    InputLayer,
    Layer,
    Named,
    Shape,
    Symbol,
    Weight,
    batch_shape,
    put_values,
)


class Model:
    """A net from an input to an output, through a graph of layers.

    >>> picture = Input(shape=(784,))
    >>> code = Dense(32, activation="relu")(picture)
    >>> autoencoder = Model(picture, Dense(784, activation="sigmoid")(code))

    All trained weights are views into one flat vector, their gradients into another of the same layout: an optimizer's step is
    one operation, whatever the net.

    Args:
        inputs: what ``Input`` gave.
        outputs: what the last layer gave.
        name: of the model.

    Attributes:
        layers: in an order in which each comes after what it needs.
        parameters: the flat vector of all trained weights, (P,).
        gradient: its gradient, (P,), of the last batch.
    """

    def __init__(self, inputs: Symbol, outputs: Symbol, name: str = "model"):
        self.name = name
        self.optimizer: optimizers.Optimizer | None = None
        self.loss: losses.Loss | None = None
        self.metrics: list[metrics.Metric] = []
        self.stop_training = False
        self._connect(inputs, outputs)

    def _connect(self, inputs: Symbol, outputs: Symbol) -> None:
        for symbol in (inputs, outputs):
            if not isinstance(symbol, Symbol):
                raise TypeError(
                    f"Model wants what Input and layers gave, not {type(symbol).__name__}: Model(inputs, outputs)."
                )
        self._symbols = _ordered(outputs)
        sources = [symbol for symbol in self._symbols if isinstance(symbol.layer, InputLayer)]
        if sources != [inputs]:
            raise ValueError(
                "The output does not depend on the input, and on nothing else. Is a layer left out?"
            )
        self._input, self._output = inputs, outputs
        self.layers = [symbol.layer for symbol in self._symbols if symbol is not inputs]
        names = Named()
        for layer in self.layers:
            names.name(layer)
        self._lay_out_flat()

    def _lay_out_flat(self) -> None:
        """Put all trained weights into one vector, and their gradients into another."""
        self.written: dict = {}  # steps that `training.train_on_batch` keeps
        trained = self.trainable_weights
        dtype = trained[0].value.dtype if trained else np.dtype(np.float32)
        size = sum(weight.value.size for weight in trained)
        self.parameters, self.gradient = np.empty(size, dtype), np.zeros(size, dtype)
        start = 0
        for weight in trained:
            end = start + weight.value.size
            value = self.parameters[start:end].reshape(weight.value.shape)
            value[...] = weight.value
            weight.value, weight.grad = value, self.gradient[start:end].reshape(value.shape)
            start = end

    @property
    def trainable_weights(self) -> list[Weight]:
        """The weights that training changes, in order."""
        return [weight for weight in self.weights if weight.grad is not None]

    @property
    def weights(self) -> list[Weight]:
        """All weights, in order, those that training leaves alone too."""
        return [weight for layer in self.layers for weight in layer.weights]

    @property
    def input_shape(self) -> Shape:
        """The shape of one example."""
        return self._input.shape

    @property
    def output_shape(self) -> Shape:
        """The shape of one output."""
        return self._output.shape

    def __getstate__(self):
        """Leave out what holds addresses of arrays: a copy of the model has arrays of its own."""
        return {**self.__dict__, "written": {}}

    def __setstate__(self, state):
        """Take over a copy's attributes, and make its weights views into its flat vector again."""
        self.__dict__.update(state)
        if getattr(self, "built", True):
            self._lay_out_flat()

    def get_weights(self) -> list[np.ndarray]:
        """Return copies of all weights, in the order of the layers, as Keras does."""
        return [weight.value.copy() for weight in self.weights]

    def set_weights(self, values) -> None:
        """Replace all weights; raise a ValueError, and change nothing, if number or shapes don't fit."""
        put_values(self.weights, values, self.name)

    def count_params(self) -> int:
        """Return the number of parameters."""
        return sum(layer.count_params() for layer in self.layers)

    def get_layer(self, name: str) -> Layer:
        """Return the layer of that name.

        Raises:
            ValueError: if there is none.
        """
        for layer in self.layers:
            if layer.name == name:
                return layer
        raise ValueError(
            f"There is no layer {name!r}. There are: {', '.join(each.name for each in self.layers)}."
        )

    def astype(self, dtype) -> "Model":
        """Turn the weights to another precision, in place: float64 for gradient checks."""
        for layer in self.layers:
            layer.dtype = np.dtype(dtype)
            for weight in layer.weights:
                weight.value = weight.value.astype(dtype)
        self._lay_out_flat()
        return self

    @property
    def dtype(self) -> np.dtype:
        """The precision that the net computes in."""
        return self.layers[0].dtype if self.layers else np.dtype(np.float32)

    # -------------------------------------------------------------------------------------------- forward and backward

    def forward(self, x, training: bool = False, scores: bool = False):
        """Return the output of a batch, and keep in the layers what ``backward`` needs.

        Args:
            x: a batch, (N, ...), of the net's precision.
            training: whether dropout drops and batch normalization looks at the batch.
            scores: leave out the activation of the last layer.
        """
        results = {id(self._input): x}
        for symbol in self._symbols[1:]:
            sources = [results[id(source)] for source in symbol.sources]
            given = sources[0] if len(sources) == 1 else sources
            if scores and symbol is self._output:
                results[id(symbol)] = symbol.layer.scores(given, training)  # type: ignore[attr-defined]
            else:
                results[id(symbol)] = symbol.layer.call(given, training)
        return results[id(self._output)]

    def backward(self, dy, need_dx: bool = False, scores: bool = False):
        """Take the gradient of the last ``forward`` back, and fill ``gradient``.

        Args:
            dy: the gradient of the loss in the output.
            need_dx: whether the gradient in the input is wanted; it is returned then.
            scores: the gradient is that in the scores of the last layer.
        """
        gradients = {id(self._output): dy}
        for symbol in reversed(self._symbols[1:]):
            upstream = gradients.pop(id(symbol))
            need = need_dx or any(source is not self._input for source in symbol.sources)
            if scores and symbol is self._output:
                back = symbol.layer.scores_backward(upstream, need)  # type: ignore[attr-defined]
            else:
                back = symbol.layer.backward(upstream, need)
            for source, part in zip(symbol.sources, back if isinstance(back, list) else [back], strict=True):
                known = gradients.get(id(source))
                gradients[id(source)] = part if known is None or part is None else known + part
        found = gradients.get(id(self._input))
        return (
            found.copy() if need_dx and found is not None else None
        )  # a layer may keep its own for the next step

    def loss_and_gradient(self, x, y, weights=None):
        """Run a batch forward and backward.

        Args:
            x: a batch.
            y: its targets, as ``losses.as_targets`` gives them.
            weights: one for each example, or None.

        Returns:
            (loss, outputs): the loss with penalties, and what the net said. ``gradient`` is filled.
        """
        loss = self._compiled()
        scores = self._from_scores()
        said = self.forward(x, training=True, scores=scores)
        loss.check(y, said.shape)
        step = loss.from_scores if scores else loss.with_gradient
        value, dy = step(y, said, weights)
        self.backward(np.ascontiguousarray(dy, said.dtype), scores=scores)
        return value + self._penalties(slopes=True), said

    def _from_scores(self) -> bool:
        """Tell whether the loss can start from the last layer's scores."""
        last = self._output.layer
        wanted = self.loss.activation if self.loss else None
        ends = isinstance(last, Activated) and last.activation.__name__ == wanted
        if ends and getattr(self.loss, "from_logits", False):
            raise ValueError(
                f"The net ends in {wanted}, and the loss says from_logits=True: {wanted} would be applied twice. "
                "Drop one of them."
            )
        return ends

    def _penalties(self, slopes: bool = False) -> float:
        total = 0.0
        for weight in self.trainable_weights:
            if weight.regularizer is not None:
                total += weight.regularizer(weight.value)
                if slopes:
                    weight.grad += weight.regularizer.slope(weight.value)
        return total

    def gradients(self, x, y) -> list[np.ndarray]:
        """Return the gradient of the loss in each trained weight, for one batch, in the order of ``get_weights``.

        Args:
            x: a batch.
            y: its targets.
        """
        x, y, _ = training.prepared(self, x, y)
        self.loss_and_gradient(x, y)
        return [weight.grad.copy() for weight in self.trainable_weights if weight.grad is not None]

    # -------------------------------------------------------------------------------------------- what people do with it

    def compile(self, optimizer="rmsprop", loss=None, metrics=()) -> None:
        """Say how the net is to be trained.

        Args:
            optimizer: a name or an optimizer.
            loss: a name or a loss.
            metrics: names or metrics; ``accuracy`` means what fits the loss.
        """
        from course.nn import metrics as known

        self.optimizer = optimizers.get(optimizer)
        self.loss = None if loss is None else losses.get(loss)
        self.metrics = [known.get(name) for name in metrics or ()]
        if self.loss and getattr(self, "built", True):
            self._from_scores()

    def _compiled(self) -> losses.Loss:
        if self.loss is None or self.optimizer is None:
            raise RuntimeError(
                "The model is not compiled yet: call compile(optimizer='adam', loss=...) before you train or evaluate."
            )
        return self.loss

    def fit(self, x, y, **options) -> "training.History":
        """Train. See ``training.fit`` for the options: batch_size, epochs, verbose, validation_data and so on."""
        self._compiled()
        return training.fit(self, x, y, **options)

    def train_on_batch(self, x, y):
        """Make one step on one batch; return the loss, or [loss, metric, ...]."""
        self._compiled()
        return training.train_on_batch(self, x, y)

    def evaluate(self, x, y, batch_size=32, verbose="auto"):
        """Return the loss on data that the net isn't trained on, or [loss, metric, ...]."""
        self._compiled()
        results = training.evaluate(self, x, y, batch_size)
        if training.speaks(verbose):
            print("  ".join(f"{name} {value:.4f}" for name, value in results.items()))
        values = list(results.values())
        return values if len(values) > 1 else values[0]

    def predict(self, x, batch_size=32, verbose="auto"):
        """Return the outputs for a batch of any length, (N, ...)."""
        x = training.inputs(self, x)
        parts = [self.forward(x[i : i + batch_size]) for i in range(0, len(x), max(batch_size, 1))]
        return np.concatenate(parts) if parts else np.empty((0, *self.output_shape), self.dtype)

    def summary(self) -> None:
        """Print the layers with their output shapes and numbers of parameters."""
        rows = [
            (
                f"{layer.name} ({type(layer).__name__})",
                batch_shape(layer.output_shape),
                f"{layer.count_params():,}",
            )
            for layer in self.layers
        ]
        widths = [max(len(row[i]) for row in [("Layer", "Output", "Parameters"), *rows]) for i in range(3)]
        line = "  ".join(f"{{:{'>' if i == 2 else '<'}{width}}}" for i, width in enumerate(widths))
        print(line.format("Layer", "Output", "Parameters"))
        print("  ".join("-" * width for width in widths))
        for row in rows:
            print(line.format(*row))
        trained = sum(weight.value.size for weight in self.trainable_weights)
        frozen = self.count_params() - trained
        print(
            f"\n{self.count_params():,} parameters" + (f", {frozen:,} of them not trained" if frozen else "")
        )

    def save(self, path) -> None:
        """Write architecture and weights into one file. See ``storage``."""
        storage.save(self, path)

    def save_weights(self, path) -> None:
        """Write the weights alone."""
        storage.save(self, path, architecture=False)

    def load_weights(self, path) -> None:
        """Read weights that ``save`` or ``save_weights`` wrote, into this very architecture."""
        storage.load_weights(self, path)


class Sequential(Model):
    """Layers one after the other.

    >>> model = Sequential([Dense(64, activation="relu", input_shape=(784,)), Dense(10, activation="softmax")])

    The first layer needs ``input_shape``, or an ``Input`` before it; without either, the net is built when it first sees data.
    """

    def __init__(self, layers=(), name: str = "sequential"):
        self.name = name
        self.optimizer, self.loss, self.metrics = None, None, []
        self.stop_training = False
        self.layers: list[Layer] = []
        self._last: Symbol | None = None
        self._first: Symbol | None = None
        for layer in layers:
            self._append(layer)
        self._rebuild()

    def add(self, layer) -> None:
        """Append a layer."""
        self._append(layer)
        self._rebuild()

    def _append(self, layer) -> None:
        if isinstance(layer, Symbol):
            if self.layers or self._first:
                raise ValueError("Input stands first in a Sequential, and only there.")
            self._first = self._last = layer
            return
        if not isinstance(layer, Layer):
            raise TypeError(
                f"Sequential wants layers, such as Dense(10); it was given {layer!r} of type {type(layer).__name__}."
            )
        if layer in self.layers:
            raise ValueError(
                f"{layer.describe()} stands in this model already: make a new layer for each place."
            )
        if self._first is None and layer.given_shape is not None and not self.layers:
            self._first = self._last = Symbol(InputLayer(layer.given_shape), (), layer.given_shape)
        self.layers.append(layer)
        if self._last is not None:
            self._last = layer(self._last)

    def _rebuild(self) -> None:
        if self._last is not None and self.layers:
            self._connect(self._first, self._last)  # type: ignore[arg-type]

    def build(self, input_shape) -> None:
        """Build the net for examples of that shape; needed only if the first layer was given none.

        Args:
            input_shape: of one example, or of a batch with None for its length, as in Keras.
        """
        if self._first is not None:
            return
        shape = tuple(input_shape)
        shape = shape[1:] if shape and shape[0] is None else shape
        self._first = self._last = Symbol(InputLayer(shape), (), shape)
        for layer in self.layers:
            self._last = layer(self._last)
        self._rebuild()

    @property
    def built(self) -> bool:
        """Whether the shape of the input is known, and with it the weights."""
        return self._first is not None and bool(self.layers)


def load_model(path) -> Model:
    """Read a model that ``save`` wrote.

    Raises:
        ValueError: if the file is no such model, or is cut off.
    """
    return storage.load(path)


def _ordered(output: Symbol) -> list[Symbol]:
    """Return all symbols that the output depends on, each after its sources; the input is first."""
    order: list[Symbol] = []
    seen: set[int] = set()
    stack = [(output, False)]
    while stack:
        symbol, done = stack.pop()
        if done:
            order.append(symbol)
        elif id(symbol) not in seen:
            seen.add(id(symbol))
            stack.append((symbol, True))
            stack += [(source, False) for source in symbol.sources]
    order.sort(key=lambda symbol: not isinstance(symbol.layer, InputLayer))  # stable: only inputs move
    return order
