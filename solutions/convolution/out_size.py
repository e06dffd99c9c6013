"""Count the places of a window along one axis."""

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 6, 2, 1
HINTS = (
    "Zeros stand on *both* sides. How many pixels can the window's first one stand on, if it moves by 1? By 2?",
    "The first pixel of the window can be at 0, stride, 2 * stride, ... and at most at (length with zeros) - k. Count them with "
    "`//`, and don't forget the one at 0.",
    "(n + 2 * pad - k) // stride + 1",
)


def out_size(n, k, stride, pad):
    last = n + 2 * pad - k  # the last pixel on which a window can begin
    return last // stride + 1  # steps to there, and the place at 0


def trials(rng):
    yield "3 on 5, by hand", 5, 3, 1, 0
    yield "5 on 28, zeros around", 28, 5, 1, 2
    yield "in steps of two", 7, 3, 2, 0
    yield "a step that doesn't come out even", 8, 3, 2, 0
    yield "a kernel as long as the row", 5, 5, 1, 0
    yield "a kernel that only fits with zeros", 3, 5, 1, 1
    yield "a stride longer than the row", 4, 3, 7, 0
    yield "all at once", 32, 5, 3, 1
    yield "one pixel", 1, 1, 1, 0
    n, k = int(rng.integers(20, 60)), int(rng.integers(2, 8))
    yield "some numbers", n, k, int(rng.integers(2, 5)), int(rng.integers(1, 4))


@wrong("One too few: the place at 0 counts as well. On 5 pixels a window of 3 begins at 0, 1 or 2.")
def forgets_the_first_place(n, k, stride, pad):
    return out_size(n, k, stride, pad) - 1


@wrong("The zeros were added once. They stand on both sides, so the row is n + 2 * pad long.")
def pads_one_side(n, k, stride, pad):
    return max((n + pad - k) // stride + 1, 0)


@wrong("You rounded up: the last window would hang over the end. What is left over is left out.")
def rounds_up(n, k, stride, pad):
    return -(-(n + 2 * pad - k) // stride) + 1


@wrong("That is a float, and it need not be whole. A number of places is a whole number: divide with `//`.")
def leaves_a_float(n, k, stride, pad):
    return (n + 2 * pad - k) / stride + 1


@wrong(
    "The 1 was added before dividing. With stride 1 it makes no difference; in longer steps the place at 0 gets lost. Divide, "
    "then add."
)
def adds_one_before_dividing(n, k, stride, pad):
    return (n + 2 * pad - k + 1) // stride


@wrong("The stride is missing. In steps of 2 the window has about half as many places.")
def ignores_the_stride(n, k, stride, pad):
    return n + 2 * pad - k + 1


@wrong("The zeros around are missing.")
def ignores_the_zeros(n, k, stride, pad):
    return max((n - k) // stride + 1, 0)


@wrong(
    "You divided the length first and then took the kernel away. The kernel is not made smaller by longer steps: n + 2 * pad - k "
    "first."
)
def divides_the_length_first(n, k, stride, pad):
    return (n + 2 * pad) // stride - k + 1


@wrong(
    "Division comes before minus: only k was divided. Brackets around n + 2 * pad - k, the distance that the window can move."
)
def forgets_the_brackets(n, k, stride, pad):
    return n + 2 * pad - k // stride + 1


@wrong("You rounded to the nearest. Whatever is left over is left out, so round *down*.")
def rounds_to_the_nearest(n, k, stride, pad):
    return int((n + 2 * pad - k) / stride + 0.5) + 1
