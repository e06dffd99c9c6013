"""The sandbox: which level is taken, what lives in it, and that it judges as every other place does."""

import ast
import dataclasses
import os
import sys

import numpy as np
import pytest
from grading import need
from test_process import _Rename

from course import book
from course.errors import CourseError
from course.exercises import definition
from course.exercises.judge import directly, judge
from course.exercises.process import Process
from course.grading import attacks, sandbox, syscalls

ISOLATED = sandbox.LEVELS[:2]
COURSE = book.load()
# An exercise with mistakes that depend on the last digits of the machine's arithmetic, so that they can lose their name: the
# sign of a direction, and directions in which nothing varies.
SENSITIVE = {"pca_subspace"}


@dataclasses.dataclass(frozen=True)
class Probe:
    """A function that a child program is asked to call."""

    name: str = "probe"
    observe_source: str | None = None


def probed(zygote, body, *trial, head=""):
    """Return what ``probe(*trial)`` with that body returns in the sandbox, or its error."""
    lines = "\n    ".join(body.strip().splitlines())
    source = f"import numpy as np\n{head}\ndef probe(*trial):\n    {lines}\n"
    with Process([("1", source, True)], 60, zygote.start) as process:
        outcome = process.caller(Probe())(trial or (1.0,))
    return outcome.error or outcome.value


@pytest.fixture(params=ISOLATED)
def zygote(request):
    """A warm process at each level that is offered here."""
    need(request.param)
    with sandbox.Zygote(sandbox.Level(request.param)) as found:
        yield found


# ---------------------------------------------------------------------------------------------- which level


def test_the_strongest_level_that_is_offered_is_taken(monkeypatch):
    missing = {"bubblewrap": "it is not installed."}
    monkeypatch.setattr(sandbox, "why_not", lambda level: missing.get(level.name))
    assert sandbox.choose().name == "landlock"


def test_without_isolation_it_refuses_and_says_why_and_what_to_do(monkeypatch):
    monkeypatch.setattr(sandbox, "why_not", lambda level: None if level.name == "limits" else "it is broken.")
    with pytest.raises(CourseError) as refused:
        sandbox.choose()
    assert str(refused.value) == (
        "Learners' code can't be isolated here. bubblewrap: it is broken. landlock: it is broken. Grade on Linux with "
        "bubblewrap and libseccomp (apt install bubblewrap libseccomp2), or in a virtual machine that holds nothing "
        "else, with --unsafe."
    )
    assert sandbox.choose(unsafe=True).name == "limits"


def test_a_level_without_its_program_says_so(monkeypatch):
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: None)
    assert sandbox.why_not(sandbox.Level("bubblewrap")) in (
        "it is not installed.",
        "it needs Linux.",
    )


def test_a_level_that_does_not_start_says_why(monkeypatch):
    if sys.platform != "linux":
        pytest.skip("both levels need Linux")
    monkeypatch.setattr(
        sandbox, "_command", lambda level: [sys.executable, "-c", "raise SystemExit('no way')"]
    )
    assert sandbox.why_not(sandbox.Level("landlock")) == "it did not start: no way."


def test_a_level_where_an_attack_succeeds_is_not_offered():
    """The attacks tried at the start are real: without isolation they succeed."""
    need("limits")
    with sandbox.Zygote(sandbox.Level("limits")) as zygote:
        found = sandbox._attack(zygote)
    for what in ("read the grader's files", "write beside them", "open connections", "start processes"):
        assert what in found
    assert "take all memory" not in found  # that limits prevent


def test_the_attacks_at_the_start_need_nothing_around_them():
    names = {node.id for node in ast.walk(ast.parse(attacks.SOURCE)) if isinstance(node, ast.Name)}
    assert not names & {"inspect", "dataclass", "SOURCE"}


# ------------------------------------------------------------------------------------------- what lives in it


def test_modules_that_were_not_loaded_before_the_fork_can_be_imported(zygote):
    """Also where Python lies under a folder that only root can read."""
    body = "import decimal, sqlite3, numpy.polynomial\nreturn str(decimal.Decimal('0.5'))"
    assert probed(zygote, body) == "0.5"


def test_numba_compiles(zygote):
    pytest.importorskip("numba")
    head = "import numba\n@numba.njit\ndef twice(x):\n    return x * 2.0"
    assert probed(zygote, "return twice(trial[0])", np.ones(3), head=head).tolist() == [2.0, 2.0, 2.0]


def test_threads_are_allowed_and_processes_are_not(zygote):
    body = """
import concurrent.futures, os
with concurrent.futures.ThreadPoolExecutor(3) as pool:
    total = sum(pool.map(abs, [-1, -2, 3]))
try:
    os.fork()
except PermissionError:
    return total
"""
    assert probed(zygote, body) == 6


def test_nothing_can_be_written_and_the_message_says_so(zygote):
    for path in ("file.txt", "/tmp/file.txt", "/dev/shm/file.txt"):
        error = probed(zygote, f"open({path!r}, 'w')")
        assert error["kind"] in ("PermissionError", "OSError", "FileNotFoundError")


def test_it_runs_as_nobody_in_a_namespace(zygote):
    if zygote.level.name == "bubblewrap":
        found = probed(zygote, "import os\nreturn [os.getuid(), os.geteuid(), os.getgid()]")
        assert [int(n) for n in found] == [65534] * 3


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root has powers to lose")
def test_root_has_no_powers_there(tmp_path, monkeypatch):
    """What belongs to others, only root's powers open."""
    others = tmp_path / "others.txt"
    others.write_text("private", encoding="utf-8")
    os.chown(others, 12345, 12345)
    others.chmod(0o600)
    readable = (*sandbox._readable(), str(tmp_path))
    monkeypatch.setattr(sandbox, "_readable", lambda: readable)
    for name in ISOLATED:
        if sandbox.why_not(sandbox.Level(name)) is None:
            with sandbox.Zygote(sandbox.Level(name)) as zygote:
                assert probed(zygote, f"open({str(others)!r})")["kind"] == "PermissionError"


def test_two_sandboxes_give_the_same_where_python_differs_from_run_to_run(zygote):
    body = "import random\nreturn [list({'a', 'b', 'c', 'd', 'e'}), random.random(), np.random.rand(), hash('x')]"
    first = probed(zygote, body)
    with sandbox.Zygote(zygote.level) as other:
        assert probed(other, body) == first
    assert probed(zygote, body) == first


def test_a_hidden_folder_within_a_readable_one_stays_hidden(tmp_path, monkeypatch):
    (tmp_path / "packages" / "course" / "answers").mkdir(parents=True)
    (tmp_path / "packages" / "open.txt").write_text("open", encoding="utf-8")
    (tmp_path / "packages" / "course" / "answers" / "secret.txt").write_text("secret", encoding="utf-8")
    readable = (*sandbox._readable(), str(tmp_path / "packages"))
    monkeypatch.setattr(sandbox, "_readable", lambda: readable)
    for name in ISOLATED:
        if sandbox.why_not(sandbox.Level(name)):
            continue
        with sandbox.Zygote(sandbox.Level(name, (tmp_path / "packages" / "course",))) as zygote:
            read = f"return open({str(tmp_path / 'packages')!r} + trial[0]).read()"
            assert probed(zygote, read, "/open.txt") == "open"
            assert probed(zygote, read, "/course/answers/secret.txt")["kind"] in (
                "FileNotFoundError",
                "PermissionError",
            )


def test_every_call_that_is_guarded_is_not_allowed_as_well():
    assert not set(syscalls.GUARDED) & set(syscalls.ALLOWED)
    assert not set(syscalls._REFUSED.split()) & {*syscalls.GUARDED, *syscalls.ALLOWED}
    assert len(set(syscalls.ALLOWED)) == len(syscalls.ALLOWED)


def test_a_process_that_ends_is_told_apart(zygote):
    for body, signals in (("import os\nos._exit(3)", {None}), ("import os\nos.abort()", {6, 11})):
        probed(zygote, body)
        ending = zygote.last.ending
        assert ending["alone"]
        assert ending["signal"] in signals
        assert not zygote.last.lost


def test_a_warm_process_ends_with_its_grader(zygote):
    child = zygote.start()
    zygote.close()
    assert zygote._popen.poll() is not None
    child.close()
    assert child.lost


# ------------------------------------------------------------------------ the same verdicts as everywhere else


@pytest.mark.parametrize("level", sandbox.LEVELS)
def test_reference_and_mistakes_are_judged_as_in_a_notebook(level):
    need(level)
    with sandbox.Zygote(sandbox.Level(level)) as zygote:
        for name, entry in COURSE.exercises.items():
            exercise = definition.load(entry.path)
            if exercise.sources[name].startswith("@"):
                continue  # compiled; its spellings are graded in another test
            tree = _Rename(name, "the_reference").visit(ast.parse(exercise.path.read_text(encoding="utf-8")))
            with Process([("all", ast.unparse(tree), False)], start=zygote.start) as process:
                answers = [
                    ("the_reference", exercise.answer),
                    *((m.name, m.answer) for m in exercise.mistakes),
                ]
                for own, answer in answers:
                    here = judge(exercise, directly(exercise, answer))
                    there = judge(exercise, process.caller(dataclasses.replace(exercise, name=own)))
                    assert there.verdict == here.verdict
                    assert name in SENSITIVE or there.row() == here.row()
