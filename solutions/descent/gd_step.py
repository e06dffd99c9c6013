"""Move every parameter one step downhill."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 6, 2, 2
HINTS = (
    "The two lists belong together pair by pair: the first gradient moves the first array. What in Python walks "
    "through two lists at once?",
    "A slope says which way is up. The step goes the other way, and the rate says how much of the slope to take.",
    "p - rate * g makes a new array; p -= rate * g writes into the old one. Collect the new ones in a list, "
    "for p, g in zip(params, grads).",
)


def gd_step(params, grads, rate):
    return [param - rate * grad for param, grad in zip(params, grads, strict=True)]


def trials(rng):
    yield "one weight you can do by hand", [np.array([1.0])], [np.array([4.0])], 0.25
    yield "a weight vector and a bias", [rng.normal(size=3), rng.normal(size=1)], [*_draw(rng, 3, 1)], 0.1
    yield (
        "four arrays of four shapes",
        [*_draw(rng, (4, 3), (3,), (3, 2), (2,))],
        [*_draw(rng, (4, 3), (3,), (3, 2), (2,))],
        0.03,
    )
    yield (
        "a gradient of zeros",
        [rng.normal(size=2), rng.normal(size=2)],
        [np.zeros(2), rng.normal(size=2)],
        0.5,
    )
    yield "a steep place", [rng.normal(size=2)], [np.array([300.0, -80.0])], 0.01
    yield "a rate of zero", [*_draw(rng, 2, 3)], [*_draw(rng, 2, 3)], 0.0


def _draw(rng, *shapes):
    for shape in shapes:
        yield rng.normal(size=shape)


def observe(answer, params, grads, rate):
    """Return the new arrays; in place of one that lives in an old one's memory, say so."""
    given = list(params)  # the answer may put other arrays into params
    new = answer(params, grads, rate)
    if not isinstance(new, list | tuple) or len(new) != len(given):
        return new
    old = [
        isinstance(a, np.ndarray) and bool(np.shares_memory(a, p)) for a, p in zip(new, given, strict=True)
    ]
    return ["the old array itself" if was_old else a for a, was_old in zip(new, old, strict=True)]


@wrong(
    "The right numbers, written over the old ones: `p -= ...` changes the array that you were given, even when the "
    "list is a copy. Whoever still needs the old weights has lost them. Make new arrays."
)
def changes_inputs(params, grads, rate):
    new = list(params)
    for i in range(len(new)):
        new[i] -= rate * grads[i]
    return new


@wrong("You went up. The gradient points to where the loss grows: subtract.")
def climbs(params, grads, rate):
    return [param + rate * grad for param, grad in zip(params, grads, strict=True)]


@wrong("You subtracted the whole gradient. How long the step is, the rate decides: multiply by it.")
def forgets_rate(params, grads, rate):
    return [param - grad for param, grad in zip(params, grads, strict=True)]


@wrong("Only the first array moved, the others stayed where they were. Every parameter takes its step.")
def updates_first_only(params, grads, rate):
    return [params[0] - rate * grads[0], *(param.copy() for param in params[1:])]


@wrong("That is the step itself, -rate * gradient. Add it to where you were.")
def returns_the_step(params, grads, rate):
    return [-rate * grad for grad in grads]


@wrong(
    "Every number moved by exactly the rate: you kept only the gradient's sign. The step is the rate *times* the "
    "slope, so it is long where the ground is steep and short where it is flat."
)
def steps_of_one_length(params, grads, rate):
    return [param - rate * np.sign(grad) for param, grad in zip(params, grads, strict=True)]


@wrong(
    "Where the gradient is zero you handed back the old array itself. The numbers agree today, but the next person "
    "to write into the new array changes the old one too. Make a new array every time."
)
def hands_back_the_old_array(params, grads, rate):
    return [p - rate * g if np.any(g) else p for p, g in zip(params, grads, strict=True)]


@wrong("You return one array, the first. Is the `return` inside your loop? Then it ends after one turn.")
def returns_after_the_first(params, grads, rate):
    return [params[0] - rate * grads[0]]


@wrong(
    "Nothing moved. `p = p - ...` makes a new array and a new meaning for the name p, but the list still holds the "
    "old one. Collect the new arrays in a list of their own."
)
def leaves_the_list_as_it_was(params, grads, rate):
    return params


@wrong("That is what should be subtracted, rate * gradient. Subtract it from where you were.")
def returns_what_to_subtract(params, grads, rate):
    return [rate * grad for grad in grads]


@wrong(
    "Your arrays are new, but you put them into the list that you were given, so the caller's list no longer holds the old "
    "ones. Collect them in a list of your own."
)
def writes_into_the_list(params, grads, rate):
    for i in range(len(params)):
        params[i] = params[i] - rate * grads[i]
    return params
