"""Returns hundreds of megabytes on each trial, for a judge that keeps them all."""

import numpy as np


def double(x):
    return np.zeros(30_000_000)
