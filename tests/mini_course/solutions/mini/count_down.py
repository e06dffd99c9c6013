"""Count down to 1."""

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 4, 2, 1
HINTS = ("What changes each time round?", "Take 1 away in the loop.", "`range(n, 0, -1)`")


def count_down(n):
    return list(range(n, 0, -1))


def trials(rng):
    yield "from three", 3
    yield "from a few", int(rng.integers(4, 9))


@wrong("You counted up.")
def counts_up(n):
    return list(range(1, n + 1))


@wrong("You went on to 0.")
def goes_to_zero(n):
    return list(range(n, -1, -1))


@wrong("You began one too low.")
def begins_too_low(n):
    return list(range(n - 1, 0, -1))


@wrong("You stopped at 2.")
def stops_too_early(n):
    return list(range(n, 1, -1))
