"""What every layer has: weights, a forward pass that remembers, a backward pass that uses what was remembered."""

import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from course.nn import activations, initializers, regularizers

Shape = tuple[
    Any, ...
]  # of one example, without the batch; None for any length. Of several inputs: their shapes


@dataclass(eq=False)
class Weight:
    """One array of a layer.

    Attributes:
        name: such as ``kernel``.
        value: the array; once a model is built, a view into its flat vector.
        grad: its gradient, of the same shape; None if it isn't trained.
        regularizer: a penalty, or None.
    """

    name: str
    value: np.ndarray
    grad: np.ndarray | None
    regularizer: regularizers.L1L2 | None = None


@dataclass(eq=False)
class Symbol:
    """The output of a layer in a graph that has no numbers yet.

    Attributes:
        layer: where it comes from.
        sources: the symbols that go in.
        shape: of one example.
    """

    layer: "Layer"
    sources: tuple["Symbol", ...]
    shape: Shape


class Layer:
    """What layers share.

    A layer is built once the shape of its input is known. ``call`` computes the output of a batch and keeps what
    ``backward`` wants; ``backward`` takes the gradient in the output, fills the gradients of the weights, and returns the
    gradient in the input.

    Args:
        name: default: the class's name in small letters, numbered by the model.
        input_shape: of one example, where the layer is the first of a ``Sequential``.
        trainable: False freezes its weights.
    """

    arguments: tuple[str, ...] = ()  # the constructor's arguments that a copy is made from

    def __init__(self, *, name=None, input_shape=None, trainable=True):
        self.name = name or re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(self).__name__).lower()
        self.given_shape = None if input_shape is None else tuple(input_shape)
        self.trainable = trainable
        self.weights: list[Weight] = []
        self.input_shape: Shape = ()
        self.output_shape: Shape = ()
        self.connected = False
        self.dtype = np.dtype(np.float32)
        self._rooms: dict[str, np.ndarray] = {}

    def __call__(self, *sources: Symbol) -> Symbol:
        """Connect the layer to symbols: the functional way of building a model."""
        symbols = tuple(sources[0]) if len(sources) == 1 and isinstance(sources[0], list | tuple) else sources
        for symbol in symbols:
            if not isinstance(symbol, Symbol):
                raise TypeError(
                    f"{self.name} was called with {type(symbol).__name__}; wanted is what Input or another layer gave. "
                    "To compute with arrays, build a model and call its predict()."
                )
        if self.connected:
            raise ValueError(
                f"{self.name} is in use already: a layer stands in one place of one model. Make a new one."
            )
        self.connect(*(symbol.shape for symbol in symbols))
        return Symbol(self, symbols, self.output_shape)

    def connect(self, *shapes: Shape) -> None:
        """Build the layer for inputs of these shapes.

        Raises:
            ValueError: if they don't fit; the message says what would.
        """
        shape = shapes[0] if len(shapes) == 1 else shapes
        self.input_shape = shape
        self.output_shape = self.output_for(shape)
        self.build(shape)
        self.connected = True

    def output_for(self, shape: Shape) -> Shape:
        """Return the shape of the output for an input of that shape, both of one example."""
        return shape

    def build(self, shape: Shape) -> None:
        """Make the weights."""

    def call(self, x, training: bool = False):
        """Return the output of a batch."""
        raise NotImplementedError

    def backward(self, dy, need_dx: bool = True):
        """Return the gradient in the input of the last ``call``; fill the gradients of the weights."""
        raise NotImplementedError

    def add_weight(self, name: str, shape, initializer, regularizer=None, trainable: bool = True) -> Weight:
        """Make a weight. Its gradient exists only if it is trained."""
        value = np.ascontiguousarray(initializers.get(initializer)(shape), self.dtype)
        trained = trainable and self.trainable
        grad = np.zeros_like(value) if trained else None
        weight = Weight(name, value, grad, regularizers.get(regularizer) if trained else None)
        self.weights.append(weight)
        return weight

    def room(self, name: str, shape) -> np.ndarray:
        """Return an array that the layer keeps from step to step, for a result that no step after this one looks at.

        Fresh memory is slow to write to the first time, and a training step would ask for it again and again.
        """
        kept = self._rooms.get(name)
        if kept is None or kept.shape != shape or kept.dtype != self.dtype:
            kept = self._rooms[name] = np.empty(shape, self.dtype)
        return kept

    def expects(self, wanted: str, shape: Shape, advice: str = "") -> ValueError:
        """Return the error for an input of the wrong shape."""
        more = f": {advice}" if advice else ""
        return ValueError(f"{self.describe()} expects {wanted}, got {batch_shape(shape)}{more}")

    def describe(self) -> str:
        """Return the layer as it was written, in short."""
        first = self.arguments[0] if self.arguments else None
        return f"{type(self).__name__}({getattr(self, first) if first else ''})"

    def get_config(self) -> dict:
        """Return the arguments that a copy is made from."""
        config = {name: _plain(getattr(self, name)) for name in self.arguments}
        return {**config, "name": self.name, "trainable": self.trainable}

    def count_params(self) -> int:
        """Return the number of parameters, trained or not."""
        return sum(weight.value.size for weight in self.weights)

    def get_weights(self) -> list[np.ndarray]:
        """Return copies of the weights, in order."""
        return [weight.value.copy() for weight in self.weights]

    def set_weights(self, values) -> None:
        """Replace the weights.

        Raises:
            ValueError: if number or shapes don't fit; nothing is changed then.
        """
        put_values(self.weights, values, self.name)


def put_values(weights: list[Weight], values, whose: str) -> None:
    """Copy arrays into weights, or raise a ValueError and change nothing."""
    values = [np.asarray(value) for value in values]
    if len(values) != len(weights):
        raise ValueError(f"{whose} has {len(weights)} weights; {len(values)} were given.")
    for weight, value in zip(weights, values, strict=True):
        if weight.value.shape != value.shape:
            raise ValueError(
                f"{whose}: {weight.name} has shape {weight.value.shape}; {value.shape} was given."
            )
    for weight, value in zip(weights, values, strict=True):
        weight.value[...] = value


def batch_shape(shape) -> str:
    """Show the shape of a batch of such examples: (N, 28, 28)."""
    if shape and isinstance(shape[0], tuple):
        return " and ".join(map(batch_shape, shape))
    return f"({', '.join(['N', *('any' if n is None else str(n) for n in shape)])}{'' if shape else ','})"


def _plain(value):
    if hasattr(value, "get_config"):
        return value.get_config()
    return getattr(value, "__name__", value) if callable(value) else value


class InputLayer(Layer):
    """Where data come in."""

    arguments = ("shape",)

    def __init__(self, shape, **more):
        super().__init__(**more)
        self.shape = tuple(shape)
        self.connect(self.shape)

    def call(self, x, training=False):
        """Return the batch as it is."""
        return x

    def backward(self, dy, need_dx=True):
        """Return the gradient as it is."""
        return dy


def Input(shape, name=None) -> Symbol:  # noqa: N802 - Keras's name
    """Return the place where data come in.

    Args:
        shape: of one example, without the batch: ``(784,)``.
        name: of the input.
    """
    layer = InputLayer(shape, name=name or "input")
    return Symbol(layer, (), layer.output_shape)


class Activated(Layer):
    """A layer that ends in an activation: scores first, then the bend.

    A model may take the scores alone, where its loss starts from them.
    """

    def __init__(self, activation=None, **more):
        super().__init__(**more)
        self.activation = activations.get(activation)

    def call(self, x, training=False):
        """See ``Layer``."""
        self._z = self.scores(x, training)
        self._y = self.activation(self._z)
        return self._y

    def backward(self, dy, need_dx=True):
        """See ``Layer``."""
        return self.scores_backward(activations.slope_times(self.activation, dy, self._z, self._y), need_dx)

    def scores(self, x, training=False):
        """Return what the activation is given."""
        raise NotImplementedError

    def scores_backward(self, dz, need_dx=True):
        """Return the gradient in the input from that in the scores; fill the gradients of the weights."""
        raise NotImplementedError


@dataclass(eq=False)
class Named:
    """Counts names, so that two layers of a model never share one."""

    taken: dict[str, int] = field(default_factory=dict)

    def name(self, layer: Layer) -> None:
        """Give the layer a name of its own."""
        count = self.taken.get(layer.name, 0)
        self.taken[layer.name] = count + 1
        if count:
            layer.name = f"{layer.name}_{count}"
