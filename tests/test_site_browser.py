"""The website in a real browser: every page at two widths in light and dark, and every exercise solved in the page."""

import gzip
import html
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from course import book
from course.exercises import definition
from course.exercises.judge import directly, judge
from course.site import runtime

pytest.importorskip("py_mini_racer", reason="the website's packages are not installed: pip install '.[site]'")
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
RUNTIME = Path(os.environ.get("COURSE_PYODIDE", book.find_root().parent / "shared" / "pyodide"))
COURSE = book.load()
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: apt install chromium)"),
    pytest.mark.xdist_group("site"),  # one worker builds, once
]
needs_runtime = pytest.mark.skipif(
    not RUNTIME.is_dir(), reason="no Pyodide runtime: COURSE_PYODIDE names no folder with one"
)
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Build the site by the real command, with the runtime if there is one; return its folder."""
    out = tmp_path_factory.mktemp("public") / "course"
    more = ["--runtime", str(RUNTIME)] if RUNTIME.is_dir() else []
    done = subprocess.run(
        [sys.executable, "-m", "course", "site", "--out", str(out), *more], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return out


@pytest.fixture(scope="module")
def address(site):
    """Serve the folder above the site: its address is a sub-path, as on a project's page."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site.parent)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/{site.name}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def chromium():
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, address):
    """Return ``visit(path, width, scheme)``: an open page; whatever it asks for or complains of is held against it."""
    contexts, complaints = [], []

    def go(path, width=1280, scheme="light", **more):
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **more)
        contexts.append(context)
        page = context.new_page()
        own = (address, "blob:", "data:")
        page.on("request", lambda r: r.url.startswith(own) or complaints.append(f"asks for {r.url}"))
        page.on("console", lambda m: m.type == "error" and complaints.append(m.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address + path)
        return page

    yield go
    for context in contexts:
        context.close()
    assert complaints == []


def pages(site) -> list[str]:
    return sorted(
        p.relative_to(site).as_posix()
        for p in site.rglob("*.html")
        if p.name not in ("404.html", "print.html", "toc.html")
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_scrolls_sideways_or_asks_outside(site, visit, width, scheme):
    page = visit("index.html", width, scheme)
    for name in pages(site):
        page.goto(page.url.rsplit("/course/", 1)[0] + "/course/" + name)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{name} is {wide} pixels wide"
        clipped = page.evaluate(
            "[...document.querySelectorAll('.formula')].filter(f => f.firstElementChild && "
            "f.firstElementChild.getBoundingClientRect().left < f.getBoundingClientRect().left - 1).length"
        )
        assert clipped == 0, f"{name} clips a formula"


def violations(page, names) -> dict:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found: dict = {}
    for name in names:
        page.goto(page.url.rsplit("/course/", 1)[0] + "/course/" + name)
        for violation in axe.run(page).response["violations"]:
            where = [node["html"][:120] for node in violation["nodes"][:3]]
            found.setdefault(violation["id"], []).append((name, where))
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_in_a_page_of_each_kind(visit, scheme):
    exercise = f"exercises/{next(iter(COURSE.exercises))}.html"
    names = ["index.html", "misconceptions.html", "proof.html", "api.html", exercise, "02-loss.html"]
    assert violations(visit("index.html", 1280, scheme), names) == {}


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_in_any_page(site, visit, scheme):
    assert violations(visit("index.html", 1280, scheme), pages(site)) == {}


@pytest.mark.parametrize("width", [1280, 390])
def test_a_first_view_is_small_and_nothing_jumps(site, visit, width):
    page = visit("index.html", width)
    for lesson in COURSE.lessons:
        page.goto(page.url.rsplit("/course/", 1)[0] + f"/course/{lesson.stem}.html", wait_until="networkidle")
        names = "performance.getEntriesByType('resource').map(entry => new URL(entry.name).pathname)"
        files = {
            page.url.rsplit("/", 1)[1],
            *(name.partition("/course/")[2] for name in page.evaluate(names)),
        }
        size = sum(len(gzip.compress((site / name).read_bytes())) for name in files)  # as a host sends it
        assert size < 500_000, f"{lesson.stem}: {size}"
        jumps = page.evaluate(
            "new Promise(done => { new PerformanceObserver(list => done(list.getEntries().flatMap(entry =>"
            "entry.sources.filter(({node}) => document.querySelector('main').contains(node)"
            " && entry.value > 0.01).map(({node}) => node.textContent.slice(0, 60)))))"
            ".observe({type: 'layout-shift', buffered: true}); setTimeout(() => done([]), 300) })"
        )
        assert jumps == [], lesson.stem


def test_a_printed_page_holds_the_text_and_nothing_to_click(visit):
    page = visit("02-loss.html")
    page.emulate_media(media="print")
    assert page.locator("#mdbook-menu-bar, #menu-bar").first.is_hidden()
    assert page.locator(".course-button:visible").count() == 0
    assert page.locator("#softmax pre").first.is_visible()
    assert page.pdf()[:4] == b"%PDF"


def test_a_page_can_be_read_without_javascript(visit):
    page = visit("02-loss.html", java_script_enabled=False)
    assert page.locator("#softmax pre").inner_text().startswith("def softmax")
    assert page.locator(".katex").first.is_visible()
    assert page.locator(".bar button, .run-status:visible").count() == 0


@needs_runtime
def test_what_can_not_be_pressed_yet_is_not_shown(visit):
    page = visit("02-loss.html")
    assert page.locator("#mse .bar button:visible").all_inner_texts() == ["Run", "Run all above"]


def test_a_chinese_term_is_found(visit):
    page = visit("index.html")
    page.keyboard.press("s")
    page.fill("#mdbook-searchbar", "偏置")
    link = page.locator("#mdbook-searchresults a", has_text="bias")
    link.wait_for(timeout=10_000)
    link.click()
    page.wait_for_url("**/01-neuron.html#*")


def test_from_a_file_the_page_explains_itself(chromium, site):
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"file://{site}/02-loss.html")
    assert "python -m http.server" in page.locator(".run-status").inner_text()
    assert page.locator("#softmax pre").is_visible()
    context.close()


# ------------------------------------------------------------------------------ running in the page


def write(page, cell: str, source: str) -> None:
    """Put a source into a cell, as a reader would."""
    if not page.locator(f"#{cell} .editor").count():
        page.locator(f"#{cell} > pre, #{cell} > * > pre").first.press("Enter")
    page.fill(f"#{cell} .editor", source)


def run(page, cell: str, *, wait: str = "") -> str:
    """Run a cell and return what stands under it when it is done."""
    page.evaluate(f"document.querySelector('#{cell} .outputs').replaceChildren()")
    page.locator(f"#{cell}").get_by_role("button", name=f"Run cell {cell}", exact=True).click()
    page.wait_for_function(
        f"!document.querySelector('#{cell}').matches('.running, .waiting') "
        f"&& document.querySelector('#{cell} .outputs').innerText.includes({wait!r})",
        timeout=90_000,
    )
    return page.locator(f"#{cell} .outputs").inner_text()


def as_cell(exercise: str, name: str) -> str:
    """Return a cell's source that answers the exercise by what its file calls ``name``."""
    text = COURSE.exercises[exercise].path.read_text(encoding="utf-8")
    return (
        f"names = {{}}\nexec({text!r}, names)\n{exercise} = names[{name!r}]\n"
        f"{exercise}.__name__ = {exercise!r}\ncheck({exercise})"
    )


def headline(exercise: str, answer) -> str:
    """Return the first line of the notebook's report."""
    found = definition.load(COURSE.exercises[exercise].path)
    return judge(found, directly(found, answer)).headline


@needs_runtime
@pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.stem)
def test_every_exercise_gets_the_notebooks_verdicts_in_the_page(visit, lesson):
    page = visit(f"{lesson.stem}.html")
    for exercise in lesson.exercises:
        found = definition.load(exercise.path)
        shown = run(page, exercise.name, wait=exercise.name)
        if found.needs:  # a compiler, say: pages have none
            assert "could not be checked" in shown
            assert f"needs {found.needs[0]}" in shown
            continue
        assert ("not right yet" if found.starter else "not attempted yet") in shown
        mistake = found.mistakes[0]
        write(page, exercise.name, as_cell(exercise.name, mistake.name))
        shown = run(page, exercise.name, wait=exercise.name)
        assert headline(exercise.name, mistake.answer) in shown
        assert " ".join(mistake.hint.replace("`", "").replace("*", "").split())[:40] in " ".join(
            shown.replace("`", "").replace("*", "").split()
        )
        write(page, exercise.name, as_cell(exercise.name, exercise.name))
        assert headline(exercise.name, found.answer) in run(page, exercise.name, wait=exercise.name)


@needs_runtime
def test_stop_ends_a_loop_and_python_starts_again(visit):
    page = visit("02-loss.html")
    run(page, "mse", wait="mse")
    write(page, "mse", "while True: pass")
    page.locator("#mse").get_by_role("button", name="Run cell mse", exact=True).click()
    page.locator("#mse").get_by_role("button", name="Stop what runs").click(timeout=30_000)
    assert "Stopped" in page.locator(".run-status").inner_text()
    write(page, "mse", "print(6 * 7)")
    assert "42" in run(page, "mse", wait="42")


@needs_runtime
def test_work_outlives_a_reload_and_can_be_taken_home(visit, tmp_path):
    page = visit("02-loss.html")
    write(
        page,
        "mse",
        "def mse(predicted, target):\n    return np.mean((predicted - target) ** 2)\n\ncheck(mse)",
    )
    assert "✓" in run(page, "mse", wait="mse")
    page.reload()
    assert "np.mean" in page.locator("#mse pre").first.inner_text()
    assert page.locator("#mdbook-sidebar a.passed", has_text="mse").count() == 1
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as notebook").click()
    path = tmp_path / "02-loss.ipynb"
    download.value.save_as(path)
    command = [sys.executable, "-m", "course", "check", str(path), "--exercise", "mse"]
    assert subprocess.run(command, capture_output=True).returncode == 0
    page.locator("#mse").get_by_role("button", name="Reset cell mse").click()
    assert "NotImplementedError" in page.locator("#mse pre").first.inner_text()


@needs_runtime
def test_a_slider_moves_its_figure(visit):
    page = visit("01-neuron.html")
    run(page, "flowers", wait="columns")
    run(page, "sliders", wait="w1")
    before = page.locator("#sliders .outputs img").get_attribute("alt")
    page.locator("#sliders input[type=range]").first.fill("5")
    page.wait_for_function(
        f"document.querySelector('#sliders .outputs img').alt !== {before!r}", timeout=30_000
    )
    assert "w1 = 5.0" in page.locator("#sliders .outputs img").get_attribute("alt")


# ------------------------------------------------------------------------------ Python from a public server


@pytest.fixture
def from_cdn(chromium, address, site):
    """Return ``from_cdn(answer)``: lesson 2 as a site with ``runtime = "cdn"`` has it; ``answer(name)`` is the CDN."""
    contexts = []
    about = html.escape(json.dumps(runtime.for_page("cdn")), quote=True)
    text = (site / "02-loss.html").read_text(encoding="utf-8")
    text = re.sub(r'data-runtime="[^"]*"', lambda _: f'data-runtime="{about}"', text)

    def go(answer):
        context = chromium.new_context()
        contexts.append(context)

        def cdn(route):
            name = route.request.url.rsplit("/", 1)[1]
            core = runtime.CORE.format(**runtime.pinned())
            assert route.request.url.startswith(core) == (name in runtime.pinned()["files"])
            body = answer(name)
            headers = {"access-control-allow-origin": "*"}
            route.fulfill(body=body, headers=headers) if body else route.abort()

        context.route("https://cdn.jsdelivr.net/**", cdn)
        context.route("**/02-loss.html", lambda route: route.fulfill(body=text, content_type="text/html"))
        page = context.new_page()
        page.goto(address + "02-loss.html")
        return page

    yield go
    for context in contexts:
        context.unroute_all(behavior="ignoreErrors")
        context.close()


def from_folder(name):
    return (RUNTIME / name).read_bytes()


def why_not(page) -> str:
    """Press Run, and return what the page says when Python could not be started; all else must still be there."""
    page.get_by_role("button", name="Run cell mse", exact=True).click()
    page.wait_for_function("document.querySelector('.run-status').textContent.includes('could not')")
    assert page.locator("#mse pre").first.is_visible()
    assert page.locator("#mse.waiting, #mse.running").count() == 0
    return page.locator(".run-status").inner_text()


@needs_runtime
def test_python_from_a_public_server_runs(from_cdn):
    asked = []
    page = from_cdn(lambda name: asked.append(name) or from_folder(name))
    write(page, "mse", as_cell("mse", "mse"))
    assert "✓" in run(page, "mse", wait="mse")
    assert set(runtime.pinned()["files"]) <= set(asked)
    assert any(name.startswith("numpy") for name in asked)


@needs_runtime
@pytest.mark.parametrize("name", ["pyodide.js", "pyodide.asm.wasm", "pyodide-lock.json"])
def test_a_changed_file_of_a_public_server_is_refused(from_cdn, name):
    page = from_cdn(lambda asked: b"// changed" if asked == name else from_folder(asked))
    assert f"{name} is not the file that this site was made with, and was not run" in why_not(page)


@needs_runtime
def test_a_changed_package_of_a_public_server_is_refused(from_cdn):
    page = from_cdn(lambda asked: b"changed" if asked.startswith("numpy") else from_folder(asked))
    assert "numpy" in why_not(page)


def test_a_public_server_out_of_reach_leaves_the_page(from_cdn):
    assert "cdn.jsdelivr.net can't be reached, from which this site takes Python" in why_not(
        from_cdn(lambda _: None)
    )
