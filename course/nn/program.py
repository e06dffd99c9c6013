"""A net's training step, written down as a table of calls (see ``ops.table_numba``). ``fit`` goes down it batch after batch.

Not every net can be written down: `written` returns None for what it doesn't know, and ``fit`` then goes layer by layer, with
the same result. It knows chains of Dense, Conv2D, MaxPooling2D, UpSampling2D, Flatten, Reshape and LSTM, bends
in between linear or relu, and the usual losses.

A step has two phases, and the threads are woken for each. In the first, every thread takes its rows of the batch forwards and
backwards; what it sums up over examples it keeps to itself. In the second, every thread takes its block of each weight: the
gradient, the optimizer's step, and the copy of the new weight that the next first phase will read (see `gemm_numba`).
"""

import ctypes
from collections.abc import Callable

import numpy as np

from course.nn import layers, losses, ops, optimizers
from course.nn.layers.base import Weight

_IMAGES = (
    4  # so many go through neighbouring layers together: what one leaves is still in the cache for the next
)


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
    except _UnknownError:
        return None


class _UnknownError(Exception):
    """A layer, or what is asked of it, that can't be written down."""


class Steps:
    """Makes steps. A batch that is shorter, the last of an epoch, has a table of its own."""

    def __init__(self, model, x, y, batch_size):
        self._given = model, x, y
        self._size = batch_size
        self._tables = {batch_size: _Table(model, x, y, batch_size)}

    def begin(self) -> None:
        """Copy the weights as they are now: somebody may have changed them between two epochs."""
        self._tables[self._size].copy_weights()

    def look(self, rows):
        """Take the examples with these numbers forwards and backwards; return the loss and the scores or outputs."""
        if len(rows) not in self._tables:
            self._tables[len(rows)] = _Table(*self._given, len(rows), like=self._tables[self._size])
        self._table = self._tables[len(rows)]
        return self._table.look(rows)

    def move(self) -> None:
        """Make the optimizer's step by what the last look found."""
        self._table.move()


class _Table:
    """The calls of a step for batches of n rows."""

    def __init__(self, model, x, y, n, like: "_Table | None" = None):
        from course.nn.ops import gemm_numba, jit, pool_numba, table_numba

        self._tables, self._pool, self._gemm = table_numba, pool_numba, gemm_numba
        self._model, self._n = model, n
        self._kept: list[np.ndarray] = [x, y]  # arrays that the table has the addresses of
        self._copies: dict = {} if like is None else like._copies  # of weights: shared by the tables of a net
        self._forth: list[tuple[int, list[int]]] = []  # rows at a time, a call
        self._back: list[Callable] = []
        self._fill: list[
            tuple[Weight, int, int, list[int]]
        ] = []  # with rows, columns, how the gradient is made
        self._work = 0
        self._parts = min(jit.threads(), n)
        self._rows = np.zeros(n, np.int64)
        self._write(x, y)
        if self._parts > self._pool.shares(n, self._work):  # once more, for one thread
            self._forth, self._back, self._fill, self._parts = [], [], [], 1
            self._write(x, y)
        self._finish()

    # ------------------------------------------------------------------------------- arrays

    def room(self, *shape) -> int:
        """Return the address of a new array of zeros."""
        array = np.zeros(int(np.prod(shape)) + 16, np.float32)
        self._kept.append(array)
        return -(-array.ctypes.data // 64) * 64

    def copy(self, weight, kind: str, shape, task: str, *sizes) -> int:
        """Return the address of a copy of a weight, which ``task`` makes."""
        key = id(weight), kind
        if key not in self._copies:
            self._copies[key] = self.room(*shape), self._kept[-1], task, weight, sizes
        self._kept.append(self._copies[key][1])
        return self._copies[key][0]

    def panels(self, weight, rows, columns) -> int:
        """Return the address of a weight in panels."""
        width = self._gemm.WIDTH
        return self.copy(weight, "panels", (-(-columns // width), rows, width), "pack_weights", rows, columns)

    def panels_back(self, weight, rows, columns) -> int:
        """Return the address of a weight's transpose in panels."""
        width = self._gemm.WIDTH
        return self.copy(weight, "back", (-(-rows // width), columns, width), "pack_back", rows, columns)

    def bias(self, layer, size) -> int:
        """Return the address of a bias, or of zeros."""
        return self.room(size) if layer.bias is None else _address(layer.bias.value)

    # ------------------------------------------------------------------------------- calls

    def call(self, task: str, *arguments) -> list[int]:
        """Return a row of the table."""
        row = [self._tables.address(task), *map(int, arguments)]
        return row + [0] * (1 + self._tables.ARGUMENTS - len(row))

    def forth(self, task, *arguments, at_once=None) -> None:
        """Add a call to the way forwards."""
        self._forth.append((at_once or self._n, self.call(task, *arguments)))

    def fill(self, weight, rows, columns, task, *arguments) -> None:
        """Say how a weight's gradient is made; it is the first argument, or the second after the tiles."""
        at = _address(weight.grad)
        if task == "outer":
            call = self.call(task, self._gemm.TILES, at, *arguments, rows, columns, self._parts)
        else:
            call = self.call(task, at, *arguments, self._parts)
        self._fill.append((weight, rows, columns, call))

    def _write(self, x, y) -> None:
        model = self._model
        chain = model._symbols[1:]
        sources = [symbol.sources for symbol in chain]
        if sources != [(symbol,) for symbol in model._symbols[:-1]] or not chain:
            raise _UnknownError
        if None in model.input_shape:
            raise _UnknownError
        place = self._take(x, in_steps=type(chain[0].layer) is layers.LSTM)
        said, activation = place, "linear"
        for symbol in chain:
            writer = _WRITERS.get(type(symbol.layer))
            if writer is None:
                raise _UnknownError
            activation = getattr(getattr(symbol.layer, "activation", None), "__name__", "linear")
            ends = symbol is chain[-1] and model._from_scores()
            if activation not in ("linear", "relu") and not ends:
                raise _UnknownError
            said = writer(self, symbol.layer, said, "linear" if ends else activation)
        self._lose(y, said, chain[-1].shape)

    def _take(self, x, in_steps: bool) -> int:
        """Fetch a batch's examples: the first calls of a step."""
        place = self.room(self._n, *x.shape[1:])
        if in_steps:
            self.forth("take_sequences", _address(x), _address(self._rows), place, self._n, *x.shape[1:])
        else:
            self.forth("take_rows", _address(x), _address(self._rows), place, x[0].size)
        return place

    def _lose(self, y, said: int, shape) -> None:
        """Add the loss, and behind it the way back."""
        loss, width = self._model.loss, int(np.prod(shape))
        from_scores = self._model._from_scores() or getattr(loss, "from_logits", False)
        task = _LOSSES.get((type(loss), from_scores))
        sparse = task == "sparse"
        if task is None or (task in ("sparse", "shares") and len(shape) != 1):
            raise _UnknownError
        if y.shape[1:] != (() if sparse else shape):
            raise _UnknownError  # the layers' way has the right words for it
        loss.check(y, (len(y), *shape))
        targets = self.room(self._n * (2 if sparse else width))
        self.forth("take_rows", _address(y), _address(self._rows), targets, 2 if sparse else width)
        slopes = self.room(self._n, width)
        self._totals = np.zeros(self._parts)
        self._count = self._n * (width if task in ("yes_or_no", "squared") else 1)
        self._said = _array(said, (self._n, *shape))
        self.forth(task, slopes, said, targets, _address(self._totals), self._n, width)
        for number, back in enumerate(reversed(self._back)):
            slopes = back(slopes, number < len(self._back) - 1)

    # ------------------------------------------------------------------------------- layers

    def dense(self, layer, x, activation) -> int:
        """Add a dense layer; return where its output is."""
        (d,), k, n, relu = layer.input_shape, layer.units, self._n, activation == "relu"
        tiles, y, kernel = self._gemm.TILES, self.room(n, k), layer.kernel
        panels = self.panels(kernel, d, k)
        self.forth("dense", tiles, y, x, panels, self.bias(layer, k), n, d, k, relu)
        self._work += n * d * k * 2

        def back(dy, need_dx):
            dx = self.room(n, d) if need_dx else 0
            turned = self.panels_back(kernel, d, k) if need_dx else 0
            self.forth("dense_back", tiles, dx, dy, y, turned, n, d, k, relu)
            self._work += n * d * k * need_dx
            self.fill(kernel, d, k, "outer", x, dy, n)
            if layer.bias is not None:
                self.fill(layer.bias, 1, k, "total", dy, n, 1, k, k)
            return dx

        self._back.append(back)
        return y

    def conv(self, layer, x, activation) -> int:
        """Add a convolution."""
        from course.nn.ops import convolution_numba as convolution

        (h, w, c), (oh, ow, f), n = layer.input_shape, layer.output_shape, self._n
        kernel, relu, parts, y = layer.kernel, activation == "relu", self._parts, self.room(n, oh, ow, f)
        window = convolution.window((n, h, w, c), kernel.value.shape, layer.strides, layer.padding)
        kh, kw = window[:2]
        rows, geometry = kh * kw * c, (n, h, w, c, oh, ow, f, *window)
        few = f <= convolution.FEW
        width = self._gemm.WIDTH
        across = f if few else -(-f // width) * width
        if few:
            forth, back_too = "few", "few_back"
            first = lines = self.copy(kernel, "lines", (f, rows), "pack_lines", rows, f)
        else:
            forth, back_too = "conv", "conv_back"
            first, lines = self._gemm.TILES, self.panels(kernel, rows, f)
        self.forth(forth, first, y, x, lines, self.bias(layer, f), relu, *geometry, at_once=_IMAGES)
        self._work += n * oh * ow * rows * f * 2

        def back(dy, need_dx):
            dx = self.room(n, h, w, c) if need_dx else 0
            turned = 0
            if need_dx and not few:
                shape = -(-c // width), kh * kw * f, width
                turned = self.copy(kernel, "turned", shape, "pack_turned", kh, kw, c, f)
            dws, dbs = self.room(parts, rows, across), self.room(parts, across)
            self._forth.insert(0, (n, self.call("clear", dws, rows * across)))
            self._forth.insert(0, (n, self.call("clear", dbs, across)))
            place = (dx, dws, dbs, x, y, dy, turned, relu, *geometry)
            self.forth(back_too, first, *place, at_once=_IMAGES)
            self._work += n * oh * ow * rows * f * need_dx
            if few:
                self.fill(kernel, rows, f, "total_lines", dws, parts, rows, f)
            else:
                self.fill(kernel, rows, f, "total", dws, parts, rows, f, across)
            if layer.bias is not None:
                self.fill(layer.bias, 1, f, "total", dbs, parts, 1, f, across)
            return dx

        self._back.append(back)
        return y

    def maxpool(self, layer, x, _) -> int:
        """Add a layer of maxima."""
        (h, w, c), (oh, ow, _), n = layer.input_shape, layer.output_shape, self._n
        if layer.padding != "valid" or layer.pool_size != layer.strides:
            raise _UnknownError
        y = self.room(n, oh, ow, c)
        geometry = n, h, w, c, oh, ow, *layer.pool_size
        self.forth("maxpool", y, x, *geometry, *layer.strides, at_once=_IMAGES)

        def back(dy, need_dx):
            dx = self.room(n, h, w, c)
            self.forth("maxpool_back", dx, x, y, dy, *geometry, at_once=_IMAGES)
            return dx

        self._back.append(back)
        return y

    def upsample(self, layer, x, _) -> int:
        """Add a layer that repeats pixels."""
        geometry = self._n, *layer.input_shape, *layer.size
        y = self.room(self._n, *layer.output_shape)
        self.forth("upsample", y, x, *geometry, at_once=_IMAGES)

        def back(dy, need_dx):
            dx = self.room(self._n, *layer.input_shape)
            self.forth("upsample_back", dx, dy, *geometry, at_once=_IMAGES)
            return dx

        self._back.append(back)
        return y

    def same(self, layer, x, _) -> int:
        """Add a layer that changes nothing but the shape."""
        self._back.append(lambda dy, need_dx: dy)
        return x

    def lstm(self, layer, x, _) -> int:
        """Add an LSTM. What goes in is (T, N, D), and what goes out, unless only the last state does."""
        (steps, d), width, n = layer.input_shape, layer.units, self._n
        place = self._model.layers.index(layer)
        above = self._model.layers[place + 1 : place + 2]
        if any(type(other) is not layers.LSTM for other in self._model.layers[:place]) or layer.go_backwards:
            raise _UnknownError
        if layer.return_sequences != any(type(other) is layers.LSTM for other in above):
            raise _UnknownError  # only an LSTM reads sequences as they lie here
        kernel, recurrent, tiles = layer.kernel, layer.recurrent, self._gemm.TILES
        gates, cs = self.room(steps, n, 4 * width), self.room(steps, n, width)
        zeros = self.room(steps + 1, n, width)  # the state before the first step, and behind it all others
        hs = zeros + 4 * n * width
        of_x = self.panels(kernel, d, 4 * width)
        of_h = self.panels(recurrent, width, 4 * width)
        sizes = n, steps, d, width
        nothing = self.room(n, width)
        self.forth(
            "lstm", tiles, gates, x, hs, cs, nothing, nothing, _address(layer.bias.value), of_x, of_h, *sizes
        )
        self._work += n * steps * (d + width) * 4 * width * 2
        last = 4 * (steps - 1) * n * width

        def back(dy, need_dx):
            upstream = dy
            if not layer.return_sequences:  # all but the last state have no gradient from above
                upstream = self.room(steps, n, width)
                self.forth("take_rows", dy, _address(everyone), upstream + last, width)
            dzs = self.room(steps, n, 4 * width)
            dx = self.room(steps, n, d) if need_dx else 0
            x_back = self.panels_back(kernel, d, 4 * width) if need_dx else 0
            h_back = self.panels_back(recurrent, width, 4 * width)
            states = self.room(n, width), self.room(n, width)
            place = (dzs, upstream, gates, cs, nothing, x_back, h_back, dx, *states)
            self.forth("lstm_back", tiles, *place, *sizes)
            self._work += n * steps * (d * need_dx + width) * 4 * width
            self.fill(kernel, d, 4 * width, "outer", x, dzs, steps * n)
            self.fill(recurrent, width, 4 * width, "outer", zeros, dzs, steps * n)
            self.fill(layer.bias, 1, 4 * width, "total", dzs, steps * n, 1, 4 * width, 4 * width)
            return dx

        everyone = np.arange(n)
        self._kept.append(everyone)
        self._back.append(back)
        return hs if layer.return_sequences else hs + last

    # ------------------------------------------------------------------------------- the table

    def _finish(self) -> None:
        """Make the tables of both phases, and that of the copies of weights."""
        optimizer = self._model.optimizer
        optimizer.prepare(self._model.parameters)
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
        self._phases = [self._table(self._forth), self._table([(1, call) for call in update])]
        self._copying = self._table([(1, call) for call in copies])
        self.copy_weights()

    def _copy_call(self, place, _, task, weight, sizes) -> list[int]:
        return self.call(task, _address(weight.value), place, *sizes, self._parts)

    def _adam(self, weight, rows, columns) -> list[int]:
        model, state = self._model, self._model.optimizer.state
        offset = _address(weight.value) - _address(model.parameters)
        places = [
            _address(part) + offset for part in (model.parameters, model.gradient, state["m"], state["v"])
        ]
        return self.call("adam", *places, _address(self._numbers), rows, columns, self._parts)

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
        self._pool.run(table[0], table[1], n, self._parts)

    def copy_weights(self) -> None:
        """Copy the weights into the form that the first phase reads."""
        self._run(self._copying, self._parts)

    def look(self, rows):
        """Do the first phase; see ``Steps``."""
        self._rows[:] = rows
        self._totals[:] = 0
        self._run(self._phases[0], self._n)
        return sum(self._totals.tolist()) / self._count, self._said

    def move(self) -> None:
        """Do the second phase."""
        optimizer = self._model.optimizer
        if self._fused:
            self._numbers[:] = optimizer.numbers()
        self._run(self._phases[1], self._parts)
        if not self._fused:
            optimizer.apply(self._model.parameters, self._model.gradient)
            self.copy_weights()


def _address(array) -> int:
    return array.ctypes.data


def _array(address, shape):
    """Return the float32 array at an address; it is there as long as its table is."""
    kind = ctypes.c_float * int(np.prod(shape))
    return np.ctypeslib.as_array(kind.from_address(address)).reshape(shape)


_WRITERS = {
    layers.Dense: _Table.dense,
    layers.Conv2D: _Table.conv,
    layers.MaxPooling2D: _Table.maxpool,
    layers.UpSampling2D: _Table.upsample,
    layers.Flatten: _Table.same,
    layers.Reshape: _Table.same,
    layers.LSTM: _Table.lstm,
}
_LOSSES = {  # the loss, and whether it starts from scores
    (losses.SparseCategoricalCrossentropy, True): "sparse",
    (losses.CategoricalCrossentropy, True): "shares",
    (losses.BinaryCrossentropy, True): "yes_or_no",
    (losses.MeanSquaredError, False): "squared",
}
