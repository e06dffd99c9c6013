"""Figures of lesson 1: flowers, and the line that one neuron draws."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from course.plots.style import CLASS_B, CLASSES, ERROR, INK, MODEL, MODEL_LINE


def two_species(X: np.ndarray, labels: np.ndarray, *, unknown: int, ax: Axes | None = None) -> Axes:
    """Draw two classes of flowers by their petals, ``X`` (N, 2) in cm; of row ``unknown`` only the place."""
    ax = ax or plt.gca()
    known = np.arange(len(X)) != unknown
    petals(X[known], labels[known], ax)
    _point_out(X[unknown], "flower 70: ?", ax)
    ax.set_title("Flower 70 lies where two clouds meet")
    return ax


def neuron_line(
    X: np.ndarray, labels: np.ndarray, w: np.ndarray, b: float, *, marked: int, ax: Axes | None = None
) -> Axes:
    """Draw where a neuron's score is 0, shade where it is above, and ring the flowers on the wrong side.

    Args:
        X: petals, (N, 2) in cm.
        labels: (N,), 0 or 1.
        w: weights, (2,); both 0 means that there is no line.
        b: bias.
        marked: the row of the flower to point out.
        ax: where to draw.
    """
    ax = ax or plt.gca()
    wrong = (X @ np.asarray(w) + b > 0) != labels
    petals(X, labels, ax)
    line_and_side(np.asarray(w, dtype=float), b, ax)
    ax.scatter(X[wrong, 0], X[wrong, 1], s=120, linewidth=2, facecolors="none", edgecolors=ERROR, zorder=4)
    for row in (*np.flatnonzero(wrong), marked):  # on top of others with the very same petals
        ax.scatter(X[row, 0], X[row, 1], **CLASSES[labels[row]], zorder=5)
    _point_out(X[marked], "flower 70", ax)
    ax.set_title(f"{wrong.sum()} of {len(X)} flowers on the wrong side")
    return ax


def weights_point_across(
    X: np.ndarray, labels: np.ndarray, w: np.ndarray, b: float, *, ax: Axes | None = None
) -> Axes:
    """Draw the weights as an arrow from one class mean to the other, and the line across it; arguments as above."""
    ax = ax or plt.gca()
    petals(X, labels, ax, alpha=0.35)
    line_and_side(w, b, ax)
    means = np.array([X[labels == k].mean(axis=0) for k in (0, 1)])
    for mean, style in zip(means, CLASSES, strict=False):
        ax.scatter(mean[0], mean[1], **{**style, "s": 150, "linewidth": 2, "zorder": 5})
    ax.annotate(
        "", means[1], means[0], arrowprops={"arrowstyle": "-|>", "color": MODEL, "linewidth": 2.6}, zorder=6
    )
    ax.text(means[0, 0] + 0.05, means[0, 1] + 0.23, "w", color=MODEL, weight="bold")
    ax.set_aspect("equal")
    ax.set_title("The weights point across the line")
    return ax


def petals(X, labels, ax, alpha=1.0):
    """Draw two classes of flowers by their petals, named where they lie, in a frame that never changes."""
    for k, style in enumerate(CLASSES[:2]):
        ax.scatter(*X[labels == k].T, **style, alpha=alpha, zorder=3)
    ax.text(3.0, 1.5, "versicolor", weight="bold", ha="left")
    ax.text(6.95, 1.45, "virginica", weight="bold", ha="right")
    ax.set(xlim=(2.8, 7.1), ylim=(0.8, 2.7), xlabel="petal length (cm)", ylabel="petal width (cm)")


def _point_out(place, text, ax):
    """Write ``text`` beside the clouds, with a thin line and a dotted ring around ``place``."""
    ax.scatter(*place, s=260, linewidth=2, linestyle=":", facecolors="none", edgecolors=ERROR, zorder=5)
    line = {"arrowstyle": "-", "color": INK, "shrinkB": 9}
    ax.annotate(text, place, (2.95, 2.0), arrowprops=line, color=ERROR, weight="bold", va="center")


def line_and_side(w, b, ax):
    """Draw the line on which w @ x + b is 0 through the whole frame, and shade the side where it is above."""
    x1, x2 = np.meshgrid(*(np.linspace(low, high, 300) for low, high in (ax.get_xlim(), ax.get_ylim())))
    above = w[0] * x1 + w[1] * x2 + b > 0
    ax.contourf(x1, x2, above, levels=[0.5, 1.5], colors=[CLASS_B["color"]], alpha=0.22)
    if w @ w > 0:
        foot = -b * w / (w @ w)  # the point of the line nearest to the origin
        ax.axline(foot, foot + np.array([-w[1], w[0]]), **MODEL_LINE)
