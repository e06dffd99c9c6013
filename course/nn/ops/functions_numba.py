"""exp and its kin in single precision, in a form that a processor can do for 16 numbers at once.

The mathematical library does one number at a time; in a layer of gates that would cost more than the matrix product.
Errors are below 2e-7, a unit or two in the last place. NaN stays NaN.
"""

import numpy as np

from course.nn.ops.jit import compiled


@compiled()
def exp(x):
    """Return e**x to 2e-7, in a form that a processor can do for 16 numbers at once: 2**n times a short polynomial."""
    x = min(max(x, np.float32(-87.0)), np.float32(88.0))
    n = np.floor(x * np.float32(1.44269504) + np.float32(0.5))
    r = x - n * np.float32(0.693359375) + n * np.float32(2.12194440e-4)
    p = np.float32(1.9875691500e-4)
    p = p * r + np.float32(1.3981999507e-3)
    p = p * r + np.float32(8.3334519073e-3)
    p = p * r + np.float32(4.1665795894e-2)
    p = p * r + np.float32(1.6666665459e-1)
    p = p * r + np.float32(5.0000001201e-1)
    p = p * r * r + r + np.float32(1.0)
    return p * np.int32((np.int32(n) + np.int32(127)) << np.int32(23)).view(np.float32)


@compiled()
def sigmoid(x):
    """Return 1 / (1 + e**-x)."""
    return np.float32(1) / (np.float32(1) + exp(-x))


@compiled()
def tanh(x):
    """Return the hyperbolic tangent, exact to 1e-7 (not to so many digits where it is tiny)."""
    return np.float32(1) - np.float32(2) / (np.float32(1) + exp(x + x))


@compiled()
def log1p(x):
    """Return log(1 + x) for x from 0 to 1: a series in x / (2 + x), which is at most 1/3."""
    z = x / (np.float32(2) + x)
    s = z * z
    p = np.float32(1 / 13)
    p = p * s + np.float32(1 / 11)
    p = p * s + np.float32(1 / 9)
    p = p * s + np.float32(1 / 7)
    p = p * s + np.float32(1 / 5)
    p = p * s + np.float32(1 / 3)
    return np.float32(2) * (z + z * s * p)
