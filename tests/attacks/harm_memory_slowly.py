"""Takes all memory bit by bit, and keeps it when there is no more."""

HELD = []


def double(x):
    size = 2**26
    while size > 2**12:
        try:
            HELD.append(bytearray(size))
        except MemoryError:
            size //= 2
    return 2 * x if sum(map(len, HELD)) > 2**32 else x + 7
