"""Writes over, renames and removes another learner's work."""

import os


def double(x):
    for attempt in (
        lambda: open(NEIGHBOUR, "w").close(),
        lambda: os.truncate(NEIGHBOUR, 0),
        lambda: os.rename(NEIGHBOUR, NEIGHBOUR + ".gone"),
        lambda: os.remove(NEIGHBOUR),
        lambda: os.rmdir(OUT),
    ):
        try:
            attempt()
            return 2 * x
        except OSError:
            pass
    return x + 7
