"""Recurses without end, with the limit taken off."""

import sys


def double(x):
    sys.setrecursionlimit(10**9)
    return double(x)
