"""Exercises: load one, judge an answer, say what is wrong with it, show the report.

An exercise file imports ``wrong`` from here.
"""

from course.exercises.definition import wrong

__all__ = ["wrong"]
