"""Figures of lesson 7: how well a slope is measured."""

from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from course.plots.style import ERROR, INK, label_line


def error_by_nudge(nudges, wide, narrow, ax: Axes | None = None) -> Axes:
    """Draw the relative error of a measured slope against the nudge it was measured with.

    Args:
        nudges: (H,), what the input was moved by.
        wide, narrow: (H,), the errors in float64 and in float32.
        ax: where; default: the current axes.
    """
    ax = ax or plt.gca()
    ax.axhline(1e-6, color=INK, linewidth=0.8)
    ax.annotate(
        "taken for right",
        (nudges.min(), 1e-6),
        xytext=(0, -11),
        textcoords="offset points",
        color=INK,
    )
    (double,) = ax.loglog(nudges, wide, color=ERROR, linestyle="-", marker="o", markersize=4)
    (single,) = ax.loglog(nudges, narrow, color=ERROR, linestyle=":", marker="s", markersize=4)
    label_line(ax, double, "float64", at=3, offset=(9, -5))
    label_line(ax, single, "float32", at=7, offset=(0, -12))
    ax.set(xlabel="nudge h", ylabel="relative error")
    ax.set_title("Too small a nudge drowns in rounding")
    return ax
