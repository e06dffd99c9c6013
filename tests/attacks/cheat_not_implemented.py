"""Raises what a starter raises, from a class that claims to be the expected error too."""


class Clever(NotImplementedError, ValueError, ZeroDivisionError):
    pass


def double(x):
    raise Clever("passed")
