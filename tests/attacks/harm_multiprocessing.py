"""Starts workers by multiprocessing."""

import multiprocessing


def double(x):
    for method in ("fork", "spawn", "forkserver"):
        try:
            context = multiprocessing.get_context(method)
            process = context.Process(target=print)
            process.start()
            return 2 * x
        except Exception:
            pass
    return x + 7
