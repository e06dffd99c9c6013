"""Data sets, under Keras's names."""

from course.nn.datasets import mnist

__all__ = ["mnist"]
