"""The commands ``grade``, ``explain`` and ``export``. What they need beyond click is imported when they run."""

import contextlib
import sys
from collections import Counter
from pathlib import Path

import click

from course.errors import CourseError

GRADED, NOT_ALL = 0, 1  # exit statuses; 2 is for what can't be read or written, 130 for Ctrl-C
STOPPED = 130
_PATH = click.Path(path_type=Path)
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.argument("source", type=_PATH, metavar="SUBMISSIONS")
@click.option("--out", type=_PATH, required=True, metavar="DIR", help="Where the results go.")
@click.option("--lesson", metavar="L", help="Grade this lesson only; default: each file tells its own.")
@click.option("--solutions", type=_PATH, metavar="DIR", help="Your own exercises, in the form of solutions/.")
@click.option("--roster", type=_PATH, metavar="CSV", help="Who is in the class: learner, name, email, id.")
@click.option("--points", type=_PATH, metavar="TOML", help="Other points and weights than the exercises say.")
@click.option("--due", metavar="DATE", help="Until when; what comes later is marked late.")
@click.option(
    "--take",
    type=click.Choice(["newest", "best", "in-time"]),
    default="newest",
    show_default=True,
    help="Which of several submissions counts.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Answers judged at once; default: one a processor.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**63 - 1),
    metavar="S",
    help="What trials are drawn from; default: a secret one.",
)
@click.option("--resume", is_flag=True, help="Go on where an earlier run stopped.")
@click.option("--unsafe", is_flag=True, help="Go on with limits only where no sandbox is to be had.")
@click.option("--scheduler", metavar="ADDRESS", help="Let the workers of a Dask cluster judge.")
@click.option("--tls-ca", type=_FILE, metavar="PEM", help="Who signed the cluster's certificates.")
@click.option("--tls-cert", type=_FILE, metavar="PEM", help="Your certificate for it.")
@click.option("--tls-key", type=_FILE, metavar="PEM", help="Your certificate's key.")
def grade(
    source,
    out,
    lesson,
    solutions,
    roster,
    points,
    due,
    take,
    jobs,
    seed,
    resume,
    unsafe,
    scheduler,
    tls_ca,
    tls_cert,
    tls_key,
) -> None:
    """Grade a class's submissions, each answer in a sandbox.

    SUBMISSIONS is a folder of notebooks or .py files named by learner, a folder with one folder for each learner, what
    nbgrader, Canvas, Moodle or Gradescope make, or a zip of any of these.

    DIR gets grades.csv, report.html (open it first), feedback/LEARNER.html and .md, and results.jsonl.

    \b
    Examples:
        course grade submissions --out graded
        course grade submissions.zip --out graded --roster roster.csv
        course grade submitted --out graded --lesson 02-loss --due "2026-11-30 18:00" --take in-time
        course grade submissions --out graded --solutions my-exercises
        course grade submissions --out graded --resume        after Ctrl-C or a power cut
        course grade submissions --out graded --scheduler tcp://host:8786

    With --scheduler this machine reads and writes, and the workers of that Dask cluster judge, each with a sandbox of
    its own. They need the same version of the course (`pip install 'neurons-up[cluster]'`) and none of your files. Without
    TLS (a tls:// address and the three --tls options) whoever reaches the scheduler or a worker can run anything there:
    do that only in a network that you trust.

    Exit status: 0 all graded, 1 a person must look at some, 2 it could not be done, 130 stopped by Ctrl-C.
    """
    from course.grading import classroom

    wish = classroom.Wish(
        source=source,
        out=out,
        lesson=lesson,
        solutions=solutions,
        roster=roster,
        points=points,
        due=due,
        take=take,
        seed=seed,
        jobs=jobs or classroom.processors(),
        resume=resume,
        unsafe=unsafe,
    )
    if scheduler and jobs:
        raise click.UsageError("--jobs is for this machine; with --scheduler the workers' threads count.")
    tls = _certificates(scheduler, tls_ca, tls_cert, tls_key)
    try:
        with _workers(scheduler, tls, unsafe) as share_out:
            outcome = classroom.grade(wish, _warn, lambda *todo: _judge_all(wish, share_out, *todo))
    except KeyboardInterrupt:
        click.echo(
            f"\nStopped. What is graded is kept; add --resume to go on:\n  course grade {source} --out {out} --resume",
            err=True,
        )
        sys.exit(STOPPED)
    except OSError as error:
        raise CourseError(
            f"{error.filename or out}: {error.strerror or error}. What is graded is kept; make room and add --resume to go on."
        ) from None
    sys.exit(_summary(outcome, out))


def _certificates(scheduler: str | None, *files: Path | None):
    """Return the cluster's certificates, if any are given."""
    if not any(files):
        return None
    if scheduler is None:
        raise click.UsageError("--tls-ca, --tls-cert and --tls-key go with --scheduler ADDRESS.")
    if not all(files):
        raise click.UsageError("--tls-ca, --tls-cert and --tls-key go together; one file may be all three.")
    from course.grading import cluster

    return cluster.Certificates(*files)  # type: ignore[arg-type]


def _workers(scheduler: str | None, tls, unsafe: bool):
    """Return a context: who judges, or None for this machine."""
    if scheduler is None:
        return contextlib.nullcontext()
    from course.grading import cluster

    return cluster.connected(scheduler, tls, unsafe=unsafe)


def _warn(text: str) -> None:
    click.secho(f"Warning: {text}", fg="yellow", err=True)


def _judge_all(wish, share_out, submissions, lessons, seed: int) -> None:
    """Judge everything, under a progress bar with the counts of verdicts."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from course.grading import classroom, run

    sizes = {lesson.slug: len(lesson.exercises) for lesson in lessons}
    counts: Counter = Counter()
    finished = classroom.finished(wish.out, submissions)
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=sum(sizes[s.lesson] for s in submissions), completed=finished)

        def progress(row) -> None:
            counts[row.verdict] += 1
            bar.update(task, advance=1, description=_in_words(counts))

        run.grade(
            submissions,
            lessons,
            wish.out,
            seed=seed,
            jobs=wish.jobs,
            resume=wish.resume,
            unsafe=wish.unsafe,
            progress=progress,
            share_out=share_out,
        )


def _in_words(counts: Counter) -> str:
    return ", ".join(
        f"{n} {verdict.replace('_', ' ')}"
        for verdict, n in sorted(counts.items(), key=lambda c: (-c[1], c[0]))
    )


def _summary(outcome, out: Path) -> int:
    """Say what came out; return the exit status."""
    from course.grading.gradebook import BY_HAND

    counts = Counter(row.verdict for row in outcome.rows)
    learners = len({row.learner for row in outcome.rows})
    click.echo(
        f"{learners} learner{'s' * (learners != 1)}, {sum(counts.values())} answers: {_in_words(counts)}."
    )
    levels = sorted({row.sandbox for row in outcome.rows if row.sandbox})
    if levels:
        click.echo(f"Isolation: {', '.join(levels)}.")
    by_hand = sorted({row.learner for row in outcome.rows if row.verdict in BY_HAND})
    if by_hand:
        shown = ", ".join(by_hand[:5]) + (f" and {len(by_hand) - 5} more" if len(by_hand) > 5 else "")
        click.secho(f"To look at by hand: {shown}.", fg="yellow")
    click.echo(f"Open {out / 'report.html'}; the grades are in {out / 'grades.csv'}.")
    return NOT_ALL if by_hand else GRADED


@click.command()
@click.argument("results", type=_PATH)
@click.argument("learner")
@click.argument("exercise")
@click.option("--unsafe", is_flag=True, help="Run it with limits only where no sandbox is to be had.")
def explain(results: Path, learner: str, exercise: str, unsafe: bool) -> None:
    """Show why a grade came out, and judge that one answer again.

    RESULTS is the folder that `course grade` made. The answer is run anew from what is kept there, on the same trials.

    \b
    Example:
        course explain graded ana softmax

    Exit status: 0 the same came out, 1 something else did, 2 there is no such grade.
    """
    import functools

    from course.grading import explain as reasons
    from course.grading import run

    found = reasons.why(results, learner, exercise, functools.partial(run.judge_again, unsafe=unsafe))
    for line in found.lines:
        click.echo(line)
    if found.again is not None:
        click.echo(f"\nJudged again just now:\n{found.again}\n")
        click.echo("The same as in the results." if found.agrees else "This differs from the results.")
    sys.exit(GRADED if found.agrees else NOT_ALL)


@click.group()
def export() -> None:
    """Hand grades or assignments over to other systems."""


@export.command(name="grades")
@click.argument("results", type=_PATH)
@click.option("--format", "form", type=click.Choice(["canvas", "moodle", "gradescope", "csv"]), required=True)
@click.option("--into", type=_PATH, metavar="CSV", help="The file that you exported from Canvas or Moodle.")
@click.option("--column", metavar="NAME", help="Its column for this assignment.")
@click.option("--scale", is_flag=True, help="Scale points to what that file says is possible.")
@click.option("--output", type=_PATH, metavar="PATH", help="Where to write; default: in RESULTS.")
def export_grades(
    results: Path, form: str, into: Path | None, column: str | None, scale: bool, output: Path | None
) -> None:
    """Write grades in the form that another system takes.

    For Canvas and Moodle give the file that you exported there: it comes back with the grades filled in. Learners are
    matched by the ids in it, never by a name; who fits none or two is listed.

    \b
    Examples:
        course export grades graded --format canvas --into gradebook.csv --column "Lesson 2"
        course export grades graded --format moodle --into worksheet.csv --scale
        course export grades graded --format gradescope
        course export grades graded --format csv --output grades.csv

    Exit status: 0 everybody is in it, 1 not everybody, 2 it could not be done.
    """
    from course.grading import gradebook, lms

    run = gradebook.Run.load(results)
    grades = gradebook.grades(gradebook.read_rows(results), run)
    if form == "csv":
        path = output or results / "export.csv"
        gradebook.write(path, lms.plain(grades))
        click.echo(f"{path}: {len(grades)} learners.")
    elif form == "gradescope":
        sys.exit(_gradescope_results(results, output, grades, run))
    else:
        if into is None:
            raise click.UsageError(
                f"--format {form} wants --into FILE: what you exported from {form.capitalize()}."
            )
        path = output or results / f"{form}.csv"
        if path.resolve() == into.resolve():
            raise CourseError(f"{into} would be written over. Choose another --output.")
        if form == "canvas":
            filled = lms.canvas(into, column, grades, scale=scale)
        else:
            filled = lms.moodle(into, column, grades, run, scale=scale)
        path.write_bytes(filled.content)
        sys.exit(_tell(filled, path))


def _tell(filled, path: Path) -> int:
    click.echo(f"{path}: {filled.count} grades filled in.")
    lists = (
        ("In none of its lines", filled.unknown),
        ("In more than one line, or two for one line", filled.ambiguous),
        ("Without a grade yet", filled.ungraded),
    )
    for words, learners in lists:
        if learners:
            click.secho(f"{words}: {', '.join(learners)}.", fg="yellow", err=True)
    return NOT_ALL if any(learners for _, learners in lists) else GRADED


def _gradescope_results(results: Path, output: Path | None, grades, run) -> int:
    import json

    from course.grading import feedback, gradebook, lms

    handed_in = [grade for grade in grades if grade.rows]
    one = output if output and output.suffix == ".json" else None
    if one and len(handed_in) != 1:
        raise CourseError(f"{one} is one file, and {results} has {len(handed_in)} learners. Give a folder.")
    folder = output or results / "gradescope"
    status, written = GRADED, 0
    stems = feedback.stems(handed_in)
    for grade in handed_in:
        try:
            content = lms.gradescope(grade, run, run.course(), at_once=one is not None)
        except CourseError as error:
            click.secho(str(error), fg="yellow", err=True)
            status = NOT_ALL
            continue
        path = one or folder / f"{stems[grade.learner]}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        gradebook.write(path, json.dumps(content, indent=1, ensure_ascii=False) + "\n")
        written += 1
    click.echo(f"{one or folder}: results of {written} learner{'s' * (written != 1)}.")
    return status


@export.command(name="assignment")
@click.argument("lessons", nargs=-1, required=True, metavar="LESSON...")
@click.option("--format", "form", type=click.Choice(["nbgrader", "otter", "gradescope"]), required=True)
@click.option("--output", type=_PATH, default=".", metavar="DIR", help="Where to write; default: here.")
@click.option("--solutions", type=_PATH, metavar="DIR", help="Your own exercises, in the form of solutions/.")
@click.option("--points", type=_PATH, metavar="TOML", help="Other points than the exercises say.")
@click.option(
    "--seed",
    type=click.IntRange(0, 2**63 - 1),
    metavar="S",
    help="What hidden trials are drawn from; default: a secret one.",
)
def export_assignment(
    lessons, form: str, output: Path, solutions: Path | None, points: Path | None, seed: int | None
) -> None:
    """Write lessons as assignments of another grader.

    nbgrader: DIR/source/LESSON/LESSON.ipynb, for `nbgrader generate_assignment LESSON`. otter: DIR/LESSON.ipynb, for
    `otter assign`. Both judge inside the learner's own kernel, where a grade can be forged. gradescope:
    DIR/LESSON-autograder.zip, which runs our own grader in Gradescope's container.

    \b
    Examples:
        course export assignment loss --format nbgrader --output my-class
        course export assignment 2 3 --format otter --output otter
        course export assignment loss --format gradescope --solutions my-exercises
    """
    import secrets

    from course import notebooks
    from course.grading import assignment, own
    from course.grading import points as worth

    course = own.load(solutions)
    weights = worth.read(points, course) if points else worth.Points()
    seed = secrets.randbelow(2**31) if seed is None else seed
    for key in lessons:
        lesson = course.lesson(key)
        if not lesson.exercises:
            raise CourseError(f"Lesson {lesson.stem} has no exercises to grade.")
        if form == "gradescope":
            path = output / f"{lesson.stem}-autograder.zip"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(assignment.gradescope(lesson, course, weights, seed))
        else:
            path = (
                output / "source" / lesson.stem / f"{lesson.stem}.ipynb"
                if form == "nbgrader"
                else output / f"{lesson.stem}.ipynb"
            )
            path.parent.mkdir(parents=True, exist_ok=True)
            make = assignment.nbgrader if form == "nbgrader" else assignment.otter
            notebooks.write(make(lesson, weights, seed), path)
        click.echo(f"{path}: {len(lesson.exercises)} exercises.")
    first = course.lesson(lessons[0]).stem
    click.echo(_NEXT[form].format(first))


_NEXT = {
    "nbgrader": "Next, in that folder: nbgrader generate_assignment {0}",
    "otter": "Next: otter assign {0}.ipynb {0}-dist",
    "gradescope": "Next: upload {0}-autograder.zip as the autograder of a programming assignment on Gradescope.",
}
