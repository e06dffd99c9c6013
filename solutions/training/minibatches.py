"""Cut a shuffled pass over the data into mini-batches."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 10, 3, 2
HINTS = (
    "First the order: all row numbers from 0 to n - 1, once each, shuffled. Then cut it into pieces of `size`. Where does "
    "each piece start?",
    "`rng.permutation(n)` is the order. The pieces start at 0, size, 2 * size, ...: that is `range(0, n, size)`, and a slice "
    "past the end is short by itself.",
    "order = rng.permutation(n); return [order[i : i + size] for i in range(0, n, size)]",
)


def minibatches(rng, n, size):
    order = rng.permutation(n)  # new each time
    return [order[start : start + size] for start in range(0, n, size)]


def observe(answer, seed, n, size):
    rng = np.random.default_rng(seed)
    found, second = answer(rng, n, size), answer(rng, n, size)
    again = answer(np.random.default_rng(seed), n, size)
    other = answer(np.random.default_rng(seed + 1), n, size)
    if type(found) not in (list, tuple):
        return found
    if any(type(batch) not in (list, tuple, np.ndarray) for batch in found):
        return found
    if any(np.asarray(batch).ndim != 1 for batch in found):
        return found
    joined, later, repeated, others = (
        np.concatenate([np.asarray(batch) for batch in batches]) if len(batches) else np.array([], dtype=int)
        for batches in (found, second, again, other)
    )
    result = {
        "sizes of the batches": [len(batch) for batch in found],
        "row numbers are whole numbers": joined.dtype.kind in "iu",
        "each row comes once": sorted(joined.tolist()) == list(range(n)),
    }
    if (
        n >= 20 and size < n
    ):  # with fewer rows chance may give the same order; in one batch the order doesn't matter
        result["same generator, same batches"] = np.array_equal(joined, repeated)
        result["rows are shuffled"] = joined.tolist() != list(range(n))
        result["the next call has another order"] = not np.array_equal(joined, later)
        result["another generator, another order"] = not np.array_equal(joined, others)
    if n >= 100:
        spans = [int(np.max(batch) - np.min(batch)) if len(batch) else 0 for batch in found[:-1]]
        result["batches mix rows from far apart"] = min(spans, default=n) > 2 * size
    return result


def trials(rng):
    yield "six rows, batches of two", int(rng.integers(1000)), 6, 2
    yield "seven rows, batches of three", int(rng.integers(1000)), 7, 3
    yield "twenty rows in one batch", int(rng.integers(1000)), 20, 20
    yield "a batch larger than the data", int(rng.integers(1000)), 5, 8
    yield "one row a batch", int(rng.integers(1000)), 21, 1
    yield "120 rows, batches of ten", int(rng.integers(1000)), 120, 10
    yield "100 rows, batches of 32", int(rng.integers(1000)), 100, 32
    yield "a single row", int(rng.integers(1000)), 1, 4


@wrong("The last, short batch is missing, so some rows are never seen in this pass. Keep it, short as it is.")
def drops_the_last(rng, n, size):
    return [batch for batch in minibatches(rng, n, size) if len(batch) == size]


@wrong("The rows come in their old order. On sorted data that was the failure above: shuffle first.")
def forgets_to_shuffle(rng, n, size):
    order = np.arange(n)
    return [order[start : start + size] for start in range(0, n, size)]


@wrong(
    "Each batch is drawn anew from all rows, so in one pass some rows come twice and others never. Shuffle once, then cut."
)
def draws_each_batch_anew(rng, n, size):
    return [rng.integers(0, n, size=min(size, n - start)) for start in range(0, n, size)]


@wrong(
    "In each batch no row comes twice, but each is drawn anew from *all* rows, so in one pass some come twice and others never. "
    "Shuffle once, then cut."
)
def chooses_for_each_batch(rng, n, size):
    return [rng.choice(n, size=min(size, n - start), replace=False) for start in range(0, n, size)]


@wrong("The last batch was filled up with rows that had their turn. Leave it short.")
def fills_up_the_last(rng, n, size):
    order = rng.permutation(n)
    order = np.concatenate([order, np.resize(order, -n % size)])
    return [order[start : start + size] for start in range(0, n, size)]


@wrong("The short batch comes first. It is what is left over at the end.")
def short_one_first(rng, n, size):
    order = rng.permutation(n)
    cuts = list(range(n % size, n, size)) if n > size else []
    return [part for part in np.split(order, cuts) if len(part)]


@wrong(
    "`rng.shuffle` shuffles its argument in place and returns None. Keep the array that you gave it, or use `rng.permutation`."
)
def keeps_what_shuffle_returns(rng, n, size):
    order = rng.shuffle(np.arange(n))
    return [order[start : start + size] for start in range(0, n, size)]


@wrong(
    "The batches come in a random order, but in each one old neighbours still sit together: sorted data would give batches "
    "of one class. Shuffle the rows."
)
def shuffles_the_batches(rng, n, size):
    order = np.arange(n)
    batches = [order[start : start + size] for start in range(0, n, size)]
    return [batches[i] for i in rng.permutation(len(batches))]


@wrong(
    "You cut first and shuffle inside each piece: a batch still holds old neighbours only. Shuffle all rows, then cut."
)
def shuffles_inside(rng, n, size):
    return [start + rng.permutation(min(size, n - start)) for start in range(0, n, size)]


@wrong(
    "Every call gives the same order. It has to come from `rng`, which moves on by itself from call to call; a seed of your "
    "own starts again each time."
)
def own_seed(rng, n, size):
    return minibatches(np.random.default_rng(0), n, size)


@wrong(
    "Nobody can repeat your run: the same generator gives other batches. Draw from the `rng` that you are given."
)
def unseeded(rng, n, size):
    return minibatches(np.random.default_rng(), n, size)


@wrong(
    "The batches are of nearly equal size. Wanted are full ones, and what is left over in a last, shorter one: the rate was "
    "chosen for `size`."
)
def evens_them_out(rng, n, size):
    return np.array_split(rng.permutation(n), -(-n // size))


@wrong(
    "`size` is the number of rows in a batch, not the number of batches. With seven rows and size 3 there are three batches: "
    "3, 3 and 1."
)
def size_batches(rng, n, size):
    return np.array_split(rng.permutation(n), min(size, n))


@wrong("There is an empty batch at the end when size divides n. A mean over no rows is NaN.")
def one_too_many(rng, n, size):
    order = rng.permutation(n)
    return [order[i * size : (i + 1) * size] for i in range(n // size + 1)]


@wrong("Rows are numbered from 0: yours run from 1 to n. Row n doesn't exist, and row 0 is never seen.")
def counts_from_one(rng, n, size):
    order = rng.permutation(n) + 1
    return [order[start : start + size] for start in range(0, n, size)]


@wrong(
    "The batches overlap: each starts one row after the last one. The next starts where the last one ended."
)
def slides_along(rng, n, size):
    order = rng.permutation(n)
    return [order[start : start + size] for start in range(max(n - size + 1, 1))]


@wrong("That is the order, not yet cut: a list of single rows. Each batch is an array of `size` row numbers.")
def not_cut(rng, n, size):
    return [np.array([row]) for row in rng.permutation(n)]


@wrong("Only the first batch comes back. A `return` inside the loop ends it.")
def first_only(rng, n, size):
    return minibatches(rng, n, size)[:1]


@wrong(
    "That is one batch, the first. Wanted is a list of all of them: one slice for each place where a batch starts."
)
def one_bare_batch(rng, n, size):
    return rng.permutation(n)[0:size]


@wrong("The last rows are missing: your starts end too early. `range(0, n, size)` goes on until n.")
def stops_too_early(rng, n, size):
    order = rng.permutation(n)
    return [order[start : start + size] for start in range(0, n - size, size)]


@wrong(
    "The row numbers are floats, and an array can't be indexed by floats. `rng.permutation(n)` and `np.arange(n)` give whole numbers."
)
def numbers_rows_in_floats(rng, n, size):
    return [1.0 * batch for batch in minibatches(rng, n, size)]


@wrong(
    "Full batches only, and each drawn anew from all rows: some come twice, others never, and what is left over is missing. "
    "Shuffle once, then cut."
)
def draws_full_batches_anew(rng, n, size):
    return [rng.integers(0, n, size=size) for _ in range(n // size)]


@wrong(
    "`n // size` counts full batches only, and the rows that are left over went into them. They get a last, shorter batch of their own."
)
def splits_what_is_left_over(rng, n, size):
    return np.array_split(rng.permutation(n), max(1, n // size))


@wrong("The last batch was filled up with rows from the beginning, which had their turn. Leave it short.")
def fills_up_from_the_start(rng, n, size):
    order = rng.permutation(n)
    order = np.concatenate([order, order[: -n % size]])
    return [order[start : start + size] for start in range(0, n, size)]
