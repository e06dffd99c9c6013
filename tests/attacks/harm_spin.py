"""Never ends, whatever is thrown at it."""


def double(x):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
