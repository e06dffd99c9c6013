"""Find all slopes of a net with one hidden layer."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 18, 4, 3
HINTS = (
    "First forward, and keep what you will need: the hidden scores, what relu made of them, the last scores. Then backward, one "
    "piece at a time: softmax with cross-entropy, layer 2, relu, layer 1. You have written each of them.",
    "The slopes in the last scores are p - y, divided by N. Layer 2 took in h, so that is its x. Its dx arrives at relu, which asks "
    "the hidden scores; what passes arrives at layer 1, whose x is x.",
    "ds = (p - y) / N; dw2 = h.T @ ds; db2 = ds.sum(axis=0); dz = (ds @ w2.T) * (z > 0); dw1 = x.T @ dz; db1 = dz.sum(axis=0)",
)


def two_layer_grads(x, labels, w1, b1, w2, b2):
    z = x @ w1 + b1  # (N, H)
    h = np.maximum(z, 0)
    s = h @ w2 + b2  # (N, K)
    positive = np.exp(s - s.max(axis=1, keepdims=True))
    ds = positive / positive.sum(axis=1, keepdims=True)
    ds[np.arange(len(labels)), labels] -= 1
    ds /= len(labels)  # (N, K): p - y, and the loss is a mean
    dw2, db2 = h.T @ ds, ds.sum(axis=0)
    dz = (ds @ w2.T) * (z > 0)  # (N, H): through layer 2, then through relu
    dw1, db1 = x.T @ dz, dz.sum(axis=0)
    return dw1, db1, dw2, db2


def trials(rng):
    def net(d, h, k):
        return (
            rng.normal(size=(d, h)),
            0.5 * rng.normal(size=h),
            rng.normal(size=(h, k)),
            rng.normal(size=k),
        )

    yield (
        "one example you can do by hand",
        np.array([[1.0, -1.0]]),
        np.array([0]),
        np.array([[2.0, 1.0, 0.0], [1.0, 3.0, -1.0]]),
        np.array([0.0, 0.5, -2.0]),
        np.array([[0.0, 1.0], [5.0, 2.0], [3.0, 3.0]]),
        np.array([1.0, 0.0]),
    )
    yield "five examples", rng.normal(size=(5, 3)), np.array([0, 1, 1, 0, 1]), *net(3, 4, 2)
    yield "a class that does not occur", rng.normal(size=(4, 2)), np.array([2, 0, 0, 2]), *net(2, 6, 4)
    yield "everything square", rng.normal(size=(3, 3)), rng.permutation(3), *net(3, 3, 3)
    yield "a batch of one", rng.normal(size=(1, 4)), np.array([2]), *net(4, 5, 3)
    w1, b1, w2, b2 = net(3, 4, 2)
    yield "scores near 1000", rng.normal(size=(4, 3)), np.array([1, 0, 0, 1]), w1, b1, w2, b2 + 1000
    yield (
        "x of whole numbers",
        np.array([[1, -2, 0], [0, 1, 3], [2, 2, -1], [0, 0, 1]]),
        np.array([0, 1, 0, 1]),
        *net(3, 5, 2),
    )


def _back(x, labels, w1, b1, w2, b2, ds=None, mask=None, seen=None, through=None):
    """Do the backward pass with one piece exchanged."""
    z = x @ w1 + b1
    h = np.maximum(z, 0)
    if ds is None:
        ds = _errors(h @ w2 + b2, labels) / len(labels)
    dz = (ds @ w2.T if through is None else through(ds)) * ((z > 0) if mask is None else mask(z, h))
    h = h if seen is None else seen(z)
    return x.T @ dz, dz.sum(axis=0), h.T @ ds, ds.sum(axis=0)


def _errors(s, labels):
    positive = np.exp(s - s.max(axis=1, keepdims=True))
    return positive / positive.sum(axis=1, keepdims=True) - np.eye(s.shape[1])[labels]


@wrong(
    "These are slopes of the *sum* of the prices, N times too large. The loss is their mean. Where, once, do you divide?"
)
def sum_not_mean(x, labels, w1, b1, w2, b2):
    return tuple(len(labels) * d for d in two_layer_grads(x, labels, w1, b1, w2, b2))


@wrong(
    "Divided by N twice: once in the slopes of the loss, and again in the layer. The layer only adds up (`sum`, not `mean`)."
)
def divides_twice(x, labels, w1, b1, w2, b2):
    return tuple(d / len(labels) for d in two_layer_grads(x, labels, w1, b1, w2, b2))


@wrong("The bend is missing on the way back: slopes came through neurons that were cut off.")
def forgets_relu_on_the_way_back(x, labels, w1, b1, w2, b2):
    return _back(x, labels, w1, b1, w2, b2, mask=lambda z, h: 1)


@wrong("On the way back you multiplied by relu's *value*. Its slope is 1 above 0, however large the value.")
def multiplies_by_relus_value(x, labels, w1, b1, w2, b2):
    return _back(x, labels, w1, b1, w2, b2, mask=lambda z, h: h)


@wrong("The second layer never saw the hidden *scores*: what entered it is what relu made of them.")
def pairs_with_the_hidden_scores(x, labels, w1, b1, w2, b2):
    return _back(x, labels, w1, b1, w2, b2, seen=lambda z: z)


@wrong("The bend is missing on the way *forward*, so the whole net is another one.")
def forgets_relu_on_the_way_there(x, labels, w1, b1, w2, b2):
    z = x @ w1 + b1
    ds = _errors(z @ w2 + b2, labels) / len(labels)
    dz = (ds @ w2.T) * (z > 0)
    return x.T @ dz, dz.sum(axis=0), z.T @ ds, ds.sum(axis=0)


@wrong("Only p came back. What the model *should* say still has to be taken away: p - y.")
def forgets_the_labels(x, labels, w1, b1, w2, b2):
    s = np.maximum(x @ w1 + b1, 0) @ w2 + b2
    ds = (_errors(s, labels) + np.eye(s.shape[1])[labels]) / len(labels)
    return _back(x, labels, w1, b1, w2, b2, ds=ds)


@wrong("Every slope has the wrong sign: y - p. A score that is too high must have a slope above 0.")
def turns_the_sign(x, labels, w1, b1, w2, b2):
    return tuple(-d for d in two_layer_grads(x, labels, w1, b1, w2, b2))


@wrong(
    "w2 is not turned over on the way back. It fits, and is silent, only where H = K; print the shapes of the others."
)
def weights_not_transposed(x, labels, w1, b1, w2, b2):
    return _back(x, labels, w1, b1, w2, b2, through=lambda ds: ds @ w2)


@wrong("These are one number per example. Each bias takes part in every example: add the rows up, axis 0.")
def biases_over_the_wrong_axis(x, labels, w1, b1, w2, b2):
    z = x @ w1 + b1
    h = np.maximum(z, 0)
    ds = _errors(h @ w2 + b2, labels) / len(labels)
    dz = (ds @ w2.T) * (z > 0)
    return x.T @ dz, dz.sum(axis=1), h.T @ ds, ds.sum(axis=1)


@wrong("exp overflows for scores near 1000. Take each row's maximum away first; the shares don't change.")
def no_max_shift(x, labels, w1, b1, w2, b2):
    s = np.maximum(x @ w1 + b1, 0) @ w2 + b2
    positive = np.exp(s)
    ds = positive / positive.sum(axis=1, keepdims=True)
    ds[np.arange(len(labels)), labels] -= 1
    return _back(x, labels, w1, b1, w2, b2, ds=ds / len(labels))


@wrong(
    "You multiplied p - y by p(1 - p) as well. The slope of softmax is already in p - y: it was used up when you derived it."
)
def uses_the_last_slope_twice(x, labels, w1, b1, w2, b2):
    s = np.maximum(x @ w1 + b1, 0) @ w2 + b2
    errors = _errors(s, labels)
    p = errors + np.eye(s.shape[1])[labels]
    return _back(x, labels, w1, b1, w2, b2, ds=errors * p * (1 - p) / len(labels))


@wrong("Right arrays, wrong places: wanted are dw1, db1, dw2, db2, the first layer first.")
def last_layer_first(x, labels, w1, b1, w2, b2):
    dw1, db1, dw2, db2 = two_layer_grads(x, labels, w1, b1, w2, b2)
    return dw2, db2, dw1, db1


@wrong("The biases were left out on the way forward. Slopes are taken *at* a point, and this is another one.")
def forward_without_biases(x, labels, w1, b1, w2, b2):
    return two_layer_grads(x, labels, w1, 0 * b1, w2, 0 * b2)


@wrong(
    "w2 was moved before its old values had handed the slopes on. All slopes belong to one point: first find them all, then step."
)
def steps_before_going_on(x, labels, w1, b1, w2, b2):
    dw2 = two_layer_grads(x, labels, w1, b1, w2, b2)[2]
    return _back(x, labels, w1, b1, w2, b2, through=lambda ds: ds @ (w2 - dw2).T)


@wrong(
    "On the way back you asked the *slopes* whether they are above 0. The bend asks the hidden scores, z > 0."
)
def asks_the_slopes(x, labels, w1, b1, w2, b2):
    s = np.maximum(x @ w1 + b1, 0) @ w2 + b2
    dh = _errors(s, labels) / len(labels) @ w2.T
    return _back(x, labels, w1, b1, w2, b2, mask=lambda z, h: dh > 0)


@wrong(
    "You divided by all N * K entries. An example has K scores but one price, and the mean runs over the N prices."
)
def averages_over_classes_too(x, labels, w1, b1, w2, b2):
    return tuple(d / len(b2) for d in two_layer_grads(x, labels, w1, b1, w2, b2))


@wrong(
    "`p[:, labels] -= 1` takes 1 from whole columns, once for every example with that label. Pair rows with labels: "
    "`p[np.arange(N), labels]`."
)
def takes_from_whole_columns(x, labels, w1, b1, w2, b2):
    s = np.maximum(x @ w1 + b1, 0) @ w2 + b2
    p = _errors(s, labels) + np.eye(s.shape[1])[labels]
    p[:, labels] -= 1
    return _back(x, labels, w1, b1, w2, b2, ds=p / len(labels))


@wrong(
    "Softmax was taken down the columns, so examples compete. Each row shares out its own certainty: axis 1."
)
def shares_down_the_columns(x, labels, w1, b1, w2, b2):
    s = np.maximum(x @ w1 + b1, 0) @ w2 + b2
    ds = _errors(s.T, np.zeros(s.shape[1], int)).T
    ds[0] += 1
    ds[np.arange(len(labels)), labels] -= 1
    return _back(x, labels, w1, b1, w2, b2, ds=ds / len(labels))


@wrong(
    "The last scores were bent as well. relu stands between the layers only; softmax takes the scores as they are."
)
def bends_the_last_scores(x, labels, w1, b1, w2, b2):
    s = np.maximum(np.maximum(x @ w1 + b1, 0) @ w2 + b2, 0)
    return _back(x, labels, w1, b1, w2, b2, ds=_errors(s, labels) / len(labels))


@wrong(
    "The label's *number* was taken away from every share. Class 3 is a place, not a quantity: a 1 at that place, 0 elsewhere."
)
def takes_the_labels_number(x, labels, w1, b1, w2, b2):
    s = np.maximum(x @ w1 + b1, 0) @ w2 + b2
    p = _errors(s, labels) + np.eye(s.shape[1])[labels]
    return _back(x, labels, w1, b1, w2, b2, ds=(p - labels[:, None]) / len(labels))


@wrong(
    "Nothing arrives at the first layer yet. What does layer 2 hand back to what entered it, as its dx? And what does relu let pass "
    "of it?"
)
def stops_behind_layer_two(x, labels, w1, b1, w2, b2):
    return _back(x, labels, w1, b1, w2, b2, mask=lambda z, h: 0)


@wrong("Right arrays, wrong places: each layer's weights come before its biases: dw1, db1, dw2, db2.")
def biases_before_weights(x, labels, w1, b1, w2, b2):
    dw1, db1, dw2, db2 = two_layer_grads(x, labels, w1, b1, w2, b2)
    return db1, dw1, db2, dw2


@wrong("Right arrays, wrong places: layer by layer, so db1 comes second: dw1, db1, dw2, db2.")
def weights_before_biases(x, labels, w1, b1, w2, b2):
    dw1, db1, dw2, db2 = two_layer_grads(x, labels, w1, b1, w2, b2)
    return dw1, dw2, db1, db2


@wrong(
    "Right arrays, in the order in which they are found. Wanted is the first layer first: dw1, db1, dw2, db2."
)
def in_the_order_of_finding(x, labels, w1, b1, w2, b2):
    return two_layer_grads(x, labels, w1, b1, w2, b2)[::-1]


@wrong(
    "You divided by N before you took the 1 away, so a whole 1 goes off a share that was made N times smaller. First p - y, then / N."
)
def divides_before_it_subtracts(x, labels, w1, b1, w2, b2):
    s = np.maximum(x @ w1 + b1, 0) @ w2 + b2
    y = np.eye(s.shape[1])[labels]
    return _back(x, labels, w1, b1, w2, b2, ds=(_errors(s, labels) + y) / len(labels) - y)


def _with_shares(share):
    def answer(x, labels, w1, b1, w2, b2):
        s = np.maximum(x @ w1 + b1, 0) @ w2 + b2
        ds = (share(s) - np.eye(s.shape[1])[labels]) / len(labels)
        return _back(x, labels, w1, b1, w2, b2, ds=ds)

    return answer


@wrong(
    "Softmax shared 1 out over the whole table. Each *row* is an example with a 1 of its own: axis 1, with keepdims."
)
def shares_over_the_whole_table(x, labels, w1, b1, w2, b2):
    answer = _with_shares(lambda s: np.exp(s - s.max()) / np.exp(s - s.max()).sum())
    return answer(x, labels, w1, b1, w2, b2)


@wrong("exp makes them positive, but they don't add up to 1 yet: divide each row by its sum.")
def forgets_to_divide_by_the_sum(x, labels, w1, b1, w2, b2):
    answer = _with_shares(lambda s: np.exp(s - s.max(axis=1, keepdims=True)))
    return answer(x, labels, w1, b1, w2, b2)


@wrong("There is no softmax: you took y from the *scores*. First shares, p, then p - y.")
def takes_labels_from_scores(x, labels, w1, b1, w2, b2):
    return _with_shares(lambda s: s)(x, labels, w1, b1, w2, b2)


@wrong("Who was cut off is decided by the hidden scores *with* their biases: x @ w1 + b1 > 0.")
def asks_scores_without_biases(x, labels, w1, b1, w2, b2):
    return _back(x, labels, w1, b1, w2, b2, mask=lambda z, h: z - b1 > 0)
