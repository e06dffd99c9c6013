"""report.html: a class at a glance, for its teacher."""

import html
from collections import Counter
from collections.abc import Iterable
from urllib.parse import quote

from course.book import Book
from course.exercises import definition
from course.exercises.report import with_code
from course.grading.gradebook import BY_HAND, Grade, Run, number, without_note
from course.grading.page import KINDS, MARKS, kind, mark, page, table
from course.grading.rows import Row
from course.grading.similar import Alike

MOST = 200  # lines of one list; the rest is counted
_WORDS = {k: MARKS[k][1] for k in KINDS} | {"other": "to look at"}
_LEVELS = {
    "bubblewrap": "each answer ran in namespaces of its own (bubblewrap), with system calls filtered and limits",
    "landlock": "each answer ran under Landlock, with system calls filtered and limits",
    "limits": "limits only: learners' code could read what you can read (--unsafe)",
}


def as_html(
    grades: list[Grade], exercises: dict[str, str], same: list[Alike], run: Run, pages: dict[str, str]
) -> str:
    """Return the page.

    Args:
        grades: of all learners.
        exercises: the lesson of each exercise graded, in the order of the book.
        same: answers that are the same.
        run: how it was asked for.
        pages: the stem of each learner's feedback.
    """
    course = run.course()
    rows = [row for grade in grades for row in grade.rows]
    lessons = [lesson for lesson in course.lessons if lesson.slug in set(exercises.values())]
    title = "Grades: " + (
        ", ".join(f"{lesson.stem.partition('-')[0]} {lesson.title}" for lesson in lessons) or "no lesson"
    )
    parts = [
        f"<h1>{html.escape(title)}</h1>",
        _cards(grades, rows),
        _by_hand(rows, run),
        _exercises(rows, exercises),
        _mistakes(rows, exercises, course),
        _distribution(grades),
        _alike(same),
        _learners(grades, exercises, pages),
        _how(rows, run),
    ]
    return page(title, "\n".join(part for part in parts if part))


def _cards(grades: list[Grade], rows: list[Row]) -> str:
    totals = sorted(grade.total for grade in grades if grade.total is not None)
    most = max((grade.most for grade in grades), default=0)
    handed_in = sum(bool(grade.rows) for grade in grades)
    judged = [row for row in rows if row.exercise]
    passed = sum(row.verdict == "passed" for row in judged)
    by_hand = len({row.learner for row in rows if row.verdict in BY_HAND})
    cards = [
        (str(handed_in), f"of {len(grades)} handed in" if len(grades) != handed_in else "learners"),
        (f"{passed / len(judged):.0%}" if judged else "–", f"of {len(judged)} answers passed"),
        (f"{number(_median(totals))} / {number(most)}" if totals else "–", "median of points"),
        (str(by_hand), "to look at by hand"),
    ]
    return (
        '<div class="cards">'
        + "".join(f"<div><b>{value}</b>{words}</div>" for value, words in cards)
        + "</div>"
    )


def _median(sorted_numbers: list[float]) -> float:
    half = len(sorted_numbers) // 2
    return (
        sorted_numbers[half]
        if len(sorted_numbers) % 2
        else (sorted_numbers[half - 1] + sorted_numbers[half]) / 2
    )


def _by_hand(rows: list[Row], run: Run) -> str:
    lines: dict[tuple[str, str, str], list[str]] = {}
    for row in rows:
        if row.verdict in BY_HAND:
            lines.setdefault((row.learner, row.verdict, without_note(row.message)), []).append(row.exercise)
    notes = [f"<li>{html.escape(text)}</li>" for text in run.warnings[:MOST]]
    if not lines and not notes:
        return ""
    shown = [
        [html.escape(learner), f"{mark(verdict)} {_some(names)} {MARKS[verdict][1]}", with_code(message)]
        for (learner, verdict, message), names in lines.items()
    ]
    parts = ["<h2>To look at by hand</h2>"]
    if shown:
        parts += [
            "<p>What could not be read or graded is an empty cell in grades.csv, not 0.</p>",
            table(["Learner", "What", "Why"], shown[:MOST], style="stack"),
        ]
    parts.append(_more(len(shown), "results.jsonl has them all"))
    if notes:
        parts.append(f"<ul>{''.join(notes)}</ul>{_more(len(run.warnings), 'run.json has them all')}")
    return "\n".join(parts)


def _some(names: list[str]) -> str:
    given = [name for name in names if name]
    return html.escape(", ".join(given) if len(given) < 4 else f"{len(given)} exercises")


def _more(count: int, where: str) -> str:
    return f'<p class="soft">... and {count - MOST} more; {where}.</p>' if count > MOST else ""


def _exercises(rows: Iterable[Row], exercises: dict[str, str]) -> str:
    counts: dict[str, Counter] = {name: Counter() for name in exercises}
    for row in rows:
        if row.exercise in counts:
            counts[row.exercise][kind(row.verdict)] += 1
    used = [k for k in (*KINDS, "other") if any(c[k] for c in counts.values())]
    key = "".join(f'<li><i class="{k}"></i>{_WORDS[k]}</li>' for k in used)
    lines = []
    for name, count in counts.items():
        all_of_them = sum(count.values())
        words = ", ".join(f"{count[k]} {_WORDS[k]}" for k in used if count[k])
        bar = "".join(
            f'<i class="{k}" style="width:{100 * count[k] / all_of_them:.2f}%"></i>' for k in used if count[k]
        )
        share = f"{count['passed'] / all_of_them:.0%}" if all_of_them else ""
        lines.append(
            [
                f"<code>{html.escape(name)}</code>",
                share,
                f'<div class="bar" role="img" aria-label="{words}" title="{words}">{bar}</div>'
                f'<div class="soft small" aria-hidden="true">{words}</div>',
            ]
        )
    return f'<h2>Exercises</h2><ul class="key">{key}</ul>' + table(
        ["Exercise", "Passed", "What became of it"], lines, (1,)
    )


def _mistakes(rows: Iterable[Row], exercises: dict[str, str], course: Book) -> str:
    count = Counter((row.exercise, row.mistake) for row in rows if row.mistake and row.exercise in exercises)
    if not count:
        return ""
    most = max(count.values())
    lines = [
        [
            f"<code>{html.escape(name)}</code>",
            f"{n} ×",
            f'<code>{html.escape(str(mistake))}</code><div class="bar"><i class="wrong" style="width:{100 * n / most:.2f}%"></i></div>',
            with_code(_hint(course, name, str(mistake))),
        ]
        for (name, mistake), n in sorted(count.items(), key=lambda item: (-item[1], item[0]))[:MOST]
    ]
    return "<h2>Mistakes with a name</h2>" + table(
        ["Exercise", "Times", "Mistake", "What its maker is told"], lines, (1,), "stack"
    )


def _hint(course: Book, name: str, mistake: str) -> str:
    found = definition.load(course.exercise(name).path)
    return next((m.hint for m in found.mistakes if m.name == mistake), "")


def _distribution(grades: list[Grade]) -> str:
    totals = [grade.total for grade in grades if grade.total is not None]
    most = max((grade.most for grade in grades), default=0)
    if not totals or not most:
        return ""
    whole = all(float(total).is_integer() for total in totals) and most <= 15
    bins = int(most) + 1 if whole else 10
    width = 1 if whole else most / bins
    count = Counter(min(int(total / width + 1e-9), bins - 1) for total in totals)
    highest = max(count.values())
    bars = "".join(
        f'<div style="height:{82 * count[i] / highest:.1f}%"><span>{count[i] or ""}</span></div>'
        for i in range(bins)
    )
    labels = [
        number(i * width) if whole else f"{number(i * width)}–{number((i + 1) * width)}" for i in range(bins)
    ]
    words = ", ".join(f"{labels[i]} points: {count[i]}" for i in range(bins) if count[i])
    axis = "".join(f"<span>{label if whole else number(i * width)}</span>" for i, label in enumerate(labels))
    return (
        f'<h2>Points</h2><div class="histogram" role="img" aria-label="{words}">{bars}</div><div class="axis" aria-hidden="true">{axis}</div>'
        f'<p class="soft">{"Learners by their points" if whole else "Learners by their points; each bar begins at the number below it"}, of {number(most)}.</p>'
    )


def _alike(same: list[Alike]) -> str:
    if not same:
        return ""
    files = [f"<li>The very same file: {_people(a.learners)}</li>" for a in same if not a.exercise]
    among = [
        f"<li><code>{html.escape(a.exercise)}</code>: {_people(a.learners)}</li>"
        for a in same
        if a.exercise and not a.reference
    ]
    reference = [
        f"<li><code>{html.escape(a.exercise)}</code>: {_people(a.learners)}</li>" for a in same if a.reference
    ]
    parts = [
        "<h2>The same up to names and white space</h2>",
        '<p class="soft">For you to judge; nothing was deducted. Answers of one or two lines come out alike by themselves and are left out.</p>',
    ]
    for words, items in (("", files), ("Like each other", among), ("Like the reference", reference)):
        if items:
            parts.append(
                f"{f'<h3>{words}</h3>' if words else ''}<ul>{''.join(items[:MOST])}</ul>{_more(len(items), 'they are not listed')}"
            )
    return "\n".join(parts)


def _people(learners: tuple[str, ...]) -> str:
    shown = html.escape(", ".join(learners[:6]))
    if len(learners) <= 6:
        return shown
    return f"{shown} <details><summary>and {len(learners) - 6} more</summary>{html.escape(', '.join(learners[6:]))}</details>"


def _learners(grades: list[Grade], exercises: dict[str, str], pages: dict[str, str]) -> str:
    lines = []
    for grade in grades:
        own = {row.exercise: row.verdict for row in grade.rows}
        everything = own.get("") if "" in own else None
        verdicts = [own.get(name) or everything for name in exercises]
        words = ", ".join(MARKS[v][1] if v else "nothing handed in" for v in verdicts)
        signs = "".join(f'<i class="is-{kind(v)}">{MARKS[v][0]}</i>' if v else "·" for v in verdicts)
        marks = f'<span class="marks" role="img" aria-label="{words}">{signs}</span>'
        name = html.escape((grade.person.name if grade.person else "") or grade.learner)
        if stem := pages.get(grade.learner):
            name = f'<a href="feedback/{quote(stem)}.html">{name}</a>'
        lines.append([name, number(grade.total) or "–", marks, html.escape(grade.remark)])
    order = ", ".join(f"<code>{html.escape(name)}</code>" for name in exercises)
    return f'<h2>Learners</h2><p class="soft">In this order: {order}.</p>' + table(
        ["Learner", "Points", "Exercises", "Remark"], lines, (1,)
    )


def _how(rows: list[Row], run: Run) -> str:
    levels = sorted({row.sandbox for row in rows if row.sandbox})
    versions = sorted({", ".join(f"{k} {v}" for k, v in row.versions.items()) for row in rows if row.sandbox})
    said = [
        f"Isolation: <strong>{html.escape(level)}</strong>: {_LEVELS.get(level, 'each answer ran by itself')}."
        for level in levels
    ]
    said += [f"Trials were drawn from the seed {run.seed}. Keep it to yourself until all have handed in."]
    said += [
        f"Submissions were taken for {html.escape(run.layout)}; of several, the {html.escape(run.take)} counts."
    ]
    said += [f"Due: {html.escape(run.due)}."] if run.due else []
    said += [f"Graded with {html.escape(v)}." for v in versions]
    said += ["Why a grade came out: <code>course explain RESULTS LEARNER EXERCISE</code>."]
    return "<h2>How this was graded</h2><ul>" + "".join(f"<li>{text}</li>" for text in said) + "</ul>"
