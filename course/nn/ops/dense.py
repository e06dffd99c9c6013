"""A dense layer: every output is a weighted sum of every input.

Activations that are fused here need only the output for their backward pass: ``linear`` and ``relu``.
"""

import numpy as np


def dense(x, w, b=None, activation="linear"):
    """Multiply a batch by a weight matrix and add the biases.

    Args:
        x: (N, D).
        w: (D, K).
        b: (K,), or None for no biases.
        activation: ``linear`` or ``relu``.

    Returns:
        (N, K).

    y[n, k] = activation(sum over d of x[n, d] * w[d, k] + b[k])
    """
    y = x @ w
    if b is not None:
        y += b
    if activation == "relu":
        np.maximum(y, 0, out=y)
    return y


def dense_backward(x, w, y, dy, activation="linear", need_dx=True, dw=None, db=None):
    """Take the gradient back through ``dense``.

    Args:
        x: (N, D), what went in.
        w: (D, K).
        y: (N, K), what came out.
        dy: (N, K), the gradient of the loss in y.
        activation: as in ``dense``.
        need_dx: False for the first layer, whose inputs are data.
        dw: (D, K), an array for the weights' gradient, or None for a new one.
        db: (K,), likewise.

    Returns:
        (dx, dw, db): (N, D) or None, (D, K), (K,).

    dz = dy where y > 0 (relu) or dy (linear);  dx = dz @ w.T;  dw = x.T @ dz;  db = sum over n of dz
    """
    dz = np.where(y > 0, dy, 0) if activation == "relu" else dy
    dw = np.matmul(x.T, dz, out=dw)
    db = np.sum(dz, axis=0, out=db)
    dx = dz @ w.T if need_dx else None
    return dx, dw, db
