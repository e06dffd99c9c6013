"""What a learner has passed, kept in the folder that ``course start`` made, and nowhere else.

The file is replaced as a whole under a lock, so that two kernels, or one that is killed, never leave half of it.
"""

import contextlib
import json
import os
from pathlib import Path

MARK = ".course"  # the folder inside a learner's folder; `course start` makes it


def home(start: Path | None = None) -> Path | None:
    """Return the marked folder at or above ``start`` (default: here), or None."""
    here = (start or Path.cwd()).resolve()
    return next((folder for folder in (here, *here.parents) if (folder / MARK).is_dir()), None)


def read(folder: Path) -> dict[str, dict]:
    """Return ``{exercise: {"passed": bool, "hints": int}}``; empty where there is none yet, or it can't be read."""
    try:
        kept = json.loads((folder / MARK / "progress.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    entries = kept.items() if isinstance(kept, dict) else ()
    return {
        name: entry
        for name, entry in entries
        if isinstance(entry, dict) and "passed" in entry and isinstance(entry.get("hints"), int)
    }


def record(
    exercise: str, *, passed: bool | None = None, hints: int | None = None, start: Path | None = None
) -> None:
    """Note that an exercise was passed, or how many of its hints were taken; do nothing outside a marked folder.

    A folder that can't be written to loses the note, never the answer: the caller's work goes on.
    """
    folder = home(start)
    if folder is None:
        return
    from filelock import FileLock, Timeout

    file = folder / MARK / "progress.json"
    with contextlib.suppress(OSError, Timeout), FileLock(file.with_suffix(".lock"), timeout=2):
        kept = read(folder)
        entry = kept.setdefault(exercise, {"passed": False, "hints": 0})
        entry["passed"] = entry["passed"] or bool(passed)
        entry["hints"] = max(entry["hints"], hints or 0)
        fresh = file.with_suffix(".new")
        fresh.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        os.replace(fresh, file)
