"""The figures of lesson 5 show what they say."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from course import plots


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_each_bend_stands_with_its_slope():
    x = np.linspace(-1, 1, 3)
    fig = plots.bends_and_slopes(x, {"one": (x, x**2), "two": (2 * x, x)})
    assert [ax.get_title() for ax in fig.axes] == ["one", "two"]
    lines = fig.axes[1].get_lines()
    np.testing.assert_array_equal(lines[1].get_ydata(), 2 * x)
    np.testing.assert_array_equal(lines[2].get_ydata(), x)


@pytest.mark.parametrize(
    ("kinks", "title"),
    [
        ([], "0 kinks make 1 straight piece"),
        ([(0, 0)], "1 kink makes 2 straight pieces"),
        ([(0, 0), (1, 1)], "2 kinks make 3 straight pieces"),
    ],
)
def test_pieces_are_counted(kinks, title):
    _, ax = plt.subplots()
    x = np.linspace(-1, 1, 5)
    plots.relu_pieces(x, np.zeros((5, 3)), x, kinks, ax)
    assert ax.get_title() == title
    np.testing.assert_array_equal(ax.get_lines()[3].get_ydata(), x)
