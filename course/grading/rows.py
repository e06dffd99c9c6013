"""One row of the results: what became of one learner's answer to one exercise.

``results.jsonl`` holds one row a line, as JSON with the fields of `Row` in their order.
"""

import json
import platform
from dataclasses import asdict, dataclass, fields

import numpy as np

from course import __version__

VERDICTS = (
    "passed",
    "wrong",
    "raised",
    "not_attempted",
    "timed_out",
    "could_not_check",
    "killed",
    "unreadable",
    "grader_error",
)
# After this the message says what its learner is told, where that is less: their own words may carry private inputs out.
TOLD = "\nThe learner is told: "
_KINDS = {
    "learner": str,
    "lesson": str,
    "exercise": str,
    "verdict": str,
    "mistake": str | None,
    "trial": str | None,
    "message": str,
    "points": float | int | None,
    "max_points": float | int,
    "seconds": float | int,
    "seed": int,
    "sandbox": str,
    "submission": str,
    "versions": dict,
}


@dataclass(frozen=True)
class Row:
    """What became of one answer.

    Attributes:
        learner: the name of the learner's file or folder, without its ending.
        lesson: the lesson's slug, such as ``loss``.
        exercise: the exercise's name, such as ``softmax``.
        verdict: one of ``VERDICTS``; the first six are those of a notebook.
        mistake: the name of the mistake that gives the same result, or None.
        trial: the name of the smallest failing trial, or None.
        message: what a person should read first.
        points: what the answer earned; None if the grader is to blame, never 0 then.
        max_points: what a right answer earns.
        seconds: how long judging it took, by the clock; the only field that differs from run to run.
        seed: what its trials were drawn from.
        sandbox: the level of isolation that it ran at: ``bubblewrap``, ``landlock`` or ``limits``; empty if nothing ran.
        submission: the sha256 of the submitted file, in hexadecimal digits; names ``answers/SHA256.json``.
        versions: ``{"course": ..., "python": ..., "numpy": ...}``, for whoever looks at it next year.
    """

    learner: str
    lesson: str
    exercise: str
    verdict: str
    mistake: str | None
    trial: str | None
    message: str
    points: float | None
    max_points: float
    seconds: float
    seed: int
    sandbox: str
    submission: str
    versions: dict[str, str]

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What tells one answer from every other: the learner, the submitted file, the lesson and the exercise."""
        return self.learner, self.submission, self.lesson, self.exercise

    def to_json(self) -> str:
        """Return the row as one line of JSON, without the newline."""
        return json.dumps(asdict(self), ensure_ascii=False, allow_nan=False)

    @classmethod
    def from_json(cls, line: str) -> "Row":
        """Read what ``to_json`` wrote.

        Raises:
            ValueError: if the line holds anything else, such as half a row.
        """
        try:
            data = json.loads(line)
        except RecursionError:
            raise ValueError("a row nested without end") from None
        if not isinstance(data, dict) or list(data) != [field.name for field in fields(cls)]:
            raise ValueError(f"no row of results: wanted the fields {', '.join(_KINDS)}")
        for name, kind in _KINDS.items():
            if not isinstance(data[name], kind):
                raise ValueError(f"no row of results: '{name}' is {data[name]!r}")
        if data["verdict"] not in VERDICTS:
            raise ValueError(f"no row of results: there is no verdict '{data['verdict']}'")
        return cls(**data)


def software() -> dict[str, str]:
    """Return the versions of what judges."""
    return {"course": __version__, "python": platform.python_version(), "numpy": np.__version__}
