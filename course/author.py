"""Begin a lesson or an exercise: files with everything that they need, and TODO where the author's part is.

The exercise is a working example, so that `course validate` has nothing to say about it but its TODOs.
"""

import json
import keyword
import re
from pathlib import Path

from course import notebooks
from course.book import Book, Lesson
from course.errors import CourseError

EXERCISE = '''"""TODO: what it is, in one line."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 8, 2, 1  # TODO: LEVEL is 1 to 5
HINTS = (
    "TODO: what a kind teacher would ask first.",
    "TODO: a pointer that still holds no whole line of the answer.",
    "TODO: nearly the line itself.",
)


def NAME(x):
    return np.sum(x)  # TODO: the answer that a learner should imitate, in plain NumPy


def trials(rng):
    # TODO: from kind to cruel. Ask of each line of a plausible wrong program what would find it out.
    yield "three numbers you can do by hand", np.array([1.0, 2.0, 4.0])
    yield "numbers of both signs", rng.uniform(1, 2, size=5) * np.array([1.0, -1.0, 1.0, 1.0, -1.0])


@wrong("TODO: this is the mean. Say what happened, and what to ask next.")
def takes_the_mean(x):
    return np.mean(x)


@wrong("TODO: the last one is missing.")
def forgets_the_last(x):
    return np.sum(x[:-1])


@wrong("TODO: every minus sign is lost.")
def loses_the_signs(x):
    return np.sum(np.abs(x))


@wrong("TODO: the sign is the other way round.")
def flips_the_sign(x):
    return -np.sum(x)
'''

TASK = """### TODO: a heading that says what is found

TODO: what goes in and what comes out, with shapes, and every rule that a fair learner needs: `x` is (N,), and the
result is a number.

8 minutes, level 2. Stuck? `hint("NAME")`"""

STARTER = '''def NAME(x):
    """TODO: say what it returns for x, (N,)."""
    raise NotImplementedError


check(NAME)'''

CARD = """# TITLE

**TODO: the question of this lesson, in one sentence?**

After it you can

- TODO: three or four objectives, with verbs that can be tested.

TODO: what to know before; minutes; measured run time; data and its licence."""

LESSON = (
    ("markdown", "card", "card", CARD),
    (
        "code",
        "setup",
        "setup",
        "import matplotlib.pyplot as plt\nimport numpy as np\n\n"
        "from course import check, hint, plots, predict, solution\n\n"
        'plt.style.use("course.figures")',
    ),
    ("markdown", "puzzle", "", "## TODO: a concrete failure or puzzle, on real data\n\nTODO: guess first."),
    ("code", "predict-first", "predict", 'predict("TODO: a name for the guess", ...)'),
    ("markdown", "said", "", '## TODO: *"what people often say"*\n\nTODO: run it and see.'),
    (
        "code",
        "said-often",
        "misconception",
        '# TODO: disprove it by running\nassert np.sum([1, 2]) == 3\nprint("TODO: what was found")',
    ),
    ("markdown", "keras", "keras", "## In Keras\n\nTODO: their line beside ours."),
    (
        "markdown",
        "reflection",
        "reflection",
        "## In your own words\n\nTODO: one thing to explain in two sentences.\n\n"
        "<details><summary>One way to say it</summary>\n\nTODO\n\n</details>",
    ),
    (
        "markdown",
        "recap",
        "recap",
        "## TODO: what you have now\n\nTODO: the recap, and the question of the next lesson.",
    ),
)


def new_lesson(book: Book, slug: str, title: str) -> Path:
    """Write a lesson's notebook and its line in SUMMARY.md; return the notebook's path.

    Raises:
        CourseError: if the slug is no slug, or is taken.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", slug):
        raise CourseError(
            f"'{slug}' can't name a lesson: wanted are small letters, digits and _, such as 'bend'."
        )
    taken = [lesson.stem for lesson in book.lessons if lesson.slug == slug]
    if taken:
        raise CourseError(f"There is a lesson '{slug}' already: {taken[0]}.")
    number = max((int(lesson.number) for lesson in book.lessons if lesson.number.isdigit()), default=0) + 1
    path = book.root / "lessons" / f"{number:02}-{slug}.ipynb"
    if path.exists():
        raise CourseError(f"{path} exists already, though SUMMARY.md does not list it.")
    cells = [_cell(kind, name, tag, source.replace("TITLE", title)) for kind, name, tag, source in LESSON]
    _write({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, path)
    summary = book.root / "lessons" / "SUMMARY.md"
    lines = summary.read_text(encoding="utf-8").splitlines()
    after_last = max((n for n, line in enumerate(lines, 1) if ".ipynb)" in line), default=len(lines))
    lines.insert(after_last, f"- [{title}]({path.name})")  # pages may follow the lessons
    summary.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def new_exercise(book: Book, lesson: Lesson, name: str) -> Path:
    """Write an exercise's file and its cells in the lesson; return the file's path.

    Raises:
        CourseError: if the name can't be a function's, or is taken, or the lesson has no notebook.
    """
    if not name.isidentifier() or keyword.iskeyword(name) or name != name.lower():
        raise CourseError(f"'{name}' can't name an exercise: wanted is a function's name, such as 'softmax'.")
    path = book.solutions / lesson.slug / f"{name}.py"
    if name in book.exercises or path.exists():
        where = book.exercises[name].lesson if name in book.exercises else lesson.slug
        raise CourseError(
            f"There is an exercise '{name}' already, in lesson '{where}'. Names are unique in the course."
        )
    if not lesson.path.exists():
        raise CourseError(f"Lesson {lesson.stem} has no notebook yet: wanted {lesson.path}.")
    content = json.loads(lesson.path.read_text(encoding="utf-8"))
    place = _before_the_end(content["cells"])
    content["cells"][place:place] = [
        _cell("markdown", f"{name}-task", "", TASK.replace("NAME", name)),
        _cell("code", name, "exercise", STARTER.replace("NAME", name)),
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(EXERCISE.replace("NAME", name), encoding="utf-8")
    _write(content, lesson.path)
    return path


def _cell(kind: str, name: str, tag: str, source: str) -> dict:
    cell = {"cell_type": kind, "id": name, "metadata": {"tags": [tag]} if tag else {}, "source": source}
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def _before_the_end(cells: list[dict]) -> int:
    """Return the place of the first cell of the closing part, so that the recap stays last."""
    closing = {"keras", "reflection", "recap"}
    return next((i for i, c in enumerate(cells) if closing & set(c["metadata"].get("tags", ()))), len(cells))


def _write(content: dict, path: Path) -> None:
    path.write_text(json.dumps(content), encoding="utf-8")
    notebooks.write(notebooks.tidy(notebooks.read(path)), path)
