"""Leaves threads that go on after the answer, and an answer that never comes back to the loop."""

import threading
import time


def work():
    while True:
        time.sleep(0.01)


def double(x):
    for _ in range(5):
        threading.Thread(target=work, daemon=False).start()
    return x + 7
