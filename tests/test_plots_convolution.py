"""The figures of lesson 14 show what they are given."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from course import plots


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_pictures_with_a_sign_are_white_at_nought():
    pictures = [np.array([[-2.0, 1.0, 0.5]]), np.array([[0.1, 0.0, 0.0]]), np.zeros((1, 3))]
    fig = plots.side_by_side(pictures, ["a", "b", "c"], columns=3)
    for ax, picture, title in zip(fig.axes, pictures, "abc", strict=True):
        low, high = ax.images[0].get_clim()
        assert low == -high
        np.testing.assert_array_equal(ax.images[0].get_array(), picture)
        assert ax.get_title() == title
    grey = plots.side_by_side(pictures[:2], ["a", "b"], signed=False)
    assert grey.axes[0].images[0].get_cmap().name == "gray"


def test_a_window_shows_its_sum_and_the_answers_before_it():
    image, kernel = np.arange(12.0).reshape(3, 4) / 12, np.array([[1.0, 0.0], [0.0, -1.0]])
    answers = image[:2, :3] - image[1:, 1:]
    fig = plots.sliding_window(image, kernel, answers, 1, 0)
    left, right, pixels, weights = fig.axes
    assert left.patches[0].get_xy() == (-0.5, 0.5)
    shown = np.asarray(right.images[0].get_array().filled(np.nan))
    np.testing.assert_array_equal(np.isnan(shown), [[False] * 3, [False, True, True]])
    assert [text.get_text() for text in pixels.texts] == ["0.33", "0.42", "0.67", "0.75"]
    assert [text.get_text() for text in weights.texts] == ["1", "0", "0", "-1"]
    assert weights.get_title() == f"times the kernel: {answers[1, 0]:.2f}"
