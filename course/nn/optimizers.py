"""Optimizers. Each takes a step on the net's flat vector of parameters; ``iterations`` counts the steps, from 0.

Formulas are the lessons': epsilon stands outside the root of the (corrected) mean of squares. Keras adds it to the root
*before* the correction in Adam, and inside the root in RMSprop and Adagrad; with 1e-7 no digit that you would look at differs.
"""

import warnings

import numpy as np

from course.nn import ops


class Optimizer:
    """What optimizers share.

    Args:
        learning_rate: a number, or a schedule: a function from the number of steps taken to a rate.
        clipnorm: scale the gradient down to this length where it is longer, over all parameters together (Keras's
            ``clipnorm`` does it for each array apart, its ``global_clipnorm`` as here).
        clipvalue: cut each entry of the gradient to this size.
    """

    slots: tuple[str, ...] = ()

    def __init__(self, learning_rate=0.001, *, clipnorm=None, clipvalue=None, lr=None, name=None):
        if lr is not None:
            warnings.warn("lr is the old name of learning_rate; use that.", DeprecationWarning, stacklevel=3)
            learning_rate = lr
        self.schedule = learning_rate
        self.clipnorm, self.clipvalue = clipnorm, clipvalue
        self.iterations = 0
        self.state: dict[str, np.ndarray] = {}

    @property
    def learning_rate(self) -> float:
        """The rate of the next step."""
        return float(self.schedule(self.iterations) if callable(self.schedule) else self.schedule)

    @learning_rate.setter
    def learning_rate(self, rate) -> None:
        self.schedule = rate

    def apply(self, param, grad) -> None:
        """Change ``param``, (P,), by one step against ``grad``, (P,)."""
        self.prepare(param)
        self._clip(grad)
        rate = self.learning_rate
        self.iterations += 1
        self.step(param, grad, rate)

    def prepare(self, param) -> None:
        """Make sure that there is a state for parameters of that length; what is there for them stays."""
        if any(self.state[slot].shape != param.shape for slot in self.state) or not self.state:
            self.state = {slot: self.fresh(slot, param) for slot in self.slots}

    @property
    def clips(self) -> bool:
        """Whether gradients are cut."""
        return self.clipvalue is not None or self.clipnorm is not None

    def fresh(self, slot: str, param):
        """Return what a slot starts with."""
        return np.zeros_like(param)

    def step(self, param, grad, rate) -> None:
        """Change ``param`` in place; ``iterations`` already counts this step."""
        raise NotImplementedError

    def _clip(self, grad) -> None:
        if self.clipvalue is not None:
            np.clip(grad, -self.clipvalue, self.clipvalue, out=grad)
        if self.clipnorm is not None:
            length = float(np.linalg.norm(grad))
            if length > self.clipnorm:
                grad *= self.clipnorm / length


class SGD(Optimizer):
    """Plain descent, with ``momentum`` or Nesterov's look ahead.

    v = momentum * v + grad and param -= rate * v. Keras keeps rate * v in v: the same, unless the rate changes on the way.
    """

    def __init__(self, learning_rate=0.01, momentum=0.0, nesterov=False, **more):
        super().__init__(learning_rate, **more)
        self.momentum, self.nesterov = momentum, nesterov
        self.slots = ("velocity",) if momentum else ()

    def step(self, param, grad, rate) -> None:
        """See ``Optimizer``."""
        ops.sgd(param, grad, self.state.get("velocity"), rate, self.momentum, self.nesterov)


class Adagrad(Optimizer):
    """Steps that shrink with the squared slopes of the past, for each parameter apart."""

    slots = ("total",)

    def __init__(self, learning_rate=0.001, initial_accumulator_value=0.1, epsilon=1e-7, **more):
        super().__init__(learning_rate, **more)
        self.initial_accumulator_value, self.epsilon = initial_accumulator_value, epsilon

    def fresh(self, slot, param):
        """See ``Optimizer``."""
        return np.full_like(param, self.initial_accumulator_value)

    def step(self, param, grad, rate) -> None:
        """See ``Optimizer``."""
        ops.adagrad(param, grad, self.state["total"], rate, self.epsilon)


class RMSprop(Optimizer):
    """Adagrad with a memory that fades."""

    slots = ("mean",)

    def __init__(self, learning_rate=0.001, rho=0.9, epsilon=1e-7, **more):
        super().__init__(learning_rate, **more)
        self.rho, self.epsilon = rho, epsilon

    def step(self, param, grad, rate) -> None:
        """See ``Optimizer``."""
        ops.rmsprop(param, grad, self.state["mean"], rate, self.rho, self.epsilon)


class Adam(Optimizer):
    """Momentum and RMSprop together, corrected for their start at 0 (Kingma and Ba, 2015)."""

    slots = ("m", "v")
    weight_decay = 0.0

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, **more):
        super().__init__(learning_rate, **more)
        self.beta_1, self.beta_2, self.epsilon = beta_1, beta_2, epsilon

    def step(self, param, grad, rate) -> None:
        """See ``Optimizer``."""
        m, v = self.state["m"], self.state["v"]
        ops.adam(
            param,
            grad,
            m,
            v,
            self.iterations,
            rate,
            self.beta_1,
            self.beta_2,
            self.epsilon,
            self.weight_decay,
        )

    def numbers(self):
        """Count a step, and return the numbers that its kernel takes: for ``fit``, which has it done with the rest."""
        from course.nn.ops.updates_numba import adam_numbers

        rate = self.learning_rate
        self.iterations += 1
        return adam_numbers(self.iterations, rate, self.beta_1, self.beta_2, self.epsilon, self.weight_decay)


class AdamW(Adam):
    """Adam with decoupled weight decay (Loshchilov and Hutter, 2019): weights shrink by rate * weight_decay each step."""

    def __init__(self, learning_rate=0.001, weight_decay=0.004, **more):
        super().__init__(learning_rate, **more)
        self.weight_decay = weight_decay


class ExponentialDecay:
    """A schedule: the rate shrinks by ``decay_rate`` every ``decay_steps`` steps, smoothly or in stairs."""

    def __init__(self, initial_learning_rate, decay_steps, decay_rate, staircase=False):
        self.initial, self.steps, self.rate, self.staircase = (
            initial_learning_rate,
            decay_steps,
            decay_rate,
            staircase,
        )

    def __call__(self, step) -> float:
        """Return the rate after ``step`` steps."""
        power = step // self.steps if self.staircase else step / self.steps
        return self.initial * self.rate**power


class CosineDecay:
    """A schedule: the rate falls along half a cosine to ``alpha`` times its start, in ``decay_steps`` steps."""

    def __init__(self, initial_learning_rate, decay_steps, alpha=0.0):
        self.initial, self.steps, self.alpha = initial_learning_rate, decay_steps, alpha

    def __call__(self, step) -> float:
        """Return the rate after ``step`` steps."""
        share = 0.5 * (1 + np.cos(np.pi * min(step, self.steps) / self.steps))
        return self.initial * ((1 - self.alpha) * share + self.alpha)


class schedules:  # noqa: N801 - Keras's name, used like a module
    """Learning-rate schedules, under Keras's name."""

    ExponentialDecay = ExponentialDecay
    CosineDecay = CosineDecay


_NAMES = {
    "sgd": SGD,
    "adagrad": Adagrad,
    "rmsprop": RMSprop,
    "adam": Adam,
    "adamw": AdamW,
}


def get(name) -> Optimizer:
    """Return an optimizer by its name, or itself.

    Raises:
        ValueError: if there is none of that name.
    """
    if isinstance(name, Optimizer):
        return name
    if isinstance(name, type) and issubclass(name, Optimizer):
        return name()
    key = str(name).lower()
    if key not in _NAMES:
        raise ValueError(f"There is no optimizer {name!r}. Known: {', '.join(sorted(_NAMES))}.")
    return _NAMES[key]()
