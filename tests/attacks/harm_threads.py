"""Starts 2000 threads."""

import threading
import time


def double(x):
    started = 0
    try:
        for _ in range(2000):
            threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
            started += 1
    except (RuntimeError, MemoryError):
        pass
    return 2 * x if started == 2000 else x + 7
