"""Load one exercise: its answer, what it is tried on, and the ways people get it wrong."""

import ast
import functools
import importlib.util
import types
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from course.errors import CourseError

RTOL, ATOL = 1e-4, 1e-8
PUBLIC_SEED = 0  # what a notebook's check draws its trials from; grading uses a private one


def wrong(hint: str) -> Callable:
    """Mark a function or class of an exercise file as a named wrong answer; ``hint`` is what its author is told."""

    def mark(answer):
        answer.__course_hint__ = hint
        return answer

    return mark


@dataclass(frozen=True)
class Mistake:
    """A named wrong answer."""

    name: str
    hint: str
    answer: Callable


@dataclass(frozen=True)
class Trial:
    """One input, under a name that a learner can read."""

    name: str
    args: tuple


@dataclass(frozen=True, eq=False)  # each is itself alone, so that what follows from it can be kept
class Definition:
    """Everything that an exercise file says.

    Attributes:
        title: what the exercise is, in a line.
        parameters: the names of the answer's parameters.
        inputs: the names of a trial's parts: those parameters, or what ``observe`` calls them.
        outputs: the names of its outputs where it returns a tuple of names, else ().
        observe_source: the source of the file's own ``observe``, or None.
        starter: the mistake that the starter shows, for code to repair; else None.
        needs: modules without which an answer can't be judged, such as ``("numba",)``. The file must load without them.
        sources: the source of each top-level definition.
    """

    name: str
    path: Path
    title: str
    answer: Callable
    parameters: tuple[str, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    trials: Callable
    mistakes: tuple[Mistake, ...]
    observe: Callable
    observe_source: str | None
    hints: tuple[str, ...]
    minutes: int
    level: int
    points: float
    rtol: float
    atol: float
    starter: str | None
    fewer_mistakes: str | None
    kept_trials: dict[str, str]
    needs: tuple[str, ...]
    sources: dict[str, str]

    @property
    def missing(self) -> list[str]:
        """What the exercise needs and this Python has not."""
        return [name for name in self.needs if importlib.util.find_spec(name) is None]

    def draw(self, seed: int = PUBLIC_SEED) -> list[Trial]:
        """Draw the trials of one seed, from kind to cruel."""
        import numpy as np  # here, for who only wants to know what exercises there are need not wait for it

        rng = np.random.default_rng([seed, zlib.crc32(self.name.encode())])
        return [Trial(name, tuple(args)) for name, *args in self.trials(rng)]


@functools.lru_cache(maxsize=256)
def load(path: Path) -> Definition:
    """Read the exercise file at ``path``.

    Raises:
        CourseError: if it can't be read, or lacks a part; the message names it.
    """
    name = path.stem
    if not path.exists():
        raise CourseError(
            f"Exercise '{name}' has no file: wanted {path.parent.name}/{path.name} under solutions/."
        )
    source = path.read_text(encoding="utf-8")
    module = types.ModuleType(name)
    module.__file__ = str(path)
    try:
        tree = ast.parse(source, str(path))
        exec(compile(tree, str(path), "exec"), module.__dict__)
    except Exception as error:  # an author's file: anything may be wrong with it
        raise CourseError(f"{path.name} can't be read: {type(error).__name__}: {error}") from error
    _need(module, path, name, "trials", "HINTS", "MINUTES", "LEVEL", "POINTS")
    sources = {
        node.name: ast.unparse(node) if node.name == "observe" else _segment(source, node)
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }
    mistakes = tuple(
        Mistake(key, vars(module)[key].__course_hint__, vars(module)[key])
        for key in sources
        if hasattr(vars(module)[key], "__course_hint__") and "__course_hint__" in vars(vars(module)[key])
    )
    parameters, outputs = _signature(tree, name)
    from course.exercises.trial import call_directly

    return Definition(
        name=name,
        path=path,
        title=(ast.get_docstring(tree) or "").partition("\n")[0],
        answer=getattr(module, name),
        parameters=parameters,
        inputs=_observed(tree) or parameters,
        outputs=outputs,
        trials=module.trials,
        mistakes=mistakes,
        observe=getattr(module, "observe", call_directly),
        observe_source=sources.get("observe"),
        hints=tuple(module.HINTS),
        minutes=module.MINUTES,
        level=module.LEVEL,
        points=module.POINTS,
        rtol=getattr(module, "RTOL", RTOL),
        atol=getattr(module, "ATOL", ATOL),
        starter=getattr(module, "STARTER", None),
        fewer_mistakes=getattr(module, "FEWER_MISTAKES", None),
        kept_trials=getattr(module, "KEPT_TRIALS", {}),
        needs=tuple(getattr(module, "NEEDS", ())),
        sources=sources,
    )


def _need(module, path, *names) -> None:
    missing = [name for name in names if not hasattr(module, name)]
    if missing:
        raise CourseError(
            f"{path.name} lacks {', '.join(missing)}. `course new exercise` shows the whole form."
        )


def _segment(source: str, node) -> str:
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return "\n".join(source.splitlines()[first - 1 : node.end_lineno])


def _observed(tree) -> tuple[str, ...]:
    """Return what the file's own ``observe`` calls the parts of a trial, or ()."""
    node = next((n for n in tree.body if getattr(n, "name", None) == "observe"), None)
    return tuple(argument.arg for argument in node.args.args[1:]) if node else ()


def _signature(tree, name) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the answer's parameters, and those of its outputs if it ends in ``return a, b``."""
    node = next(n for n in tree.body if getattr(n, "name", None) == name)
    if not isinstance(node, ast.FunctionDef):
        return (), ()
    returned = [n.value for n in ast.walk(node) if isinstance(n, ast.Return)]
    last = returned[-1] if returned else None
    named = isinstance(last, ast.Tuple) and all(isinstance(item, ast.Name) for item in last.elts)
    outputs = tuple(item.id for item in last.elts) if named else ()  # type: ignore[union-attr]
    return tuple(argument.arg for argument in node.args.args), outputs
