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

- It stands in the file of its lesson, ``plots/loss.py``, and is imported below.
- Name the function for what it shows: ``loss_valley``, not ``plot_lesson3``.
- Numbers come in, a figure goes out. The lesson computes what it claims; a function here only draws, and returns
  the Axes (or the Figure, if there are several). It never calls ``plt.show`` and never prints.
- Take an optional ``ax`` last, so that a slider can draw again into the same place: ``ax = ax or plt.gca()``.
- Label both axes with words and units; write the finding as the title, at most 42 characters a line. Label lines
  where they end (`label_line`) instead of in a legend if there are at most four.
- Look at it on white, on #111111, and 390 pixels wide.
"""

from course.figure import show
from course.plots.autoencoder import grid_of_pictures, map_and_picture, rows_of_pictures
from course.plots.bend import bends_and_slopes, relu_pieces
from course.plots.classes import a_digit_in_numbers, weight_pictures
from course.plots.cnn import feature_maps, moved_digits, ways_from_a_pixel
from course.plots.convolution import side_by_side, sliding_window
from course.plots.descent import doubt_around_a_line, path_in_a_bowl, steps_in_a_valley
from course.plots.gates import gates_along_a_word
from course.plots.graph import computation
from course.plots.loss import best_constants, price_of_probability, price_of_score
from course.plots.matrices import error_by_nudge
from course.plots.neuron import neuron_line, two_species, weights_point_across
from course.plots.optimizers import balls_in_a_ravine, loss_by_rate
from course.plots.rnn import slopes_into_the_past
from course.plots.style import (
    CLASS_A,
    CLASS_B,
    CLASS_C,
    CLASSES,
    DATA,
    DATA_POINTS,
    ERROR,
    ERROR_LINE,
    GRADIENT,
    GRADIENT_LINE,
    HANDWRITING,
    INK,
    MODEL,
    MODEL_LINE,
    SIGNED,
    TRUTH,
    TRUTH_LINE,
    label_line,
)
from course.plots.training import scores_by_layer, training_curves

__all__ = [
    "CLASSES",
    "CLASS_A",
    "CLASS_B",
    "CLASS_C",
    "DATA",
    "DATA_POINTS",
    "ERROR",
    "ERROR_LINE",
    "GRADIENT",
    "GRADIENT_LINE",
    "HANDWRITING",
    "INK",
    "MODEL",
    "MODEL_LINE",
    "SIGNED",
    "TRUTH",
    "TRUTH_LINE",
    "a_digit_in_numbers",
    "balls_in_a_ravine",
    "bends_and_slopes",
    "best_constants",
    "computation",
    "doubt_around_a_line",
    "error_by_nudge",
    "feature_maps",
    "gates_along_a_word",
    "grid_of_pictures",
    "label_line",
    "loss_by_rate",
    "map_and_picture",
    "moved_digits",
    "neuron_line",
    "path_in_a_bowl",
    "price_of_probability",
    "price_of_score",
    "relu_pieces",
    "rows_of_pictures",
    "scores_by_layer",
    "show",
    "side_by_side",
    "sliding_window",
    "slopes_into_the_past",
    "steps_in_a_valley",
    "training_curves",
    "two_species",
    "ways_from_a_pixel",
    "weight_pictures",
    "weights_point_across",
]
