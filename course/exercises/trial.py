"""Run one answer on one trial, and write down what happened.

The notebook runs this file in its own process, the child program loads it by path: so verdicts agree. It imports the
standard library and NumPy only, and nothing of ``course``.
"""

import contextlib
import functools
import inspect
import io
import linecache
import math
import operator
import random
import threading
import traceback
import types
import warnings
from dataclasses import dataclass, field

import numpy as np

RESULT_MOST = 16 * 2**20  # bytes of one array of a result; a judge keeps those of all trials
PRINTED = 400  # characters of a learner's own prints that a report can use; the rest is dropped as it comes
LINE = 70  # characters of what an answer returned, where a report shows that beside its observation
_TURN = threading.RLock()  # what ``run`` sets and puts back belongs to the whole process
_NUMBERS = (bool, int, float, complex)
_FUNCTIONS = (types.FunctionType, types.MethodType, types.BuiltinFunctionType, np.ufunc, type(np.sum))


@dataclass
class Outcome:
    """What one answer did with one trial.

    Attributes:
        value: what it returned, as plain data: None, str, NumPy arrays (0-d for numbers), lists, tuples, dicts.
        strange: what it returned if that is not plain data, in words ("a generator"); else None.
        error: ``{kind, kinds, message, where, code}`` of the exception it raised, or None.
        changed: the positions of the inputs that it changed.
        returned: what it returned, in words, where ``observe`` turned that into something else.
        printed: the first characters of what it printed.
        notes: other things worth telling, such as a changed error state.
        stopped: why there is no answer: ``timed_out``, ``died``, ``missing`` (with a reason in ``error``), or None.
    """

    value: object = None
    strange: str | None = None
    error: dict | None = None
    changed: list = field(default_factory=list)
    returned: str = ""
    printed: str = ""
    notes: list = field(default_factory=list)
    stopped: str | None = None


class NotPlain(Exception):  # noqa: N818 - not an error of ours: it describes a value
    """The value is not plain data; the message says what it is."""


def call_directly(answer, *trial):
    """Observe an answer in the default way: call it with the trial."""
    return answer(*trial)


def run(answer, observe, trial, *, ours: bool = False) -> Outcome:
    """Run ``observe(answer, *trial)`` on a copy of the trial; never raise, but for an interrupt.

    Prints are kept out of the way, and the state of NumPy, ``random`` and ``warnings`` is put back. For an answer of
    ours, a reference or a named mistake, only warnings are: watching all that takes ten times as long as most answers.
    """
    inputs = _fresh(list(trial))
    printed = _Bounded(PRINTED)
    outcome = Outcome()
    answer, seen = _watched(answer, observe)
    with (
        _TURN,
        _quiet() if ours else _state_put_back(outcome.notes),
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(_Bounded(0)),
    ):
        try:
            outcome.value = plain(observe(answer, *inputs))
        except NotPlain as found:
            outcome.strange = str(found)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # SystemExit too: an answer must not end the notebook
            outcome.error = describe_error(error, answer)
    outcome.changed = [
        i for i, (now, was) in enumerate(zip(inputs, trial, strict=True)) if not _same(now, was)
    ]
    outcome.printed = printed.getvalue()
    outcome.returned = _shown(seen[-1]) if seen else ""
    return outcome


def _fresh(data):
    """Copy a trial's data as the wire does: an array that stands in two places becomes two arrays, in row-major order."""
    if isinstance(data, np.ndarray):
        return data.copy()
    if isinstance(data, list | tuple):
        return type(data)(map(_fresh, data))
    if isinstance(data, dict):
        return {key: _fresh(item) for key, item in data.items()}
    return data


def _watched(answer, observe):
    """Return the answer and the list of what it will return, if it is a function that ``observe`` hides from view."""
    seen: list = []
    if observe is call_directly or not inspect.isfunction(answer):
        return answer, seen

    @functools.wraps(answer)
    def watched(*args, **kwargs):
        value = answer(*args, **kwargs)
        seen[:] = [value]
        return value

    return watched, seen


def _shown(value) -> str:
    """Show what an answer returned in a line, if it is plain data of a line's length."""
    try:
        value = plain(value)
    except NotPlain as what:
        return str(what)
    text = _rounded(value) if _count(value) <= LINE // 3 else ""
    return text if len(text) <= LINE else ""


def _count(value) -> int:
    """Return how many items there are to show, each of which takes three characters with its comma."""
    if isinstance(value, np.ndarray):
        return math.prod(max(n, 1) for n in value.shape)
    return sum(map(_count, value)) if isinstance(value, list | tuple) else 1


def _rounded(value) -> str:
    if isinstance(value, np.ndarray):
        numbers = value.dtype.kind in "iufb"
        return _rounded(value.tolist()) if value.ndim else f"{value[()]:.6g}" if numbers else str(value[()])
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list | tuple):
        opening, closing = "[]" if isinstance(value, list) else "()"
        return opening + ", ".join(map(_rounded, value)) + closing
    return repr(value)


def plain(value, depth=0):
    """Copy a value as plain data; numbers become 0-d arrays.

    Only exact built-in types are taken: an object that merely claims to be a number, or to equal everything, is not.

    Raises:
        NotPlain: for anything else, described in words.
    """
    kind = type(value)
    if value is None or kind is str:
        return value
    if kind is np.str_:  # an item of an array of texts
        return str(value)
    if kind is int and not -(2**63) <= value < 2**64:
        raise NotPlain("a whole number too large for 64 bits")
    if kind in _NUMBERS or (isinstance(value, np.generic) and kind.__module__ == "numpy"):
        value, kind = np.array(value), np.ndarray
    if kind is np.ndarray:
        if value.dtype.kind not in "biufcU":
            raise NotPlain(
                "an array of objects" if value.dtype.kind == "O" else f"an array of type {value.dtype}"
            )
        if value.nbytes > RESULT_MOST:
            raise NotPlain(f"an array of {value.nbytes // 2**20} MB, shape {value.shape}")
        if value.dtype.char in "gG":  # extended precision differs from machine to machine
            value = value.astype(float if value.dtype.kind == "f" else complex)
        return np.array(value, dtype=value.dtype.newbyteorder("="))
    if kind in (list, tuple, dict) and depth > 20:
        raise NotPlain("a list nested more than 20 deep")
    if kind is list:
        return [plain(item, depth + 1) for item in value]
    if kind is tuple:
        return tuple(plain(item, depth + 1) for item in value)
    if kind is dict:
        if not all(type(key) in (str, int) for key in value):
            raise NotPlain("a dict with keys that are neither text nor whole numbers")
        return {key: plain(item, depth + 1) for key, item in value.items()}
    raise NotPlain(_in_words(kind))


def _in_words(kind) -> str:
    if issubclass(kind, types.GeneratorType):
        return "a generator (did you write `yield`, or a comprehension in round brackets?)"
    if issubclass(kind, _FUNCTIONS):
        return "a function (did you forget to call it?)"
    if kind is type(Ellipsis):
        return "... (the placeholder)"
    name = kind.__name__
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name} object"


def describe_error(error, answer) -> dict:
    """Describe an exception by its type, message and the learner's own line, without any path."""
    kinds = [kind.__name__ for kind in type(error).__mro__ if kind not in (object, BaseException)]
    kinds = kinds or ["BaseException"]
    where = code = None
    own, caller = _own_files(answer), ""
    for frame, line in traceback.walk_tb(error.__traceback__):
        file, name = frame.f_code.co_filename, frame.f_code.co_name
        if file in own or file.startswith("<") or "ipykernel_" in file:
            if file.startswith("<observe"):
                continue
            where = f"line {line} of {name}" if name != "<module>" else f"line {line}"
            if file in own and name == getattr(answer, "__name__", ""):
                caller = f", called in {where}"
            elif caller and file not in own:  # a function of another cell: whose line called it is what helps
                where += caller
                continue
            where = f"{where}, {file[1:-1]}" if file.startswith("<cell") else where
            code = linecache.getline(file, line).strip() or None
    try:
        message = str(error)
    except BaseException:  # a learner's own exception may have a broken __str__
        message = "(no message)"
    return {"kind": kinds[0], "kinds": kinds, "message": message[:300], "where": where, "code": code}


def _own_files(answer) -> set:
    functions = [answer, *vars(answer).values()] if inspect.isclass(answer) else [answer]
    return {
        f.__code__.co_filename
        for f in map(inspect.unwrap, filter(callable, functions))
        if hasattr(f, "__code__")
    }


class _Bounded(io.TextIOBase):
    """A text stream that keeps the first characters and drops the rest as it comes."""

    def __init__(self, most):
        self.most, self.kept = most, ""

    def write(self, text):
        if len(self.kept) < self.most:
            self.kept += str(text)[: self.most - len(self.kept)]
        return len(text)

    def getvalue(self):
        return self.kept


@contextlib.contextmanager
def _quiet():
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def _state_put_back(notes):
    # The legacy global generator is what a learner's np.random.seed() would change.
    errors, numbers, python = np.geterr(), np.random.get_state(), random.getstate()  # noqa: NPY002
    functions = dict(vars(np))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        np.seterr(all="ignore")
        try:
            yield
        finally:
            # The usual case is quick, for this happens at each trial: all are there, in their order.
            if not all(map(operator.is_, functions.values(), vars(np).values())):
                replaced = [f"np.{name}" for name, own in functions.items() if vars(np).get(name) is not own]
                vars(np).update(functions)
                if replaced:
                    notes.append(f"It replaced {', '.join(replaced)}; that was put back.")
            if set(np.geterr().values()) != {"ignore"}:
                notes.append("It changed NumPy's error settings (np.seterr); they were put back.")
            now = list(np.random.get_state())  # noqa: NPY002
            if not _same(now, list(numbers)) or random.getstate() != python:
                notes.append("It used or changed the global random state; that was put back.")
                np.random.set_state(numbers)  # noqa: NPY002
                random.setstate(python)
            np.seterr(**errors)


def _same(a, b) -> bool:
    """Tell whether two pieces of trial data are identical, NaN included."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return (
            a.shape == b.shape and a.dtype == b.dtype and np.array_equal(a, b, equal_nan=a.dtype.kind in "fc")
        )
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(_same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(map(_same, a.values(), b.values()))
    return a == b or (a != a and b != b)
