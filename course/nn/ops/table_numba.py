"""Tables of calls: one row a call, the address of a *task* and its arguments. A thread goes down a table without Python.

A task is a few lines around a kernel (see ``tasks_numba``). Its arguments are int64: numbers, and the addresses of arrays.
It is called with where they are, and with ``first`` and ``last``, the rows of the batch that it is to do, and ``part``, the
number of the share. Tasks that change weights are called once a share, with ``first`` = its number.
"""

import functools
import importlib

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from course.nn.ops.jit import cfunc, compiled

ARGUMENTS = 26  # the most that a task has
_TASK = types.void(*[types.int64] * 4)
_tasks: dict = {}


def task(function):
    """Make a function a task. It is compiled when its address is first asked for, not before."""
    _tasks[function.__name__] = function
    return function


def names() -> list[str]:
    """Return the names of all tasks."""
    importlib.import_module("course.nn.ops.tasks_numba")
    return list(_tasks)


@functools.cache
def _compiled(name: str):
    importlib.import_module("course.nn.ops.tasks_numba")
    return cfunc(_TASK)(_tasks[name])


def address(name: str) -> int:
    """Return where a task is."""
    return _compiled(name).address


def row(task: str, *arguments) -> list[int]:
    """Return a row of a table: where the task is, and its arguments; an array, C-contiguous, stands for its address."""
    given = [a.ctypes.data if isinstance(a, np.ndarray) else int(a) for a in arguments]
    return [address(task), *given, *[0] * (ARGUMENTS - len(given))]


@intrinsic
def _call(typingctx, address, arguments, first, last, part):
    def codegen(context, builder, signature, args):
        place, *rest = args
        kind = ir.FunctionType(ir.VoidType(), [ir.IntType(64)] * 4)
        builder.call(builder.inttoptr(place, kind.as_pointer()), rest)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 5), codegen


@compiled()
def run_part(calls, groups, low, high, part):
    """Go down a table of calls for rows ``low`` to ``high``.

    Args:
        calls: (calls, 1 + ARGUMENTS), the address of a task and its arguments.
        groups: (groups, 3): the first call of a group, the last, and how many rows at a time go through the whole group, so
            that what one call leaves in the cache is still there for the next.
        low: the first row.
        high: one past the last row.
        part: the number of the thread.
    """
    for group in range(len(groups)):
        first = low
        while True:
            last = min(first + groups[group, 2], high)
            for i in range(groups[group, 0], groups[group, 1]):
                _call(calls[i, 0], calls[i, 1:].ctypes.data, first, last, part)
            first = last
            if first >= high:
                break
