"""Formulas, rendered when the site is built: HTML to see, MathML for screen readers, no JavaScript in the page.

KaTeX runs in V8 (the package mini-racer), so that a site's author needs no node. It stands in ``katex/`` with its
licence, and its fonts in ``theme/fonts/``, where mdBook picks them up.
"""

import functools
import re
from importlib.resources import files

from course.errors import CourseError

_CODE = r"```.*?```|~~~.*?~~~|`[^`\n]+`"
_FORMULA = re.compile(rf"({_CODE})|\$\$(.+?)\$\$|(?<![\\$])\$(?!\s)([^$\n]+?)(?<!\s)\$(?!\d)", re.DOTALL)
_MARKUP = re.compile(r"[\\`*_\[\]|~$!#^]")


def rendered(markdown: str) -> str:
    """Return Markdown with each ``$formula$`` and ``$$formula$$`` outside code replaced by HTML.

    Raises:
        CourseError: if a formula does not parse; the message shows it.
    """
    return _FORMULA.sub(_replacement, markdown)


def _replacement(match: re.Match) -> str:
    code, shown, inline = match.groups()
    if code:
        return code
    if shown:
        return f'\n\n<div class="formula">{render(shown.strip(), shown=True)}</div>\n\n'
    return render(inline)


@functools.lru_cache(maxsize=4096)
def render(formula: str, *, shown: bool = False) -> str:
    """Return the HTML of one formula on one line, with nothing in it that Markdown would take for its own.

    Args:
        formula: TeX, without dollars.
        shown: on a line of its own.

    Raises:
        CourseError: if it does not parse.
    """
    from py_mini_racer import JSEvalException

    options = {"displayMode": shown, "strict": "error", "throwOnError": True}
    try:
        html = _katex().call("katex.renderToString", formula, options)
    except JSEvalException as error:
        said = re.search(r"KaTeX parse error: ([^\n]+)", str(error))
        raise CourseError(f"The formula ${formula}$ does not parse: {said[1] if said else error}") from None
    return "".join(part if part.startswith("<") else _plain(part) for part in re.split(r"(<[^>]*>)", html))


def _plain(text: str) -> str:
    return _MARKUP.sub(lambda sign: f"&#{ord(sign[0])};", text.replace("\n", " "))


@functools.cache
def _katex():
    from py_mini_racer import MiniRacer

    engine = MiniRacer()
    engine.eval((files("course.site") / "katex" / "katex.min.js").read_text(encoding="utf-8"))
    return engine
