"""How badly is each picture reconstructed?"""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 6, 2, 2
HINTS = (
    "One number for each picture: over which axis does the mean go?",
    "The difference of each pixel, squared, and the mean along axis=1. Pixels of type uint8 can't hold a difference below 0: make "
    "floats of them first.",
    "return ((x.astype(float) - reconstruction) ** 2).mean(axis=1)",
)


def anomaly_score(x, reconstruction):
    return ((x.astype(float) - reconstruction) ** 2).mean(axis=1)


def trials(rng):
    yield (
        "two pictures you can do by hand",
        np.array([[0.0, 1.0], [1.0, 1.0]]),
        np.array([[0.0, 0.0], [1.0, 1.0]]),
    )
    yield "three pictures of five pixels", rng.uniform(size=(3, 5)), rng.uniform(size=(3, 5))
    yield "as many pictures as pixels", rng.uniform(size=(4, 4)), rng.uniform(size=(4, 4))
    yield "one picture", rng.uniform(size=(1, 6)), rng.uniform(size=(1, 6))
    yield "too dark as often as too pale", np.array([[0.2, 0.8, 0.5]]), np.array([[0.5, 0.5, 0.5]])
    yield "whole numbers", np.array([[0, 16], [3, 5]]), np.array([[2, 10], [4, 4]])
    pictures = np.array([[0, 255, 10], [200, 7, 90]], dtype=np.uint8)
    yield "pixels of type uint8", pictures, pictures[:, ::-1].copy()
    yield "tiny differences", np.full((2, 3), 0.5), 0.5 + 0.01 * rng.normal(size=(2, 3))


@wrong("One number for all pictures: then none stands out. The mean goes along each row, axis=1.")
def one_for_all(x, reconstruction):
    return ((x.astype(float) - reconstruction) ** 2).mean()


@wrong("One number for each *pixel*. Wanted is one for each picture: axis=1.")
def one_for_each_pixel(x, reconstruction):
    return ((x.astype(float) - reconstruction) ** 2).mean(axis=0)


@wrong("That is the sum over the pixels. Wanted is the mean.")
def sum_not_mean(x, reconstruction):
    return ((x.astype(float) - reconstruction) ** 2).sum(axis=1)


@wrong("The differences were not squared, so too dark and too pale cancel.")
def not_squared(x, reconstruction):
    return (x.astype(float) - reconstruction).mean(axis=1)


@wrong("Absolute differences. Here they are squared: a few pixels far off count more than many a little off.")
def absolute(x, reconstruction):
    return np.abs(x.astype(float) - reconstruction).mean(axis=1)


@wrong("You took a root at the end. Wanted is the mean square itself.")
def takes_the_root(x, reconstruction):
    return np.sqrt(((x.astype(float) - reconstruction) ** 2).mean(axis=1))


@wrong("The mean was squared, in place of the mean of the squares.")
def squares_the_mean(x, reconstruction):
    return (x.astype(float) - reconstruction).mean(axis=1) ** 2


@wrong(
    "Pixels of type uint8 wrap around: 3 - 5 is 254. Make floats of them before you subtract: x.astype(float)."
)
def wraps_around(x, reconstruction):
    return ((x - reconstruction) ** 2).mean(axis=1)


@wrong("Only the worst pixel of each picture counts. Wanted is the mean over all of them.")
def worst_pixel(x, reconstruction):
    return ((x.astype(float) - reconstruction) ** 2).max(axis=1)


@wrong("An axis of length 1 is left over: leave out keepdims.")
def keeps_the_axis(x, reconstruction):
    return ((x.astype(float) - reconstruction) ** 2).mean(axis=1, keepdims=True)


@wrong("Half the squared error. Here there is no half.")
def with_a_half(x, reconstruction):
    return ((x.astype(float) - reconstruction) ** 2).mean(axis=1) / 2


@wrong(
    "The difference was taken first, in uint8, and made a float after: by then it has wrapped around. Floats first, then subtract."
)
def float_too_late(x, reconstruction):
    return ((x - reconstruction).astype(float) ** 2).mean(axis=1)


@wrong(
    "That is the length of the difference, np.linalg.norm. Wanted is the mean of the squares: no root, no sum."
)
def takes_the_length(x, reconstruction):
    return np.linalg.norm(x.astype(float) - reconstruction, axis=1)


@wrong("The squares were subtracted from each other. Subtract first, then square.")
def difference_of_squares(x, reconstruction):
    return (x.astype(float) ** 2 - reconstruction.astype(float) ** 2).mean(axis=1)
