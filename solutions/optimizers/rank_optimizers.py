"""Rank optimizers from a table of losses, and say which differences can be believed."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 15, 4, 4
HINTS = (
    "Three questions, one after the other. Which rate does each optimizer like best, over all seeds? How do they rank at those "
    "rates? And for each two neighbours: on how many seeds, and by how much, is the better one ahead?",
    "Means over the last axis are nan wherever a seed blew up; put np.inf there, and argmin along axis 1 finds the rates. "
    "Take out each optimizer's own rate, (O, S), and argsort its means. Neighbours shared their seeds: subtract seed by seed.",
    "own = losses[np.arange(len(losses)), rates]; order = np.argsort(own.mean(axis=1)); gaps = own[order[1:]] - "
    "own[order[:-1]]; clear where gaps.mean(axis=1) > 3 * gaps.std(axis=1, ddof=1) / np.sqrt(S).",
)


def rank_optimizers(losses):
    means = losses.mean(axis=2)  # (O, R), nan where a seed blew up
    rates = np.where(np.isnan(means), np.inf, means).argmin(axis=1)  # (O,)
    own = losses[np.arange(len(losses)), rates]  # (O, S), each at its own best rate
    order = np.argsort(own.mean(axis=1))
    gaps = own[order[1:]] - own[order[:-1]]  # (O - 1, S), seed by seed
    error = gaps.std(axis=1, ddof=1) / np.sqrt(gaps.shape[1])
    clear = gaps.mean(axis=1) > 3 * error
    return rates, order, clear


def trials(rng):
    yield (
        "by hand: two optimizers, one rate, two seeds",
        np.array([[[0.6, 0.8]], [[0.2, 0.3]]]),
    )
    yield "clear for three, over five seeds", _table(rng, [0.9, 0.2, 0.5], 4, 5, 0.01, 0.01)
    yield "the seeds differ more than the optimizers", _table(rng, [0.30, 0.27, 0.33, 0.24], 3, 5, 0.4, 0.004)
    gaps = _with_gaps([0.3, 0.36, 0.365, 1.3], [0.0, 6.0, 1.0, 6.0], 5)  # in standard errors
    yield "two gaps to believe and one not", _among_worse_rates(rng, gaps)[[1, 0, 3, 2]]
    table = _table(rng, [0.5, 0.3, 0.4], 3, 4, 0.02, 0.01)
    table[1, 2, 3] = np.nan  # the rate looked best until a seed blew up
    table[1, 2, :3] = 0.01
    table[0, table[0].sum(axis=1).argmax()] = np.nan
    table[2, table[2].sum(axis=1).argmax(), 0] = 6.0
    yield "some runs blew up", table
    lucky = _table(rng, [0.5, 0.45], 3, 5, 0.02, 0.01)
    lucky[0, 0] = [0.05, 1.4, 1.5, 1.6, 1.5]  # the best single run, and a poor rate
    yield "one lucky seed", lucky
    close = _with_gaps([0.4, 0.5], [0.0, 3.2], 4)
    yield "just beyond 3 standard errors", close[:, None]
    close = _with_gaps([0.4, 0.5], [0.0, 2.8], 4)
    yield "just short of 3 standard errors", close[:, None]
    close = _with_gaps([0.4, 0.5], [0.0, 2.3], 5)
    yield "a little more than 2 standard errors", close[:, None]
    close = _with_gaps([0.4, 0.5, 0.55], [0.0, 2.45, 1.75], 4)
    yield "ahead on every seed, by fewer than 3 standard errors", close[:, None]
    skewed = np.array(
        [[0.1, 0.12, 0.11, 0.09, 0.98], [0.2, 0.24, 0.21, 0.22, 0.18], [0.5, 0.6, 0.7, 0.55, 0.4]]
    )
    table = _among_worse_rates(rng, skewed)
    table[2, table[2].sum(axis=1).argmax()] = [0.05, 1.9, 0.06, 1.8, 0.04]  # best in the median alone
    yield "one seed far from the others", table
    table = _table(rng, [0.4, 0.3], 3, 50, 0.02, 0.01)
    worst = int(table[0].sum(axis=1).argmax())
    table[0, worst] = 0.001
    table[0, worst, 20] = np.nan
    table[1, table[1].sum(axis=1).argmax(), 3] = np.nan
    yield "one run of fifty blew up", table
    table = _table(rng, [0.3, 0.3, 0.8], 3, 5, 0.02, 0.01)
    table[1] = table[0]
    yield "two that are the same", table
    yield "as many optimizers as rates and seeds", _table(rng, [0.7, 0.9, 0.3], 3, 3, 0.2, 0.02)


def _table(rng, levels, rates, seeds, of_seeds, of_runs):
    """Losses (O, R, S): a level for each optimizer at its best rate, luck that a seed brings to all, and luck of each run."""
    own = np.array(levels)[:, None] + of_runs * rng.normal(size=(len(levels), seeds))
    return _among_worse_rates(rng, own + of_seeds * np.abs(rng.normal(size=seeds)), rates)


def _among_worse_rates(rng, own, rates=3):
    worse = (
        own[:, None]
        + rng.uniform(0.2, 0.9, size=(len(own), rates, 1))
        + 0.02 * rng.normal(size=(1, rates, own.shape[1]))
    )
    for optimizer in worse:
        optimizer[rng.integers(rates)] = 0
    return np.where(worse == 0, own[:, None], worse)


def _with_gaps(levels, errors, seeds):
    """Losses (O, S) whose neighbours differ by so many standard errors, seed by seed."""
    pattern = np.linspace(-1, 1, seeds)
    pattern = pattern / (pattern.std(ddof=1) / np.sqrt(seeds))  # a standard error of 1
    own = [np.full(seeds, levels[0]) + 0.02 * np.cos(np.arange(seeds))]
    for low, high, wanted in zip(levels[:-1], levels[1:], errors[1:], strict=True):
        own.append(own[-1] + (high - low) * (1 + pattern / wanted))
    return np.array(own)


def _judged(own, order, gaps, times=3.0, ddof=1, error=True):
    spread = gaps.std(axis=1, ddof=ddof) / (np.sqrt(gaps.shape[1]) if error else 1)
    return gaps.mean(axis=1) > times * spread


def _parts(losses):
    rates, order, _ = rank_optimizers(losses)
    own = losses[np.arange(len(losses)), rates]
    return rates, own, order


@wrong(
    "You took the rate of the best single run. One lucky seed decides then: average over the seeds first, then choose."
)
def trusts_the_luckiest_run(losses):
    rates = np.nan_to_num(losses, nan=np.inf).min(axis=2).argmin(axis=1)
    own = losses[np.arange(len(losses)), rates]
    order = np.argsort(own.mean(axis=1))
    return rates, order, _judged(own, order, own[order[1:]] - own[order[:-1]])


@wrong(
    "The nan won: argmin takes the first nan for the smallest, as no comparison with nan is true. Put np.inf in its place "
    "before you choose."
)
def nan_wins(losses):
    rates = losses.mean(axis=2).argmin(axis=1)
    own = losses[np.arange(len(losses)), rates]
    order = np.argsort(own.mean(axis=1))
    return rates, order, _judged(own, order, own[order[1:]] - own[order[:-1]])


@wrong(
    "Two things. The nan won: argmin takes the first nan for the smallest, so put np.inf in its place. And the standard "
    "deviation was taken with N; `ddof=1` divides by S - 1."
)
def nan_wins_and_divides_by_all(losses):
    rates = losses.mean(axis=2).argmin(axis=1)
    own = losses[np.arange(len(losses)), rates]
    order = np.argsort(own.mean(axis=1))
    return rates, order, _judged(own, order, own[order[1:]] - own[order[:-1]], ddof=0)


@wrong(
    "You left the blown-up seeds out of the mean, so a rate is praised for the runs that survived. One nan, and the rate is out."
)
def praises_the_survivors(losses):
    rates = np.where(np.isnan(np.nanmean(losses, axis=2)), np.inf, np.nanmean(losses, axis=2)).argmin(axis=1)
    own = losses[np.arange(len(losses)), rates]
    order = np.argsort(np.nanmean(own, axis=1))
    return rates, order, _judged(own, order, own[order[1:]] - own[order[:-1]])


@wrong(
    "All had to run at the same rate, the one that is best on the whole. Each optimizer has its own: choose along axis 1, for each "
    "row of the table."
)
def one_rate_for_all(losses):
    means = losses.mean(axis=2)
    rate = np.where(np.isnan(means), np.inf, means).sum(axis=0).argmin()
    rates = np.full(len(losses), rate)
    own = losses[:, rate]
    order = np.argsort(own.mean(axis=1))
    return rates, order, _judged(own, order, own[order[1:]] - own[order[:-1]])


@wrong("You subtracted the wrong way round: a lead is the *next* one's loss minus this one's, above 0.")
def subtracts_the_wrong_way(losses):
    rates, own, order = _parts(losses)
    return rates, order, _judged(own, order, own[order[:-1]] - own[order[1:]])


@wrong(
    "All gaps were thrown together into one standard deviation. Each pair of neighbours has its own: axis 1."
)
def one_spread_for_all(losses):
    rates, own, order = _parts(losses)
    gaps = own[order[1:]] - own[order[:-1]]
    return rates, order, gaps.mean(axis=1) > 3 * gaps.std(ddof=1) / np.sqrt(gaps.shape[1])


@wrong("You divided by S. The standard error of a mean is the standard deviation over the *root* of S.")
def divides_by_the_seeds(losses):
    rates, own, order = _parts(losses)
    return (
        rates,
        order,
        _judged(own, order, own[order[1:]] - own[order[:-1]], times=3 / np.sqrt(own.shape[1])),
    )


@wrong(
    "You asked whether it is ahead on every seed. With four seeds a coin does that once in eight times, and with fifty nobody would: "
    "compare the mean with its standard error."
)
def ahead_on_every_seed(losses):
    rates, own, order = _parts(losses)
    return rates, order, (own[order[1:]] > own[order[:-1]]).all(axis=1)


@wrong(
    "You asked whether two bars of one standard error overlap. The seeds are shared: take the differences first, and ask for 3 "
    "standard errors of their mean."
)
def bars_that_overlap(losses):
    rates, own, order = _parts(losses)
    means, errors = own.mean(axis=1)[order], own.std(axis=1, ddof=1)[order] / np.sqrt(own.shape[1])
    return rates, order, means[1:] - errors[1:] > means[:-1] + errors[:-1]


@wrong("The largest loss came first. A low loss is what you want.")
def worst_first(losses):
    rates, own, order = _parts(losses)
    order = order[::-1]
    return rates, order, _judged(own, order, own[order[1:]] - own[order[:-1]])


@wrong(
    "Those are the *ranks* of optimizers 0, 1, 2. Wanted is the other way round: who is first, who is second; np.argsort says "
    "that directly."
)
def ranks_for_order(losses):
    rates, order, clear = rank_optimizers(losses)
    return rates, np.argsort(order), clear


@wrong(
    "You compared the two as if they had run on different seeds. They share them: what a seed brings to both cancels when you "
    "subtract seed by seed, before you take a standard deviation."
)
def unpaired(losses):
    rates, own, order = _parts(losses)
    squares = own.var(axis=1, ddof=1) / own.shape[1]
    gaps = own[order[1:]].mean(axis=1) - own[order[:-1]].mean(axis=1)
    return rates, order, gaps > 3 * np.sqrt(squares[order[1:]] + squares[order[:-1]])


@wrong(
    "You compared the gap with the spread of single runs. A mean over S seeds is surer than one run: divide by the root of S."
)
def spread_for_error(losses):
    rates, own, order = _parts(losses)
    return rates, order, _judged(own, order, own[order[1:]] - own[order[:-1]], error=False)


@wrong(
    "The standard deviation was taken with N, which is too sure of itself for so few seeds: `ddof=1` divides by S - 1."
)
def divides_by_all(losses):
    rates, own, order = _parts(losses)
    return rates, order, _judged(own, order, own[order[1:]] - own[order[:-1]], ddof=0)


@wrong("You asked for 2 standard errors; with so few seeds the bar here is 3.")
def two_are_enough(losses):
    rates, own, order = _parts(losses)
    return rates, order, _judged(own, order, own[order[1:]] - own[order[:-1]], times=2.0)


@wrong(
    "Each was compared with the winner. Compare *neighbours* in the order: first with second, second with third."
)
def all_against_the_winner(losses):
    rates, own, order = _parts(losses)
    return rates, order, _judged(own, order, own[order[1:]] - own[order[:1]])


@wrong("Every gap counts as clear as soon as it is above 0. How sure is it, over these seeds?")
def any_gap_will_do(losses):
    rates, _, order = _parts(losses)
    return rates, order, np.ones(len(order) - 1, dtype=bool)


@wrong(
    "The neighbours were taken in the order of the table, not in the order of the ranking: index with `order` first."
)
def neighbours_in_the_table(losses):
    rates, own, order = _parts(losses)
    return rates, order, _judged(own, order, own[1:] - own[:-1])


@wrong(
    "You ranked by the median. Then a seed that went badly for one optimizer doesn't count; asked for is the mean over the seeds."
)
def ranks_by_the_median(losses):
    rates, own, _ = _parts(losses)
    order = np.argsort(np.median(own, axis=1))
    return rates, order, _judged(own, order, own[order[1:]] - own[order[:-1]])


@wrong(
    "You chose the rates by the median over the seeds. Then up to half of the runs may go badly and don't count; asked for is the mean."
)
def chooses_by_the_median(losses):
    rates = np.median(np.nan_to_num(losses, nan=np.inf), axis=2).argmin(axis=1)
    own = losses[np.arange(len(losses)), rates]
    order = np.argsort(own.mean(axis=1))
    return rates, order, _judged(own, order, own[order[1:]] - own[order[:-1]])


def _with_nan_as(losses, number):
    rates = np.nan_to_num(losses, nan=number).mean(axis=2).argmin(axis=1)
    own = losses[np.arange(len(losses)), rates]
    order = np.argsort(own.mean(axis=1))
    return rates, order, _judged(own, order, own[order[1:]] - own[order[:-1]])


@wrong(
    "You put the largest loss in place of nan. Among fifty seeds that is little, and a rate that blows up may still look best. It "
    "is out: np.inf."
)
def fills_nan_with_the_largest(losses):
    return _with_nan_as(losses, np.nanmax(losses))


@wrong(
    "You put 1 in place of nan. Other runs may outweigh it, and a rate that blows up looks best. It is out: np.inf."
)
def fills_nan_with_one(losses):
    return _with_nan_as(losses, 1.0)


@wrong("You put 0 in place of nan: the run that blew up counts as the best of all. It is out: np.inf.")
def fills_nan_with_nought(losses):
    return _with_nan_as(losses, 0.0)


@wrong(
    "Two that are the same: the lead is 0, its error is 0, and `0 >= 0` made that a clear lead. *More* than 3 standard errors: `>`."
)
def calls_a_tie_clear(losses):
    rates, own, order = _parts(losses)
    gaps = own[order[1:]] - own[order[:-1]]
    return rates, order, gaps.mean(axis=1) >= 3 * gaps.std(axis=1, ddof=1) / np.sqrt(gaps.shape[1])


@wrong(
    "The 1 was taken off twice. `ddof=1` divides the squares by S - 1; the standard error then divides by the root of S itself."
)
def takes_one_off_twice(losses):
    rates, own, order = _parts(losses)
    times = 3 * np.sqrt(own.shape[1] / (own.shape[1] - 1))
    return rates, order, _judged(own, order, own[order[1:]] - own[order[:-1]], times=times)


@wrong(
    "The rates stand in the order of the ranking. They are wanted in the order of the table: entry 0 is optimizer 0's."
)
def rates_in_the_order_of_the_ranking(losses):
    rates, order, clear = rank_optimizers(losses)
    return rates[order], order, clear


@wrong(
    "`clear` has an entry too many: the last has no next one. Of O optimizers there are O - 1 pairs of neighbours."
)
def one_pair_too_many(losses):
    rates, order, clear = rank_optimizers(losses)
    return rates, order, np.append(clear, False)


@wrong(
    "The spread is that of one optimizer's losses. Wanted is the spread of the *differences*, seed by seed: they share their luck."
)
def spread_of_one_alone(losses):
    rates, own, order = _parts(losses)
    gaps = own[order[1:]] - own[order[:-1]]
    error = own[order[:-1]].std(axis=1, ddof=1) / np.sqrt(own.shape[1])
    return rates, order, gaps.mean(axis=1) > 3 * error
