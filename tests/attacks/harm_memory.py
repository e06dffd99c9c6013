"""Takes 3 GB at once."""

import numpy as np


def double(x):
    try:
        return 2 * x if np.ones(400_000_000).sum() else x
    except MemoryError:
        return x + 7
