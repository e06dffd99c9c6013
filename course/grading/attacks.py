"""Attacks that are tried in a sandbox before it is trusted; ``tests/attacks/`` has many more."""

import inspect
from dataclasses import dataclass


def succeed(secret, port, grader, memory):
    """Try each attack; return what could be done.

    Args:
        secret: a file of the grader's.
        port: where the grader listens on this machine.
        grader: the grader's process.
        memory: the limit, in bytes.
    """
    import contextlib
    import os
    import socket

    def read():
        with open(secret) as stream:
            return stream.read()

    def write():
        with open(os.path.join(os.path.dirname(secret), "planted"), "w") as stream:
            return stream.write("planted")

    def write_here():
        with open("planted-by-an-answer", "w") as stream:
            return stream.write("planted")

    def connect():
        return socket.create_connection(("127.0.0.1", port), 5)

    def fork():
        if os.fork() == 0:
            os._exit(0)
        return True

    def signal_the_grader():
        os.kill(grader, 0)
        return True

    def signal_the_parent():
        os.kill(os.getppid(), 0)
        return True

    def run_a_program():
        return os.posix_spawn("/bin/true", ["true"], {})

    def take_memory():
        return bytearray(memory)

    attacks = {
        "read the grader's files": read,
        "write beside them": write,
        "write files": write_here,
        "open connections": connect,
        "start processes": fork,
        "run programs": run_a_program,
        "signal the grader": signal_the_grader,
        "signal its parent": signal_the_parent,
        "take all memory": take_memory,
    }
    done = []
    for what, attack in attacks.items():
        with contextlib.suppress(Exception):
            attack()
            done.append(what)
    return done


SOURCE = inspect.getsource(succeed)


@dataclass(frozen=True)
class Called:
    """What a child program has to know to try them."""

    name: str = succeed.__name__
    observe_source: str | None = None
