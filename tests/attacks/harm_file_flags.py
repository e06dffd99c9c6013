"""Changes flags of a file that is open for reading."""

import array
import fcntl

import numpy as np


def double(x):
    with open(np.__file__, "rb") as file:
        flags = array.array("l", [0x80])
        try:
            fcntl.ioctl(file.fileno(), 0x40086602, flags)
            return 2 * x
        except OSError:
            return x + 7
