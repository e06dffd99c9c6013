"""Take slopes back through one linear layer, x @ w + b."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 12, 3, 3
HINTS = (
    "Write down the five shapes. dx must have x's shape, dw that of w, db that of b; each is made from dout and one other, or "
    "from dout alone. What fits?",
    "dw pairs features with outputs and adds up over the examples: x lying on its side, times dout. dx goes the way back through "
    "the weights, lying on *their* side. b takes part in every row: add the rows up.",
    "dx = dout @ w.T; dw = x.T @ dout; db = dout.sum(axis=0)",
)


def linear_backward(x, w, dout):
    dx = dout @ w.T  # (N, K) @ (K, D) -> (N, D)
    dw = x.T @ dout  # (D, N) @ (N, K) -> (D, K)
    db = dout.sum(axis=0)  # (K,)
    return dx, dw, db


def trials(rng):
    def batch(n, d, k):
        return rng.normal(size=(n, d)), rng.normal(size=(d, k)), rng.normal(size=(n, k))

    yield (
        "two examples you can do by hand",
        np.array([[1.0, 2.0, 0.0], [3.0, 0.0, 1.0]]),
        np.array([[1.0], [-1.0], [4.0]]),
        np.array([[1.0], [10.0]]),
    )
    yield "five examples, three features, two outputs", *batch(5, 3, 2)
    yield "more outputs than features", *batch(3, 2, 6)
    yield "everything square", *batch(3, 3, 3)
    yield "a batch of one", *batch(1, 4, 3)
    yield "as many examples as outputs", *batch(3, 5, 3)
    yield (
        "x of whole numbers",
        np.array([[1, 0, 2], [0, 3, 1]]),
        np.array([[0.5, -1.5], [2.5, 0.25], [-0.75, 1.0]]),
        np.array([[0.5, 1.0], [-0.25, 0.5]]),
    )
    yield (
        "w of whole numbers",
        np.array([[0.5, 0.25], [-1.5, 2.0], [1.0, 0.5]]),
        np.array([[1, 2, 0], [0, -1, 3]]),
        np.array([[0.5, 0.25, -0.5], [1.5, 0.75, 0.5], [0.25, 0.5, 1.0]]),
    )
    x, w, dout = batch(4, 3, 2)
    yield "slopes of a millionth", x, w, 1e-6 * dout


@wrong(
    "dout has no part in it. What arrives from behind says how much each output matters: multiply by it, as on the graph of "
    "lesson 6."
)
def ignores_dout(x, w, dout):
    return linear_backward(x, w, np.ones(dout.shape))


@wrong(
    "You divided by the number of examples. If the loss is a mean, dout is already divided by N; a layer that divides "
    "again makes slopes N times too small. Add up."
)
def averages_again(x, w, dout):
    dx, dw, db = linear_backward(x, w, dout)
    return dx, dw / len(x), db / len(x)


@wrong("This one was divided by the number of examples as well. A slope in x belongs to one example only.")
def averages_dx(x, w, dout):
    return linear_backward(x, w, dout / len(x))


@wrong(
    "That is one number per example: you added along the outputs. b has one number per *output*, and each takes part in "
    "every example. Over which axis do the examples run?"
)
def bias_over_wrong_axis(x, w, dout):
    dx, dw, _ = linear_backward(x, w, dout)
    return dx, dw, dout.sum(axis=1)


@wrong(
    "w is not turned over. On the way back each output hands its slope to the features: (N, K) in, (N, D) out. (With D = K the "
    "shapes fit either way, and the numbers are wrong in silence.)"
)
def weights_not_transposed(x, w, dout):
    return dout @ w, x.T @ dout, dout.sum(axis=0)


@wrong(
    "x is not turned over. The examples must meet and be added up: (D, N) @ (N, K). Your order fits only if N = D."
)
def x_not_transposed(x, w, dout):
    return dout @ w.T, x @ dout, dout.sum(axis=0)


@wrong("These are the right arrays in the wrong places: dx first, then dw, then db.")
def swaps_dx_dw(x, w, dout):
    dx, dw, db = linear_backward(x, w, dout)
    return dw, dx, db


@wrong("The slopes of the weights come out lying on their side, (K, D). w_dk leads from d to k: (D, K).")
def dw_on_its_side(x, w, dout):
    dx, dw, db = linear_backward(x, w, dout)
    return dx, dw.T, db


@wrong(
    "An axis of length 1 is left over. b is (K,), so its slopes are (K,): leave `keepdims` out. Otherwise `b - db` becomes "
    "a table."
)
def bias_keeps_an_axis(x, w, dout):
    dx, dw, _ = linear_backward(x, w, dout)
    return dx, dw, dout.sum(axis=0, keepdims=True)


@wrong("The slopes of b are not added up. One b is used by all rows: ways that meet, and their parts add up.")
def bias_gets_every_row(x, w, dout):
    dx, dw, _ = linear_backward(x, w, dout)
    return dx, dw, dout


@wrong(
    "`sum()` without an axis adds up everything. Each output has a bias of its own, so one number for each of the K."
)
def bias_adds_up_everything(x, w, dout):
    dx, dw, _ = linear_backward(x, w, dout)
    return dx, dw, dout.sum()


@wrong(
    "Only the last example is left. A loop that says `=` throws away what the examples before it sent; they add up, so `+=`."
)
def keeps_the_last_example(x, w, dout):
    return dout @ w.T, np.outer(x[-1], dout[-1]), dout[-1]


@wrong(
    "It is filled into an array made by `zeros_like` of whole numbers, which cuts off everything behind the point. Use "
    "`np.zeros(x.shape)`, or no loop at all."
)
def fills_whole_number_arrays(x, w, dout):
    dx, dw, db = linear_backward(x, w, dout)
    return dx.astype(x.dtype), dw.astype(w.dtype), db


@wrong("The scores x @ w themselves got in. Slopes of a weighted sum don't depend on the sum.")
def multiplies_by_the_scores(x, w, dout):
    return linear_backward(x, w, dout * (x @ w))


@wrong(
    "NumPy refuses to add fractions to an array of whole numbers, which is what `zeros_like` makes of whole numbers. "
    "`np.zeros(w.shape)` holds floats; or take a product, without a loop."
)
def adds_into_whole_number_arrays(x, w, dout):
    dw = np.zeros_like(w)
    for n in range(len(x)):
        dw += np.outer(x[n], dout[n])
    return dout @ w.T, dw, dout.sum(axis=0)


@wrong(
    "`reshape` fills the numbers into another shape in reading order, and each lands in a wrong place. Rows become columns with `.T`."
)
def reshapes_in_place_of_turning(x, w, dout):
    n, d = x.shape
    k = w.shape[1]
    return dout @ w.reshape(k, d), x.reshape(d, n) @ dout, dout.sum(axis=0)


@wrong(
    "Of all outputs only the last sent its slope to the features. Each feature goes into every output: add up over k."
)
def dx_hears_the_last_output_only(x, w, dout):
    _, dw, db = linear_backward(x, w, dout)
    return np.outer(dout[:, -1], w[:, -1]), dw, db


@wrong(
    "The weights were moved before dx was found. All slopes belong to one point: first find them all, then step, and "
    "stepping is not this function's business."
)
def steps_before_dx(x, w, dout):
    _, dw, db = linear_backward(x, w, dout)
    return dout @ (w - dw).T, dw, db


@wrong("These are the right arrays in the wrong places: dx first, then dw, and db last.")
def db_before_dw(x, w, dout):
    dx, dw, db = linear_backward(x, w, dout)
    return dx, db, dw


@wrong("These are the right arrays in the wrong places: dx comes first, as x does, then dw, then db.")
def dx_comes_last(x, w, dout):
    dx, dw, db = linear_backward(x, w, dout)
    return dw, db, dx


@wrong("These are the right arrays in the wrong places: db comes last, after dx and dw.")
def db_comes_first(x, w, dout):
    dx, dw, db = linear_backward(x, w, dout)
    return db, dx, dw


@wrong("These are the right arrays in the opposite order: dx first, then dw, then db.")
def turns_the_order(x, w, dout):
    return linear_backward(x, w, dout)[::-1]


@wrong(
    "You added up the examples first, in x and in dout, and multiplied then. Each example's x belongs to *its* dout: first "
    "multiply within an example, then add up. x.T @ dout does both."
)
def adds_up_before_it_multiplies(x, w, dout):
    return dout @ w.T, np.outer(x.sum(axis=0), dout.sum(axis=0)), dout.sum(axis=0)


@wrong(
    "The slopes of x lie on their side, (D, N). They have x's shape, (N, D): dout comes first, dout @ w.T."
)
def dx_on_its_side(x, w, dout):
    return w @ dout.T, x.T @ dout, dout.sum(axis=0)


@wrong(
    "The examples were added up in dx too. w and b are shared by all rows, but each row of x belongs to one example: (N, D)."
)
def dx_adds_up_the_examples(x, w, dout):
    return dout.sum(axis=0) @ w.T, x.T @ dout, dout.sum(axis=0)


@wrong("Only the first example has sent its slope to b. All rows use b: add them up, axis 0.")
def bias_hears_the_first_example(x, w, dout):
    return dout @ w.T, x.T @ dout, dout[0]


@wrong("Every slope has the wrong sign. A step goes *against* the slope, but that minus belongs to the step.")
def turns_the_sign(x, w, dout):
    return tuple(-d for d in linear_backward(x, w, dout))


@wrong("db doesn't count rows. Each row sends the slope that arrives at it: add up dout, axis 0.")
def bias_without_dout(x, w, dout):
    return dout @ w.T, x.T @ dout, np.full(w.shape[1], 1.0 * len(x))


@wrong(
    "db is 1 for each output: that is the slope of *one* row's output in b, still without what arrives: add up dout, axis 0."
)
def bias_of_ones(x, w, dout):
    return dout @ w.T, x.T @ dout, np.ones(w.shape[1])
