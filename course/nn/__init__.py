"""The reference library: Keras's names, plain NumPy to read, and Numba kernels for speed.

    from course.nn.models import Sequential
    from course.nn.layers import Dense

Channels last, float32. Whatever stands here under a name of Keras's means what it means there; where it differs, because
the lessons teach it otherwise, its docstring says so. Parts load when first used, so ``import course.nn`` costs little.
"""

import importlib

_MODULES = (
    "activations",
    "callbacks",
    "datasets",
    "gradcheck",
    "initializers",
    "layers",
    "losses",
    "metrics",
    "models",
    "ops",
    "optimizers",
    "regularizers",
    "utils",
)
_NAMES = {"Sequential": "models", "Model": "models", "Input": "layers"}
__all__ = [*_MODULES, *_NAMES]


def __getattr__(name: str):
    if name in _NAMES:
        return getattr(importlib.import_module(f"course.nn.{_NAMES[name]}"), name)
    if name in _MODULES:
        return importlib.import_module(f"course.nn.{name}")
    raise AttributeError(f"module 'course.nn' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
