"""Take a batch through all layers of a net."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 8, 2, 2
HINTS = (
    "What one layer hands out, the next takes in. Which name holds it, before the first layer and after each?",
    "Loop over the layers. Each makes scores from what arrives; all but the last bend them. How do you know which is the last?",
    "for i, (w, b) in enumerate(layers): h = h @ w + b, and if i < len(layers) - 1: h = np.maximum(h, 0)",
)


def forward(x, layers):
    h = x
    for i, (w, b) in enumerate(layers):
        h = h @ w + b  # (N, what this layer hands out)
        if i < len(layers) - 1:
            h = np.maximum(h, 0)
    return h


def trials(rng):
    def layer(n, m):
        return rng.normal(size=(n, m)), rng.normal(size=m)

    yield (
        "two layers you can do by hand",
        np.array([[1.0, 2.0]]),
        [
            (np.array([[1.0, -1.0], [1.0, 0.0]]), np.array([0.0, -1.0])),
            (np.array([[2.0], [5.0]]), np.array([1.0])),
        ],
    )
    yield (
        "one layer, scores below 0",
        np.array([[1.0, -2.0], [-1.0, 0.5]]),
        [(np.array([[1.0, 0.0, -3.0], [1.0, 2.0, 0.0]]), np.array([0.0, -1.0, 0.5]))],
    )
    yield "four rows, two layers", rng.normal(size=(4, 3)), [layer(3, 5), layer(5, 2)]
    yield "four layers", rng.normal(size=(3, 2)), [layer(2, 5), layer(5, 4), layer(4, 6), layer(6, 3)]
    yield "all layers square", rng.normal(size=(3, 3)), [layer(3, 3), layer(3, 3), layer(3, 3)]
    yield "a batch of one", rng.normal(size=(1, 4)), [layer(4, 3), layer(3, 2)]
    yield (
        "whole numbers as input",
        np.array([[3, -1], [0, 2], [-2, -2]]),
        [(np.array([[0.5, -1.5, 2.5], [1.0, 0.25, -1.0]]), np.array([0.5, -0.5, 0.0])), layer(3, 2)],
    )
    yield (
        "an input near a million",
        1e6 * rng.normal(size=(2, 3)),
        [layer(3, 4), layer(4, 2)],
    )


@wrong(
    "The last layer was bent too. Its scores go to softmax as they are: a score below 0 has something to say."
)
def bends_the_last_too(x, layers):
    for w, b in layers:
        x = np.maximum(x @ w + b, 0)
    return x


@wrong(
    "Nothing bends anywhere, and layers without a bend collapse into one (lesson 5). What stands between two layers?"
)
def bends_nothing(x, layers):
    for w, b in layers:
        x = x @ w + b
    return x


@wrong(
    "You bent what *enters* each layer, and so the input as well. An input below 0 is information; only what a layer hands to "
    "the next is bent."
)
def bends_the_input(x, layers):
    for w, b in layers:
        x = np.maximum(x, 0) @ w + b
    return x


@wrong(
    "The bias was added after the bend. It belongs to the score: it decides *where* the neuron begins to fire."
)
def bias_after_the_bend(x, layers):
    for w, b in layers[:-1]:
        x = np.maximum(x @ w, 0) + b
    w, b = layers[-1]
    return x @ w + b


@wrong("The biases are missing. Each layer is `(w, b)`: what is b for?")
def forgets_the_biases(x, layers):
    return forward(x, [(w, 0 * b) for w, b in layers])


@wrong(
    "Only the first layer is followed by a bend. A net may have any number of layers: all but the *last* bend."
)
def bends_only_the_first(x, layers):
    for i, (w, b) in enumerate(layers):
        x = x @ w + b
        if i == 0 and len(layers) > 1:
            x = np.maximum(x, 0)
    return x


@wrong(
    "It stops after the first layer. Does a `return` stand inside the loop, or does the result go nowhere?"
)
def stops_after_the_first(x, layers):
    w, b = layers[0]
    return np.maximum(x @ w + b, 0) if len(layers) > 1 else x @ w + b


@wrong(
    "Every layer was given the input x. Only the first takes x; each later one takes what the layer before it handed out."
)
def feeds_the_input_to_all(x, layers):
    for i, (w, b) in enumerate(layers):
        h = x @ w + b
        if i < len(layers) - 1:
            h = np.maximum(h, 0)
    return h


@wrong(
    "You kept whether a neuron fires, and lost how strongly: relu hands on the score itself where it is above 0."
)
def hands_on_zeros_and_ones(x, layers):
    for w, b in layers[:-1]:
        x = (x @ w + b > 0) * 1.0
    w, b = layers[-1]
    return x @ w + b


@wrong(
    "The layers were taken in pairs of input and output: those in the middle are missing. Loop over all of `layers`."
)
def skips_the_middle(x, layers):
    return forward(x, [layers[0], layers[-1]] if len(layers) > 1 else layers)


@wrong("The last layer is missing: what you hand back is what *enters* it.")
def leaves_out_the_last(x, layers):
    for w, b in layers[:-1]:
        x = np.maximum(x @ w + b, 0)
    return x


@wrong(
    "You made shares of the last scores. softmax belongs to the loss; what a net hands out here are the scores themselves."
)
def softmax_at_the_end(x, layers):
    scores = forward(x, layers)
    positive = np.exp(scores - scores.max(axis=1, keepdims=True))
    return positive / positive.sum(axis=1, keepdims=True)


@wrong(
    "The last *hidden* layer isn't bent. Counting from 0 the last layer is number len(layers) - 1, and only that one stays straight."
)
def leaves_the_last_hidden_one_straight(x, layers):
    for i, (w, b) in enumerate(layers):
        x = x @ w + b
        if i < len(layers) - 2:
            x = np.maximum(x, 0)
    return x


@wrong(
    "`np.max(a, 0)` is the largest of each *column*: the 0 is taken for an axis, and the batch is gone. `np.maximum(a, 0)` compares "
    "each entry with 0."
)
def max_for_maximum(x, layers):
    for w, b in layers[:-1]:
        x = np.max(x @ w + b, 0)
    w, b = layers[-1]
    return x @ w + b


@wrong("The wrong half was kept: what is *above* 0 passes, so the larger of the two, `np.maximum`.")
def keeps_what_is_below(x, layers):
    for w, b in layers[:-1]:
        x = np.minimum(x @ w + b, 0)
    w, b = layers[-1]
    return x @ w + b


@wrong("You bent with the sigmoid. In this net relu stands between the layers: np.maximum(h, 0).")
def bends_with_the_sigmoid(x, layers):
    for w, b in layers[:-1]:
        with np.errstate(all="ignore"):
            x = 1 / (1 + np.exp(-(x @ w + b)))
    w, b = layers[-1]
    return x @ w + b


@wrong("You bent with tanh. In this net relu stands between the layers: np.maximum(h, 0).")
def bends_with_tanh(x, layers):
    for w, b in layers[:-1]:
        x = np.tanh(x @ w + b)
    w, b = layers[-1]
    return x @ w + b


@wrong("A score below 0 lost its sign. relu cuts it off: np.maximum(h, 0), not np.abs.")
def takes_the_absolute_value(x, layers):
    for w, b in layers[:-1]:
        x = np.abs(x @ w + b)
    w, b = layers[-1]
    return x @ w + b


@wrong("The hidden biases are missing; the last one is there. Every layer is x @ w + b.")
def forgets_the_hidden_biases(x, layers):
    return forward(x, [*((w, 0 * b) for w, b in layers[:-1]), layers[-1]])
