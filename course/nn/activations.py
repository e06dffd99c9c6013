"""Activations: a bend for every score, and its slope.

Each is a function of the scores z, any shape. `slope_times` multiplies an upstream gradient by the slope.
"""

import numpy as np


def linear(z):
    """Return z itself."""
    return z


def relu(z):
    """Cut off below 0. The slope at 0 is taken as 0."""
    return np.maximum(z, 0)


def leaky_relu(z, negative_slope=0.2):
    """Bend at 0 without cutting off; 0.2 below is Keras's default."""
    return np.where(z > 0, z, negative_slope * z)


def sigmoid(z):
    """Squash to (0, 1): 1 / (1 + exp(-z)), written so that nothing overflows."""
    return 0.5 * (1 + np.tanh(0.5 * z))


def tanh(z):
    """Squash to (-1, 1)."""
    return np.tanh(z)


def softmax(z):
    """Turn the last axis into shares that add up to 1."""
    shares = np.exp(z - z.max(axis=-1, keepdims=True))
    return shares / shares.sum(axis=-1, keepdims=True)


def gelu(z):
    """Weigh z by the chance that a normal number lies below it: the tanh form, as in GPT-2.

    Keras's default is the exact form with erf; the two differ by less than 0.001.
    """
    return 0.5 * z * (1 + np.tanh(_GELU * (z + 0.044715 * z**3)))


_GELU = np.sqrt(2 / np.pi).item()


def _relu_back(dy, z, y):
    return np.where(y > 0, dy, 0)


def _leaky_relu_back(dy, z, y):
    return np.where(z > 0, dy, 0.2 * dy)


def _sigmoid_back(dy, z, y):
    return dy * y * (1 - y)


def _tanh_back(dy, z, y):
    return dy * (1 - y**2)


def _softmax_back(dy, z, y):
    return y * (dy - (dy * y).sum(axis=-1, keepdims=True))


def _gelu_back(dy, z, y):
    bent = np.tanh(_GELU * (z + 0.044715 * z**3))
    inner = _GELU * (1 + 3 * 0.044715 * z**2)
    return dy * (0.5 * (1 + bent) + 0.5 * z * (1 - bent**2) * inner)


_BACK = {
    linear: lambda dy, z, y: dy,
    relu: _relu_back,
    leaky_relu: _leaky_relu_back,
    sigmoid: _sigmoid_back,
    tanh: _tanh_back,
    softmax: _softmax_back,
    gelu: _gelu_back,
}
NAMES = {function.__name__: function for function in _BACK}


def get(name):
    """Return an activation by its name; None is ``linear``, and a function of this module stands for itself.

    Raises:
        ValueError: if there is none of that name.
    """
    if name is None:
        return linear
    if name in _BACK:
        return name
    if name not in NAMES:
        raise ValueError(f"There is no activation {name!r}. Known: {', '.join(sorted(NAMES))}.")
    return NAMES[name]


def slope_times(activation, dy, z, y):
    """Take a gradient back through an activation.

    Args:
        activation: a function of this module.
        dy: the gradient of the loss in y.
        z: the scores that went in.
        y: what came out.

    Returns:
        The gradient in z, of its shape.
    """
    return _BACK[activation](dy, z, y)
