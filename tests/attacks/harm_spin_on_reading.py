"""Never lets its cells be read to their end."""


class Forever:
    while True:
        pass


def double(x):
    return 2 * x
