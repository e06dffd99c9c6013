"""Where learners' code runs: levels of isolation, and the warm process at each.

From the strongest: ``bubblewrap`` (namespaces and seccomp), ``landlock`` (Landlock and seccomp), ``limits`` (resource limits
only, and only if asked for). A level counts as offered when real attacks, tried at the start, fail there.

At the first two nothing can be written at all, and what can be read is Python, its packages but for ``course``, and the
system's libraries.
"""

import contextlib
import functools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from course.errors import CourseError
from course.exercises.process import CHILD, SECONDS, Process
from course.grading import attacks, syscalls
from course.grading.zygote import BURY, FORK, KILL, NOT_CONFINED, READY

LEVELS = ("bubblewrap", "landlock", "limits")
ZYGOTE = Path(__file__).with_name("zygote.py")
INSIDE = Path("/grader")  # where bubblewrap shows the few files of ours that the warm process is made of
START = 60.0  # seconds that the warm process may take to get warm
# Of each answer, besides its seconds by the clock: threads add up to more processor time than that.
LIMITS = {"CPU": int(SECONDS) + 5, "AS": 2 * 2**30, "FSIZE": 16 * 2**20, "NOFILE": 64, "CORE": 0}
PROCESSES = 64  # threads of one answer; where no namespace counts them, memory for their stacks is the limit
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "HOME": "/nonexistent",
    "LANG": "C.UTF-8",
    "PYTHONHASHSEED": "0",  # so that whoever depends on the order of a set gets the same grade twice
    "PYTHONDONTWRITEBYTECODE": "1",
    "OPENBLAS_NUM_THREADS": "1",  # threads would not live through the fork
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
}


class SandboxError(Exception):
    """The warm process did not start, or is gone."""


@dataclass(frozen=True)
class Level:
    """One level of isolation on this machine.

    Attributes:
        name: one of ``LEVELS``.
        hidden: folders that learners must not see, even where they lie in one that they may.
    """

    name: str
    hidden: tuple[Path, ...] = ()


def choose(hidden: Iterable[Path] = (), *, unsafe: bool = False) -> Level:
    """Return the strongest level that this machine offers and that withstands the attacks tried on it.

    Args:
        hidden: folders that learners must not see, such as those of answers and results.
        unsafe: whether limits only will do.

    Raises:
        CourseError: if no level is left; the message says why, and what to install.
    """
    hidden = tuple(hidden)
    reasons: list[str] = []
    for name in LEVELS[: 3 if unsafe else 2]:
        level = Level(name, hidden)
        reason = why_not(level)
        if reason is None:
            return level
        reasons.append(f"{name}: {reason}")
    raise CourseError(
        f"Learners' code can't be isolated here. {' '.join(reasons)} Grade on Linux with bubblewrap and libseccomp "
        "(apt install bubblewrap libseccomp2), or in a virtual machine that holds nothing else, with --unsafe."
    )


def why_not(level: Level) -> str | None:
    """Tell why a level is not offered here, in a sentence; None if it is."""
    if not hasattr(os, "fork"):
        return "this system has no fork (on Windows, use WSL)."
    if level.name == "limits":
        return None
    if sys.platform != "linux":
        return "it needs Linux."
    if level.name == "bubblewrap" and shutil.which("bwrap") is None:
        return "it is not installed."
    try:
        with Zygote(level) as zygote:
            return _attack(zygote)
    except (OSError, SandboxError) as error:
        return f"it did not start: {error}."


def _attack(zygote: "Zygote") -> str | None:
    """Try real attacks; return which of them succeeded, in a sentence, or None."""
    with (
        tempfile.TemporaryDirectory() as folder,
        socket.create_server(("127.0.0.1", 0)) as server,
        Process([("attacks", attacks.SOURCE, True)], SECONDS, zygote.start) as process,
    ):
        secret = Path(folder) / "secret"
        secret.write_text("secret", encoding="utf-8")
        facts = (str(secret), server.getsockname()[1], os.getpid(), LIMITS["AS"])
        outcome = process.caller(attacks.Called())(facts)
    if not isinstance(outcome.value, list):
        said = outcome.stopped or outcome.strange or (outcome.error or {}).get("message")
        return f"the attacks that are tried at the start gave no answer ({said})."
    return f"there learners' code can {', '.join(map(str, outcome.value))}." if outcome.value else None


class Zygote:
    """A warm process, and at most one child of it at a time.

    Args:
        level: how its children are confined.
        warm: what it imports before the first fork, besides NumPy.
        cells: ``(label, source, whole)`` of cells of ours that learners have too, compiled before the first fork.

    Attributes:
        level: how its children are confined.
        last: the child that was started last, or None.

    Raises:
        SandboxError: if it does not get warm.
    """

    def __init__(self, level: Level, warm: Sequence[str] = (), cells: Sequence[tuple] = ()):
        self.level = level
        self.last: ForkedChild | None = None
        self._lock = threading.Lock()
        self._control, other = socket.socketpair()
        with other:
            settings = _settings(level) | {
                "control": other.fileno(),
                "warm": list(warm),
                "cells": list(cells),
            }
            self._popen = subprocess.Popen(
                _command(level),
                env=ENVIRONMENT,
                cwd="/",
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                pass_fds=[other.fileno()],
                start_new_session=True,  # Ctrl-C is for the grader to handle
            )
        self._wait_until_warm(json.dumps(settings).encode())

    def start(self) -> "ForkedChild":
        """Fork a child program.

        Raises:
            SandboxError: if the warm process is gone.
        """
        to_child, from_child = os.pipe(), os.pipe()
        child = ForkedChild(self, os.fdopen(to_child[1], "wb"), os.fdopen(from_child[0], "rb"))
        try:
            with self._lock:
                socket.send_fds(self._control, [FORK], [to_child[0], from_child[1]])
        except OSError as error:
            child.close()
            raise SandboxError(f"the warm process is gone ({error})") from None
        finally:
            os.close(to_child[0])
            os.close(from_child[1])
        self.last = child
        return child

    def end(self, order: bytes) -> dict:
        """End the child; return how it went, see ``zygote._end``.

        Raises:
            SandboxError: if the warm process is gone.
        """
        try:
            with self._lock:
                self._control.sendall(order)
                return json.loads(_line(self._control))
        except (OSError, ValueError) as error:
            self._kill()
            raise SandboxError(f"the warm process is gone ({error})") from None

    def close(self) -> None:
        """End the warm process and its child."""
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)  # at this it ends by itself
        self._control.close()
        try:
            self._popen.wait(2)
        except subprocess.TimeoutExpired:
            self._kill()
        self._popen.stderr.close()  # type: ignore[union-attr]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _wait_until_warm(self, settings: bytes) -> None:
        stdin, stderr = self._popen.stdin, self._popen.stderr
        assert stdin is not None
        assert stderr is not None
        self._control.settimeout(START)
        try:
            with contextlib.suppress(BrokenPipeError), stdin:  # it may have ended: its reply tells
                stdin.write(settings)
            ready = self._control.recv(1)
        except OSError:
            ready = b""
        self._control.settimeout(None)
        if ready != READY:
            self._kill()
            said = stderr.read().decode(errors="replace").strip().splitlines()
            self.close()
            raise SandboxError(said[-1] if said else f"it was not ready after {START:.0f} seconds")

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._popen.pid, signal.SIGKILL)
        self._popen.wait()


class ForkedChild:
    """A child program in the sandbox.

    Attributes:
        stdin, stdout: the pipes to it.
        ending: how it ended, see ``zygote._end``; None while it runs.
        lost: whether the sandbox failed it, so that its end says nothing about the learner's code.
    """

    def __init__(self, zygote: Zygote, stdin: IO[bytes], stdout: IO[bytes]):
        self.stdin, self.stdout = stdin, stdout
        self.ending: dict | None = None
        self.lost = False
        self._zygote, self._lock = zygote, threading.Lock()

    def kill(self) -> None:
        """End it at once."""
        self._end(KILL)

    def close(self) -> None:
        """Close the pipes, at which a child that is well ends by itself, and bury it."""
        with contextlib.suppress(OSError):  # bytes that the child never read
            self.stdin.close()
        self._end(BURY)
        self.stdout.close()

    def _end(self, order: bytes) -> None:
        with self._lock:  # the clock's thread may want the same
            if self.ending is None:
                try:
                    self.ending = self._zygote.end(order)
                    self.lost = self.ending["signal"] == NOT_CONFINED
                except SandboxError:
                    self.ending, self.lost = {}, True


def _line(stream: socket.socket) -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        part = stream.recv(4096)
        if not part:
            raise ConnectionError("it hung up")
        line += part
    return line


def _settings(level: Level) -> dict:
    confined = level.name != "limits"
    return {
        "child": str(INSIDE / CHILD.name if level.name == "bubblewrap" else CHILD),
        "limits": LIMITS | ({} if level.name == "landlock" else {"NPROC": PROCESSES}),
        "filter": _filter().hex() if confined else "",
        "readable": _landlock_rules(level.hidden) if level.name == "landlock" else None,
    }


@functools.cache
def _filter() -> bytes:
    return syscalls.filter_program()


def _command(level: Level) -> list[str]:
    """Return the command that starts the warm process. Of the environment it takes what we set; of ``sys.path``, neither
    the user's packages nor the working directory."""
    python = [sys.executable, "-s", "-P"]
    if level.name != "bubblewrap":
        return [*python, str(ZYGOTE)]
    command = [
        "bwrap",
        "--unshare-user",
        "--unshare-all",
        "--uid",
        "65534",
        "--gid",
        "65534",
        "--cap-drop",
        "ALL",
    ]
    for path in _readable():
        command += ["--ro-bind", path, path]
    for path in _beneath(level.hidden, _readable()):
        command += ["--tmpfs", path, "--remount-ro", path]
    for file in (ZYGOTE, *(CHILD.with_name(name) for name in ("child.py", "trial.py", "wire.py"))):
        command += ["--ro-bind", str(file), str(INSIDE / file.name)]
    for device in ("/dev/null", "/dev/urandom"):
        command += ["--dev-bind", device, device]
    return [*command, "--remount-ro", "/", "--chdir", "/", *python, str(INSIDE / ZYGOTE.name)]


@functools.cache
def _readable() -> tuple[str, ...]:
    """Return the folders and files that a Python with NumPy needs: its own, and the libraries that it has loaded."""
    own = [sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix]
    own += [str(Path(sys.executable).parent), str(Path(sys.executable).resolve().parent)]
    system = ["/usr/lib", "/usr/lib64", "/lib", "/lib64", "/etc/ld.so.cache", "/usr/share/zoneinfo"]
    loaded = {line.split(maxsplit=5)[-1].strip() for line in _maps() if "/" in line}
    system += [str(Path(path).parent) for path in loaded if ".so" in Path(path).name]
    found = {path for path in [*own, *map(os.path.realpath, own), *system] if os.path.exists(path)}
    return tuple(
        sorted(path for path in found if not any(_is_within(path, other) for other in found - {path}))
    )


def _maps() -> list[str]:
    with contextlib.suppress(OSError):
        return Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
    return []


def _is_within(path: str | Path, folder: str | Path) -> bool:
    return Path(folder) in Path(path).parents


def _beneath(hidden: Iterable[Path], readable: Iterable[str]) -> list[str]:
    """Return the folders that must be hidden because they lie in a readable one: those given, and copies of the course
    among the packages."""
    packages = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    for folder in readable:
        packages |= {str(p) for p in Path(folder).glob("lib/python3*/*-packages")}
        packages |= {str(p) for p in Path(folder).glob("python3*/*-packages")}
        packages |= {str(p) for p in Path(folder).glob("local/lib/python3*/*-packages")}
    wanted = {str(path.resolve()) for path in hidden} | {os.path.join(p, "course") for p in packages}
    return sorted(
        path
        for path in wanted
        if os.path.isdir(path) and any(_is_within(path, folder) for folder in readable)
    )


def _landlock_rules(hidden: Iterable[Path]) -> list[tuple[str, str]]:
    """Return what may be read, as ``zygote.landlock_ruleset`` takes it. Landlock can't take back what it has given, so a
    folder that holds a hidden one is given entry by entry."""
    kept_out = [os.path.realpath(path) for path in _beneath(hidden, _readable())]
    rules = [("/dev/null", "null"), ("/dev/urandom", "tree")]
    for path in _readable():
        rules += _rules_within(os.path.realpath(path), kept_out)
    return rules


def _rules_within(path: str, kept_out: list[str]) -> list[tuple[str, str]]:
    if path in kept_out:
        return []
    if not any(_is_within(hidden, path) for hidden in kept_out):
        return [(path, "tree")]
    rules = [(path, "list")]
    for entry in sorted(os.listdir(path)):
        inner = os.path.join(path, entry)
        if not os.path.islink(inner):  # what it points to is given, or not, where it lies
            rules += _rules_within(inner, kept_out)
    return rules
