"""The pages that a teacher and a learner open, in a real browser: at two widths, in light and dark."""

import pytest
from conftest import MINI
from grading_fixtures import row
from test_site_browser import CHROMIUM, QUIET, playwright

from course import book
from course.grading import classreport, feedback, gradebook, similar

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: apt install chromium)"),
    pytest.mark.xdist_group("site"),
]
LONG = "a_very_long_name_without_a_single_space_in_it_" * 3


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Return the paths of a class's report and of one learner's feedback, with long names and every verdict."""
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setenv("COURSE_BOOK", str(MINI))
    out = tmp_path_factory.mktemp("graded")
    verdicts = ("passed", "wrong", "raised", "timed_out", "killed", "could_not_check", "grader_error")
    names = list(book.load(MINI).exercises)
    rows = [
        row(LONG, name, verdict, message=f"No. {LONG}") for name, verdict in zip(names, verdicts, strict=True)
    ]
    rows += [row(f"learner {i}", name, verdicts[(i + len(name)) % 3]) for i in range(30) for name in names]
    rows += [row("half", "average", "wrong", mistake="sums", trial="three numbers")]
    run = gradebook.Run(seed=7, lessons=("mini",), warnings=(f"{LONG} is odd.",))
    grades = gradebook.grades(rows, run)
    stems = feedback.write_all(grades, run, out)
    same = [
        similar.Alike("", (LONG, "learner 1")),
        similar.Alike("double", tuple(f"learner {i}" for i in range(30)), True),
    ]
    gradebook.write(
        out / "report.html", classreport.as_html(grades, dict.fromkeys(names, "mini"), same, run, stems)
    )
    yield [
        out / "report.html",
        out / "feedback" / f"{stems[LONG]}.html",
        out / "feedback" / f"{stems['half']}.html",
    ]
    monkeypatch.undo()


@pytest.fixture(scope="module")
def chromium():
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_they_fit_ask_for_nothing_and_can_be_read_by_everybody(chromium, pages, width, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    page, complaints = context.new_page(), []
    page.on("request", lambda r: r.url.startswith("file:") or complaints.append(f"asks for {r.url}"))
    page.on("console", lambda m: complaints.append(m.text))
    for path in pages:
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path.name
        complaints += [
            (path.name, v["id"], v["nodes"][0]["html"][:200]) for v in axe.run(page).response["violations"]
        ]
    context.close()
    assert complaints == []


def test_every_link_of_the_report_leads_to_a_page(chromium, pages):
    page = chromium.new_page()
    page.goto(pages[0].as_uri())
    links = [link.evaluate("a => a.href") for link in page.locator("a").all()]
    assert len(links) == 32
    page.goto(links[0])
    assert page.locator("h1").inner_text().startswith("Feedback for")
    page.close()
