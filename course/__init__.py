"""Neurons Up: learn deep learning by building it.

A notebook needs four names: ``from course import check, predict, hint, solution``.
"""

__version__ = "0.1.0"
