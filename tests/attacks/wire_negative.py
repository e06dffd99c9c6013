"""Claims that its array has a negative length."""

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
    reply = outcome({"array": ["d", [-3]]})
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, reply)
        except OSError:
            pass
    return x + 7
