"""grades.csv: a line for each learner, a column for each exercise. What the grader could not grade is empty, never 0."""

import csv
import io

from course.grading.gradebook import Grade, Run, number, scaled


def text(grades: list[Grade], exercises: dict[str, str], run: Run) -> str:
    """Return the file.

    Args:
        grades: of all learners.
        exercises: the lesson of each exercise graded, in the order of the book.
        run: how it was asked for.
    """
    with_people = any(grade.person for grade in grades)
    about = ["name", "email", "id"] if with_people else []
    names = [f"{lesson}/{name}" for name, lesson in exercises.items()]
    lines = io.StringIO()
    sheet = csv.writer(lines, lineterminator="\n")
    sheet.writerow(["learner", *about, *names, "total", "max", "remark"])
    for grade in grades:
        own = {row.exercise: number(scaled(row, run.points)[0]) for row in grade.rows}
        person = [grade.person.name, grade.person.email, grade.person.id] if grade.person else ["", "", ""]
        cells = [own.get(name, "") for name in exercises]
        texts = [harmless(cell) for cell in [grade.learner, *(person if with_people else [])]]
        sheet.writerow([*texts, *cells, number(grade.total), number(grade.most), harmless(grade.remark)])
    return lines.getvalue()


def harmless(cell: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
