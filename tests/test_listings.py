"""The Keras listings of the source articles run on ``course.nn`` when the word ``keras`` is replaced by it.

The replacements, in order: ``tensorflow.keras``, ``tf.keras``, ``keras`` -> ``course.nn``; ``import tensorflow as tf`` ->
``import course.nn``. What a listing takes for granted (data, its call of fit) is supplied; epochs are cut to keep this short,
except in the slow lane, which trains as written on all of MNIST.
"""

import os
import re
import warnings

import numpy as np
import pytest

from course import data
from course.nn import ops, utils

MLP_000 = """
import numpy as np
import tensorflow as tf

model = tf.keras.Sequential([
    tf.keras.layers.Dense(64, activation='relu', input_shape=(784,)),
    tf.keras.layers.Dense(64, activation='relu'),
    tf.keras.layers.Dense(10, activation='softmax')
])

model.compile(optimizer='adam',
              loss='sparse_categorical_crossentropy',
              metrics=['accuracy'])

model.fit(x_train, y_train, epochs=5)
"""

CNN_001 = """
import tensorflow as tf
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Conv2D, MaxPooling2D, Flatten, Dense

model = Sequential()
model.add(Conv2D(32, (3, 3), activation='relu', input_shape=(28, 28, 1)))
model.add(MaxPooling2D((2, 2)))
model.add(Conv2D(64, (3, 3), activation='relu'))
model.add(MaxPooling2D((2, 2)))
model.add(Flatten())
model.add(Dense(128, activation='relu'))
model.add(Dense(10, activation='softmax'))

model.compile(optimizer='adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])
"""
CNN_001_FIT = "model.fit(x_train, y_train, epochs=5, batch_size=64)"

LSTM_001 = """
from keras.models import Sequential
from keras.layers import LSTM, Dense

model = Sequential()
model.add(LSTM(128, input_shape=(10, 10), return_sequences=True))
model.add(LSTM(128))
model.add(Dense(10, activation='softmax'))

model.compile(optimizer='adam', loss='categorical_crossentropy', metrics=['accuracy'])
"""
LSTM_001_FIT = "model.fit(x_train, y_train, epochs=5, batch_size=128)"

AUTOENCODER_001 = """
from keras.models import Model
from keras.layers import Input, Dense

input_dim = 784
latent_dim = 32

input_img = Input(shape=(input_dim,))
encoded = Dense(latent_dim, activation='relu')(input_img)
decoded = Dense(input_dim, activation='sigmoid')(encoded)

autoencoder = Model(input_img, decoded)

autoencoder.compile(optimizer='adam', loss='binary_crossentropy')
"""
AUTOENCODER_001_FIT = "model = autoencoder\nmodel.fit(x_train, x_train, epochs=10, batch_size=256)"

MLP_002 = """
from keras.datasets import mnist
(x_train, y_train), (x_test, y_test) = mnist.load_data()

x_train = x_train.reshape(-1, 28 * 28) / 255.0
x_test = x_test.reshape(-1, 28 * 28) / 255.0

from keras.models import Sequential
from keras.layers import Dense

model = Sequential()
model.add(Dense(512, activation='relu', input_shape=(784,)))
model.add(Dense(10, activation='softmax'))

from keras.optimizers import Adam

optimizer = Adam(lr=0.001)
model.compile(optimizer=optimizer, loss='sparse_categorical_crossentropy', metrics=['accuracy'])

model.fit(x_train, y_train, epochs=10, batch_size=128)

loss, accuracy = model.evaluate(x_test, y_test)
print('Accuracy:', accuracy)
"""

CNN_003 = """
from keras.models import Sequential
from keras.layers import Conv2D, MaxPooling2D, Flatten, Dense

model = Sequential()
model.add(Conv2D(32, kernel_size=(3, 3), activation='relu', input_shape=(28, 28, 1)))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Flatten())
model.add(Dense(10, activation='softmax'))

from keras.optimizers import Adam

optimizer = Adam(lr=0.001)

batch_size = 128
epochs = 10

model.compile(optimizer=optimizer, loss='categorical_crossentropy', metrics=['accuracy'])
model.fit(x_train, y_train, batch_size=batch_size, epochs=epochs, verbose=1)

loss, accuracy = model.evaluate(x_test, y_test)
print('Test loss:', loss)
print('Test accuracy:', accuracy)
"""

MLP_004 = """
import tensorflow as tf

mnist = tf.keras.datasets.mnist
(x_train, y_train), (x_test, y_test) = mnist.load_data()

x_train, x_test = x_train / 255.0, x_test / 255.0
y_train = tf.keras.utils.to_categorical(y_train, 10)
y_test = tf.keras.utils.to_categorical(y_test, 10)

model = tf.keras.models.Sequential([
    tf.keras.layers.Flatten(input_shape=(28, 28)),
    tf.keras.layers.Dense(128, activation='relu'),
    tf.keras.layers.Dense(64, activation='relu'),
    tf.keras.layers.Dense(10, activation='softmax')
])

model.compile(optimizer='adam',
              loss='categorical_crossentropy',
              metrics=['accuracy'])

model.fit(x_train, y_train, batch_size=32, epochs=10, validation_data=(x_test, y_test))

test_loss, test_acc = model.evaluate(x_test, y_test)
print('Test accuracy:', test_acc)
"""


def flat(pictures):
    return pictures.reshape(len(pictures), 784) / 255


def images(pictures):
    return pictures[..., None] / 255


def rows(pictures):
    """The centre 20 x 20 of each digit, averaged over 2 x 2: ten rows of ten."""
    centre = pictures[:, 4:24, 4:24] / 255
    return centre.reshape(-1, 10, 2, 10, 2).mean(axis=(2, 4))


def as_they_are(labels):
    return labels


def one_hot(labels):
    return np.eye(10)[labels]


# listing, what is added to it, how pictures and labels are supplied, parameters, smallest accuracy after one short epoch
LISTINGS = {
    "000 MLP": (MLP_000, "", flat, as_they_are, 55_050, 0.80),
    "001 CNN": (CNN_001, CNN_001_FIT, images, as_they_are, 225_034, 0.80),
    "001 LSTM": (LSTM_001, LSTM_001_FIT, rows, one_hot, 204_042, 0.30),
    "001 autoencoder": (AUTOENCODER_001, AUTOENCODER_001_FIT, flat, None, 50_992, None),
    "002 MLP": (MLP_002, "", None, None, 407_050, 0.80),
    "003 CNN": (CNN_003, "", images, one_hot, 54_410, 0.75),
    "004 MLP": (MLP_004, "", None, None, 109_386, 0.80),
}


def translated(listing: str) -> str:
    for word in ("tensorflow.keras", "tf.keras"):
        listing = listing.replace(word, "course.nn")
    listing = re.sub(r"\bkeras\b", "course.nn", listing)
    return listing.replace("import tensorflow as tf", "import course.nn")


def run(name: str, pictures, epochs: int | None = None) -> dict:
    """Run a listing on ((x, y), (x, y)); return its names. ``epochs`` replaces the listing's own number."""
    listing, more, as_x, as_y, _, _ = LISTINGS[name]
    code = translated(f"{listing}\n{more}")
    if epochs:
        code = re.sub(r"epochs ?= ?\d+", f"epochs={epochs}", code)
    names: dict = {}
    if as_x:
        (x_train, y_train), (x_test, y_test) = pictures
        as_y = as_y or as_they_are
        names = {"x_train": as_x(x_train), "x_test": as_x(x_test)}
        names |= {"y_train": as_y(y_train), "y_test": as_y(y_test)}
    utils.set_random_seed(0)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "lr is the old name", DeprecationWarning)
        exec(code, names)
    return names


def score(name: str, names: dict):
    model = names.get("model") or names["autoencoder"]
    targets = names["x_test"] if name == "001 autoencoder" else names["y_test"]
    return model, model.evaluate(names["x_test"], targets, verbose=0)


@pytest.mark.parametrize("name", LISTINGS)
def test_a_listing_runs_and_learns(name, monkeypatch):
    monkeypatch.setattr("course.nn.datasets.mnist.load_data", data.mnist_small)
    (x, y), test = data.mnist_small()
    part = (x[:3000], y[:3000]), test
    model, found = score(name, run(name, part, epochs={"001 LSTM": 2, "001 autoencoder": 6}.get(name, 1)))
    *_, parameters, wanted = LISTINGS[name]
    assert model.count_params() == parameters
    if wanted is None:
        assert isinstance(found, float)
        assert found < 0.35  # nats a pixel; a net that says one half everywhere pays 0.69
    else:
        assert found[1] > wanted


def test_a_listing_learns_the_same_without_kernels(monkeypatch):
    with ops.using("numpy"):
        model, found = score("000 MLP", run("000 MLP", data.mnist_small(), epochs=1))
    assert model.count_params() == 55_050
    assert found[1] > 0.85


def test_lr_still_works_and_says_that_it_is_old():
    from course.nn.optimizers import Adam

    with pytest.warns(DeprecationWarning, match="learning_rate"):
        assert Adam(lr=0.01).learning_rate == 0.01


@pytest.mark.slow
@pytest.mark.skipif(not os.environ.get("COURSE_DATA"), reason="COURSE_DATA names no folder with all of MNIST")
@pytest.mark.parametrize("name", LISTINGS)
def test_a_listing_as_written_on_all_of_mnist(name):
    from course.nn.datasets import mnist

    pictures = mnist.load_data()
    assert len(pictures[0][0]) == 60_000
    model, found = score(name, run(name, pictures))
    assert model.count_params() == LISTINGS[name][4]
    if name == "001 autoencoder":
        assert found < 0.12
    else:
        assert found[1] > {"001 CNN": 0.985, "003 CNN": 0.975, "001 LSTM": 0.93}.get(name, 0.965)
