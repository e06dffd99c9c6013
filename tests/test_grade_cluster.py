"""Grading by the workers of a Dask cluster: real programs, started as a teacher starts them."""

import contextlib
import datetime
import ipaddress
import json
import os
import pickle
import re
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest
from conftest import LESSON, MINI, RIGHT
from grading import graded, kept, notebook, submission
from test_grade import files
from test_grade_run import HEAD, MINI_LESSON, NAMES, untimed, verdicts

from course import book
from course.errors import CourseError
from course.grading import cluster, run

pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="grading on Windows is for WSL"),
    pytest.mark.xdist_group("cluster"),  # one at a time: each is several processes
]
WAIT = 60.0  # seconds until we give a cluster up; nothing takes that long where nothing is broken


class Cluster:
    """A scheduler, and workers that stay dead when they die."""

    def __init__(self, folder: Path, *, options=(), tls: Path | None = None, **environment):
        self.folder, self.workers = folder, []
        self._file = folder / "scheduler.json"
        self._environment = {k: v for k, v in os.environ.items() if k != "COURSE_BOOK"} | environment
        self._tls = ["--tls-ca-file", tls, "--tls-cert", tls, "--tls-key", tls] if tls else []
        protocol = "tls" if tls else "tcp"
        self.scheduler = self._start("scheduler", "--protocol", protocol, "--port", "0", *options)
        self._wait_for(lambda: self._file.exists() and self._file.read_text(encoding="utf-8").endswith("}"))
        self.address = json.loads(self._file.read_text(encoding="utf-8"))["address"]

    def add(self, *options) -> subprocess.Popen:
        """Start a worker, and wait for it."""
        there = self.folder / f"worker-{len(self.workers)}"
        options = options if "--nanny" in options else (*options, "--no-nanny")
        worker = self._start(
            "worker", "--nthreads", "1", "--local-directory", there, "--name", there.name, *options
        )
        self.workers.append(worker)
        self._wait_for(lambda: f"{there.name}" in self.said("scheduler", worker))
        return worker

    def said(self, program: str, worker: subprocess.Popen) -> str:
        """Return what a program has said, while the worker is well."""
        assert worker.poll() is None, (self.folder / "worker.log").read_text(encoding="utf-8")
        return (self.folder / f"{program}.log").read_text(encoding="utf-8")

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()

    def _start(self, program: str, *options) -> subprocess.Popen:
        command = [sys.executable, "-m", "dask", program, "--scheduler-file", self._file, "--no-dashboard"]
        with (self.folder / f"{program}.log").open("ab") as log:
            return subprocess.Popen(
                [*map(str, command), "--host", "127.0.0.1", *map(str, self._tls), *map(str, options)],
                cwd=self.folder,
                env=self._environment,
                stdout=log,
                stderr=log,
            )

    def _wait_for(self, there) -> None:
        end = time.monotonic() + WAIT
        while not there():
            assert time.monotonic() < end, (self.folder / "scheduler.log").read_text(encoding="utf-8")
            time.sleep(0.05)


@pytest.fixture
def start(tmp_path_factory):
    """Return ``start(workers, **options)``: a cluster that ends with the test."""
    with contextlib.ExitStack() as stack:

        def begin(workers=0, **options):
            found = stack.enter_context(contextlib.closing(Cluster(tmp_path_factory.mktemp("c"), **options)))
            for _ in range(workers):
                found.add()
            return found

        yield begin


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """A cluster of two workers, for tests that leave it as it is."""
    with contextlib.closing(
        Cluster(tmp_path_factory.mktemp("two"), ONLY_IN_THE_WORKER="a password")
    ) as found:
        found.add()
        found.add("--nthreads", "2")
        yield found


@pytest.fixture
def hand_in(tmp_path):
    """Return ``hand_in(learner, **changed)``: a submission with right answers but for the changed ones."""
    folder = tmp_path / "in"
    folder.mkdir()

    def write(learner, **changed):
        cells = [HEAD, *((RIGHT | changed).items()), ("who", f"# {learner}")]
        return submission(notebook(folder / f"{learner}.ipynb", cells), "mini")

    return write


def judged_by(found: Cluster, people, out, lessons=(MINI_LESSON,), tls=None, **options):
    """Grade by a cluster; return the rows in the order in which they came."""
    certificates = cluster.Certificates(tls, tls, tls) if tls else None
    with cluster.connected(found.address, certificates, unsafe=True) as share_out:
        return graded(people, lessons, out, share_out=share_out, **options)


def kept_answers(out):
    return {path.name: path.read_bytes() for path in (out / "answers").iterdir()}


# --------------------------------------------------------------------------------------- the same comes out


def test_workers_find_what_one_machine_finds(two, hand_in, tmp_path):
    broken = tmp_path / "in" / "broken.ipynb"
    broken.write_text("{", encoding="utf-8")
    script = tmp_path / "in" / "script.py"
    script.write_text(f"import numpy as np\n{RIGHT['double']}\n", encoding="utf-8")
    gone = hand_in("gone")
    gone.path.unlink()
    people = [
        hand_in("right"),
        hand_in("squares", double="def double(x):\n    return x ** 2"),
        hand_in("raises", double="def double(x):\n    return x + undefined"),
        hand_in("compiles", double="import numba\n@numba.njit\ndef double(x):\n    return 2 * x"),
        *(submission(path, "mini") for path in (broken, script)),
        gone,
    ]
    graded(people, [MINI_LESSON], tmp_path / "here")
    rows = judged_by(two, people, tmp_path / "there")
    assert untimed(kept(tmp_path / "there")) == untimed(kept(tmp_path / "here"))
    assert len(rows) == len(people) * len(NAMES)
    assert kept_answers(tmp_path / "there") == kept_answers(tmp_path / "here")
    assert {row.sandbox for row in rows if row.learner in ("broken", "gone")} == {""}


def test_the_command_writes_the_same_files(two, course, hand_in, tmp_path):
    hand_in("ana")
    hand_in("bo", average="def average(x):\n    return x.sum()")
    common = ("--seed", "7", "--unsafe")
    here = course("grade", "in", "--out", "here", *common)
    there = course("grade", "in", "--out", "there", *common, "--scheduler", two.address)
    assert there.stderr == ""
    assert there.returncode == here.returncode == 0
    assert there.stdout == here.stdout.replace("here", "there")
    assert files(tmp_path / "there") == files(tmp_path / "here")


def test_a_teachers_own_exercises_and_lessons_go_along(two, hand_in, tmp_path):
    own = tmp_path / "own" / "first-week" / "double.py"
    own.parent.mkdir(parents=True)
    source = (MINI / "solutions" / "mini" / "double.py").read_text(encoding="utf-8")
    own.write_text(f"{source}\nPOINTS = 3\n", encoding="utf-8")
    exercise = book.Exercise("double", "first-week", own)
    lesson = book.Lesson("07-first-week", "Week 1", own.with_name("none.ipynb"), (exercise,))
    given = submission(hand_in("ana").path, "first-week")
    (row,) = judged_by(two, [given], tmp_path / "out", [lesson])
    assert (row.verdict, row.points, row.lesson) == ("passed", 3, "first-week")


def test_a_worker_is_told_nothing_of_the_teachers_folders(hand_in, tmp_path):
    marker = run.Marker(run.Syllabus.of([MINI_LESSON]), 7, 20.0)
    with run.Journal(tmp_path / "out", lambda row: False, resume=False) as journal:
        task = marker.task(hand_in("ana"), journal)
    sent = pickle.dumps((cluster._orders(marker, False), task))
    assert b"ana.ipynb" in sent
    assert str(tmp_path).encode() not in sent
    assert str(MINI).encode() not in sent


# --------------------------------------------------------------------------------------- learners' code

ATTACKS = {
    "exits": "import os\ndef double(x):\n    os._exit(0)",
    "kills": "import os\ndef double(x):\n    os.kill(os.getppid(), 9)\n    os.kill(0, 9)\n    return x",
    "looks_around": "import os\ndef double(x):\n    return 2 * x if 'ONLY_IN_THE_WORKER' in os.environ else x",
    "looks_for_dask": "import sys\ndef double(x):\n    return 2 * x if 'distributed' in sys.modules else x",
    "looks_at_its_parent": (
        "import os\ndef double(x):\n    with open(f'/proc/{os.getppid()}/environ', 'rb') as file:\n"
        "        return 2 * x if b'ONLY_IN' in file.read() else x"
    ),
    "exits_on_loading": "import os\nclass Gone:\n    os._exit(0)\ndef double(x):\n    return 2 * x",
}


def test_learners_code_does_not_run_in_a_worker(two, hand_in, tmp_path):
    people = [hand_in(name, double=source) for name, source in ATTACKS.items()]
    graded(people, [MINI_LESSON], tmp_path / "here")
    rows = judged_by(two, people, tmp_path / "there")
    assert untimed(kept(tmp_path / "there")) == untimed(kept(tmp_path / "here"))
    assert "passed" not in {row.verdict for row in rows if row.exercise == "double"}
    assert [worker.poll() for worker in two.workers] == [None, None]


# ------------------------------------------------------------------------------------ workers that die


def test_a_worker_that_is_killed_costs_nothing(start, hand_in, tmp_path):
    found = start(workers=2)
    people = [hand_in(f"learner-{n}", double=f"def double(x):\n    return x * {n}") for n in range(8)]
    graded(people, [MINI_LESSON], tmp_path / "here")
    rows = []

    def progress(row):
        rows.append(row)
        if len(rows) == 2 * len(NAMES):
            found.workers[0].send_signal(signal.SIGKILL)
            found.workers[0].wait()

    judged_by(found, people, tmp_path / "there", progress=progress)
    assert [worker.poll() for worker in found.workers] == [-signal.SIGKILL, None]
    assert untimed(kept(tmp_path / "there")) == untimed(kept(tmp_path / "here"))
    assert len(rows) == len(people) * len(NAMES)


def test_a_result_that_cannot_be_had_just_now_is_waited_for(two, hand_in, tmp_path, monkeypatch):
    """As when a worker dies between the end of a task and its result's leaving."""
    late, rows_of = [], cluster._rows

    def rows(future, *arguments):
        if future.key not in late:
            late.append(future.key)
            raise TimeoutError
        return rows_of(future, *arguments)

    monkeypatch.setattr(cluster, "_rows", rows)
    found = judged_by(two, [hand_in("ana"), hand_in("bo")], tmp_path / "out")
    assert len(late) == 2
    assert len(found) == 2 * len(NAMES)


def test_a_submission_that_no_worker_survives_is_the_graders_fault(start, hand_in, tmp_path):
    deadly = tmp_path / "own" / "deadly" / "double.py"
    deadly.parent.mkdir(parents=True)
    source = (MINI / "solutions" / "mini" / "double.py").read_text(encoding="utf-8")
    deadly.write_text(
        source.replace("def trials(rng):\n", "def trials(rng):\n    import os\n    os._exit(1)\n"),
        encoding="utf-8",
    )
    exercise = book.Exercise("double", "deadly", deadly)
    lesson = book.Lesson("02-deadly", "Deadly", deadly.with_name("none.ipynb"), (exercise,))
    found = start(DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="1")
    found.add("--nanny")  # which starts a worker again
    (row,) = judged_by(found, [submission(hand_in("ana").path, "deadly")], tmp_path / "out", [lesson])
    assert (row.verdict, row.points, row.sandbox) == ("grader_error", None, "")
    assert "each worker that judged it died" in row.message


def test_without_workers_it_ends_with_advice_and_goes_on_elsewhere(start, hand_in, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "PATIENCE", 0.5)
    found = start(workers=1)
    people = [hand_in(f"learner-{n}") for n in range(3)]
    rows = []

    def progress(row):
        rows.append(row)
        found.workers[0].kill()

    with pytest.raises(CourseError, match=r"had no workers for .* kept: start workers \(dask worker tcp://"):
        judged_by(found, people, tmp_path / "out", progress=progress)
    assert kept(tmp_path / "out") == rows
    again = graded(people, [MINI_LESSON], tmp_path / "out", resume=True)
    assert len(rows) + len(again) == len(people) * len(NAMES)
    assert set(verdicts(kept(tmp_path / "out")).values()) == {"passed"}


# ----------------------------------------------------------------------------------- stopping and going on


def test_a_scheduler_that_is_lost_ends_the_run_and_another_goes_on(start, two, hand_in, tmp_path):
    found = start(workers=1)
    people = [hand_in(f"learner-{n}") for n in range(12)]
    graded(people, [MINI_LESSON], tmp_path / "here")

    def progress(row):
        found.scheduler.kill()

    with pytest.raises(CourseError, match=r"The connection to the scheduler at tcp://.* go on with --resume"):
        judged_by(found, people, tmp_path / "there", progress=progress)
    finished = len(kept(tmp_path / "there"))
    assert 0 < finished < len(people) * len(NAMES)
    again = judged_by(two, people, tmp_path / "there", resume=True)
    assert len(again) == len(people) * len(NAMES) - finished
    assert untimed(kept(tmp_path / "there")) == untimed(kept(tmp_path / "here"))


def test_ctrl_c_leaves_nothing_in_the_workers(two, hand_in, tmp_path):
    people = [hand_in(f"learner-{n}") for n in range(12)]

    def progress(row):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        judged_by(two, people, tmp_path / "out", progress=progress)
    assert len(kept(tmp_path / "out")) == 1
    nothing_left(two)
    again = judged_by(two, people, tmp_path / "out", resume=True)
    assert len(again) == len(people) * len(NAMES) - 1
    nothing_left(two)


def nothing_left(found: Cluster) -> None:
    """Wait until the workers have no processes and no exercises."""
    import psutil

    def left():
        processes = [child for w in found.workers for child in psutil.Process(w.pid).children(recursive=True)]
        return [*processes, *found.folder.glob("worker-*/**/course-*")]

    found._wait_for(lambda: not left())


TEACHER = """
    import os, pickle, signal, sys
    from pathlib import Path
    from course import book
    from course.grading import cluster, run
    address, submissions, root, out = pickle.loads(Path(sys.argv[1]).read_bytes())
    with cluster.connected(address, None, unsafe=True) as share_out:
        run.grade(submissions, [book.load(Path(root)).lesson("mini")], Path(out), seed=7, jobs=1, resume=False, unsafe=True,
                  share_out=share_out, progress=lambda row: os.kill(os.getpid(), signal.SIGKILL))
"""


def test_workers_put_things_away_when_the_teacher_is_gone_without_a_word(start, hand_in, tmp_path, preload):
    found = start()
    found.add(*preload("from course.grading import cluster\ncluster.IDLE = 0.2"))
    people = [hand_in(f"learner-{n}") for n in range(12)]
    orders = tmp_path / "orders"
    orders.write_bytes(pickle.dumps((found.address, people, str(MINI), str(tmp_path / "out"))))
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(TEACHER), orders],
        env=os.environ | {"PYTHONPATH": path},
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    nothing_left(found)


# ------------------------------------------------------------------------------------------ workers unlike us


@pytest.fixture
def preload(tmp_path):
    """Return ``preload(source)``: options with which a program of Dask runs that at its start."""

    def write(source):
        path = tmp_path / "preload.py"
        path.write_text(source, encoding="utf-8")
        return "--preload", path

    return write


WITHOUT_COURSE = "import sys\nsys.modules['course'] = None"


@pytest.mark.parametrize(
    ("at_its_start", "message"),
    [
        ("from course.grading import rows\nrows.__version__ = '0.0.1'", r"Worker tcp://.*has course 0\.0\.1"),
        (WITHOUT_COURSE, r"A worker lacks the course.*pip install 'neurons-up\[cluster\]=="),
        (
            "from course.grading import sandbox\nsandbox.why_not = lambda level: 'it is broken.'",
            r"Worker tcp://.*can't be isolated here",
        ),
    ],
    ids=["version", "none", "sandbox"],
)
def test_a_worker_that_would_judge_otherwise_is_refused(
    start, hand_in, tmp_path, preload, at_its_start, message
):
    found = start()
    worker = found.add(*preload(at_its_start))
    with pytest.raises(CourseError, match=message):
        judged_by(found, [hand_in("ana")], tmp_path / "out")
    assert kept(tmp_path / "out") == []
    assert worker.poll() is None


def test_the_scheduler_needs_no_course(start, hand_in, tmp_path, preload):
    found = start(options=preload(WITHOUT_COURSE))
    found.add()
    rows = judged_by(found, [hand_in("ana")], tmp_path / "out")
    assert verdicts(rows) == dict.fromkeys(NAMES, "passed")


# ------------------------------------------------------------------------------------- the way to the cluster


@pytest.fixture(scope="module")
def pem(tmp_path_factory):
    """Return ``pem(name)``: a file with a key and a certificate that is signed by itself."""
    x509 = pytest.importorskip("cryptography.x509", reason="makes certificates")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    def make(name):
        key = ec.generate_private_key(ec.SECP256R1())
        who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        now = datetime.datetime.now(datetime.UTC)
        names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        builder = x509.CertificateBuilder(who, who, key.public_key(), x509.random_serial_number())
        builder = builder.not_valid_before(now - datetime.timedelta(days=1))
        builder = builder.not_valid_after(now + datetime.timedelta(days=1))
        builder = builder.add_extension(names, critical=False)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        form = serialization.Encoding.PEM
        secret = key.private_bytes(form, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        path = tmp_path_factory.mktemp("pem") / f"{name}.pem"
        path.write_bytes(secret + builder.sign(key, hashes.SHA256()).public_bytes(form))
        return path

    return make


def test_certificates_are_passed_on(start, course, hand_in, tmp_path, pem, monkeypatch):
    ours, theirs = pem("ours"), pem("theirs")
    found = start(workers=1, tls=ours)
    assert found.address.startswith("tls://")
    hand_in("ana")
    files_of = lambda file: ("--tls-ca", file, "--tls-cert", file, "--tls-key", file)  # noqa: E731
    done = course("grade", "in", "--out", "out", "--unsafe", "--scheduler", found.address, *files_of(ours))
    assert (done.returncode, done.stderr) == (0, "")
    assert {row.verdict for row in kept(tmp_path / "out")} == {"passed"}
    monkeypatch.setattr(cluster, "CONNECT", 2.0)
    with pytest.raises(CourseError, match=r"No Dask scheduler answers at tls://.*certificate"):
        judged_by(found, [], tmp_path / "out2", tls=theirs)


def test_tls_and_certificates_go_together(tmp_path):
    with (
        pytest.raises(CourseError, match="wants certificates: add --tls-ca, --tls-cert and --tls-key"),
        cluster.connected("tls://127.0.0.1:1", None, unsafe=False),
    ):
        pass
    some = cluster.Certificates(tmp_path, tmp_path, tmp_path)
    with (
        pytest.raises(CourseError, match="would not use the certificates"),
        cluster.connected("tcp://127.0.0.1:1", some, unsafe=False),
    ):
        pass


@pytest.mark.parametrize("address", ["127.0.0.1:1", "tcp://127.0.0.1:1", "nonsense://x", "tcp://", "here"])
def test_where_no_scheduler_answers_it_says_so(address, monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT", 0.5)
    with (
        pytest.raises(CourseError, match=r"No Dask scheduler answers at .* Start one with `dask scheduler`"),
        cluster.connected(address, None, unsafe=False),
    ):
        pass


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.0 400 Bad Request\r\n\r\n<html></html>", b""], ids=["web", "silent"]
)
def test_something_else_that_listens_there_is_no_scheduler(monkeypatch, answer):
    monkeypatch.setattr(cluster, "CONNECT", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            with contextlib.suppress(OSError), server.accept()[0] as there:
                there.sendall(answer)
                while there.recv(10**6):
                    pass

        threading.Thread(target=serve, daemon=True).start()
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        with (
            pytest.raises(CourseError, match=r"No Dask scheduler answers at tcp://"),
            cluster.connected(address, None, unsafe=False),
        ):
            pass


def test_the_address_of_a_worker_is_no_schedulers(two):
    address = re.search(r"Start worker at: +(\S+)", two.said("worker", two.workers[0]))[1]
    with (
        pytest.raises(CourseError, match=r"No Dask scheduler answers at .* \(what answers is a worker\)"),
        cluster.connected(address, None, unsafe=False),
    ):
        pass


def test_without_dask_it_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(CourseError, match=r"pip install 'neurons-up\[cluster\]'"),
        cluster.connected("tcp://127.0.0.1:1", None, unsafe=False),
    ):
        pass


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--scheduler", "tcp://127.0.0.1:1", "--jobs", "2"), "--jobs is for this machine"),
        (("--tls-ca", LESSON, "--tls-cert", LESSON, "--tls-key", LESSON), "go with --scheduler ADDRESS"),
        (("--scheduler", "tls://127.0.0.1:1", "--tls-ca", LESSON), "go together; one file may be all three"),
        (("--scheduler", "tls://127.0.0.1:1", "--tls-ca", "none.pem"), "'none.pem' does not exist"),
    ],
)
def test_options_that_do_not_fit_are_refused(course, hand_in, tmp_path, options, message):
    hand_in("ana")
    done = course("grade", "in", "--out", "out", *options)
    assert done.returncode == 2
    assert message in " ".join(done.stderr.split())
    assert not (tmp_path / "out").exists()
