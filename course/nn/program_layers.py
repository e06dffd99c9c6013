"""How each kind of layer is written down: its calls on the way forwards, and what it adds to the way back.

A writer is given the table (see `course.nn.program`), the layer, the address of what goes in, and the bend at its end; it
returns the address of what comes out. What it appends to ``table.way_back`` is called with the address of the gradient in
that, and with whether the gradient in the input is needed, and returns the address of that one.
"""

import numpy as np

from course.nn import layers
from course.nn.program_table import UnknownError, address

IMAGES = 4  # so many go through neighbouring layers together: each finds in the cache what the last has left


def dense(table, layer, x, activation) -> int:
    """Add a dense layer; return where its output is."""
    (d,), k, n, relu = layer.input_shape, layer.units, table.n, activation == "relu"
    tiles, y, kernel = table.gemm.TILES, table.room(n, k), layer.kernel
    panels = table.panels(kernel, d, k)
    table.forth("dense", tiles, y, x, panels, table.bias(layer, k), n, d, k, relu)
    table.work += n * d * k * 2

    def back(dy, need_dx):
        dx = table.room(n, d) if need_dx else 0
        turned = table.panels_back(kernel, d, k) if need_dx else 0
        table.forth("dense_back", tiles, dx, dy, y, turned, n, d, k, relu)
        table.work += n * d * k * need_dx
        table.fill(kernel, d, k, "outer", x, dy, n)
        if layer.bias is not None:
            table.fill(layer.bias, 1, k, "total", dy, n, 1, k, k)
        return dx

    table.way_back.append(back)
    return y


def conv(table, layer, x, activation) -> int:
    """Add a convolution."""
    from course.nn.ops import convolution_numba as convolution

    (h, w, c), (oh, ow, f), n = layer.input_shape, layer.output_shape, table.n
    kernel, relu, parts, y = layer.kernel, activation == "relu", table.parts, table.room(n, oh, ow, f)
    window = convolution.window((n, h, w, c), kernel.value.shape, layer.strides, layer.padding)
    kh, kw = window[:2]
    rows, geometry = kh * kw * c, (n, h, w, c, oh, ow, f, *window)
    few = f <= convolution.FEW
    width = table.gemm.WIDTH
    across = f if few else -(-f // width) * width
    if few:
        forth, back_too = "few", "few_back"
        first = lines = table.copy(kernel, "lines", (f, rows), "pack_lines", rows, f)
    else:
        forth, back_too = "conv", "conv_back"
        first, lines = table.gemm.TILES, table.panels(kernel, rows, f)
    table.forth(forth, first, y, x, lines, table.bias(layer, f), relu, *geometry, at_once=IMAGES)
    table.work += n * oh * ow * rows * f * 2

    def back(dy, need_dx):
        dx = table.room(n, h, w, c) if need_dx else 0
        turned = 0
        if need_dx and not few:
            shape = -(-c // width), kh * kw * f, width
            turned = table.copy(kernel, "turned", shape, "pack_turned", kh, kw, c, f)
        dws, dbs = table.room(parts, rows, across), table.room(parts, across)
        table.way_forth.insert(0, (n, table.call("clear", dws, rows * across)))
        table.way_forth.insert(0, (n, table.call("clear", dbs, across)))
        place = (dx, dws, dbs, x, y, dy, turned, relu, *geometry)
        table.forth(back_too, first, *place, at_once=IMAGES)
        table.work += n * oh * ow * rows * f * need_dx
        if few:
            table.fill(kernel, rows, f, "total_lines", dws, parts, rows, f)
        else:
            table.fill(kernel, rows, f, "total", dws, parts, rows, f, across)
        if layer.bias is not None:
            table.fill(layer.bias, 1, f, "total", dbs, parts, 1, f, across)
        return dx

    table.way_back.append(back)
    return y


def maxpool(table, layer, x, _) -> int:
    """Add a layer of maxima."""
    (h, w, c), (oh, ow, _), n = layer.input_shape, layer.output_shape, table.n
    if layer.padding != "valid" or layer.pool_size != layer.strides:
        raise UnknownError
    y = table.room(n, oh, ow, c)
    geometry = n, h, w, c, oh, ow, *layer.pool_size
    table.forth("maxpool", y, x, *geometry, *layer.strides, at_once=IMAGES)

    def back(dy, need_dx):
        dx = table.room(n, h, w, c)
        table.forth("maxpool_back", dx, x, y, dy, *geometry, at_once=IMAGES)
        return dx

    table.way_back.append(back)
    return y


def upsample(table, layer, x, _) -> int:
    """Add a layer that repeats pixels."""
    geometry = table.n, *layer.input_shape, *layer.size
    y = table.room(table.n, *layer.output_shape)
    table.forth("upsample", y, x, *geometry, at_once=IMAGES)

    def back(dy, need_dx):
        dx = table.room(table.n, *layer.input_shape)
        table.forth("upsample_back", dx, dy, *geometry, at_once=IMAGES)
        return dx

    table.way_back.append(back)
    return y


def same(table, layer, x, _) -> int:
    """Add a layer that changes nothing but the shape."""
    table.way_back.append(lambda dy, need_dx: dy)
    return x


def lstm(table, layer, x, _) -> int:
    """Add an LSTM. What goes in is (T, N, D), and what goes out, unless only the last state does."""
    (steps, d), width, n = layer.input_shape, layer.units, table.n
    place = table.model.layers.index(layer)
    above = table.model.layers[place + 1 : place + 2]
    if any(type(other) is not layers.LSTM for other in table.model.layers[:place]) or layer.go_backwards:
        raise UnknownError
    if layer.return_sequences != any(type(other) is layers.LSTM for other in above):
        raise UnknownError  # only an LSTM reads sequences as they lie here
    kernel, recurrent, tiles = layer.kernel, layer.recurrent, table.gemm.TILES
    gates, cs = table.room(steps, n, 4 * width), table.room(steps, n, width)
    zeros = table.room(steps + 1, n, width)  # the state before the first step, and behind it all others
    hs = zeros + 4 * n * width
    of_x = table.panels(kernel, d, 4 * width)
    of_h = table.panels(recurrent, width, 4 * width)
    sizes = n, steps, d, width
    nothing = table.room(n, width)
    table.forth(
        "lstm", tiles, gates, x, hs, cs, nothing, nothing, address(layer.bias.value), of_x, of_h, *sizes
    )
    table.work += n * steps * (d + width) * 4 * width * 2
    last = 4 * (steps - 1) * n * width

    def back(dy, need_dx):
        upstream = dy
        if not layer.return_sequences:  # all but the last state have no gradient from above
            upstream = table.room(steps, n, width)
            table.forth("take_rows", dy, address(everyone), upstream + last, width)
        dzs = table.room(steps, n, 4 * width)
        dx = table.room(steps, n, d) if need_dx else 0
        x_back = table.panels_back(kernel, d, 4 * width) if need_dx else 0
        h_back = table.panels_back(recurrent, width, 4 * width)
        states = table.room(n, width), table.room(n, width)
        place = (dzs, upstream, gates, cs, nothing, x_back, h_back, dx, *states)
        table.forth("lstm_back", tiles, *place, *sizes)
        table.work += n * steps * (d * need_dx + width) * 4 * width
        table.fill(kernel, d, 4 * width, "outer", x, dzs, steps * n)
        table.fill(recurrent, width, 4 * width, "outer", zeros, dzs, steps * n)
        table.fill(layer.bias, 1, 4 * width, "total", dzs, steps * n, 1, 4 * width, 4 * width)
        return dx

    everyone = np.arange(n)
    table.kept.append(everyone)
    table.way_back.append(back)
    return hs if layer.return_sequences else hs + last


WRITERS = {
    layers.Dense: dense,
    layers.Conv2D: conv,
    layers.MaxPooling2D: maxpool,
    layers.UpSampling2D: upsample,
    layers.Flatten: same,
    layers.Reshape: same,
    layers.LSTM: lstm,
}
