"""The website's parts: formulas, pages, what is found wrong, what a page's Python does. Browsers are in test_site_browser."""

import base64
import dataclasses
import hashlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import urllib.request

import pytest

from course import book, notebooks
from course.errors import CourseError

pytest.importorskip("py_mini_racer", reason="the website's packages are not installed: pip install '.[site]'")

from course.site import browser, build, chapters, convert, execute, finish, formulas, inspect, pages, runtime

COURSE = book.load()

# ------------------------------------------------------------------------------ formulas


def test_a_formula_becomes_html_with_mathml_beside_it():
    found = formulas.rendered("The slope $\\frac{a}{b}$ counts.")
    assert found.startswith("The slope <span")
    assert "<math" in found
    assert "$" not in found


def test_a_formula_on_its_own_line_becomes_a_block():
    assert re.search(r'\n\n<div class="formula">.*</div>\n\n', formulas.rendered("So\n$$x = y$$\nthen"))


def test_nothing_in_a_formula_is_markup_to_markdown():
    html = formulas.render("w_1 x_1 + w_2 x_2 * [a] | b")
    outside = "".join(re.split(r"<[^>]*>", html))
    assert not re.search(r"[_*\[\]|`\\]", outside)
    assert "\n" not in html


@pytest.mark.parametrize("text", ["`$x$`", "```python\na = '$x$ and $y$'\n```", "it costs $5 and $6"])
def test_dollars_that_are_no_formula_stay(text):
    assert formulas.rendered(text) == text


def test_a_formula_that_does_not_parse_is_shown():
    with pytest.raises(
        CourseError, match=r"The formula \$\\frac\{a\}\{\$ does not parse: Unexpected end of input"
    ):
        formulas.rendered("so $\\frac{a}{$ it is")


# ------------------------------------------------------------------------------ pages


def test_an_exercise_that_needs_more_than_a_page_has_says_so():
    course = book.load()
    page = pages.exercise(course.exercise("corr2d_numba"), course.lesson("convolution"))
    assert "can be run and checked (in Jupyter: it needs numba, which no page has)." in page
    assert "Jupyter" not in pages.exercise(course.exercise("corr2d"), course.lesson("convolution"))


def test_prose_links_to_pages_and_drops_authors_notes():
    found = convert.prose("See [lesson 2](02-loss.ipynb#softmax). <!-- numbers: 3: why -->")
    assert found == "See [lesson 2](02-loss.md#softmax). "


def test_html_output_stands_on_one_line():
    assert convert.one_line("<div>\n\n<pre>a\n\nb</pre>\n</div>") == "<div> <pre>a&#10;&#10;b</pre> </div>"
    assert convert.printed("\x1b[31ma < b\x1b[0m\n") == "a &lt; b&#10;"


def test_a_picture_keeps_its_words_and_its_size():
    from PIL import Image

    png = io.BytesIO()
    Image.new("RGBA", (40, 20)).save(png, "PNG")
    about = {"image/png": {"alt": 'One "finding"', "width": 20}}
    found = convert.picture(base64.b64encode(png.getvalue()).decode(), about)
    assert 'alt="One &quot;finding&quot;" width="20" height="10"' in found
    assert "data:image/webp;base64," in found


def test_a_lesson_becomes_cells_that_can_be_found():
    import nbformat

    nb = nbformat.v4.new_notebook()
    code = nbformat.v4.new_code_cell("print(1)", id="one", metadata={"tags": ["setup"]})
    code.outputs = [nbformat.v4.new_output("stream", text="1\n\n<2>\n")]
    nb.cells = [nbformat.v4.new_markdown_cell("# Title\n\n$x$", id="top"), code]
    found = convert.page(nb, "09-x", {"base": "pyodide/"})
    assert 'data-lesson="09-x"' in found
    assert "&quot;base&quot;: &quot;pyodide/&quot;" in found
    assert '<div class="cell" id="one" data-cell="one" data-tags="setup">' in found
    assert "```python\nprint(1)\n```" in found
    assert '<pre class="printed">1&#10;&#10;&lt;2&gt;&#10;</pre>' in found


def test_a_wrong_formula_is_named_with_lesson_and_cell():
    import nbformat

    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("$\\oops$", id="here")])
    with pytest.raises(CourseError, match=r"lessons/09-x.ipynb, cell 'here': The formula \$\\oops\$"):
        convert.page(nb, "09-x")


def test_a_changed_word_shows_though_the_lesson_is_not_run_again(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(notebooks, "run", lambda nb, _: runs.append(1) or nb)
    runs: list = []
    lesson = COURSE.lessons[0]
    copy = dataclasses.replace(lesson, path=tmp_path / lesson.path.name)
    text = lesson.path.read_text(encoding="utf-8")
    copy.path.write_text(text, encoding="utf-8")
    execute.executed(copy)
    copy.path.write_text(text.replace("# One neuron", "# Two neurons", 1), encoding="utf-8")
    assert execute.executed(copy).cells[0].source.startswith("# Two neurons")
    assert len(runs) == 1


def test_every_misconception_of_a_lesson_is_listed_with_its_proof():
    page = (COURSE.root / "lessons" / "misconceptions.md").read_text(encoding="utf-8")
    linked = set(re.findall(r"\]\(([\w-]+\.ipynb#[\w-]+)\)", page))
    tagged = {
        f"{lesson.path.name}#{cell.id}"
        for lesson in COURSE.lessons
        for cell in notebooks.read_cells(lesson.path)
        if "misconception" in cell.tags
    }
    assert linked == tagged


def test_the_preprocessor_explains_itself_to_a_person():
    done = subprocess.run(
        [sys.executable, "-c", "from course.site.preprocessor import main; main()"],
        input="",
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "is called by mdBook" in done.stderr


def test_an_unknown_thing_to_make_is_named():
    chapter = {"path": "x.md", "content": "{{#course nonsense}}"}
    with pytest.raises(
        CourseError, match=r"lessons/x.md: .*wants \{\{#course nonsense\}\}; what can be made is"
    ):
        chapters._page(chapter, COURSE)


# ------------------------------------------------------------------------------ what is found wrong

PAGE = '<html><head><title>A</title></head><body id="top">{}</body></html>'


@pytest.fixture
def site(tmp_path):
    def write(**pages):
        for name, body in pages.items():
            (tmp_path / f"{name}.html").write_text(PAGE.format(body), encoding="utf-8")
        return tmp_path

    return write


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('<a href="b.html">x</a>', "a.html links to b.html, and there is no such page."),
        ('<a href="a.html#no">x</a>', "a.html links to a.html#no, and that page has no such place."),
        ('<img src="x.png" alt="y">', "a.html has no x.png."),
        ('<img src="data:,">', "a.html has 1 picture without alt text."),
        (
            '<script src="https://cdn.example/x.js"></script>',
            "a.html asks for https://cdn.example/x.js, which is outside the site.",
        ),
    ],
)
def test_what_is_wrong_with_a_site_is_named(site, body, said):
    assert list(inspect.problems(site(a=body))) == [said]


def test_a_style_sheet_that_asks_for_more_is_named(site, tmp_path):
    (tmp_path / "x.css").write_text(
        "@font-face { src: url(https://fonts.example/a.woff2) }", encoding="utf-8"
    )
    assert list(inspect.problems(site(a=""))) == ["x.css asks for https://fonts.example/a.woff2."]


def test_a_sound_site_has_no_problem(site):
    body = '<a href="b.html#top">x</a> <a href="https://example.org">y</a> <img src="data:," alt="z">'
    assert list(inspect.problems(site(a=body, b=""))) == []


# ------------------------------------------------------------------------------ building


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("[book", "book.toml can't be read"),
        ('[preprocessor.course]\nruntime = "moon"', 'book.toml says runtime = "moon"; wanted is "cdn"'),
    ],
)
def test_a_book_toml_that_is_wrong_is_named(tmp_path, toml, said):
    (tmp_path / "book.toml").write_text(toml, encoding="utf-8")
    with pytest.raises(CourseError, match=re.escape(said)):
        build.build(tmp_path, tmp_path / "site")


def test_a_folder_that_is_no_site_is_not_replaced(tmp_path):
    (tmp_path / "book.toml").write_text("[book]\ntitle = 'x'", encoding="utf-8")
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "work.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(CourseError, match="holds something that is no site"):
        build.build(tmp_path, tmp_path / "precious")
    assert (tmp_path / "precious" / "work.txt").read_text(encoding="utf-8") == "mine"


def test_a_runtime_with_a_file_missing_is_named(tmp_path):
    with pytest.raises(CourseError, match=r"has no pyodide-lock.json. Wanted is Pyodide 0.27.7"):
        runtime.verified(tmp_path)


def test_a_runtime_with_a_changed_file_is_refused(tmp_path, monkeypatch):
    right = hashlib.sha256(b"right").hexdigest()
    monkeypatch.setattr(runtime, "pinned", lambda: {"version": "0.27.7", "files": {"pyodide.js": right}})
    (tmp_path / "pyodide.js").write_bytes(b"wrong")
    with pytest.raises(CourseError, match=r"pyodide.js is not the file that Pyodide 0.27.7 names"):
        runtime.verified(tmp_path)


def test_a_page_that_fetches_from_elsewhere_has_a_hash_for_each_file():
    about = runtime.for_page("cdn")
    assert about["base"].startswith("https://")
    assert set(about["hashes"]) == set(runtime.pinned()["files"])
    assert all(digest.startswith("sha256-") for digest in about["hashes"].values())
    assert "hashes" not in runtime.for_page("local")


def test_a_public_address_gives_canonical_links_a_card_and_a_map(tmp_path):
    (tmp_path / "index.html").write_text(PAGE.format(""), encoding="utf-8")
    (tmp_path / "b.html").write_text(PAGE.format(""), encoding="utf-8")
    about = {"title": "T", "description": 'A "D"'}
    finish.finish(tmp_path, {"url": "https://example.org/course"}, about)
    text = (tmp_path / "b.html").read_text(encoding="utf-8")
    assert '<link rel="canonical" href="https://example.org/course/b.html">' in text
    assert '<meta property="og:description" content="A &quot;D&quot;">' in text
    assert "https://example.org/course/</loc>" in (tmp_path / "sitemap.xml").read_text(encoding="utf-8")
    assert (tmp_path / "card.png").stat().st_size > 10_000
    with pytest.raises(CourseError, match="wanted is an address"):
        finish.finish(tmp_path, {"url": "example.org"}, about)


def test_serving_builds_again_when_a_page_changes(tmp_path):
    lessons = tmp_path / "lessons"
    lessons.mkdir()
    (tmp_path / "book.toml").write_text('[book]\ntitle = "T"\nsrc = "lessons"\n', encoding="utf-8")
    (lessons / "SUMMARY.md").write_text("# Summary\n\n[Home](index.md)\n", encoding="utf-8")
    page = lessons / "index.md"
    page.write_text("# Home\n\nfirst\n", encoding="utf-8")
    env = {**os.environ, "COURSE_BOOK": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    command = [
        sys.executable,
        "-m",
        "course",
        "site",
        "--serve",
        "--port",
        "0",
        "--out",
        str(tmp_path / "out"),
    ]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, encoding="utf-8") as serving:
        try:
            address = serving.stdout.readline().partition("  ")[0]
            assert "first" in _fetched(address)
            page.write_text("# Home\n\n[gone](gone.md)\n", encoding="utf-8")
            assert serving.stdout.readline().startswith("Not built: The site has 1 problem")
            assert "first" in _fetched(address)
            page.write_text("# Home\n\nsecond\n", encoding="utf-8")
            while "Built again" not in serving.stdout.readline():
                pass
            assert "second" in _fetched(address)
        finally:
            serving.send_signal(signal.SIGINT)
            serving.stdout.read()
    assert serving.returncode == 0


def _fetched(address: str) -> str:
    with urllib.request.urlopen(address) as answer:
        return answer.read().decode("utf-8")


# ------------------------------------------------------------------------------ Python in the page


@pytest.fixture
def page(monkeypatch):
    """Return ``page(source)``: the messages that running a cell sends."""
    kept = {name: sys.modules.get(name) for name in [*browser._ipython(), "ipywidgets"]}
    sent: list[dict] = []
    browser.start(lambda text: sent.append(json.loads(text)))

    def run(source, cell="c"):
        sent.clear()
        browser.run(cell, source)
        return list(sent)

    run.sent = sent
    yield run
    for name, module in kept.items():
        if module is None:
            sys.modules.pop(name, None)
        else:
            sys.modules[name] = module


def test_a_cell_prints_and_shows_its_last_value(page):
    messages = page("print('a')\n1 + 1")
    assert [m.get("printed") for m in messages] == ["a", "\n", "2\n", None]
    assert messages[-1] == {"cell": "c", "done": True, "failed": None}


def test_a_cell_that_fails_shows_the_readers_own_lines(page):
    *_, warned, done = page("def f():\n    return 1 / 0\nf()")
    assert "<cell c>" in warned["warned"]
    assert "return 1 / 0" in warned["warned"]
    assert "browser.py" not in warned["warned"]
    assert done["failed"] == "ZeroDivisionError"


def test_an_exit_does_not_end_the_page(page):
    assert page("import sys\nsys.exit()")[-1]["failed"] == "SystemExit"


def test_check_gives_the_notebooks_report_and_says_what_passed(page):
    shown = page("def mse(predicted, target):\n    return np.mean((predicted - target) ** 2)\ncheck(mse)")
    assert "✓" in shown[0]["html"]
    assert shown[0]["passed"] == "mse"
    shown = page("def mse(predicted, target):\n    return np.sum((predicted - target) ** 2)\ncheck(mse)")
    assert shown[0]["passed"] is None
    assert "not right yet" in shown[0]["html"]


SLIDER = """
import ipywidgets as widgets
from IPython.display import display
handle = display("start", display_id=True)
slider = widgets.FloatSlider(value=0.5, min=0, max=1, step=0.1, description="rate")
slider.observe(lambda change: handle.update(f"now {change['new']}"), "value")
widgets.VBox([slider])
"""


def test_a_slider_moves_what_it_should(page):
    first, box, _ = page(SLIDER)
    (slider,) = box["widget"]["children"]
    wanted = {"kind": "slider", "value": 0.5, "label": "rate", "min": 0, "max": 1, "step": 0.1}
    assert wanted.items() <= slider.items()
    page.sent.clear()
    browser.moved(slider["number"], 0.7)
    (update,) = page.sent
    assert (update["display"], update["printed"]) == (first["display"], "'now 0.7'\n")


def test_buttons_give_their_values_and_not_their_positions(page):
    page(
        "import ipywidgets as widgets\nseen = []\nw = widgets.ToggleButtons(options=[('one', 10), ('two', 20)])"
    )
    page("w.observe(lambda change: seen.append(change['new']), 'value')")
    browser.moved(browser._namespace["w"].number, 1)
    assert browser._namespace["seen"] == [20]
