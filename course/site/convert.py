"""A notebook -> the Markdown of its page. nbconvert walks the cells, our template says what becomes of each."""

import base64
import functools
import html
import io
import json
import re
from importlib.resources import files

from course.errors import CourseError
from course.site import formulas

LARGE = 50_000  # bytes of a figure; a larger one is packed with a loss that nobody sees
_LINK = re.compile(r"(\]\([^)\s]+?)\.ipynb((?:#[^)\s]*)?\))")


def page(nb, stem: str, runtime: dict | None = None) -> str:
    """Return a lesson's page as Markdown.

    Args:
        nb: the executed notebook.
        stem: its file name without the ending, for messages and the download link.
        runtime: what the page must know to start Python; None for a page to read.

    Raises:
        CourseError: if a cell can't be shown; the message names lesson and cell.
    """
    slow = _seconds().get(stem, {}) if runtime else {}
    for cell in nb.cells:
        cell.metadata["seconds"] = slow.get(cell.get("id"), "")
        if cell.cell_type == "markdown":
            try:
                cell.source = prose(cell.source)
            except CourseError as error:
                raise CourseError(f"lessons/{stem}.ipynb, cell '{cell.id}': {error}") from None
    body, _ = _exporter().from_notebook_node(
        nb, resources={"stem": stem, "runtime": html.escape(json.dumps(runtime), quote=True)}
    )
    return re.sub(r"\n{3,}", "\n\n", body)


@functools.cache
def _seconds() -> dict[str, dict[str, int]]:
    """Return how long slow cells take in a browser: lesson -> cell -> seconds, by tests/benchmarks/browser_cells.py."""
    return json.loads((files("course.site") / "seconds.json").read_text(encoding="utf-8"))


def prose(source: str) -> str:
    """Return a Markdown cell as mdBook should have it: formulas rendered, links to pages, authors' comments gone."""
    source = re.sub(r"<!--.*?-->", "", source, flags=re.DOTALL)
    return formulas.rendered(_LINK.sub(r"\1.md\2", source))


@functools.cache
def _exporter():
    from nbconvert import MarkdownExporter

    exporter = MarkdownExporter(
        template_name="lesson", extra_template_basedirs=[str(files("course.site") / "templates")]
    )
    exporter.register_filter("one_line", one_line)
    exporter.register_filter("printed", printed)
    exporter.register_filter("picture", picture)
    exporter.register_filter("fence", fence)
    return exporter


def warm() -> None:
    """Import what a conversion needs and start its engines, so that the next page takes no time."""
    import nbformat
    import PIL.Image  # noqa: F401

    nb = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("$x$"), nbformat.v4.new_code_cell("x")]
    )
    page(nb, "")


def fence(source: str) -> str:
    """Return the fence that can hold a source: longer than any in it."""
    longest = max((len(run) for run in re.findall(r"`{3,}", source)), default=2)
    return "`" * max(3, longest + 1)


def one_line(markup: str) -> str:
    """Put HTML on one line: for Markdown an empty line would end it."""
    parts = re.split(r"(<pre\b.*?</pre>)", markup, flags=re.DOTALL)
    return "".join(
        part.replace("\n", "&#10;") if part.startswith("<pre") else re.sub(r"\s*\n\s*", " ", part)
        for part in parts
    )


def printed(text: str) -> str:
    """Return printed text as HTML on one line."""
    return html.escape(re.sub(r"\x1b\[[0-9;]*m", "", text)).replace("\n", "&#10;")


def picture(png: str, metadata: dict) -> str:
    """Return a figure as an HTML image that needs no file beside the page.

    Args:
        png: the picture, base64.
        metadata: of the output; its words state the finding, its width is in CSS pixels.
    """
    from PIL import Image

    shown = metadata.get("image/png", {})
    image = Image.open(io.BytesIO(base64.b64decode(png)))
    packed = io.BytesIO()
    # More effort makes it 1 % smaller and takes 8 times as long.
    image.save(packed, "WEBP", lossless=True, quality=50, method=2)
    if packed.tell() > LARGE:  # photographs
        packed = io.BytesIO()
        image.save(packed, "WEBP", quality=90)
    width = int(shown.get("width", image.width // 2))
    height = round(width * image.height / image.width)
    data = base64.b64encode(packed.getvalue()).decode()
    words = html.escape(shown.get("alt", ""), quote=True)
    return (
        f'<img class="figure" src="data:image/webp;base64,{data}" alt="{words}" width="{width}" '
        f'height="{height}" loading="lazy">'
    )
