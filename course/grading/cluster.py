"""Let the workers of a Dask cluster judge, where one machine is not enough.

A worker needs none of the teacher's files: exercises and a learner's cells reach it as plain data, and rows come back as
text. Learners' code runs in a sandbox beside the worker, as it does on one machine, and never in the worker itself.
"""

import asyncio
import contextlib
import dataclasses
import functools
import itertools
import logging
import queue
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from course import book
from course.errors import CourseError
from course.exercises.report import Report
from course.grading import run, sandbox
from course.grading.journal import Journal
from course.grading.rows import Row, software

CONNECT = 10.0  # seconds that the scheduler may take to answer
PATIENCE = 60.0  # seconds that a cluster may be without workers
AT_LEAST = 8  # submissions under way, so that a cluster that grows on demand sees one
TICK = 2.0  # seconds between two looks at who is there
IDLE = 60.0  # seconds after which a worker no longer waits for a teacher who went away without a word


# ------------------------------------------------------------------------------------ at the teacher's


@dataclass(frozen=True)
class Certificates:
    """The files, in PEM form, by which the cluster and we know each other."""

    ca: Path
    cert: Path
    key: Path


@contextlib.contextmanager
def connected(address: str, certificates: Certificates | None, *, unsafe: bool) -> Iterator[run.ShareOut]:
    """Connect to a Dask scheduler; give what lets its workers judge, for ``run.grade``.

    Args:
        address: the scheduler's, such as ``tcp://host:8786`` or ``tls://host:8786``.
        certificates: what TLS needs; None for a cluster without it.
        unsafe: whether workers go on where learners' code can't be isolated.

    Raises:
        CourseError: if Dask is not installed, or no scheduler answers.
    """
    address = _checked(address, certificates)
    client = _client(address, certificates)
    try:
        yield functools.partial(_share_out, client, address, unsafe)
    finally:
        with contextlib.suppress(Exception):  # it may be gone already
            client.close(timeout=TICK)


def _checked(address: str, certificates: Certificates | None) -> str:
    """Return the address with its scheme."""
    scheme, _, rest = address.rpartition("://")
    scheme = scheme or ("tls" if certificates else "tcp")
    if scheme == "tls" and certificates is None:
        raise CourseError(
            f"--scheduler {address} wants certificates: add --tls-ca, --tls-cert and --tls-key, as its workers have them."
        )
    if scheme != "tls" and certificates:
        raise CourseError(
            f"--scheduler {address} would not use the certificates. Write tls://{rest}, or leave --tls-ca, --tls-cert "
            "and --tls-key out."
        )
    return f"{scheme}://{rest}"


def _client(address: str, certificates: Certificates | None):
    try:
        import distributed
    except ImportError:
        raise CourseError(
            "--scheduler needs Dask, which is not installed. Say: pip install 'neurons-up[cluster]'"
        ) from None
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters of it, we say
    security = distributed.Security()
    if certificates:
        security = distributed.Security(
            tls_ca_file=str(certificates.ca),
            tls_client_cert=str(certificates.cert),
            tls_client_key=str(certificates.key),
            require_encryption=True,
        )
    try:
        asyncio.run(asyncio.wait_for(_greet(address, security), CONNECT + 1))
        return distributed.Client(address, timeout=CONNECT, security=security, set_as_default=False)
    except Exception as error:  # whatever listens there may answer anything
        raise CourseError(
            f"No Dask scheduler answers at {address} ({_reason(error)}). Start one with `dask scheduler`, or look at the "
            "address, the firewall and the certificates."
        ) from None


async def _greet(address: str, security) -> None:
    """Fail here, in time and in silence, where a client would wait for ever or break noisily: at what is no scheduler."""
    from distributed.comm import connect
    from distributed.core import send_recv

    comm = await connect(address, timeout=CONNECT, **security.get_connection_args("client"))
    try:
        kind = (await send_recv(comm, op="identity"))["type"]
    finally:
        comm.abort()
    if kind in ("Worker", "Nanny"):
        raise ValueError(f"what answers is a {kind.lower()}")


def _reason(error: BaseException) -> str:
    """Return the innermost reason, which says most, in a line."""
    while error.__cause__ is not None:
        error = error.__cause__
    return " ".join(str(error).split())[:200] or type(error).__name__


def _share_out(
    client, address: str, unsafe: bool, submissions, journal: Journal, marker: run.Marker, progress
):
    """Let the workers judge; of many submissions, no more are under way than keep them busy."""
    from distributed import CancelledError

    def add(rows: Sequence[Row]) -> None:
        for row in rows:
            if not journal.has(row.key):  # somebody may hand in one file twice
                journal.add(row)
                progress(row)

    workers = _Workers(client, address)
    under_way = _UnderWay(client, _orders(marker, unsafe))
    todo = _readable(submissions, journal, marker, add)
    try:
        while True:
            room = max(AT_LEAST, 2 * workers.threads()) - len(under_way)
            for task in itertools.islice(todo, max(0, room)):
                under_way.begin(task)
            if not len(under_way):
                return
            add(under_way.finished(marker))
    except (OSError, CancelledError):
        raise CourseError(
            f"The connection to the scheduler at {address} was lost. What is finished is kept: when it runs again, go on "
            "with --resume."
        ) from None
    finally:
        under_way.stop()


class _UnderWay:
    """The tasks that workers have in hand."""

    def __init__(self, client, orders: dict):
        self._client, self._orders = client, orders
        self._tasks: dict[str, tuple] = {}
        self._done: queue.SimpleQueue = queue.SimpleQueue()

    def __len__(self):
        return len(self._tasks)

    def begin(self, task: run.Task) -> None:
        """Let a worker judge it."""
        call = _call("judge", orders=self._orders, task=dataclasses.asdict(task))
        future = self._client.submit(*call, key=f"judge-{uuid.uuid4().hex}", pure=False)
        self._tasks[future.key] = future, task
        future.add_done_callback(self._done.put)

    def finished(self, marker: run.Marker) -> list[Row]:
        """Wait a little for a task to end; return its rows."""
        try:
            future, task = self._tasks[self._done.get(timeout=TICK).key]
            rows = _rows(future, task, marker)
        except queue.Empty:
            return []
        except TimeoutError:  # its worker died before it had handed the result over: another judges it again
            future.add_done_callback(self._done.put)
            return []
        del self._tasks[future.key]
        return rows

    def stop(self) -> None:
        """Call off what is under way, and let the workers put away what they keep of the run."""
        if self._client.status == "running":
            with contextlib.suppress(Exception):  # or they notice by themselves, after a while
                self._client.cancel([future for future, _ in self._tasks.values()])
                self._client.run(*_call("put_away", name=self._orders["run"]), on_error="ignore")


def _readable(submissions, journal: Journal, marker: run.Marker, add) -> Iterator[run.Task]:
    """Yield what workers must judge; what nobody can read has its rows at once."""
    for submission in submissions:
        task = marker.task(submission, journal)
        if isinstance(task.attempt, Report):
            add(marker.rows_alike(task, task.attempt))
        else:
            yield task


def _orders(marker: run.Marker, unsafe: bool) -> dict:
    """Return what a worker must know of a run, as plain data."""
    return {
        "run": uuid.uuid4().hex,
        "software": software(),
        "lessons": [
            (lesson.stem, lesson.title, [(e.path.name, e.path.read_bytes()) for e in lesson.exercises])
            for lesson in marker.syllabus.course.lessons
        ],
        "cells": marker.syllabus.cells,
        "seed": marker.seed,
        "seconds": marker.seconds,
        "unsafe": unsafe,
    }


def _call(function: str, **arguments) -> tuple:
    """Return a call of a function of this module as Dask takes it, in words that any Python can read. Named as an object,
    it would need the course in the scheduler, and make a worker without the course fall over instead of saying so."""
    module = f"__import__({__name__!r}, fromlist=['judge'])"
    return eval, f"{module}.{function}(**arguments)", {"arguments": arguments}


def _rows(future, task: run.Task, marker: run.Marker) -> list[Row]:
    """Return the rows of a task that has ended.

    Raises:
        CourseError: if the worker can't judge.
        TimeoutError: if the rows are not to be had just now.
        OSError, CancelledError: if the scheduler is gone.
    """
    from distributed import KilledWorker

    try:
        reply = future.result(timeout=TICK)
    except Exception as error:
        if future.status != "error":
            raise
        if isinstance(error, ImportError | AttributeError):
            raise CourseError(
                f"A worker lacks the course, or has another version of it ({error}). Where each worker runs, say: "
                f"pip install 'neurons-up[cluster]=={software()['course']}'. Start the workers again, and go on with --resume."
            ) from None
        if isinstance(error, KilledWorker):
            error = RuntimeError("each worker that judged it died")
        return marker.rows_alike(task, run.our_fault(error))
    if "refused" in reply:
        raise CourseError(reply["refused"])
    return [Row.from_json(line) for line in reply["rows"]]


class _Workers:
    """Who is there, looked up now and then."""

    def __init__(self, client, address: str):
        self._client, self._address = client, address
        self._threads, self._looked, self._seen = 0, -TICK, time.monotonic()

    def threads(self) -> int:
        """Return how many submissions can be judged at the same time.

        Raises:
            CourseError: if there were no workers for too long.
            OSError: if the scheduler is gone.
        """
        if self._client.status != "running":
            raise ConnectionError
        now = time.monotonic()
        if now - self._looked >= TICK:
            self._looked = now
            ask = self._client.scheduler.ncores
            self._threads = sum(self._client.sync(ask, callback_timeout=PATIENCE).values())
        if self._threads:
            self._seen = now
        elif now - self._seen > PATIENCE:
            raise CourseError(
                f"The scheduler at {self._address} had no workers for {PATIENCE:.0f} seconds. What is finished is kept: "
                f"start workers (dask worker {self._address}) and go on with --resume."
            )
        return self._threads


# ---------------------------------------------------------------------------------------- in a worker


def judge(orders: dict, task: dict) -> dict:
    """Judge what is to be judged of one submission, in a worker.

    Args:
        orders: what the run is about, see ``_orders``.
        task: the fields of a ``run.Task``.

    Returns:
        ``{"rows": [a row for each exercise, as JSON]}``, or ``{"refused": why this worker can't judge}``.
    """
    try:
        with _at_bench(orders) as bench, bench.sandboxes() as sandboxes:
            whole = run.Task(**task | {"attempt": run.Attempt(**task["attempt"])})
            return {"rows": [row.to_json() for row in bench.marker.rows(whole, sandboxes)]}
    except CourseError as error:
        return {"refused": f"Worker {_worker().address}: {error}"}


def put_away(name: str) -> None:
    """Put away what this worker keeps of the run of that name, which is over; what it judges just now comes to an end."""
    with _turn:
        _over.add(name)  # a task that was called off may still begin
        bench = _benches.pop(name, None)
    if bench:
        bench.close()


class _Bench:
    """What a worker keeps of one run from task to task: its exercises, and warm processes for each thread."""

    def __init__(self, orders: dict):
        _compare(orders["software"])
        self._room = tempfile.TemporaryDirectory(prefix="course-", dir=_worker().local_directory)
        room = Path(self._room.name)
        try:
            syllabus = run.Syllabus.of([_unpacked(room, *lesson) for lesson in orders["lessons"]])
            self._level = sandbox.choose([room.resolve()], unsafe=orders["unsafe"])
        except BaseException:
            self._room.cleanup()
            raise
        syllabus = dataclasses.replace(syllabus, cells=orders["cells"])
        self.marker = run.Marker(syllabus, orders["seed"], orders["seconds"])
        self.busy, self.left = 0, time.monotonic()
        self._closed = False
        self._all: set[run.Sandboxes] = set()
        self._free: list[run.Sandboxes] = []

    @contextlib.contextmanager
    def sandboxes(self) -> Iterator[run.Sandboxes]:
        """Lend warm processes to the thread that asks."""
        with _turn:
            if self._closed:
                raise CourseError(STOPPED)
            lent = self._free.pop() if self._free else run.Sandboxes(self._level, self.marker.syllabus)
            self._all.add(lent)
        try:
            yield lent
        finally:
            with _turn:
                self._free.append(lent)

    def close(self) -> None:
        """End the warm processes and delete the exercises."""
        with _turn:
            self._closed = True
        for sandboxes in self._all:
            sandboxes.close()
        self._room.cleanup()


STOPPED = "Grading was stopped."
_benches: dict[str, _Bench] = {}
_over: set[str] = set()
_turn = threading.RLock()


@contextlib.contextmanager
def _at_bench(orders: dict) -> Iterator[_Bench]:
    name = orders["run"]
    with _turn:
        if name in _over:
            raise CourseError(STOPPED)
        if name not in _benches:
            _benches[name] = _Bench(orders)
            _look_later(name)
        bench = _benches[name]
        bench.busy += 1
    try:
        yield bench
    finally:
        with _turn:
            bench.busy -= 1
            bench.left = time.monotonic()


def _look_later(name: str) -> None:
    timer = threading.Timer(IDLE, _put_away_if_idle, [name])
    timer.daemon = True
    timer.start()


def _put_away_if_idle(name: str) -> None:
    with _turn:
        bench = _benches.get(name)
        if bench is None:
            return
        if bench.busy or time.monotonic() - bench.left < IDLE:
            return _look_later(name)
        del _benches[name]
    bench.close()


def _compare(wanted: dict[str, str]) -> None:
    for name, version in software().items():
        if version != wanted.get(name):
            raise CourseError(
                f"It has {name} {version}, and the teacher's machine {wanted.get(name)}. The same answer could get another "
                "grade there. Install the same version on both, start the worker again, and go on with --resume."
            )


def _unpacked(room: Path, stem: str, title: str, exercises) -> book.Lesson:
    """Write a lesson's exercises below ``room``; return the lesson."""
    bare = book.Lesson(stem, title, room / f"{stem}.ipynb", ())
    (room / bare.slug).mkdir()
    for name, content in exercises:
        (room / bare.slug / name).write_bytes(content)
    found = tuple(book.Exercise(Path(name).stem, bare.slug, room / bare.slug / name) for name, _ in exercises)
    return dataclasses.replace(bare, exercises=found)


def _worker():
    import distributed

    return distributed.get_worker()
