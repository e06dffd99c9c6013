"""Writes a reply of its own with an array of 200 MB."""

import json
import os
import struct


def double(x):
    value = {"array": ["d", [25_000_000]]}
    fine = {"value": value, "strange": None, "error": None, "changed": [], "returned": "", "printed": ""}
    fine |= {"notes": [], "stopped": None}
    header = json.dumps({"dict": [[key, item] for key, item in fine.items()]}).encode()
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, struct.pack("<Q", len(header)) + header)
            for _ in range(200):
                os.write(descriptor, bytes(10**6))
        except OSError:
            pass
    return x + 7
