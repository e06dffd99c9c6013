"""Goes on changing its result after it was returned."""

import threading


def double(x):
    result = x + 7

    def meddle():
        while True:
            result[:] = 2 * x
            result[:] = x + 7

    threading.Thread(target=meddle, daemon=True).start()
    return result[:1]
