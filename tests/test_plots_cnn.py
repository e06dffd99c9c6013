"""The figures of lesson 15 show what they are given."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from course import plots


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_the_ways_of_a_pixel_carry_their_weights():
    _, ax = plt.subplots()
    plots.ways_from_a_pixel(5, 3, 2, ax)
    words = [text.get_text() for text in ax.texts if text.get_text()]
    assert sorted(words) == ["w0", "w1", "w2", "x0", "x1", "x2", "x3", "x4", "y0", "y1", "y2"]
    assert sum(text.get_text() == "" for text in ax.texts) == 9  # an arrow for each pixel of each window
    across = {text.get_text(): text.get_position()[0] for text in ax.texts}
    assert across["w2"] < across["w1"] < across["w0"]  # the first answer by the last weight


def test_each_layer_has_its_row_of_maps():
    levels = [("one", np.ones((4, 4, 3))), ("two", np.zeros((2, 2, 9)))]
    fig = plots.feature_maps(np.ones((6, 6)), levels, most=4)
    shown = [ax.images[0].get_array().shape if ax.images else None for ax in fig.axes]
    assert shown == [(6, 6), None, None, None, (4, 4), (4, 4), (4, 4), None, *[(2, 2)] * 4]
    titles = [ax.get_title(loc="left") for ax in fig.axes[::4]]
    assert titles == ["what goes in: 1 of 6 x 6", "one: 3 of 4 x 4", "two: 9 of 2 x 2"]


def test_every_seed_has_its_line():
    dense, convolutional = [[0.9, 0.5], [0.8, 0.4]], [[1.0, 0.9], [0.9, 0.8]]
    _, ax = plt.subplots()
    plots.moved_digits(dense, convolutional, "finding", ax)
    np.testing.assert_allclose([line.get_ydata() for line in ax.lines], 100 * np.array(dense + convolutional))
    assert {text.get_text() for text in ax.texts} == {"dense", "CNN"}
    assert ax.get_title() == "finding"
