"""Prove the course: the reference passes, the starter is not attempted, every mistake is caught and named as itself.

``validate`` yields one `Result` for each exercise, each lesson and the book; the course is proven when none has a problem.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from course import book, lint, notebooks
from course.errors import CourseError
from course.exercises import definition
from course.exercises.child import compile_observe
from course.exercises.compare import alike, difference
from course.exercises.definition import Definition
from course.exercises.judge import directly, judge
from course.exercises.process import Process
from course.exercises.report import Report
from course.exercises.trial import NotPlain, plain, run

FEWEST_MISTAKES = 4
FEWEST_EXERCISES = 4


@dataclass
class Result:
    """What was proven of one exercise; of a lesson where ``exercise`` is None, of the book where both are.

    Attributes:
        verdicts: ``{mistake: {trial: verdict}}`` on the first seed, the kill table.
        problems: what is not as it should be, each a sentence.
    """

    exercise: str | None
    lesson: str | None
    mistakes: list[str] = field(default_factory=list)
    trials: list[str] = field(default_factory=list)
    verdicts: dict[str, dict[str, str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def kills(self) -> dict[str, list[str]]:
        """The trials that catch each mistake."""
        return {
            m: [t for t, verdict in row.items() if verdict != "passed"] for m, row in self.verdicts.items()
        }

    def row(self) -> dict:
        """Return what ``course validate --json`` prints."""
        keys = ("exercise", "lesson", "mistakes", "trials", "kills", "problems")
        return {key: getattr(self, key) for key in keys}


def steps(course: book.Book, lessons: list[book.Lesson] | None = None) -> int:
    """Return how many results ``validate`` will yield."""
    chosen = course.lessons if lessons is None else lessons
    return sum(1 + len(lesson.exercises) for lesson in chosen) + (lessons is None)


def validate(course: book.Book, lessons: list[book.Lesson] | None = None, seeds: int = 5) -> Iterator[Result]:
    """Yield what is proven, exercise by exercise.

    Args:
        course: the book.
        lessons: the lessons to look at; default: all, and the book as a whole.
        seeds: how many seeds each exercise is tried on.
    """
    for lesson in course.lessons if lessons is None else lessons:
        starters = _judged(lesson, solved=False)
        solved = _judged(lesson, solved=True)
        for exercise in lesson.exercises:
            result = _validate_exercise(exercise, lesson, seeds)
            result.problems += _starter_problems(exercise, lesson, starters.get(exercise.name))
            result.problems += _solved_problems(solved.get(exercise.name))
            yield result
        yield Result(None, lesson.slug, problems=_lesson_problems(lesson, course))
    if lessons is None:
        yield Result(None, None, problems=book_problems(course))


def _validate_exercise(exercise: book.Exercise, lesson: book.Lesson, seeds: int) -> Result:
    result = Result(exercise.name, lesson.slug)
    try:
        found = definition.load(exercise.path)
        result.mistakes = [mistake.name for mistake in found.mistakes]
        result.problems += _form_problems(found)
        kills: dict[str, set[str]] = {}
        for seed in range(seeds):
            result.problems += [
                p for p in _seed_problems(found, seed, kills, result) if p not in result.problems
            ]
        result.problems += _trial_problems(found, result.trials, kills)
    except CourseError as error:
        result.problems.append(str(error))
    except Exception as error:  # an author's reference, trials or observe: say which exercise, go on
        result.problems.append(f"{type(error).__name__} while it was validated: {error}")
    return result


def _form_problems(found: Definition) -> Iterator[str]:
    if not found.title:
        yield "The file has no docstring: its first line says what the exercise is."
    if len(found.hints) < 3:
        yield f"It has {len(found.hints)} hints; wanted are three or more."
    if len(found.mistakes) < FEWEST_MISTAKES and not found.fewer_mistakes:
        yield f"It has {len(found.mistakes)} mistakes; wanted are {FEWEST_MISTAKES}, or FEWER_MISTAKES with a reason."
    if len(found.mistakes) >= FEWEST_MISTAKES and found.fewer_mistakes:
        yield "FEWER_MISTAKES gives a reason, and there are enough."
    if found.starter and found.starter not in [mistake.name for mistake in found.mistakes]:
        yield f"STARTER names the mistake '{found.starter}', which it does not have."
    hints = [mistake.hint for mistake in found.mistakes]
    for mistake in found.mistakes:
        if not mistake.hint.strip():
            yield f"The mistake {mistake.name} has no hint."
        elif hints.count(mistake.hint) > 1:
            yield f"The mistake {mistake.name} has the same hint as another."
    for number, hint in enumerate(found.hints[:2], 1):
        for line in _code_lines(found.sources[found.name]):
            if line in hint:
                yield f"Hint {number} gives away a whole line of the answer: {line}"
    if found.observe_source:
        yield from _observe_problems(found)
    for number, line in enumerate(found.path.read_text(encoding="utf-8").splitlines(), 1):
        if "TODO" in line:
            yield f"Line {number} still has a TODO: {line.partition('TODO')[2].strip(': ')}"


def _code_lines(source: str) -> Iterator[str]:
    """Yield the lines of the answer's body that say something."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.Return | ast.Expr) and not (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        ):
            line = ast.get_source_segment(source, node) or ""
            line = line.removeprefix("return ")
            if "\n" not in line and len(line) >= 8:
                yield line


def _observe_problems(found: Definition) -> Iterator[str]:
    assert found.observe_source is not None
    try:
        alone = compile_observe(found.observe_source, found.name)
    except Exception as error:  # an author's code
        yield f"observe can't be compiled alone: {type(error).__name__}: {error}"
        return
    for trial in found.draw(0):
        here, there = run(found.answer, found.observe, trial.args), run(found.answer, alone, trial.args)
        if not alike(here, there, 0.0, 0.0):
            yield f"observe does not do the same in an empty namespace, on '{trial.name}'. It may use np and builtins."
            return


def _seed_problems(found: Definition, seed: int, kills: dict[str, set[str]], result: Result) -> Iterator[str]:
    trials = found.draw(seed)
    names = [trial.name for trial in trials]
    if not trials:
        yield "It has no trials."
        return
    if not result.trials:
        result.trials = names
        for name in {n for n in names if names.count(n) > 1}:
            yield f"Two trials are called '{name}'."
    if names != result.trials:
        yield "The names of the trials differ from seed to seed."
    for trial in trials:
        try:
            plain(list(trial.args))
        except NotPlain as what:
            yield f"The trial '{trial.name}' holds {what}; trials are plain data."
    reference = judge(found, directly(found, found.answer), seed)
    if reference.verdict != "passed":
        yield f"The reference is {reference.verdict} on seed {seed}: {reference.message}"
    outcomes = {
        m.name: [run(m.answer, found.observe, t.args, ours=True) for t in trials] for m in found.mistakes
    }
    expected = [run(found.answer, found.observe, t.args, ours=True) for t in trials]
    for mistake in found.mistakes:
        verdicts = _verdicts(found, outcomes[mistake.name], expected, names)
        kills.setdefault(mistake.name, set()).update(
            n for n, verdict in verdicts.items() if verdict != "passed"
        )
        if seed == 0:
            result.verdicts[mistake.name] = verdicts
        yield from _mistake_problems(found, mistake, seed)
    yield from _twins(found, outcomes, seed)


def _verdicts(found, outcomes, expected, names) -> dict[str, str]:
    pairs = zip(names, outcomes, expected, strict=True)
    verdicts = {}
    for name, got, wanted in pairs:
        parted = difference(got, wanted, found.rtol, found.atol)
        verdicts[name] = "passed" if parted is None else "raised" if parted.kind == "raised" else "wrong"
    return verdicts


def _mistake_problems(found: Definition, mistake: definition.Mistake, seed: int) -> Iterator[str]:
    report = judge(found, directly(found, mistake.answer, ours=True), seed)
    if report.verdict not in ("wrong", "raised"):
        yield f"The mistake {mistake.name} is {report.verdict} on seed {seed}: no trial catches it."
    elif report.mistake != mistake.name:
        yield f"The mistake {mistake.name} is taken for {report.mistake} on seed {seed}."


def _twins(found: Definition, outcomes, seed: int) -> Iterator[str]:
    names = list(outcomes)
    for i, one in enumerate(names):
        for other in names[i + 1 :]:
            pairs = zip(outcomes[one], outcomes[other], strict=True)
            if all(alike(a, b, found.rtol, found.atol) for a, b in pairs):
                yield f"The mistakes {one} and {other} are alike on every trial of seed {seed}."


def _trial_problems(found: Definition, trials: list[str], kills: dict[str, set[str]]) -> Iterator[str]:
    useful = set().union(*kills.values()) if kills else set()
    for name in trials:
        if name not in useful and name not in found.kept_trials:
            yield f"The trial '{name}' catches no mistake. Say in KEPT_TRIALS why it stays, or drop it."
    for name in found.kept_trials:
        if name not in trials or name in useful:
            yield f"KEPT_TRIALS names '{name}', which {'catches a mistake' if name in useful else 'is no trial'}."


def _judged(lesson: book.Lesson, solved: bool) -> dict[str, Report | str]:
    """Judge the lesson's own cells, as shipped or with the references in place, through the child program."""
    if not lesson.path.exists():
        return {}
    try:
        nb = notebooks.read(lesson.path)
        if solved:
            nb = notebooks.splice(nb, lesson)
        cells = [
            notebooks.Cell(c.id, c.cell_type, c.source, tuple(c.metadata.get("tags", ()))) for c in nb.cells
        ]
        definitions = {e.name: definition.load(e.path) for e in lesson.exercises}
    except CourseError as error:
        return {e.name: str(error) for e in lesson.exercises}
    with Process(notebooks.code_cells(cells, {cell.id for cell in cells})) as process:
        return {name: _judged_alone(found, process) for name, found in definitions.items()}


def _judged_alone(found: Definition, process: Process) -> Report | str:
    try:
        return judge(found, process.caller(found))
    except Exception as error:  # an author's trials, again: the other exercises are still judged
        return f"{type(error).__name__} while it was judged in its lesson: {error}"


def _starter_problems(
    exercise: book.Exercise, lesson: book.Lesson, report: Report | str | None
) -> Iterator[str]:
    if report is None or isinstance(report, str):
        return
    found = definition.load(exercise.path)
    source = notebooks.starter(lesson, exercise.name)
    node = notebooks.find_definition(source, exercise.name)
    if node is None:
        yield f"Its cell defines no {exercise.name}."
        return
    if isinstance(node, ast.FunctionDef) and tuple(a.arg for a in node.args.args) != found.parameters:
        wanted = ", ".join(found.parameters)
        yield f"The starter's parameters are not those of the answer, ({wanted})."
    if not ast.get_docstring(node):
        yield "The starter has no docstring."
    if source.strip().splitlines()[-1] != f"check({exercise.name})":
        yield f"The last line of its cell is not check({exercise.name})."
    wanted = f"{found.minutes} minute{'s' * (found.minutes > 1)}, level {found.level}"
    statements = [c.source for c in notebooks.read_cells(lesson.path) if c.id == f"{exercise.name}-task"]
    if statements and wanted not in statements[0]:
        yield f"Its statement should say '{wanted}', as the exercise file does."
    if found.starter:
        if report.verdict != "wrong" or report.mistake != found.starter:
            yield f"The starter should show the mistake {found.starter}; it is {report.verdict} ({report.mistake})."
    elif report.verdict != "not_attempted":
        yield f"The starter should be not_attempted; it is {report.verdict}: {report.message}"


def _solved_problems(report: Report | str | None) -> Iterator[str]:
    if isinstance(report, str):
        yield report
    elif report is not None and report.verdict != "passed":
        yield f"In the solved lesson the reference is {report.verdict}: {report.message}"


def _lesson_problems(lesson: book.Lesson, course: book.Book) -> list[str]:
    if not lesson.path.exists():
        return [f"SUMMARY.md names {lesson.path.name}, and there is no such file."]
    problems = list(lint.problems(lesson.path, [e.name for e in lesson.exercises]))
    if len(lesson.exercises) < FEWEST_EXERCISES:
        problems.append(f"It has {len(lesson.exercises)} exercises; wanted are {FEWEST_EXERCISES} or more.")
    named = {exercise.path.name for exercise in lesson.exercises}
    problems += [
        f"{file.name} in solutions/{lesson.slug}/ belongs to no exercise of the lesson."
        for file in _files(course.solutions / lesson.slug)
        if file.name not in named
    ]
    return problems


def book_problems(course: book.Book) -> list[str]:
    """Return what is wrong with the book as a whole: doubled names, stray files, too few mistakes too often."""
    problems = []
    names = [exercise.name for lesson in course.lessons for exercise in lesson.exercises]
    problems += [
        f"Two exercises are called {name}." for name in sorted({n for n in names if names.count(n) > 1})
    ]
    folder = course.root / "lessons"
    pages = re.findall(r"\]\(([^)]+\.md)\)", (folder / "SUMMARY.md").read_text(encoding="utf-8"))
    listed = {lesson.path.name for lesson in course.lessons} | {"SUMMARY.md", *pages}
    problems += [f"lessons/{f.name} is not in SUMMARY.md." for f in _files(folder) if f.name not in listed]
    slugs = {lesson.slug for lesson in course.lessons}
    problems += [
        f"solutions/{f.name} belongs to no lesson." for f in _files(course.solutions) if f.name not in slugs
    ]
    fewer = [name for name in names if _has_fewer(course.exercises[name])]
    if len(fewer) > np.ceil(len(names) / 10):
        problems.append(
            f"More than one exercise in ten has fewer than {FEWEST_MISTAKES} mistakes: {', '.join(fewer)}."
        )
    return problems


def _has_fewer(exercise: book.Exercise) -> bool:
    try:
        return bool(definition.load(exercise.path).fewer_mistakes)
    except CourseError:
        return False


def _files(folder: Path) -> list[Path]:
    ignored = ("__pycache__", ".ipynb_checkpoints")
    return sorted(f for f in folder.iterdir() if f.name not in ignored) if folder.is_dir() else []


def kill_table(result: Result) -> str:
    """Lay out mistakes against trials: x where the trial catches the mistake, ! where it raises, a dot where not."""
    width = max(map(len, result.mistakes), default=0)
    marks = {"passed": ".", "wrong": "x", "raised": "!"}
    columns = [chr(ord("a") + i) for i in range(len(result.trials))]
    lines = [f"{result.lesson}/{result.exercise}", f"  {'':<{width}}  {' '.join(columns)}"]
    for mistake, row in result.verdicts.items():
        lines.append(f"  {mistake:<{width}}  {' '.join(marks[row[trial]] for trial in result.trials)}")
    lines += [f"  {column} = {trial}" for column, trial in zip(columns, result.trials, strict=True)]
    return "\n".join(lines)
