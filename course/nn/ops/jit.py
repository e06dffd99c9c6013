"""How kernels are compiled: cached on disk, with the one set of fast-math rules that keeps NaN, and safe to fork."""

import threading
from typing import Any

import numba
import numpy as np
from numba import types
from numba.extending import intrinsic

# All of fastmath but nnan and ninf: with those, a loss that has become NaN would no longer be noticed.
FASTMATH = {"nsz", "arcp", "contract", "afn", "reassoc"}
LOCK = threading.RLock()  # the threads of ``pool_numba`` have one caller at a time


_config: Any = numba.config  # its attributes are made at run time
_OPTIONS: dict[str, Any] = {"fastmath": FASTMATH, "error_model": "numpy"}


def compiled():
    """Return the decorator for a kernel.

    Where a kernel calls another, the other's lines are put in its place: compiled apart, each would be optimized once for
    itself and once more for each of its callers. Without a place to keep it (a read-only installation and home), a kernel
    is compiled anew in each process.
    """
    return _kept(numba.njit, nogil=True, inline="always")


def cfunc(signature):
    """Return the decorator for a function that is called by its address; see `compiled` for its cache."""
    return _kept(numba.cfunc, signature)


def _kept(compiler, *arguments, **options):
    def decorate(function):
        try:
            return compiler(*arguments, cache=True, **_OPTIONS, **options)(function)
        except RuntimeError:  # "no locator available"
            return compiler(*arguments, **_OPTIONS, **options)(function)

    return decorate


def _pointer_to(kind):
    @intrinsic
    def at(typingctx, address):
        def codegen(context, builder, signature, args):
            return builder.inttoptr(args[0], context.get_value_type(signature.return_type))

        return types.CPointer(kind)(types.int64), codegen

    return at


_floats_at, _ints_at, _doubles_at = map(_pointer_to, (types.float32, types.int64, types.float64))


@numba.njit(inline="always")
def floats(address, shape):
    """Return the float32 array of that shape that lies at an address, an int64."""
    return numba.carray(_floats_at(address), shape)


@numba.njit(inline="always")
def ints(address, shape):
    """Return the int64 array of that shape that lies at an address."""
    return numba.carray(_ints_at(address), shape)


@numba.njit(inline="always")
def doubles(address, shape):
    """Return the float64 array of that shape that lies at an address."""
    return numba.carray(_doubles_at(address), shape)


@compiled()
def scratch(rows, columns):
    """Return an array of zeros to work in. All kernels take theirs from here: each other shape is half a second of compiling."""
    return np.zeros((rows, columns), np.float32)


@compiled()
def floor_of(relu):
    """Return what relu lets nothing fall below; without relu, a floor that is never reached, so that no loop needs a branch."""
    return np.float32(0) if relu else np.float32(-np.inf)


def filled(out, shape):
    """Return the array that a kernel is to fill: ``out`` if it fits, else a new one."""
    return out if out is not None and out.shape == shape else np.empty(shape, np.float32)


def threads() -> int:
    """Return how many threads to use: as many as there are cores, or what NUMBA_NUM_THREADS says."""
    return _config.NUMBA_NUM_THREADS
