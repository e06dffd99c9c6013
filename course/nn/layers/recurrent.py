"""Layers that read a sequence step by step: (N, T, D) -> (N, units), or (N, T, units) with ``return_sequences``."""

import numpy as np

from course.nn import ops
from course.nn.layers.base import Layer


class _Recurrent(Layer):
    """What recurrent layers share. The state before the first step is 0."""

    arguments: tuple[str, ...] = ("units", "return_sequences", "go_backwards")
    gates = 1

    def __init__(
        self,
        units,
        return_sequences=False,
        go_backwards=False,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        **more,
    ):
        super().__init__(**more)
        self.units = int(units)
        self.return_sequences, self.go_backwards = return_sequences, go_backwards
        self._initial = kernel_initializer, recurrent_initializer, bias_initializer

    def output_for(self, shape):
        """See ``Layer``."""
        if len(shape) != 2 or shape[1] is None:
            raise self.expects("(N, T, D), sequences of T steps", shape)
        return (shape[0], self.units) if self.return_sequences else (self.units,)

    def build(self, shape):
        """See ``Layer``."""
        width = self.gates * self.units
        self.kernel = self.add_weight("kernel", (shape[1], width), self._initial[0])
        self.recurrent = self.add_weight("recurrent_kernel", (self.units, width), self._initial[1])
        self.bias = self.add_weight("bias", (width,), self._initial[2])

    def call(self, x, training=False):
        """See ``Layer``."""
        x = np.ascontiguousarray(x[:, ::-1]) if self.go_backwards else x
        zero = np.zeros((len(x), self.units), x.dtype)
        self._training = training
        hs, self._cache = self.run(x, zero)
        self._shape = hs.shape
        return hs if self.return_sequences else np.ascontiguousarray(hs[:, -1])

    def run(self, x, zero):
        """Return all states, and what ``run_back`` needs."""
        raise NotImplementedError

    def run_back(self, dhs, need_dx):
        """Return (dx, dkernel, drecurrent, dbias)."""
        raise NotImplementedError

    def backward(self, dy, need_dx=True):
        """See ``Layer``."""
        dhs = dy
        if not self.return_sequences:
            dhs = self.room("dhs", self._shape)
            dhs[:, :-1] = 0
            dhs[:, -1] = dy
        dx, *grads = self.run_back(dhs, need_dx)
        for weight, grad in zip((self.kernel, self.recurrent, self.bias), grads, strict=True):
            if weight.grad is not None:
                weight.grad[...] = grad
        return np.ascontiguousarray(dx[:, ::-1]) if self.go_backwards and dx is not None else dx

    def _weights(self):
        return self.kernel.value, self.recurrent.value, self.bias.value


class SimpleRNN(_Recurrent):
    """h = tanh(x kernel + h recurrent_kernel + bias)."""

    def run(self, x, zero):
        """See ``_Recurrent``."""
        return ops.simple_rnn(x, zero, *self._weights())

    def run_back(self, dhs, need_dx):
        """See ``_Recurrent``."""
        return ops.simple_rnn_backward(self._cache, dhs, need_dx)


class LSTM(_Recurrent):
    """Long short-term memory (Hochreiter and Schmidhuber, 1997; with a forget gate). Gates in the order i, f, c, o.

    The forget gate's bias starts at 1 (``unit_forget_bias``), so that at first much is remembered.
    """

    arguments = (*_Recurrent.arguments, "unit_forget_bias")
    gates = 4

    def __init__(self, units, return_sequences=False, unit_forget_bias=True, **more):
        super().__init__(units, return_sequences, **more)
        self.unit_forget_bias = unit_forget_bias

    def build(self, shape):
        """See ``Layer``."""
        super().build(shape)
        if self.unit_forget_bias:
            self.bias.value[self.units : 2 * self.units] = 1

    def run(self, x, zero):
        """See ``_Recurrent``."""
        return ops.lstm(x, zero, zero.copy(), *self._weights(), out=self._rooms if self._training else None)

    def run_back(self, dhs, need_dx):
        """See ``_Recurrent``."""
        return ops.lstm_backward(self._cache, dhs, need_dx, out=self._rooms if self._training else None)


class GRU(_Recurrent):
    """Gated recurrent unit (Cho and others, 2014). Gates in the order z, r, n.

    The reset gate meets the state before the product, as in the paper and in the lessons. Keras's default,
    ``reset_after=True``, applies it after, and has a second row of biases.
    """

    gates = 3

    def run(self, x, zero):
        """See ``_Recurrent``."""
        return ops.gru(x, zero, *self._weights())

    def run_back(self, dhs, need_dx):
        """See ``_Recurrent``."""
        return ops.gru_backward(self._cache, dhs, need_dx)
