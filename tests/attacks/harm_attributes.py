"""Changes modes, owners, times and attributes of files that it can't open."""

import os


def double(x):
    for path in (OUT, NEIGHBOUR, SECRET, SOLUTION):
        for attempt in (
            lambda: os.chmod(path, 0),
            lambda: os.chown(path, 65534, 65534),
            lambda: os.utime(path, (0, 0)),
            lambda: os.setxattr(path, "user.planted", b"1"),
        ):
            try:
                attempt()
                return 2 * x
            except OSError:
                pass
    return x + 7
