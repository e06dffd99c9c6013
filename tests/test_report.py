"""A report says the same as text and as HTML, fits on a screen, and never says anything that changes from run to run."""

import html
import re

import numpy as np
import pytest

from course.exercises.report import LINES, WIDTH, WORDS, Note, Report, excerpt, show_value, with_code

FULL = Report(
    exercise="softmax",
    verdict="wrong",
    message="You summed over `axis=0`. Each *row* is one example & <one> answer.",
    mistake="sums_over_examples",
    trial="rows <far> apart",
    right=3,
    trials=5,
    details=(("scores", "[[0., 1.],\n [2., 3.]]  shape (2, 2)"), ("got", "<nan>"), ("expected", "1")),
    notes=("It printed: <b>bold</b>",),
)


def words_of(markup):
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", markup)))


def test_a_full_report_as_text():
    assert repr(FULL) == (
        "✗ softmax: not right yet (3 of 5 trials are right)\n"
        "  You summed over `axis=0`. Each *row* is one example & <one> answer.\n"
        "  On the trial 'rows <far> apart':\n"
        "    scores    [[0., 1.],\n"
        "               [2., 3.]]  shape (2, 2)\n"
        "    got       <nan>\n"
        "    expected  1\n"
        "  It printed: <b>bold</b>"
    )


def test_a_short_report_as_text():
    report = Report("mse", "passed", "All 5 trials are right.")
    assert repr(report) == "✓ mse: passed\n  All 5 trials are right."
    stopped = Report("mse", "timed_out", "It did not finish.", trial="one row")
    assert repr(stopped) == "◷ mse: did not finish\n  It did not finish.\n  On the trial 'one row'."


def test_html_says_the_same_as_the_text():
    page = words_of(FULL._repr_html_())
    for part in [
        "✗ softmax: not right yet (3 of 5 trials are right)",
        "rows <far> apart",
        "[[0., 1.], [2., 3.]]",
    ]:
        assert part in re.sub(r"\s+", " ", page)
    for label, _ in FULL.details:
        assert label in page
    assert "It printed: <b>bold</b>" in page


def test_html_escapes_what_a_learner_wrote():
    page = FULL._repr_html_()
    assert "<b>bold</b>" not in page
    assert "<nan>" not in page
    assert "<far>" not in page
    nasty = Report(
        "<script>",
        "wrong",
        "<script>alert(1)</script>",
        trial="<script>",
        details=(("<script>", "<script>"),),
    )
    assert "<script" not in nasty._repr_html_()


@pytest.mark.parametrize("verdict", WORDS)
def test_html_reads_well_on_light_and_dark_pages(verdict):
    """It sets no colour of text and no background of its own: only a mark and a line at the side are coloured."""
    page = Report("mse", verdict, "Message.", details=(("got", "1"),))._repr_html_()
    assert set(re.findall(r"background:([^;\"]+)", page)) <= {"none"}
    assert len(re.findall(r"(?<![-\w])color:", page)) == 1
    assert 'role="status"' in page


def test_tags_are_closed():
    for page in (
        FULL._repr_html_(),
        Note("text `code`", title="t", code="x < 1", details=(("a", "b"),))._repr_html_(),
    ):
        assert sorted(re.findall(r"<(\w+)", page)) == sorted(re.findall(r"</(\w+)", page))


def test_the_row_is_what_json_prints():
    assert FULL.row() == {
        "exercise": "softmax",
        "verdict": "wrong",
        "mistake": "sums_over_examples",
        "trial": "rows <far> apart",
        "message": FULL.message,
    }


def test_no_trial_right_is_not_counted():
    assert Report("mse", "wrong", "m", right=0, trials=5).headline == "mse: not right yet"


def test_a_note_as_text_and_html():
    note = Note(
        "What is the `max`?",
        title="softmax: hint 1 of 3",
        code="def f():\n    return 1 < 2",
        details=(("a", "`b`"),),
    )
    assert repr(note) == (
        "softmax: hint 1 of 3\n  What is the `max`?\n\ndef f():\n    return 1 < 2\n\n  a: `b`"
    )
    assert "<strong>softmax: hint 1 of 3</strong>" in note._repr_html_()
    assert "<code>max</code>" in note._repr_html_()
    assert "1 &lt; 2" in note._repr_html_()


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("use `x < 1`", "use <code>x &lt; 1</code>"),
        ("each *row*, not *each column*", "each <em>row</em>, not <em>each column</em>"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("`a * b` and `c * d`", "<code>a * b</code> and <code>c * d</code>"),
        ("x**2 and y**2", "x**2 and y**2"),
        ("an odd ` mark", "an odd ` mark"),
        ("rate*x and rate*y", "rate*x and rate*y"),
    ],
)
def test_code_and_emphasis_as_in_markdown(text, markup):
    assert with_code(text) == markup


# -------------------------------------------------------------------------------------------------- values


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1 / 3, "0.333333"),
        (np.float64(2.0), "2"),
        (np.array(1e-20), "1e-20"),
        (7, "7"),
        (10**12, "1000000000000"),
        (True, "True"),
        (np.bool_(False), "False"),
        (1 + 2j, "1+2j"),
        (float("nan"), "nan"),
        (-np.inf, "-inf"),
        (None, "None"),
        ("cat", "'cat'"),
        (np.str_("cat"), "'cat'"),
        (np.array("cat"), "'cat'"),
        (np.array([1.0, 2.5]), "[1. , 2.5]  shape (2,)"),
        ([1.0, 2.5], "[1. , 2.5]  shape (2,)"),
        (np.array([1, 2]), "[1, 2]  shape (2,)"),
        (np.array([True]), "[ True]  shape (1,)"),
        (np.zeros((0, 3)), "[]  shape (0, 3)"),
        ({"a": 1.0, "b": [1, 2]}, "a: 1\nb: [1, 2]  shape (2,)"),
        ([np.zeros(1), np.zeros((1, 2))], "[0.]  shape (1,)\n[[0., 0.]]  shape (1, 2)"),
        ([1.0, None], "1\nNone"),
    ],
)
def test_values_are_shown_rounded_with_their_shape(value, shown):
    assert show_value(value) == shown


@pytest.mark.parametrize("scale", [1e-9, 1e-3, 1.0, 1e3, 1e9])
def test_no_value_is_rounded_away(scale):
    shown = show_value(np.array([1.2345678, -2.5]) * scale)
    numbers = [float(n) for n in re.findall(r"-?\d[\d.]*(?:e[-+]?\d+)?", shown.partition("]")[0])]
    assert np.allclose(numbers, np.array([1.2345678, -2.5]) * scale, rtol=0.05)


@pytest.mark.parametrize(
    "value",
    [
        np.arange(1e6),
        np.ones((100, 100, 3)),
        [np.ones(2)] * 1000,
        {i: np.ones((5, 5)) for i in range(100)},
        "text" * 1000,
        [["a"] * 50] * 50,
        np.array(["long text " * 50] * 50),
    ],
    ids=lambda value: type(value).__name__,
)
def test_large_values_take_a_few_lines(value):
    lines = show_value(value).splitlines()
    assert len(lines) <= 2 * LINES
    assert max(map(len, lines)) <= WIDTH + 40


def test_one_element_is_shown():
    assert excerpt(np.array([[1.0, 1 / 3]]), (0, 1)) == "0.333333"
    assert excerpt([1.0, 2.0], (1,)) == "2"


def test_a_report_does_not_depend_on_the_learners_print_options():
    value = np.array([1 / 3, 2.0])
    before = show_value(value)
    with np.printoptions(precision=1, threshold=1, sign="+", floatmode="unique"):
        assert show_value(value) == before
