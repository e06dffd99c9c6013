"""Threads that are quick to wake, for tables of calls (see ``table_numba``).

Numba's own threads fall asleep after each kernel, and waking them costs as long as a small net's whole forward pass. These
look for the next table for a while before they fall asleep, in a loop that gives Python's lock free, so that within a training
run they are there at once. Shares are taken, not given: the calling thread takes one after the other too, so that on a busy
machine, where a thread may be long in waking, nobody waits for it.

They talk by way of one array of int64: what is to be done, the number of the job, and how many shares of it are done.
"""

import atexit
import os
import threading
import time

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from course.nn.ops.jit import LOCK, compiled, ints, threads
from course.nn.ops.table_numba import ARGUMENTS, row, run_part

# Places in the mailbox; those that several threads write are on cache lines of their own.
# The ticket is the number of the job times 2**16, plus how many of its shares are taken: who takes one, adds 1 to it.
_TICKET, _DONE, _JOB = 0, 16, 32
_SHARES = 1 << 16
ALONE = 2_000_000  # multiplications that one thread does sooner than two could agree on
_SPINS = 1_000_000  # looks before a thread falls asleep: a third of a millisecond or so


class Pool:
    """Threads beside the calling one. One caller at a time: hold ``jit.LOCK``."""

    def __init__(self, parts: int):
        self.parts = parts
        self._stopped = False
        self._sleepers: set[int] = set()
        self._mail = np.zeros(64, np.int64)
        self._wake = [threading.Event() for _ in range(parts - 1)]
        self._threads = [
            threading.Thread(target=self._serve, args=(part,), name=f"course.nn {part}", daemon=True)
            for part in range(1, parts)
        ]
        for thread in self._threads:
            thread.start()

    def run(self, calls, groups, n: int) -> None:
        """Share out n rows, go down a table, and come back when all shares are done."""
        if self._sleepers:
            self._rouse()
        try:
            _post(self._mail, calls, groups, n, self.parts)
        finally:  # an interrupt must not leave a job half done
            while not _work(self._mail, self.parts):
                time.sleep(2e-5)  # somebody who had taken a share was put aside by the system

    def stop(self) -> None:
        """End the threads."""
        self._stopped = True
        self._rouse()
        for thread in self._threads:
            thread.join(1)

    def _rouse(self) -> None:
        for event in self._wake:
            event.set()

    def _serve(self, part: int) -> None:
        event = self._wake[part - 1]
        while not self._stopped:
            event.clear()
            _work(self._mail, _SHARES)
            self._sleepers.add(part)
            event.wait()
            self._sleepers.discard(part)


@intrinsic
def _add(typingctx, place, number):
    """Add to the int64 at an address, as one act that all threads see; return what was there."""

    def codegen(context, builder, signature, args):
        pointer = builder.inttoptr(args[0], ir.IntType(64).as_pointer())
        return builder.atomic_rmw("add", pointer, args[1], "seq_cst")

    return types.int64(types.int64, types.int64), codegen


@intrinsic
def _write(typingctx, place, number):
    """Set the int64 at an address, behind all that was written before."""

    def codegen(context, builder, signature, args):
        pointer = builder.inttoptr(args[0], ir.IntType(64).as_pointer())
        builder.store_atomic(args[1], pointer, "seq_cst", 8)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64), codegen


@intrinsic
def _read(typingctx, place):
    """Read the int64 at an address, as other threads left it."""

    def codegen(context, builder, signature, args):
        pointer = builder.inttoptr(args[0], ir.IntType(64).as_pointer())
        return builder.load_atomic(pointer, "seq_cst", 8)

    return types.int64(types.int64), codegen


@intrinsic
def _exchange(typingctx, place, old, new):
    """Replace the int64 at an address if it is the old one; tell whether it was."""

    def codegen(context, builder, signature, args):
        pointer = builder.inttoptr(args[0], ir.IntType(64).as_pointer())
        return builder.extract_value(builder.cmpxchg(pointer, args[1], args[2], "seq_cst"), 1)

    return types.boolean(types.int64, types.int64, types.int64), codegen


@compiled()
def _post(mail, calls, groups, n, parts):
    at = mail.ctypes.data
    mail[_JOB], mail[_JOB + 1] = calls.ctypes.data, len(calls)
    mail[_JOB + 2], mail[_JOB + 3] = groups.ctypes.data, len(groups)
    mail[_JOB + 4], mail[_JOB + 5] = n, parts
    mail[_DONE] = 0
    _write(at + 8 * _TICKET, (_read(at + 8 * _TICKET) // _SHARES + 1) * _SHARES)


@compiled()
def _work(mail, shares):
    """Do shares of jobs as they come. Return True when ``shares`` of the job are done, False when nothing came for a while."""
    at = mail.ctypes.data
    looks = 0
    while looks < _SPINS:
        ticket = _read(at + 8 * _TICKET)
        part = ticket % _SHARES
        calls_at, calls, groups_at = mail[_JOB], mail[_JOB + 1], mail[_JOB + 2]
        groups, n, parts = mail[_JOB + 3], mail[_JOB + 4], mail[_JOB + 5]
        if part < parts:
            if _exchange(
                at + 8 * _TICKET, ticket, ticket + 1
            ):  # the job is what was read, and stays: it isn't done yet
                table = ints(calls_at, (calls, 1 + ARGUMENTS))
                run_part(
                    table, ints(groups_at, (groups, 3)), part * n // parts, (part + 1) * n // parts, part
                )
                _add(at + 8 * _DONE, 1)
            looks = 0
        elif _read(at + 8 * _DONE) >= shares:
            return True
        looks += 1
    return False


_pools: dict[int, Pool] = {}


def pool(parts: int) -> Pool:
    """Return the threads of this process."""
    if parts not in _pools:
        _pools[parts] = Pool(parts)
        atexit.register(_pools[parts].stop)
    return _pools[parts]


if hasattr(os, "register_at_fork"):  # a child has none of its parent's threads
    os.register_at_fork(after_in_child=_pools.clear)


def run(calls, groups, n: int, parts: int) -> None:
    """Go down a table with so many threads; see `run_part`."""
    with LOCK:
        if parts == 1:
            run_part(calls, groups, 0, n, 0)
        else:
            pool(parts).run(calls, groups, n)


def shares(n: int, work: int) -> int:
    """Return over how many threads to share n rows that take so many multiplications."""
    return 1 if work < ALONE else max(1, min(threads(), n))


def call(task: str, n: int, *arguments, parts: int = 1) -> None:
    """Do one task for n rows: what a layer calls by itself. Arrays among the arguments are C-contiguous."""
    run(np.array([row(task, *arguments)], np.int64), np.array([[0, 1, n]], np.int64), n, parts)


def call_blocks(task: str, parts: int, *arguments) -> None:
    """Do one task of those that change weights, each share a block of them."""
    call(task, parts, *arguments, parts, parts=parts)
