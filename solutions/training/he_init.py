"""Draw the first weights of a layer so that relu layers keep the width of their scores."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 8, 2, 2
RTOL = ATOL = 0.05  # judged by its properties: any honest draw of 256 x 256 comes far closer
HINTS = (
    "Two decisions: the *shape* of the array, and the *spread* of the numbers in it. The text gives a variance; a spread "
    "is its root.",
    "`rng.normal(size=(3, 2))` draws with spread 1. Whatever you multiply the numbers with becomes their spread.",
    "return rng.normal(size=(fan_in, fan_out)) * np.sqrt(2 / fan_in)",
)


def he_init(rng, fan_in, fan_out):
    spread = np.sqrt(2 / fan_in)  # of each weight
    return rng.normal(size=(fan_in, fan_out)) * spread


def observe(answer, seed, fan_in, fan_out):
    first = answer(np.random.default_rng(seed), fan_in, fan_out)
    first = np.array(first) if type(first) is list else first
    if type(first) is not np.ndarray or first.dtype.kind not in "iuf":
        return first
    found = {
        "shape": np.array(first.shape, dtype=int),
        "all finite": bool(np.isfinite(first).all()),
    }
    if fan_in * fan_out < 10_000:
        again = answer(np.random.default_rng(seed), fan_in, fan_out)
        other = answer(np.random.default_rng(seed + 1), fan_in, fan_out)
        found["same generator, same weights"] = bool(np.array_equal(first, again))
        found["other generator, other weights"] = not np.array_equal(first, other)
    elif first.ndim == 2:
        wanted = (2 / fan_in) ** 0.5
        alike = max(float(np.mean(np.diff(first, axis=axis) == 0)) for axis in (0, 1))
        found["neighbours differ"] = alike < 0.01
        found["mean / wanted spread"] = float(first.mean() / wanted)
        found["spread / wanted spread"] = float(first.std() / wanted)
        found["some lie beyond 3 spreads, as normal numbers do"] = bool(np.abs(first).max() > 3 * wanted)
        with np.errstate(all="ignore"):
            fourth = np.mean(first**4.0) / np.mean(first**2.0) ** 2  # 3 for normal numbers
        found["far out there are as many as among normal numbers"] = bool(2.6 < fourth < 3.4)
        found["share below half a spread"] = float(np.mean(np.abs(first) < wanted / 2))
    return found


def trials(rng):
    yield "two inputs, three outputs", int(rng.integers(1000)), 2, 3
    yield "one input, one output", int(rng.integers(1000)), 1, 1
    yield "256 x 256", int(rng.integers(1000)), 256, 256
    yield "many inputs, few outputs", int(rng.integers(1000)), 700, 15
    yield "few inputs, many outputs", int(rng.integers(1000)), 15, 700


@wrong("2 / fan_in is the *variance*. What you multiply with is the spread, its root.")
def forgets_the_root(rng, fan_in, fan_out):
    return rng.normal(size=(fan_in, fan_out)) * 2 / fan_in


@wrong(
    "Variance 1 / fan_in: right if nothing bends. relu throws half of the signal away; what makes up for a half?"
)
def forgets_the_half(rng, fan_in, fan_out):
    return rng.normal(size=(fan_in, fan_out)) * np.sqrt(1 / fan_in)


@wrong("The root covers only the 2. What is wanted is the root of the whole variance, 2 / fan_in.")
def root_of_the_two_alone(rng, fan_in, fan_out):
    return rng.normal(size=(fan_in, fan_out)) * np.sqrt(2) / fan_in


@wrong("You *divided* by the spread: weights of spread 1 become those of another spread by multiplying.")
def divides_by_the_spread(rng, fan_in, fan_out):
    return rng.normal(size=(fan_in, fan_out)) / np.sqrt(2 / fan_in)


@wrong(
    "You divided by the number of *outputs*. A score adds up one product for each input: it is fan_in that makes it wide."
)
def divides_by_fan_out(rng, fan_in, fan_out):
    return rng.normal(size=(fan_in, fan_out)) * np.sqrt(2 / fan_out)


@wrong(
    "Variance 2 / (fan_in + fan_out) is Glorot's, a compromise between the way forwards and the way back. Wanted is 2 / fan_in."
)
def is_glorots(rng, fan_in, fan_out):
    return rng.normal(size=(fan_in, fan_out)) * np.sqrt(2 / (fan_in + fan_out))


@wrong("Rows and columns are swapped: x @ W wants a row for each input, so (fan_in, fan_out).")
def lies_on_its_side(rng, fan_in, fan_out):
    return rng.normal(size=(fan_out, fan_in)) * np.sqrt(2 / fan_in)


@wrong(
    "The spread landed in the place of the *mean*: the first argument of `rng.normal` is where the numbers lie around. "
    "Multiply the result instead, or say `scale=`."
)
def spread_as_mean(rng, fan_in, fan_out):
    return rng.normal(np.sqrt(2 / fan_in), size=(fan_in, fan_out))


@wrong("Uniform numbers: right in mean and spread, perhaps, but wanted are normal ones: `rng.normal`.")
def uniform(rng, fan_in, fan_out):
    return rng.uniform(-1, 1, size=(fan_in, fan_out)) * np.sqrt(6 / fan_in)


@wrong(
    "Random numbers between 0 and 1 are never below 0, so every score is pushed the same way. Use `rng.normal`."
)
def never_below_nought(rng, fan_in, fan_out):
    return rng.random(size=(fan_in, fan_out)) * np.sqrt(2 / fan_in)


@wrong("Spread 1, whatever fan_in is. That was the column that explodes.")
def ignores_fan_in(rng, fan_in, fan_out):
    return rng.normal(size=(fan_in, fan_out))


@wrong("A fixed spread of 0.01 was the training that stood still. Let it follow fan_in.")
def always_small(rng, fan_in, fan_out):
    return rng.normal(size=(fan_in, fan_out)) * 0.01


@wrong(
    "The weights don't come from `rng`: called with another generator, you return the same ones. Whoever calls decides about "
    "the seed."
)
def own_seed(rng, fan_in, fan_out):
    return he_init(np.random.default_rng(0), fan_in, fan_out)


@wrong(
    "The same generator gives other weights each time, so nobody can repeat your run. Draw from the `rng` that you are given."
)
def unseeded(rng, fan_in, fan_out):
    return he_init(np.random.default_rng(), fan_in, fan_out)


@wrong("One row was drawn and repeated, so every input counts the same. Draw each weight by itself.")
def repeats_one_row(rng, fan_in, fan_out):
    return np.tile(rng.normal(size=fan_out) * np.sqrt(2 / fan_in), (fan_in, 1))


@wrong("All weights are the same number: such neurons stay alike for ever. Draw each weight.")
def one_number_for_all(rng, fan_in, fan_out):
    return np.full((fan_in, fan_out), rng.normal() * np.sqrt(2 / fan_in))


@wrong(
    "These are normal numbers cut off at two spreads, which is what Keras's he_normal gives. Ours keep their tails."
)
def cut_off(rng, fan_in, fan_out):
    weights = rng.normal(size=(fan_in, fan_out))
    while (far := np.abs(weights) > 2).any():
        weights[far] = rng.normal(size=int(far.sum()))
    return weights * np.sqrt(2 / fan_in) / 0.8796


@wrong(
    "One column was drawn and repeated: all neurons are alike, and stay alike for ever. Draw each weight by itself."
)
def repeats_one_column(rng, fan_in, fan_out):
    return np.tile(rng.normal(size=(fan_in, 1)) * np.sqrt(2 / fan_in), (1, fan_out))


@wrong("The signs are gone, so every score is pushed the same way. Weights lie around 0: leave `abs` out.")
def loses_the_signs(rng, fan_in, fan_out):
    return np.abs(rng.normal(size=(fan_in, fan_out))) * np.sqrt(2 / fan_in)


@wrong(
    "You divided by the spread that came out, to have it exactly. Of a single weight the spread is 0, and nan comes out. Draws may "
    "differ a little: multiply, no more."
)
def forces_the_spread(rng, fan_in, fan_out):
    weights = rng.normal(size=(fan_in, fan_out))
    with np.errstate(all="ignore"):
        return weights / weights.std() * np.sqrt(2 / fan_in)


@wrong(
    "Right in mean and spread, but these are logistic numbers, with more of them far out. Wanted are normal ones: `rng.normal`."
)
def logistic(rng, fan_in, fan_out):
    return rng.logistic(size=(fan_in, fan_out)) * np.sqrt(2 / fan_in) * np.sqrt(3) / np.pi
