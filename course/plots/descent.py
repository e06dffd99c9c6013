"""Figures of lesson 3: valleys, bowls and the paths down."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from course.plots.neuron import petals
from course.plots.style import CLASSES, ERROR, GRADIENT, GRADIENT_LINE, INK, MODEL


def steps_in_a_valley(x: np.ndarray, y: np.ndarray, walk: np.ndarray, ax: Axes | None = None) -> Axes:
    """Draw the loss of one weight, mean((w*x - y)^2), and the places that a descent visits.

    Args:
        x: the feature, (N,).
        y: the target, (N,).
        walk: the weight before the first step and after each, (steps + 1,).
        ax: where to draw; the current Axes by default.
    """
    ax = ax or plt.gca()
    bottom = np.mean(x * y) / np.mean(x * x)
    reach = 1.25 * np.abs(walk - bottom).max()
    w = np.linspace(bottom - reach, bottom + reach, 200)
    ax.plot(w, _line_loss(x, y, w, 0.0), color=ERROR, linewidth=1.8)
    ax.plot(walk, _line_loss(x, y, walk, 0.0), **GRADIENT_LINE, marker="o")
    for step in range(min(3, len(walk))):
        ax.annotate(
            "start" if step == 0 else f"step {step}",
            (walk[step], _line_loss(x, y, walk[step], 0.0)),
            xytext=(8, 4),
            textcoords="offset points",
        )
    ax.set(xlabel="weight w", ylabel="loss", ylim=(-0.04 * _line_loss(x, y, w, 0.0).max(), None))
    return ax


def path_in_a_bowl(
    x: np.ndarray, y: np.ndarray, path: np.ndarray, ax: Axes | None = None, *, equal: bool = True
) -> Axes:
    """Draw the loss of a line over (w, b) as contours, and the path of a descent on it.

    The window depends on the data and the start alone, so it holds still while a slider moves the path.

    Args:
        x: the feature, (N,).
        y: the target, (N,).
        path: (w, b) before the first step and after each, (steps + 1, 2). Points outside the window are cut off.
        ax: where to draw; the current Axes by default.
        equal: draw w and b to the same scale.
    """
    ax = ax or plt.gca()
    w, b = np.polyfit(x, y, 1)
    reach = 1.3 * np.abs(path[0] - (w, b))
    reach = np.full(2, reach.max()) if equal else reach
    ws, bs = np.linspace(w - reach[0], w + reach[0], 121), np.linspace(b - reach[1], b + reach[1], 121)
    height = _line_loss(x, y, *np.meshgrid(ws, bs)) - _line_loss(x, y, w, b)
    start = _line_loss(x, y, *path[0]) - _line_loss(x, y, w, b)
    rings = start * np.array(
        [0.35 if equal else 0.06, 0.65, 1, 1.4, 1.8]
    )  # the word "bottom" fits into the first
    ax.contour(ws, bs, height, levels=rings, colors=INK, linewidths=0.9)
    ax.plot(*path.T, **GRADIENT_LINE, linewidth=1.4, marker="o", markersize=5.5)
    ax.plot(w, b, marker="+", color=MODEL, markersize=16, markeredgewidth=2.6)
    ax.annotate("start", path[0], xytext=(0, -14), textcoords="offset points", ha="center")
    ax.annotate("bottom", (w, b), xytext=(12, -5), textcoords="offset points", color=MODEL, weight="bold")
    for step in range(1, min(3, len(path))):
        inside = np.all(np.abs(path[step] - (w, b)) < reach)
        apart = np.abs((path[step] - path[step - 1]) / reach).max() > 0.15
        if inside and apart:
            ax.annotate(
                str(step),
                path[step],
                xytext=(-9, 0),
                textcoords="offset points",
                ha="right",
                va="center",
                color=GRADIENT,
            )
    ax.set(xlabel="weight w", ylabel="bias b", xlim=ws[[0, -1]], ylim=bs[[0, -1]])
    if equal:
        ax.set_aspect("equal")
    return ax


def doubt_around_a_line(
    X: np.ndarray,
    labels: np.ndarray,
    neurons: Mapping[str, tuple[np.ndarray, float]],
    ringed: int,
    ax: Axes | None = None,
) -> Axes:
    """Draw the petals of two species, and for two neurons the band where each says between 10 and 90 per cent.

    Args:
        X: petal length and width in cm, (N, 2).
        labels: 0 versicolor, 1 virginica, (N,).
        neurons: name to (w, b), w of shape (2,); drawn in this order.
        ringed: the row of the one flower to point out.
        ax: where to draw; the current Axes by default.
    """
    ax = ax or plt.gca()
    x1 = np.array([2.8, 7.1])
    certain = np.log(9)  # the score at which the sigmoid is 0.9
    styles = ((INK, "--", 0.18, 32), (MODEL, "-", 0.35, -32))
    for (name, (w, b)), (color, dashes, alpha, aside) in zip(neurons.items(), styles, strict=True):
        low, middle, high = (-(w[0] * x1 + b - score) / w[1] for score in (-certain, 0.0, certain))
        ax.fill_between(x1, low, high, color=color, alpha=alpha, linewidth=0)
        ax.plot(x1, middle, color=color, linestyle=dashes)
        low_end = (-(w[1] * 0.95 + b) / w[0], 0.95)
        ax.annotate(
            name,
            low_end,
            xytext=(aside, 0),
            textcoords="offset points",
            ha="left" if aside > 0 else "right",
            va="center",
            color=color,
            weight="bold",
        )
    petals(X, labels, ax)
    small = {**CLASSES[labels[ringed]], "s": 24}
    ax.scatter(X[ringed, 0], X[ringed, 1], **small, zorder=4)  # on top of any in its place
    ax.scatter(
        X[ringed, 0], X[ringed, 1], s=220, linewidth=2.2, facecolors="none", edgecolors=ERROR, zorder=5
    )
    return ax


def _line_loss(x, y, w, b):
    """Return the mean squared error of w*x + b for every pair of w and b: same shape as theirs."""
    return np.mean((np.asarray(w)[..., None] * x + np.asarray(b)[..., None] - y) ** 2, axis=-1)
