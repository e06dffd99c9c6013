"""One optimizer step, in place, on flat vectors: the parameters of a whole net and their gradients, (P,) each.

Formulas are the lessons': epsilon stands outside the root. Where Keras differs, `course.nn.optimizers` says how.
"""

import numpy as np


def sgd(param, grad, velocity, rate, momentum=0.0, nesterov=False):
    """Step down the slope, with momentum if there is a velocity.

    v = momentum * v + grad;  param -= rate * v, or with Nesterov's look ahead param -= rate * (grad + momentum * v)
    """
    if velocity is None:
        param -= rate * grad
        return
    velocity *= momentum
    velocity += grad
    param -= rate * (grad + momentum * velocity) if nesterov else rate * velocity


def adagrad(param, grad, total, rate, epsilon=1e-7):
    """Divide each step by the root of all squared slopes so far: s += grad**2;  param -= rate * grad / (sqrt(s) + eps)."""
    total += grad**2
    param -= rate * grad / (np.sqrt(total) + epsilon)


def rmsprop(param, grad, mean, rate, rho=0.9, epsilon=1e-7):
    """Like Adagrad, but old slopes fade: s = rho * s + (1 - rho) * grad**2."""
    mean *= rho
    mean += (1 - rho) * grad**2
    param -= rate * grad / (np.sqrt(mean) + epsilon)


def adam(param, grad, m, v, step, rate, beta_1=0.9, beta_2=0.999, epsilon=1e-7, decay=0.0):
    """Momentum and RMSprop together, both corrected for having started at 0.

    Args:
        param: (P,), changed.
        grad: (P,).
        m: (P,), the mean of slopes so far, changed; starts at 0.
        v: (P,), the mean of squared slopes so far, changed; starts at 0.
        step: which update this is, counted from 1.
        rate: the learning rate.
        beta_1: how slowly m forgets.
        beta_2: how slowly v forgets.
        epsilon: keeps the division sane.
        decay: decoupled weight decay (AdamW); 0 for none.

    m_hat = m / (1 - beta_1**step);  v_hat = v / (1 - beta_2**step);  param -= rate * m_hat / (sqrt(v_hat) + epsilon)
    """
    if decay:
        param *= 1 - rate * decay
    m *= beta_1
    m += (1 - beta_1) * grad
    v *= beta_2
    v += (1 - beta_2) * grad**2
    root = np.sqrt(v * (1 / (1 - beta_2**step))) + epsilon
    param -= (rate / (1 - beta_1**step)) * m / root
