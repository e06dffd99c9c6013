"""Let the workers of a Dask cluster judge, where one machine is not enough.

A worker needs none of the teacher's files: exercises and a learner's cells reach it as plain data, and rows come back as
text. Learners' code runs in a sandbox beside the worker, as it does on one machine, and never in the worker itself.
"""

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
    tls = {}
    if certificates:
        tls["security"] = distributed.Security(
            tls_ca_file=str(certificates.ca),
            tls_client_cert=str(certificates.cert),
            tls_client_key=str(certificates.key),
            require_encryption=True,
        )
    try:
        return distributed.Client(address, timeout=CONNECT, set_as_default=False, **tls)
    except (OSError, ValueError, RuntimeError) as error:
        raise CourseError(
            f"No Dask scheduler answers at {address} ({_reason(error)}). Start one with `dask scheduler`, or look at the "
            "address, the firewall and the certificates."
        ) from None


def _reason(error: BaseException) -> str:
    """Return the innermost reason, which says most, in a line."""
    while error.__cause__ is not None:
        error = error.__cause__
    return " ".join(str(error).split())[:200] or type(error).__name__


def _share_out(
    client, address: str, unsafe: bool, submissions, journal: Journal, marker: run.Marker, progress
) -> None:
    """Let the workers judge; keep no more under way than they need to be busy."""
    from distributed import CancelledError

    orders = _orders(marker, unsafe)
    workers, done = _Workers(client, address), queue.SimpleQueue()
    under_way: dict[str, tuple] = {}

    def add(rows: Sequence[Row]) -> None:
        for row in rows:
            if not journal.has(row.key):  # two files may be one answer
                journal.add(row)
                progress(row)

    def readable() -> Iterator[run.Task]:
        for submission in submissions:
            task = marker.task(submission, journal)
            if isinstance(task.attempt, Report):
                add(marker.rows_alike(task, task.attempt))
            else:
                yield task

    todo = readable()
    try:
        while True:
            for task in itertools.islice(todo, max(0, 2 * workers.threads() + 1 - len(under_way))):
                future = client.submit(judge, orders, dataclasses.asdict(task), pure=False)
                under_way[future.key] = future, task
                future.add_done_callback(done.put)
            if not under_way:
                return
            with contextlib.suppress(queue.Empty):
                future, task = under_way.pop(done.get(timeout=TICK).key)
                add(_rows_of(future, task, marker))
    except (OSError, CancelledError):
        raise CourseError(
            f"The connection to the scheduler at {address} was lost. What is finished is kept: when it runs again, go on "
            "with --resume."
        ) from None
    finally:
        _stop(client, orders["run"], [future for future, _ in under_way.values()])
