"""A verdict with its reasons, as text and as HTML that reads well on light and dark pages.

Reports hold no times, paths, addresses or unrounded floats: notebooks store them and nbval compares them.
"""

import html
import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from course.exercises.compare import as_array

WORDS = {
    "passed": ("✓", "passed"),
    "wrong": ("✗", "not right yet"),
    "raised": ("✗", "raised an error"),
    "not_attempted": ("○", "not attempted yet"),
    "timed_out": ("◷", "did not finish"),
    "could_not_check": ("?", "could not be checked"),
    "killed": ("✗", "had to be stopped"),
}
_COLOURS = {"passed": "#009e73", "wrong": "#d55e00", "raised": "#d55e00", "timed_out": "#e69f00"}
LINES, WIDTH = 6, 76  # of one value: a report is at most one screen


@dataclass(frozen=True, repr=False)  # a notebook stores the repr as its text output, so it is the text
class Report:
    """What became of one exercise.

    Attributes:
        verdict: ``passed, wrong, raised, not_attempted, timed_out`` or ``could_not_check``; in grading also ``killed``.
        message: what a person should read first.
        mistake: the name of the mistake that gives the same result, or None.
        trial: the name of the smallest failing trial, or None.
        right, trials: how many trials are right, and of how many.
        details: labelled lines about that trial: its input, got, expected, the worst place.
        notes: other things worth telling.
        discreet: the message without anything that the answer itself could put into words, for whoever must not see what it
            was called with; None if there is nothing of the kind in it.
    """

    exercise: str
    verdict: str
    message: str
    mistake: str | None = None
    trial: str | None = None
    right: int | None = None
    trials: int | None = None
    details: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = field(default=())
    discreet: str | None = None

    @property
    def headline(self) -> str:
        """One line: the exercise, the verdict, and how many trials are right."""
        _, words = WORDS[self.verdict]
        counted = ""
        if self.right:
            counted = f" ({self.right} of {self.trials} trials {'is' if self.right == 1 else 'are'} right)"
        return f"{self.exercise}: {words}{counted}"

    def row(self) -> dict:
        """Return the fields that ``course check --json`` prints."""
        keys = ("exercise", "verdict", "mistake", "trial", "message")
        return {key: getattr(self, key) for key in keys}

    def __repr__(self) -> str:
        lines = [f"{WORDS[self.verdict][0]} {self.headline}", f"  {self.message}"]
        if self.trial:
            lines.append(f"  On the trial '{self.trial}'{':' if self.details else '.'}")
        width = max((len(label) for label, _ in self.details), default=0)
        for label, text in self.details:
            first, *rest = text.splitlines() or [""]
            lines.append(f"    {label:<{width}}  {first}".rstrip())
            lines += [" " * (width + 6) + line for line in rest]
        lines += [f"  {note}" for note in self.notes]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        colour = _COLOURS.get(self.verdict, "#888888")
        trial = (
            f'<div style="margin-top:.5em">On the trial <em>{html.escape(self.trial)}</em>:</div>'
            if self.trial
            else ""
        )
        table = _table(
            (label, f'<pre style="{_PRE}">{html.escape(text)}</pre>') for label, text in self.details
        )
        notes = "".join(
            f'<div style="margin-top:.4em;opacity:.85">{html.escape(note)}</div>' for note in self.notes
        )
        mark = f'<span aria-hidden="true" style="color:{colour}">{WORDS[self.verdict][0]}</span>'
        return _box(
            colour,
            f"{mark} <strong>{html.escape(self.headline)}</strong>",
            self.message,
            trial + table + notes,
        )


@dataclass(frozen=True, repr=False)
class Note:
    """Something to tell that is no verdict: a hint, a solution, a prediction, a wrong name."""

    message: str
    title: str = ""
    code: str = ""
    details: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        lines = [line for line in (self.title, f"  {self.message}") if line]
        lines += ["", self.code, ""] if self.code else []
        lines += [f"  {label}: {text}" for label, text in self.details]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        title = f"<strong>{html.escape(self.title)}</strong>" if self.title else ""
        code = f'<pre style="{_PRE};margin:.5em 0">{html.escape(self.code)}</pre>' if self.code else ""
        return _box("#0072b2", title, self.message, code + _table((k, with_code(v)) for k, v in self.details))


_PRE = "margin:0;white-space:pre-wrap;background:none"


def _box(colour: str, title: str, message: str, more: str) -> str:
    return (
        f'<div role="status" style="border-left:4px solid {colour};padding:.3em 0 .3em .9em;margin:.3em 0;'
        f'overflow-x:auto"><div>{title}</div><div>{with_code(message)}</div>{more}</div>'
    )


def _table(rows) -> str:
    """Lay out (label, HTML) pairs."""
    cells = "".join(
        f'<tr style="background:none"><th scope="row" style="text-align:left;vertical-align:top;font-weight:normal;'
        f'opacity:.75;padding:.1em 1em .1em 0;white-space:nowrap;background:none">{html.escape(label)}</th>'
        f'<td style="text-align:left;padding:.1em 0;background:none">{cell}</td></tr>'
        for label, cell in rows
    )
    return (
        f'<table style="margin:.2em 0 0;border-collapse:collapse;background:none">{cells}</table>'
        if cells
        else ""
    )


def with_code(text: str) -> str:
    """Escape a text for HTML, with `code` and *emphasis* as in Markdown."""
    parts = html.escape(text).split("`")
    if len(parts) % 2 == 0:
        return "`".join(parts)
    return "".join(f"<code>{p}</code>" if i % 2 else _emphasis(p) for i, p in enumerate(parts))


def _emphasis(text: str) -> str:
    return re.sub(r"(?<![\w*])\*(\w[^*]*\w|\w)\*(?![\w*])", r"<em>\1</em>", text)


def show_value(value) -> str:
    """Show a piece of plain data in a few lines, rounded, with its shape."""
    array = None if _holds_arrays(value) else as_array(value)
    if array is not None and array.dtype.kind != "U":
        if array.ndim == 0:
            return _number(array[()])
        return f"{_clip(_array(array))}  shape {array.shape}"
    if isinstance(value, list | tuple):
        inner = [show_value(item) for item in value[:LINES]]
        more = [f"... {len(value) - LINES} more"] if len(value) > LINES else []
        return _clip("\n".join(inner + more), most=2 * LINES)
    if isinstance(value, dict):
        return _clip("\n".join(f"{key}: {show_value(item)}" for key, item in value.items()), most=2 * LINES)
    if isinstance(value, str) or (array is not None and array.ndim == 0):
        return repr(str(value))[:WIDTH]
    if isinstance(value, bool | int | float | complex | np.generic):
        return _number(value)
    return repr(value)[:WIDTH]


def _holds_arrays(value) -> bool:
    return isinstance(value, list | tuple) and any(isinstance(v, np.ndarray) and v.ndim for v in value)


def excerpt(value, index: tuple) -> str:
    """Show one element of an array."""
    array = as_array(value)
    return _number(array[index]) if array is not None else show_value(value)


def _number(value) -> str:
    value = np.asarray(value)[()]
    if isinstance(value, np.bool_ | bool):
        return str(bool(value))
    if isinstance(value, np.integer | int):
        return str(int(value))
    return f"{value:.6g}"


def _array(array) -> str:
    layout: dict[str, Any] = {"separator": ", ", "threshold": 30, "edgeitems": 2, "max_line_width": WIDTH}
    layout |= {"floatmode": "maxprec", "sign": "-"}  # whatever a learner has told np.set_printoptions
    if array.dtype.kind == "f":
        sizes = np.abs(array[np.isfinite(array) & (array != 0)])
        # Columns of equal width would round these away.
        if sizes.size and (sizes.min() < 1e-3 or sizes.max() >= 1e7):
            return np.array2string(array, formatter={"float_kind": lambda number: f"{number:.5g}"}, **layout)
    return np.array2string(array, precision=4, suppress_small=True, **layout)


def _clip(text: str, most: int = LINES) -> str:
    lines = text.splitlines()
    return "\n".join(lines if len(lines) <= most else [*lines[: most - 1], "..."])
