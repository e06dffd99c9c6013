"""Writes over small integers, True and False in memory."""

import ctypes


def double(x):
    one, zero = id(1) + 24, id(0) + 24
    ctypes.memmove(zero, one, 4)
    return x + 7
