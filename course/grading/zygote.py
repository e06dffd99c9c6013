"""The warm process that learners' processes are forked from: Python and NumPy load once, not once for each answer.

Started by path, it imports nothing of ``course``; it never sees an answer, a trial or a seed of ours. Its settings come as
JSON on standard input, its orders over a socket: ``f`` with two descriptors forks a child that reads from the one and
writes to the other, ``k`` kills that child, ``b`` buries it when it has ended. When the grader is gone, so is all this.
"""

import contextlib
import ctypes
import gc
import json
import os
import random
import signal
import socket
import struct
import sys
import time
import types

LAZY = ("numpy.ma", "numpy.fft", "numpy.polynomial")  # what NumPy loads at first use: for np.median, for one
GRACE = 0.1  # seconds that a child has to end by itself after its pipes are closed
READY, FORK, KILL, BURY = b"r", b"f", b"k", b"b"
NOT_CONFINED = (
    signal.SIGUSR2
)  # ends a child that could not be confined and so ran nothing; a confined one has no signals
_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 22, 38
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446  # the same number on every processor
_READ_FILE, _READ_DIR, _WRITE_FILE = 1 << 2, 1 << 3, 1 << 1


def main() -> None:
    """Serve the grader until it is gone."""
    settings = json.load(sys.stdin)
    control = socket.socket(fileno=settings["control"])
    child = _load(settings["child"])
    modules = child.load_beside("trial"), child.load_beside("wire")
    child.prepare(settings["cells"])
    _warm_up(settings["warm"])
    ruleset = None if settings["readable"] is None else landlock_ruleset(settings["readable"])
    control.sendall(READY)
    running = None
    while True:
        order, descriptors, _, _ = socket.recv_fds(control, 1, 2)
        if order == FORK:
            running = os.fork()
            if running == 0:
                control.close()
                _answer(child, modules, descriptors, settings, ruleset)
            for descriptor in descriptors:
                os.close(descriptor)
        elif running is not None:
            ending = _end(running, 0.0 if order in (KILL, b"") else GRACE)
            running = None
        if order == b"":
            return
        if order != FORK:
            control.sendall(json.dumps(ending).encode() + b"\n")


def _load(path):
    module = types.ModuleType("_child")
    module.__file__ = path
    with open(path, encoding="utf-8") as source:
        exec(compile(source.read(), path, "exec"), module.__dict__)
    return module


def _warm_up(names) -> None:
    """Import what learners import, and start Numba's compiler, so that each child need not. No kernel runs in parallel:
    its threads would not live through the fork."""
    import numpy as np

    for name in (*LAZY, *names):
        with contextlib.suppress(ImportError):
            __import__(name)
    if "numba" in sys.modules:
        sys.modules["numba"].njit(lambda x: x + 1.0)(1.0)
    np.random.seed(0)  # noqa: NPY002 - so that whoever draws from it without a seed gets the same grade twice
    gc.collect()
    gc.freeze()  # or the first collection of each child would copy all pages


def _answer(child, modules, descriptors, settings, ruleset) -> None:
    """Be the child program, confined, and end."""
    try:
        _confine(settings, ruleset)
    except BaseException:
        os.kill(os.getpid(), NOT_CONFINED)
    random.seed(0)  # for the same reason; Python itself seeds it anew after each fork
    try:
        source, sink = os.fdopen(descriptors[0], "rb"), os.fdopen(descriptors[1], "wb")
        child.serve(*modules, source, sink)
    finally:
        os._exit(0)


def _confine(settings, ruleset) -> None:
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    os.close(null)
    os.setsid()  # so that its group is its own
    set_limits(settings["limits"])
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    _check(libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0))
    _check(libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    if ruleset is not None:
        _check(libc.syscall(ctypes.c_long(_LANDLOCK_RESTRICT), ctypes.c_long(ruleset), ctypes.c_long(0)))
        os.close(ruleset)
    drop_capabilities(libc)
    if settings["filter"]:
        apply_filter(libc, bytes.fromhex(settings["filter"]))


def set_limits(limits) -> None:
    """Set the resource limits of this process, for good: ``{"CPU": seconds, "AS": bytes, ...}``."""
    import resource  # Windows has none, and this file is read there too, for a clear refusal

    for name, most in limits.items():
        kind = getattr(resource, f"RLIMIT_{name}")
        _, hard = resource.getrlimit(kind)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with contextlib.suppress(ValueError, OSError):  # macOS does not take all of them
            resource.setrlimit(kind, (most, most))


def landlock_ruleset(readable) -> int:
    """Return the descriptor of a Landlock ruleset: nothing may be written or run, and only ``readable`` read.

    Args:
        readable: ``[path, what]`` pairs, with what one of ``tree`` (all beneath), ``list`` (names only) and ``null``
            (a device that may be written too).
    """
    libc = ctypes.CDLL(None, use_errno=True)
    handled = struct.pack("<Q", (1 << _landlock_rights(libc)) - 1)
    ruleset = libc.syscall(
        ctypes.c_long(_LANDLOCK_CREATE), handled, ctypes.c_size_t(len(handled)), ctypes.c_long(0)
    )
    _check(ruleset)
    for path, what in readable:
        with contextlib.suppress(FileNotFoundError):
            descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
            rights = {"list": _READ_DIR, "null": _READ_FILE | _WRITE_FILE, "tree": _READ_FILE}[what]
            if what == "tree" and os.path.isdir(path):
                rights |= _READ_DIR
            rule = struct.pack("<Qi", rights, descriptor)
            added = libc.syscall(
                ctypes.c_long(_LANDLOCK_ADD),
                ctypes.c_long(ruleset),
                ctypes.c_long(1),
                rule,
                ctypes.c_long(0),
            )
            os.close(descriptor)
            _check(added)
    return ruleset


def _landlock_rights(libc) -> int:
    """Return how many rights this kernel's Landlock knows: the rest of the bits would be refused."""
    version = libc.syscall(ctypes.c_long(_LANDLOCK_CREATE), None, ctypes.c_size_t(0), ctypes.c_long(1))
    _check(version)
    return {1: 13, 2: 14, 3: 15, 4: 15}.get(version, 16)


def drop_capabilities(libc) -> None:
    """Give up root's powers; what root owns can still be read."""
    header = struct.pack("<Ii", 0x20080522, 0)
    _check(libc.capset(header, bytes(24)))


def apply_filter(libc, program: bytes) -> None:
    """Apply a seccomp filter to this process, for good."""
    instructions = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(instructions))
    _check(libc.prctl(_PR_SET_SECCOMP, 2, head, 0, 0))


def _check(result: int) -> None:
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _end(pid: int, grace: float) -> dict:
    """End a child and bury it.

    Returns:
        ``{"alone": whether it ended by itself, "signal": what ended it or None, "cpu": seconds}``.
    """
    deadline = time.monotonic() + grace
    found, status, usage = os.wait4(pid, os.WNOHANG)
    while not found and time.monotonic() < deadline:
        time.sleep(0.0005)
        found, status, usage = os.wait4(pid, os.WNOHANG)
    _kill(os.killpg, pid)
    if not found:
        _kill(os.kill, pid)
        _, status, usage = os.wait4(pid, 0)
    return {
        "alone": bool(found),
        "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else None,
        "cpu": usage.ru_utime + usage.ru_stime,
    }


def _kill(how, pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        how(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
