"""The figures of lesson 8 show what they are given."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from course import plots


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_scores_stand_by_size_and_layer():
    narrow, wide = [np.zeros(100)] * 6, [np.full(100, 50.0)] * 6
    fig = plots.scores_by_layer({"small": narrow, "large": wide})
    axes = np.array(fig.axes).reshape(2, 3)
    assert [ax.get_title(loc="center") for ax in axes[0]] == ["layer 1", "layer 3", "layer 6"]
    assert [ax.get_ylabel() for ax in axes[:, 0]] == ["small", "large"]
    (steps,) = axes[0, 2].patches
    assert max(steps.get_data().values) == 1  # all of the zeros are in one bin
    assert [text.get_text() for text in axes[1, 0].texts] == ["beyond"]


@pytest.mark.parametrize("count", [1, 3, 4])
def test_each_run_has_both_of_its_curves(count):
    runs = {f"run {i}": ([3.0, 2.0, i], [3.0, i, 1.0]) for i in range(count)}
    fig = plots.training_curves(runs)
    for i, ax in enumerate(fig.axes[:count]):
        assert ax.get_title() == f"run {i}"
        training, validation = ax.get_lines()
        np.testing.assert_array_equal(training.get_ydata(), [3.0, 2.0, i])
        np.testing.assert_array_equal(validation.get_ydata(), [3.0, i, 1.0])
    assert [text.get_text() for text in fig.axes[count - 1].get_legend().get_texts()] == [
        "training",
        "validation",
    ]
