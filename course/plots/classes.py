"""Figures of lesson 4: digits as tables of numbers, and weights as pictures."""

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course.plots.style import HANDWRITING, INK, SIGNED


def a_digit_in_numbers(picture, label: int, ax: Axes | None = None) -> Axes:
    """Draw a picture with the number in each of its pixels.

    Args:
        picture: (H, W), 0 paper to 1 ink.
        label: the digit.
        ax: where; default: the current axes.
    """
    ax = ax or plt.gca()
    ax.imshow(picture, cmap=HANDWRITING, vmin=0, vmax=1)
    for (row, column), value in np.ndenumerate(picture):
        ink = "white" if value > 0.5 else "black"
        ax.text(column, row, f"{value:.1f}".lstrip("0"), ha="center", va="center", color=ink, fontsize=9)
    ax.set_title(f"A {label} is {picture.size} numbers")
    ax.set_axis_off()
    return ax


def weight_pictures(weights, title: str) -> Figure:
    """Draw the weights of each class as a picture: red adds to its score, blue takes away.

    Args:
        weights: (64, 10), a column for each digit.
        title: the finding.
    """
    fig, axes = plt.subplots(2, 5, figsize=(6, 2.9))
    largest = max(np.abs(weights).max(), 1e-12)
    for digit, ax in enumerate(axes.flat):
        ax.imshow(weights[:, digit].reshape(8, 8), cmap=SIGNED, vmin=-largest, vmax=largest)
        ax.set_title(str(digit), loc="center", color=INK, fontsize=10)
        ax.set_axis_off()
    fig.suptitle(title, x=0.02, ha="left", weight="bold", color=INK)
    return fig
