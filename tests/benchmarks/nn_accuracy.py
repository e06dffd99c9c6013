"""How well the articles' seven nets do on all of MNIST, in ``course.nn`` and in Keras 3, from the same start.

    COURSE_DATA=folder/with/mnist python tests/benchmarks/nn_accuracy.py OUT.json [--keras-python P] [--seeds 3]

Both libraries get the same initial weights and the same batches in the same order; the epochs and batch sizes are the
listings'. What is compared is the accuracy on the 10,000 test images (for the autoencoder: the test loss). One process a library.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from nn_contenders import CONV, DENSE, FLAT, LSTM, POOL, WORKLOADS, keras_like

WORKLOADS |= {
    "CNN 001": WORKLOADS["CNN 32-64-128-10"],
    "LSTM 001": ([(LSTM, 128, True), (LSTM, 128, False), (DENSE, 10, "softmax")], (10, 10)),
    "CNN 003": ([(CONV, 32, "relu"), (POOL,), (FLAT,), (DENSE, 10, "softmax")], (28, 28, 1)),
}
LISTINGS = {  # what the net is called in WORKLOADS, epochs, batch size
    "000 MLP": ("MLP 784-64-64-10", 5, 32),
    "001 CNN": ("CNN 001", 5, 64),
    "001 LSTM": ("LSTM 001", 5, 128),
    "001 autoencoder": ("AE 784-32-784", 10, 256),
    "002 MLP": ("MLP 784-512-10", 10, 128),
    "003 CNN": ("CNN 003", 10, 128),
    "004 MLP": ("MLP 784-128-64-10", 10, 32),
}


def pictures(workload: str, arrays):
    """Return MNIST as a workload wants it: (x, y), (x_test, y_test)."""
    shape = WORKLOADS[workload][1]
    parts = []
    for x, y in arrays:
        x = x.astype(np.float32) / 255
        if shape == (10, 10):
            x = x[:, 4:24, 4:24].reshape(-1, 10, 2, 10, 2).mean(axis=(2, 4))
        x = x.reshape(-1, *shape)
        parts.append((x, x if "AE" in workload else y.astype(np.int64)))
    return parts


def train(library, listing: str, seed: int, path: str) -> float:
    """Train one net from stored weights, batch by batch; return the test accuracy, or the loss of an autoencoder."""
    workload, epochs, batch = LISTINGS[listing]
    with np.load(path) as stored:
        arrays = [(stored["x"], stored["y"]), (stored["x_test"], stored["y_test"])]
        weights = [stored[f"w{i}"] for i in range(len(stored.files) - 4)]
    (x, y), (x_test, y_test) = pictures(workload, arrays)
    model = keras_like(library, workload)
    if "AE" not in workload:
        model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.set_weights(weights)
    rng = np.random.default_rng(seed)
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch):
            rows = order[start : start + batch]
            model.train_on_batch(x[rows], y[rows])
    found = model.evaluate(x_test, y_test, batch_size=500, verbose=0)
    return float(found if np.isscalar(found) else found[1])


def main() -> None:
    """Train all nets in both libraries, or one in one of them if called by itself."""
    if sys.argv[1] in ("course", "keras"):
        os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
        library = __import__("keras") if sys.argv[1] == "keras" else __import__("course.nn", fromlist=["nn"])
        print(json.dumps(train(library, sys.argv[2], int(sys.argv[3]), sys.argv[4])))
        return
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--keras-python", default=sys.executable)
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    from course import nn

    (x, y), (x_test, y_test) = nn.datasets.mnist.load_data()
    rows = []
    for listing, (workload, _, _) in LISTINGS.items():
        for seed in range(options.seeds):
            nn.utils.set_random_seed(seed)
            weights = {f"w{i}": w for i, w in enumerate(keras_like(nn, workload).get_weights())}
            with tempfile.TemporaryDirectory() as folder:
                path = f"{folder}/start.npz"
                np.savez(path, x=x, y=y, x_test=x_test, y_test=y_test, **weights)
                row = {"listing": listing, "seed": seed}
                for name, python in (("course", sys.executable), ("keras", options.keras_python)):
                    done = subprocess.run(
                        [python, __file__, name, listing, str(seed), path], capture_output=True, text=True
                    )
                    row[name] = (
                        json.loads(done.stdout.splitlines()[-1])
                        if done.returncode == 0
                        else done.stderr[-300:]
                    )
            rows.append(row)
            print(row, flush=True)
            options.out.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
