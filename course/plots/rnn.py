"""Figures of lesson 16: how far back a slope reaches."""

from collections.abc import Mapping

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from course.plots.style import GRADIENT_LINE, INK, label_line


def slopes_into_the_past(
    known: Mapping[float, np.ndarray], weight: float, lengths: np.ndarray, ax: Axes | None = None
) -> Axes:
    """Draw the length of a gradient against how far back it has gone, for one size of weights among others.

    The window depends on the others alone, so it holds still while a slider moves the one.

    Args:
        known: size of the weights to lengths, (T,), drawn thin for comparison.
        weight: the size that is pointed out.
        lengths: its lengths, (T,), all above 0.
        ax: where to draw; the current Axes by default.
    """
    ax = ax or plt.gca()
    steps = np.arange(len(lengths))
    for size, others in known.items():
        (line,) = ax.plot(steps, others, color=INK, linewidth=1)
        label_line(ax, line, f"{size:g}")
    ax.plot(steps, lengths, **GRADIENT_LINE, linewidth=2.4)
    every = np.concatenate(list(known.values()))
    ax.set_yscale("log")
    ax.set(
        xlabel="steps back in time", ylabel="length of the gradient", ylim=(every.min() / 3, every.max() * 3)
    )
    ax.set_xlim(0, len(lengths) + 2.5)
    fate = "dies" if lengths[-1] < 1e-3 else "explodes" if lengths[-1] > 10 else "lasts a while"
    ax.set_title(f"Weights of size {weight:g}: the slope {fate}")
    return ax
