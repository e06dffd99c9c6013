"""Layers that look at an example as a whole: Dense, and what changes shapes or values."""

import numpy as np

from course.nn import ops, randomness
from course.nn.layers.base import Activated, Layer


class Dense(Activated):
    """Every output is a weighted sum of every input: activation(x @ kernel + bias).

    Input (N, ..., D), output (N, ..., units). ``units * D`` weights and ``units`` biases.
    """

    arguments = ("units", "activation", "use_bias")

    def __init__(
        self,
        units,
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        **more,
    ):
        super().__init__(activation, **more)
        if int(units) != units or units < 1:
            raise ValueError(f"Dense wants a whole number of units from 1 up, not {units!r}.")
        self.units, self.use_bias = int(units), use_bias
        self._initial = kernel_initializer, bias_initializer
        self._penalties = kernel_regularizer, bias_regularizer

    def output_for(self, shape):
        """See ``Layer``."""
        if not shape or shape[-1] is None:
            raise self.expects("(N, D)", shape)
        if len(shape) > 1:
            flat = f"(N, {int(np.prod(shape))})" if None not in shape else "(N, D)"
            raise self.expects(flat, shape, "put Flatten() before it")
        return (*shape[:-1], self.units)

    def build(self, shape):
        """See ``Layer``."""
        self.kernel = self.add_weight("kernel", (shape[-1], self.units), self._initial[0], self._penalties[0])
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight("bias", (self.units,), self._initial[1], self._penalties[1])

    def call(self, x, training=False):
        """See ``Layer``: relu is part of the operation."""
        if self.activation.__name__ != "relu":
            return super().call(x, training)
        self._x = x
        self._y = ops.dense(x, self.kernel.value, self._b(), "relu", out=self._out(x, training))
        return self._y

    def backward(self, dy, need_dx=True):
        """See ``Layer``."""
        if self.activation.__name__ != "relu":
            return super().backward(dy, need_dx)
        return self._back(self._y, dy, "relu", need_dx)

    def scores(self, x, training=False):
        """See ``Activated``."""
        self._x = x
        return ops.dense(x, self.kernel.value, self._b(), out=self._out(x, training))

    def scores_backward(self, dz, need_dx=True):
        """See ``Activated``."""
        return self._back(None, dz, "linear", need_dx)

    def _b(self):
        return None if self.bias is None else self.bias.value

    def _out(self, x, training):
        return self.room("y", (len(x), self.units)) if training else None

    def _back(self, y, dy, activation, need_dx):
        db = None if self.bias is None else self.bias.grad
        room = self.room("dx", self._x.shape) if need_dx else None
        dx, _, _ = ops.dense_backward(
            self._x, self.kernel.value, y, dy, activation, need_dx, dw=self.kernel.grad, db=db, out=room
        )
        return dx


class Activation(Activated):
    """An activation as a layer of its own: ``Activation("relu")``."""

    arguments = ("activation",)

    def __init__(self, activation, **more):
        super().__init__(activation, **more)

    def scores(self, x, training=False):
        """See ``Activated``."""
        return x

    def scores_backward(self, dz, need_dx=True):
        """See ``Activated``."""
        return dz


class Flatten(Layer):
    """Lay each example out in a row: (N, H, W, C) -> (N, H*W*C)."""

    def output_for(self, shape):
        """See ``Layer``."""
        if None in shape:
            raise self.expects("a shape without open lengths", shape)
        return (int(np.prod(shape)),)

    def call(self, x, training=False):
        """See ``Layer``."""
        self._shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, dy, need_dx=True):
        """See ``Layer``."""
        return dy.reshape(self._shape)


class Reshape(Layer):
    """Give each example another shape; one length may be -1."""

    arguments = ("target_shape",)

    def __init__(self, target_shape, **more):
        super().__init__(**more)
        self.target_shape = tuple(target_shape)

    def output_for(self, shape):
        """See ``Layer``."""
        size, known = int(np.prod(shape)), int(np.prod([n for n in self.target_shape if n != -1]))
        open_lengths = self.target_shape.count(-1)
        fits = size == known if not open_lengths else open_lengths == 1 and known and size % known == 0
        if not fits:
            raise self.expects(f"{known} numbers an example", shape, f"that is {size}")
        return tuple(size // known if n == -1 else n for n in self.target_shape)

    def call(self, x, training=False):
        """See ``Layer``."""
        self._shape = x.shape
        return x.reshape(len(x), *self.output_shape)

    def backward(self, dy, need_dx=True):
        """See ``Layer``."""
        return dy.reshape(self._shape)


class Dropout(Layer):
    """In training, set a share ``rate`` of the numbers to 0 and divide the others by 1 - rate; otherwise do nothing."""

    arguments = ("rate",)

    def __init__(self, rate, **more):
        super().__init__(**more)
        if not 0 <= rate < 1:
            raise ValueError(f"Dropout's rate is the share that is dropped, from 0 to below 1, not {rate!r}.")
        self.rate = float(rate)

    def call(self, x, training=False):
        """See ``Layer``."""
        self._mask = None
        if not training or not self.rate:
            return x
        kept = randomness.generator().random(x.shape, np.float32) >= self.rate
        self._mask = kept.astype(x.dtype)
        self._mask /= 1 - self.rate
        return x * self._mask

    def backward(self, dy, need_dx=True):
        """See ``Layer``."""
        return dy if self._mask is None else dy * self._mask


class Embedding(Layer):
    """A table: whole numbers in, rows out. (N, T) of 0..input_dim-1 -> (N, T, output_dim)."""

    arguments = ("input_dim", "output_dim")

    def __init__(self, input_dim, output_dim, embeddings_initializer="uniform", **more):
        super().__init__(**more)
        self.input_dim, self.output_dim = int(input_dim), int(output_dim)
        self._initial = embeddings_initializer

    def output_for(self, shape):
        """See ``Layer``."""
        return (*shape, self.output_dim)

    def build(self, shape):
        """See ``Layer``."""
        self.table = self.add_weight("embeddings", (self.input_dim, self.output_dim), self._initial)

    def call(self, x, training=False):
        """See ``Layer``.

        Raises:
            ValueError: for a number that has no row.
        """
        self._rows = x.astype(np.int64)
        if x.size and (self._rows.min() < 0 or self._rows.max() >= self.input_dim):
            raise ValueError(
                f"{self.describe()} has rows 0 to {self.input_dim - 1}; it was asked for "
                f"{self._rows.min()} to {self._rows.max()}."
            )
        return self.table.value[self._rows]

    def backward(self, dy, need_dx=True):
        """See ``Layer``: a row that was used twice gets both gradients; there is none in whole numbers."""
        if self.table.grad is not None:
            self.table.grad[...] = 0
            np.add.at(self.table.grad, self._rows, dy)
        return np.zeros(self._rows.shape, dy.dtype)


class Add(Layer):
    """Add inputs of one shape, such as a shortcut around some layers."""

    def connect(self, *shapes):
        """See ``Layer``."""
        if len(set(shapes)) != 1 or len(shapes) < 2:
            raise self.expects("two or more inputs of one shape", shapes)
        self._count = len(shapes)
        super().connect(*shapes)

    def output_for(self, shape):
        """See ``Layer``."""
        return shape[0]

    def call(self, x, training=False):
        """See ``Layer``; x is a list."""
        return sum(x[1:], x[0])

    def backward(self, dy, need_dx=True):
        """See ``Layer``: the same gradient for each input."""
        return [dy] * self._count


class Concatenate(Layer):
    """Put inputs side by side, along the last axis."""

    def connect(self, *shapes):
        """See ``Layer``."""
        if len({shape[:-1] for shape in shapes}) != 1 or len(shapes) < 2:
            raise self.expects("two or more inputs that differ in the last axis only", shapes)
        self._ends = np.cumsum([shape[-1] for shape in shapes])[:-1]
        super().connect(*shapes)

    def output_for(self, shape):
        """See ``Layer``."""
        return (*shape[0][:-1], sum(each[-1] for each in shape))

    def call(self, x, training=False):
        """See ``Layer``; x is a list."""
        return np.concatenate(x, axis=-1)

    def backward(self, dy, need_dx=True):
        """See ``Layer``."""
        return [np.ascontiguousarray(part) for part in np.split(dy, self._ends, axis=-1)]
