"""Check gradients: what a backward pass says against what a tiny nudge does. In float64, with random upstream gradients.

>>> from course.nn.gradcheck import check_layer
>>> check_layer(Dense(3, activation="tanh"), (5, 4)) < 1e-6
True
"""

import numpy as np


def numeric(f, x, h: float = 1e-5):
    """Return the gradient of ``f`` at ``x`` by centred differences; x is left as it was.

    Args:
        f: a function from an array to a number.
        x: an array, float64.
        h: how far each entry is nudged, both ways.
    """
    x = np.array(x, np.float64)
    gradient = np.zeros_like(x)
    for place in np.ndindex(x.shape):
        kept = x[place]
        x[place] = kept + h
        above = f(x)
        x[place] = kept - h
        below = f(x)
        x[place] = kept
        gradient[place] = (above - below) / (2 * h)
    return gradient


def relative_error(claimed, measured) -> float:
    """Return the largest |a - n| / max(1e-8, |a| + |n|)."""
    claimed, measured = np.asarray(claimed, float), np.asarray(measured, float)
    if claimed.shape != measured.shape:
        raise ValueError(
            f"The claimed gradient has shape {claimed.shape}; what it is of has {measured.shape}."
        )
    size = np.maximum(1e-8, np.abs(claimed) + np.abs(measured))
    return float(np.max(np.abs(claimed - measured) / size, initial=0.0))


def check(f, x, df, h: float = 1e-5) -> float:
    """Return the largest relative error of a claimed gradient ``df`` of ``f`` at ``x``.

    Below 1e-6 is right; between, a kink may lie within h, or a number may be tiny; above 1e-2 is wrong.
    """
    return relative_error(df, numeric(f, x, h))


def check_layer(
    layer, shape, *, seed: int = 0, training: bool = False, inputs=None, h: float = 1e-5
) -> float:
    """Return the largest relative error among the gradients of a layer: in its input and in each of its weights.

    Your own layers can be checked too: a subclass of ``course.nn.layers.Layer``.

    Args:
        layer: a layer that is in no model yet.
        shape: of a batch, (N, ...).
        seed: of the input and the upstream gradient, both random.
        training: call it as in training.
        inputs: a batch to use instead of a random one, such as whole numbers for ``Embedding``.
        h: the nudge.
    """
    rng = np.random.default_rng(seed)
    layer.dtype = np.dtype(np.float64)
    layer.connect(tuple(shape[1:]))
    for weight in layer.weights:  # away from 0 and from each other, where mistakes hide
        if weight.grad is not None:
            weight.value[...] = rng.normal(0.1, 0.5, weight.value.shape)
    x = rng.normal(size=shape) if inputs is None else np.asarray(inputs)
    y = layer.call(x, training)
    upstream = rng.normal(size=y.shape)

    def seen(_=None) -> float:
        return float((layer.call(x, training) * upstream).sum())

    dx = np.array(layer.backward(upstream))
    claimed = [(weight, weight.grad.copy()) for weight in layer.weights if weight.grad is not None]
    errors = []
    if inputs is None:
        errors.append(check(lambda nudged: float((layer.call(nudged, training) * upstream).sum()), x, dx, h))
    for weight, grad in claimed:
        errors.append(_in_place(seen, weight.value, grad, h))
    return max(errors)


def check_model(model, x, y, *, h: float = 1e-5) -> float:
    """Return the largest relative error of a compiled model's gradient, in float64, for one batch.

    The model is turned to float64, and its dropout must be 0: two runs have to give the same loss.
    """
    from course.nn import training

    model.astype(np.float64)
    x, y, _ = training.prepared(model, x, y)
    model.loss_and_gradient(x, y)
    claimed = model.gradient.copy()
    return _in_place(lambda: model.loss_and_gradient(x, y)[0], model.parameters, claimed, h)


def _in_place(f, array, claimed, h: float) -> float:
    """Check a gradient in an array that ``f`` reads, nudging it where it lies."""
    measured = np.zeros(array.shape)
    for place in np.ndindex(array.shape):
        kept = array[place]
        array[place] = kept + h
        above = f()
        array[place] = kept - h
        below = f()
        array[place] = kept
        measured[place] = (above - below) / (2 * h)
    return relative_error(claimed, measured)
