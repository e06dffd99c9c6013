"""The figures of lesson 4 show what they say."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from course import plots


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_every_pixel_shows_its_number():
    _, ax = plt.subplots()
    picture = np.linspace(0, 1, 6).reshape(2, 3)
    plots.a_digit_in_numbers(picture, 3, ax)
    assert [text.get_text() for text in ax.texts] == [".0", ".2", ".4", ".6", ".8", "1.0"]
    assert ax.get_title() == "A 3 is 6 numbers"


def test_weight_pictures_share_one_scale_around_nought():
    weights = np.random.default_rng(0).normal(size=(64, 10))
    fig = plots.weight_pictures(weights, "finding")
    limits = {ax.images[0].get_clim() for ax in fig.axes}
    assert limits == {(-np.abs(weights).max(), np.abs(weights).max())}
    np.testing.assert_array_equal(fig.axes[3].images[0].get_array(), weights[:, 3].reshape(8, 8))
    plots.weight_pictures(np.zeros((64, 10)), "nothing yet")
