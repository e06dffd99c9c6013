"""The price that even a perfect copy pays."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 10, 3, 2
HINTS = (
    "A perfect copy says x where the pixel is x. Write down its binary cross-entropy, and then ask which pixels give trouble.",
    "-(x log x + (1 - x) log(1 - x)), the mean over all pixels. At x = 0 the first part is 0 * log 0, which is to count as 0: "
    "give log something harmless there.",
    "p = x[(x > 0) & (x < 1)]: only these pay. -(p * np.log(p) + (1 - p) * np.log(1 - p)).sum() / x.size",
)


def bce_floor(x):
    grey = x[(x > 0) & (x < 1)]  # pixels of 0 and 1 pay nothing
    return -(grey * np.log(grey) + (1 - grey) * np.log(1 - grey)).sum() / x.size


def trials(rng):
    yield "all pixels one half", np.full((2, 3), 0.5)
    yield "a grey one, a black one, a white one", np.array([[0.25, 1.0, 0.0]])
    yield "only ink and paper", np.array([[0.0, 1.0, 1.0], [1.0, 0.0, 0.0]])
    yield "ink and paper in whole numbers", np.array([[0, 1], [1, 1], [0, 0]])
    yield "five pictures of four grey pixels", rng.uniform(0.05, 0.95, (5, 4))
    yield "as many pictures as pixels", rng.integers(0, 17, (6, 6)) / 16
    yield "one picture", rng.integers(0, 5, (1, 9)) / 4
    yield "pictures with height and width", rng.integers(0, 17, (3, 4, 5)) / 16
    yield "pale grey", np.array([[1e-12, 1e-3, 1 - 1e-3, 0.0]])


def _prices(x):
    with np.errstate(all="ignore"):
        return -(np.nan_to_num(x * np.log(x)) + np.nan_to_num((1 - x) * np.log(1 - x)))


@wrong(
    "It became NaN: 0 * log 0, at black or white pixels. They are certain and pay nothing: leave them out of the sum."
)
def nan_at_the_ends(x):
    return -(x * np.log(x) + (1 - x) * np.log(1 - x)).mean()


@wrong(
    "Pixels of 0 and 1 were pushed inside by a small amount, and so pay a little each. The floor of a picture of ink and paper "
    "alone is 0 exactly."
)
def pushes_the_ends_inside(x):
    p = np.clip(x, 1e-7, 1 - 1e-7)
    return -(p * np.log(p) + (1 - p) * np.log(1 - p)).mean()


@wrong("Only the ink was priced. A pixel of x is x ink *and* 1 - x paper: both parts have a logarithm.")
def ink_only(x):
    with np.errstate(all="ignore"):
        return -np.nan_to_num(x * np.log(x)).mean()


@wrong("The mean runs over the grey pixels alone. Black and white ones pay 0, and they count.")
def mean_of_the_grey(x):
    grey = x[(x > 0) & (x < 1)]
    return -(grey * np.log(grey) + (1 - grey) * np.log(1 - grey)).mean() if grey.size else 0.0


@wrong("That is the sum over all pixels. Wanted is the mean.")
def sum_not_mean(x):
    return _prices(x).sum()


@wrong(
    "The sum over each picture's pixels, then the mean over pictures: wanted is the mean over *all* pixels."
)
def mean_over_pictures_only(x):
    return _prices(x).sum() / len(x)


@wrong("The sign is turned: a price is not below 0, and logarithms of numbers below 1 are.")
def sign_turned(x):
    return -_prices(x).mean()


@wrong("That is in bits. Wanted are nats: np.log, as in the loss.")
def in_bits(x):
    return _prices(x).mean() / np.log(2)


@wrong(
    "The pixels were averaged first, and the average priced. Each pixel pays its own price; average the prices."
)
def prices_the_average(x):
    p = x.mean()
    return -(p * np.log(p) + (1 - p) * np.log(1 - p))


@wrong("One number for each picture. Wanted is one for all.")
def one_for_each_picture(x):
    return _prices(x).reshape(len(x), -1).mean(axis=1)


@wrong(
    "A perfect copy has no *squared* error. Cross-entropy is another price: -(x log x + (1 - x) log(1 - x))."
)
def always_nought(x):
    return 0.0
