"""The one judge: compare what an answer does with what the reference does, trial by trial.

``call`` runs the answer on one trial: in this process for a notebook, in the child program for ``course check`` and
``course grade``. A verdict is returned, never printed.
"""

import builtins
import re
from collections.abc import Callable

import numpy as np

from course.exercises.compare import difference
from course.exercises.definition import PUBLIC_SEED, Definition
from course.exercises.diagnose import Known, Tried, in_numbers, in_our_words, named_mistakes, overflows
from course.exercises.report import Report, excerpt, show_value
from course.exercises.trial import Outcome, run

Call = Callable[[tuple], Outcome]
PRINTED = "It printed: "  # how the note begins that shows a learner's own prints


def directly(definition: Definition, answer: Callable, *, ours: bool = False) -> Call:
    """Return a ``call`` that runs ``answer`` in this process; see ``trial.run`` for ``ours``."""
    return lambda trial: run(answer, definition.observe, trial, ours=ours)


def judge(definition: Definition, call: Call, seed: int = PUBLIC_SEED, ours: Known | None = None) -> Report:
    """Judge one answer.

    Args:
        definition: the exercise.
        call: runs the answer on one trial.
        seed: what the trials are drawn from.
        ours: what is known of these trials already; only where the answer runs in another process, for it holds all answers.
    """
    if definition.missing:
        return _lacking(definition)
    ours = ours or Known(definition, definition.draw(seed))
    answered = []
    for trial in ours.trials:
        try:
            got = call(trial.args)
        except KeyboardInterrupt:
            got = Outcome(stopped="interrupted")
        if got.stopped:
            return _stopped(definition, trial, got)
        answered.append(got)
    tried = [
        Tried(trial, expected, got, difference(got, expected, definition.rtol, definition.atol))
        for trial, expected, got in zip(ours.trials, ours.expected, answered, strict=True)
    ]
    if not tried:
        return Report(definition.name, "could_not_check", "The exercise has no trials.")
    failing = [t for t in tried if t.difference]
    unwritten = failing and all(_unwritten(t.got) for t in failing)
    if unwritten and (len(failing) == len(tried) or _other_function(definition, failing[0].got)):
        return _not_attempted(definition, failing[0].got)
    if not failing:
        right = f"All {len(tried)} trials are right." if len(tried) > 1 else "The trial is right."
        return Report(definition.name, "passed", right, notes=_notes(tried))
    return _explain(ours, tried, failing)


def _lacking(definition: Definition) -> Report:
    names = " and ".join(definition.missing)
    message = (
        f"It needs {names}, which this Python doesn't have. In the browser there is none: open the lesson in Jupyter, where "
        "the course brings it along."
    )
    return Report(definition.name, "could_not_check", message)


def _other_function(definition: Definition, got: Outcome) -> str:
    """Return the name of the learner's other function in which the error arose, or an empty text."""
    where = (got.error or {}).get("where") or ""
    other = where.partition(" of ")[2].partition(",")[0]
    return other if other.isidentifier() and other != definition.name and definition.parameters else ""


def _not_attempted(definition: Definition, got: Outcome) -> Report:
    if other := _other_function(definition, got):
        message, discreet = (
            f"Your code calls {what}, which is not written yet." for what in (other, "another function")
        )
        return Report(definition.name, "not_attempted", message, discreet=discreet)
    message = "Replace `raise NotImplementedError` with your code, then run the cell again."
    return Report(definition.name, "not_attempted", message)


def _stopped(definition: Definition, trial, got: Outcome) -> Report:
    name = definition.name
    if got.stopped == "timed_out":
        return Report(
            name,
            "timed_out",
            "It did not finish in the time allowed: is there a loop that never ends, or one that takes tiny steps?",
            trial=trial.name,
        )
    if got.stopped == "interrupted":
        return Report(name, "timed_out", "You stopped it before it had an answer.", trial=trial.name)
    if got.stopped == "died":
        return Report(name, "raised", "It ended the whole Python process.", trial=trial.name)
    found, discreet = " ".join(got.notes), f"No function {name} was found."
    return Report(name, "not_attempted", f"{discreet} {found}".strip(), discreet=discreet)


def _explain(ours: Known, tried: list[Tried], failing: list[Tried]) -> Report:
    definition = ours.definition
    named, among = named_mistakes(ours, tried)
    shown = min(among, key=_readable)
    found = shown.difference
    assert found is not None
    raised, discreet = found.kind == "raised", None
    if named:
        message = _name_outputs(definition, named, shown)
    elif shown.got.error and raised:
        message = _about_error(definition, shown.got.error)
        discreet = _about_error_discreetly(definition, shown.got.error)
    elif found.kind == "changed":
        changed = _parameters(definition, found.got, len(shown.trial.args))
        message = f"It changed its input ({changed}). Work on a copy, or build a new array."
    else:
        message = in_numbers(definition, tried, shown) or "The result is not the expected one."
        discreet = in_our_words(found)
        if found.place and definition.outputs:
            where = f"{_output_name(definition, found.place[0])}: "
            message, discreet = f"{where}{message}", discreet and f"{where}{discreet}"
    return Report(
        exercise=definition.name,
        verdict="raised" if raised else "wrong",
        message=message,
        mistake=named[0].mistake.name if named else None,
        trial=shown.trial.name,
        right=len(tried) - len(failing),
        trials=len(tried),
        details=tuple(_details(definition, shown)),
        notes=_notes([shown]),
        discreet=discreet,
    )


def _readable(tried: Tried) -> tuple:
    """Sort trials by how much their failing tells: the smallest first, but an overflow hides other faults, and a wrong
    shape means little where an axis has length 1."""
    shapes = [a.shape for a in tried.trial.args if isinstance(a, np.ndarray)]
    vague = tried.difference.kind == "shape" and any(1 in shape for shape in shapes)  # type: ignore[union-attr]
    if _unwritten(
        tried.got
    ):  # not written yet: any wrong value says more, and the first of these is the next to write
        return True, False, False, 0
    return False, overflows(tried), vague, _size(tried.trial.args)


def _unwritten(got: Outcome) -> bool:
    return bool(got.error and "NotImplementedError" in got.error["kinds"])


def _size(args) -> int:
    if isinstance(args, np.ndarray):
        return max(args.size, 1)
    if isinstance(args, dict):
        return 1 + sum(_size(item) for item in args.values())
    if isinstance(args, list | tuple):
        return 1 + sum(_size(item) for item in args)
    return 1


def _name_outputs(definition: Definition, named, shown: Tried) -> str:
    if named[0].output is None:
        return named[0].mistake.hint
    count = len(shown.expected.value)  # type: ignore[arg-type]
    wrong = [n.output for n in named]
    right = [_output_name(definition, i) for i in range(count) if i not in wrong]
    start = ""
    if right:
        start = f"{' and '.join(right)} {'is' if len(right) == 1 else 'are'} right. "
    return start + " ".join(f"{_output_name(definition, n.output)}: {n.mistake.hint}" for n in named)


def _output_name(definition: Definition, position) -> str:
    if isinstance(position, int) and position < len(definition.outputs):
        return definition.outputs[position]
    return f"Result {position + 1}" if isinstance(position, int) else str(position)


def _parameters(definition: Definition, positions, count: int) -> str:
    names = definition.inputs
    changed = (i for i in range(count) if i in positions)
    return ", ".join(names[i] if i < len(names) else f"input {i + 1}" for i in changed)


def _about_error(definition: Definition, error: dict) -> str:
    if error["where"] is None and error["kind"] == "TypeError" and "argument" in error["message"]:
        wanted = f"{definition.name}({', '.join(definition.parameters)})"
        return f"It could not be called as {wanted}: {error['message']}."
    if "NotImplementedError" in error["kinds"]:
        return "That part is not written yet."
    if error["kind"] == "SystemExit":
        return "It called exit(). A function hands its result back with `return`."
    if error["kind"] == "RecursionError":
        return "It calls itself without end: which case stops the recursion?"
    if error["kind"] == "NameError":
        if "'np'" in error["message"]:
            return f"NameError: {error['message']}. Write `import numpy as np` above it."
        return (
            f"NameError: {error['message']}. A check sees this cell, and what other cells import or define with `def`, but "
            "not their data: define it in this cell, or take it as an argument."
        )
    said = f"{error['kind']}: {error['message']}".rstrip(": ")
    return next(
        (f"{said}. {advice}" for part, advice in COMMON_ERRORS.items() if part in error["message"]), said
    )


def _about_error_discreetly(definition: Definition, error: dict) -> str:
    """Say the same in words of ours: an error's message, and the names of classes and functions, can carry inputs out."""
    said, name = error["message"], re.escape(definition.name)
    kind = next((kind for kind in error["kinds"] if kind in _KINDS), "Exception")
    if kind == "NameError":
        ours = "name 'np' is not defined" if "'np'" in said else "a name is not defined"
    elif error["where"] is None and kind == "TypeError" and "argument" in said:
        ours = "it takes other arguments"
    else:
        ours = next((part for part in COMMON_ERRORS if part in said), "")
    text = _about_error(definition, {**error, "kind": kind, "message": ours})
    text = f"It raised {kind}." if text == kind else text
    where = error["where"] or ""
    line = re.search(rf"line (\d{{1,3}}) of {name}\b", where) or re.fullmatch(
        rf"line (\d{{1,3}}) of \w+, cell {name}", where
    )
    return f"{text} That was in line {line[1]} of its cell." if line else text


_KINDS = {
    name
    for name, kind in vars(builtins).items()
    if isinstance(kind, type) and issubclass(kind, BaseException)
}
# What the messages of Python and NumPy mean to someone who meets them for the first time.
COMMON_ERRORS = {
    "bitwise_xor": "A power is written `**`; `^` is something else.",
    "unsupported operand type(s) for ^": "A power is written `**`; `^` is something else.",
    "only length-1 arrays": "Functions of `math` take one number; those of `np` take whole arrays.",
    "only 0-dimensional arrays": "Functions of `math` take one number; those of `np` take whole arrays.",
    "truth value of an array": "`if` wants one True or False; for each element apart there are `np.where` and masks.",
    "could not be broadcast": "The shapes don't fit. Print both: which axis should have which length?",
    "mismatch in its core dimension": "The shapes don't fit `@`: the inner lengths must agree. Print both.",
    "nopython mode pipeline": "Numba found something that it can't compile. Keep to numbers, arrays, `range` and plain NumPy.",
    "is out of bounds for array of dimension": "An array of shape (N,) has axis 0 only.",
    "can't multiply sequence by non-int": "A list can't be multiplied by a number: go through the arrays in it one by one.",
    "inhomogeneous shape": "Arrays of different shapes don't fit into one array: go through the list one by one.",
    "is out of bounds for axis": "Python counts from 0: an axis of length 2 has the places 0 and 1.",
}


def _details(definition: Definition, shown: Tried):
    names = definition.inputs
    for i, value in enumerate(shown.trial.args):
        name = names[i] if i < len(names) else f"input {i + 1}"
        yield f"{name}", show_value(value)
    found = shown.difference
    assert found is not None
    if found.kind == "raised":
        error = found.got
        if error["where"]:  # type: ignore[index]
            yield "raised in", f"{error['where']}: {error['code'] or ''}".rstrip(": ")  # type: ignore[index]
        if not shown.expected.error:
            yield "expected", show_value(shown.expected.value)
        return
    part = ""
    if found.place:
        part = (
            f" {_output_name(definition, found.place[0])}"
            if definition.outputs
            else f" part {_place(found.place)}"
        )
    if found.kind == "changed":
        return
    if shown.got.returned and shown.got.returned != shown.expected.returned:  # None, where nothing is wanted
        yield "you returned", shown.got.returned
    yield f"got{part}", found.got if found.kind == "strange" else show_value(found.got)
    if found.kind == "not_raised":
        yield "expected", f"{found.expected['kind']}"  # type: ignore[index]
        return
    yield f"expected{part}", show_value(found.expected)
    if found.worst:
        got, expected = excerpt(found.got, found.worst), excerpt(found.expected, found.worst)
        where = ", ".join(map(str, found.worst))
        yield "worst place", f"[{where}]: got {got}, expected {expected}"


def _place(place) -> str:
    return "".join(f"[{key!r}]" for key in place)


def _notes(tried: list[Tried]) -> tuple[str, ...]:
    notes = []
    for t in tried:
        notes += [note for note in t.got.notes if note not in notes]
    if tried and tried[0].got.printed.strip() and tried[0].difference:
        lines = tried[0].got.printed.strip().splitlines()
        shown = lines if len(lines) <= 4 else [*lines[:3], "..."]
        notes.append("\n    ".join([f"{PRINTED}{shown[0]}", *shown[1:]]))
    return tuple(notes)
