"""Makes every warning and floating-point event an error or a call of its own."""

import warnings

import numpy as np

np.seterr(all="call")
np.seterrcall(lambda *a: None)
warnings.simplefilter("error")


def double(x):
    warnings.warn("now", stacklevel=1)
    return x + 7
