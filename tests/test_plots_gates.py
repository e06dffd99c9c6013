"""The figure of lesson 17 shows what it says."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from course import plots


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_a_row_for_each_unit_and_a_column_for_each_letter():
    gates = np.random.default_rng(0).uniform(size=(4, 6))
    fig = plots.gates_along_a_word("anna", gates, "aeiou")
    ax = fig.axes[0]
    np.testing.assert_array_equal(ax.images[0].get_array(), gates.T)
    assert ax.images[0].get_clim() == (0, 1)
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["A", "n", "n", "A"]
