"""Build numbers that remember how they were made, and find all slopes on the way back."""

import math

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 30, 4, 5
HINTS = (
    "Let each result keep two things: its inputs, and one local slope for each of them (lesson 6's `local_grad`). Then backward "
    "needs no case for each operation: it walks, multiplies, and adds.",
    "__add__ makes type(self)(a + b, (self, other), (1.0, 1.0)). A plain number on the right is turned into a Value first; for "
    "one on the left Python calls __radd__, __rmul__, __rsub__, __rtruediv__. a - b is a + (-b); a / b is a * b**-1.",
    "backward: self.grad = 1.0; for node in reversed(order): for source, slope in zip(node.inputs, node.slopes): source.grad += "
    "slope * node.grad, with the order of topo_order.",
)


class Value:
    """A number that knows its inputs."""

    def __init__(self, data, inputs=(), slopes=()):
        self.data, self.grad = float(data), 0.0
        self.inputs, self.slopes = tuple(inputs), tuple(slopes)  # one local slope for each input

    def _value(self, other):
        return other if isinstance(other, Value) else type(self)(other)

    def __add__(self, other):
        other = self._value(other)
        return type(self)(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = self._value(other)
        return type(self)(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, power):
        return type(self)(self.data**power, (self,), (power * self.data ** (power - 1),))

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -self._value(other)

    def __truediv__(self, other):
        return self * self._value(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return self._value(other) - self

    def __rtruediv__(self, other):
        return self._value(other) / self

    def tanh(self):
        t = math.tanh(self.data)
        return type(self)(t, (self,), (1 - t**2,))

    def relu(self):
        return type(self)(max(self.data, 0.0), (self,), (1.0 if self.data > 0 else 0.0,))

    def exp(self):
        e = math.exp(self.data)
        return type(self)(e, (self,), (e,))

    def log(self):
        return type(self)(math.log(self.data), (self,), (1 / self.data,))

    def _order(self):
        order, seen = [], set()

        def visit(node):
            if id(node) not in seen:
                seen.add(id(node))
                for source in node.inputs:
                    visit(source)
                order.append(node)

        visit(self)
        return order

    def backward(self):
        self.grad = 1.0
        for node in reversed(self._order()):
            for source, slope in zip(node.inputs, node.slopes, strict=True):
                source.grad += slope * node.grad


def observe(answer, values, grads, program):
    class Own(answer):
        pass

    nodes = [Own(value) for value in values]
    for node, grad in zip(nodes, grads):  # noqa: B905 - as long as each other
        node.grad = grad  # what was there before is added to
    leaves = [len(node.inputs) for node in nodes]
    for name, *places in program:
        # a whole number is a place in the list of nodes, another number stands for itself
        a, b = [nodes[p] if isinstance(p, int) else p for p in [*places, 0.0]][:2]
        if name == "+":
            made = a + b
        elif name == "-":
            made = a - b
        elif name == "*":
            made = a * b
        elif name == "/":
            made = a / b
        elif name == "**":
            made = a**b
        elif name == "negative":
            made = -a
        else:
            made = getattr(a, name)()
        nodes.append(made)
    nodes[-1].grad = 5.0  # backward() says 1, whatever was there
    nodes[-1].backward()
    return {
        "data": np.array([node.data for node in nodes], dtype=float),
        "grad": np.array([node.grad for node in nodes], dtype=float),
        "inputs of a number that was given": leaves,
        "results that are not of the numbers' own class": sum(type(node) is not Own for node in nodes),
    }


def trials(rng):
    yield "a sum by hand", [1.0, 4.0], [0.0] * 2, [["+", 0, 1]]
    yield "a product plus a number", [2.0, -3.0, 10.0], [0.0] * 3, [["*", 0, 1], ["+", 3, 2]]
    yield "one number used twice", [3.0], [0.0], [["+", 0, 0], ["*", 1, 0]]
    yield (
        "two ways that meet again",
        [2.0, 5.0],
        [0.0] * 2,
        [["*", 0, 1], ["+", 0, 1], ["*", 2, 3], ["*", 4, 2]],
    )
    yield (
        "minus, divided by, to the power",
        [4.0, 0.5],
        [0.0] * 2,
        [["-", 0, 1], ["/", 2, 1], ["**", 3, 3.0], ["negative", 4]],
    )
    yield "a division by hand", [1.0, 4.0], [0.0] * 2, [["/", 0, 1]]
    yield (
        "plain numbers on the right",
        [3.0],
        [0.0],
        [["+", 0, 2.5], ["-", 1, 1.5], ["*", 2, 0.5], ["/", 3, 4.0]],
    )
    yield (
        "plain numbers on the left",
        [3.0],
        [0.0],
        [["+", 2.5, 0], ["-", 1.5, 1], ["*", 0.5, 2], ["/", 4.0, 3]],
    )
    yield "tanh, exp and log", [0.7], [0.0], [["tanh", 0], ["exp", 1], ["log", 2], ["*", 3, 2]]
    yield (
        "relu above, below and at 0",
        [2.0, -1.0, 0.0],
        [0.0] * 3,
        [["relu", 0], ["relu", 1], ["relu", 2], ["+", 3, 4], ["+", 6, 5]],
    )
    yield "grads that are there already", [2.0, 3.0], [10.0, -1.0], [["*", 0, 1], ["tanh", 2]]
    yield (
        "a shortcut past two nodes",
        [0.3, -0.8],
        [0.0] * 2,
        [["*", 0, 1], ["tanh", 2], ["exp", 3], ["*", 4, 2]],
    )
    yield (
        "a node that is used by two, one of them further on",
        [0.3, -0.8],
        [0.0] * 2,
        [["*", 0, 1], ["tanh", 2], ["exp", 3], ["*", 2, 4]],
    )
    numbers = [float(n) for n in rng.uniform(0.3, 2, 5)]
    yield (
        "a neuron",
        numbers,
        [0.0] * 5,
        [["*", 0, 1], ["*", 2, 3], ["+", 5, 6], ["+", 7, 4], ["tanh", 8], ["-", 9, 1.0], ["**", 10, 2.0]],
    )


@wrong("A grad was overwritten. Each user of a number *adds* its part: +=.")
class overwrites_grad(Value):
    def backward(self):
        self.grad = 1.0
        for node in reversed(self._order()):
            for source, slope in zip(node.inputs, node.slopes, strict=True):
                source.grad = slope * node.grad


@wrong("Only local slopes arrived. Each is multiplied by the grad of the result that it belongs to.")
class ignores_upstream(Value):
    def backward(self):
        self.grad = 1.0
        for node in reversed(self._order()):
            for source, slope in zip(node.inputs, node.slopes, strict=True):
                source.grad += slope


@wrong("All grads stayed what they were: backward begins by giving the result itself a grad of 1.")
class forgets_the_seed(Value):
    def backward(self):
        for node in reversed(self._order()):
            for source, slope in zip(node.inputs, node.slopes, strict=True):
                source.grad += slope * node.grad


@wrong(
    "backward set grads back to 0 before it began. It adds to what is there; whoever wants a fresh start says so."
)
class clears_first(Value):
    def backward(self):
        for node in self._order():
            node.grad = 0.0
        super().backward()


@wrong(
    "Some node handed its grad on before all of its users had added theirs. Walk in reversed topological order, not level by "
    "level."
)
class walks_level_by_level(Value):
    def backward(self):
        self.grad = 1.0
        queue, seen = [self], {id(self)}
        while queue:
            node = queue.pop(0)
            for source, slope in zip(node.inputs, node.slopes, strict=True):
                source.grad += slope * node.grad
                if id(source) not in seen:
                    seen.add(id(source))
                    queue.append(source)


@wrong("In a product each factor's slope is the *other* factor; yours are swapped.")
class product_swaps_slopes(Value):
    def __mul__(self, other):
        other = self._value(other)
        return type(self)(self.data * other.data, (self, other), (self.data, other.data))


@wrong(
    "A number minus a Value came out with the sign turned: 3 - a is not a - 3. Python calls __rsub__ on the right one."
)
class right_minus_turned(Value):
    def __rsub__(self, other):
        return self - other


@wrong("A number divided by a Value came out upside down: 1 / a is not a / 1. That is __rtruediv__.")
class right_division_turned(Value):
    def __rtruediv__(self, other):
        return self / other


@wrong("The exponent is missing in the slope of a power: n * a**(n - 1).")
class power_without_its_factor(Value):
    def __pow__(self, power):
        return type(self)(self.data**power, (self,), (self.data ** (power - 1),))


@wrong("The slope of tanh is 1 - t squared, with the t that came out. You squared what went in.")
class tanh_squares_the_input(Value):
    def tanh(self):
        return type(self)(math.tanh(self.data), (self,), (1 - self.data**2,))


@wrong("relu let slopes pass below 0. It is flat there, and at 0 by our convention.")
class relu_passes_everything(Value):
    def relu(self):
        return type(self)(max(self.data, 0.0), (self,), (1.0,))


@wrong("At exactly 0 the slope of relu is 0, as agreed in lesson 5.")
class relu_one_at_nought(Value):
    def relu(self):
        return type(self)(max(self.data, 0.0), (self,), (1.0 if self.data >= 0 else 0.0,))


@wrong("The slope of exp is exp itself.")
class exp_with_slope_one(Value):
    def exp(self):
        return type(self)(math.exp(self.data), (self,), (1.0,))


@wrong("The slope of log(a) is 1/a.")
class log_with_slope_one(Value):
    def log(self):
        return type(self)(math.log(self.data), (self,), (1.0,))


@wrong(
    "A node had its turn before all of its users: you wrote it down before its inputs and walked that list forwards. Write it "
    "down after its inputs, then walk the list backwards."
)
class walks_root_first(Value):
    def backward(self):
        order, seen = [], set()

        def visit(node):
            if id(node) not in seen:
                seen.add(id(node))
                order.append(node)
                for source in node.inputs:
                    visit(source)

        visit(self)
        self.grad = 1.0
        for node in order:
            for source, slope in zip(node.inputs, node.slopes, strict=True):
                source.grad += slope * node.grad


@wrong(
    "Some results were made with `Value(...)`. With `type(self)(...)` a subclass makes more of its own kind."
)
class makes_plain_values(Value):
    def __add__(self, other):
        other = self._value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = self._value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))


@wrong(
    "The result's own grad was added to. However often backward() is called, the slope of the result in itself is 1."
)
class adds_to_the_result(Value):
    def backward(self):
        before = self.grad
        super().backward()
        for node in self._order():
            if node is self:
                node.grad = before + 1.0


@wrong("Unary minus turns the sign, so its slope is -1; yours is 1.")
class negative_keeps_the_slope(Value):
    def __neg__(self):
        return type(self)(-self.data, (self,), (1.0,))


@wrong(
    "Unary minus made a number that remembers nothing: its input is missing, so no slope finds the way back."
)
class negative_forgets_its_input(Value):
    def __neg__(self):
        return type(self)(-self.data)


@wrong("In a - b the second slope is -1: when b grows, the difference falls.")
class minus_like_plus(Value):
    def __sub__(self, other):
        other = self._value(other)
        return type(self)(self.data - other.data, (self, other), (1.0, 1.0))


@wrong("The slope of a / b in b is -a / b²; the minus is missing.")
class division_without_its_minus(Value):
    def __truediv__(self, other):
        other = self._value(other)
        return type(self)(self.data / other.data, (self, other), (1 / other.data, self.data / other.data**2))
