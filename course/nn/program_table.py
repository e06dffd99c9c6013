"""One table of calls: a training step for batches of so many examples."""

from collections.abc import Callable

import numpy as np

from course.nn import losses, optimizers
from course.nn.layers import recurrent
from course.nn.layers.base import Weight


class UnknownError(Exception):
    """A layer, or what is asked of it, that can't be written down."""


class Table:
    """The calls of a step for batches of n rows.

    Args:
        model: compiled, and built.
        x: all examples.
        y: their targets.
        n: examples a step.
        writers: how each kind of layer is written down, see ``program_layers``.
        like: a table of the same net, to share its copies of weights.

    Attributes:
        model, n: as given.
        parts: over how many threads the rows are shared.
        work: multiplications of a step.
        way_forth: rows at a time, and a call, in order; at the end the way back is a part of it.
        way_back: a function for each layer, which adds its calls.
        gemm: the module of the products.

    Raises:
        UnknownError: if the net can't be written down.
    """

    def __init__(self, model, x, y, n, writers, like: "Table | None" = None):
        from course.nn.ops import gemm_numba, jit, pool_numba, table_numba

        self._tables, self._pool, self.gemm = table_numba, pool_numba, gemm_numba
        self.model, self.n, self._writers = model, n, writers
        self.kept: list[np.ndarray] = [x, y]  # arrays that the table has the addresses of
        self._copies: dict = {} if like is None else like._copies  # of weights: shared by the tables of a net
        self.way_forth: list[tuple[int, list[int]]] = []  # rows at a time, a call
        self.way_back: list[Callable] = []
        self._fill: list[tuple[Weight, int, int, list[int]]] = []  # rows, columns, how the gradient is made
        self.work = 0
        self.parts = min(jit.threads(), n)
        self._rows = np.zeros(n, np.int64)
        self._write(x, y)
        if self.parts > self._pool.shares(n, self.work):  # once more, for one thread
            self.way_forth, self.way_back, self._fill, self.parts = [], [], [], 1
            self._write(x, y)
        self._finish()

    # ------------------------------------------------------------------------------- arrays

    def room(self, *shape) -> int:
        """Return the address of a new array of zeros."""
        array = np.zeros(int(np.prod(shape)) + 16, np.float32)
        self.kept.append(array)
        return -(-array.ctypes.data // 64) * 64

    def copy(self, weight, kind: str, shape, task: str, *sizes) -> int:
        """Return the address of a copy of a weight, which ``task`` makes."""
        key = id(weight), kind
        if key not in self._copies:
            self._copies[key] = self.room(*shape), self.kept[-1], task, weight, sizes
        self.kept.append(self._copies[key][1])
        return self._copies[key][0]

    def panels(self, weight, rows, columns) -> int:
        """Return the address of a weight in panels."""
        width = self.gemm.WIDTH
        return self.copy(weight, "panels", (-(-columns // width), rows, width), "pack_weights", rows, columns)

    def panels_back(self, weight, rows, columns) -> int:
        """Return the address of a weight's transpose in panels."""
        width = self.gemm.WIDTH
        return self.copy(weight, "back", (-(-rows // width), columns, width), "pack_back", rows, columns)

    def bias(self, layer, size) -> int:
        """Return the address of a bias, or of zeros."""
        return self.room(size) if layer.bias is None else address(layer.bias.value)

    # ------------------------------------------------------------------------------- calls

    def call(self, task: str, *arguments) -> list[int]:
        """Return a row of the table."""
        return self._tables.row(task, *arguments)

    def forth(self, task, *arguments, at_once=None) -> None:
        """Add a call to the way forwards."""
        self.way_forth.append((at_once or self.n, self.call(task, *arguments)))

    def fill(self, weight, rows, columns, task, *arguments) -> None:
        """Say how a weight's gradient is made; it is the first argument, or the second after the tiles."""
        at = address(weight.grad)
        if task == "outer":
            call = self.call(task, self.gemm.TILES, at, *arguments, rows, columns, self.parts)
        else:
            call = self.call(task, at, *arguments, self.parts)
        self._fill.append((weight, rows, columns, call))

    def _write(self, x, y) -> None:
        model = self.model
        chain = model._symbols[1:]
        sources = [symbol.sources for symbol in chain]
        if sources != [(symbol,) for symbol in model._symbols[:-1]] or not chain:
            raise UnknownError
        if None in model.input_shape:
            raise UnknownError
        place = self._take(x, in_steps=type(chain[0].layer) is recurrent.LSTM)
        said, activation = place, "linear"
        for symbol in chain:
            writer = self._writers.get(type(symbol.layer))
            if writer is None:
                raise UnknownError
            activation = getattr(getattr(symbol.layer, "activation", None), "__name__", "linear")
            ends = symbol is chain[-1] and model._from_scores()
            if activation not in ("linear", "relu") and not ends:
                raise UnknownError
            said = writer(self, symbol.layer, said, "linear" if ends else activation)
        self._lose(y, said, chain[-1].shape)

    def _take(self, x, in_steps: bool) -> int:
        """Fetch a batch's examples: the first calls of a step."""
        place = self.room(self.n, *x.shape[1:])
        if in_steps:
            self.forth("take_sequences", address(x), address(self._rows), place, self.n, *x.shape[1:])
        else:
            self.forth("take_rows", address(x), address(self._rows), place, x[0].size)
        return place

    def _lose(self, y, said: int, shape) -> None:
        """Add the loss, and behind it the way back."""
        loss, width = self.model.loss, int(np.prod(shape))
        from_scores = self.model._from_scores() or getattr(loss, "from_logits", False)
        task = _LOSSES.get((type(loss), from_scores))
        sparse = task == "sparse"
        if task is None or (task in ("sparse", "shares") and len(shape) != 1):
            raise UnknownError
        if y.shape[1:] != (() if sparse else shape):
            raise UnknownError  # the layers' way has the right words for it
        loss.check(y, (len(y), *shape))
        targets = self.room(self.n * (2 if sparse else width))
        self.forth("take_rows", address(y), address(self._rows), targets, 2 if sparse else width)
        slopes = self.room(self.n, width)
        self._totals = np.zeros(self.parts)
        self._count = self.n * (width if task in ("yes_or_no", "squared") else 1)
        self._said = array_at(said, (self.n, *shape))
        self.forth(task, slopes, said, targets, address(self._totals), self.n, width)
        for number, back in enumerate(reversed(self.way_back)):
            slopes = back(slopes, number < len(self.way_back) - 1)

    # ------------------------------------------------------------------------------- the table

    def _finish(self) -> None:
        """Make the tables of both phases, and that of the copies of weights."""
        optimizer = self.model.optimizer
        optimizer.prepare(self.model.parameters)
        self._fused = type(optimizer) in (optimizers.Adam, optimizers.AdamW) and not optimizer.clips
        self._numbers = np.zeros(6, np.float32)
        copies = [self._copy_call(*copy) for copy in self._copies.values()]
        update: list[list[int]] = []
        for weight, rows, columns, call in self._fill:
            update.append(call)
            if self._fused:
                update.append(self._adam(weight, rows, columns))
        if self._fused:
            update += copies
        self._phases = [self._table(self.way_forth), self._table([(1, call) for call in update])]
        self._copying = self._table([(1, call) for call in copies])
        self.copy_weights()

    def _copy_call(self, place, _, task, weight, sizes) -> list[int]:
        return self.call(task, address(weight.value), place, *sizes, self.parts)

    def _adam(self, weight, rows, columns) -> list[int]:
        model, state = self.model, self.model.optimizer.state
        offset = address(weight.value) - address(model.parameters)
        places = [
            address(part) + offset for part in (model.parameters, model.gradient, state["m"], state["v"])
        ]
        return self.call("adam", *places, address(self._numbers), rows, columns, self.parts)

    @staticmethod
    def _table(calls):
        """Return (calls, groups) as `run_part` wants them; neighbours that take as many rows at a time form a group."""
        groups: list[list[int]] = []
        for i, (at_once, _) in enumerate(calls):
            if not groups or groups[-1][2] != at_once:
                groups.append([i, i, at_once])
            groups[-1][1] = i + 1
        return np.array([call for _, call in calls], np.int64), np.array(groups, np.int64)

    def _run(self, table, n) -> None:
        self._pool.run(table[0], table[1], n, self.parts)

    def copy_weights(self) -> None:
        """Copy the weights into the form that the first phase reads."""
        self._run(self._copying, self.parts)

    def look(self, rows):
        """Do the first phase; see ``Steps``."""
        self._rows[:] = rows
        self._totals[:] = 0
        self._run(self._phases[0], self.n)
        return sum(self._totals.tolist()) / self._count, self._said

    def move(self) -> None:
        """Do the second phase."""
        optimizer = self.model.optimizer
        if self._fused:
            self._numbers[:] = optimizer.numbers()
        self._run(self._phases[1], self.parts)
        if not self._fused:
            optimizer.apply(self.model.parameters, self.model.gradient)
            self.copy_weights()


def address(array) -> int:
    """Return where an array lies."""
    return array.ctypes.data


def array_at(address, shape):
    """Return the float32 array at an address; it is there as long as its table is."""
    import ctypes  # not everywhere: where there is no Numba, there may be no ctypes

    kind = ctypes.c_float * int(np.prod(shape))
    return np.ctypeslib.as_array(kind.from_address(address)).reshape(shape)


_LOSSES = {  # the loss, and whether it starts from scores
    (losses.SparseCategoricalCrossentropy, True): "sparse",
    (losses.CategoricalCrossentropy, True): "shares",
    (losses.BinaryCrossentropy, True): "yes_or_no",
    (losses.MeanSquaredError, False): "squared",
}
