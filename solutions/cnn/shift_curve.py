"""Measure how a classifier does when its pictures are moved."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 15, 4, 3
HINTS = (
    "First one move, one direction: a picture moved right by d has d columns of zeros on the left, and its last d columns are gone. "
    "How did the cell at the beginning do it?",
    "Pad all pictures with d zeros on every side (np.pad). The window of size H x W that begins at row d, column d "
    "is the picture where it was. Where do the four others begin? (With slices alone, mind that `[:-d]` is empty for d = 0.)",
    "room[:, i : i + H, j : j + W] for (i, j) in [(0, d), (2 * d, d), (d, 0), (d, 2 * d)]; np.mean(classify(moved) == labels), the mean of "
    "the four, for d in range(most + 1)",
)


def shift_curve(classify, images, labels, most):
    H, W = images.shape[1:]
    curve = []
    for d in range(most + 1):
        room = np.pad(images, ((0, 0), (d, d), (d, d)))
        starts = [(0, d), (2 * d, d), (d, 0), (d, 2 * d)]  # down, up, right, left
        moved = [room[:, i : i + H, j : j + W] for i, j in starts]
        curve.append(np.mean([np.mean(classify(pictures) == labels) for pictures in moved]))
    return curve


def observe(answer, weights, images, labels, most):
    def classify(pictures):
        pictures = np.asarray(pictures, dtype=float)
        if pictures.ndim != 3:
            raise ValueError(f"classify takes pictures (N, H, W), and was given {pictures.shape}")
        return (pictures.reshape(len(pictures), -1) @ weights).argmax(axis=1)

    return answer(classify, images, labels, most)


def trials(rng):
    eye = np.eye(9)
    yield (
        "a classifier that names the brightest of nine pixels",
        eye,
        np.pad(np.ones((1, 1, 1)), ((0, 0), (1, 1), (1, 1))),
        np.array([1]),
        1,
    )
    yield "a dot at the border", eye, eye[:1].reshape(1, 3, 3), np.array([0]), 2
    yield "not moved at all", rng.normal(size=(12, 3)), rng.random((8, 3, 4)), rng.integers(0, 3, 8), 0
    yield "wide pictures", rng.normal(size=(24, 4)), rng.random((40, 4, 6)), rng.integers(0, 4, 40), 3
    weights, images = rng.normal(size=(25, 5)), rng.random((60, 5, 5))
    yield "right where they stand", weights, images, (images.reshape(60, 25) @ weights).argmax(axis=1), 2


def _curve(classify, images, labels, most, moves):
    """Return the mean over moves(d) -> [moved pictures] for d from 0 to most."""
    return [float(np.mean([np.mean(classify(p) == labels) for p in moves(d)])) for d in range(most + 1)]


def _moved(images, down, right):
    H, W = images.shape[1:]
    d = max(abs(down), abs(right))
    room = np.pad(images, ((0, 0), (d, d), (d, d)))
    return room[:, d - down : d - down + H, d - right : d - right + W]


_FOUR = ((1, 0), (-1, 0), (0, 1), (0, -1))


@wrong(
    "What left on one side came in on the other: np.roll goes round. Ink that leaves is gone, and zeros come in."
)
def goes_round(classify, images, labels, most):
    return _curve(
        classify, images, labels, most, lambda d: [np.roll(images, (d * a, d * b), (1, 2)) for a, b in _FOUR]
    )


@wrong("One direction alone. Wanted is the mean over up, down, left and right.")
def moves_right_only(classify, images, labels, most):
    return _curve(classify, images, labels, most, lambda d: [_moved(images, 0, d)])


@wrong("Left and right alone. Wanted is the mean over up, down, left and right.")
def moves_sideways_only(classify, images, labels, most):
    return _curve(classify, images, labels, most, lambda d: [_moved(images, 0, d), _moved(images, 0, -d)])


@wrong("The pictures moved along the diagonals, both axes at once.")
def moves_diagonally(classify, images, labels, most):
    corners = ((1, 1), (1, -1), (-1, 1), (-1, -1))
    return _curve(
        classify, images, labels, most, lambda d: [_moved(images, d * a, d * b) for a, b in corners]
    )


@wrong("These are shares of *wrong* answers.")
def counts_mistakes(classify, images, labels, most):
    return [1 - share for share in shift_curve(classify, images, labels, most)]


@wrong("These are sums over the four directions. Wanted is their mean.")
def sums_the_directions(classify, images, labels, most):
    return [4 * share for share in shift_curve(classify, images, labels, most)]


@wrong(
    "Numbers are missing: not moved (d = 0) counts as well, and so does `most`. That makes most + 1 of them."
)
def stops_too_early(classify, images, labels, most):
    return shift_curve(classify, images, labels, most)[:-1]


@wrong("The first entry must be that for pictures that aren't moved, d = 0.")
def leaves_out_no_move(classify, images, labels, most):
    return shift_curve(classify, images, labels, most)[1:]


@wrong(
    "Each move began where the last one had ended, so the pictures went too far. Move the original every time."
)
def moves_the_moved(classify, images, labels, most):
    curve, pictures = [], [images] * 4
    for d in range(most + 1):
        pictures = [_moved(p, d * a, d * b) for p, (a, b) in zip(pictures, _FOUR, strict=True)]
        curve.append(float(np.mean([np.mean(classify(p) == labels) for p in pictures])))
    return curve


@wrong("Only the best direction was kept. Wanted is the mean of the four.")
def keeps_the_best_direction(classify, images, labels, most):
    return [
        float(max(np.mean(classify(_moved(images, d * a, d * b)) == labels) for a, b in _FOUR))
        for d in range(most + 1)
    ]


@wrong("These are percentages. A share goes from 0 to 1.")
def gives_percent(classify, images, labels, most):
    return [100 * share for share in shift_curve(classify, images, labels, most)]
