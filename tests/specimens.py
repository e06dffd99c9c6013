"""Small exercises for tests, written as an author would write them."""

import textwrap

from course.exercises import definition

HEAD = '''"""A specimen."""
import numpy as np
from course.exercises import wrong
MINUTES, LEVEL, POINTS = 1, 1, 1
HINTS = ("first hint", "second hint", "third hint")
'''


def load(folder, name, body, head=HEAD):
    """Write ``name.py`` into a folder and load it."""
    path = folder / f"{name}.py"
    path.write_text(head + textwrap.dedent(body), encoding="utf-8")
    return definition.load(path)
