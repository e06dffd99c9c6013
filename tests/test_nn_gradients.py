"""Every layer, loss and optimizer against its mathematics: centred differences in float64, and the lessons' formulas."""

import numpy as np
import pytest

from course.nn import gradcheck, losses, optimizers, regularizers
from course.nn.layers import (
    GRU,
    LSTM,
    Activation,
    AveragePooling2D,
    BatchNormalization,
    Conv2D,
    Conv2DTranspose,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    GlobalAveragePooling2D,
    MaxPooling2D,
    Reshape,
    SimpleRNN,
    UpSampling2D,
)

RIGHT = 1e-6
SMOOTH = ("linear", "sigmoid", "tanh", "softmax", "gelu")
BENT = ("relu", "leaky_relu")  # at the random points drawn here no kink lies within the nudge

LAYERS = {
    **{f"Dense {name}": (lambda name=name: Dense(4, name), (3, 5)) for name in SMOOTH + BENT},
    "Dense without bias": (lambda: Dense(4, use_bias=False), (3, 5)),
    **{f"Activation {name}": (lambda name=name: Activation(name), (3, 2, 5)) for name in SMOOTH + BENT},
    "Conv2D": (lambda: Conv2D(3, 3), (2, 5, 6, 2)),
    "Conv2D relu": (lambda: Conv2D(3, (2, 3), activation="relu"), (2, 5, 6, 2)),
    "Conv2D same": (lambda: Conv2D(3, 3, padding="same", activation="tanh"), (2, 5, 4, 2)),
    "Conv2D same, even kernel": (lambda: Conv2D(2, 2, padding="same"), (2, 5, 4, 2)),
    "Conv2D strides": (lambda: Conv2D(2, 3, strides=2), (2, 7, 8, 2)),
    "Conv2D same, strides": (lambda: Conv2D(2, 3, strides=(2, 3), padding="same"), (2, 7, 8, 2)),
    "Conv2D without bias": (lambda: Conv2D(2, 3, use_bias=False), (2, 4, 4, 1)),
    "Conv2DTranspose": (lambda: Conv2DTranspose(3, 3), (2, 3, 4, 2)),
    "Conv2DTranspose strides": (lambda: Conv2DTranspose(2, 3, strides=2), (2, 3, 4, 2)),
    "Conv2DTranspose same": (lambda: Conv2DTranspose(2, 3, strides=2, padding="same"), (2, 3, 4, 3)),
    "Conv2DTranspose wide strides": (lambda: Conv2DTranspose(2, 2, strides=3), (2, 3, 2, 2)),
    "MaxPooling2D": (lambda: MaxPooling2D(), (2, 5, 6, 3)),
    "MaxPooling2D overlapping": (lambda: MaxPooling2D(3, strides=2), (2, 7, 7, 2)),
    "MaxPooling2D same": (lambda: MaxPooling2D(2, padding="same"), (2, 5, 5, 2)),
    "AveragePooling2D": (lambda: AveragePooling2D((2, 3)), (2, 4, 6, 2)),
    "AveragePooling2D same": (lambda: AveragePooling2D(2, padding="same"), (2, 5, 5, 2)),
    "GlobalAveragePooling2D": (lambda: GlobalAveragePooling2D(), (2, 3, 4, 5)),
    "UpSampling2D": (lambda: UpSampling2D((2, 3)), (2, 3, 2, 2)),
    "Flatten": (lambda: Flatten(), (2, 3, 4)),
    "Reshape": (lambda: Reshape((4, -1)), (2, 6, 2)),
    "Dropout, not in training": (lambda: Dropout(0.5), (3, 4)),
    "BatchNormalization": (lambda: BatchNormalization(), (6, 3)),
    "SimpleRNN": (lambda: SimpleRNN(4), (3, 5, 2)),
    "SimpleRNN sequences": (lambda: SimpleRNN(4, return_sequences=True), (3, 5, 2)),
    "LSTM": (lambda: LSTM(4), (3, 5, 2)),
    "LSTM sequences": (lambda: LSTM(3, return_sequences=True), (2, 4, 3)),
    "LSTM one step": (lambda: LSTM(3), (2, 1, 3)),
    "LSTM backwards": (lambda: LSTM(3, go_backwards=True), (2, 4, 3)),
    "GRU": (lambda: GRU(4), (3, 5, 2)),
    "GRU sequences": (lambda: GRU(3, return_sequences=True), (2, 4, 3)),
}


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_gives_the_gradient_of_what_it_computes(name, seed):
    make, shape = LAYERS[name]
    assert gradcheck.check_layer(make(), shape, seed=seed) < RIGHT


@pytest.mark.parametrize("shape", [(6, 3), (3, 2, 2, 4)])
def test_batch_normalization_in_training_sends_gradients_through_its_mean_and_variance(shape):
    assert gradcheck.check_layer(BatchNormalization(), shape, training=True) < 1e-5


def test_an_embedding_adds_up_the_gradients_of_a_row_that_is_used_twice():
    rows = np.array([[0, 2, 2], [1, 0, 2]])
    assert gradcheck.check_layer(Embedding(5, 3), rows.shape, inputs=rows) < RIGHT


def test_the_check_finds_a_layer_that_is_wrong():
    class Forgetful(Dense):
        def scores_backward(self, dz, need_dx=True):
            dx = super().scores_backward(dz, need_dx)
            self.bias.grad *= 0.5
            return dx

    assert gradcheck.check_layer(Forgetful(3), (4, 2)) > 0.1


# ------------------------------------------------------------------------------ losses

RNG = np.random.default_rng(0)
LABELS = np.array([0, 3, 1, 3])
ROWS = np.eye(4)[LABELS]
YES_NO = RNG.integers(0, 2, (4, 3)).astype(float)
SHARES = RNG.dirichlet(np.ones(4), 4)

CASES = {
    "mse": (losses.MeanSquaredError(), RNG.normal(size=(4, 3)), RNG.normal(size=(4, 3))),
    "mae": (losses.MeanAbsoluteError(), RNG.normal(size=(4, 3)), RNG.normal(size=(4, 3))),
    "binary": (losses.BinaryCrossentropy(), YES_NO, RNG.uniform(0.1, 0.9, (4, 3))),
    "binary, logits": (losses.BinaryCrossentropy(from_logits=True), YES_NO, RNG.normal(size=(4, 3))),
    "categorical": (losses.CategoricalCrossentropy(), ROWS, SHARES),
    "categorical, logits": (losses.CategoricalCrossentropy(from_logits=True), ROWS, RNG.normal(size=(4, 4))),
    "sparse": (losses.SparseCategoricalCrossentropy(), LABELS, SHARES),
    "sparse, logits": (
        losses.SparseCategoricalCrossentropy(from_logits=True),
        LABELS,
        RNG.normal(size=(4, 4)),
    ),
}


@pytest.mark.parametrize("weights", [None, np.array([1.0, 0.0, 2.0, 0.5])], ids=["plain", "weighted"])
@pytest.mark.parametrize("name", CASES)
def test_a_loss_gives_the_gradient_of_what_it_computes(name, weights):
    loss, targets, said = CASES[name]
    _, slope = loss.with_gradient(targets, said, weights)
    assert gradcheck.check(lambda y: loss.with_gradient(targets, y, weights)[0], said, slope) < RIGHT


@pytest.mark.parametrize("name", ["binary", "categorical", "sparse"])
def test_a_loss_says_the_same_of_scores_and_of_their_probabilities(name):
    from course.nn import activations

    loss, targets, _ = CASES[name]
    scores = RNG.normal(size=(4, 3 if name == "binary" else 4))
    probabilities = activations.get(loss.activation)(scores)
    assert loss.from_scores(targets, scores)[0] == pytest.approx(loss(targets, probabilities), rel=1e-6)


def test_losses_from_scores_survive_huge_scores():
    scores = np.array([[1000.0, -1000.0], [0.0, 2000.0]])
    value, slope = losses.get("sparse_categorical_crossentropy").from_scores(np.array([1, 1]), scores)
    assert value == 1000.0
    assert np.isfinite(slope).all()
    value, slope = losses.get("binary_crossentropy").from_scores(np.array([[0.0, 1.0], [1.0, 1.0]]), scores)
    assert value == pytest.approx((1000 + 1000 + np.log(2) + 0) / 4)
    assert np.isfinite(slope).all()


@pytest.mark.parametrize(
    "penalty", [regularizers.l1(0.1), regularizers.l2(0.3), regularizers.l1_l2(0.1, 0.2)]
)
def test_a_penalty_gives_the_slope_of_what_it_costs(penalty):
    w = np.array([[1.0, -2.0], [0.5, 3.0]])
    assert gradcheck.check(penalty, w, penalty.slope(w)) < RIGHT


# ------------------------------------------------------------------------------ optimizers


def walk(optimizer, slopes):
    param = np.array([1.0, -2.0, 0.5])
    for slope in slopes:
        optimizer.apply(param, slope.copy())
    return param


SLOPES = np.random.default_rng(1).normal(size=(5, 3))


def test_sgd_subtracts_rate_times_slope():
    expected = np.array([1.0, -2.0, 0.5]) - 0.1 * SLOPES.sum(axis=0)
    np.testing.assert_allclose(walk(optimizers.SGD(0.1), SLOPES), expected)


@pytest.mark.parametrize("nesterov", [False, True])
def test_momentum_remembers(nesterov):
    param, velocity = np.array([1.0, -2.0, 0.5]), np.zeros(3)
    for slope in SLOPES:
        velocity = 0.9 * velocity + slope
        param = param - 0.1 * (slope + 0.9 * velocity if nesterov else velocity)
    np.testing.assert_allclose(walk(optimizers.SGD(0.1, momentum=0.9, nesterov=nesterov), SLOPES), param)


def test_adagrad_divides_by_the_root_of_all_squares():
    param, total = np.array([1.0, -2.0, 0.5]), np.full(3, 0.1)
    for slope in SLOPES:
        total = total + slope**2
        param = param - 0.1 * slope / (np.sqrt(total) + 1e-7)
    np.testing.assert_allclose(walk(optimizers.Adagrad(0.1), SLOPES), param)


def test_rmsprop_forgets():
    param, mean = np.array([1.0, -2.0, 0.5]), np.zeros(3)
    for slope in SLOPES:
        mean = 0.9 * mean + 0.1 * slope**2
        param = param - 0.1 * slope / (np.sqrt(mean) + 1e-7)
    np.testing.assert_allclose(walk(optimizers.RMSprop(0.1), SLOPES), param)


@pytest.mark.parametrize("decay", [0.0, 0.05])
def test_adam_corrects_for_its_start_at_nought(decay):
    param, m, v = np.array([1.0, -2.0, 0.5]), np.zeros(3), np.zeros(3)
    for t, slope in enumerate(SLOPES, 1):
        m, v = 0.9 * m + 0.1 * slope, 0.999 * v + 0.001 * slope**2
        root = np.sqrt(v / (1 - 0.999**t)) + 1e-7
        param = param * (1 - 0.1 * decay) - 0.1 * (m / (1 - 0.9**t)) / root
    made = optimizers.AdamW(0.1, weight_decay=decay) if decay else optimizers.Adam(0.1)
    np.testing.assert_allclose(walk(made, SLOPES), param)


def test_clipnorm_shortens_what_is_longer_and_leaves_the_rest():
    long, short = np.array([3.0, 4.0]), np.array([0.3, 0.4])
    for slope, expected in ((long, [0.6, 0.8]), (short, [0.3, 0.4])):
        param = np.zeros(2)
        optimizers.SGD(1.0, clipnorm=1.0).apply(param, slope.copy())
        np.testing.assert_allclose(-param, expected)


def test_a_schedule_is_asked_with_the_number_of_steps_taken():
    decay = optimizers.schedules.ExponentialDecay(1.0, decay_steps=2, decay_rate=0.5, staircase=True)
    optimizer = optimizers.SGD(decay)
    rates = []
    for _ in range(4):
        rates.append(optimizer.learning_rate)
        optimizer.apply(np.zeros(1), np.ones(1))
    assert rates == [1.0, 1.0, 0.5, 0.5]
    cosine = optimizers.schedules.CosineDecay(2.0, decay_steps=10, alpha=0.1)
    assert [cosine(0), cosine(10), cosine(99)] == pytest.approx([2.0, 0.2, 0.2])
