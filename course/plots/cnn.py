"""Figures of lesson 15: the ways back to a pixel, what layers make of a digit, and what moving it does."""

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course.plots.style import ERROR_LINE, GRADIENT, HANDWRITING, INK, MODEL_LINE, label_line


def ways_from_a_pixel(pixels: int, kernel: int, chosen: int, ax: Axes | None = None) -> Axes:
    """Draw which answers see which pixels of a row, by which weight, and mark the ways of one pixel.

    Args:
        pixels: how many there are.
        kernel: how many weights the window has.
        chosen: the pixel whose ways are marked.
        ax: where; default: the current axes.
    """
    ax = ax or plt.gca()
    answers = pixels - kernel + 1
    places = [i + (kernel - 1) / 2 for i in range(answers)]  # above the middle of its window
    for i, k in np.ndindex(answers, kernel):
        marked = i + k == chosen
        style = {"arrowstyle": "-|>", "shrinkA": 12, "shrinkB": 12, "linewidth": 2 if marked else 1}
        style |= {"color": GRADIENT if marked else INK, "linestyle": "-" if marked else ":"}
        ax.annotate("", (places[i], 1), (i + k, 0), arrowprops=style)
        if marked:
            middle = (0.45 * places[i] + 0.55 * (i + k), 0.45)
            white = {"facecolor": "white", "edgecolor": GRADIENT, "boxstyle": "round,pad=0.2"}
            ax.text(*middle, f"w{k}", ha="center", va="center", color="black", fontsize=10, bbox=white)
    for i in range(pixels):
        weight = "bold" if i == chosen else "normal"
        ax.text(i, 0, f"x{i}", ha="center", va="center", color=INK, weight=weight, fontsize=11)
    for i, place in enumerate(places):
        ax.text(place, 1, f"y{i}", ha="center", va="center", color=INK, fontsize=11)
    ax.set(xlim=(-0.4, pixels - 0.6), ylim=(-0.2, 1.2))
    ax.set_axis_off()
    return ax


def feature_maps(picture, levels, most: int = 8) -> Figure:
    """Draw what each layer makes of a picture, a row of maps for each.

    Args:
        picture: (H, W), what goes in.
        levels: (name, maps (H, W, F)) of each layer in turn.
        most: how many maps of a layer are shown.
    """
    fig, axes = plt.subplots(len(levels) + 1, most, figsize=(6.2, 1.02 * (len(levels) + 1) + 0.3))
    for ax in axes.flat:
        ax.set_axis_off()
    rows = [("what goes in", np.asarray(picture)[:, :, None]), *levels]
    for row, (name, maps) in zip(axes, rows, strict=True):
        height, width, count = maps.shape
        row[0].set_title(f"{name}: {count} of {height} x {width}", loc="left", fontsize=12, color=INK)
        for ax, picture_of in zip(row, np.moveaxis(maps, 2, 0), strict=False):
            ax.imshow(picture_of, cmap=HANDWRITING, vmin=0, vmax=max(maps.max(), 1e-12))
    fig.suptitle("From strokes to coarse signs", x=0.02, ha="left", weight="bold", color=INK)
    return fig


def moved_digits(dense, convolutional, title: str, ax: Axes | None = None) -> Axes:
    """Draw how often two kinds of net are right when digits are moved, a line for each seed.

    Args:
        dense: (seeds, moves), shares right of the dense nets, moved by 0, 1, 2 ... pixels.
        convolutional: likewise, of the convolutional nets.
        title: the finding.
        ax: where; default: the current axes.
    """
    ax = ax or plt.gca()
    for curves, line, name in ((dense, ERROR_LINE, "dense"), (convolutional, MODEL_LINE, "CNN")):
        drawn = [ax.plot(100 * np.asarray(curve), **line, linewidth=1.2)[0] for curve in curves]
        label_line(ax, drawn[0], name)
    moves = len(np.asarray(dense)[0])
    ax.set(xlabel="moved by, in pixels", ylabel="right, in %", ylim=(0, 102), xticks=range(moves))
    ax.set_title(title)
    return ax
