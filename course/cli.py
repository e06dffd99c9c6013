"""The command ``course``: one short function a command; the work is done in the modules below.

Whatever a command needs beyond the standard library and click is imported when it runs, so that ``course --help``
and ``course check`` start at once.
"""

import json
import os
import sys
import time
from pathlib import Path

import click

from course import __version__
from course.errors import CourseError
from course.grading import commands as grading

SECTIONS = {
    "For learners": ("start", "list", "check", "hint", "solution", "reset", "warmup"),
    "For teachers": ("grade", "explain", "export"),
    "For authors": ("new", "tidy", "solve", "site"),
    "For authors and teachers": ("validate",),
}
PASSED, NOT_PASSED, NOT_READ = 0, 1, 2  # exit statuses


class Refusal(click.ClickException):
    """One message on stderr, exit status 2: something could not be read, written or found."""

    exit_code = NOT_READ

    def show(self, file=None) -> None:
        """Print the message."""
        click.secho(self.format_message(), err=True, fg="red")


class Commands(click.Group):
    """The group of all commands, in sections; turns what a person did wrong into one message."""

    def invoke(self, ctx):
        """Run a command."""
        if os.environ.get("NO_COLOR"):
            ctx.color = False
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="replace")  # a console without a check mark shows ? and goes on
        try:
            return super().invoke(ctx)
        except CourseError as error:
            raise Refusal(str(error)) from None
        except OSError as error:
            if isinstance(error, BrokenPipeError):
                raise
            raise Refusal(f"{error.filename or 'A file'}: {error.strerror or error}.") from None

    def format_commands(self, ctx, formatter) -> None:
        """List the commands by who wants them."""
        for section, names in SECTIONS.items():
            with formatter.section(section):
                formatter.write_dl(
                    [(name, self.commands[name].get_short_help_str(limit=90)) for name in names]
                )


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="`course COMMAND --help` shows examples. A lesson can be called 2, 02-loss or loss.",
)
@click.version_option(__version__, prog_name="course")
def main() -> None:
    """Neurons Up: learn deep learning by building it.

    \b
    Begin with
        course start                    your folder of lessons, opened in JupyterLab
    and when you want to know where you stand,
        course list                     lessons, exercises, what you have passed
        course check 02-loss.ipynb      every exercise of a lesson, checked
    """


@main.command()
@click.argument("folder", default="my-course", type=click.Path(path_type=Path), metavar="[DIR]")
@click.option("--no-browser", is_flag=True, help="Start JupyterLab without a browser, as on a server.")
@click.option("--only-copy", is_flag=True, help="Make or update the folder; don't start JupyterLab.")
def start(folder: Path, no_browser: bool, only_copy: bool) -> None:
    """Make or update your folder of lessons and open JupyterLab.

    DIR is my-course unless you name another. Run it again whenever you like: your work is never written over. If a
    newer version of a lesson that you changed exists, it is put beside yours.

    \b
    Examples:
        course start
        course start ~/deep-learning
        course start --no-browser       on a server: JupyterLab prints the address to open
        course start --only-copy        to work in VS Code or another editor
    """
    from course import book
    from course import start as learner

    course = book.load()
    for line in learner.update(course, folder) or ["Your lessons are up to date."]:
        click.echo(line)
    for line in learner.warnings(folder):
        click.secho(f"Warning: {line}", fg="yellow", err=True)
    if only_copy:
        click.echo(f"Your lessons are in {folder}.")
        return
    if learner.is_root():
        click.secho(
            "Warning: you are root, so the notebooks can change anything on this machine (--allow-root). "
            "An ordinary user is safer.",
            fg="yellow",
            err=True,
        )
    click.echo(f"Your lessons are in {folder}. Opening JupyterLab; Ctrl-C here shuts it down.")
    first = next(lesson.path.name for lesson in course.lessons if lesson.path.exists())
    sys.exit(learner.open_jupyterlab(folder, first, browser=not no_browser))


@main.command(name="list")
def list_() -> None:
    """Show lessons, exercises, minutes, level and what you have passed.

    Your progress is kept in the folder that `course start` made; run this in it, or beside it.
    """
    from rich.console import Console
    from rich.table import Table

    from course import book
    from course.exercises import definition, progress

    home = _home()
    kept = progress.read(home) if home else {}
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column, justify in (
        ("", "left"),
        ("", "left"),
        ("minutes", "right"),
        ("level", "left"),
        ("", "left"),
    ):
        table.add_column(column, justify=justify)  # type: ignore[arg-type]
    for lesson in book.load().lessons:
        found = [definition.load(exercise.path) for exercise in lesson.exercises]
        minutes = str(sum(d.minutes for d in found)) if found else ""
        title = f"{lesson.title}{'' if found else ' (being written)'}"
        table.add_row(f"[bold]{lesson.stem}[/]", f"[bold]{title}[/]", minutes, "", "")
        for d in found:
            mine = kept.get(d.name, {})
            hints = mine.get("hints", 0)
            taken = f"  {hints} hint{'s' * (hints != 1)} taken" if hints else ""
            mark = "[green]✓[/]" if mine.get("passed") else "○"
            table.add_row(f"  {mark} {d.name}", d.title, str(d.minutes), "●" * d.level, taken)
        table.add_row()
    console = Console()
    if not console.is_terminal:
        console.width = 110
    console.print(table)
    console.print("Minutes are those of the exercises; a lesson with its text takes 60 to 90.")
    known = book.load().exercises
    passed = sum(bool(kept.get(name, {}).get("passed")) for name in known)
    if home:
        console.print(f"You have passed {passed} of {len(known)} exercises.")
    else:
        console.print("No progress here: it is kept in the folder that `course start` makes.")


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option("--exercise", metavar="NAME", help="Check this one exercise.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print a list of {exercise, verdict, mistake, trial, message}."
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, min_open=True),
    default=20.0,
    show_default=True,
    help="What each exercise may take.",
)
@click.option("--watch", is_flag=True, help="Check again whenever a file is saved; Ctrl-C ends it.")
def check(paths: tuple[Path, ...], exercise: str | None, as_json: bool, seconds: float, watch: bool) -> None:
    """Check the exercises of notebooks or .py files.

    Each exercise gets a verdict, and a wrong answer the reason: which typical mistake gives the same result, and
    the smallest input on which it shows.

    \b
    Examples:
        course check my-course/02-loss.ipynb
        course check my-course                      every lesson in that folder
        course check loss                           the lesson, in your folder
        course check 02-loss.ipynb --exercise softmax
        course check 02-loss.ipynb --watch
        course check answer.py --exercise softmax --json

    Exit status: 0 all passed, 1 not all passed, 2 a file could not be read.
    """
    if watch and as_json:
        raise click.UsageError("--watch is for people, --json for programs: choose one.")
    paths = tuple(found for path in paths for found in _notebooks_meant(path))
    if watch:
        _watch(paths, exercise, seconds)
        return
    status, rows = PASSED, []
    for path in paths:
        try:
            reports = _check(path, exercise, seconds)
        except CourseError as error:
            Refusal(str(error)).show()
            status = NOT_READ
            continue
        if not all(report.verdict == "passed" for report in reports):
            status = max(status, NOT_PASSED)
        if as_json:
            rows += [report.row() for report in reports]
        else:
            _show(reports, path if len(paths) > 1 else None)
    if as_json:
        click.echo(json.dumps(rows, indent=1))
    sys.exit(status)


def _check(path: Path, exercise: str | None, seconds: float) -> list:
    from course import checking

    return checking.check_file(path, exercise, seconds)


def _show(reports: list, path: Path | None) -> None:
    """Print reports, and how many passed."""
    colours = {"passed": "green", "wrong": "red", "raised": "red", "timed_out": "yellow"}
    if path:
        click.secho(str(path), bold=True)
    for report in reports:
        first, _, rest = str(report).partition("\n")
        click.secho(first, fg=colours.get(report.verdict))
        click.echo(rest + "\n")
    passed = sum(report.verdict == "passed" for report in reports)
    click.echo(f"{passed} of {len(reports)} passed.")


def _watch(paths: tuple[Path, ...], exercise: str | None, seconds: float) -> None:
    """Check each file now and whenever it is saved, until Ctrl-C."""
    seen: dict[Path, float | None] = {}
    try:
        while True:
            for path in paths:
                saved = path.stat().st_mtime if path.exists() else None
                if path in seen and seen[path] == saved:
                    continue
                seen[path] = saved
                try:
                    _show(_check(path, exercise, seconds), path)
                except CourseError as error:
                    Refusal(str(error)).show()
                click.echo("Watching; save the file to check it again, Ctrl-C to end.\n")
            time.sleep(0.3)
    except KeyboardInterrupt:
        click.echo()


@main.command()
@click.argument("exercise")
@click.argument("number", required=False, metavar="[N]")
def hint(exercise: str, number: str | None) -> None:
    """Show the next hint for an exercise, or hint N.

    \b
    Examples:
        course hint softmax
        course hint softmax 3
    """
    from course.exercises import learner, progress

    found = _definition(exercise)
    most, home = len(found.hints), _home()
    if number and not (number.isdigit() and 1 <= int(number) <= most):
        raise CourseError(f"{exercise} has hints 1 to {most}; there is no hint {number}.")
    taken = progress.read(home).get(exercise, {}).get("hints", 0) if home else 0
    shown = int(number) if number else min(taken + 1, most)
    learner.hint(exercise, shown)
    if home:
        progress.record(exercise, hints=shown, start=home)  # also when run beside the learner's folder
    elif shown < most:
        click.echo(f"\n`course hint {exercise} {shown + 1}` shows the next one.")


@main.command()
@click.argument("exercise")
def solution(exercise: str) -> None:
    """Show an exercise's answer, what it is tried on, and the ways people get it wrong."""
    from course.exercises import learner

    learner.solution(_definition(exercise).name)


@main.command()
@click.argument("exercise")
def reset(exercise: str) -> None:
    """Put an exercise's starter back in your notebook; your attempt is kept beside it.

    Run it in the folder that `course start` made. If the notebook is open in JupyterLab, save it first, and
    afterwards choose File > Reload Notebook from Disk.
    """
    from course import book
    from course import start as learner

    course = book.load()
    path, kept = learner.reset(course, course.exercise(exercise), _home() or Path.cwd())
    if kept:
        click.echo(f"{path.name} has the starter of {exercise} again. Your attempt is kept in {kept}.")
        click.echo("Is the notebook open? Then choose File > Reload Notebook from Disk.")
    else:
        click.echo(f"{path.name} has the starter of {exercise}; there was no attempt to keep.")


@main.command()
def warmup() -> None:
    """Compile the fast kernels of course.nn now, so that the first training starts at once.

    It takes some fifteen seconds, once for each computer and each version of the course; what is compiled is kept in a cache.
    Without it the same happens the first time that you train a net.
    """
    from rich.progress import track

    from course.nn import ops
    from course.nn import warmup as kernels

    if ops.backend() != "numba":
        click.echo(
            "There are no kernels to compile: Numba is missing or switched off, and NumPy serves in their place."
        )
        return
    steps = track(kernels.warm(), "Compiling", total=len(kernels.kernels()), transient=True)
    seconds = {name: taken for name, taken in steps}  # noqa: C416 - read while the bar moves
    slow = [f"{name} {taken:.1f} s" for name, taken in seconds.items() if taken > 0.3]
    click.echo(
        f"Ready. {'Compiled: ' + ', '.join(slow) + '.' if slow else 'Everything was in the cache already.'}"
    )


for command in (grading.grade, grading.explain, grading.export):
    main.add_command(command)


@main.command()
@click.option("--lesson", "lessons", multiple=True, metavar="L", help="Only this lesson (may be repeated).")
@click.option(
    "--seeds", type=click.IntRange(min=1), default=5, show_default=True, help="Draw trials this often."
)
@click.option("--kill-table", is_flag=True, help="Print which trial catches which mistake.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def validate(lessons: tuple[str, ...], seeds: int, kill_table: bool, as_json: bool) -> None:
    """Prove the course: every answer passes, every mistake is caught by name.

    For each exercise: the reference passes on every seed, the starter has the verdict that it should, each mistake is
    caught and named as itself, no two are alike, every trial catches something. For each lesson: names, tags, hints
    and the numbers in the prose.

    \b
    Examples:
        course validate
        course validate --lesson loss --kill-table
        course validate --seeds 20 --json

    Exit status: 0 no problem, 1 problems, 2 something could not be read.
    """
    from course import book
    from course import validate as proof

    course = book.load()
    chosen = [course.lesson(key) for key in lessons] or None
    results = []
    for result in proof.validate(course, chosen, seeds):
        results.append(result)
        if not as_json:
            _show_result(result)
            if kill_table and result.exercise:
                click.echo(proof.kill_table(result) + "\n")
    problems = sum(len(result.problems) for result in results)
    if as_json:
        rows = [result.row() for result in results if result.exercise or result.problems]
        click.echo(json.dumps(rows, indent=1))
    else:
        exercises = [result for result in results if result.exercise]
        mistakes = sum(len(result.mistakes) for result in exercises)
        click.echo(
            f"{len(exercises)} exercises with {mistakes} named mistakes, {seeds} seeds: "
            + (f"{problems} problem{'s' * (problems != 1)}." if problems else "proven.")
        )
    sys.exit(NOT_PASSED if problems else PASSED)


def _show_result(result) -> None:
    if result.exercise:
        name = f"{result.lesson}/{result.exercise}"
    else:
        name = f"lesson {result.lesson}" if result.lesson else "the book"
    click.secho(f"{'✗' if result.problems else '✓'} {name}", fg="red" if result.problems else "green")
    for problem in result.problems:
        click.echo(f"    {problem}")


@main.command()
@click.argument("paths", nargs=-1, metavar="[LESSON...]")
@click.option("--run", is_flag=True, help="Execute first, so that the stored outputs are fresh.")
@click.option(
    "--check", "only_check", is_flag=True, help="Change nothing; exit with 1 if something would change."
)
def tidy(paths: tuple[str, ...], run: bool, only_check: bool) -> None:
    """Bring lessons into the form in which they are stored.

    Fixed cell ids, execution counts 1..n, text outputs kept, image bytes dropped, no stray metadata.

    \b
    Examples:
        course tidy                                all lessons
        course tidy --run lessons/02-loss.ipynb    execute, then tidy
        course tidy --check                        what CI asks
    """
    from course import book, notebooks

    changed = []
    for path in [_notebook(key) for key in paths] or [
        lesson.path for lesson in book.load().lessons if lesson.path.exists()
    ]:
        nb = notebooks.read(path)
        if run:
            nb = notebooks.run(nb, path.parent)
        fresh = notebooks.tidy(nb)
        if notebooks.dumps(fresh).encode() == path.read_bytes():
            continue
        changed.append(path)
        click.echo(f"{path}: {'would change' if only_check else 'tidied'}.")
        if not only_check:
            notebooks.write(fresh, path)
    if not changed:
        click.echo("All tidy.")
    elif only_check:
        click.echo("Run `course tidy`" + (" with --run." if run else "."))
        sys.exit(NOT_PASSED)


@main.command()
@click.argument("lesson")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Where to write it; default: ./NN-slug-solved.ipynb."
)
@click.option("--force", is_flag=True, help="Write over a file that exists.")
def solve(lesson: str, out: Path | None, force: bool) -> None:
    """Write a lesson's solved notebook: the reference answers in place of the starters.

    \b
    Examples:
        course solve loss
        course solve 2 --out solved/02-loss.ipynb
    """
    from course import book, notebooks

    found = book.load().lesson(lesson)
    path = out or Path(f"{found.stem}-solved.ipynb")
    if path.exists() and not force:
        raise CourseError(
            f"{path} exists already. Choose another name with --out, or write over it with --force."
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    notebooks.write(notebooks.splice(notebooks.read(found.path), found), path)
    click.echo(f"{path}: lesson {found.stem} with its reference answers.")


@main.group()
def new() -> None:
    """Begin a lesson or an exercise, with everything that it needs."""


@new.command(name="lesson")
@click.argument("slug")
@click.argument("title")
def new_lesson(slug: str, title: str) -> None:
    """Begin a lesson: its notebook with the required cells, and its line in SUMMARY.md.

    \b
    Example:
        course new lesson bend "Bending lines"
    """
    from course import author, book

    path = author.new_lesson(book.load(), slug, title)
    click.echo(f"{path}: replace each TODO; `course validate --lesson {slug}` names what is left.")
    click.echo(f"Next: course new exercise {slug} NAME")


@new.command(name="exercise")
@click.argument("lesson")
@click.argument("name")
def new_exercise(lesson: str, name: str) -> None:
    """Begin an exercise: its file under solutions/, its task and starter in the lesson.

    \b
    Example:
        course new exercise bend relu
    """
    from course import author, book

    course = book.load()
    found = course.lesson(lesson)
    path = author.new_exercise(course, found, name)
    click.echo(f"{path}: a working example. Make it yours and replace each TODO.")
    click.echo(
        f"{found.path}: cells '{name}-task' and '{name}' stand before the recap; move them where they belong."
    )
    click.echo(f"`course validate --lesson {found.slug}` names what is left.")


@main.command()
@click.option(
    "--out", default="site", type=click.Path(path_type=Path), show_default=True, help="Where the site goes."
)
@click.option("--serve", is_flag=True, help="Serve it here, and build again whenever a lesson changes.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="For --serve.")
@click.option(
    "--execute", is_flag=True, help="Run every lesson, even if nothing changed since the last time."
)
@click.option(
    "--runtime",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help="A Pyodide runtime to copy into the site, so that readers can run the pages.",
)
def site(out: Path, serve: bool, port: int, execute: bool, runtime: Path | None) -> None:
    """Build the website: the lessons as pages that can be read, and run.

    The pages are mdBook's (book.toml, lessons/SUMMARY.md); `mdbook build` and `mdbook serve` work as well, and make
    pages to read. Lessons are executed for their figures, and not again until something that they use changes.

    For pages that run, give a folder with Pyodide (--runtime), or write runtime = "cdn" under [preprocessor.course]
    in book.toml: then readers' browsers fetch it from a public server, and check every file.

    \b
    Examples:
        course site
        course site --serve
        course site --runtime ~/pyodide --out public
    """
    try:
        import py_mini_racer  # noqa: F401
    except ImportError:
        raise CourseError("The website needs more packages: pip install 'neurons-up[site]'") from None
    from course import book
    from course.site import build

    root = book.find_root()
    if serve:
        try:
            for line in build.serve(root, out, port, folder=runtime, execute=execute):
                click.echo(line)
        except KeyboardInterrupt:
            click.echo()
        return
    click.echo("Building the site ...", err=True)
    build.build(root, out, folder=runtime, execute=execute)
    kind = "local" if runtime else build.configured(root).get("runtime")
    runs = (
        "its pages run in the reader's browser"
        if kind
        else "its pages are for reading (--runtime makes them run)"
    )
    click.echo(f"{out}: {runs}. To look at it: python -m http.server -d {out}")


def _definition(name: str):
    """Load an exercise by its name."""
    from course import book
    from course.exercises import definition

    return definition.load(book.load().exercise(name).path)


def _home() -> Path | None:
    """Return the learner's folder: this one, one above it, or the my-course that `course start` made here."""
    from course.exercises import progress

    return progress.home() or progress.home(Path("my-course"))


def _notebooks_meant(path: Path) -> list[Path]:
    """Return the files that a person means by a file, a folder of lessons, or a lesson's name."""
    from course import book

    lessons = book.load().lessons
    if path.is_dir():
        found = [path / lesson.path.name for lesson in lessons if (path / lesson.path.name).exists()]
        if not found:
            raise CourseError(
                f"{path} is a folder without lessons; wanted is a notebook, a .py file, or the folder that `course start` made."
            )
        return found
    home = _home()
    if not path.exists() and home and path.name == str(path):
        return [home / lesson.path.name for lesson in lessons if lesson.is_called(path.name)] or [path]
    return [path]


def _notebook(key: str) -> Path:
    """Return the path of a notebook given by its path or as a lesson."""
    from course import book

    return Path(key) if Path(key).exists() else book.load().lesson(key).path


if __name__ == "__main__":
    main()
