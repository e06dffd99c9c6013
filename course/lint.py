"""Rules that a lesson as shipped must keep: its parts, its length, its numbers, its independence of the learner's code."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

MOST_WORDS, MOST_CELLS, MOST_LINES = 1800, 45, 15
TAGS = ("card", "setup", "predict", "exercise", "misconception", "recap")  # what every lesson has
FREE = 12  # whole numbers up to here are words: two features, lesson 3

_NUMBER = re.compile(r"(?<![\w.])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?!\w)")
_ALLOWED = re.compile(r"<!--\s*numbers:(.*?)-->", re.DOTALL)
_NOT_PROSE = (
    r"```.*?```",  # fences
    r"<!--.*?-->",
    r"\$\$.*?\$\$",
    r"`[^`]*`",
    r"\$[^$\n]+\$",
    r"\]\([^)]*\)",  # where links lead
    r"\d+ minutes?, level \d",  # of an exercise; the exercise file says so too
    r"<[^>]+>",
)


def problems(path: Path, exercises: list[str]) -> Iterator[str]:
    """Yield what is wrong with the lesson at ``path``, each a sentence that names the cell."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    for cell in cells:
        cell["source"] = "".join(cell["source"])
        cell["tags"] = cell["metadata"].get("tags", [])
    yield from _parts(cells)
    yield from _lengths(cells)
    yield from _code(cells, exercises)
    yield from _outputs(cells)
    yield from _numbers(cells)
    yield from (f"Cell '{cell['id']}' still has a TODO." for cell in cells if "TODO" in cell["source"])


def _parts(cells) -> Iterator[str]:
    ids = [cell.get("id") for cell in cells]
    for name in {i for i in ids if ids.count(i) > 1}:
        yield f"Two cells have the id '{name}'."
    tags = [tag for cell in cells for tag in cell["tags"]]
    for tag in TAGS:
        if tag not in tags:
            yield f"No cell is tagged '{tag}'."
    for cell in cells:
        if not re.fullmatch(r"[A-Za-z0-9_-]+", cell.get("id", "")):
            yield f"Cell id '{cell.get('id')}': wanted are letters, digits, - and _."
    for name in (cell["id"] for cell in cells if "exercise" in cell["tags"]):
        if f"{name}-task" not in ids:
            yield f"No statement: wanted is a Markdown cell '{name}-task' above the exercise '{name}'."


def _lengths(cells) -> Iterator[str]:
    words = sum(len(_prose(cell["source"]).split()) for cell in cells if cell["cell_type"] == "markdown")
    if words > MOST_WORDS:
        yield f"{words} words; at most {MOST_WORDS}."
    if len(cells) > MOST_CELLS:
        yield f"{len(cells)} cells; at most {MOST_CELLS}."
    for cell in cells:
        lines = cell["source"].count("\n") + 1
        if cell["cell_type"] == "code" and lines > MOST_LINES and "exercise" not in cell["tags"]:
            yield f"Cell '{cell['id']}' has {lines} lines of code; at most {MOST_LINES}."


def _code(cells, exercises: list[str]) -> Iterator[str]:
    """Find cells that need the learner's answer, and live hints."""
    theirs: set[str] = set()
    for cell in (cell for cell in cells if cell["cell_type"] == "code"):
        try:
            tree = ast.parse(cell["source"])
        except SyntaxError as error:
            yield f"Cell '{cell['id']}' does not parse: {error.msg}."
            continue
        names = {
            node.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        }
        own = {n.name for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef)}
        own |= {
            t.id for n in tree.body if isinstance(n, ast.Assign) for t in n.targets if isinstance(t, ast.Name)
        }
        for name in names & {"hint", "solution"}:
            yield f"Cell '{cell['id']}' calls {name}(): a lesson as shipped gives nothing away."
        if "exercise" in cell["tags"]:
            theirs |= own & set(exercises)
            continue
        theirs -= own
        for name in sorted(names & theirs):
            yield f"Cell '{cell['id']}' uses {name}, which the learner may not have written: restate it in the cell."


def _outputs(cells) -> Iterator[str]:
    for cell in (cell for cell in cells if cell["cell_type"] == "code"):
        for output in cell["outputs"]:
            if output["output_type"] == "error":
                yield f"Cell '{cell['id']}' is stored with an error: {output['ename']}."
            if output.get("name") == "stderr":
                yield f"Cell '{cell['id']}' is stored with a warning: {''.join(output['text']).strip()[:80]}"


def _numbers(cells) -> Iterator[str]:
    computed = {number for cell in cells for text in _texts(cell) for number in numbers_in(text)}
    for cell in cells:
        if cell["cell_type"] != "markdown" or "card" in cell["tags"]:
            continue
        allowed = _allowed(cell["source"])
        found = numbers_in(_prose(cell["source"]))
        for number in found:
            if number.isdigit() and int(number) <= FREE:
                continue
            if number not in computed and number not in allowed:
                yield f"Cell '{cell['id']}' says {number}, which no output of the lesson shows."
        for number, reason in allowed.items():
            if number not in found:
                yield f"Cell '{cell['id']}' allows {number}, which it does not say."
            if len(reason) < 3:
                yield f"Cell '{cell['id']}' allows {number} without a reason."


def _allowed(source: str) -> dict[str, str]:
    entries = [entry for block in _ALLOWED.findall(source) for entry in block.split(";") if entry.strip()]
    pairs = [entry.partition(":") for entry in entries]
    return {number.strip().replace(",", ""): reason.strip() for number, _, reason in pairs}


def numbers_in(text: str) -> list[str]:
    """Return the numbers of a text as they are written, without signs and thousands' commas."""
    return [number.replace(",", "") for number in _NUMBER.findall(text)]


def _prose(source: str) -> str:
    for pattern in _NOT_PROSE:
        source = re.sub(pattern, " ", source, flags=re.DOTALL)
    return source


def _texts(cell) -> Iterator[str]:
    for output in cell.get("outputs", []):
        text = output.get("text") or output.get("data", {}).get("text/plain", "")
        yield "".join(text)
