"""Figures that are too long for a lesson's cell, one function each, and the colours with their meaning.

In a notebook::

    import matplotlib.pyplot as plt
    from course import plots

    plt.style.use("course.figures")

The same thing has the same colour in the whole course, and never a colour alone: lines have their own dashes,
classes their own markers, so that a figure also reads in grey.

========== ============== ========= ================================================
name       colour         shown as  stands for
========== ============== ========= ================================================
DATA       grey           dots      examples whose class plays no part
MODEL      blue           solid     what the model says: its line, its prediction
TRUTH      green          dashed    what it should say, if we know it
ERROR      vermilion      dotted    what is wrong: residuals, losses, misjudged examples
GRADIENT   purple         dash-dot  slopes, steps, the path of descent
CLASS_A    orange         circle    class 0
CLASS_B    sky blue       square    class 1
CLASS_C    purple         triangle  class 2, where no gradient is shown
INK        grey           thin      axes, contours, text: all that isn't data
========== ============== ========= ================================================

Two losses in one figure are both ERROR: training dotted, validation solid. Ten classes of digits are written as
digits, not painted. Contours are INK: a colour map has one end that vanishes on white or on black.

How to add a figure:

- Name the function for what it shows: ``loss_valley``, not ``plot_lesson3``.
- Numbers come in, a figure goes out. The lesson computes what it claims; a function here only draws, and returns
  the Axes (or the Figure, if there are several). It never calls ``plt.show`` and never prints.
- Take an optional ``ax`` last, so that a slider can draw again into the same place: ``ax = ax or plt.gca()``.
- Label both axes with words and units; write the finding as the title, at most 42 characters a line. Label lines
  where they end (`label_line`) instead of in a legend if there are at most four.
- Look at it on white, on #111111, and 390 pixels wide.
"""

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.text import Annotation

from course.figure import show as show  # a lesson writes plots.show(fig, alt)

INK = "#797979"
DATA = INK
MODEL = "#0072B2"
TRUTH = "#009E73"
ERROR = "#D55E00"
GRADIENT = "#CC79A7"

# Lines: ax.plot(x, y, **MODEL_LINE)
MODEL_LINE: dict[str, Any] = {"color": MODEL, "linestyle": "-"}
TRUTH_LINE: dict[str, Any] = {"color": TRUTH, "linestyle": "--"}
ERROR_LINE: dict[str, Any] = {"color": ERROR, "linestyle": ":"}
GRADIENT_LINE: dict[str, Any] = {"color": GRADIENT, "linestyle": "-."}

# Points: ax.scatter(x, y, **CLASS_A). Orange and sky blue are pale on white; the edge gives them their shape.
Points = dict[str, Any]
DATA_POINTS: Points = {"color": DATA, "marker": "o", "s": 26, "linewidth": 0}
CLASS_A: Points = {"color": "#E69F00", "marker": "o", "s": 46, "edgecolor": INK, "linewidth": 1}
CLASS_B: Points = {"color": "#56B4E9", "marker": "s", "s": 42, "edgecolor": INK, "linewidth": 1}
CLASS_C: Points = {"color": GRADIENT, "marker": "^", "s": 52, "edgecolor": INK, "linewidth": 1}
CLASSES = (CLASS_A, CLASS_B, CLASS_C)

# Pictures of numbers with a sign, such as weights: blue below zero, red above. Give vmin=-v, vmax=v, so 0 is white.
SIGNED = "RdBu_r"
# Pictures of handwriting: dark ink on white paper. A photograph needs no map named; the style's is "gray".
HANDWRITING = "gray_r"


def label_line(
    ax: Axes, line: Line2D, text: str, *, at: int = -1, offset: tuple[float, float] = (7, 0)
) -> Annotation:
    """Write ``text`` beside a line, in the line's colour: a legend that needs no looking up.

    Args:
        ax: where the line was drawn.
        line: what ``ax.plot`` returned: ``(line,) = ax.plot(...)``.
        text: a word or two.
        at: which point of the line, as an index; its last by default.
        offset: from there to the text, in points, rightwards and upwards. The text starts there, centred in height.
    """
    x, y = np.asarray(line.get_xydata())[at]
    return ax.annotate(
        text,
        (x, y),
        xytext=offset,
        textcoords="offset points",
        color=line.get_color(),
        weight="bold",
        va="center",
        annotation_clip=False,
    )


def two_species(X: np.ndarray, labels: np.ndarray, *, unknown: int, ax: Axes | None = None) -> Axes:
    """Draw two classes of flowers by their petals, ``X`` (N, 2) in cm; of row ``unknown`` only the place."""
    ax = ax or plt.gca()
    known = np.arange(len(X)) != unknown
    _petals(X[known], labels[known], ax)
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
    _petals(X, labels, ax)
    _line_and_side(np.asarray(w, dtype=float), b, ax)
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
    _petals(X, labels, ax, alpha=0.35)
    _line_and_side(w, b, ax)
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


def best_constants(
    guess: np.ndarray, squared: np.ndarray, absolute: np.ndarray, ax: Axes | None = None
) -> Axes:
    """Draw what each constant guess costs under two losses, as multiples of the least, and mark the two winners.

    Args:
        guess: the constants, ascending, (N,).
        squared: the mean squared error of each, (N,).
        absolute: the mean absolute error of each, (N,).
        ax: where to draw; the current Axes by default.
    """
    ax = ax or plt.gca()
    (steep,) = ax.plot(guess, squared / squared.min(), **ERROR_LINE)
    (gentle,) = ax.plot(guess, absolute / absolute.min(), **MODEL_LINE)
    for loss, line in ((squared, steep), (absolute, gentle)):
        ax.plot(guess[loss.argmin()], 1, "o", color=line.get_color(), markersize=9)
    rising = np.flatnonzero(squared < 1.75 * squared.min())[-1]
    label_line(ax, steep, "squared", at=rising, offset=(-9, 0)).set_ha("right")
    rising = np.flatnonzero(absolute < 1.5 * absolute.min())[-1]
    label_line(ax, gentle, "absolute", at=rising, offset=(9, -3))
    ax.set(xlabel="the one number guessed for every radius", ylabel="loss, least = 1", ylim=(0.9, 2))
    ax.set_title("Each loss has a favourite of its own")
    return ax


def price_of_probability(
    p: np.ndarray, squared: np.ndarray, minus_log: np.ndarray, label: int, ax: Axes | None = None
) -> Axes:
    """Draw two prices of a probability for class 1, the squared error and minus the logarithm.

    Args:
        p: the probability given to class 1, ascending, (N,).
        squared: the squared error at each, (N,).
        minus_log: minus the logarithm of the chance given to the true label, (N,).
        label: the true label, 0 or 1.
        ax: where to draw; the current Axes by default.
    """
    ax = ax or plt.gca()
    (steep,) = ax.plot(p, minus_log, **ERROR_LINE)
    (gentle,) = ax.plot(p, squared, **MODEL_LINE)
    wrong_end, side = (0, 1) if label == 1 else (-1, -1)
    log_at = np.abs(minus_log - 3.0).argmin()
    label_line(ax, steep, "minus log", at=log_at, offset=(9 * side, 0)).set_ha(
        "left" if side == 1 else "right"
    )
    label_line(ax, gentle, "squared", at=wrong_end, offset=(14 * side, -26)).set_ha(
        "left" if side == 1 else "right"
    )
    ax.set(xlabel="probability given to class 1", ylabel="price", xlim=(-0.02, 1.02), ylim=(-0.1, 5))
    ax.set_title(f"True label {label}: minus log has no ceiling")
    return ax


def price_of_score(
    score: np.ndarray, squared: np.ndarray, minus_log: np.ndarray, ax: Axes | None = None
) -> Axes:
    """Draw two prices of a score when the label is 1: one goes flat where the score is most wrong.

    Args:
        score: ascending, (N,).
        squared: the squared error of the score's sigmoid, (N,).
        minus_log: minus the logarithm of the score's sigmoid, (N,).
        ax: where to draw; the current Axes by default.
    """
    ax = ax or plt.gca()
    (steep,) = ax.plot(score, minus_log, **ERROR_LINE)
    (gentle,) = ax.plot(score, squared, **MODEL_LINE)
    label_line(ax, steep, "cross-entropy", at=len(score) // 5, offset=(9, 3))
    label_line(ax, gentle, "squared error", at=0, offset=(3, -13))
    ax.set(xlabel="score of an example with label 1", ylabel="price", ylim=(-0.3, score[-1] + 0.3))
    ax.set_xticks(np.linspace(score[0], score[-1], 5))
    ax.set_title("Most wrong: one price still has a slope")
    return ax


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
    _petals(X, labels, ax)
    small = {**CLASSES[labels[ringed]], "s": 24}
    ax.scatter(X[ringed, 0], X[ringed, 1], **small, zorder=4)  # on top of any in its place
    ax.scatter(
        X[ringed, 0], X[ringed, 1], s=220, linewidth=2.2, facecolors="none", edgecolors=ERROR, zorder=5
    )
    return ax


def _line_loss(x, y, w, b):
    """Return the mean squared error of w*x + b for every pair of w and b: same shape as theirs."""
    return np.mean((np.asarray(w)[..., None] * x + np.asarray(b)[..., None] - y) ** 2, axis=-1)


def _petals(X, labels, ax, alpha=1.0):
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


def _line_and_side(w, b, ax):
    """Draw the line on which w @ x + b is 0 through the whole frame, and shade the side where it is above."""
    x1, x2 = np.meshgrid(*(np.linspace(low, high, 300) for low, high in (ax.get_xlim(), ax.get_ylim())))
    above = w[0] * x1 + w[1] * x2 + b > 0
    ax.contourf(x1, x2, above, levels=[0.5, 1.5], colors=[CLASS_B["color"]], alpha=0.22)
    if w @ w > 0:
        foot = -b * w / (w @ w)  # the point of the line nearest to the origin
        ax.axline(foot, foot + np.array([-w[1], w[0]]), **MODEL_LINE)
