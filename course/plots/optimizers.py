"""Figures of lesson 9: balls that roll down a ravine, and what a rate is worth to whom.

No model and no truth is shown here, so their colours are free to tell optimizers apart.
"""

from collections.abc import Mapping

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from course.plots.style import GRADIENT_LINE, INK, MODEL_LINE, TRUTH_LINE, label_line

_LINES = (
    {**GRADIENT_LINE, "marker": "o"},
    {**MODEL_LINE, "marker": "s"},
    {**TRUTH_LINE, "marker": "^"},
)


def balls_in_a_ravine(
    curvatures: np.ndarray, paths: Mapping[str, np.ndarray], step: int, ax: Axes | None = None
) -> Axes:
    """Draw up to three balls where they are after ``step`` steps, and the ways that they came.

    Args:
        curvatures: along the first and the second weight, (2,); the loss is half their sum with the squares.
        paths: name to places, (steps + 1, 2); all start at the same place.
        step: how many steps to show.
        ax: where to draw; the current Axes by default.
    """
    ax = ax or plt.gca()
    start = next(iter(paths.values()))[0]
    reach = np.abs(start)
    first = np.linspace(-1.15 * reach[0], 0.55 * reach[0], 161)
    second = np.linspace(-1.4 * reach[1], 1.4 * reach[1], 121)
    height = 0.5 * (curvatures[0] * first**2 + curvatures[1] * second[:, None] ** 2)
    rings = 0.5 * curvatures @ start**2 * np.array([0.02, 0.15, 0.4, 0.75])
    ax.contour(first, second, height, levels=rings, colors=INK, linewidths=0.8)
    ax.plot(0, 0, marker="+", color=INK, markersize=14, markeredgewidth=2)
    for (name, path), style, at in zip(paths.items(), _LINES, (-1.1, -0.65, 0.1), strict=False):
        ball = {**style, "linestyle": "none"}
        ax.plot(*path[: step + 1].T, **{**style, "marker": None}, linewidth=1.5)
        ax.plot(*path[step], **ball, markersize=11)
        ax.plot(at * reach[0], 1.65 * reach[1], **ball, markersize=9)
        ax.text(
            (at + 0.05) * reach[0], 1.65 * reach[1], name, color=style["color"], weight="bold", va="center"
        )
    ax.set(xlabel="the flat weight", ylabel="the steep weight")
    ax.set(xlim=first[[0, -1]], ylim=(second[0], 1.85 * reach[1]))
    return ax


def loss_by_rate(rates: np.ndarray, losses: Mapping[str, np.ndarray], ax: Axes | None = None) -> Axes:
    """Draw the loss at each rate, the mean of seeds as a line and each seed as a dot.

    Args:
        rates: (R,).
        losses: up to three names to losses, (R, S).
        ax: where to draw; the current Axes by default.
    """
    ax = ax or plt.gca()
    starts = sorted((of_runs[0].mean() for of_runs in losses.values()), reverse=True)
    for (name, of_runs), style in zip(losses.items(), _LINES, strict=False):
        means = of_runs.mean(axis=1)
        (line,) = ax.plot(rates, means, **style, linewidth=1.6, markersize=6)
        ax.plot(rates, of_runs, ".", color=line.get_color(), markersize=4, alpha=0.6)
        best = int(means.argmin())
        ax.plot(rates[best], means[best], **{**style, "linestyle": "none"}, markersize=12)
        raised = {0: 6, len(starts) - 1: -6}.get(starts.index(means[0]), 0)  # names of near lines keep apart
        label_line(ax, line, name, at=0, offset=(-8, raised)).set_horizontalalignment("right")
    ax.set(xscale="log", yscale="log", xlabel="learning rate", ylabel="loss on unseen digits")
    ax.set_xlim(rates[0] / 25, None)
    return ax
