"""Claims that it raised just what was expected."""

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


def double(x):
    reply = header(
        fields(
            error=packed(
                {"kind": "E", "kinds": ["E", "Exception"], "message": "", "where": None, "code": None}
            )
        )
    )
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, reply)
        except OSError:
            pass
    return x + 7
