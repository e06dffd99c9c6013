"""Say what a kernel answers before it has slid over anything."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 8, 2, 2
HINTS = (
    "Lay the kernel on each of the three windows by hand. Which of its nine numbers are multiplied by 1, which by 0?",
    "On the flat window all nine count. Where the left column is dark, its three numbers are multiplied by 0: the answer is the sum "
    "of those that are left, a part of the kernel.",
    "kernel.sum(), kernel[:, 1:].sum(), kernel[1:, :].sum()",
)


def edge_answers(kernel):
    flat = kernel.sum()
    upright = kernel[:, 1:].sum()  # the left column meets zeros
    level = kernel[1:, :].sum()  # the top row meets zeros
    return flat, upright, level


def trials(rng):
    yield "upright edges", np.array([[-1.0, 0.0, 1.0], [-1.0, 0.0, 1.0], [-1.0, 0.0, 1.0]])
    yield "level edges", np.array([[1.0, 2.0, 1.0], [0.0, 0.0, 0.0], [-1.0, -2.0, -1.0]])
    yield "a blur", np.full((3, 3), 1 / 9)
    yield "a sharpener", np.array([[0.0, -1.0, 0.0], [-1.0, 5.0, -1.0], [0.0, -1.0, 0.0]])
    yield "any nine numbers", rng.normal(size=(3, 3))


@wrong(
    "Two are exchanged. An upright edge runs from top to bottom: dark and bright lie side by side, so *columns* fall away."
)
def exchanges_the_edges(kernel):
    flat, upright, level = edge_answers(kernel)
    return flat, level, upright


@wrong(
    "You summed the numbers that lie on the dark side. Dark is 0, so they are multiplied by 0; the bright side counts."
)
def sums_the_dark_side(kernel):
    return kernel.sum(), kernel[:, 0].sum(), kernel[0].sum()


@wrong("The middle was counted as dark. Only the left column (the top row) is 0, the other two are 1.")
def makes_the_middle_dark(kernel):
    return kernel.sum(), kernel[:, 2].sum(), kernel[2].sum()


@wrong("Dark and bright are exchanged: the *left* column and the *top* row are dark.")
def darkens_the_other_side(kernel):
    return kernel.sum(), kernel[:, :2].sum(), kernel[:2].sum()


@wrong("A flat grey is not always answered with 0: a blur hands it on. All nine numbers are multiplied by 1.")
def expects_nothing_on_flat(kernel):
    flat, upright, level = edge_answers(kernel)
    return 0 * flat, upright, level


@wrong(
    "You took the sizes without their signs. The sign says on which side it is brighter, and the window's answer keeps it."
)
def loses_the_sign(kernel):
    return tuple(map(abs, edge_answers(kernel)))


@wrong("You took means. The window's answer is a sum.")
def takes_the_means(kernel):
    return kernel.mean(), kernel[:, 1:].mean(), kernel[1:].mean()
