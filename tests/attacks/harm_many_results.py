"""Returns millions of small things."""


def double(x):
    return [[1.0, "a", None]] * 10**6
