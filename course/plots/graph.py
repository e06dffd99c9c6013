"""Figures of lesson 6: a computation as a graph, values on the way forward, slopes on the way back."""

from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from course.plots.style import GRADIENT, INK, MODEL


def computation(nodes: dict, arrows, ax: Axes | None = None) -> Axes:
    """Draw nodes with what is known of them.

    Args:
        nodes: name -> (place (x, y), value or None, slope or None).
        arrows: (from, to) pairs of names.
        ax: where; default: the current axes.
    """
    ax = ax or plt.gca()
    for start, end in arrows:
        (x0, y0), (x1, y1) = nodes[start][0], nodes[end][0]
        style = {"arrowstyle": "-|>", "color": INK, "shrinkA": 24, "shrinkB": 24}
        ax.annotate("", (x1, y1), (x0, y0), arrowprops=style)
    for name, ((x, y), value, slope) in nodes.items():
        ax.text(x, y, name, ha="center", va="center", weight="bold", color=INK, fontsize=12)
        if value is not None:
            ax.text(x, y + 0.31, f"{value:.2f}", ha="center", va="center", color=MODEL, fontsize=12)
        if slope is not None:
            ax.text(x, y - 0.31, f"{slope:.2f}", ha="center", va="center", color=GRADIENT, fontsize=12)
    places = [place for place, _, _ in nodes.values()]
    ax.set_xlim(min(x for x, _ in places) - 0.6, max(x for x, _ in places) + 0.6)
    ax.set_ylim(min(y for _, y in places) - 0.7, max(y for _, y in places) + 0.7)
    ax.set_axis_off()
    return ax
