"""Submissions that try to pass, to read what they shouldn't, to harm another's grade, the grader or the machine.

Each file of ``tests/attacks/`` is one: its answer is right if, and only if, its attack succeeds. ``cheat_`` and ``wire_``
deceive the judge, ``peek_`` reads, ``harm_`` does harm. After each the same sandbox grades an honest submission.
"""

import os
import resource
import socket
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import LESSON, MINI, RIGHT
from grading import graded, kept, need, submission

from course import book
from course.grading import sandbox

ATTACKS = sorted(path.stem for path in (Path(__file__).parent / "attacks").glob("*.py"))
DECEIVE = tuple(
    name for name in ATTACKS if name.startswith(("cheat_", "wire_"))
)  # harmless, so tried without isolation too
# What would succeed without isolation, and only looks: so that the attacks are known to be real.
LOOK = ("peek_home", "peek_neighbour", "peek_results", "peek_secret_file", "peek_solution")
SECONDS = 5.0  # of each answer; long enough for an honest one on a busy machine
NOT_LOST = ("passed", "grader_error", "unreadable")
DOUBLE = book.Exercise("double", "mini", MINI / "solutions" / "mini" / "double.py")
MINI_LESSON = book.Lesson("01-mini", "Mini", LESSON, (DOUBLE,))


@dataclass
class World:
    """What the attackers could get at, and what became of it."""

    rows: dict
    order: list
    planted: list
    results: list
    connections: int
    left: list
    same_limits: bool
    unchanged: bool


def attacked(level, names, folder):
    """Grade attacks at one level, each followed by an honest submission."""
    places = {name: folder / name for name in ("work", "plant", "out")}
    for place in places.values():
        place.mkdir()
        place.chmod(0o777)
    secret = folder / "secret"
    secret.write_text("secret", encoding="utf-8")
    secret.chmod(0o600)
    with socket.create_server(("127.0.0.1", 0)) as server:
        submissions = []
        for number, name in enumerate(names):
            honest = places["work"] / f"{number:03}-honest.py"
            honest.write_text(f"# number {number}\n{RIGHT['double']}\n", encoding="utf-8")
            attack = places["work"] / f"{number:03}-{name}.py"
            facts = {
                "SOLUTION": str(DOUBLE.path),
                "OUT": str(places["out"]),
                "PLANT": str(places["plant"]),
                "SECRET": str(secret),
                "NEIGHBOUR": str(honest),
                "PORT": server.getsockname()[1],
                "GRADER": os.getpid(),
            }
            known = "".join(f"{key} = {value!r}\n" for key, value in facts.items())
            source = (Path(__file__).parent / "attacks" / f"{name}.py").read_text(encoding="utf-8")
            attack.write_text(known + source, encoding="utf-8")
            submissions += [submission(attack, "mini"), submission(honest, "mini")]
        before, limits = state(folder), own_limits()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("COURSE_SECRET_TOKEN", "secret")
            patch.setitem(sandbox.ENVIRONMENT, "MARK", str(folder))
            patch.setattr(sandbox, "choose", lambda hidden, unsafe: sandbox.Level(level, tuple(hidden)))
            order = graded(submissions, [MINI_LESSON], places["out"], seed=2024, seconds=SECONDS)
        left = processes_left(str(folder))
        server.setblocking(False)
        try:
            connections = 1 if server.accept() else 0
        except BlockingIOError:
            connections = 0
    return World(
        {row.learner[4:] if "honest" not in row.learner else row.learner: row for row in kept(places["out"])},
        order,
        sorted(os.listdir(places["plant"])),
        sorted(os.listdir(places["out"])),
        connections,
        left,
        own_limits() == limits,
        state(folder) == before,
    )


def state(folder):
    """Return what the attackers could have changed: contents, modes, owners and times of files."""
    found = {}
    for path in [folder / "secret", *sorted((folder / "work").iterdir())]:
        about = path.stat()
        found[path.name] = (path.read_bytes(), about.st_mode, about.st_uid, about.st_mtime_ns)
    return found


def own_limits():
    return {kind: resource.getrlimit(kind) for kind in (resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE)}


def processes_left(mark, seconds=10.0):
    """Return the processes of the sandbox that are alive although they have had time to end."""
    deadline = time.monotonic() + seconds
    while (found := _marked(mark)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def _marked(mark):
    found = []
    if not Path("/proc/self/environ").exists():
        return []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if f"MARK={mark}\0".encode() in (entry / "environ").read_bytes():
                    found.append((entry / "cmdline").read_bytes())
            except OSError:
                pass
    return found


@pytest.mark.parametrize("level", sandbox.LEVELS)
def test_no_attack_gains_or_harms(level, tmp_path):
    """All attacks in one test, for they follow each other in one sandbox, as learners do."""
    need(level)
    names = DECEIVE if level == "limits" else ATTACKS
    world = attacked(level, names, tmp_path)
    rows = world.rows
    assert len(names) >= 40
    assert [row.learner[:3] for row in world.order] == [f"{n:03}" for n in range(len(names)) for _ in "ab"]
    assert len(rows) == 2 * len(names)
    gained = {name: rows[name] for name in names if rows[name].points != 0 or rows[name].verdict in NOT_LOST}
    assert gained == {}
    harmed = [rows[f"{n:03}-honest"] for n in range(len(names))]
    assert [row for row in harmed if (row.verdict, row.points) != ("passed", 1)] == []
    assert max(len(row.message) for row in rows.values()) < 2100
    assert world.planted == []
    assert world.results == [".lock", "answers", "results.jsonl"]
    assert world.unchanged
    assert world.same_limits
    assert world.connections == 0
    assert world.left == []


def test_without_isolation_those_that_only_look_succeed(tmp_path):
    need("limits")
    rows = attacked("limits", LOOK, tmp_path).rows
    assert {name: rows[name].verdict for name in LOOK} == dict.fromkeys(LOOK, "passed")
