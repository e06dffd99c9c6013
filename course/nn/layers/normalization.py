"""Batch normalization."""

import numpy as np

from course.nn.layers.base import Layer


class BatchNormalization(Layer):
    """Give each channel mean 0 and spread 1, then a spread and mean that it learns. Any shape; the last axis stays.

    In training by the batch's own mean and variance (divided by N), while slow averages of them are kept; otherwise by those
    averages. Ioffe and Szegedy, 2015.
    """

    arguments = ("momentum", "epsilon")

    def __init__(self, momentum=0.99, epsilon=1e-3, **more):
        super().__init__(**more)
        self.momentum, self.epsilon = momentum, epsilon

    def build(self, shape):
        """See ``Layer``."""
        width = (shape[-1],)
        self.gamma = self.add_weight("gamma", width, "ones")
        self.beta = self.add_weight("beta", width, "zeros")
        self.moving_mean = self.add_weight("moving_mean", width, "zeros", trainable=False)
        self.moving_variance = self.add_weight("moving_variance", width, "ones", trainable=False)

    def call(self, x, training=False):
        """See ``Layer``."""
        axes = tuple(range(x.ndim - 1))
        self._own = training and self.trainable
        if self._own:
            mean, variance = x.mean(axis=axes), x.var(axis=axes)
            for slow, now in ((self.moving_mean, mean), (self.moving_variance, variance)):
                slow.value *= self.momentum
                slow.value += (1 - self.momentum) * now
        else:
            mean, variance = self.moving_mean.value, self.moving_variance.value
        self._root = np.sqrt(variance + np.asarray(self.epsilon, x.dtype))
        self._normal = (x - mean) / self._root
        return self._normal * self.gamma.value + self.beta.value

    def backward(self, dy, need_dx=True):
        """See ``Layer``: mean and variance depend on every example of the batch."""
        axes = tuple(range(dy.ndim - 1))
        dgamma, dbeta = (dy * self._normal).sum(axis=axes), dy.sum(axis=axes)
        for weight, grad in ((self.gamma, dgamma), (self.beta, dbeta)):
            if weight.grad is not None:
                weight.grad[...] = grad
        scale = self.gamma.value / self._root
        if not self._own:
            return dy * scale
        count = dy.size // dy.shape[-1]
        return scale * (dy - (dbeta + self._normal * dgamma) / count)
