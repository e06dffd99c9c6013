"""The course is proven: every answer passes, every mistake is caught by name, every lesson keeps its rules."""

import pytest

from course import book, validate

COURSE = book.load()


def problems(lessons, seeds):
    results = validate.validate(COURSE, lessons, seeds)
    return [f"{r.lesson}/{r.exercise}: {problem}" for r in results for problem in r.problems]


@pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.stem)
def test_a_lesson_is_proven_on_five_seeds(lesson):
    assert problems([lesson], seeds=5) == []


def test_the_book_holds_together():
    assert validate.book_problems(COURSE) == []


@pytest.mark.slow
@pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.stem)
def test_a_lesson_is_proven_on_twenty_seeds(lesson):
    assert problems([lesson], seeds=20) == []
