"""Two small things under Keras's name ``utils``."""

import numpy as np

from course.nn import randomness


def to_categorical(x, num_classes=None):
    """Turn class numbers into one-hot rows.

    Args:
        x: (N,), whole numbers from 0 up.
        num_classes: K; default: one more than the largest.

    Returns:
        (N, K), float32.

    Raises:
        ValueError: if a number lies outside 0 to K - 1.
    """
    labels = np.asarray(x)
    whole = labels.astype(np.int64)
    if labels.dtype.kind == "f" and not np.array_equal(whole, labels):
        raise ValueError(f"to_categorical wants class numbers; {labels.ravel()[0]} is none.")
    count = int(num_classes or whole.max(initial=-1) + 1)
    if whole.size and (whole.min() < 0 or whole.max() >= count):
        raise ValueError(
            f"to_categorical: classes run from {whole.min()} to {whole.max()}; {count} classes are 0 to {count - 1}."
        )
    return np.eye(count, dtype=np.float32)[whole]


def set_random_seed(seed: int) -> None:
    """Begin all random numbers anew: initial weights, shuffling, dropout."""
    randomness.seed(seed)
