"""Figures of lesson 17: what gates do along a word."""

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from course.plots.style import INK


def gates_along_a_word(word: str, gates: np.ndarray, closing: str) -> Figure:
    """Draw the gates of all units, letter by letter, dark where they are shut.

    Args:
        word: its letters.
        gates: (T, H), 0 shut to 1 open; units in the order in which they are to be drawn, from the top.
        closing: the letters that are underlined in the finding, such as the vowels.
    """
    fig, ax = plt.subplots(figsize=(6.4, 3.4))
    shown = ax.imshow(gates.T, cmap="cividis", vmin=0, vmax=1, aspect="auto", interpolation="nearest")
    ax.set_xticks(range(len(word)), [letter.upper() if letter in closing else letter for letter in word])
    for tick, letter in zip(ax.get_xticklabels(), word, strict=True):
        tick.set_fontweight("bold" if letter in closing else "normal")
    ax.set_yticks([])
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.set(xlabel="the letter just read; vowels are capitals", ylabel="units")
    bar = fig.colorbar(shown, ax=ax, ticks=[0, 0.5, 1])
    bar.set_label("forget gate", color=INK)
    bar.ax.set_yticklabels(["0, forgets", "0.5", "1, keeps"])
    ax.set_title("Some units forget at vowels")
    return fig
