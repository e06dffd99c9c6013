"""One small matrix product, fast: the kernel that dense layers, convolutions and LSTMs are made of.

A processor multiplies fastest when the numbers it adds to stay in its registers. So this kernel computes a small *tile* of
the result: up to 14 rows, 32 columns wide (with AVX-512: 14 x 2 vectors of 16 floats, 28 of the 32 registers). For each
step of the sum it loads two vectors of B, and for each row one number of A, spread over a vector:

    for each k1, k:                        # the sum runs over two nested indices
        b0, b1 = B[k1, k, 0:16], B[k1, k, 16:32]
        for each row i:
            C[i, 0:16]  += A[i, k1, k] * b0
            C[i, 16:32] += A[i, k1, k] * b1

That is all. Every stride of A is free, and that makes the same kernel serve everywhere: rows of a matrix or of its
transpose; and the windows of an image, where row i is a pixel further to the right, k runs along one line of the window
(kw * C numbers that lie side by side in memory) and k1 goes down the lines. A convolution needs no copy of its windows.

B is packed beforehand into panels of 32 columns, one after the other, so that the kernel reads it straight through.

Python and Numba can't say "keep these 28 vectors in registers", so the kernel is written as LLVM instructions, by the
function `_emit`, once for each number of rows. Everything around it is ordinary Numba. Where the processor has AVX2 and
not AVX-512, vectors hold 8 floats, there are 16 registers, and a tile has up to 6 rows of 16 columns.
"""

import numpy as np
from llvmlite import binding, ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from course.nn.ops.jit import cfunc, compiled, scratch


def _lanes() -> int:
    """Return how many floats a vector of this processor holds."""
    features = binding.get_host_cpu_features()
    return 16 if features.get("avx512f") else 8


LANES = _lanes()
WIDTH = 2 * LANES  # columns of a tile
ROWS = 14 if LANES == 16 else 6  # the most rows of a tile
_INT, _FLOAT = ir.IntType(64), ir.FloatType()
_VECTOR = ir.VectorType(_FLOAT, LANES)
_ARGUMENTS = [types.int64] * 11


def _emit(builder, rows, vectors, c, ldc, a, row, outer, inner, b, n_outer, n_inner, add) -> None:
    """Write the instructions of a tile with that many rows and vectors a row. Addresses and strides are in bytes."""
    signature = ir.FunctionType(_VECTOR, [_VECTOR] * 3)
    fma = cgutils.get_or_insert_function(builder.module, signature, f"llvm.fma.v{LANES}f32")
    zero = ir.Constant(_INT, 0)

    def address(base, *terms):
        for stride, count in terms:
            base = builder.add(base, builder.mul(stride, ir.Constant(_INT, count)))
        return base

    def vector(place, offset):
        place = builder.add(place, ir.Constant(_INT, 4 * LANES * offset))
        return builder.inttoptr(place, _VECTOR.as_pointer())

    tiles = [(i, v) for i in range(rows) for v in range(vectors)]
    start = builder.block
    load = builder.append_basic_block("load")
    begin = builder.append_basic_block("begin")
    builder.cbranch(builder.icmp_signed("!=", add, zero), load, begin)
    builder.position_at_end(load)
    old = [builder.load(vector(address(c, (ldc, i)), v), align=4) for i, v in tiles]
    builder.branch(begin)

    builder.position_at_end(begin)
    firsts = []
    for value in old:
        first = builder.phi(_VECTOR)
        first.add_incoming(ir.Constant(_VECTOR, [0.0] * LANES), start)
        first.add_incoming(value, load)
        firsts.append(first)
    outer_loop = builder.append_basic_block("outer")
    inner_loop = builder.append_basic_block("inner")
    outer_end = builder.append_basic_block("outer_end")
    end = builder.append_basic_block("end")
    builder.branch(outer_loop)

    builder.position_at_end(outer_loop)
    k1, a1, b1 = builder.phi(_INT), builder.phi(_INT), builder.phi(_INT)
    sums1 = [builder.phi(_VECTOR) for _ in tiles]
    for phi, value in zip([k1, a1, b1, *sums1], [zero, a, b, *firsts], strict=True):
        phi.add_incoming(value, begin)
    builder.branch(inner_loop)

    builder.position_at_end(inner_loop)
    k, a2, b2 = builder.phi(_INT), builder.phi(_INT), builder.phi(_INT)
    sums = [builder.phi(_VECTOR) for _ in tiles]
    for phi, value in zip([k, a2, b2, *sums], [zero, a1, b1, *sums1], strict=True):
        phi.add_incoming(value, outer_loop)
    panel = [builder.load(vector(b2, v), align=4) for v in range(vectors)]
    added = []
    for i in range(rows):
        number = builder.load(builder.inttoptr(address(a2, (row, i)), _FLOAT.as_pointer()), align=4)
        single = builder.insert_element(
            ir.Constant(_VECTOR, ir.Undefined), number, ir.Constant(ir.IntType(32), 0)
        )
        spread = builder.shuffle_vector(
            single,
            ir.Constant(_VECTOR, ir.Undefined),
            ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES),
        )
        added += [builder.call(fma, [spread, panel[v], sums[vectors * i + v]]) for v in range(vectors)]
    following = builder.add(k, ir.Constant(_INT, 1))
    a3 = builder.add(a2, inner)
    b3 = builder.add(b2, ir.Constant(_INT, 4 * WIDTH))
    for phi, value in zip([k, a2, b2, *sums], [following, a3, b3, *added], strict=True):
        phi.add_incoming(value, inner_loop)
    builder.cbranch(builder.icmp_signed("<", following, n_inner), inner_loop, outer_end)

    builder.position_at_end(outer_end)
    next_line = builder.add(k1, ir.Constant(_INT, 1))
    next_a = builder.add(a1, outer)
    for phi, value in zip([k1, a1, b1, *sums1], [next_line, next_a, b3, *added], strict=True):
        phi.add_incoming(value, outer_end)
    builder.cbranch(builder.icmp_signed("<", next_line, n_outer), outer_loop, end)

    builder.position_at_end(end)
    for (i, v), value in zip(tiles, added, strict=True):
        builder.store(value, vector(address(c, (ldc, i)), v), align=4)


@intrinsic
def _any_tile(typingctx, rows, c, ldc, a, row, outer, inner, b, n_outer, n_inner, add):
    """Pick the instructions for a number of rows; arguments as in ``tile``."""
    signature = types.void(*_ARGUMENTS)

    def codegen(context, builder, signature, args):
        wanted, *rest = args
        done = builder.append_basic_block("done")
        switch = builder.switch(wanted, done)
        for count in range(1, ROWS + 1):
            for vectors, case in ((2, count), (1, count + ROWS)):
                block = builder.append_basic_block(f"case{case}")
                switch.add_case(ir.Constant(_INT, case), block)
                builder.position_at_end(block)
                builder.call(_tile_function(builder.module, count, vectors), rest)
                builder.branch(done)
        builder.position_at_end(done)
        return context.get_dummy_value()

    return signature, codegen


def _tile_function(module, rows: int, vectors: int):
    """Return the function for tiles of that size; it is written into a module once, however often it is called."""
    name = f"course_tile_{rows}_{vectors}_{LANES}"
    if name in module.globals:
        return module.globals[name]
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), [_INT] * 10), name)
    function.linkage = "internal"
    function.attributes.add("noinline")
    inside = ir.IRBuilder(function.append_basic_block("start"))
    _emit(inside, rows, vectors, *function.args)
    inside.ret_void()
    return function


# The tiles are compiled once, here. Kernels are handed the address and jump to it: were the tiles a part of each kernel,
# each would compile all of them again, and the first training would begin ten seconds later.
@cfunc(types.void(*_ARGUMENTS))
def _tiles(rows, c, ldc, a, row, outer, inner, b, n_outer, n_inner, add):
    _any_tile(rows, c, ldc, a, row, outer, inner, b, n_outer, n_inner, add)


TILES = _tiles.address


@intrinsic
def tile(typingctx, tiles, rows, c, ldc, a, row, outer, inner, b, n_outer, n_inner, add):
    """Compute one tile: C (+)= the sum over k1 and k of A[i, k1, k] * B[k1, k, :].

    All arguments are int64. Strides are in bytes; places in memory are addresses, as ``array.ctypes.data`` gives them.

    Args:
        tiles: TILES.
        rows: of the tile, 1 to ROWS; plus ROWS for a narrow tile, one vector wide, of the same panel.
        c: where the tile begins.
        ldc: from one row of C to the next.
        a: where A's first number is.
        row: from one row of A to the next.
        outer: from one k1 to the next, in A.
        inner: from one k to the next, in A.
        b: a packed panel, read straight through.
        n_outer: how many k1.
        n_inner: how many k.
        add: 0 to set C, anything else to add to it.
    """

    def codegen(context, builder, signature, args):
        address, *rest = args
        kind = ir.FunctionType(ir.VoidType(), [_INT] * len(_ARGUMENTS))
        builder.call(builder.inttoptr(address, kind.as_pointer()), rest)
        return context.get_dummy_value()

    return types.void(types.int64, *_ARGUMENTS), codegen


def packed(b):
    """Return B, (K, N), in panels of WIDTH columns, (ceil(N / WIDTH), K, WIDTH), zeros beyond N."""
    panels = np.empty((-(-b.shape[1] // WIDTH), b.shape[0], WIDTH), np.float32)
    pack(b, panels, 0, len(b), 0, len(panels))
    return panels


def packed_transposed(b):
    """Return the transpose of B, (N, K), packed."""
    panels = np.empty((-(-b.shape[0] // WIDTH), b.shape[1], WIDTH), np.float32)
    panels[-1] = 0
    pack_transposed(b, panels, 0, len(b), 0, b.shape[1])
    return panels


@compiled()
def pack(b, panels, low, high, first_panel, last_panel):
    """Copy rows ``low`` to ``high`` of B, (K, N), into some of its panels, with zeros beyond N."""
    for p in range(first_panel, last_panel):
        panel, first = panels[p], p * WIDTH
        width = min(WIDTH, b.shape[1] - first)
        for k in range(low, high):
            row, target = b[k, first : first + width], panel[k]
            for j in range(width):
                target[j] = row[j]
            for j in range(width, WIDTH):
                target[j] = np.float32(0)


@compiled()
def pack_transposed(b, panels, low, high, left, right):
    """Copy rows ``low`` to ``high`` of B, (N, K), columns ``left`` to ``right``, into panels of its transpose."""
    for i in range(low, high):
        row, panel, j = b[i], panels[i // WIDTH], i % WIDTH
        for k in range(left, right):
            panel[k, j] = row[k]


_LENGTH = 256  # of a sum: so much of A and B stays in the first-level cache


@compiled()
def product(tiles, c, a, row, inner, panels, first, last, columns, add):
    """Compute rows ``first`` to ``last`` of C = A @ B.

    Args:
        tiles: TILES.
        c: (M, N), C-contiguous.
        a: address of A[0, 0].
        row: bytes from one row of A to the next.
        inner: bytes from one column of A to the next: swap the two for a transposed A.
        panels: B, packed, (P, K, WIDTH).
        first: the first row.
        last: one past the last row.
        columns: N.
        add: whether to add to what is there.
    """
    count = panels.shape[1]
    room = scratch(ROWS, WIDTH)
    m = last - first
    chunks = (m + ROWS - 1) // ROWS
    for p in range(panels.shape[0]):
        b = panels[p].ctypes.data
        left = p * WIDTH
        width = min(WIDTH, columns - left)
        for chunk in range(chunks):  # nearly equal chunks, so that no row is done alone
            top = first + chunk * m // chunks
            rows = first + (chunk + 1) * m // chunks - top
            start = a + top * row
            kind = rows if width > LANES else rows + ROWS
            direct = width in (WIDTH, LANES)
            if direct:
                place, ldc, onto = c[top, left:].ctypes.data, 4 * columns, add
            else:
                place, ldc, onto = room.ctypes.data, 4 * WIDTH, 0
            for begin in range(0, count, _LENGTH):
                length = min(_LENGTH, count - begin)
                further = b + 4 * WIDTH * begin
                tile(
                    tiles,
                    kind,
                    place,
                    ldc,
                    start + begin * inner,
                    row,
                    0,
                    inner,
                    further,
                    1,
                    length,
                    onto + begin,
                )
            if direct:
                continue
            for i in range(rows):
                for j in range(width):
                    if add:
                        c[top + i, left + j] += room[i, j]
                    else:
                        c[top + i, left + j] = room[i, j]


_BLOCK = 128  # rows of B that are packed at a time: a panel of them, and A's numbers, stay in the first-level cache


@compiled()
def outer_part(tiles, c, a, b, low, high, first_panel, last_panel):
    """Compute a block of C = A.T @ B, a sum over examples, for A (K, M) and B (K, N): the gradient of a weight matrix.

    The block is rows ``low`` to ``high``, of the columns that panels ``first_panel`` to ``last_panel`` of B make.
    """
    count, m = a.shape
    n = b.shape[1]
    high = max(low, high)
    chunks = (high - low + ROWS - 1) // ROWS
    panel = scratch(_BLOCK, WIDTH)
    result = scratch(high - low, WIDTH)  # of the last panel, if it is wider than what is left of C
    for begin in range(0, count, _BLOCK):  # outermost, so that a block of A is fetched once for all panels
        length = min(_BLOCK, count - begin)
        for p in range(first_panel, last_panel):
            left = p * WIDTH
            width = min(WIDTH, n - left)
            direct = width in (WIDTH, LANES)
            for k in range(length):
                row, target = b[begin + k, left : left + width], panel[k]
                for j in range(width):
                    target[j] = row[j]
                for j in range(width, WIDTH):
                    target[j] = np.float32(0)
            for chunk in range(chunks):
                top = low + chunk * (high - low) // chunks
                rows = low + (chunk + 1) * (high - low) // chunks - top
                start = a[begin, top:].ctypes.data
                kind = rows if width > LANES else rows + ROWS
                if direct:
                    place, ldc = c[top, left:].ctypes.data, 4 * n
                else:
                    place, ldc = result[top - low].ctypes.data, 4 * WIDTH
                tile(tiles, kind, place, ldc, start, 4, 0, 4 * m, panel.ctypes.data, 1, length, begin)
    left = (last_panel - 1) * WIDTH
    width = min(WIDTH, n - left)
    if last_panel > first_panel and width not in (WIDTH, LANES):
        for i in range(low, high):
            for j in range(width):
                c[i, left + j] = result[i - low, j]
