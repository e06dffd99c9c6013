"""Returns a gigabyte."""

import numpy as np


def double(x):
    return np.zeros(2**27 - 1000)
