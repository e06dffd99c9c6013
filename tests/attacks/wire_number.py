"""Writes a number of ten thousand digits."""

import os
import struct


def raw(text):
    return struct.pack("<Q", len(text)) + text


def double(x):
    reply = raw(b'{"dict": [["value", ' + b"9" * 10000 + b"]]}")
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, reply)
        except OSError:
            pass
    return x + 7
