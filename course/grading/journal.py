"""``results.jsonl`` while it is written: each finished row is on disk before the next answer begins."""

import json
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import filelock

from course.errors import CourseError
from course.grading.rows import Row

NAME = "results.jsonl"


class Journal:
    """The rows of one folder of results.

    Args:
        out: the folder; it is made if need be.
        keep: tells of a row that an earlier run finished whether it still holds.
        resume: whether such rows are looked at; else the journal starts empty.

    Raises:
        CourseError: if the folder can't be written, or another grader writes there.
    """

    def __init__(self, out: Path, keep: Callable[[Row], bool], *, resume: bool):
        self.out, self.path = out, out / NAME
        self._broken: OSError | None = None
        try:
            out.mkdir(parents=True, exist_ok=True)
            self._lock = filelock.FileLock(out / ".lock", timeout=0)
            self._lock.acquire()
        except filelock.Timeout:
            raise CourseError(
                f"Another `course grade` writes to {out}. Wait for it, or give another --out."
            ) from None
        except OSError as error:
            raise self._unwritable(error) from None
        try:
            for part in [*out.glob(f".{NAME}.*"), *(out / "answers").glob(".*.json.*")]:
                part.unlink()  # of a file that an earlier run was writing when it was killed
            rows = [row for row in self._read() if keep(row)] if resume else []
            self._finished = {row.key for row in rows}
            write_whole(self.path, "".join(row.to_json() + "\n" for row in rows))
            self._file = self.path.open("ab")
        except OSError as error:
            self._lock.release()
            raise self._unwritable(error) from None
        except BaseException:
            self._lock.release()
            raise

    def has(self, key: tuple[str, str, str, str]) -> bool:
        """Tell whether the row of that key, see ``Row.key``, is finished."""
        return key in self._finished

    def add(self, row: Row) -> None:
        """Put a row on disk.

        Raises:
            CourseError: if it can't be written.
        """
        self._put(lambda: self._append(row.to_json() + "\n"))
        self._finished.add(row.key)

    def keep_answers(self, sha256: str, answers: dict) -> None:
        """Keep what was judged as ``answers/SHA256.json``.

        Raises:
            CourseError: if it can't be written.
        """
        path = self.out / "answers" / f"{sha256}.json"
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            self._put(lambda: write_whole(path, json.dumps(answers) + "\n"))

    def sort(self, lessons: Sequence[str], exercises: Sequence[str]) -> None:
        """Sort the rows by learner, and then as the book has lessons and exercises.

        Raises:
            CourseError: if they can't be written.
        """
        places = []
        at = 0
        with self.path.open("rb") as file:
            for line in file:
                row = Row.from_json(line.decode())
                places.append(
                    (
                        row.learner,
                        lessons.index(row.lesson),
                        row.submission,
                        exercises.index(row.exercise),
                        at,
                        len(line),
                    )
                )
                at += len(line)
        places.sort()

        def write():
            with self.path.open("rb") as file, _fresh(self.path) as sorted_file:
                for *_, start, length in places:
                    file.seek(start)
                    sorted_file.write(file.read(length))

        self._put(write)

    def close(self) -> None:
        """Let others write there."""
        self._file.close()
        self._lock.release()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _read(self):
        """Yield the rows of an earlier run. A line that is no row, such as half a row at the end where the grader was
        killed, counts as not finished."""
        if self.path.exists():
            with self.path.open("rb") as lines:
                for line in lines:
                    try:
                        yield Row.from_json(line.decode())
                    except ValueError:
                        continue

    def _append(self, text: str) -> None:
        self._file.write(text.encode())
        self._file.flush()
        os.fsync(self._file.fileno())

    def _put(self, write: Callable[[], None]) -> None:
        """Write; after a failure, never again, for the file may end in half a row."""
        if self._broken is None:
            try:
                return write()
            except OSError as error:
                self._broken = error
        raise self._unwritable(self._broken)

    def _unwritable(self, error: OSError) -> CourseError:
        return CourseError(
            f"The results can't be written to {self.out}: {error.strerror or error}. What is finished is kept: "
            "put that right and go on with --resume."
        )


class _fresh:  # noqa: N801 - a context manager that reads like a function
    """Write a file beside ``path`` and put it in its place when it is whole and on disk."""

    def __init__(self, path: Path):
        self.path = path
        self.beside = path.with_name(f".{path.name}.{threading.get_ident()}")

    def __enter__(self):
        self.file = self.beside.open("wb")
        return self.file

    def __exit__(self, kind, *_):
        try:
            self.file.flush()
            os.fsync(self.file.fileno())
        finally:
            self.file.close()
        if kind is None:
            os.replace(self.beside, self.path)


def write_whole(path: Path, text: str) -> None:
    """Write a file as a whole or not at all, and onto the disk."""
    with _fresh(path) as file:
        file.write(text.encode())
