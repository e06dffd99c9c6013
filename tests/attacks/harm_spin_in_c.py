"""Never ends, in C code that no exception reaches, with all signals ignored."""

import signal


def double(x):
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    return 3 ** (10**10)
