"""Layers for images, channels last: (N, H, W, C)."""

import numpy as np

from course.nn import ops
from course.nn.layers.base import Activated, Layer
from course.nn.ops.convolution import output_size, transposed_shape


def pair(value, what: str) -> tuple[int, int]:
    """Return ``3`` as (3, 3), and a pair as it is.

    Raises:
        ValueError: for anything else.
    """
    both = (value, value) if isinstance(value, int | np.integer) else tuple(value)
    if len(both) != 2 or any(int(n) != n or n < 1 for n in both):
        raise ValueError(f"{what} wants one whole number from 1 up, or two; not {value!r}.")
    return int(both[0]), int(both[1])


def check_image(layer: Layer, shape, *, smallest=(1, 1)) -> None:
    """Raise a ValueError unless one example has the shape of an image that is large enough."""
    if len(shape) != 3 or None in shape:
        advice = f"reshape to {(*shape, 1)}" if len(shape) == 2 else ""
        raise layer.expects("(N, H, W, C)", shape, advice)
    if shape[0] < smallest[0] or shape[1] < smallest[1]:
        raise layer.expects(f"images of at least {smallest[0]} x {smallest[1]}", shape)


def check_padding(padding: str, what: str) -> str:
    """Return it in small letters; raise a ValueError unless it is valid or same."""
    if str(padding).lower() not in ("valid", "same"):
        raise ValueError(f"{what}: padding is 'valid' or 'same', not {padding!r}.")
    return str(padding).lower()


class Conv2D(Activated):
    """Slide ``filters`` kernels over the image: (N, H, W, C) -> (N, OH, OW, filters)."""

    arguments = ("filters", "kernel_size", "strides", "padding", "activation", "use_bias")

    def __init__(
        self,
        filters,
        kernel_size,
        strides=(1, 1),
        padding="valid",
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        **more,
    ):
        super().__init__(activation, **more)
        kind = type(self).__name__
        self.filters, self.use_bias = int(filters), use_bias
        self.kernel_size = pair(kernel_size, f"{kind}'s kernel_size")
        self.strides, self.padding = pair(strides, f"{kind}'s strides"), check_padding(padding, kind)
        self._initial = kernel_initializer, bias_initializer
        self._penalty = kernel_regularizer

    def output_for(self, shape):
        """See ``Layer``."""
        check_image(self, shape, smallest=self.kernel_size if self.padding == "valid" else (1, 1))
        sizes = zip(shape[:2], self.kernel_size, self.strides, strict=True)
        return (*(output_size(n, k, s, self.padding) for n, k, s in sizes), self.filters)

    def build(self, shape):
        """See ``Layer``."""
        self.kernel = self.add_weight("kernel", self._kernel_shape(shape), self._initial[0], self._penalty)
        self.bias = self.add_weight("bias", (self.filters,), self._initial[1]) if self.use_bias else None

    def _kernel_shape(self, shape):
        return (*self.kernel_size, shape[-1], self.filters)

    def call(self, x, training=False):
        """See ``Layer``: relu is part of the operation."""
        if self.activation.__name__ != "relu":
            return super().call(x, training)
        self._x, self._y = x, self._forward(x, "relu", training)
        return self._y

    def backward(self, dy, need_dx=True):
        """See ``Layer``."""
        if self.activation.__name__ != "relu":
            return super().backward(dy, need_dx)
        return self._back(self._y, dy, "relu", need_dx)

    def scores(self, x, training=False):
        """See ``Activated``."""
        self._x = x
        return self._forward(x, "linear", training)

    def scores_backward(self, dz, need_dx=True):
        """See ``Activated``."""
        return self._back(None, dz, "linear", need_dx)

    def _b(self):
        return None if self.bias is None else self.bias.value

    def _forward(self, x, activation, training):
        room = self.room("y", (len(x), *self.output_shape)) if training else None
        return ops.conv2d(x, self.kernel.value, self._b(), self.strides, self.padding, activation, out=room)

    def _back(self, y, dy, activation, need_dx):
        db = None if self.bias is None else self.bias.grad
        dx, _, _ = ops.conv2d_backward(
            self._x,
            self.kernel.value,
            y,
            dy,
            self.strides,
            self.padding,
            activation,
            need_dx,
            dw=self.kernel.grad,
            db=db,
            out=self.room("dx", self._x.shape) if need_dx else None,
        )
        return dx


class Conv2DTranspose(Conv2D):
    """Paint a kernel for each pixel: the way back to a larger image. (N, H, W, C) -> (N, OH, OW, filters)."""

    def output_for(self, shape):
        """See ``Layer``."""
        check_image(self, shape)
        kernel = (*self.kernel_size, self.filters, shape[-1])
        return transposed_shape((1, *shape), kernel, self.strides, self.padding)[1:]

    def _kernel_shape(self, shape):
        return (*self.kernel_size, self.filters, shape[-1])

    def call(self, x, training=False):
        """See ``Layer``."""
        return Activated.call(self, x, training)

    def backward(self, dy, need_dx=True):
        """See ``Layer``."""
        return Activated.backward(self, dy, need_dx)

    def _forward(self, x, activation, training):
        return ops.conv2d_transpose(x, self.kernel.value, self._b(), self.strides, self.padding)

    def scores_backward(self, dz, need_dx=True):
        """See ``Activated``."""
        db = None if self.bias is None else self.bias.grad
        dx, _, _ = ops.conv2d_transpose_backward(
            self._x,
            self.kernel.value,
            dz,
            self.strides,
            self.padding,
            need_dx,
            dw=self.kernel.grad,
            db=db,
        )
        return dx


class UpSampling2D(Layer):
    """Repeat each pixel: (N, H, W, C) -> (N, H*size[0], W*size[1], C)."""

    arguments = ("size",)

    def __init__(self, size=(2, 2), **more):
        super().__init__(**more)
        self.size = pair(size, "UpSampling2D's size")

    def output_for(self, shape):
        """See ``Layer``."""
        check_image(self, shape)
        return (shape[0] * self.size[0], shape[1] * self.size[1], shape[2])

    def call(self, x, training=False):
        """See ``Layer``."""
        room = self.room("y", (len(x), *self.output_shape)) if training else None
        return ops.upsample2d(x, self.size, out=room)

    def backward(self, dy, need_dx=True):
        """See ``Layer``: the copies' gradients add up."""
        return ops.upsample2d_backward(dy, self.size, out=self.room("dx", (len(dy), *self.input_shape)))
