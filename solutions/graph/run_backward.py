"""Repair a backward pass that forgets."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 8, 3, 2
STARTER = "overwrites"
HINTS = (
    "Follow the trial by hand. A node that is used twice gets something from each user. What is in its grad after the second?",
    "Moving such a node moves the result along *both* ways, and the two movements add up.",
    "source.grad += slope * node.grad",
)


def run_backward(order):
    order[-1].grad = 1.0
    for node in reversed(order):
        for source, slope in zip(node.inputs, node.slopes, strict=True):
            source.grad += slope * node.grad  # every user adds its part


def observe(answer, inputs_of_each, slopes_of_each, order):
    class Node:
        def __init__(self, inputs, slopes):
            self.inputs, self.slopes, self.grad = inputs, slopes, 0.0

    nodes = []
    for sources, own in zip(inputs_of_each, slopes_of_each):  # noqa: B905 - as long as each other
        nodes.append(Node(tuple(nodes[i] for i in sources), tuple(own)))
    answer([nodes[i] for i in order])
    return np.array([node.grad for node in nodes], dtype=float)


def trials(rng):
    yield "a product of two", [[], [], [0, 1]], [[], [], [3.0, 2.0]], [0, 1, 2]
    yield "a chain of three", [[], [0], [1]], [[], [2.0], [-3.0]], [0, 1, 2]
    yield "one node used twice", [[], [0, 0]], [[], [1.0, 1.0]], [0, 1]
    yield "two ways that meet again", [[], [0], [0], [1, 2]], [[], [2.0], [3.0], [5.0, 7.0]], [0, 2, 1, 3]
    graph = [[], [], [0, 1], [2, 0], [3, 2], [4, 1]]
    yield (
        "six nodes",
        graph,
        [rng.normal(size=len(sources)).tolist() for sources in graph],
        [0, 1, 2, 3, 4, 5],
    )


@wrong(
    "A node with two users ends up with what one of them sent it. Where did the other's part go? (A net in which nothing is "
    "used twice hides this bug for a long time.)"
)
def overwrites(order):
    order[-1].grad = 1.0
    for node in reversed(order):
        for source, slope in zip(node.inputs, node.slopes, strict=True):
            source.grad = slope * node.grad


@wrong(
    "You walked forwards: a node then hands on its grad before it has got it. Begin at the root, the last of the list."
)
def walks_forwards(order):
    order[-1].grad = 1.0
    for node in order:
        for source, slope in zip(node.inputs, node.slopes, strict=True):
            source.grad += slope * node.grad


@wrong("All grads are 0. The root's own slope is 1, and somebody has to say so before the walk begins.")
def forgets_the_seed(order):
    for node in reversed(order):
        for source, slope in zip(node.inputs, node.slopes, strict=True):
            source.grad += slope * node.grad


@wrong("Only the local slopes arrived. Each is multiplied by the grad of the node that it belongs to.")
def ignores_upstream(order):
    order[-1].grad = 1.0
    for node in reversed(order):
        for source, slope in zip(node.inputs, node.slopes, strict=True):
            source.grad += slope


@wrong("Slopes multiply along a way; you added them to the grad that arrives.")
def adds_along_the_way(order):
    order[-1].grad = 1.0
    for node in reversed(order):
        for source, slope in zip(node.inputs, node.slopes, strict=True):
            source.grad += slope + node.grad


@wrong("Every node was given a 1 to begin with. Only the root has one; the others start at 0.")
def seeds_everybody(order):
    for node in order:
        node.grad = 1.0
    for node in reversed(order):
        for source, slope in zip(node.inputs, node.slopes, strict=True):
            source.grad += slope * node.grad
