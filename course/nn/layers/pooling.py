"""Layers that make images smaller without any weights."""

import numpy as np

from course.nn import ops
from course.nn.layers.base import Layer
from course.nn.layers.convolution import check_image, check_padding, pair
from course.nn.ops.convolution import output_size


class _Pooling(Layer):
    """Each window becomes one number: (N, H, W, C) -> (N, OH, OW, C)."""

    arguments = ("pool_size", "strides", "padding")

    def __init__(self, pool_size=(2, 2), strides=None, padding="valid", **more):
        super().__init__(**more)
        kind = type(self).__name__
        self.pool_size = pair(pool_size, f"{kind}'s pool_size")
        self.strides = self.pool_size if strides is None else pair(strides, f"{kind}'s strides")
        self.padding = check_padding(padding, kind)

    def output_for(self, shape):
        """See ``Layer``."""
        check_image(self, shape, smallest=self.pool_size if self.padding == "valid" else (1, 1))
        sizes = zip(shape[:2], self.pool_size, self.strides, strict=True)
        return (*(output_size(n, k, s, self.padding) for n, k, s in sizes), shape[2])


class MaxPooling2D(_Pooling):
    """Keep each window's maximum; what is left over at the end is dropped."""

    def call(self, x, training=False):
        """See ``Layer``."""
        self._x = x
        room = self.room("y", (len(x), *self.output_shape)) if training else None
        self._y = ops.maxpool2d(x, self.pool_size, self.strides, self.padding, out=room)
        return self._y

    def backward(self, dy, need_dx=True):
        """See ``Layer``."""
        room = self.room("dx", self._x.shape)
        return ops.maxpool2d_backward(
            self._x, self._y, dy, self.pool_size, self.strides, self.padding, out=room
        )


class AveragePooling2D(_Pooling):
    """Keep each window's mean."""

    def call(self, x, training=False):
        """See ``Layer``."""
        self._x = x
        self._y = ops.avgpool2d(x, self.pool_size, self.strides, self.padding)
        return self._y

    def backward(self, dy, need_dx=True):
        """See ``Layer``."""
        return ops.avgpool2d_backward(self._x, self._y, dy, self.pool_size, self.strides, self.padding)


class GlobalAveragePooling2D(Layer):
    """Keep each channel's mean: (N, H, W, C) -> (N, C)."""

    def output_for(self, shape):
        """See ``Layer``."""
        check_image(self, shape)
        return (shape[2],)

    def call(self, x, training=False):
        """See ``Layer``."""
        self._shape = x.shape
        return x.mean(axis=(1, 2))

    def backward(self, dy, need_dx=True):
        """See ``Layer``."""
        share = dy[:, None, None, :] / (self._shape[1] * self._shape[2])
        return np.ascontiguousarray(np.broadcast_to(share, self._shape), dy.dtype)
