"""Start the child program and call answers in it, each exercise within its time."""

import contextlib
import subprocess
import sys
import threading
import time
from pathlib import Path

from course.exercises import wire
from course.exercises.definition import Definition
from course.exercises.trial import Outcome

CHILD = Path(__file__).with_name("child.py")


class Process:
    """A learner's definitions, alive in a child program.

    Args:
        cells: ``(label, source, whole)`` of each code cell, in order; ``whole`` runs all of a cell's assignments.
        seconds: time that one exercise (and, apart from it, reading the cells) may take.

    Attributes:
        problems: what went wrong while the cells were read, see ``child.run_cells``.
        defined: the labels of the cells that define each name.
        reading_failed: None, ``timed_out`` or ``died``, if the cells could not be read to their end.
    """

    def __init__(self, cells, seconds: float = 20.0):
        self.cells = [list(cell) for cell in cells]
        self.seconds = seconds
        self.problems: list[dict] = []
        self.defined: dict[str, list[str]] = {}
        self.reading_failed: str | None = None
        self._child: subprocess.Popen | None = None
        self._start()

    def caller(self, definition: Definition):
        """Return ``call(trial) -> Outcome`` for one exercise; its time starts now."""
        end = time.monotonic() + self.seconds

        def call(trial) -> Outcome:
            if self._child is None:
                self._start()
            if self._child is None:
                return Outcome(stopped=self.reading_failed)
            message = {"name": definition.name, "observe": definition.observe_source, "trial": list(trial)}
            reply, failed = self._ask(message, end - time.monotonic())
            return Outcome(stopped=failed) if failed else Outcome(**reply)

        return call

    def close(self) -> None:
        """End the child program."""
        if self._child is not None:
            self._child.kill()
            with contextlib.suppress(OSError):  # bytes that the child never read
                self._child.communicate()
            self._child = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _start(self) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-I", str(CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        reply, self.reading_failed = self._ask({"cells": self.cells}, self.seconds)
        if reply:
            self.problems, self.defined = reply["problems"], reply["defined"]

    def _ask(self, message, seconds):
        """Send a message; return ``(reply, None)``, or ``(None, reason)`` with the child gone."""
        child, late = self._child, threading.Event()
        assert child is not None
        assert child.stdin is not None
        assert child.stdout is not None

        def stop():
            late.set()
            child.kill()

        timer = threading.Timer(max(seconds, 0.01), stop)
        timer.start()
        try:
            wire.send(child.stdin, message)
            return wire.receive(child.stdout), None
        except (wire.WireError, OSError):
            self.close()
            return None, "timed_out" if late.is_set() else "died"
        finally:
            timer.cancel()
