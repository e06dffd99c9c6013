"""The one source of random numbers: initial weights, shuffling, dropout."""

import numpy as np

_generator = np.random.default_rng()


def generator() -> np.random.Generator:
    """Return the generator that everything here draws from."""
    return _generator


def seed(number: int) -> None:
    """Begin again from a seed: the same calls then give the same numbers."""
    global _generator
    _generator = np.random.default_rng(number)
