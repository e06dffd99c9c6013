"""Figures of lesson 2: what mistakes cost."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from course.plots.style import ERROR_LINE, MODEL_LINE, label_line


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
    label_line(ax, steep, "squared", at=rising, offset=(-9, 0)).set_horizontalalignment("right")
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
    log_at = int(np.abs(minus_log - 3.0).argmin())
    label_line(ax, steep, "minus log", at=log_at, offset=(9 * side, 0)).set_horizontalalignment(
        "left" if side == 1 else "right"
    )
    label_line(ax, gentle, "squared", at=wrong_end, offset=(14 * side, -26)).set_horizontalalignment(
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
