"""Measure slopes by nudging, and say how far claimed ones are off."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 18, 4, 3
HINTS = (
    "For one entry of x: how does f change if this entry alone is a little larger, and a little smaller? That gives n for the entry. "
    "What do you do for an array of any shape, and how do you leave x as it was?",
    "Begin with `x.astype(float)`, which is a copy. For each place of np.ndindex(x.shape): keep the old number, put in old + h and "
    "call f, put in old - h and call f, put the old one back. The error of that place is |a - n| over the larger of 1e-8 and |a| + |n|.",
    "n = (above - below) / (2 * h); errors.append(abs(a - n) / max(1e-8, abs(a) + abs(n))). At the end np.max(errors): Python's "
    "own max loses a nan, as no comparison with nan is true, and a slope of nan is not a right one.",
)


def grad_check(f, x, df, h=1e-5):
    x = x.astype(float)  # a copy: the caller's x stays as it is
    errors = []
    for place in np.ndindex(x.shape):
        a, old = df[place], x[place]
        x[place] = old + h
        above = f(x)
        x[place] = old - h
        below = f(x)
        x[place] = old
        n = (above - below) / (2 * h)
        errors.append(abs(a - n) / max(1e-8, abs(a) + abs(n)))
    return np.max(errors)  # nan if one of them is: Python's max would lose it


def observe(answer, function, x, df, h, judged, layer):
    def f(v):
        if np.shape(v) != x.shape:
            raise ValueError(f"f wants an array of x's shape {x.shape}, and was given {np.shape(v)}")
        if function in ("x", "w", "b"):  # a layer as in the lesson, as a function of one of its parts
            parts = {**layer, function: v}
            scores = parts["x"] @ parts["w"] + parts["b"]
            return np.sum(np.maximum(scores, 0) * parts["upstream"])
        if function == "v[0] * v[1]":
            return v[0] * v[1]
        if function == "v[1] ** 2":
            return v[1] ** 2
        if function == "sum of v ** 3":
            return np.sum(v**3)
        return np.sum(np.sin(v)) + v.flat[0] * v.flat[-1]

    with np.errstate(all="ignore"):
        error = answer(f, x, df, h)
    if judged == "below 1e-6":
        return {"below 1e-6": bool(np.all((np.asarray(error) >= 0) & (np.asarray(error) < 1e-6)))}
    return {"error": error}


def trials(rng):
    def slopes(v):  # of the sum of sin(v), plus the first times the last
        df = np.cos(v)
        df.flat[0] += v.flat[-1]
        df.flat[-1] += v.flat[0]
        return df

    value, below = "the error", "below 1e-6"
    yield (
        "a product you can do by hand",
        "v[0] * v[1]",
        *map(np.array, ([3.0, 5.0], [5.0, 2.0])),
        1e-5,
        value,
        {},
    )
    x = rng.uniform(0.5, 1, size=(3, 4))
    yield "right slopes of a table", "sum of sin(v), plus first times last", x, slopes(x), 1e-5, below, {}
    x = rng.uniform(0.5, 1, size=(4, 5))
    off = slopes(x)
    off[2, 1] *= 1.01
    yield "one slope in twenty off by 1%", "sum of sin(v), plus first times last", x, off, 1e-5, value, {}
    x = rng.uniform(1, 2, size=(2, 3))
    yield "a coarse nudge of 0.1", "sum of v ** 3", x, 3 * x**2, 0.1, value, {}
    yield (
        "a slope of a billionth claimed for 0",
        "v[1] ** 2",
        *map(np.array, ([1.0, 2.0], [1e-9, 4.0])),
        1e-5,
        value,
        {},
    )
    yield (
        "a slope of 0, and 0 claimed",
        "v[1] ** 2",
        *map(np.array, ([1.0, 2.0], [0.0, 4.0])),
        1e-5,
        below,
        {},
    )
    x = np.array([2, 3])
    yield (
        "x of whole numbers, slopes 10% too large",
        "sum of sin(v), plus first times last",
        x,
        1.1 * slopes(x),
        1e-5,
        value,
        {},
    )
    x = rng.uniform(0.5, 1, size=(2, 2, 3))
    yield "right slopes of three axes", "sum of sin(v), plus first times last", x, slopes(x), 1e-5, below, {}
    yield (
        "every slope with the wrong sign",
        "sum of sin(v), plus first times last",
        x,
        -slopes(x),
        1e-5,
        value,
        {},
    )

    x = rng.uniform(0.5, 1, size=(2, 3))
    one_nan, one_inf = slopes(x), slopes(x)
    one_nan[0, 2], one_inf[1, 1] = np.nan, np.inf
    yield "one slope of nan", "sum of sin(v), plus first times last", x, one_nan, 1e-5, below, {}
    yield "one slope of infinity", "sum of sin(v), plus first times last", x, one_inf, 1e-5, below, {}
    yield (
        "all slopes nan",
        "sum of sin(v), plus first times last",
        x,
        np.full(x.shape, np.nan),
        1e-5,
        below,
        {},
    )

    near = True
    while near:  # of a kink, or of a slope so small that it can't be measured well
        z, w, b, up = (rng.normal(size=size) for size in ((4, 3), (3, 3), 3, (4, 3)))
        scores = z @ w + b  # (4, 3)
        on, ds = scores > 0, up * (scores > 0)
        near = min(np.abs(scores).min(), np.abs(z.T @ ds).min()) < 0.01
        near |= bool(on.all(axis=0).any() or (~on).all(axis=0).any())  # each neuron both on and off
    layer = {"x": z, "w": w, "b": b, "upstream": up}
    without_the_last = z.T @ ds
    without_the_last[:, -1] = 0
    yield "the right layer", "w", w, z.T @ ds, 1e-5, below, layer
    yield "faulty layer: no bend on the way back", "b", b, up.sum(axis=0), 1e-5, value, layer
    yield "faulty layer: upstream ignored", "w", w, z.T @ on, 1e-5, value, layer
    yield "faulty layer: averages again", "w", w, z.T @ ds / 4, 1e-5, value, layer
    yield "faulty layer: weights not turned over", "x", z, ds @ w, 1e-5, value, layer
    yield "faulty layer: no slopes for the last class", "w", w, without_the_last, 1e-5, value, layer


def _measured(f, x, h):
    x, n = x.astype(float), np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        old = x[place]
        x[place] = old + h
        above = f(x)
        x[place] = old - h
        n[place] = (above - f(x)) / (2 * h)
        x[place] = old
    return n


def _errors(a, n):
    return np.abs(a - n) / np.maximum(1e-8, np.abs(a) + np.abs(n))


def _largest(errors):
    """Take the largest as a loop would: many a program with another fault loses nan too, and is told of the other first."""
    return max([0.0, *errors.flat])


@wrong(
    "A slope of nan was acquitted: max(0.0, nan) is 0.0, as no comparison with nan is true. Keep all errors in a list, and take "
    "`np.max` of it, which hands a nan on."
)
def loses_nan(f, x, df, h=1e-5):
    return _largest(_errors(df, _measured(f, x, h)))


@wrong(
    "You nudged one way only. Its error shrinks with h, that of a centred one with h * h, so right slopes look wrong at this "
    "bound. Nudge both ways, and divide by the whole distance between."
)
def nudges_one_way(f, x, df, h=1e-5):
    x, n = x.astype(float), np.zeros(x.shape)
    here = f(x)
    for place in np.ndindex(x.shape):
        old = x[place]
        x[place] = old + h
        n[place] = (f(x) - here) / h
        x[place] = old
    return _largest(_errors(df, n))


@wrong(
    "Your measured slopes are twice too large. From x - h to x + h is a way of 2 * h; mind the brackets: `/ 2 * h` is something else."
)
def forgets_the_two(f, x, df, h=1e-5):
    return _largest(_errors(df, 2 * _measured(f, x, h)))


@wrong("`/ 2 * h` divides by 2 and then *multiplies* by h. Put brackets round `2 * h`.")
def brackets_missing(f, x, df, h=1e-5):
    return _largest(_errors(df, _measured(f, x, h) * h * h))


@wrong(
    "That is the difference itself. 0.001 is nothing for a slope of 1000 and everything for one of 0.001: divide by the size, "
    "abs(a) + abs(n)."
)
def absolute_error(f, x, df, h=1e-5):
    return _largest(np.abs(df - _measured(f, x, h)))


@wrong("You divided by the claimed slope alone. Wanted is abs(a) + abs(n), which treats both sides alike.")
def divides_by_the_claimed(f, x, df, h=1e-5):
    n = _measured(f, x, h)
    return _largest(np.abs(df - n) / np.maximum(1e-8, np.abs(df)))


@wrong(
    "You divided by the larger of both slopes. That is a good measure too; the one asked for is their sum."
)
def divides_by_the_larger(f, x, df, h=1e-5):
    n = _measured(f, x, h)
    return _largest(np.abs(df - n) / np.maximum(1e-8, np.maximum(np.abs(df), np.abs(n))))


@wrong("These are mean errors. One wrong slope among a thousand would vanish in a mean: take the largest.")
def averages_the_errors(f, x, df, h=1e-5):
    return np.mean(_errors(df, _measured(f, x, h)))


@wrong(
    "You compared whole arrays by their lengths. A wrong entry hides behind large right ones: compare entry by entry, and take "
    "the largest."
)
def compares_lengths(f, x, df, h=1e-5):
    n = _measured(f, x, h)
    return np.linalg.norm(df - n) / max(1e-8, np.linalg.norm(df) + np.linalg.norm(n))


@wrong(
    "Without abs around the difference, a slope that is claimed too small gives a number below 0, and that is never the largest."
)
def loses_the_sign(f, x, df, h=1e-5):
    n = _measured(f, x, h)
    return np.max((df - n) / np.maximum(1e-8, np.abs(df) + np.abs(n)))


@wrong("You compared sizes only. A slope of the right size with the wrong sign leads uphill: abs(a - n).")
def compares_sizes(f, x, df, h=1e-5):
    n = _measured(f, x, h)
    return _largest(_errors(np.abs(df), np.abs(n)))


@wrong(
    "abs(a + n) under the line is 0 when two slopes of equal size point opposite ways. Each abs alone: abs(a) + abs(n)."
)
def takes_the_abs_of_the_sum(f, x, df, h=1e-5):
    n = _measured(f, x, h)
    return _largest(np.abs(df - n) / np.maximum(1e-8, np.abs(df + n)))


@wrong("The nudge was 1e-5 whatever `h` said. Use the h that is handed in.")
def ignores_h(f, x, df, h=1e-5):
    return _largest(_errors(df, _measured(f, x, 1e-5)))


@wrong(
    "Where both slopes are 0 you divide 0 by 0, and where one is a rounding error everything looks wrong. That is what the 1e-8 "
    "is for: max(1e-8, ...)."
)
def divides_without_a_floor(f, x, df, h=1e-5):
    n = _measured(f, x, h)
    return np.max(np.abs(df - n) / (np.abs(df) + np.abs(n)))


@wrong("You *added* the 1e-8. Wanted is the larger of the two, max(1e-8, abs(a) + abs(n)).")
def adds_the_floor(f, x, df, h=1e-5):
    n = _measured(f, x, h)
    return _largest(np.abs(df - n) / (1e-8 + np.abs(df) + np.abs(n)))


@wrong(
    "All entries were nudged at once, so their slopes are added up into one. Nudge one entry at a time, and leave the others."
)
def nudges_all_at_once(f, x, df, h=1e-5):
    x = x.astype(float)
    return _largest(_errors(df, (f(x + h) - f(x - h)) / (2 * h)))


@wrong(
    "A whole row was nudged at once: `range(len(x))` counts rows. `np.ndindex(x.shape)` gives every single place, for any "
    "number of axes."
)
def nudges_whole_rows(f, x, df, h=1e-5):
    x, n = x.astype(float), np.zeros(x.shape)
    for i in range(len(x)):
        old = x[i].copy()
        x[i] = old + h
        above = f(x)
        x[i] = old - h
        n[i] = (above - f(x)) / (2 * h)
        x[i] = old
    return _largest(_errors(df, n))


@wrong(
    "x comes back changed, if only in its last digits: + h, - 2h, + h does not give quite the old number. Work on a copy, and "
    "put the *old number* back."
)
def moves_x_back_by_adding(f, x, df, h=1e-5):
    n = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        x[place] += h
        above = f(x)
        x[place] -= 2 * h
        n[place] = (above - f(x)) / (2 * h)
        x[place] += h
    return _largest(_errors(df, n))


@wrong(
    "Entries that were nudged stay nudged, so later slopes are measured at another point. Put the old number back."
)
def leaves_entries_nudged(f, x, df, h=1e-5):
    x, n = x.astype(float), np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        x[place] += h
        above = f(x)
        x[place] -= 2 * h
        n[place] = (above - f(x)) / (2 * h)
    return _largest(_errors(df, n))


@wrong(
    "A nudge of 1e-5 put into an array of whole numbers is cut off: nothing moves, or a whole step does. "
    "Begin with `x.astype(float)`."
)
def nudges_whole_numbers(f, x, df, h=1e-5):
    x, n = x.copy(), np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        old = x[place]
        x[place] = old + h
        above = f(x)
        x[place] = old - h
        n[place] = (above - f(x)) / (2 * h)
        x[place] = old
    return _largest(_errors(df, n))


@wrong("That is the error of the last entry. Keep the largest: worst = max(worst, ...).")
def keeps_the_last_error(f, x, df, h=1e-5):
    return _errors(df, _measured(f, x, h)).flat[-1]


@wrong("Only the first entry of each array was checked. Every entry has its turn.")
def checks_the_first_only(f, x, df, h=1e-5):
    return _errors(df, _measured(f, x, h)).flat[0]


@wrong(
    "The errors were added up. A thousand tiny ones would look like a wrong slope, and a number without a bound says little: "
    "take the largest."
)
def adds_up_the_errors(f, x, df, h=1e-5):
    return np.sum(_errors(df, _measured(f, x, h)))


@wrong(
    "The measured slopes were put into an array of whole numbers, made by `zeros_like(x)`: everything behind the point is cut "
    "off. `np.zeros(x.shape)` holds floats."
)
def measures_into_whole_numbers(f, x, df, h=1e-5):
    return _largest(_errors(df, _measured(f, x, h).astype(x.dtype)))


@wrong(
    "`y = x` is no copy: both names mean one array, so up and down land in the same place, and f(y) - f(z) is 0. "
    "`x.astype(float)` or `x.copy()` makes a new one."
)
def takes_a_name_for_a_copy(f, x, df, h=1e-5):
    n = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        x[place] += h
        x[place] -= h
    return _largest(_errors(df, n))


@wrong(
    "float32 has seven digits: after a nudge of 1e-5 nearly all of them are rounding. Measure in float64, which is what `float` means."
)
def measures_in_float32(f, x, df, h=1e-5):
    n = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        up, down = x.astype(np.float32), x.astype(np.float32)
        up[place] += h
        down[place] -= h
        n[place] = (f(up) - f(down)) / (2 * h)
    return _largest(_errors(df, n))


@wrong(
    "You nudged by a share of the entry, so an entry of 0 never moves. Add h itself, and take h itself away."
)
def nudges_by_a_share(f, x, df, h=1e-5):
    x, n = x.astype(float), np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        old = x[place]
        x[place] = old * (1 + h)
        above = f(x)
        x[place] = old * (1 - h)
        n[place] = (above - f(x)) / (2 * h)
        x[place] = old
    return _largest(_errors(df, n))


@wrong("You nudged by half of h each way. Right slopes pass, but the nudge is h: from x - h to x + h.")
def nudges_by_half(f, x, df, h=1e-5):
    return _largest(_errors(df, _measured(f, x, h / 2)))


@wrong(
    "Without abs around the difference, a slope that is claimed too small gives a number below 0, and that never beats the 0 "
    "you begin with: abs(a - n)."
)
def loses_the_sign_from_nought(f, x, df, h=1e-5):
    n = _measured(f, x, h)
    return _largest((df - n) / np.maximum(1e-8, np.abs(df) + np.abs(n)))


@wrong(
    "The floor is missing: where the slope is 0, a claim of a billionth looks wholly wrong, and 0 / 0 is nan. That is what the 1e-8 is "
    "for: max(1e-8, ...). And take `np.max` of all errors: Python's own max loses a nan."
)
def no_floor_and_loses_nan(f, x, df, h=1e-5):
    n = _measured(f, x, h)
    return _largest(np.abs(df - n) / (np.abs(df) + np.abs(n)))


@wrong("You divided by the measured slope alone. Wanted is abs(a) + abs(n), which treats both sides alike.")
def divides_by_the_measured(f, x, df, h=1e-5):
    n = _measured(f, x, h)
    return _largest(np.abs(df - n) / np.maximum(1e-8, np.abs(n)))


@wrong(
    "The largest difference was divided by the largest size, and they need not belong together: a wrong small slope hides behind a "
    "right large one. Divide entry by entry, then take the largest."
)
def largest_over_largest(f, x, df, h=1e-5):
    n = _measured(f, x, h)
    return np.max(np.abs(df - n)) / max(1e-8, np.max(np.abs(df) + np.abs(n)))


@wrong("Those are all errors. Wanted is one number: the largest of them.")
def returns_all_errors(f, x, df, h=1e-5):
    return _errors(df, _measured(f, x, h))


@wrong("That is a verdict, right or not. Wanted is the largest error, a number: whoever calls compares it.")
def returns_a_verdict(f, x, df, h=1e-5):
    return bool(_largest(_errors(df, _measured(f, x, h))) < 1e-6)


@wrong("You took the *smallest* error, and one right slope acquits all the others. Take the largest.")
def takes_the_smallest(f, x, df, h=1e-5):
    return min([1.0, *_errors(df, _measured(f, x, h)).flat])


@wrong("Divided by the *mean* of both sizes: twice too large. Wanted is the sum, abs(a) + abs(n).")
def divides_by_the_mean(f, x, df, h=1e-5):
    return 2 * _largest(_errors(df, _measured(f, x, h)))


@wrong(
    "The search for the largest begins at 1, and no error is larger than that. Begin at 0, or collect all and take np.max."
)
def begins_at_one(f, x, df, h=1e-5):
    return max([1.0, *_errors(df, _measured(f, x, h)).flat])


@wrong(
    "Two loops count on two axes. x may have one, or three: `for place in np.ndindex(x.shape)` visits every place of any array."
)
def counts_on_two_axes(f, x, df, h=1e-5):
    x, worst = x.astype(float), 0.0
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            old = x[i, j].copy()
            x[i, j] = old + h
            above = f(x)
            x[i, j] = old - h
            below = f(x)
            x[i, j] = old
            a, n = df[i, j], (above - below) / (2 * h)
            worst = max(worst, abs(a - n) / max(1e-8, abs(a) + abs(n)))
    return worst
