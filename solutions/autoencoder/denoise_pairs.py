"""Make training pairs for a net that is to remove noise."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 10, 3, 3
HINTS = (
    "Two arrays go out: what the net will see, and what it should say. Which of the two has the noise?",
    "`rng.normal(0, spread, x.shape)` draws a number for each pixel of each picture. Add it to a copy, and cut the sum to 0 to 1.",
    "noisy = np.clip(x + rng.normal(0, spread, x.shape), 0, 1); return noisy, x.copy()",
)


def denoise_pairs(rng, x, spread):
    noisy = np.clip(x + rng.normal(0, spread, x.shape), 0, 1)
    return noisy, x.copy()


def observe(answer, seed, x, spread):
    given = x.copy()
    rng = np.random.default_rng(seed)
    found = answer(rng, given, spread)
    if isinstance(found, np.ndarray) and found.ndim == x.ndim + 1:  # the two, stacked
        found = tuple(found)
    if type(found) not in (tuple, list) or len(found) != 2:
        return found
    noisy, clean = np.asarray(found[0], dtype=float), np.asarray(found[1], dtype=float)
    if noisy.shape != x.shape or clean.shape != x.shape:
        return {"shape of the noisy ones": list(noisy.shape), "shape of the clean ones": list(clean.shape)}
    again = answer(np.random.default_rng(seed), x.copy(), spread)
    later = answer(rng, x.copy(), spread)
    noise = noisy - x
    dark, pale = noise[x > np.median(x)], noise[x < np.median(x)]
    inside = np.abs(x - 0.5) < 0.5 - 4.5 * spread  # where nothing is cut off
    facts = {
        "the clean ones are x": bool(np.allclose(clean, x, rtol=0, atol=1e-6)),
        "x is unchanged": bool(np.array_equal(given, x)),
        "some noisy pixels are grey": bool(((noisy > 0) & (noisy < 1)).any()),
        "noisy pixels outside 0 to 1": int(((noisy < 0) | (noisy > 1)).sum()),
        "the same generator gives the same noise": bool(np.array_equal(np.asarray(again[0]), noisy)),
        "used again, it gives other noise": not np.array_equal(np.asarray(later[0]), noisy),
    }
    if dark.size > 1000 and pale.size > 1000 and inside.all():
        facts["ink gets as much noise as paper"] = bool(0.9 < dark.std() / max(pale.std(), 1e-12) < 1.1)
    if x.size > 3000 and inside.all():
        size = noise.std() / spread
        rows = np.corrcoef(noise[:2])[0, 1]
        facts["the spread of the noise is"] = (
            "right" if 0.93 < size < 1.07 else f"about {size:.1g} times what it should be"
        )
        facts["the noise is 0 on average"] = bool(abs(noise.mean()) < 0.1 * spread)
        facts["few pixels have more than twice the spread"] = bool(
            0.03 < (np.abs(noise) > 2 * spread).mean() < 0.065
        )
        facts["very few pixels have more than three times the spread"] = bool(
            (np.abs(noise) > 3 * spread).mean() < 0.007
        )
        facts["two pictures have the same noise"] = bool(abs(rows) > 0.9)
        facts["two pixels of a picture have the same noise"] = bool((noise.std(axis=1) < 0.5 * spread).any())
    if spread > 1:
        facts["pixels that were cut to 0 or to 1"] = bool(np.isin(noisy, (0.0, 1.0)).mean() > 0.3)
    return facts


def trials(rng):
    seed = int(rng.integers(1, 10_000))
    yield "two pictures of three pixels", seed, np.array([[0.0, 0.5, 1.0], [1.0, 0.2, 0.0]]), 0.1
    yield "many grey pixels", seed + 2, np.full((40, 200), 0.5), 0.05
    yield "pixels of different grey", seed + 3, rng.uniform(0.3, 0.7, (50, 100)), 0.02
    yield "one picture", seed + 4, rng.uniform(size=(1, 16)), 0.3
    yield "more noise than picture", seed + 5, rng.uniform(size=(20, 30)), 3.0
    yield "ink and paper in whole numbers", seed + 6, rng.integers(0, 2, (5, 6)), 0.2


@wrong(
    "The targets are noisy too: the net would learn to copy the noise. What it should say is the clean picture."
)
def noisy_targets(rng, x, spread):
    noisy, _ = denoise_pairs(rng, x, spread)
    return noisy, noisy.copy()


@wrong("The two are swapped: first what the net sees, the noisy ones, then what it should say.")
def clean_first(rng, x, spread):
    noisy, clean = denoise_pairs(rng, x, spread)
    return clean, noisy


@wrong("Some noisy pixels are below 0 or above 1: no picture has those. Cut them with np.clip(..., 0, 1).")
def not_cut(rng, x, spread):
    return x + rng.normal(0, spread, x.shape), x.copy()


@wrong("The *noise* was cut to 0 to 1, so it only ever adds ink. Cut the sum.")
def cuts_the_noise(rng, x, spread):
    return np.clip(x + np.clip(rng.normal(0, spread, x.shape), 0, 1), 0, 1), x.copy()


@wrong("All pictures got the same noise, one number for each pixel place. Draw with x.shape.")
def same_noise_for_all(rng, x, spread):
    return np.clip(x + rng.normal(0, spread, x.shape[1]), 0, 1), x.copy()


@wrong(
    "Each picture got one number for all its pixels: it becomes paler or darker, not noisy. Draw with x.shape."
)
def one_number_a_picture(rng, x, spread):
    return np.clip(x + rng.normal(0, spread, (len(x), 1)), 0, 1), x.copy()


@wrong(
    "The noise comes from a generator of its own, or from a fixed seed, so it can't be repeated or is always the same. Draw from `rng`."
)
def own_generator(rng, x, spread):
    return np.clip(x + np.random.default_rng(7).normal(0, spread, x.shape), 0, 1), x.copy()


@wrong("Uniform noise never goes far; normal noise now and then does. `rng.normal`.")
def uniform_noise(rng, x, spread):
    return np.clip(x + rng.uniform(-np.sqrt(3) * spread, np.sqrt(3) * spread, x.shape), 0, 1), x.copy()


@wrong(
    "`spread` was used as the variance. rng.normal takes the standard deviation, which is what spread means here."
)
def spread_as_variance(rng, x, spread):
    return np.clip(x + rng.normal(0, np.sqrt(spread), x.shape), 0, 1), x.copy()


@wrong("The noise multiplies the picture, so that paper stays paper. It is to be added, everywhere alike.")
def multiplies(rng, x, spread):
    return np.clip(x * (1 + rng.normal(0, spread, x.shape)), 0, 1), x.copy()


@wrong(
    "The caller's pictures were changed: `+=` works in place, and the clean ones are lost. Make a new array."
)
def changes_x(rng, x, spread):
    x[...] = np.clip(x + rng.normal(0, spread, x.shape), 0, 1)
    return x, x.copy()


@wrong("The spread was ignored: the noise has a standard deviation of 1.")
def ignores_the_spread(rng, x, spread):
    return np.clip(x + rng.normal(size=x.shape), 0, 1), x.copy()


@wrong("The noise only ever adds ink: it was made positive. Noise goes both ways and is 0 on average.")
def only_adds_ink(rng, x, spread):
    return np.clip(x + np.abs(rng.normal(0, spread, x.shape)), 0, 1), x.copy()


@wrong(
    "The noisy pictures were brought into 0 to 1 by stretching and shifting all pixels. Cut off what sticks out; leave the rest."
)
def stretches_in_place_of_cutting(rng, x, spread):
    noisy = x + rng.normal(0, spread, x.shape)
    return (noisy - noisy.min()) / (noisy.max() - noisy.min()), x.copy()


@wrong(
    "Where x holds whole numbers, so does x.copy(), and the noise was cut to 0 and 1. Make a new array of floats."
)
def whole_numbers_only(rng, x, spread):
    noisy = x.copy()
    noisy[...] = np.clip(x + rng.normal(0, spread, x.shape), 0, 1)
    return noisy, x.copy()
