"""Kernels of the optimizers: one pass over the vectors, shared out over the threads where they are long."""

import numpy as np

from course.nn.ops.jit import compiled
from course.nn.ops.pool_numba import call_blocks, shares


def sgd(param, grad, velocity, rate, momentum=0.0, nesterov=False):
    """See ``updates.sgd``."""
    if velocity is None:
        return NotImplemented  # NumPy needs no help with one product
    _sgd(param, grad, velocity, np.float32(rate), np.float32(momentum), nesterov)
    return None


def rmsprop(param, grad, mean, rate, rho=0.9, epsilon=1e-7):
    """See ``updates.rmsprop``."""
    _rmsprop(param, grad, mean, np.float32(rate), np.float32(rho), np.float32(epsilon))


def adam(param, grad, m, v, step, rate, beta_1=0.9, beta_2=0.999, epsilon=1e-7, decay=0.0):
    """See ``updates.adam``."""
    numbers = adam_numbers(step, rate, beta_1, beta_2, epsilon, decay)
    parts = shares(param.size, 10 * param.size)
    call_blocks("adam", parts, param, grad, m, v, np.array(numbers), param.size, 1)


@compiled()
def _sgd(param, grad, velocity, rate, momentum, nesterov):
    for i in range(param.size):
        now = momentum * velocity[i] + grad[i]
        velocity[i] = now
        param[i] -= rate * (grad[i] + momentum * now if nesterov else now)


@compiled()
def _rmsprop(param, grad, mean, rate, rho, epsilon):
    one = np.float32(1)
    for i in range(param.size):
        now = rho * mean[i] + (one - rho) * grad[i] * grad[i]
        mean[i] = now
        param[i] -= rate * grad[i] / (np.sqrt(now) + epsilon)


def adam_numbers(step, rate, beta_1, beta_2, epsilon, decay):
    """Return the numbers of one step: its length, the correction of v, the two betas, epsilon, what decay leaves."""
    numbers = rate / (1 - beta_1**step), 1 / (1 - beta_2**step), beta_1, beta_2, epsilon, 1 - rate * decay
    return tuple(map(np.float32, numbers))


@compiled()
def adam_part(param, grad, m, v, stride, scale, beta_1, beta_2, epsilon, keep):
    """Make Adam's step; the numbers are those of ``adam_numbers``."""
    one = np.float32(1)
    for i in range(param.size):
        slope = grad[i]
        mean = beta_1 * m[i] + (one - beta_1) * slope
        square = beta_2 * v[i] + (one - beta_2) * slope * slope
        m[i], v[i] = mean, square
        param[i] = keep * param[i] - stride * mean / (np.sqrt(square * scale) + epsilon)
