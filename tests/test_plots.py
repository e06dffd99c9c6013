"""Figures read on white and on JupyterLab's dark ground, at a phone's width, and without colour."""

import io
import subprocess
import sys

import matplotlib as mpl
import numpy as np
import pytest

mpl.use("agg")

import matplotlib.pyplot as plt
from matplotlib.colors import to_rgb

from course import plots

WHITE, DARK = "#ffffff", "#111111"
TEXT = ["text.color", "axes.labelcolor", "axes.titlecolor", "axes.edgecolor", "xtick.color", "ytick.color"]
ROLES = ["MODEL", "TRUTH", "ERROR", "GRADIENT"]


@pytest.fixture(autouse=True)
def style():
    with plt.style.context("course.figures", after_reset=True):
        yield
    plt.close("all")


def contrast(one, other) -> float:
    """The contrast of two colours as WCAG 2 defines it, 1 to 21."""

    def luminance(colour) -> float:
        channel = np.array(to_rgb(colour))
        linear = np.where(channel <= 0.04045, channel / 12.92, ((channel + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def test_contrast_formula_on_known_values():
    assert contrast("#000000", WHITE) == pytest.approx(21)
    assert contrast("#777777", WHITE) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("key", TEXT)
def test_text_reads_on_both_grounds(key):
    assert min(contrast(plt.rcParams[key], WHITE), contrast(plt.rcParams[key], DARK)) > 4.3


def test_no_other_grey_reads_better_on_both_grounds():
    greys = [f"#{level:02x}{level:02x}{level:02x}" for level in range(256)]
    assert max(greys, key=lambda grey: min(contrast(grey, WHITE), contrast(grey, DARK))) == plots.INK


def test_jupyterlab_takes_our_text_for_dark():
    # Where a figure is transparent, the inline backend asks for the ground that suits its tick labels.
    assert np.dot(to_rgb(plots.INK), (0.299, 0.587, 0.114)) < 0.5


@pytest.mark.parametrize("role", ROLES)
def test_lines_and_their_labels_read_on_both_grounds(role):
    colour = getattr(plots, role)
    assert min(contrast(colour, WHITE), contrast(colour, DARK)) >= 3


def test_each_meaning_has_its_own_colour():
    assert len({plots.DATA, plots.MODEL, plots.TRUTH, plots.ERROR, plots.GRADIENT}) == 5
    assert not {points["color"] for points in plots.CLASSES[:2]} & {getattr(plots, role) for role in ROLES}


def test_nothing_differs_in_colour_alone():
    assert len({getattr(plots, f"{role}_LINE")["linestyle"] for role in ROLES}) == len(ROLES)
    assert len({points["marker"] for points in plots.CLASSES}) == len(plots.CLASSES)
    dashes = [str(line["linestyle"]) for line in plt.rcParams["axes.prop_cycle"]]
    assert len(set(dashes)) == len(dashes) == 6


def test_pale_classes_have_an_edge_that_reads():
    for points in plots.CLASSES:
        assert points["edgecolor"] == plots.INK
        assert points["linewidth"] >= 1


def test_text_is_nine_points_on_a_phone():
    fig, ax = plt.subplots()
    ax.plot([0, 1], [0, 1], label="line")
    ax.set(title="title", xlabel="x", ylabel="y")
    ax.legend()
    fig.canvas.draw()  # writes the tick labels
    shown = 390 / 96 / fig.get_figwidth()  # a CSS pixel is 1/96 inch
    sizes = [text.get_fontsize() for text in fig.findobj(mpl.text.Text) if text.get_text()]
    assert len(sizes) > 8
    assert min(sizes) * shown >= 9


def test_figures_are_transparent_and_have_two_spines():
    fig, ax = plt.subplots()
    ax.plot([0, 1], [0, 1], label="line")
    assert ax.get_facecolor()[3] == fig.get_facecolor()[3] == 0
    assert [side for side, spine in ax.spines.items() if spine.get_visible()] == ["left", "bottom"]
    assert not ax.legend().get_frame_on()
    png = io.BytesIO()
    fig.savefig(png)
    png.seek(0)
    assert plt.imread(png)[0, -1, 3] == 0


def test_a_title_of_42_letters_fits():
    fig, ax = plt.subplots()
    title = ax.set_title("Past 2/curvature every step will overshoot")
    ax.set_ylabel("loss")
    fig.canvas.draw()
    assert len(title.get_text()) == 42
    assert title.get_window_extent().x1 <= fig.bbox.x1


def test_svg_is_the_same_each_time():
    def draw() -> bytes:
        fig, ax = plt.subplots()
        ax.scatter([0, 1], [0, 1], **plots.CLASS_A)
        svg = io.BytesIO()
        fig.savefig(svg, format="svg", metadata={"Date": None})
        return svg.getvalue()

    assert draw() == draw()


@pytest.mark.parametrize("at", [-1, 3])
def test_label_line_stands_beside_its_point_inside_the_figure(at):
    fig, ax = plt.subplots()
    (line,) = ax.plot(np.arange(10), np.arange(10) ** 2, **plots.ERROR_LINE)
    label = plots.label_line(ax, line, "error", at=at)
    fig.canvas.draw()
    box = label.get_window_extent()
    x, y = ax.transData.transform(line.get_xydata()[at])
    assert label.get_color() == plots.ERROR
    assert 0 < box.x0 - x < 20
    assert box.y0 < y < box.y1
    assert box.x1 <= fig.bbox.x1


@pytest.mark.parametrize("points", [plots.DATA_POINTS, *plots.CLASSES])
def test_point_styles_go_into_scatter(points):
    _, ax = plt.subplots()
    dots = ax.scatter([0, 1], [0, 1], **points)
    assert mpl.colors.same_color(dots.get_facecolor(), points["color"])


def test_colour_maps_exist():
    assert {plots.SIGNED, plots.HANDWRITING, plt.rcParams["image.cmap"]} <= set(mpl.colormaps)


def test_importing_the_course_does_not_import_matplotlib():
    code = "import sys, course, course.data; assert 'matplotlib' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
