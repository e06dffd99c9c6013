"""Initial weights. An initializer is called with a shape and returns an array, float64."""

import numpy as np

from course.nn import randomness

_TRUNCATED = 0.87962566103423978  # the spread of a normal distribution cut off at two of its spreads


class Initializer:
    """What initializers share: a seed of their own, or the common generator."""

    def __init__(self, seed=None):
        self.seed = seed

    def __call__(self, shape):
        """Return an array of that shape."""
        rng = randomness.generator() if self.seed is None else np.random.default_rng(self.seed)
        return self.draw(rng, tuple(shape))

    def draw(self, rng, shape):
        """Return an array of that shape, drawn from ``rng``."""
        raise NotImplementedError


class Zeros(Initializer):
    """All 0."""

    def draw(self, rng, shape):
        """Return zeros."""
        return np.zeros(shape)


class Ones(Initializer):
    """All 1."""

    def draw(self, rng, shape):
        """Return ones."""
        return np.ones(shape)


class Constant(Initializer):
    """All the same ``value``."""

    def __init__(self, value=0.0):
        super().__init__()
        self.value = value

    def draw(self, rng, shape):
        """Return that value everywhere."""
        return np.full(shape, float(self.value))


class RandomNormal(Initializer):
    """Normal, with ``mean`` and ``stddev``."""

    def __init__(self, mean=0.0, stddev=0.05, seed=None):
        super().__init__(seed)
        self.mean, self.stddev = mean, stddev

    def draw(self, rng, shape):
        """Return normal numbers."""
        return rng.normal(self.mean, self.stddev, shape)


class RandomUniform(Initializer):
    """Uniform between ``minval`` and ``maxval``."""

    def __init__(self, minval=-0.05, maxval=0.05, seed=None):
        super().__init__(seed)
        self.minval, self.maxval = minval, maxval

    def draw(self, rng, shape):
        """Return uniform numbers."""
        return rng.uniform(self.minval, self.maxval, shape)


class _ByFan(Initializer):
    """Variance ``scale / fan``, from the number of inputs, or of inputs and outputs."""

    scale, mode, kind = 1.0, "in", "uniform"

    def draw(self, rng, shape):
        """Return numbers of that variance."""
        fan_in, fan_out = fans(shape)
        spread = np.sqrt(self.scale / (fan_in if self.mode == "in" else (fan_in + fan_out) / 2))
        if self.kind == "uniform":
            return rng.uniform(-np.sqrt(3) * spread, np.sqrt(3) * spread, shape)
        return truncated_normal(rng, shape) * (spread / _TRUNCATED)


class GlorotUniform(_ByFan):
    """Uniform, variance 2 / (fan_in + fan_out) (Glorot and Bengio, 2010); the default of most layers."""

    scale, mode, kind = 1.0, "average", "uniform"


class GlorotNormal(_ByFan):
    """Like ``GlorotUniform``, normal and cut off at two spreads, as in Keras."""

    scale, mode, kind = 1.0, "average", "normal"


class HeUniform(_ByFan):
    """Uniform, variance 2 / fan_in (He and others, 2015), for ReLU."""

    scale, mode, kind = 2.0, "in", "uniform"


class HeNormal(_ByFan):
    """Like ``HeUniform``, normal and cut off at two spreads, as in Keras; the lessons' ``he_init`` is not cut off."""

    scale, mode, kind = 2.0, "in", "normal"


class Orthogonal(Initializer):
    """Columns (or rows) of length 1 at right angles; the default between recurrent states."""

    def __init__(self, gain=1.0, seed=None):
        super().__init__(seed)
        self.gain = gain

    def draw(self, rng, shape):
        """Return an orthogonal matrix, seen as ``shape``."""
        rows, columns = int(np.prod(shape[:-1])), shape[-1]
        q, r = np.linalg.qr(rng.normal(size=(max(rows, columns), min(rows, columns))))
        q *= np.sign(np.diag(r))  # else the signs would not be random
        return self.gain * (q if rows >= columns else q.T).reshape(shape)


def fans(shape) -> tuple[float, float]:
    """Return how many inputs each output has, and how many outputs each input."""
    if len(shape) < 2:
        return (shape[0], shape[0]) if shape else (1, 1)
    field = float(np.prod(shape[:-2]))
    return shape[-2] * field, shape[-1] * field


def truncated_normal(rng, shape):
    """Draw normal numbers, again where they lie more than two spreads out."""
    numbers = rng.normal(size=shape)
    while (far := np.abs(numbers) > 2).any():
        numbers[far] = rng.normal(size=int(far.sum()))
    return numbers


NAMES = {
    "zeros": Zeros,
    "ones": Ones,
    "constant": Constant,
    "normal": RandomNormal,
    "random_normal": RandomNormal,
    "uniform": RandomUniform,
    "random_uniform": RandomUniform,
    "glorot_uniform": GlorotUniform,
    "glorot_normal": GlorotNormal,
    "he_normal": HeNormal,
    "he_uniform": HeUniform,
    "orthogonal": Orthogonal,
}


def get(name):
    """Return an initializer by its name; anything that can be called with a shape stands for itself.

    Raises:
        ValueError: if there is none of that name.
    """
    if callable(name):
        return name() if isinstance(name, type) else name
    if name not in NAMES:
        raise ValueError(f"There is no initializer {name!r}. Known: {', '.join(sorted(NAMES))}.")
    return NAMES[name]()
