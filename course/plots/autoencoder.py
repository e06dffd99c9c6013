"""Figures of lesson 18: the map that an autoencoder draws, and pictures before and after it."""

from collections.abc import Mapping

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course.plots.style import HANDWRITING, INK, MODEL


def map_and_picture(codes: np.ndarray, labels: np.ndarray, spot: np.ndarray, picture: np.ndarray) -> Figure:
    """Draw codes as their digits, with a cross at one spot, and beside it the picture that the spot stands for.

    Args:
        codes: (N, 2).
        labels: (N,), digits, which the net has never seen.
        spot: (2,), where the cross is.
        picture: (H, W), 0 paper to 1 ink: the spot, decoded.
    """
    fig, (left, right) = plt.subplots(1, 2, figsize=(6.4, 3.6), width_ratios=[1.9, 1])
    low, high = np.percentile(codes, [1, 99], axis=0)
    for (x, y), label in zip(codes, labels, strict=True):
        if np.all(((x, y) >= low) & ((x, y) <= high)):
            left.text(x, y, str(label), ha="center", va="center", color=INK, fontsize=9)
    left.plot(*spot, marker="+", color=MODEL, markersize=22, markeredgewidth=3)
    left.set(xlabel="first number", ylabel="second number", xlim=(low[0], high[0]), ylim=(low[1], high[1]))
    left.set_title("Two numbers sort the digits")
    _picture(right, picture)
    right.set_title("the cross, decoded", color=MODEL, fontsize=10)
    return fig


def grid_of_pictures(pictures: np.ndarray, ax: Axes | None = None) -> Axes:
    """Draw pictures that were decoded on a grid as one large picture.

    Args:
        pictures: (rows, columns, H, W); the first row is drawn at the top.
        ax: where to draw; the current Axes by default.
    """
    ax = ax or plt.gca()
    pictures = np.pad(pictures, ((0, 0), (0, 0), (1, 1), (1, 1)))  # paper between them
    rows, columns, height, width = pictures.shape
    whole = pictures.transpose(0, 2, 1, 3).reshape(rows * height, columns * width)
    ax.imshow(whole, cmap=HANDWRITING, vmin=0, vmax=1)
    ax.set(xticks=[], yticks=[], xlabel="first number", ylabel="second number")
    ax.set_title("Walking the map, digits turn into digits")
    return ax


def rows_of_pictures(rows: Mapping[str, np.ndarray], captions=(), title: str = "") -> Figure:
    """Draw rows of small pictures, each row with its name.

    Args:
        rows: name to pictures, (K, H, W), as many in each row.
        captions: a word above each column, or none.
        title: the finding.
    """
    columns = len(next(iter(rows.values())))
    fig, axes = plt.subplots(
        len(rows), columns, figsize=(6.4, 0.85 * len(rows) + (0.8 if captions else 0.5)), squeeze=False
    )
    for (name, pictures), line in zip(rows.items(), axes, strict=True):
        for ax, picture in zip(line, pictures, strict=True):
            _picture(ax, picture)
        line[0].set_ylabel(name, rotation=0, ha="right", va="center", color=INK, fontsize=10)
    for ax, caption in zip(axes[0], captions, strict=False):
        ax.set_title(caption, loc="center", color=INK, fontsize=10)
    fig.suptitle(title, x=0.02, ha="left", weight="bold", color=INK)
    return fig


def _picture(ax: Axes, picture: np.ndarray) -> None:
    ax.imshow(picture, cmap=HANDWRITING, vmin=0, vmax=1)
    ax.set(xticks=[], yticks=[])
    for spine in ax.spines.values():
        spine.set(visible=True, color=INK, linewidth=0.8)
