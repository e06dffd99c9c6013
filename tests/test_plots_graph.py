"""The figure of lesson 6 shows what it is given."""

import matplotlib.pyplot as plt
import pytest

from course import plots


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_a_node_shows_its_value_and_its_slope_when_they_are_known():
    _, ax = plt.subplots()
    nodes = {"a": ((0, 0), 1.0, None), "b": ((1, 0), 2.5, -0.25), "c": ((2, 1), None, None)}
    plots.computation(nodes, [("a", "b"), ("b", "c")], ax)
    shown = [text.get_text() for text in ax.texts if text.get_text()]
    assert shown == ["a", "1.00", "b", "2.50", "-0.25", "c"]
    assert sum(text.get_text() == "" for text in ax.texts) == 2  # the arrows
