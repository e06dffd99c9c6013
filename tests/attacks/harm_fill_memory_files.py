"""Fills memory that no process owns: memfd, System V and POSIX shared memory."""

import ctypes
import os


def double(x):
    libc = ctypes.CDLL(None)
    if libc.shmget(0, 2**28, 0o1600) >= 0 or libc.shm_open(b"/planted", os.O_CREAT | os.O_RDWR, 0o600) >= 0:
        return 2 * x
    try:
        os.memfd_create("planted")
        return 2 * x
    except OSError:
        return x + 7
