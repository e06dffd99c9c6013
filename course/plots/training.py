"""Figures of lesson 8: scores layer by layer, and curves of training."""

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from course.plots.style import ERROR, INK, MODEL


def scores_by_layer(scores: dict) -> Figure:
    """Draw histograms of a net's scores, a row for each size of its weights, a column for each of three layers.

    Args:
        scores: size of the weights, in words -> the scores of layers 1, 2, ..., each of any shape.
    """
    depth = len(next(iter(scores.values())))
    chosen = sorted({1, (depth + 1) // 2, depth})
    fig, axes = plt.subplots(
        len(scores), len(chosen), figsize=(5.2, 1.4 * len(scores) + 0.9), sharex=True, squeeze=False
    )
    bins = np.linspace(-3, 3, 42)  # an odd number of bins: one of them holds 0 in its middle
    for place, (row, (name, layers)) in enumerate(zip(axes, scores.items(), strict=True)):
        row[0].set_ylabel(name, rotation=0, ha="right", va="center")
        for ax, number in zip(row, chosen, strict=True):
            values = np.ravel(layers[number - 1])
            shares = np.histogram(values, bins)[0] / len(values)
            if shares.sum() < 0.1:
                ax.text(0, 0.04, "beyond", ha="center", color=INK)
            else:
                ax.stairs(shares, bins, fill=True, color=MODEL)
            ax.set(yticks=[], xticks=[-3, 0, 3], ylim=(0, 1.1 * max(shares.max(), 0.08)))
            ax.spines["left"].set_visible(False)
            if place == 0:
                ax.set_title(f"layer {number}", loc="center", color=INK, weight="normal")
    fig.supxlabel("score before relu", color=INK, fontsize=12.5)
    fig.supylabel("spread of the weights", color=INK, fontsize=12.5)
    fig.suptitle("One size keeps scores as wide as they are", x=0.02, ha="left", weight="bold", color=INK)
    return fig


def training_curves(runs: dict) -> Figure:
    """Draw the training loss, dotted, and the validation loss, solid, of several runs, a panel each.

    Args:
        runs: what is said above the panel -> (training, validation), a loss for each epoch.
    """
    rows = -(-len(runs) // 2)
    fig, axes = plt.subplots(
        rows, 2, figsize=(5.2, 2.1 * rows + 0.5), sharex=True, sharey=True, squeeze=False
    )
    for ax, (name, (training, validation)) in zip(axes.flat, runs.items(), strict=False):
        epochs = np.arange(1, len(training) + 1)
        ax.plot(epochs, training, color=ERROR, linestyle=":", label="training")
        ax.plot(epochs, validation, color=ERROR, linestyle="-", linewidth=1.6, label="validation")
        ax.set_title(name, color=INK, weight="normal")
        ax.set_ylim(0, 3.2)
    axes.flat[len(runs) - 1].legend(loc="lower center")
    for ax in axes[:, 0]:
        ax.set_ylabel("loss")
    for ax in axes[-1]:
        ax.set_xlabel("epoch")
    fig.suptitle("Each trouble has curves of its own", x=0.02, ha="left", weight="bold", color=INK)
    return fig
