"""Python's side of a page that runs: cells come in, outputs go out as JSON. Runs in the reader's browser, in Pyodide.

Lessons use IPython's ``display`` and ipywidgets' sliders. Neither is in the page; what lessons need of them is here, in
a few lines, under the same names, so that a cell runs in the page as it does in Jupyter.
"""

import ast
import base64
import io
import json
import linecache
import logging
import sys
import traceback
import types
import warnings
from collections.abc import Callable

_namespace: dict = {"__name__": "__main__"}
_widgets: list = []
_send: Callable[[str], object] = print
_cell = ""
_displays = 0


def start(send: Callable[[str], object]) -> None:
    """Make ``display`` and the sliders known, and take ``send(json)`` as the way out."""
    global _send
    _send = send
    warnings.filterwarnings("ignore", message=".*non-interactive.*")
    logging.getLogger("matplotlib.font_manager").setLevel(
        logging.ERROR
    )  # it tells of its cache, in every page anew
    sys.modules.update(_ipython() | {"ipywidgets": _module("ipywidgets", **{k.__name__: k for k in WIDGETS})})
    exec("import numpy as np\nfrom course import check, data, hint, predict, solution", _namespace)


def _ipython() -> dict[str, types.ModuleType]:
    """Return as much of IPython as lessons and matplotlib ask for."""
    events = types.SimpleNamespace(register=lambda *_: None)
    shell = types.SimpleNamespace(kernel=True, events=events)
    shown = _module("IPython.display", display=display)
    tools = _module("IPython.core.pylabtools", backend2gui={})
    core = _module("IPython.core", pylabtools=tools)
    top = _module("IPython", get_ipython=lambda: shell, display=shown, core=core, version_info=(8, 20))
    return {module.__name__: module for module in (top, shown, core, tools)}


def _module(name: str, **content) -> types.ModuleType:
    module = types.ModuleType(name)
    vars(module).update(content)
    return module


def run(cell: str, source: str) -> None:
    """Run one cell: what it prints and shows is sent as it comes, then ``{"done": true, "failed": ...}``."""
    global _cell
    _cell, file = cell, f"<cell {cell}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _Sent("printed"), _Sent("warned")
    failed = None
    try:
        value = _run(source, file)
        if value is not None:
            display(value)
        _show_open_figures()
    except BaseException as error:  # a cell must not end the page's Python
        failed = type(error).__name__
        _say(warned="".join(_trimmed(error, file)))
    finally:
        sys.stdout, sys.stderr = before
        _say(done=True, failed=failed)


def _run(source: str, file: str):
    """Run all statements and return the last one's value, if it is an expression without a semicolon."""
    tree = ast.parse(source, file)
    last = tree.body[-1] if tree.body else None
    shows = isinstance(last, ast.Expr) and not source.rstrip().endswith(";")
    body = tree.body[:-1] if shows else tree.body
    exec(compile(ast.Module(body, []), file, "exec"), _namespace)
    if shows:
        return eval(compile(ast.Expression(last.value), file, "eval"), _namespace)  # type: ignore[union-attr]
    return None


def _trimmed(error: BaseException, file: str) -> list[str]:
    """Return the traceback from the reader's own cell on."""
    frames = error.__traceback__
    while frames is not None and frames.tb_frame.f_code.co_filename != file:
        frames = frames.tb_next
    return traceback.format_exception(type(error), error, frames)


def moved(number: int, value) -> None:
    """Tell widget ``number`` its new value; whoever observes it draws again."""
    _widgets[number].move(value)


def display(value, metadata: dict | None = None, raw: bool = False, display_id: bool = False):
    """Show a value, or a bundle of forms if ``raw``; with ``display_id``, return a handle that can update it."""
    global _displays
    _displays += 1
    number = _displays
    _show(value, metadata or {}, raw, number, _cell)
    return Handle(number, _cell) if display_id else None


class Handle:
    """What ``display`` returns: ``update`` puts something else in the same place."""

    def __init__(self, number: int, cell: str):
        self.number, self.cell = number, cell

    def update(self, value, metadata: dict | None = None, raw: bool = False) -> None:
        """Show ``value`` in this display's place."""
        _show(value, metadata or {}, raw, self.number, self.cell)


def _show(value, metadata: dict, raw: bool, number: int, cell: str) -> None:
    if isinstance(value, Widget):
        _say(cell=cell, display=number, widget=value.described())
    elif raw and "image/png" in value:
        about = metadata.get("image/png", {})
        png = base64.b64encode(value["image/png"]).decode()
        _say(cell=cell, display=number, png=png, alt=about.get("alt", ""), width=about.get("width"))
    elif hasattr(value, "_ipython_display_"):
        value._ipython_display_()
    elif hasattr(value, "_repr_html_"):
        verdict = getattr(value, "verdict", None)
        passed = getattr(value, "exercise", None) if verdict == "passed" else None
        _say(cell=cell, display=number, html=value._repr_html_(), passed=passed)
    else:
        text = value.get("text/plain", "") if raw else repr(value)
        _say(cell=cell, display=number, printed=text + "\n")


def _show_open_figures() -> None:
    """Show figures that a cell drew and did not show, as Jupyter does."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    for number in pyplot.get_fignums() if pyplot else ():
        picture = io.BytesIO()
        pyplot.figure(number).savefig(picture, format="png", bbox_inches="tight")  # type: ignore[union-attr]
        pyplot.close(number)  # type: ignore[union-attr]
        display({"image/png": picture.getvalue()}, raw=True)


def _say(**message) -> None:
    _send(json.dumps({"cell": _cell, **message}))


class _Sent(io.TextIOBase):
    """A stream whose text is sent as it comes."""

    def __init__(self, kind: str):
        self.kind = kind

    def write(self, text: str) -> int:
        if text:
            _say(**{self.kind: text})
        return len(text)


class Widget:
    """What sliders have in common: a value, a description, and observers."""

    kind = ""

    def __init__(self, value=None, description: str = "", **more):
        self.number = len(_widgets)
        _widgets.append(self)
        self.value, self.description, self.more = value, description, more
        self.observers: list[Callable] = []

    def observe(self, handler: Callable, names: str = "value") -> None:
        """Call ``handler({"new": ..., "old": ...})`` whenever the reader moves it."""
        self.observers.append(handler)

    def move(self, value) -> None:
        """Take the reader's value."""
        old, self.value = self.value, value
        for handler in self.observers:
            handler({"name": "value", "old": old, "new": value, "owner": self})

    def described(self) -> dict:
        """Return what the page needs to draw it."""
        return {
            "kind": self.kind,
            "number": self.number,
            "value": self.value,
            "label": self.description,
            **self.more,
        }


class FloatSlider(Widget):
    """A number on a line."""

    kind = "slider"

    def __init__(self, value=0.0, min=0.0, max=10.0, step=0.1, **more):  # noqa: A002 - ipywidgets' names
        super().__init__(value, **_plain(more), min=min, max=max, step=step)


class IntSlider(FloatSlider):
    """A whole number on a line."""

    def __init__(self, value=0, min=0, max=100, step=1, **more):  # noqa: A002
        super().__init__(value, min, max, step, **more)

    def move(self, value) -> None:
        """Take the reader's value."""
        super().move(int(value))


class ToggleButtons(Widget):
    """One of a few options."""

    kind = "options"

    def __init__(self, options=(), value=None, **more):
        pairs = [option if isinstance(option, tuple) else (str(option), option) for option in options]
        self.values = [item for _, item in pairs]
        value = self.values[0] if value is None and self.values else value
        super().__init__(value, **_plain(more), options=[label for label, _ in pairs])

    def move(self, value) -> None:
        """Take the position of the reader's choice."""
        super().move(self.values[int(value)])

    def described(self) -> dict:
        """Return what the page needs to draw it; its value is a position."""
        return {**super().described(), "value": self.values.index(self.value)}


class Dropdown(ToggleButtons):
    """One of many options."""


class Checkbox(Widget):
    """Yes or no."""

    kind = "checkbox"

    def __init__(self, value=False, **more):
        super().__init__(value, **_plain(more))


class VBox(Widget):
    """Widgets below each other."""

    kind = "box"

    def __init__(self, children=(), **_):
        super().__init__()
        self.children = list(children)

    def described(self) -> dict:
        """Return what the page needs to draw it."""
        return {"kind": self.kind, "children": [child.described() for child in self.children]}


class HBox(VBox):
    """Widgets beside each other; the page puts them below each other, which a phone needs anyway."""


WIDGETS = (FloatSlider, IntSlider, ToggleButtons, Dropdown, Checkbox, VBox, HBox)


def _plain(more: dict) -> dict:
    return {key: more[key] for key in ("description",) if key in more}
