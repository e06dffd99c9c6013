"""The figures of lesson 9 show what they are given."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from course import plots

CURVATURES = np.array([0.005, 2.0])


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def three_paths(steps: int) -> dict[str, np.ndarray]:
    start, along = np.array([-20.0, 1.0]), np.linspace(1, 0, steps + 1)[:, None]
    return {"plain": start * along**0.1, "momentum": start * along, "Adam": start * along**2}


@pytest.mark.parametrize("step", [3, 7, 20])
def test_each_ball_is_where_its_path_is_after_that_many_steps(step):
    paths = three_paths(20)
    ax = plots.balls_in_a_ravine(CURVATURES, paths, step, plt.figure().add_subplot())
    balls = [line for line in ax.lines if line.get_markersize() == 11]
    for ball, path in zip(balls, paths.values(), strict=True):
        np.testing.assert_array_equal(ball.get_xydata()[0], path[step])
    assert [text.get_text() for text in ax.texts] == list(paths)
    ways = [line for line in ax.lines if len(line.get_xdata()) == step + 1 and line.get_linestyle() != "None"]
    assert len(ways) == 3


def test_the_window_holds_still_while_the_slider_moves():
    first, last = (
        plots.balls_in_a_ravine(CURVATURES, three_paths(20), step, plt.figure().add_subplot())
        for step in (0, 20)
    )
    assert (first.get_xlim(), first.get_ylim()) == (last.get_xlim(), last.get_ylim())


def test_balls_differ_in_more_than_colour():
    ax = plots.balls_in_a_ravine(CURVATURES, three_paths(5), 5, plt.figure().add_subplot())
    balls = [line for line in ax.lines if line.get_markersize() == 11]
    assert len({ball.get_marker() for ball in balls}) == len({ball.get_color() for ball in balls}) == 3


def test_the_largest_mark_is_at_the_best_rate():
    rates = np.array([0.001, 0.01, 0.1])
    losses = {
        "plain": np.array([[3.0, 3.2], [2.0, 2.2], [1.0, 1.4]]),
        "Adam": np.array([[2.0, 2.2], [0.3, 0.5], [0.9, 1.0]]),
    }
    ax = plots.loss_by_rate(rates, losses, plt.figure().add_subplot())
    best = [line.get_xydata()[0] for line in ax.lines if line.get_markersize() == 12]
    np.testing.assert_allclose(best, [[0.1, 1.2], [0.01, 0.4]])
    assert [text.get_text() for text in ax.texts] == ["plain", "Adam"]
    assert ax.get_xscale() == ax.get_yscale() == "log"
