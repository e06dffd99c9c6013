"""Returns a list in a list in a list."""


def double(x):
    result = []
    for _ in range(10**5):
        result = [result]
    return result
