"""Raises an error with a message of 100 MB, in characters that no file takes."""


def double(x):
    raise ValueError("\ud800" * 10**6 + "x" * 10**8)
