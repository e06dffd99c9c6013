"""Models as people use them: building, training, saving, and what is said when something does not fit."""

import os
import signal
import subprocess
import sys
import textwrap

import numpy as np
import pytest

from course import nn
from course.nn import callbacks, gradcheck, layers, losses, metrics, models, optimizers, regularizers
from course.nn.layers import LSTM, Conv2D, Dense, Dropout, Flatten, Input, MaxPooling2D
from course.nn.models import Model, Sequential

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 5)).astype(np.float32)
Y = X[:, :3].argmax(axis=1)


@pytest.fixture(autouse=True)
def seeded():
    nn.utils.set_random_seed(0)


def net(*more, **compiled):
    model = Sequential([Dense(8, activation="relu", input_shape=(5,)), *more, Dense(3, activation="softmax")])
    model.compile(**{"optimizer": "adam", "loss": "sparse_categorical_crossentropy", **compiled})
    return model


# ------------------------------------------------------------------------------ building


def test_shapes_are_checked_while_a_model_is_built():
    with pytest.raises(
        ValueError, match=r"^Dense\(10\) expects \(N, 784\), got \(N, 28, 28\): put Flatten\(\) before it$"
    ):
        Sequential([Dense(10, input_shape=(28, 28))])
    with pytest.raises(
        ValueError, match=r"Conv2D\(4\) expects \(N, H, W, C\), got \(N, 28, 28\): reshape to \(28, 28, 1\)"
    ):
        Sequential([Conv2D(4, 3, input_shape=(28, 28))])
    with pytest.raises(ValueError, match=r"images of at least 5 x 5, got \(N, 4, 4, 1\)"):
        Sequential([Conv2D(4, 5, input_shape=(4, 4, 1))])
    with pytest.raises(
        ValueError, match=r"LSTM\(4\) expects \(N, T, D\), sequences of T steps, got \(N, 10\)"
    ):
        Sequential([LSTM(4, input_shape=(10,))])


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Dense(0), "a whole number of units from 1 up, not 0"),
        (lambda: Dense(3, activation="rleu"), "There is no activation 'rleu'. Known:"),
        (lambda: Dropout(1.5), "the share that is dropped"),
        (lambda: Conv2D(3, 3, padding="some"), "padding is 'valid' or 'same', not 'some'"),
        (lambda: Conv2D(3, (3, 3, 3)), "one whole number from 1 up, or two"),
        (lambda: Sequential([3]), "Sequential wants layers"),
        (lambda: losses.get("mes"), "There is no loss 'mes'"),
        (lambda: optimizers.get("adm"), "There is no optimizer 'adm'"),
        (lambda: metrics.get("accurcy"), "There is no metric 'accurcy'"),
    ],
)
def test_wrong_arguments_are_named(make, said):
    with pytest.raises((ValueError, TypeError)) as error:
        make()
    assert said in str(error.value)


def test_a_layer_stands_in_one_place():
    layer = Dense(3)
    with pytest.raises(ValueError, match="stands in this model already"):
        Sequential([Input((3,)), layer, layer])
    symbol = Input((3,))
    used = Dense(3)
    used(symbol)
    with pytest.raises(ValueError, match="is in use already"):
        used(symbol)


def test_a_sequential_without_a_shape_is_built_by_its_first_data():
    model = Sequential([Dense(4, activation="relu"), Dense(3, activation="softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    assert not model.built
    model.fit(X, Y, verbose=0)
    assert model.count_params() == 5 * 4 + 4 + 4 * 3 + 3


def test_a_shortcut_around_a_layer_has_the_right_gradient():
    start = Input((4,))
    bent = Dense(4, activation="tanh")(start)
    both = layers.Add()(bent, start)
    joined = layers.Concatenate()([both, bent])
    model = Model(start, Dense(2, activation="softmax")(joined))
    model.compile("adam", "sparse_categorical_crossentropy")
    assert gradcheck.check_model(model, X[:6, :4], Y[:6] % 2) < 1e-6


def test_an_output_that_does_not_come_from_the_input_is_refused():
    with pytest.raises(ValueError, match="does not depend on the input"):
        Model(Input((3,)), Dense(2)(Input((3,))))


def test_summary_counts_parameters(capsys):
    model = Sequential([Conv2D(2, 3, input_shape=(6, 6, 1)), MaxPooling2D(), Flatten(), Dense(3)])
    model.summary()
    shown = capsys.readouterr().out
    assert "conv2d (Conv2D)" in shown
    assert "(N, 4, 4, 2)" in shown
    assert f"{2 * 9 + 2 + 8 * 3 + 3} parameters" in shown


def test_all_trained_weights_are_views_into_one_vector():
    model = net()
    model.parameters[:] = 0
    assert all((weight == 0).all() for weight in model.get_weights())


def test_a_frozen_layer_keeps_its_weights():
    model = Sequential([Dense(4, input_shape=(5,), trainable=False), Dense(3, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    before = model.layers[0].get_weights()
    model.fit(X, Y, verbose=0)
    for old, new in zip(before, model.layers[0].get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


# ------------------------------------------------------------------------------ training


def test_training_learns_and_is_the_same_from_the_same_seed():
    histories = []
    for _ in range(2):
        nn.utils.set_random_seed(3)
        histories.append(net(metrics=["accuracy"]).fit(X, Y, epochs=30, batch_size=16, verbose=0).history)
    assert histories[0] == histories[1]
    assert histories[0]["accuracy"][-1] > histories[0]["accuracy"][0] + 0.2
    assert histories[0]["loss"][-1] < histories[0]["loss"][0]


def test_shuffling_changes_the_order_and_nothing_is_left_out():
    seen = []

    class Spy(Dense):
        def call(self, x, training=False):
            if training:
                seen.append(x[:, 0].copy())
            return super().call(x, training)

    model = Sequential([Spy(2, input_shape=(1,)), Dense(3, activation="softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    x = np.arange(10.0)[:, None]
    model.fit(x, np.zeros(10), batch_size=4, epochs=2, verbose=0)
    first, second = np.concatenate(seen[:3]), np.concatenate(seen[3:])
    assert sorted(first) == sorted(second) == x[:, 0].tolist()
    assert first.tolist() != second.tolist()
    seen.clear()
    model.fit(x, np.zeros(10), batch_size=4, shuffle=False, verbose=0)
    assert np.concatenate(seen).tolist() == x[:, 0].tolist()


def test_validation_split_keeps_the_end_apart():
    model = net(metrics=["accuracy"])
    history = model.fit(X, Y, epochs=2, validation_split=0.25, verbose=0).history
    assert set(history) == {"loss", "accuracy", "val_loss", "val_accuracy"}
    kept = model.evaluate(X[45:], Y[45:], verbose=0)
    assert history["val_loss"][-1] == pytest.approx(kept[0], rel=1e-5)


def test_class_weights_make_a_rare_class_count():
    weighted, plain = net(optimizer="sgd"), net(optimizer="sgd")
    plain.set_weights(weighted.get_weights())
    x, y, weights = nn.training.prepared(weighted, X[:2], Y[:2], class_weight={0: 3.0, 1: 3.0, 2: 3.0})
    weighted.loss_and_gradient(x, y, weights)
    plain.loss_and_gradient(x, y)
    np.testing.assert_allclose(weighted.gradient, 3 * plain.gradient, rtol=1e-5)
    with pytest.raises(ValueError, match="class_weight says nothing of class 2"):
        weighted.fit(X, Y, class_weight={0: 1, 1: 1}, verbose=0)


def test_a_penalty_is_part_of_the_loss_and_of_the_gradient():
    model = Sequential(
        [Dense(3, activation="softmax", input_shape=(5,), kernel_regularizer=regularizers.l2(0.1))]
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    assert gradcheck.check_model(model, X[:8], Y[:8]) < 1e-6
    value, _ = model.loss_and_gradient(X[:8].astype(float), Y[:8])
    bare = model.evaluate(X[:8], Y[:8], verbose=0) - 0.1 * (model.get_weights()[0] ** 2).sum()
    assert value == pytest.approx(bare + 0.1 * (model.get_weights()[0] ** 2).sum())


def test_gradients_come_in_the_order_of_the_weights():
    model = net()
    found = model.gradients(X, Y)
    assert [g.shape for g in found] == [w.shape for w in model.get_weights()]


@pytest.mark.parametrize(
    ("x", "y", "said"),
    [
        (X[:, :4], Y, r"The net expects \(N, 5\), got \(N, 4\)"),
        (X[0], Y[:1], r"One example is a batch of one: x\[None\]"),
        (X[:10], Y, "x has 10 examples and y has 60"),
        (X, Y + 7, "classes run from 7 to 9, but the net has 3 outputs"),
        (X, np.eye(3)[Y], "it wants class numbers"),
        (X, Y + 0.5, "are no class numbers"),
        (X[:0], Y[:0], "nothing to train on"),
    ],
)
def test_data_that_do_not_fit_are_named(x, y, said):
    with pytest.raises(ValueError, match=said):
        net().fit(x, y, verbose=0)


def test_class_numbers_for_one_hot_loss_are_explained():
    with pytest.raises(
        ValueError, match=r"Use loss='sparse_categorical_crossentropy', or utils.to_categorical\(y, 3\)"
    ):
        net(loss="categorical_crossentropy").fit(X, Y, verbose=0)


def test_softmax_twice_is_refused():
    with pytest.raises(ValueError, match="softmax would be applied twice"):
        net(loss=losses.SparseCategoricalCrossentropy(from_logits=True))


def test_a_model_that_is_not_compiled_says_so():
    with pytest.raises(RuntimeError, match="not compiled yet: call compile"):
        Sequential([Dense(3, input_shape=(5,))]).fit(X, Y)


def test_a_loss_that_becomes_nan_says_where_it_began():
    model = net(optimizer=optimizers.SGD(1e20))
    with (
        np.errstate(all="ignore"),
        pytest.raises(ValueError, match=r"in epoch 1, batch \d+.*learning rate ten times"),
    ):
        model.fit(X, Y, batch_size=8, epochs=5, verbose=0)
    dirty = X.copy()
    dirty[40, 2] = np.nan
    with pytest.raises(ValueError, match=r"NaN in epoch 1, batch 6. That batch of x holds NaN"):
        net().fit(dirty, Y, batch_size=8, shuffle=False, verbose=0)


def test_an_interrupt_keeps_what_was_learned(capsys):
    class Interrupt(callbacks.Callback):
        def on_epoch_end(self, epoch, logs):
            if epoch == 1:
                raise KeyboardInterrupt

    model = net()
    before = model.get_weights()
    history = model.fit(X, Y, epochs=5, verbose=0, callbacks=[Interrupt()])
    assert "Interrupted in epoch 2; the model keeps what it has learned." in capsys.readouterr().out
    assert len(history.epoch) == 2
    assert not np.array_equal(before[0], model.get_weights()[0])


def test_progress_lines_have_no_times(capsys):
    net(metrics=["accuracy"]).fit(X, Y, epochs=2, verbose=2)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[0] for line in lines] == ["Epoch 1/2", "Epoch 2/2"]
    assert lines[0].split("  ")[1].startswith("loss ")
    assert lines[0].split("  ")[2].startswith("accuracy ")
    net().fit(X, Y, verbose=0)
    assert capsys.readouterr().out == ""


def test_predictions_of_any_batch_size_are_the_same():
    model = net(Dropout(0.5))
    np.testing.assert_allclose(model.predict(X, batch_size=7), model.predict(X, batch_size=60), rtol=1e-5)
    assert model.predict(X[:0]).shape == (0, 3)


def test_what_a_user_gets_does_not_change_with_the_next_step():
    model = net()
    said = model.forward(X, training=False)
    kept = said.copy()
    model.train_on_batch(X, Y)
    np.testing.assert_array_equal(said, kept)


# ------------------------------------------------------------------------------ metrics and callbacks


def test_metrics_count_right():
    labels, scores = np.array([1, 0, 1, 1, 0]), np.array([0.9, 0.6, 0.4, 0.6, 0.1])
    assert metrics.Precision()(labels, scores) == pytest.approx(2 / 3)
    assert metrics.Recall()(labels, scores) == pytest.approx(2 / 3)
    assert metrics.F1Score()(labels, scores) == pytest.approx(2 / 3)
    assert metrics.Accuracy()(labels, scores) == pytest.approx(3 / 5)
    assert metrics.AUC()(labels, scores) == pytest.approx(
        (2 + 1 + 1.5) / 6
    )  # pairs in order; the tie counts half
    assert np.isnan(metrics.AUC()(np.ones(3), scores[:3]))
    assert metrics.Precision()(labels, np.zeros(5)) == 0


def test_accuracy_means_what_fits_the_targets():
    scores = np.array([[0.1, 0.7, 0.2], [0.5, 0.5, 0.0], [0.2, 0.2, 0.6]])
    assert metrics.Accuracy()(np.array([1, 0, 1]), scores) == pytest.approx(2 / 3)  # the tie goes to class 0
    assert metrics.Accuracy()(np.eye(3)[[1, 0, 1]], scores) == pytest.approx(2 / 3)


def test_early_stopping_goes_back_to_the_best():
    class Falling(callbacks.Callback):
        def on_epoch_end(self, epoch, logs):
            logs["val_loss"] = abs(epoch - 2)
            if epoch == 2:
                self.best = self.model.get_weights()

    falling = Falling()
    stop = callbacks.EarlyStopping(patience=2, restore_best_weights=True)
    model = net()
    history = model.fit(X, Y, epochs=10, verbose=0, callbacks=[falling, stop])
    assert len(history.epoch) == 5
    np.testing.assert_array_equal(model.get_weights()[0], falling.best[0])


def test_a_number_that_is_not_there_is_named():
    with pytest.raises(ValueError, match="EarlyStopping watches 'val_loss'; there is 'loss'"):
        net().fit(X, Y, verbose=0, callbacks=[callbacks.EarlyStopping()])


def test_checkpoints_and_a_log_are_written(tmp_path):
    model = net()
    listeners = [
        callbacks.ModelCheckpoint(tmp_path / "at-{epoch}.npz"),
        callbacks.CSVLogger(tmp_path / "log.csv"),
        callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2),
    ]
    model.fit(X, Y, epochs=2, verbose=0, callbacks=listeners)
    assert (tmp_path / "log.csv").read_text(encoding="utf-8").splitlines()[0] == "epoch,loss"
    again = models.load_model(tmp_path / "at-2.npz")
    np.testing.assert_array_equal(again.predict(X), model.predict(X))
    assert model.optimizer.learning_rate == pytest.approx(0.00025)


# ------------------------------------------------------------------------------ files


def everything():
    start = Input((8, 8, 1), name="picture")
    shown = Conv2D(3, (3, 2), strides=(1, 2), padding="same", activation="relu")(start)
    shown = layers.BatchNormalization()(shown)
    shown = layers.AveragePooling2D((2, 1))(shown)
    left = Dense(4, activation="gelu")(Flatten()(shown))
    right = Dense(4, use_bias=False)(layers.GlobalAveragePooling2D()(shown))
    joined = layers.Add()(left, right)
    sequence = layers.GRU(3, return_sequences=True)(layers.Reshape((2, 2))(joined))
    return Model(start, Dense(2, activation="softmax")(LSTM(3)(sequence)), name="everything")


def test_a_model_comes_back_from_its_file_as_it_was(tmp_path):
    model = everything()
    model.save(tmp_path / "model.npz")
    again = nn.models.load_model(tmp_path / "model.npz")
    pictures = RNG.normal(size=(4, 8, 8, 1))
    np.testing.assert_array_equal(again.predict(pictures), model.predict(pictures))
    assert [layer.name for layer in again.layers] == [layer.name for layer in model.layers]
    assert isinstance(nn.models.load_model(save(net(), tmp_path)), Sequential)


def save(model, folder):
    path = folder / "saved.npz"
    model.save(path)
    return path


def test_files_that_are_no_models_are_named(tmp_path):
    path = save(net(), tmp_path)
    whole = path.read_bytes()
    for content in (b"", b"not a zip", whole[: len(whole) // 2], whole[:-10]):
        path.write_bytes(content)
        with pytest.raises(ValueError, match="is no model that save"):
            nn.models.load_model(path)
    np.savez(tmp_path / "other.npz", a=np.ones(3))
    with pytest.raises(ValueError, match="is no model that save"):
        nn.models.load_model(tmp_path / "other.npz")
    with pytest.raises(ValueError, match="There is no file"):
        nn.models.load_model(tmp_path / "gone.npz")


def test_a_file_can_run_no_code(tmp_path):
    np.savez(tmp_path / "evil.npz", about=np.array([print], dtype=object))
    with pytest.raises(ValueError, match="is no model that save"):
        nn.models.load_model(tmp_path / "evil.npz")


def test_weights_alone_fit_the_same_net_only(tmp_path):
    model, other = net(), net()
    model.save_weights(tmp_path / "w.npz")
    other.load_weights(tmp_path / "w.npz")
    np.testing.assert_array_equal(model.predict(X), other.predict(X))
    wider = Sequential([Dense(9, input_shape=(5,)), Dense(3)])
    before = wider.get_weights()
    with pytest.raises(ValueError, match=r"kernel has shape \(5, 9\); \(5, 8\) was given"):
        wider.load_weights(tmp_path / "w.npz")
    np.testing.assert_array_equal(before[0], wider.get_weights()[0])
    with pytest.raises(ValueError, match="holds weights alone"):
        nn.models.load_model(tmp_path / "w.npz")


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no kill -9")
def test_a_save_that_is_killed_leaves_the_old_file(tmp_path):
    path = save(net(), tmp_path)
    old = path.read_bytes()
    program = f"""
        import os, signal
        import numpy as np
        from course import nn
        real = np.savez
        def cut(file, **arrays):
            file.write(b"half of it")
            file.flush()
            os.kill(os.getpid(), signal.SIGKILL)
        np.savez = cut
        nn.Sequential([nn.layers.Dense(2, input_shape=(3,))]).save({str(path)!r})
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert path.read_bytes() == old


# ------------------------------------------------------------------------------ data


def test_mnist_comes_from_a_folder_and_is_compared_with_its_hashes(tmp_path, monkeypatch):
    from course.nn.datasets import mnist

    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    monkeypatch.setattr(mnist, "MIRRORS", ())
    (tmp_path / "train-images-idx3-ubyte").write_bytes(b"something else")
    with pytest.warns(UserWarning, match="MNIST could not be fetched; here are the 6,000"):
        (x, y), (x_test, y_test) = mnist.load_data()
    assert x.shape == (6000, 28, 28)
    assert x.dtype == y.dtype == np.uint8
    assert len(x_test) == len(y_test) == 1000


@pytest.mark.skipif(not os.environ.get("COURSE_DATA"), reason="COURSE_DATA names no folder with all of MNIST")
def test_all_of_mnist_has_the_same_beginning():
    from course import data
    from course.nn.datasets import mnist

    (x, y), _ = mnist.load_data()
    (small, labels), _ = data.mnist_small()
    assert x.shape == (60000, 28, 28)
    np.testing.assert_array_equal(x[:6000], small)
    np.testing.assert_array_equal(y[:6000], labels)


def test_importing_the_library_loads_neither_numba_nor_matplotlib():
    program = (
        "import sys, course.nn\nfrom course.nn import Sequential, layers, models, optimizers, datasets\n"
        "print([m for m in ('numba', 'matplotlib', 'rich') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
