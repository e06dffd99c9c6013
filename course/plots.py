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

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.text import Annotation

INK = "#797979"
DATA = INK
MODEL = "#0072B2"
TRUTH = "#009E73"
ERROR = "#D55E00"
GRADIENT = "#CC79A7"

# Lines: ax.plot(x, y, **MODEL_LINE)
MODEL_LINE = {"color": MODEL, "linestyle": "-"}
TRUTH_LINE = {"color": TRUTH, "linestyle": "--"}
ERROR_LINE = {"color": ERROR, "linestyle": ":"}
GRADIENT_LINE = {"color": GRADIENT, "linestyle": "-."}

# Points: ax.scatter(x, y, **CLASS_A). Orange and sky blue are pale on white; the edge gives them their shape.
Points = Mapping[str, str | float]
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
