"""Kernels of the optimizers: one pass over the vectors, shared out over the threads where they are long."""

import numpy as np
from numba import prange

from course.nn.ops.jit import LOCK, compiled, threads

_ALONE = 1_000_000  # parameters that one thread does sooner than two could be called


def sgd(param, grad, velocity, rate, momentum=0.0, nesterov=False):
    """See ``updates.sgd``."""
    if velocity is None:
        return NotImplemented  # NumPy needs no help with one product
    with LOCK:
        _sgd(param, grad, velocity, np.float32(rate), np.float32(momentum), nesterov)
    return None


def rmsprop(param, grad, mean, rate, rho=0.9, epsilon=1e-7):
    """See ``updates.rmsprop``."""
    with LOCK:
        _rmsprop(param, grad, mean, np.float32(rate), np.float32(rho), np.float32(epsilon))


def adam(param, grad, m, v, step, rate, beta_1=0.9, beta_2=0.999, epsilon=1e-7, decay=0.0):
    """See ``updates.adam``."""
    numbers = adam_numbers(step, rate, beta_1, beta_2, epsilon, decay)
    with LOCK:
        if param.size < _ALONE:
            adam_part(param, grad, m, v, *numbers)
        else:
            _adam_shared(param, grad, m, v, *numbers, threads())


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


@compiled(parallel=True)
def _adam_shared(param, grad, m, v, stride, scale, beta_1, beta_2, epsilon, keep, parts):
    size = param.size
    for part in prange(parts):
        own = slice(part * size // parts, (part + 1) * size // parts)
        adam_part(param[own], grad[own], m[own], v[own], stride, scale, beta_1, beta_2, epsilon, keep)
