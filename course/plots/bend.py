"""Figures of lesson 5: activations with their slopes, and the straight pieces of a shallow ReLU net."""

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course.plots.style import GRADIENT_LINE, INK, MODEL, MODEL_LINE, label_line


def bends_and_slopes(x, bends: dict) -> Figure:
    """Draw activations above their slopes.

    Args:
        x: (N,), the scores.
        bends: name -> (values, slopes), (N,) each.
    """
    fig, axes = plt.subplots(1, len(bends), figsize=(6.4, 2.7), sharex=True, sharey=True)
    for ax, (name, (values, slopes)) in zip(axes, bends.items(), strict=True):
        ax.axhline(0, color=INK, linewidth=0.5)
        (line,) = ax.plot(x, values, **MODEL_LINE)
        (slope,) = ax.plot(x, slopes, **GRADIENT_LINE)
        ax.set(title=name, xlabel="score", ylim=(-1.2, 2.2))
        if ax is axes[0]:
            ax.set_ylabel("output, slope")
    label_line(axes[-1], line, "output", offset=(4, -2))
    label_line(axes[-1], slope, "slope", offset=(4, 8))
    return fig


def relu_pieces(x, parts, total, kinks, ax: Axes | None = None) -> Axes:
    """Draw the hidden neurons of a net with one input, thin, and their sum.

    Args:
        x: (N,), the input.
        parts: (N, H), each hidden neuron times its output weight.
        total: (N,), the net's output.
        kinks: where it bends, as (place, height) pairs.
        ax: where; default: the current axes.
    """
    ax = ax or plt.gca()
    for part in np.transpose(parts):
        ax.plot(x, part, color=INK, linewidth=1, linestyle=":")
    ax.plot(x, total, **MODEL_LINE)
    for place, height in kinks:
        ax.plot(place, height, "o", color=MODEL, markersize=7)
    ax.set(xlabel="input", ylabel="output", ylim=(-2.2, 2.2))
    count = len(kinks)
    kinks_make = "1 kink makes" if count == 1 else f"{count} kinks make"
    ax.set_title(f"{kinks_make} {count + 1} straight piece{'s' * (count > 0)}")
    return ax
