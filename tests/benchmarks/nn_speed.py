"""How fast ``course.nn`` trains the nets of the course, beside the frameworks people would otherwise use.

    python tests/benchmarks/nn_speed.py [OUT.json] [--threads 2] [--rounds 7] [--only MLP]
        [--torch-python P] [--jax-python P] [--keras-python P]

One process a contender, never two libraries in one. They take turns, in an order that is turned round every other round,
with a pause between turns so that waiting threads fall asleep. All begin with the same weights, and their losses are compared
before any time is reported. What counts is a ratio: the median, over the rounds, of a contender's turn divided by torch's turn
of the same round. A contender whose library is not installed is left out, and named.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from nn_contenders import COMPARED, CONTENDERS, WORKLOADS, keras_like

ROWS = [  # workload, batch, what train_on_batch must reach, what fit aims at
    ("MLP 784-64-64-10", 32, 0.45, 0.20),
    ("MLP 784-64-64-10", 128, 0.50, 0.30),
    ("MLP 784-128-64-10", 32, 0.45, 0.20),
    ("MLP 784-128-64-10", 128, 0.50, 0.30),
    ("MLP 784-512-10", 128, 0.60, 0.40),
    ("CNN 32-64-128-10", 32, 0.60, 0.35),
    ("CNN 32-64-128-10", 128, 0.60, 0.35),
    ("CNN 32-10", 128, 0.50, 0.30),
    ("LSTM 128 x 2, T = 10", 32, 0.80, 0.50),
    ("LSTM 128 x 2, T = 10", 128, 0.95, 0.80),
    ("LSTM 128 x 2, T = 100", 32, 0.80, 0.50),
    ("LSTM 128 x 2, T = 100", 128, 0.95, 0.80),
    ("AE 784-32-784", 128, 0.50, 0.35),
    ("conv AE 16-8-8-16-1", 32, 0.80, 0.40),
]
TURN = 0.15  # seconds that a turn should take
PAUSE = 0.05
HERE = Path(__file__).parent


class Worker:
    """A contender at work in a process of its own."""

    def __init__(self, python, contender, workload, batch, weights, threads):
        names = (
            "OMP_NUM_THREADS",
            "OPENBLAS_NUM_THREADS",
            "MKL_NUM_THREADS",
            "NUMBA_NUM_THREADS",
            "BENCH_THREADS",
        )
        env = {**os.environ, **dict.fromkeys(names, str(threads))}
        if threads == 1:
            env["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
        command = [python, str(HERE / "nn_contenders.py"), contender, workload, str(batch), str(weights)]
        self.process = subprocess.Popen(
            command,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        if not self.process.stdout.readline():
            raise OSError(f"{contender} can't run {workload}")
        self.losses = []
        self.steps = 1

    def turn(self, steps):
        """Return the seconds of each step."""
        self.process.stdin.write(f"{steps}\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        self.losses += answer["losses"]
        return answer["times"]

    def peak(self):
        """Return the most memory that the process has had, in MB; None where the system doesn't tell."""
        try:
            lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        except OSError:
            return None
        return next(int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM"))

    def close(self):
        """End the process."""
        self.process.kill()
        self.process.wait()


def measure(workload, batch, pythons, threads, rounds) -> list[dict]:
    """Return a row for each contender of one workload."""
    from course import nn

    nn.utils.set_random_seed(0)
    with tempfile.TemporaryDirectory() as folder:
        weights = Path(folder) / "weights.npz"
        np.savez(weights, *keras_like(nn, workload).get_weights())
        workers = {}
        for name, python in pythons.items():
            try:
                workers[name] = Worker(python, name, workload, batch, weights, threads)
            except OSError as error:
                print(f"left out: {error}", file=sys.stderr)
        try:
            return _rounds(workload, batch, workers, threads, rounds)
        finally:
            for worker in workers.values():
                worker.close()


def _rounds(workload, batch, workers, threads, rounds):
    for worker in workers.values():
        worker.turn(COMPARED)
        worker.steps = max(3, int(TURN / statistics.median(worker.turn(5))))
    first, last = ({name: w.losses[i] for name, w in workers.items()} for i in (0, COMPARED - 1))
    for losses in (first, last):
        low, high = min(losses.values()), max(losses.values())
        if high - low > 0.02 * high + 1e-3:
            print(f"LOSSES DIFFER on {workload}: {losses}", file=sys.stderr)
    turns = {name: [] for name in workers}
    names = list(workers)
    for number in range(rounds):
        for name in names if number % 2 == 0 else reversed(names):
            time.sleep(PAUSE)
            turns[name].append(statistics.median(workers[name].turn(workers[name].steps)))
    rows = []
    for name in names:
        ratios = (
            [own / base for own, base in zip(turns[name], turns["torch"], strict=True)]
            if "torch" in turns
            else []
        )
        quartiles = statistics.quantiles(ratios, n=4) if len(ratios) > 1 else [None] * 3
        rows.append(
            {
                "workload": workload,
                "batch": batch,
                "threads": threads,
                "contender": name,
                "median_s": statistics.median(turns[name]),
                "min_s": min(turns[name]),
                "ratio_vs_torch": statistics.median(ratios) if ratios else None,
                "q1": quartiles[0],
                "q3": quartiles[2],
                "rounds": rounds,
                "peak_mb": None
                if name.endswith("fit")
                else workers[name].peak(),  # that one holds an epoch of data
                "loadavg": os.getloadavg()[0],
                "loss_step_1": first[name],
                "loss_step_41": last[name],
            }
        )
    return rows


def table(rows) -> str:
    """Lay out the ratios: a line a workload, a column a contender."""
    names = [name for name in CONTENDERS if any(row["contender"] == name for row in rows)]
    lines = [f"| step time / torch eager's | B | {' | '.join(names)} | must | aim |"]
    lines.append("|---|---|" + "---|" * (len(names) + 2))
    for workload, batch, must, aim in ROWS:
        found = {
            r["contender"]: r["ratio_vs_torch"]
            for r in rows
            if (r["workload"], r["batch"]) == (workload, batch)
        }
        if found:
            cells = " | ".join(f"{found[n]:.2f}" if found.get(n) is not None else "" for n in names)
            lines.append(f"| {workload} | {batch} | {cells} | {must:.2f} | {aim:.2f} |")
    return "\n".join(lines)


def plot(rows, path) -> None:
    """Draw the ratios of one machine: a dot a contender, a line a workload, on a logarithmic axis."""
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    plt.style.use("course.figures")
    shown = [(w, b) for w, b, _, _ in ROWS if any((r["workload"], r["batch"]) == (w, b) for r in rows)]
    marks = dict(zip(CONTENDERS, "o^sDvP*", strict=False))
    fig, ax = plt.subplots(figsize=(7, 0.34 * len(shown) + 1.2))
    for name, mark in marks.items():
        mine = {(r["workload"], r["batch"]): r["ratio_vs_torch"] for r in rows if r["contender"] == name}
        points = [(mine[key], -i) for i, key in enumerate(shown) if mine.get(key)]
        if points:
            own = name.startswith("course") and "numpy" not in name
            ax.plot(
                *zip(*points, strict=True),
                mark,
                label=name,
                markersize=9 if own else 6,
                alpha=1 if own else 0.7,
            )
    ax.axvline(1, color="#797979", linewidth=1)
    ax.set(
        xscale="log",
        xlabel="time of a training step, torch eager = 1",
        yticks=[-i for i in range(len(shown))],
    )
    ax.set_yticklabels([f"{w}, B = {b}" for w, b in shown])
    ax.legend(frameon=False, loc="upper center", bbox_to_anchor=(0.4, -0.12), ncol=4)
    fig.savefig(path, dpi=144, bbox_inches="tight", facecolor="white")


def main() -> None:
    """Measure, print the table, and write JSON and a plot if a file is named."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", nargs="?", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", default="")
    for peer in ("torch", "jax", "keras"):
        parser.add_argument(
            f"--{peer}-python", default=os.environ.get(f"{peer.upper()}_PYTHON", sys.executable)
        )
    options = parser.parse_args()
    homes = {"torch": options.torch_python, "jax": options.jax_python, "keras": options.keras_python}
    pythons = {name: homes.get(name.partition(",")[0], sys.executable) for name in CONTENDERS}
    rows = []
    for workload, batch, _, _ in ROWS:
        if options.only in workload:
            rows += measure(workload, batch, pythons, options.threads, options.rounds)
            found = {
                r["contender"]: r["ratio_vs_torch"] or r["median_s"]
                for r in rows[-len(pythons) :]
                if r["workload"] == workload and r["batch"] == batch
            }
            print(workload, batch, {name: round(value, 3) for name, value in found.items()}, file=sys.stderr)
            peaks = {r["contender"]: r["peak_mb"] for r in rows[-len(found) :]}
            print("    peak MB", peaks, file=sys.stderr)
    print(f"{platform.machine()}, {options.threads} threads, {options.rounds} rounds\n")
    print(table(rows))
    if options.out:
        options.out.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
        plot(rows, options.out.with_suffix(".png"))


if __name__ == "__main__":
    assert set(WORKLOADS) == {row[0] for row in ROWS}
    main()
