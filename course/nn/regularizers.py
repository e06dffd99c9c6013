"""Penalties on weights: what they cost, and the slope that they add. Sums over the weights, as in Keras."""

from collections.abc import Callable

import numpy as np


class L1L2:
    """l1 * sum|w| + l2 * sum(w**2); no half before l2, so its slope is 2 * l2 * w."""

    def __init__(self, l1=0.0, l2=0.0):
        self.l1, self.l2 = float(l1), float(l2)

    def __call__(self, w) -> float:
        """Return the penalty."""
        return float(self.l1 * np.abs(w).sum() + self.l2 * np.square(w).sum())

    def slope(self, w):
        """Return the penalty's gradient, of w's shape."""
        return self.l1 * np.sign(w) + 2 * self.l2 * w

    def get_config(self) -> dict:
        """Return what a copy is made from."""
        return {"l1": self.l1, "l2": self.l2}


class L1(L1L2):
    """l1 * sum|w|: drives weights to exactly 0."""

    def __init__(self, l1=0.01):
        super().__init__(l1=l1)


class L2(L1L2):
    """l2 * sum(w**2): shrinks weights in proportion."""

    def __init__(self, l2=0.01):
        super().__init__(l2=l2)


def l1_l2(l1=0.01, l2=0.01):
    """Return both penalties together."""
    return L1L2(l1, l2)


l1, l2 = L1, L2
_NAMES: dict[str, Callable[[], L1L2]] = {"l1": L1, "l2": L2, "l1_l2": l1_l2}


def get(name):
    """Return a regularizer by its name, from its configuration, or itself; None for none.

    Raises:
        ValueError: if there is none of that name.
    """
    if name is None or isinstance(name, L1L2):
        return name
    if isinstance(name, dict):
        return L1L2(**name)
    if name not in _NAMES:
        raise ValueError(f"There is no regularizer {name!r}. Known: {', '.join(_NAMES)}.")
    return _NAMES[name]()
