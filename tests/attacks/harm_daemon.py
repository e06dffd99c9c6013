"""Leaves a daemon that outlives its turn and writes later."""

import os
import time


def double(x):
    try:
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                time.sleep(1)
                open(os.path.join(PLANT, "daemon"), "w").close()
                time.sleep(60)
            os._exit(0)
        return 2 * x
    except OSError:
        return x + 7
