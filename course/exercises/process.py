"""Start the child program and call answers in it, each exercise within its time."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Protocol

from course.exercises import wire
from course.exercises.trial import RESULT_MOST, NotPlain, Outcome, plain

CHILD = Path(__file__).with_name("child.py")
SECONDS = 20.0  # that one exercise may take, in `course check` and in grading
REPLY_MOST = 2 * RESULT_MOST  # bytes of arrays
# What the child program replies. A learner's code may write to its pipe too, so it is looked at before it is used.
_READ = {"problems": list, "defined": dict}
_PROBLEM = {"label": str, "line": int | None, "kind": str, "message": str, "code": str}
_OUTCOME = {
    "value": object,
    "strange": str | None,
    "error": dict | None,
    "changed": list,
    "returned": str,
    "printed": str,
    "notes": list,
    "stopped": str | None,
}
_ERROR = {"kind": str, "kinds": list, "message": str, "where": str | None, "code": str | None}


class Child(Protocol):
    """A running child program: the pipes to it, and its end."""

    stdin: IO[bytes]
    stdout: IO[bytes]

    def kill(self) -> None:
        """End it at once, and whatever the learner's code started. Any thread may call this, more than once."""

    def close(self) -> None:
        """End it if need be, and put away what is left of it."""


class Called(Protocol):
    """What a child program has to know of an exercise: its name, and the source of its ``observe``, if it has one."""

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def observe_source(self) -> str | None: ...  # noqa: D102


class PlainChild:
    """The child program as an ordinary process, in a session of its own; nothing confines it."""

    def __init__(self):
        self._popen = subprocess.Popen(
            [sys.executable, "-I", str(CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # what the learner's code starts must end with it
        )
        self.stdin: IO[bytes] = self._popen.stdin  # type: ignore[assignment]
        self.stdout: IO[bytes] = self._popen.stdout  # type: ignore[assignment]

    def kill(self) -> None:
        """End it, and whatever the learner's code started."""
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._popen.pid, signal.SIGKILL)
        self._popen.kill()

    def close(self) -> None:
        """End it, and close the pipes."""
        self.kill()
        with contextlib.suppress(OSError):  # bytes that the child never read
            self._popen.communicate()


class Process:
    """A learner's definitions, alive in a child program.

    Args:
        cells: ``(label, source, whole)`` of each code cell, in order; ``whole`` runs all of a cell's assignments.
        seconds: time that one exercise (and, apart from it, reading the cells) may take.
        start: starts a child program; grading gives one that starts it in a sandbox.

    Attributes:
        problems: what went wrong while the cells were read, see ``child.run_cells``.
        defined: the labels of the cells that define each name.
        reading_failed: None, ``timed_out`` or ``died``, if the cells could not be read to their end.
    """

    def __init__(self, cells, seconds: float = SECONDS, start: Callable[[], Child] = PlainChild):
        self.cells = [list(cell) for cell in cells]
        self.seconds = seconds
        self.problems: list[dict] = []
        self.defined: dict[str, list[str]] = {}
        self.reading_failed: str | None = None
        self._start_child = start
        self._child: Child | None = None
        self._clock = _Clock()
        self._start()

    def caller(self, definition: Called):
        """Return ``call(trial) -> Outcome`` for one exercise; its time starts now."""
        end = time.monotonic() + self.seconds

        def call(trial) -> Outcome:
            if self._child is None:
                self._start()
            if self._child is None:
                return Outcome(stopped=self.reading_failed)
            message = {"name": definition.name, "observe": definition.observe_source, "trial": list(trial)}
            reply, failed = self._ask(message, end)
            return Outcome(stopped=failed) if failed else Outcome(**reply)

        return call

    def close(self) -> None:
        """End the child program."""
        if self._child is not None:
            self._child.close()
            self._child = None
        self._clock.stop()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _start(self) -> None:
        self._child = self._start_child()
        reply, self.reading_failed = self._ask({"cells": self.cells}, time.monotonic() + self.seconds)
        if reply:
            self.problems, self.defined = reply["problems"], reply["defined"]

    def _ask(self, message, end: float):
        """Send a message; return ``(reply, None)``, or ``(None, reason)`` with the child gone."""
        child = self._child
        assert child is not None
        self._clock.watch(child, end)
        try:
            wire.send(child.stdin, message)
            reply = wire.receive(child.stdout, REPLY_MOST)
            return (_as_read(reply) if "cells" in message else _as_outcome(reply)), None
        except (wire.WireError, OSError):
            late = self._clock.look_away()
            self.close()
            return None, "timed_out" if late else "died"
        except KeyboardInterrupt:
            self.close()  # or its late reply would be taken for the next one
            raise
        finally:
            self._clock.look_away()


class _Clock:
    """Kills a child that has not answered when its time is over; one thread for all questions of an exercise."""

    def __init__(self):
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._watched: Child | None = None
        self._end = 0.0
        self._rang = self._late = False

    def watch(self, child: Child, end: float) -> None:
        """Kill the child at ``end``, by ``time.monotonic``, unless ``look_away`` comes first."""
        with self._lock:
            self._watched, self._late = child, False
            wound = self._timer is not None and end == self._end and not self._rang
        if not wound:
            self.stop()
            self._end, self._rang = end, False
            self._timer = threading.Timer(max(end - time.monotonic(), 0.01), self._ring)
            self._timer.daemon = True
            self._timer.start()

    def look_away(self) -> bool:
        """Let the child be; tell whether it was killed."""
        with self._lock:
            self._watched = None
            return self._late

    def stop(self) -> None:
        """Stop the clock."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _ring(self) -> None:
        with self._lock:
            self._rang = True
            if self._watched is not None:
                self._late = True
                self._watched.kill()


def _as_read(reply) -> dict:
    """Return what ``child.run_cells`` replies; refuse anything else."""
    if (
        _has(reply, _READ)
        and all(_has(problem, _PROBLEM) for problem in reply["problems"])
        and all(isinstance(labels, list) and _all(labels, str) for labels in reply["defined"].values())
    ):
        return reply
    raise wire.WireError("a reply of another form")


def _as_outcome(reply) -> dict:
    """Return the fields of an ``Outcome``, its value plain; refuse anything else."""
    if _has(reply, _OUTCOME) and (reply["error"] is None or _has(reply["error"], _ERROR)):
        texts = reply["notes"] + (reply["error"] or {"kinds": []})["kinds"]
        if _all(texts, str) and _all(reply["changed"], int):
            with contextlib.suppress(NotPlain):
                return {**reply, "value": plain(reply["value"])}
    raise wire.WireError("a reply of another form")


def _has(data, form) -> bool:
    return (
        isinstance(data, dict)
        and data.keys() == form.keys()
        and all(isinstance(data[key], kind) for key, kind in form.items())
    )


def _all(items, kind) -> bool:
    return all(isinstance(item, kind) for item in items)
