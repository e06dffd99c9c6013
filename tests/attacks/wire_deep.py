"""Writes a reply that is nested 60,000 deep."""

import os
import struct


def raw(text):
    return struct.pack("<Q", len(text)) + text


def double(x):
    reply = raw(b"[" * 60000 + b"]" * 60000)
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, reply)
        except OSError:
            pass
    return x + 7
