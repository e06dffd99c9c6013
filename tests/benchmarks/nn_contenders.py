"""The nets that ``nn_speed.py`` trains, in each library. Run by it, one process a contender; not meant to be run by hand.

    python nn_contenders.py CONTENDER WORKLOAD BATCH WEIGHTS.npz

then a number of steps a line on standard input, and a line of JSON on standard output: seconds of each step, and losses.
"""

import json
import sys
import time

import numpy as np

# What each workload is: Keras-like layers, shape of an example, kind of targets.
DENSE, CONV, POOL, UP, FLAT, LSTM = "dense", "conv", "pool", "up", "flat", "lstm"
WORKLOADS = {
    "MLP 784-64-64-10": ([(DENSE, 64, "relu"), (DENSE, 64, "relu"), (DENSE, 10, "softmax")], (784,)),
    "MLP 784-128-64-10": ([(DENSE, 128, "relu"), (DENSE, 64, "relu"), (DENSE, 10, "softmax")], (784,)),
    "MLP 784-512-10": ([(DENSE, 512, "relu"), (DENSE, 10, "softmax")], (784,)),
    "CNN 32-64-128-10": (
        [
            (CONV, 32, "relu"),
            (POOL,),
            (CONV, 64, "relu"),
            (POOL,),
            (FLAT,),
            (DENSE, 128, "relu"),
            (DENSE, 10, "softmax"),
        ],
        (28, 28, 1),
    ),
    "CNN 32-10": ([(CONV, 32, "relu"), (POOL,), (FLAT,), (DENSE, 10, "softmax")], (28, 28, 1)),
    "LSTM 128 x 2, T = 10": ([(LSTM, 128, True), (LSTM, 128, False), (DENSE, 10, "softmax")], (10, 10)),
    "LSTM 128 x 2, T = 100": ([(LSTM, 128, True), (LSTM, 128, False), (DENSE, 10, "softmax")], (100, 10)),
    "AE 784-32-784": ([(DENSE, 32, "relu"), (DENSE, 784, "sigmoid")], (784,)),
    "conv AE 16-8-8-16-1": (
        [
            (CONV, 16, "relu", "same"),
            (POOL,),
            (CONV, 8, "relu", "same"),
            (POOL,),
            (CONV, 8, "relu", "same"),
            (UP,),
            (CONV, 16, "relu", "same"),
            (UP,),
            (CONV, 1, "sigmoid", "same"),
        ],
        (28, 28, 1),
    ),
}


def data(workload: str, batch: int):
    """Return a batch: examples, and class numbers or, for an autoencoder, the examples."""
    rng = np.random.default_rng(0)
    x = rng.random((batch, *WORKLOADS[workload][1])).astype(np.float32)
    return (x, x) if "AE" in workload else (x, rng.integers(0, 10, batch))


def keras_like(library, workload: str):
    """Build a workload in Keras, or in what has its names."""
    layers, shape = WORKLOADS[workload]
    kinds = library.layers
    model = library.Sequential([library.Input(shape=shape)])
    for kind, *rest in layers:
        if kind == DENSE:
            model.add(kinds.Dense(rest[0], activation=rest[1]))
        elif kind == CONV:
            padding = rest[2] if len(rest) > 2 else "valid"
            model.add(kinds.Conv2D(rest[0], 3, activation=rest[1], padding=padding))
        elif kind == LSTM:
            model.add(kinds.LSTM(rest[0], return_sequences=rest[1]))
        else:
            model.add({POOL: kinds.MaxPooling2D, UP: kinds.UpSampling2D, FLAT: kinds.Flatten}[kind]())
    loss = "binary_crossentropy" if "AE" in workload else "sparse_categorical_crossentropy"
    model.compile(optimizer="adam", loss=loss)
    return model


def ours(workload, batch, weights, *, numpy=False, fit=False):
    """``course.nn``: steps of ``train_on_batch``, or a whole ``fit``."""
    from course import nn
    from course.nn import callbacks, ops

    if numpy:
        ops._forced.append("numpy")
    model = keras_like(nn, workload)
    model.set_weights(weights)
    x, y = data(workload, batch)
    if not fit:
        return lambda: model.train_on_batch(x, y)

    class Stop(callbacks.Callback):
        def on_epoch_end(self, epoch, logs):
            losses.append(logs["loss"])
            times.append(time.perf_counter())

    losses, times = [], []

    def many(steps):
        losses.clear()
        times[:] = [time.perf_counter()]
        if steps == COMPARED:  # an epoch a step, for the losses
            model.fit(x, y, batch_size=batch, epochs=steps, verbose=0, shuffle=False, callbacks=[Stop()])
            return np.diff(times).tolist(), list(losses)
        all_x, all_y = (np.concatenate([part] * steps) for part in (x, y))  # an epoch of so many steps
        model.fit(all_x, all_y, batch_size=batch, epochs=2, verbose=0, shuffle=False, callbacks=[Stop()])
        return [(times[2] - times[1]) / steps] * steps, []  # the second: the first begins with fresh memory

    return many


def keras(workload, batch, weights):
    """Keras on TensorFlow, its compiled train function."""
    import os

    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(THREADS)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    import keras as library

    model = keras_like(library, workload)
    model.set_weights(weights)
    x, y = data(workload, batch)
    model.make_train_function()
    function = model.train_function
    batches = iter(tf.data.Dataset.from_tensors((x, y)).repeat())

    def step():
        model.reset_metrics()
        logs = function(batches)
        return float(logs["loss"] if isinstance(logs, dict) else logs)

    return step


def torch(workload, batch, weights, *, fused=False):
    """PyTorch, eager, its default Adam or the fused one."""
    import torch as t
    from torch import nn

    t.set_num_threads(THREADS)
    layers, shape = WORKLOADS[workload]
    weights = [t.tensor(w) for w in weights]
    parts, acts, channels, image = [], [], shape[-1], shape[:2]
    flat_from = None
    for kind, *rest in layers:
        if kind == DENSE:
            w, b = weights.pop(0), weights.pop(0)
            if flat_from is not None:  # NCHW lies in another order than NHWC
                h, wide, c = flat_from
                w = w.reshape(h, wide, c, -1).permute(2, 0, 1, 3).reshape(h * wide * c, -1)
                flat_from = None
            layer = nn.Linear(w.shape[0], w.shape[1])
            with t.no_grad():
                layer.weight.copy_(w.T)
                layer.bias.copy_(b)
            parts.append(layer)
            acts.append(rest[1])
        elif kind == CONV:
            w, b = weights.pop(0), weights.pop(0)
            same = len(rest) > 2
            layer = nn.Conv2d(channels, rest[0], 3, padding=1 if same else 0)
            with t.no_grad():
                layer.weight.copy_(w.permute(3, 2, 0, 1))
                layer.bias.copy_(b)
            parts.append(layer)
            acts.append(rest[1])
            channels, image = rest[0], image if same else (image[0] - 2, image[1] - 2)
        elif kind == POOL:
            parts.append(nn.MaxPool2d(2))
            acts.append(None)
            image = (image[0] // 2, image[1] // 2)
        elif kind == UP:
            parts.append(nn.Upsample(scale_factor=2))
            acts.append(None)
        elif kind == FLAT:
            parts.append(nn.Flatten())
            acts.append(None)
            flat_from = (*image, channels)
        else:
            wx, wh, b = weights.pop(0), weights.pop(0), weights.pop(0)
            layer = nn.LSTM(wx.shape[0], rest[0], batch_first=True)
            with t.no_grad():
                layer.weight_ih_l0.copy_(wx.T)
                layer.weight_hh_l0.copy_(wh.T)
                layer.bias_ih_l0.copy_(b)
                layer.bias_hh_l0.zero_()
            layer.bias_hh_l0.requires_grad_(False)  # Keras has one bias
            parts.append(layer)
            acts.append("sequences" if rest[1] else "last")
    module = nn.ModuleList(parts)
    x, y = data(workload, batch)
    x = t.tensor(x).permute(0, 3, 1, 2).contiguous() if len(shape) == 3 else t.tensor(x)
    auto = "AE" in workload
    y = x if auto else t.tensor(y)
    trained = [p for p in module.parameters() if p.requires_grad]
    optimizer = t.optim.Adam(trained, lr=0.001, eps=1e-7, fused=fused or None)
    price = nn.BCEWithLogitsLoss() if auto else nn.CrossEntropyLoss()

    def step():
        optimizer.zero_grad()
        z = x
        for layer, act in zip(parts, acts, strict=True):
            z = layer(z)
            if act == "relu":
                z = z.relu()
            elif act in ("sequences", "last"):
                z = z[0] if act == "sequences" else z[0][:, -1]
        loss = price(z, y)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def jax(workload, batch, weights):
    """JAX: the whole step in one jit, its buffers donated."""
    import jax as j
    import jax.numpy as jnp
    from jax import lax

    layers, _ = WORKLOADS[workload]
    auto = "AE" in workload

    def scores(params, z):
        params = list(params)
        for kind, *rest in layers:
            if kind == DENSE:
                z = z @ params.pop(0) + params.pop(0)
            elif kind == CONV:
                padding = "SAME" if len(rest) > 2 else "VALID"
                w, b = params.pop(0), params.pop(0)
                z = (
                    lax.conv_general_dilated(
                        z, w, (1, 1), padding, dimension_numbers=("NHWC", "HWIO", "NHWC")
                    )
                    + b
                )
            elif kind == POOL:
                z = lax.reduce_window(z, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
            elif kind == UP:
                z = z.repeat(2, axis=1).repeat(2, axis=2)
            elif kind == FLAT:
                z = z.reshape(len(z), -1)
            else:
                wx, wh, b = params.pop(0), params.pop(0), params.pop(0)
                width = rest[0]

                def run(state, xt, wx=wx, wh=wh, b=b):
                    h, c = state
                    i, f, g, o = jnp.split(xt @ wx + h @ wh + b, 4, axis=1)
                    c = j.nn.sigmoid(f) * c + j.nn.sigmoid(i) * jnp.tanh(g)
                    h = j.nn.sigmoid(o) * jnp.tanh(c)
                    return (h, c), h

                zero = jnp.zeros((len(z), width))
                (last, _), every = lax.scan(run, (zero, zero), z.swapaxes(0, 1))
                z = every.swapaxes(0, 1) if rest[1] else last
            if kind in (DENSE, CONV) and rest[1] == "relu":
                z = j.nn.relu(z)
        return z

    def loss(params, x, y):
        z = scores(params, x)
        if auto:
            return jnp.mean(jnp.maximum(z, 0) - z * y + jnp.log1p(jnp.exp(-jnp.abs(z))))
        return -jnp.mean(j.nn.log_softmax(z)[jnp.arange(len(y)), y])

    def one(params, m, v, n, x, y):
        value, grads = j.value_and_grad(loss)(params, x, y)
        m = [0.9 * a + 0.1 * g for a, g in zip(m, grads, strict=True)]
        v = [0.999 * a + 0.001 * g * g for a, g in zip(v, grads, strict=True)]
        rate = 0.001 / (1 - 0.9**n)
        params = [
            p - rate * a / (jnp.sqrt(s / (1 - 0.999**n)) + 1e-7) for p, a, s in zip(params, m, v, strict=True)
        ]
        return params, m, v, value

    compiled = j.jit(one, donate_argnums=(0, 1, 2))
    x, y = (jnp.asarray(part) for part in data(workload, batch))
    state = [jnp.asarray(w) for w in weights]
    kept = {"params": state, "m": [0 * w for w in state], "v": [0 * w for w in state], "n": 0}

    def step():
        kept["n"] += 1
        *rest, value = compiled(kept["params"], kept["m"], kept["v"], float(kept["n"]), x, y)
        kept["params"], kept["m"], kept["v"] = rest
        return float(value)

    return step


CONTENDERS = {
    "torch": torch,
    "torch, fused Adam": lambda *a: torch(*a, fused=True),
    "jax": jax,
    "keras": keras,
    "course, numpy": lambda *a: ours(*a, numpy=True),
    "course": ours,
    "course, fit": lambda *a: ours(*a, fit=True),
}


def main() -> None:
    """Serve steps until standard input ends."""
    contender, workload, batch, path = sys.argv[1:5]
    with np.load(path) as stored:
        weights = [stored[f"arr_{i}"] for i in range(len(stored.files))]
    step = CONTENDERS[contender](workload, int(batch), weights)
    print("ready", flush=True)
    for line in sys.stdin:
        times, losses = [], []
        if contender.endswith("fit"):
            times, losses = step(int(line))
        else:
            for _ in range(int(line)):
                start = time.perf_counter()
                losses.append(step())
                times.append(time.perf_counter() - start)
        print(json.dumps({"times": times, "losses": losses}), flush=True)


COMPARED = 41  # steps of the first turn, whose losses are compared
THREADS = int(__import__("os").environ.get("BENCH_THREADS", "2"))
if __name__ == "__main__":
    main()
