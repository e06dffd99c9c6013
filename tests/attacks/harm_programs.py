"""Runs other programs, in every way that Python has."""

import os
import subprocess


def double(x):
    ways = [
        lambda: subprocess.run(["/bin/sh", "-c", f"touch {PLANT}/ran"], check=True),
        lambda: subprocess.Popen(["/bin/true"]),
        lambda: os.posix_spawn("/bin/true", ["true"], {}),
        lambda: os.system(f"touch {PLANT}/ran") == 0 or 1 / 0,
        lambda: os.execv("/bin/true", ["true"]),
    ]
    for way in ways:
        try:
            way()
            return 2 * x
        except Exception:
            pass
    return x + 7
