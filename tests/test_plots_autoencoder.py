"""The figures of lesson 18 show what they are given."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from course import plots


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_codes_are_drawn_as_digits_and_the_spot_as_a_cross():
    codes = np.random.default_rng(0).normal(size=(50, 2))
    picture = np.linspace(0, 1, 64).reshape(8, 8)
    fig = plots.map_and_picture(codes, np.arange(50) % 10, np.array([0.5, -0.5]), picture)
    left, right = fig.axes
    assert {text.get_text() for text in left.texts} <= set("0123456789")
    assert len(left.texts) > 40
    np.testing.assert_array_equal(left.get_lines()[0].get_xydata(), [[0.5, -0.5]])
    np.testing.assert_array_equal(right.images[0].get_array(), picture)


def test_a_grid_keeps_each_picture_in_its_place():
    pictures = np.arange(2 * 3 * 4).reshape(2, 3, 2, 2) / 24
    _, ax = plt.subplots()
    plots.grid_of_pictures(pictures, ax)
    whole = ax.images[0].get_array()
    assert whole.shape == (8, 12)
    np.testing.assert_array_equal(whole[5:7, 5:7], pictures[1, 1])


def test_rows_have_names_and_columns_captions():
    pictures = np.zeros((3, 8, 8))
    fig = plots.rows_of_pictures({"noisy": pictures, "clean": pictures}, ["a", "b", "c"], "finding")
    assert [ax.get_ylabel() for ax in fig.axes[::3]] == ["noisy", "clean"]
    assert [ax.get_title() for ax in fig.axes[:3]] == ["a", "b", "c"]
