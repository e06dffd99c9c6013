"""A net's training step, written down as a table of calls (see ``ops.table_numba``). ``fit`` goes down it batch after batch.

Not every net can be written down: `written` returns None for what it doesn't know, and ``fit`` then goes layer by layer, with
the same result. It knows chains of Dense, Conv2D, MaxPooling2D, UpSampling2D, Flatten, Reshape and LSTM, bends
in between linear or relu, and the usual losses.

A step has two phases, and the threads are woken for each. In the first, every thread takes its rows of the batch forwards and
backwards; what it sums up over examples it keeps to itself. In the second, every thread takes its block of each weight: the
gradient, the optimizer's step, and the copy of the new weight that the next first phase will read (see `gemm_numba`).
"""

import numpy as np

from course.nn import ops
from course.nn.program_layers import WRITERS
from course.nn.program_table import Table, UnknownError


def written(model, x, y, batch_size: int):
    """Write down a model's step, or return None.

    Args:
        model: compiled, and built.
        x: all examples, as ``training.prepared`` gives them.
        y: their targets, likewise.
        batch_size: examples a step.

    Returns:
        A `Steps`, or None if the net can't be written down.
    """
    if ops.backend() != "numba" or model.dtype != np.float32 or not model.parameters.size:
        return None
    if any(weight.grad is None or weight.regularizer is not None for weight in model.weights):
        return None
    if not all(weight.value.base is model.parameters for weight in model.weights):
        return None  # somebody put another array in the place of a weight
    try:
        return Steps(model, x, y, min(batch_size, len(x)))
    except UnknownError:
        return None


class Steps:
    """Makes steps. A batch that is shorter, the last of an epoch, has a table of its own."""

    def __init__(self, model, x, y, batch_size):
        self._given = model, x, y
        self._size = batch_size
        self._tables = {batch_size: Table(model, x, y, batch_size, WRITERS)}

    def begin(self) -> None:
        """Copy the weights as they are now: somebody may have changed them between two epochs."""
        self._tables[self._size].copy_weights()

    def look(self, rows):
        """Take the examples with these numbers forwards and backwards; return the loss and the scores or outputs."""
        if len(rows) not in self._tables:
            self._tables[len(rows)] = Table(*self._given, len(rows), WRITERS, like=self._tables[self._size])
        self._table = self._tables[len(rows)]
        return self._table.look(rows)

    def move(self) -> None:
        """Make the optimizer's step by what the last look found."""
        self._table.move()
