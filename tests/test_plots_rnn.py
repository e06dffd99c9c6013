"""The figure of lesson 16 shows what it says."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from course import plots


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


@pytest.mark.parametrize(("factor", "fate"), [(0.5, "dies"), (1.5, "explodes"), (1.0, "lasts a while")])
def test_the_title_says_what_becomes_of_the_slope(factor, fate):
    _, ax = plt.subplots()
    steps = np.arange(20)
    lengths = factor**steps
    plots.slopes_into_the_past({0.5: 0.5**steps, 1.5: 1.5**steps}, factor, lengths, ax)
    assert ax.get_title() == f"Weights of size {factor:g}: the slope {fate}"
    assert [text.get_text() for text in ax.texts] == ["0.5", "1.5"]
    np.testing.assert_array_equal(ax.get_lines()[2].get_ydata(), lengths)


def test_the_window_holds_still():
    limits = set()
    for factor in (0.25, 3.0):
        _, ax = plt.subplots()
        steps = np.arange(20)
        plots.slopes_into_the_past({0.5: 0.5**steps, 1.5: 1.5**steps}, factor, factor**steps, ax)
        limits.add((ax.get_xlim(), ax.get_ylim()))
    assert len(limits) == 1
