"""The figure of lesson 7 shows what it says."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from course import plots


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_both_precisions_stand_against_the_nudge():
    _, ax = plt.subplots()
    nudges, wide, narrow = 10.0 ** -np.arange(1, 9), np.full(8, 1e-8), np.full(8, 1e-2)
    plots.error_by_nudge(nudges, wide, narrow, ax)
    bound, double, single = ax.get_lines()
    np.testing.assert_array_equal(bound.get_ydata(), [1e-6, 1e-6])
    np.testing.assert_array_equal(double.get_ydata(), wide)
    np.testing.assert_array_equal(single.get_ydata(), narrow)
    assert double.get_linestyle() != single.get_linestyle()
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
