"""Neurons Up: learn deep learning by building it.

A notebook needs four names: ``from course import check, predict, hint, solution``. They load when first used, so that
``import course`` costs next to nothing.
"""

import importlib

__version__ = "0.1.0"
__all__ = ["check", "data", "hint", "nn", "plots", "predict", "solution"]


def __getattr__(name: str):
    if name in ("check", "hint", "predict", "solution"):
        return getattr(importlib.import_module("course.exercises.learner"), name)
    if name in ("data", "nn", "plots"):
        return importlib.import_module(f"course.{name}")
    raise AttributeError(f"module 'course' has no attribute {name!r}")
