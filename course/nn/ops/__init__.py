"""The operations of a net, each twice: the obvious NumPy version, and beside it a Numba kernel.

``ops.dense(...)`` takes the kernel where there is one that fits the arrays (C-contiguous float32), and the NumPy version
otherwise: in float64 for gradient checks, without Numba, in the browser, under ``NUMBA_DISABLE_JIT=1``. Both take the
same arguments and give the same results; tests hold them equal. Some kernels take an ``out`` as well, an array to fill with
their first result in place of a new one: fresh memory costs more than most of what is written into it. To read what an operation does, read the NumPy file.

============== ======================================================
dense          a dense layer and its backward pass
convolution    2-D cross-correlation, and its transpose
pooling        maximum and average over windows; upsampling
recurrent      plain recurrent steps, LSTM, GRU, over whole sequences
losses         losses with their gradients, straight from scores
updates        one optimizer step on flat vectors, in place
============== ======================================================
"""

import contextlib
import functools
import importlib
import importlib.util
import os

import numpy as np

_HOMES = {
    "dense": ("dense", "dense_backward"),
    "convolution": ("conv2d", "conv2d_backward", "conv2d_transpose", "conv2d_transpose_backward"),
    "pooling": (
        "maxpool2d",
        "maxpool2d_backward",
        "avgpool2d",
        "avgpool2d_backward",
        "upsample2d",
        "upsample2d_backward",
    ),
    "recurrent": ("simple_rnn", "simple_rnn_backward", "lstm", "lstm_backward", "gru", "gru_backward"),
    "losses": (
        "softmax_cross_entropy",
        "sparse_softmax_cross_entropy",
        "sigmoid_cross_entropy",
        "squared_error",
        "absolute_error",
    ),
    "updates": ("sgd", "adagrad", "rmsprop", "adam"),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}
_forced: list[str] = []


def backend() -> str:
    """Return which versions are taken where both exist: ``numba`` or ``numpy``."""
    if _forced:
        return _forced[-1]
    return "numba" if _has_numba() else "numpy"


@contextlib.contextmanager
def using(name: str):
    """Take the versions called ``name``, ``numba`` or ``numpy``, inside a ``with`` block."""
    _forced.append(name)
    try:
        yield
    finally:
        _forced.pop()


@functools.cache
def _has_numba() -> bool:
    if os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0"):
        return False
    try:
        return importlib.util.find_spec("numba") is not None
    except (ImportError, ValueError):
        return False


def __getattr__(name: str):
    if name not in _HOME:
        raise AttributeError(f"module 'course.nn.ops' has no attribute {name!r}")
    plain = getattr(importlib.import_module(f"course.nn.ops.{_HOME[name]}"), name)
    found = functools.wraps(plain)(_either(name, plain))
    globals()[name] = found
    return found


def _either(name: str, plain):
    """Return a function that takes the kernel where it fits, else the NumPy version."""

    def operation(*args, out=None, **kwargs):
        if backend() == "numba" and (kernel := _kernel(name)) and _fits(args):
            more = kwargs if out is None else {**kwargs, "out": out}
            result = kernel(*args, **more)
            if result is not NotImplemented:
                return result
        return plain(*args, **kwargs)

    return operation


@functools.cache
def _kernel(name: str):
    try:
        module = importlib.import_module(f"course.nn.ops.{_HOME[name]}_numba")
    except ImportError:
        return None
    return getattr(module, name, None)


def _fits(args) -> bool:
    return all(
        a.dtype == np.float32 and a.flags.c_contiguous
        for a in args
        if isinstance(a, np.ndarray) and a.dtype.kind == "f"
    )
