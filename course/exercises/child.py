"""The child program: runs a learner's definitions, then answers one trial after another.

Started by path with ``python -I``. It knows no answers, trials or seeds, imports nothing of ``course``, and talks to the
judge in ``wire`` messages. Grading wraps this same program in a sandbox.

Of each cell only imports and definitions run, statement by statement, so that one broken cell does not take the others.
"""

import ast
import contextlib
import importlib.abc
import importlib.util
import linecache
import os
import re
import sys
import types
from pathlib import Path

# What exercises don't need is replaced by something inert: checking stays fast, and works without it.
INERT = ("course", "matplotlib", "ipywidgets", "IPython")
_MAGIC = re.compile(r"(?m)^([ \t]*)([%!].*|\?{0,2}[\w.]+\?{1,2}[ \t]*|\?{1,2}[\w.]+[ \t]*)$")
_prepared: dict[tuple, list] = {}  # see ``prepare``
# Calls that may stand in a top-level assignment of the lesson's own cells: cheap, and free of the learner's functions.
CHEAP_CALLS = {
    "np",
    "numpy",
    "math",
    "range",
    "list",
    "dict",
    "tuple",
    "set",
    "float",
    "int",
    "len",
    "partial",
    "functools",
}


def main() -> None:
    """Serve the judge at the other end of standard input and output."""
    serve(load_beside("trial"), load_beside("wire"), *_private_streams())


def serve(trial, wire, source, sink) -> None:
    """Answer messages until the judge hangs up.

    Args:
        trial, wire: the modules of those names, see ``load_beside``.
        source, sink: binary streams from and to the judge.
    """
    sys.meta_path.insert(0, _InertFinder())
    sys.setrecursionlimit(1000)
    learner = types.ModuleType("__main__")
    sys.modules["__main__"] = learner
    while True:
        try:
            message = wire.receive(source)
        except wire.WireError:
            return  # the judge is done
        if "cells" in message:
            wire.send(sink, run_cells(message["cells"], learner.__dict__))
        else:
            wire.send(sink, vars(_answer(message, learner.__dict__, trial)))


def run_cells(cells, namespace) -> dict:
    """Run the definitions of ``(label, source, whole)`` cells in one namespace.

    Returns ``{"problems": [{label, line, kind, message, code}], "defined": {name: [labels]}}``.
    """
    problems: list[dict] = []
    defined: dict[str, list] = {}
    for label, source, whole in cells:
        file = f"<cell {label}>"
        source = without_magics(source)
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
        try:
            statements = _prepared.get((label, source, whole))
            if statements is None:
                statements = definitions(label, source, whole)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            line = getattr(error, "lineno", None)
            message = getattr(error, "msg", str(error))
            problems.append(_problem(label, line, "SyntaxError", message, file))
            continue
        for names, line, statement in statements:
            for name in names:
                defined.setdefault(name, []).append(label)
            try:
                exec(
                    statement if isinstance(statement, types.CodeType) else _code(statement, file), namespace
                )
            except BaseException as error:  # a cell must not end the program
                problems.append(_problem(label, line, type(error).__name__, str(error)[:300], file))
    return {"problems": problems, "defined": defined}


def definitions(label, source, whole) -> list:
    """Return ``(names, line, statement)`` of each definition of a cell without magics.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: if it is no Python, or too much of it.
    """
    tree = ast.parse(source, f"<cell {label}>")
    return [(_names(node), node.lineno, node) for node in tree.body if _is_definition(node, whole)]


def prepare(cells) -> None:
    """Compile cells of ours, such as a lesson's, before there is a learner: whoever has them unchanged need not."""
    for label, source, whole in cells:
        source = without_magics(source)
        file = f"<cell {label}>"
        with contextlib.suppress(SyntaxError, ValueError):
            found = definitions(label, source, whole)
            _prepared[label, source, whole] = [
                (names, line, _code(node, file)) for names, line, node in found
            ]


def _code(statement, file):
    return compile(ast.Module([statement], []), file, "exec")


def without_magics(source: str) -> str:
    """Blank out IPython's %magics, !commands and questions?, keeping the line numbers."""
    if re.match(r"\s*%%(?!time|capture|prun)", source):
        return ""
    if not _MAGIC.search(source):
        return source
    with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        ast.parse(source)
        return source  # so a line that starts with % is part of an expression or a text
    return _MAGIC.sub(r"\1pass", source)


def _answer(message, namespace, trial):
    name = message["name"]
    if name not in namespace:
        return trial.Outcome(stopped="missing")
    answer = namespace[name]
    if not callable(answer):
        return trial.Outcome(stopped="missing", notes=[f"{name} is of type {type(answer).__name__}."])
    observe = trial.call_directly
    if message["observe"]:
        observe = compile_observe(message["observe"], message["name"])
    try:
        return trial.run(answer, observe, message["trial"])
    except KeyboardInterrupt:  # raised by the answer itself, for the keyboard does not reach this program
        return trial.Outcome(stopped="interrupted")


def compile_observe(source, name):
    """Build ``observe`` from its source alone, with nothing around it but NumPy."""
    import numpy as np

    namespace = {"np": np}
    exec(compile(source, f"<observe {name}>", "exec"), namespace)
    return namespace["observe"]


def _is_definition(statement, whole) -> bool:
    if isinstance(
        statement, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    ):
        return True
    if isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
        return whole or statement.value is None or _is_cheap(statement.value)
    if isinstance(statement, ast.If):
        return all(_is_definition(inner, whole) for inner in statement.body + statement.orelse)
    if isinstance(statement, ast.Try):
        handlers = [inner for handler in statement.handlers for inner in handler.body]
        inner = statement.body + handlers + statement.orelse + statement.finalbody
        return all(isinstance(part, ast.Pass) or _is_definition(part, whole) for part in inner)
    return False


def _is_cheap(expression) -> bool:
    if isinstance(expression, ast.Lambda):
        return True
    if isinstance(expression, ast.Call):
        root = expression.func
        while isinstance(root, ast.Attribute):
            root = root.value
        if not (isinstance(root, ast.Name) and root.id in CHEAP_CALLS):
            return False
    return all(_is_cheap(child) for child in ast.iter_child_nodes(expression))


def _names(statement) -> list:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [statement.name]
    if isinstance(statement, ast.Assign):
        return [target.id for target in statement.targets if isinstance(target, ast.Name)]
    return []


def _problem(label, line, kind, message, file) -> dict:
    code = linecache.getline(file, line).strip() if line else ""
    return {"label": label, "line": line, "kind": kind, "message": message, "code": code}


class _Inert(types.ModuleType):
    """Stands for a module, a function or a value that is not needed here."""

    def __init__(self, name):
        super().__init__(name)
        self.__path__ = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return _Inert(f"{self.__name__}.{name}")

    def __call__(self, *args, **kwargs):
        return self

    def __getitem__(self, key):
        return self

    def __iter__(self):
        raise TypeError("an _Inert holds nothing to unpack")


class _InertFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in INERT:
            return importlib.util.spec_from_loader(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return _Inert(spec.name)

    def exec_module(self, module):
        pass


def load_beside(name):
    """Load the file of that name beside this one, without making it importable for the learner's code."""
    path = Path(__file__).with_name(f"{name}.py")
    module = types.ModuleType(f"_{name}")
    sys.modules[module.__name__] = module  # dataclasses look their module up
    exec(compile(path.read_bytes(), str(path), "exec"), module.__dict__)
    return module


def _private_streams():
    """Keep the pipe to the judge for ourselves; whatever else reads or prints meets the null device."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    return source, sink


if __name__ == "__main__":
    main()
