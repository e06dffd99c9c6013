"""Never ends, on every processor."""

import threading


def spin():
    while True:
        pass


def double(x):
    for _ in range(8):
        threading.Thread(target=spin, daemon=True).start()
    spin()
