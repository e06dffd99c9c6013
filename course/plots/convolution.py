"""Figures of lesson 14: a window that slides over a photograph, and what kernels answer."""

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from course.plots.style import ERROR, INK, SIGNED


def side_by_side(pictures, titles, *, signed: bool = True, columns: int = 2, width: float = 6.2) -> Figure:
    """Draw pictures beside each other, each under its title.

    Args:
        pictures: arrays (H, W).
        titles: one for each.
        signed: red above 0, blue below, white at 0, each picture to its own largest size; else grey, dark to bright.
        columns: how many stand in a row.
        width: of the figure, in inches.
    """
    rows = -(-len(pictures) // columns)
    height = width / columns * len(pictures[0]) / pictures[0].shape[1] + 0.3  # of one picture and its title
    fig, axes = plt.subplots(rows, columns, figsize=(width, rows * height), squeeze=False)
    for ax, picture, title in zip(axes.flat, pictures, titles, strict=True):
        if signed:
            most = max(np.percentile(np.abs(picture), 99), 1e-12)
            ax.imshow(picture, cmap=SIGNED, vmin=-most, vmax=most)
        else:
            ax.imshow(picture, cmap="gray")
        ax.set_title(title, fontsize=10)
        ax.set_axis_off()
    return fig


def sliding_window(image, kernel, answers, row: int, column: int) -> Figure:
    """Draw an image with a window on it, the answers up to that place, and the sum that the window makes.

    Args:
        image: (H, W), 0 black to 1 white.
        kernel: (KH, KW).
        answers: (H - KH + 1, W - KW + 1), what the kernel says at every place.
        row: where the window begins, downwards.
        column: likewise, across.
    """
    kh, kw = kernel.shape
    window = image[row : row + kh, column : column + kw]
    fig, axes = plt.subplots(2, 2, figsize=(6.2, 4.9), gridspec_kw={"height_ratios": [3, 2]})
    (left, right), (below, beside) = axes
    left.imshow(image, cmap="gray", vmin=0, vmax=1)
    left.set_title("the image", fontsize=10, color=INK, loc="center")
    seen = np.where(
        np.arange(answers.size).reshape(answers.shape) <= row * answers.shape[1] + column, answers, np.nan
    )
    most = np.abs(answers).max()
    right.imshow(seen, cmap=SIGNED, vmin=-most, vmax=most)
    right.set_title("the answers so far", fontsize=10, color=INK, loc="center")
    left.add_patch(Rectangle((column - 0.5, row - 0.5), kw, kh, fill=False, edgecolor=ERROR, linewidth=2))
    right.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, edgecolor=ERROR, linewidth=2))
    _numbers(below, window, "gray", 0, 1)
    below.set_title("its pixels", fontsize=10, color=INK, loc="center")
    _numbers(beside, kernel, SIGNED, -2, 2)
    beside.set_title(f"times the kernel: {np.sum(window * kernel):.2f}", fontsize=10, color=INK, loc="center")
    for ax in axes.flat:
        ax.set_axis_off()
    fig.suptitle("Each window becomes one number", x=0.02, ha="left", weight="bold", color=INK)
    return fig


def _numbers(ax, table, cmap, low, high) -> None:
    ax.imshow(table, cmap=cmap, vmin=low, vmax=high)
    for (i, j), value in np.ndenumerate(table):
        dark = cmap == "gray" and value < 0.5
        text = f"{value:.2f}" if cmap == "gray" else f"{value:g}"
        ax.text(j, i, text, ha="center", va="center", fontsize=9, color="white" if dark else "black")
