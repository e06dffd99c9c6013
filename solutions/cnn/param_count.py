"""Count what a net can learn."""

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 8, 2, 2
HINTS = (
    "One layer after the other, on paper first: how many numbers are in W, how many in b? Which layer has none?",
    "layer[0] says the kind. A convolution has a kernel of kh * kw * cin numbers for each of cout pictures, and one bias for each; how "
    "large the image is doesn't matter.",
    "for kind, *sizes in layers: conv adds (kh * kw * cin + 1) * cout, dense (din + 1) * dout, pool nothing",
)


def param_count(layers):
    total = 0
    for kind, *sizes in layers:
        if kind == "conv":
            kh, kw, cin, cout = sizes
            total += (kh * kw * cin + 1) * cout  # one bias for each kernel
        if kind == "dense":
            din, dout = sizes
            total += (din + 1) * dout
    return total


def trials(rng):
    yield "one dense layer", [("dense", 4, 3)]
    yield "one convolution", [("conv", 3, 3, 1, 2)]
    yield "three colours in, a wide kernel", [("conv", 3, 5, 3, 4)]
    yield "a pooling alone", [("pool",)]
    yield (
        "two of each",
        [("conv", 3, 3, 1, 2), ("pool",), ("conv", 2, 2, 2, 5), ("pool",), ("dense", 20, 8), ("dense", 8, 3)],
    )
    yield (
        "the same layer twice",
        [("conv", 3, 3, 4, 4), ("conv", 3, 3, 4, 4), ("dense", 5, 5), ("dense", 5, 5)],
    )
    yield "no layer at all", []
    cin, cout = int(rng.integers(3, 9)), int(rng.integers(10, 40))
    yield "drawn", [("conv", 3, 4, cin, cout), ("pool",), ("dense", 6 * cout, 10)]


@wrong("The biases are missing: one for each kernel of a convolution, one for each output of a dense layer.")
def forgets_biases(layers):
    return sum(_product(sizes) for kind, *sizes in layers if kind != "pool")


@wrong("The biases of the convolutions are missing: one for each kernel.")
def forgets_conv_biases(layers):
    return param_count(layers) - sum(sizes[3] for kind, *sizes in layers if kind == "conv")


@wrong("The biases of the dense layers are missing: one for each output.")
def forgets_dense_biases(layers):
    return param_count(layers) - sum(sizes[1] for kind, *sizes in layers if kind == "dense")


@wrong(
    "A pooling made the count smaller. It leaves every kernel as it is; that fewer numbers arrive at the next dense layer is in its "
    "din already."
)
def divides_by_poolings(layers):
    total = 0
    for layer in layers:
        total = total // 4 if layer[0] == "pool" else total + param_count([layer])
    return total


@wrong("One bias for the whole layer. There is one for each kernel, and one for each output.")
def one_bias_a_layer(layers):
    return sum(_product(sizes) + 1 for kind, *sizes in layers if kind != "pool")


@wrong("The biases were counted by what goes *in*. Each output has one: cout, or dout.")
def biases_of_the_inputs(layers):
    return sum(_product(sizes) + sizes[-2] for kind, *sizes in layers if kind != "pool")


@wrong(
    "The kernel was taken to be flat. With cin colours coming in it has kh * kw * cin numbers: it looks through all of them at once."
)
def forgets_the_colours(layers):
    flat = [(kind, *sizes[:2], 1, sizes[3]) if kind == "conv" else (kind, *sizes) for kind, *sizes in layers]
    return param_count(flat)


@wrong("A pooling counted as well. It has nothing to learn: the largest of four needs no weight.")
def counts_poolings(layers):
    return param_count(layers) + sum(4 for kind, *_ in layers if kind == "pool")


@wrong("A bias for each colour and kernel, cin * cout of them. The sum over colours gets *one* bias.")
def a_bias_for_each_colour(layers):
    extra = sum((sizes[2] - 1) * sizes[3] for kind, *sizes in layers if kind == "conv")
    return param_count(layers) + extra


@wrong("The convolutions alone. Dense layers have weights too, and usually the most.")
def leaves_out_dense(layers):
    return param_count([layer for layer in layers if layer[0] == "conv"])


@wrong("The dense layers alone.")
def leaves_out_convolutions(layers):
    return param_count([layer for layer in layers if layer[0] == "dense"])


@wrong("That is the first layer alone: `return` belongs below the loop.")
def returns_inside_the_loop(layers):
    return param_count(layers[:1]) if layers else None


def _product(sizes):
    product = 1
    for size in sizes:
        product *= size
    return product
