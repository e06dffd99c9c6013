"""Say what is wrong with a result: the named mistake that gives the same, or else what the numbers themselves tell."""

import functools
import itertools
from collections.abc import Sized
from dataclasses import dataclass

import numpy as np

from course.exercises.compare import Difference, alike, as_array, difference, same_value
from course.exercises.definition import Definition, Mistake, Trial
from course.exercises.trial import Outcome, run


@dataclass(frozen=True)
class Tried:
    """One trial with what was expected, what was got, and how they differ (None: they don't)."""

    trial: Trial
    expected: Outcome
    got: Outcome
    difference: Difference | None


@dataclass(frozen=True)
class Named:
    """A named mistake that gives the learner's result; ``output`` is its position if only that one matches."""

    mistake: Mistake
    output: int | None = None


@dataclass(frozen=True)
class Known:
    """What the answers of a whole class are compared with: the trials of one seed, and what ours make of them."""

    definition: Definition
    trials: list[Trial]

    @functools.cached_property
    def expected(self) -> list[Outcome]:
        """What the reference does, trial by trial."""
        return self._outcomes(self.definition.answer)

    @functools.cached_property
    def mistakes(self) -> dict[str, list[Outcome]]:
        """What each named mistake does, trial by trial."""
        return {mistake.name: self._outcomes(mistake.answer) for mistake in self.definition.mistakes}

    @functools.cached_property
    def fails(self) -> dict[str, set[int]]:
        """The positions of the trials on which each mistake is wrong."""
        rtol, atol = self.definition.rtol, self.definition.atol
        return {
            name: {i for i, made in enumerate(outcomes) if difference(made, self.expected[i], rtol, atol)}
            for name, outcomes in self.mistakes.items()
        }

    def _outcomes(self, answer) -> list[Outcome]:
        return [run(answer, self.definition.observe, trial.args, ours=True) for trial in self.trials]


@functools.lru_cache(maxsize=32)
def known(definition: Definition, seed: int) -> Known:
    """Return what is known of an exercise on the trials of one seed; it is worked out once for a class."""
    return Known(definition, definition.draw(seed))


def named_mistakes(known: Known, tried: list[Tried]) -> tuple[list[Named], list[Tried]]:
    """Find the named mistakes that do what the answer did.

    On all trials first, then on the failing ones alone, then on those among them where nothing overflowed, for an
    overflow hides another fault; the whole result first, then output by output.

    Returns:
        The mistakes, and the failing trials that they explain; none, and all failing trials.
    """
    definition, outcomes, fails = known.definition, known.mistakes, known.fails
    failing = [i for i, t in enumerate(tried) if t.difference]
    finite = [i for i in failing if not overflows(tried[i])]
    scopes = [list(range(len(tried))), failing] + [finite] * (0 < len(finite) < len(failing))
    # One that fails where the answer is right is something else.
    possible = [mistake for mistake in definition.mistakes if fails[mistake.name] <= set(failing)]
    for scope in scopes:
        wrong = [i for i in failing if i in scope]
        for mistake in possible:
            if not fails[mistake.name] & set(wrong):
                continue  # it is right where the answer fails: a matter of types, not of this mistake
            if _same_everywhere(definition, tried, outcomes[mistake.name], scope, wrong):
                return [Named(mistake)], [tried[i] for i in wrong]
        if found := _by_output(definition, tried, outcomes, scope):
            return found, [tried[i] for i in wrong]
    return [], [tried[i] for i in failing]


def overflows(tried: Tried) -> bool:
    """Tell whether a wrong value is NaN or infinite where the right one is an ordinary number."""
    found = tried.difference
    if found is None or found.kind != "value":
        return False
    got, expected = as_array(found.got), found.expected
    if got is None or got.dtype.kind not in "fc" or not isinstance(expected, np.ndarray):
        return False
    return bool(np.isfinite(expected).all() and not np.isfinite(got).all())


def _same_everywhere(definition, tried, outcomes, scope, failing) -> bool:
    if not all(alike(outcomes[i], tried[i].got, definition.rtol, definition.atol) for i in scope):
        return False
    # Errors say little: two programs may raise a ValueError for different reasons. So either a wrong value agrees too,
    # or the messages do.
    return any(not tried[i].got.error for i in failing) or all(
        outcomes[i].error["message"] == tried[i].got.error["message"] for i in failing
    )


def _by_output(definition, tried, outcomes, scope) -> list[Named]:
    first = tried[0].expected.value
    if not isinstance(first, tuple) or len(first) < 2:
        return []
    parts = len(first)
    if not all(_has_parts(tried[i].got, parts) and _has_parts(tried[i].expected, parts) for i in scope):
        return []
    found = []
    for output in range(parts):
        if not _part_is_wrong(
            definition, [tried[i].got for i in scope], [tried[i].expected for i in scope], output
        ):
            continue
        match = next(
            (
                m
                for m in definition.mistakes
                if _part_agrees(definition, tried, outcomes[m.name], scope, output)
            ),
            None,
        )
        if match is None:
            return []
        found.append(Named(match, output))
    return found


def _has_parts(outcome: Outcome, count: int) -> bool:
    return isinstance(outcome.value, tuple | list) and len(outcome.value) == count and not outcome.changed


def _part_is_wrong(definition, got, expected, output) -> bool:
    return not all(
        same_value(g.value[output], e.value[output], definition.rtol, definition.atol)
        for g, e in zip(got, expected, strict=True)
    )


def _part_agrees(definition, tried, outcomes, scope, output) -> bool:
    parts = len(tried[0].expected.value)
    if not all(_has_parts(outcomes[i], parts) for i in scope):
        return False
    rtol, atol = definition.rtol, definition.atol
    return all(same_value(outcomes[i].value[output], tried[i].got.value[output], rtol, atol) for i in scope)


@np.errstate(all="ignore")
def in_numbers(definition: Definition, tried: list[Tried], shown: Tried) -> str:
    """Diagnose a wrong result from the numbers alone; return a sentence or two, or an empty text."""
    found = shown.difference
    if found is None:
        return ""
    by_kind = {
        "none": _returned_nothing,
        "strange": lambda d: f"It returned {d.got}.",
        "kind": _wrong_kind,
        "length": _wrong_length,
        "shape": lambda d: _wrong_shape(d, shown.trial),
        "integer": lambda d: "The values must be whole numbers of an integer type; yours are floats.",
        "raised": lambda d: "",
        "not_raised": lambda d: f"Here it should raise {d.expected['kind']}, and it returned a value.",
        "changed": lambda d: "",
    }
    if found.kind in by_kind:
        return by_kind[found.kind](found)
    same_place = [
        t
        for t in tried
        if t.difference and t.difference.kind == "value" and t.difference.place == found.place
    ]
    about_values = _wrong_values([t for t in same_place if overflows(t) == overflows(shown)], tried, shown)
    return about_values or _same_on_every_trial(definition, tried)


def in_our_words(found: Difference) -> str | None:
    """Return what to say in place of ``in_numbers`` where that repeats what the answer can choose freely, so that it could
    carry its inputs out: names, texts, and lengths that are as good as texts."""
    if found.kind == "strange":
        return "It returned something that is neither numbers nor text, nor a list, tuple or dict of these."
    if found.kind == "kind" and isinstance(found.got, str) and isinstance(found.expected, str):
        return "It returned another text than the one wanted."
    if found.kind == "length" and isinstance(found.expected, dict):
        return "Its keys are not the ones wanted."
    if found.kind in ("kind", "length", "shape") and not _modest(found.got):
        return "The result has another form than the one wanted."
    return None


def _modest(value) -> bool:
    """Tell whether a length or shape is one that a result may have, and no number in disguise."""
    shape = (
        value.shape if isinstance(value, np.ndarray) else (len(value),) if isinstance(value, Sized) else ()
    )
    return len(shape) <= 4 and all(n < 1000 for n in shape)


def _same_on_every_trial(definition: Definition, tried: list[Tried]) -> str:
    values = [t.got.value for t in tried]
    differ = not all(
        same_value(t.expected.value, tried[0].expected.value, definition.rtol, definition.atol) for t in tried
    )
    if len(tried) > 2 and differ and all(same_value(v, values[0], 0.0, 0.0) for v in values):
        return "It returned the same on every trial. Does it work with its arguments, or with something from outside?"
    return ""


def _returned_nothing(found) -> str:
    if found.place:
        return "That part of the result is None."
    return "It returned None. Is the `return` missing, or inside a branch that was not taken?"


def _wrong_kind(found) -> str:
    if isinstance(found.got, str) and isinstance(found.expected, str):
        return f"It returned {found.got[:60]!r}; wanted is {found.expected[:60]!r}."
    if isinstance(found.expected, dict):  # the form that observe gives a right result, not the learner's
        return f"It returned {kind_of(found.got)}, which is not the form that the exercise asks for."
    return f"It returned {kind_of(found.got)}; wanted is {kind_of(found.expected)}."


def _wrong_length(found) -> str:
    if isinstance(found.expected, dict):
        got, expected = (", ".join(sorted(map(repr, keys))) for keys in (found.got, found.expected))
        return f"The keys are {got}; wanted are {expected}."
    return f"It returned {len(found.got)} things; wanted are {len(found.expected)}."


def kind_of(value) -> str:
    """Name the kind of a piece of plain data, with its shape."""
    if value is None:
        return "None"
    if isinstance(value, str):
        return "text"
    if isinstance(value, np.ndarray):
        what = {"b": "True/False", "U": "text"}.get(value.dtype.kind, "number")
        if value.ndim == 0:
            return {"number": "a number"}.get(what, what)
        return f"an array of shape {value.shape}"
    if isinstance(value, dict):
        return "a dict"
    return f"a {type(value).__name__} of {len(value)}"


def _wrong_shape(found, trial: Trial) -> str:
    got, expected = as_array(found.got), found.expected
    start = f"The shape is {got.shape}; wanted is {expected.shape}."  # type: ignore[union-attr]
    about = _other_axis(got.shape, expected.shape, trial) or _about_shape(got.shape, expected.shape)  # type: ignore[union-attr]
    return f"{start} {about}".strip()


def _other_axis(got: tuple, expected: tuple, trial: Trial) -> str:
    """Recognise a result with one number per column of an input where one per row is due, or the other way round."""
    for array in trial.args:
        if isinstance(array, np.ndarray) and array.ndim == 2 and array.shape[0] != array.shape[1]:
            rows, columns = array.shape
            if got == (columns,) and expected == (rows,):
                return "That is one number per column; wanted is one per row: which axis did you sum over?"
            if got == (rows,) and expected == (columns,):
                return "That is one number per row; wanted is one per column: which axis did you sum over?"
    return ""


def _about_shape(got: tuple, expected: tuple) -> str:
    if got == expected[::-1]:
        return "It is transposed."
    if len(got) != len(expected) and [n for n in got if n != 1] == [n for n in expected if n != 1]:
        return (
            "An axis of length 1 is left over."
            if len(got) > len(expected)
            else "An axis of length 1 is missing."
        )
    if not expected:
        return "Wanted is one number: is a sum or a mean missing at the end?"
    if not got:
        return "You have one number. Did a sum or mean take all axes at once, or a `return` stand inside the loop?"
    if len(got) == 2 and len(expected) == 1 and got == (expected[0], expected[0]):
        return "Broadcasting made every pair: shapes (N, 1) and (N,) together give (N, N)."
    if len(got) == len(expected) - 1 and any(
        got == expected[:i] + expected[i + 1 :] for i in range(len(expected))
    ):
        return "An axis is gone: was it summed over?"
    if len(got) == len(expected) + 1 and any(expected == got[:i] + got[i + 1 :] for i in range(len(got))):
        return "There is one axis too many: is a sum or mean over it missing?"
    if len(got) == len(expected):
        axis = next(i for i, (a, b) in enumerate(zip(got, expected, strict=True)) if a != b)
        if abs(got[axis] - expected[axis]) == 1:
            return f"Axis {axis} is off by one."
    return ""


def _wrong_values(wrong: list[Tried], tried: list[Tried], shown: Tried) -> str:
    results: list = [(as_array(t.difference.got), t.difference.expected) for t in wrong]  # type: ignore[union-attr]
    if any(map(np.iscomplexobj, itertools.chain(*results))):
        return ""
    pairs = [(g.astype(float), e.astype(float)) for g, e in results]
    if all(np.isfinite(e).all() for _, e in pairs) and any(not np.isfinite(g).all() for g, _ in pairs):
        return _not_finite(wrong, pairs)
    pairs = [(g, e) for g, e in pairs if np.isfinite(e).all()]
    if not pairs:
        return ""
    counts = _all(pairs, lambda g, e: (np.mod(e, 1) == 0).all())  # of things, or places: 0 and 1 are usual
    if not counts and _all(pairs, lambda g, e: not g.any()):
        return (
            "Every value is 0, as if nothing had been done. Is the result of your work assigned and returned?"
        )
    if not counts and _all(pairs, lambda g, e: np.isin(g, (0, 1)).all()):
        return "Your values are all 0 or 1 (or True or False): is that a decision, where the number itself is due?"
    # One number is some factor times any other, and some amount off: that tells nothing.
    alone = sum(e.size for _, e in pairs) == 1
    if _all(pairs, lambda g, e: _close(g, -e)):
        return "Every value has the wrong sign."
    if about_factor := _constant_factor(wrong, pairs, alone, shown, _all_wrong(wrong, tried)):
        return about_factor
    offsets = np.concatenate([np.ravel(g - e) for g, e in pairs])
    yes_or_no = any(e.dtype.kind == "b" for _, e in results)  # "too small by 1" says nothing there
    if not yes_or_no and _close(offsets, offsets[0]) and (not alone or _close(abs(offsets[0]), 1)):
        return f"Every value is too {'large' if offsets[0] > 0 else 'small'} by {abs(offsets[0]):.4g}."
    if _all(pairs, lambda g, e: _close(g, np.trunc(e)) or _close(g, np.round(e))):
        return "Your values are the right ones cut to whole numbers: is an integer array or // involved?"
    for decimals in (1, 2, 3, 4):
        if _all(pairs, lambda g, e, d=decimals: _close(g, np.round(e, d))):
            return f"Your values are the right ones rounded to {decimals} decimals. Return them as they are."
    if _all(pairs, lambda g, e: e.ndim == 2 and e.shape[0] == e.shape[1] and _close(g, e.T)):
        return "It is transposed."
    for axis in range(min(e.ndim for _, e in pairs)):
        if _all(
            pairs, lambda g, e, a=axis: any(_close(g, np.roll(e, s, a)) for s in (1, -1)) and e.shape[a] > 1
        ):
            return f"The right values stand one place off along axis {axis}."
    if _all(pairs, lambda g, e: e.size > 1 and _close(np.sort(np.ravel(g)), np.sort(np.ravel(e)))):
        return "These are the right values in another order."
    return ""


def _not_finite(wrong, pairs) -> str:
    bad = next(i for i, (g, _) in enumerate(pairs) if not np.isfinite(g).all())
    what = "NaN" if np.isnan(pairs[bad][0]).any() else "infinite"
    return f"Values become {what} on '{wrong[bad].trial.name}', where the right ones are ordinary numbers."


def _all_wrong(wrong: list[Tried], tried: list[Tried]) -> bool:
    """Tell whether no trial with anything but zeros is right: a factor that some trials lack is no factor."""
    right = [as_array(t.expected.value) for t in tried if not t.difference]
    return not any(array is not None and array.dtype.kind in "iuf" and array.any() for array in right)


def _constant_factor(wrong, pairs, alone, shown, everywhere) -> str:
    """Recognise one constant factor per trial, and whether it is a length of the trial's input."""
    factors = []
    for got, expected in pairs:
        nonzero = np.abs(expected) > 1e-12
        if not nonzero.any():
            return ""
        factor = float(np.median(got[nonzero] / expected[nonzero]))
        if factor == 0 or _close(factor, 1) or not np.isfinite(factor) or not _close(got, factor * expected):
            return ""
        factors.append(factor)
    lengths = [
        {n for a in t.trial.args if isinstance(a, np.ndarray) for n in a.shape if n > 1} for t in wrong
    ]
    if len(lengths) == len(factors):
        here = factors[next((i for i, t in enumerate(wrong) if t is shown), 0)]
        if all(any(_close(f, n) for n in ns) for f, ns in zip(factors, lengths, strict=True)):
            return f"It is too large by a factor of {here:.4g}, a length of the input: a sum where a mean is due?"
        if all(any(_close(f, 1 / n) for n in ns) for f, ns in zip(factors, lengths, strict=True)):
            return f"It is too small by a factor of {1 / here:.4g}, a length of the input: one mean too many?"
    if alone or not everywhere or not _close(np.array(factors), factors[0]):
        return ""
    return f"Every value is {factors[0]:.4g} times what it should be."


def _all(pairs, test) -> bool:
    return all(np.shape(g) == np.shape(e) and test(g, e) for g, e in pairs)


def _close(one, other) -> bool:
    return bool(np.allclose(one, other, rtol=1e-6, atol=1e-10))
