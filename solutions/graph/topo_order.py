"""Put the nodes of a graph in an order in which each comes after what it needs."""

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 15, 4, 3
HINTS = (
    "Think of a function visit(node) that writes down all that the node needs, and then the node itself. What does it do first, "
    "and what does it do if it has been here before?",
    "Keep a list `order` and a set of nodes seen (`id(node)` is safe: two nodes may hold equal numbers). visit: if seen, "
    "return; mark it; visit each of node.inputs; append node *last*.",
    "def visit(node): if id(node) in seen: return; seen.add(id(node)); for source in node.inputs: visit(source); "
    "order.append(node)",
)


def topo_order(root):
    order, seen = [], set()

    def visit(node):
        if id(node) in seen:
            return
        seen.add(id(node))
        for source in node.inputs:
            visit(source)
        order.append(node)  # after everything that it needs

    visit(root)
    return order


def observe(answer, inputs_of_each, values):
    class Node:
        def __init__(self, data, inputs):
            self.data, self.inputs = data, inputs

    nodes = []
    for value, sources in zip(values, inputs_of_each):  # noqa: B905 - as long as each other
        nodes.append(Node(value, tuple(nodes[i] for i in sources)))
    reachable, stack = set(), [nodes[-1]]
    while stack:
        node = stack.pop()
        if id(node) not in reachable:
            reachable.add(id(node))
            stack.extend(node.inputs)
    found = answer(nodes[-1])
    if type(found) not in (list, tuple):
        return found
    ids = [id(node) for node in found]
    places = {i: k for k, i in enumerate(ids)}
    users = [node for node in nodes if id(node) in places]
    too_early = sum(places.get(id(s), -1) > places[id(n)] for n in users for s in n.inputs)
    return {
        "nodes that come before one of their inputs": too_early,
        "nodes that come twice": len(ids) - len(set(ids)),
        "nodes that are missing": len(reachable - set(ids)),
        "nodes that don't belong to it": len(set(ids) - reachable),
        "root is last": bool(ids and ids[-1] == id(nodes[-1])),
    }


def trials(rng):
    yield "a sum of two", [[], [], [0, 1]], [1.0, 2.0, 3.0]
    yield "a node used twice", [[], [0, 0], [1, 0]], [1.0, 2.0, 3.0]
    yield "a shortcut past two nodes", [[], [0], [1], [2, 0]], [1.0, 2.0, 3.0, 4.0]
    yield "a branch that meets again lower down", [[], [0], [1], [0, 2], [3, 1]], [5.0, 1.0, 2.0, 3.0, 4.0]
    yield "two nodes with equal numbers", [[], [], [0, 1], [2]], [3.0, 3.0, 6.0, 6.0]
    yield "a node that the root doesn't need", [[], [], [0], [2, 0]], [1.0, 2.0, 3.0, 4.0]
    graph = [[]] + [sorted(rng.choice(n, size=min(n, 2), replace=False).tolist()) for n in range(1, 12)]
    yield "twelve nodes", graph, rng.normal(size=12).tolist()
    yield "a chain of 200", [[]] + [[n] for n in range(199)], [0.0] * 200


@wrong(
    "The root comes first. On the way *back* that is what you want; here each node comes after its inputs, so turn it round."
)
def root_first(root):
    return topo_order(root)[::-1]


@wrong(
    "A node that two others use is listed twice, and its gradient would go on twice. Remember where you have been."
)
def visits_twice(root):
    order = []

    def visit(node):
        for source in node.inputs:
            visit(source)
        order.append(node)

    visit(root)
    return order


@wrong(
    "Level by level from the root, then turned round: it looks right until a shortcut makes a node both near and far. "
    "A node may be written down only after *all* of its inputs are."
)
def breadth_first_reversed(root):
    queue, order, seen = [root], [], {id(root)}
    while queue:
        node = queue.pop(0)
        order.append(node)
        for source in node.inputs:
            if id(source) not in seen:
                seen.add(id(source))
                queue.append(source)
    return order[::-1]


@wrong("Nodes without inputs are missing. They are where the gradients are wanted most: weights and data.")
def drops_leaves(root):
    return [node for node in topo_order(root) if node.inputs]


@wrong(
    "Two nodes that hold equal numbers were taken for one. They are different nodes: compare `id(node)`, not its data."
)
def merges_equal_values(root):
    order, seen = [], set()

    def visit(node):
        if node.data in seen:
            return
        seen.add(node.data)
        for source in node.inputs:
            visit(source)
        order.append(node)

    visit(root)
    return order


@wrong("The root itself is missing.")
def leaves_out_the_root(root):
    return topo_order(root)[:-1]


@wrong("The node was written down *before* its inputs were visited. Append it after the loop.")
def writes_down_first(root):
    order, seen = [], set()

    def visit(node):
        if id(node) in seen:
            return
        seen.add(id(node))
        order.append(node)
        for source in node.inputs:
            visit(source)

    visit(root)
    return order


@wrong("Only the first input of each node was followed.")
def follows_the_first_input(root):
    order, seen = [], set()

    def visit(node):
        if id(node) in seen:
            return
        seen.add(id(node))
        for source in node.inputs[:1]:
            visit(source)
        order.append(node)

    visit(root)
    return order


@wrong(
    "Each node was written down before its inputs, and the list turned round. With a shortcut a node then stands before one of "
    "its inputs: write it down *after* they have been visited."
)
def writes_down_first_and_turns(root):
    return writes_down_first(root)[::-1]
