"""Every kernel gives what its NumPy version gives, over many shapes; and what goes wrong stays visible."""

import os
import subprocess
import sys

import numpy as np
import pytest

from course.nn import ops

pytest.importorskip("numba", reason="without Numba there are no kernels; the NumPy versions serve")
needs_jit = pytest.mark.skipif(ops.backend() != "numba", reason="kernels are off: NUMBA_DISABLE_JIT is set")
pytestmark = needs_jit
RNG = np.random.default_rng(0)


def floats(*shape):
    return RNG.normal(size=shape).astype(np.float32)


def both(name, *args, **more):
    """Return what the kernel and what the NumPy version make of the same arguments, in-place changes too."""
    results = []
    for backend in ("numba", "numpy"):
        own = [a.copy() if isinstance(a, np.ndarray) else a for a in args]
        with ops.using(backend):
            found = getattr(ops, name)(*own, **more)
        found = found if isinstance(found, tuple) else (found,)
        results.append([*found, *(a for a in own if isinstance(a, np.ndarray))])
    return results


def agree(name, *args, digits=2e-5, **more):
    kernel, plain = both(name, *args, **more)
    for one, other in zip(kernel, plain, strict=True):
        if other is None:
            assert one is None
            continue
        one, other = np.asarray(one), np.asarray(other)
        assert one.shape == other.shape
        largest = np.abs(other).max(initial=1e-6)
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=digits * largest)


def test_the_kernels_are_really_taken(monkeypatch):
    from course.nn.ops import dense_numba

    called = []
    monkeypatch.setattr(ops, "_kernel", lambda name: lambda *a, **k: called.append(name) or NotImplemented)
    ops.dense(floats(3, 4), floats(4, 2))
    ops.dense(floats(3, 4).astype(float), floats(4, 2).astype(float))  # float64 is NumPy's
    assert called == ["dense"]
    assert dense_numba.dense(floats(3, 4), floats(4, 2)).shape == (3, 2)


SIZES = [
    (1, 1, 1),
    (1, 784, 10),
    (5, 7, 3),
    (33, 40, 65),
    (128, 784, 64),
    (15, 600, 17),
    (200, 300, 600),
    (2, 3, 32),
]


@pytest.mark.parametrize(("n", "d", "k"), SIZES)
@pytest.mark.parametrize("activation", ["linear", "relu"])
def test_dense(n, d, k, activation):
    x, w, b = floats(n, d), floats(d, k), floats(k)
    agree("dense", x, w, b, activation)
    y = np.maximum(x @ w, 0)
    agree("dense_backward", x, w, y, floats(n, k), activation)
    agree("dense_backward", x, w, y, floats(n, k), activation, need_dx=False)


IMAGES = [
    ((2, 28, 28, 1), (3, 3, 32), (1, 1), "valid"),
    ((3, 13, 13, 32), (3, 3, 64), (1, 1), "valid"),
    ((2, 9, 8, 3), (2, 3, 5), (2, 1), "same"),
    ((1, 5, 5, 2), (5, 5, 40), (1, 1), "valid"),
    ((2, 9, 9, 16), (3, 3, 1), (1, 1), "same"),
    ((3, 9, 8, 2), (3, 2, 3), (2, 1), "valid"),
    ((2, 7, 7, 33), (3, 3, 33), (2, 3), "valid"),
    ((2, 8, 8, 8), (3, 3, 16), (1, 1), "same"),
    ((1, 3, 20, 2), (1, 1, 8), (1, 1), "valid"),
    ((2, 6, 6, 4), (3, 3, 17), (3, 3), "same"),
]


@pytest.mark.parametrize(("image", "kernel", "strides", "padding"), IMAGES)
@pytest.mark.parametrize("activation", ["linear", "relu"])
def test_conv2d(image, kernel, strides, padding, activation):
    x, w, b = floats(*image), floats(*kernel[:2], image[3], kernel[2]), floats(kernel[2])
    more = {"strides": strides, "padding": padding}
    agree("conv2d", x, w, b, activation=activation, **more)
    with ops.using("numpy"):
        y = ops.conv2d(x, w, b, activation="relu", **more)
    agree("conv2d_backward", x, w, y, floats(*y.shape), activation=activation, **more)
    agree("conv2d_backward", x, w, y, floats(*y.shape), activation=activation, need_dx=False, **more)


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize(
    ("size", "strides"), [((2, 2), (2, 2)), ((3, 2), (2, 1)), ((2, 3), (2, 3)), ((1, 1), (2, 2))]
)
def test_maxpool2d_ties_go_to_the_first(size, strides, padding):
    x = np.round(floats(3, 11, 9, 5))  # many ties
    with ops.using("numpy"):
        y = ops.maxpool2d(x, size, strides, padding)
    agree("maxpool2d", x, size, strides, padding)
    agree("maxpool2d_backward", x, y, floats(*y.shape), size, strides, padding)


@pytest.mark.parametrize(
    ("n", "steps", "d", "width"), [(3, 5, 2, 4), (32, 10, 10, 128), (5, 1, 3, 33), (1, 4, 7, 8), (2, 3, 1, 1)]
)
@pytest.mark.parametrize("need_dx", [True, False])
def test_lstm(n, steps, d, width, need_dx):
    args = floats(n, steps, d), floats(n, width), floats(n, width)
    weights = floats(d, 4 * width) / 3, floats(width, 4 * width) / width**0.5, floats(4 * width)
    upstream = floats(n, steps, width)
    results = []
    for backend in ("numba", "numpy"):
        with ops.using(backend):
            hs, cache = ops.lstm(*args, *weights)
            results.append([hs, *ops.lstm_backward(cache, upstream, need_dx)])
    for one, other in zip(*results, strict=True):
        if other is None:
            assert one is None
        else:
            np.testing.assert_allclose(one, other, rtol=2e-4, atol=2e-5 * np.abs(other).max())


@pytest.mark.parametrize("n", [1, 7, 128])
def test_sparse_softmax_cross_entropy(n):
    scores, labels = 5 * floats(n, 10), RNG.integers(0, 10, n)
    agree("sparse_softmax_cross_entropy", scores, labels)
    agree("sparse_softmax_cross_entropy", scores, labels, weights=np.linspace(0, 1, n).astype(np.float32))
    agree("sparse_softmax_cross_entropy", scores + np.float32(1000), labels)


@pytest.mark.parametrize("n", [1, 7, 128])
def test_softmax_cross_entropy(n):
    scores, targets = 5 * floats(n, 10), RNG.random((n, 10)).astype(np.float32)
    agree("softmax_cross_entropy", scores, targets)
    agree("softmax_cross_entropy", scores, targets, weights=np.linspace(0, 1, n).astype(np.float32))
    agree("softmax_cross_entropy", scores + np.float32(1000), targets)


@pytest.mark.parametrize("shape", [(1, 1), (9, 17), (3, 4, 5)])
def test_squared_error(shape):
    agree("squared_error", floats(*shape), floats(*shape))
    agree("squared_error", floats(*shape), floats(*shape), weights=floats(shape[0]))


@pytest.mark.parametrize("size", [(2, 2), (1, 3), (3, 1)])
def test_upsample2d(size):
    agree("upsample2d", floats(2, 3, 4, 5), size)
    agree("upsample2d_backward", floats(2, 6, 6, 5), size)


@pytest.mark.parametrize("scale", [1, 30, 1000])
def test_sigmoid_cross_entropy(scale):
    scores, targets = scale * floats(9, 17), RNG.random((9, 17)).astype(np.float32)
    agree("sigmoid_cross_entropy", scores, targets)
    agree("sigmoid_cross_entropy", scores, targets, weights=np.linspace(0, 1, 9).astype(np.float32))


@pytest.mark.parametrize("size", [1, 1000, 1_000_003])
def test_updates(size):
    param, grad, m, v = floats(size), floats(size), floats(size), np.abs(floats(size))
    agree("adam", param, grad, m, v, 3, 0.01)
    agree("adam", param, grad, m, v, 3, 0.01, decay=0.1)
    agree("rmsprop", param, grad, v, 0.01)
    for nesterov in (False, True):
        agree("sgd", param, grad, m, 0.01, 0.9, nesterov)


def test_exp_and_its_kin_are_exact_to_two_in_ten_million():
    from course.nn.ops import functions_numba as functions

    for x in np.linspace(-87, 88, 4001, dtype=np.float32):
        assert functions.exp(x) == pytest.approx(np.exp(np.float64(x)), rel=3e-7)
    for x in np.linspace(-20, 20, 2001, dtype=np.float32):
        assert functions.sigmoid(x) == pytest.approx(1 / (1 + np.exp(-np.float64(x))), abs=2e-7)
        assert functions.tanh(x) == pytest.approx(np.tanh(np.float64(x)), abs=3e-7)
    for x in np.linspace(0, 1, 1001, dtype=np.float32):
        assert functions.log1p(x) == pytest.approx(np.log1p(np.float64(x)), abs=2e-7)


# ------------------------------------------------------------------------------ NaN must be seen


def poisoned(*shape):
    array = floats(*shape)
    array.flat[0] = np.nan
    return array


def test_nan_comes_through_every_kernel():
    assert np.isnan(ops.dense(poisoned(3, 4), floats(4, 2), floats(2), "relu")).any()
    assert np.isnan(ops.conv2d(poisoned(1, 5, 5, 2), floats(3, 3, 2, 8), floats(8), activation="relu")).any()
    assert np.isnan(ops.conv2d(poisoned(1, 5, 5, 2), floats(3, 3, 2, 1), floats(1), activation="relu")).any()
    assert np.isnan(ops.maxpool2d(poisoned(1, 4, 4, 2))).any()
    assert np.isnan(ops.sparse_softmax_cross_entropy(poisoned(3, 4), np.array([0, 1, 2]))[0])
    assert np.isnan(ops.sigmoid_cross_entropy(poisoned(3, 4), np.abs(floats(3, 4)))[0])
    states, _ = ops.lstm(
        poisoned(1, 3, 2), floats(1, 4), floats(1, 4), floats(2, 16), floats(4, 16), floats(16)
    )
    assert np.isnan(states).any()


# ------------------------------------------------------------------------------ where kernels can't be

PROGRAM = """
import numpy as np
from course import nn
from course.nn import ops
nn.utils.set_random_seed(0)
model = nn.Sequential([nn.layers.Dense(8, activation="relu", input_shape=(5,)), nn.layers.Dense(3, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy")
x = np.random.default_rng(0).normal(size=(64, 5))
history = model.fit(x, x[:, :3].argmax(axis=1), epochs=3, verbose=0)
print(ops.backend(), round(history.history["loss"][-1], 4))
"""


def run(before="", **env):
    return subprocess.run(
        [sys.executable, "-c", before + PROGRAM],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
    )


def test_without_numba_or_with_its_jit_off_numpy_gives_the_same():
    with_kernels = run()
    hidden = run("import sys\nsys.modules['numba'] = None\n")
    off = run(NUMBA_DISABLE_JIT="1")
    assert with_kernels.stdout.startswith("numba"), with_kernels.stderr
    losses = {done.stdout.split()[1] for done in (with_kernels, hidden, off)}
    assert hidden.stdout.startswith("numpy"), hidden.stderr
    assert off.stdout.startswith("numpy"), off.stderr
    assert len(losses) == 1


def test_a_cache_that_can_be_written_nowhere_breaks_nothing(monkeypatch):
    import numba

    from course.nn.ops import jit

    def njit(**options):
        if options.get("cache"):

            def decorate(function):
                raise RuntimeError("cannot cache function: no locator available")

            return decorate
        return numba.njit(**options)

    monkeypatch.setattr(jit, "numba", type("Numba", (), {"njit": staticmethod(njit)}))

    @jit.compiled()
    def double(x):
        return 2 * x

    assert double(21) == 42


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_process_that_has_trained_can_fork_and_train_on():
    forked = PROGRAM + (
        "import os\npid = os.fork()\n"
        "big = np.random.default_rng(1).normal(size=(512, 784)).astype('f'); w = big[:, :512].T @ big[:, :300] / 500\n"
        "ops.dense(np.ascontiguousarray(big[:, :512]), np.ascontiguousarray(w.astype('f')))\n"
        "if pid == 0: os._exit(7)\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))"
    )
    warm = "import numpy as np\nfrom course.nn import ops\nops.dense(np.ones((512, 512), 'f'), np.ones((512, 300), 'f'))\n"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", warm + forked], capture_output=True, text=True, timeout=120
    )
    assert done.stdout.split()[-1] == "7", done.stderr


def test_two_threads_may_train_at_once():
    from concurrent.futures import ThreadPoolExecutor

    x, w = floats(256, 784), floats(784, 512)
    expected = x @ w
    with ThreadPoolExecutor(2) as pool:
        for found in pool.map(lambda _: ops.dense(x, w), range(8)):
            np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-3)
