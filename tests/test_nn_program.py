"""A written step does what the layers do, for every kind of layer, loss and optimizer that can be written down."""

import copy
import os
import subprocess
import sys
import threading

import numpy as np
import pytest

from course import nn
from course.nn import ops, program

pytest.importorskip("numba", reason="without Numba nothing is written down; the layers' way serves")
needs_jit = pytest.mark.skipif(ops.backend() != "numba", reason="kernels are off: NUMBA_DISABLE_JIT is set")
pytestmark = needs_jit
if ops.backend() == "numba":
    from course.nn.ops import pool_numba, table_numba

Conv2D, Dense, Flatten, LSTM = nn.layers.Conv2D, nn.layers.Dense, nn.layers.Flatten, nn.layers.LSTM
MaxPooling2D, Reshape, UpSampling2D = nn.layers.MaxPooling2D, nn.layers.Reshape, nn.layers.UpSampling2D

NETS = {  # shape of an example, layers, loss
    "one neuron": ((3,), lambda: [Dense(1)], "mse"),
    "yes or no": ((5,), lambda: [Dense(4, activation="relu"), Dense(1, activation="sigmoid")], "binary"),
    "classes": ((50,), lambda: [Dense(70, activation="relu"), Dense(10, activation="softmax")], "sparse"),
    "one-hot": ((9,), lambda: [Dense(33, use_bias=False), Dense(3, activation="softmax")], "categorical"),
    "logits": ((9,), lambda: [Dense(7, activation="relu"), Dense(3)], "sparse, logits"),
    "wide": ((40,), lambda: [Dense(300, activation="relu"), Dense(40, activation="sigmoid")], "binary"),
    "images": (
        (9, 8, 2),
        lambda: [
            Conv2D(5, 3, activation="relu", padding="same"),
            MaxPooling2D(),
            Conv2D(40, (2, 3), strides=(2, 1), use_bias=False),
            Flatten(),
            Dense(4, activation="softmax"),
        ],
        "sparse",
    ),
    "few filters": (
        (6, 6, 3),
        lambda: [
            Conv2D(4, 3, activation="relu", padding="same", strides=2),
            UpSampling2D((2, 3)),
            Conv2D(1, 3, activation="sigmoid", padding="same"),
        ],
        "binary",
    ),
    "reshaped": (
        (16,),
        lambda: [Reshape((4, 4, 1)), Conv2D(17, 2), MaxPooling2D((3, 2)), Flatten(), Dense(2)],
        "mse",
    ),
    "sequences": (
        (5, 3),
        lambda: [LSTM(9, return_sequences=True), LSTM(4), Dense(3, activation="softmax")],
        "sparse",
    ),
}
LOSSES = {
    "mse": "mse",
    "binary": "binary_crossentropy",
    "sparse": "sparse_categorical_crossentropy",
    "sparse, logits": nn.losses.SparseCategoricalCrossentropy(from_logits=True),
    "categorical": "categorical_crossentropy",
}
OPTIMIZERS = {
    "adam": lambda: nn.optimizers.Adam(0.01),
    "adamw": lambda: nn.optimizers.AdamW(nn.optimizers.ExponentialDecay(0.01, 2, 0.5)),
    "clipped": lambda: nn.optimizers.Adam(0.01, clipnorm=0.1),
    "sgd": lambda: nn.optimizers.SGD(0.1, momentum=0.9, nesterov=True),
    "rmsprop": lambda: nn.optimizers.RMSprop(0.01),
}


def made(name, optimizer="adam", metrics=()):
    shape, layers, loss = NETS[name]
    nn.utils.set_random_seed(0)
    model = nn.Sequential([nn.Input(shape=shape), *layers()])
    model.compile(OPTIMIZERS[optimizer](), LOSSES[loss], metrics=list(metrics))
    return model


def data(name, n=23):
    shape, _, loss = NETS[name]
    rng = np.random.default_rng(1)
    x = rng.normal(size=(n, *shape)).astype(np.float32)
    out = made(name).output_shape
    if loss.startswith("sparse"):
        return x, rng.integers(0, out[0], n)
    if loss == "categorical":
        return x, nn.utils.to_categorical(rng.integers(0, out[0], n), out[0])
    return x, rng.random((n, *out)).astype(np.float32)


def trained(name, optimizer="adam", layered=False, **more):
    with pytest.MonkeyPatch.context() as patch:
        if layered:
            patch.setattr(program, "written", lambda *_: None)
        model = made(name, optimizer, more.pop("metrics", ()))
        history = model.fit(*data(name), batch_size=10, epochs=3, verbose=0, **more)
    return model, history.history


def alike(one, other):
    assert one[1].keys() == other[1].keys()
    for name, values in one[1].items():
        np.testing.assert_allclose(values, other[1][name], rtol=2e-5, atol=1e-6)
    largest = np.abs(other[0].parameters).max()
    np.testing.assert_allclose(one[0].parameters, other[0].parameters, rtol=1e-3, atol=1e-4 * largest)


@pytest.fixture(params=["one thread", "all threads"])
def _threads(request, monkeypatch):
    monkeypatch.setattr(pool_numba, "ALONE", 0 if request.param == "all threads" else 10**12)


@pytest.mark.usefixtures("_threads")
@pytest.mark.parametrize("name", NETS)
def test_a_written_step_is_that_of_the_layers(name):
    x, y = data(name)
    model = made(name)
    assert program.written(model, *nn.training.prepared(model, x, y)[:2], 10) is not None
    alike(trained(name), trained(name, layered=True))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer(optimizer):
    alike(trained("classes", optimizer), trained("classes", optimizer, layered=True))


def test_metrics_and_validation_see_the_same():
    more = {"metrics": ["accuracy"], "validation_split": 0.2}
    alike(trained("classes", **more), trained("classes", layered=True, **more))


def test_the_gradient_is_there_afterwards():
    model, _ = trained("images", "sgd")
    layered, _ = trained("images", "sgd", layered=True)
    np.testing.assert_allclose(model.gradient, layered.gradient, rtol=1e-3, atol=1e-5)
    assert np.abs(model.gradient).max() > 0


@pytest.mark.parametrize("name", ["classes", "images", "sequences"])
def test_train_on_batch_is_one_step_whatever_was_done_to_the_weights_in_between(name, monkeypatch):
    x, y = data(name)
    models = [made(name, metrics=["accuracy"]) for _ in range(2)]
    for step, size in enumerate((23, 23, 7, 23)):
        found = [models[0].train_on_batch(x[:size], y[:size])]
        with monkeypatch.context() as patch:
            patch.setattr(program, "written", lambda *_: None)
            found.append(models[1].train_on_batch(x[:size], y[:size]))
        np.testing.assert_allclose(*found, rtol=1e-4)
        if step == 1:
            for model in models:
                model.set_weights([0.9 * weight for weight in model.get_weights()])
        if step == 2:
            for model in models:
                model.compile("sgd", model.loss)
    np.testing.assert_allclose(models[0].parameters, models[1].parameters, rtol=1e-3, atol=1e-5)


def test_a_copy_of_a_trained_model_has_its_own_weights():
    x, y = data("classes")
    model = made("classes")
    model.train_on_batch(x, y)
    twin = copy.deepcopy(model)
    before = model.parameters.copy()
    twin.train_on_batch(x, y)
    np.testing.assert_array_equal(model.parameters, before)


UNKNOWN = {
    "a bend in between": lambda: [Dense(4, activation="tanh"), Dense(3, activation="softmax")],
    "dropout": lambda: [Dense(4), nn.layers.Dropout(0.5), Dense(3, activation="softmax")],
    "sequences that are laid flat": lambda: [
        Reshape((3, 3)),
        LSTM(2, return_sequences=True),
        Flatten(),
        Dense(3, activation="softmax"),
    ],
    "a penalty": lambda: [Dense(3, activation="softmax", kernel_regularizer="l2")],
    "a frozen layer": lambda: [Dense(4, trainable=False), Dense(3, activation="softmax")],
}


@pytest.mark.parametrize(
    "layers",
    [
        lambda: [LSTM(4, return_sequences=True)],
        lambda: [LSTM(4, return_sequences=True), Flatten(), Dense(20), Reshape((5, 4))],
        lambda: [Reshape((5, 2)), LSTM(4, return_sequences=True)],
        lambda: [LSTM(2, return_sequences=True), Reshape((2, 5)), LSTM(20), Reshape((5, 4))],
        lambda: [LSTM(4, go_backwards=True), Dense(20), Reshape((5, 4))],
    ],
)
def test_sequences_go_layer_by_layer_unless_an_lstm_reads_them(layers):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(20, 2, 5)).astype("f"), rng.normal(size=(20, 5, 4)).astype("f")
    if len(layers()) != 2:
        x = rng.normal(size=(20, 5, 2)).astype("f")
    found = []
    for layered in (False, True):
        nn.utils.set_random_seed(0)
        model = nn.Sequential([nn.Input(shape=x.shape[1:]), *layers()])
        model.compile("adam", "mse")
        with pytest.MonkeyPatch.context() as patch:
            if layered:
                patch.setattr(program, "written", lambda *_: None)
            found.append(model.fit(x, y, epochs=3, verbose=0).history["loss"])
    np.testing.assert_allclose(*found, rtol=1e-5)


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_can_not_be_written_down_is_trained_layer_by_layer(name):
    model = nn.Sequential([nn.Input(shape=(9,)), *UNKNOWN[name]()])
    model.compile("adam", "sparse_categorical_crossentropy")
    x, _ = data("one-hot")
    y = np.arange(len(x)) % 3
    assert program.written(model, x, y, 10) is None
    losses = model.fit(x, y, epochs=30, verbose=0).history["loss"]
    assert losses[-1] < losses[0]


def test_labels_that_the_net_has_no_output_for_never_reach_a_kernel():
    x, y = data("classes")
    y[3] = 10
    for train in (lambda m: m.fit(x, y, verbose=0), lambda m: m.train_on_batch(x, y)):
        with pytest.raises(ValueError, match="0 to 9"):
            train(made("classes"))
    model = made("classes")
    model.train_on_batch(x[:2], y[:2])
    with pytest.raises(ValueError, match="0 to 9"):
        model.train_on_batch(x[2:4], y[2:4])


def test_a_loss_that_is_no_number_leaves_the_weights_as_they_were():
    x, y = data("classes", n=20)
    x[15, 0] = np.nan
    model = made("classes")
    model.fit(x[:10], y[:10], batch_size=10, shuffle=False, verbose=0)
    wanted = model.parameters.copy()
    model = made("classes")
    with pytest.raises(ValueError, match=r"epoch 1, batch 2.*That batch of x holds NaN"):
        model.fit(x, y, batch_size=10, shuffle=False, verbose=0)
    np.testing.assert_array_equal(model.parameters, wanted)


# ------------------------------------------------------------------------------ the threads


@pytest.fixture
def _two_threads(monkeypatch):
    monkeypatch.setattr(pool_numba, "ALONE", 0)


@pytest.mark.usefixtures("_two_threads")
def test_two_threads_may_train_at_once():
    found = {}

    def train(number):
        found[number] = trained("classes")[1]["loss"]

    alone = trained("classes")[1]["loss"]
    threads = [threading.Thread(target=train, args=(i,)) for i in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    assert all(np.isfinite(losses).all() for losses in found.values())
    assert len(alone) == 3


FORK = """
import os
import numpy as np
from course import nn
from course.nn import program
from course.nn.ops import pool_numba
pool_numba.ALONE = 0
model = nn.Sequential([nn.layers.Dense(64, activation="relu", input_shape=(50,)), nn.layers.Dense(3, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy")
x = np.random.default_rng(0).normal(size=(64, 50)).astype("f")
y = x[:, :3].argmax(axis=1)
model.fit(x, y, epochs=3, verbose=0)
pid = os.fork()
losses = model.fit(x, y, epochs=3, verbose=0).history["loss"]
if pid == 0:
    os._exit(7 if losses[-1] < losses[0] else 1)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), losses[-1] < losses[0])
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_process_that_has_trained_can_fork_and_both_train_on():
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FORK], capture_output=True, text=True, timeout=120
    )
    assert done.stdout.split() == ["7", "True"], done.stderr


def test_a_pool_does_every_share_once_also_after_its_threads_fell_asleep():
    import time

    shares = pool_numba.Pool(3)
    rows, source = np.arange(50), np.random.default_rng(0).normal(size=(50, 7)).astype(np.float32)
    try:
        for pause in (0, 0, 0.02, 0, 0.05):
            time.sleep(pause)
            target = np.zeros_like(source)
            row = [
                table_numba.address("take_rows"),
                source.ctypes.data,
                rows.ctypes.data,
                target.ctypes.data,
                7,
            ]
            calls = np.array([row + [0] * (1 + table_numba.ARGUMENTS - len(row))], np.int64)
            shares.run(calls, np.array([[0, 1, 4]], np.int64), 50)
            np.testing.assert_array_equal(target, source)
    finally:
        shares.stop()
