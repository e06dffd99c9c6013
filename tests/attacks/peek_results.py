"""Reads the results so far."""

import os


def double(x):
    try:
        return 2 * x if os.listdir(OUT) or open(os.path.join(OUT, "results.jsonl")).read() else x
    except OSError:
        return x + 7
