"""One self-contained page: no script, nothing fetched, light and dark, wide and narrow."""

import html

from course.exercises.report import WORDS

CSS = """
:root{color-scheme:light dark;--paper:#fff;--ink:#1f2328;--soft:#57606a;--line:#d8dee4;--card:#f6f8fa;--link:#0060a8;
--passed:#009e73;--wrong:#d55e00;--raised:#b0479a;--late:#b87d00;--none:#8c959f;--hand:#0072b2}
@media (prefers-color-scheme:dark){:root{--paper:#0d1117;--ink:#e6edf3;--soft:#9da7b1;--line:#30363d;--card:#161b22;--link:#6cb6ff;
--passed:#2fbf94;--wrong:#f0883e;--raised:#d68fc6;--late:#e6b450;--none:#6e7681;--hand:#56b4e9}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1.2rem 1rem 3rem;max-width:62rem;background:var(--paper);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:break-word}
h1{font-size:1.6rem;line-height:1.25;margin:.2rem 0 .3rem}h2{font-size:1.2rem;margin:2.2rem 0 .6rem}h3{font-size:1rem;margin:0}
p{margin:.4rem 0}a{color:var(--link)}code,pre{font:.92em ui-monospace,Menlo,Consolas,monospace}
.soft{color:var(--soft)}.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.6rem;margin:1rem 0}
.cards div{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.5rem .8rem}
.cards b{display:block;font-size:1.45rem;line-height:1.3;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:left;vertical-align:top;padding:.35rem .7rem .35rem 0;border-bottom:1px solid var(--line)}
th{font-weight:600}thead th{color:var(--soft);font-weight:500;font-size:.9rem}td.n,th.n{text-align:right}
.bar{display:flex;height:.8rem;min-width:9rem;border-radius:.2rem;overflow:hidden;background:var(--line);margin:.42rem 0}
.bar i{display:block;height:100%}.key{display:flex;flex-wrap:wrap;gap:.2rem 1rem;font-size:.9rem;color:var(--soft);padding:0;margin:.4rem 0;list-style:none}
.key i{display:inline-block;width:.75rem;height:.75rem;border-radius:.15rem;margin-right:.35rem}
.passed{background:var(--passed)}.wrong{background:var(--wrong)}.raised{background:var(--raised)}.timed_out{background:var(--late)}
.not_attempted{background:var(--none)}.other{background:var(--hand)}
.is-passed{color:var(--passed)}.is-wrong{color:var(--wrong)}.is-raised{color:var(--raised)}.is-timed_out{color:var(--late)}
.is-not_attempted{color:var(--none)}.is-other{color:var(--hand)}
.item{border-left:4px solid var(--none);padding:.15rem 0 .15rem .9rem;margin:1rem 0}
.item.b-passed{border-color:var(--passed)}.item.b-wrong{border-color:var(--wrong)}.item.b-raised{border-color:var(--raised)}
.item.b-timed_out{border-color:var(--late)}.item.b-other{border-color:var(--hand)}
.hint{background:var(--card);border:1px solid var(--line);border-radius:.4rem;padding:.4rem .7rem;margin:.5rem 0}
.lines{white-space:pre-line}.small{font-size:.85rem;line-height:1.35}.marks{letter-spacing:.22em;white-space:nowrap}.marks i{font-style:normal}
.histogram{display:flex;align-items:flex-end;gap:.25rem;height:9rem;border-bottom:1px solid var(--line)}
.histogram div{flex:1;min-width:0;background:var(--passed);border-radius:.2rem .2rem 0 0;position:relative;opacity:.9}
.histogram span{position:absolute;top:-1.35rem;left:0;right:0;text-align:center;font-size:.82rem;color:var(--soft)}
.axis{display:flex;gap:.25rem;font-size:.78rem;color:var(--soft)}.axis span{flex:1;min-width:0;text-align:center}
summary{cursor:pointer;color:var(--link)}ul{padding-left:1.2rem;margin:.4rem 0}
@media (max-width:34rem){body{padding:.8rem .8rem 2rem}h1{font-size:1.3rem}.wide{display:none}
.stack thead{display:none}.stack tr{display:block;border-bottom:1px solid var(--line);padding:.45rem 0}
.stack th,.stack td{display:block;border:0;padding:.05rem 0;text-align:left!important}
.stack th,.stack td:nth-child(2){display:inline}.stack td:nth-child(2){padding-left:.6rem;color:var(--soft)}}
@media print{.scroll{overflow:visible}}
"""
KINDS = ("passed", "wrong", "raised", "timed_out", "not_attempted")
MARKS = WORDS | {
    "killed": ("?", "was stopped"),
    "unreadable": ("?", "could not be read"),
    "grader_error": ("?", "not graded yet"),
}


def kind(verdict: str) -> str:
    """Return the class that a verdict is coloured by."""
    return verdict if verdict in KINDS else "other"


def mark(verdict: str) -> str:
    """Return a verdict's mark in its colour, which a screen reader reads as words."""
    sign, words = MARKS[verdict]
    return f'<span class="is-{kind(verdict)}" role="img" aria-label="{words}" title="{words}">{sign}</span>'


def table(head: list[str], rows: list[list[str]], numbers: tuple[int, ...] = (), style: str = "") -> str:
    """Lay out a table of HTML cells; the first of each row is its header, ``numbers`` are columns to align right."""

    def cell(i: int, content: str, tag: str, scope: str = "") -> str:
        right = ' class="n"' if i in numbers else ""
        return f"<{tag}{scope}{right}>{content}</{tag}>"

    def line(row: list[str]) -> str:
        cells = [
            cell(i, text, "td") if i else cell(0, text, "th", ' scope="row"') for i, text in enumerate(row)
        ]
        return f"<tr>{''.join(cells)}</tr>\n"

    top = "".join(cell(i, text, "th", ' scope="col"') for i, text in enumerate(head))
    body = "".join(line(row) for row in rows)
    return f'<div class="scroll" tabindex="0"><table class="{style}"><thead><tr>{top}</tr></thead><tbody>\n{body}</tbody></table></div>'


def page(title: str, body: str) -> str:
    """Return a whole page; ``title`` is text, ``body`` is HTML."""
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="robots" content="noindex">\n'
        f"<title>{html.escape(title)}</title>\n<style>{CSS}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )
