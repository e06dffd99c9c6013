"""The styles that figures share: the same thing looks the same in the whole course. The table is in ``plots``."""

from typing import Any

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
