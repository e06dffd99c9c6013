"""Give the two slopes of one small operation."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 8, 2, 1
HINTS = (
    "For each operation: hold b still and move a by a little. How much does the result move, for each unit? Then hold a still "
    "and move b.",
    "A sum moves with each of its parts: (1, 1). A product moves by the *other* factor. For a / b write a times 1/b: the slope "
    "of 1/b in b is -1/b².",
    "'+': (1, 1); '-': (1, -1); '*': (b, a); '/': (1/b, -a/b**2); '**': (b * a**(b-1), a**b * np.log(a)).",
)


def local_grad(op, a, b):
    if op == "+":
        return 1.0, 1.0
    if op == "-":
        return 1.0, -1.0
    if op == "*":
        return b, a
    if op == "/":
        return 1 / b, -a / b**2
    return b * a ** (b - 1), a**b * np.log(a)  # "**"


def trials(rng):
    yield "a sum you can do by hand", "+", 2.0, 3.0
    for op, name in (("-", "a difference"), ("*", "a product"), ("/", "a quotient"), ("**", "a power")):
        yield f"{name} you can do by hand", op, 2.0, 3.0
        yield name, op, float(rng.uniform(0.5, 3)), float(rng.uniform(0.5, 3))

    yield "a product with a number below 0", "*", -2.0, 3.0
    yield "a quotient with a number below 0", "/", -3.0, 2.0
    yield "a difference with a 0", "-", -1.0, 0.0


KEPT_TRIALS = {"a sum you can do by hand": "a sum is where a learner begins, and nobody's mistake below"}


@wrong("The factors are swapped: moving a by 1 moves a * b by b. The slope in a is the *other* factor.")
def each_factor_its_own(op, a, b):
    return (a, b) if op == "*" else local_grad(op, a, b)


@wrong("When b grows, a - b *falls*: the second slope of a difference is -1.")
def difference_like_a_sum(op, a, b):
    return (1.0, 1.0) if op == "-" else local_grad(op, a, b)


@wrong("The slope of a / b in b: a minus is missing. A larger b makes the quotient smaller.")
def quotient_rises_with_b(op, a, b):
    return (1 / b, a / b**2) if op == "/" else local_grad(op, a, b)


@wrong("The slope of a / b in b is -a / b squared; your b is not squared.")
def quotient_without_the_square(op, a, b):
    return (1 / b, -a / b) if op == "/" else local_grad(op, a, b)


@wrong("The exponent comes down in front, *and* goes down by one: b * a**(b - 1).")
def power_keeps_its_exponent(op, a, b):
    return (b * a**b, a**b * np.log(a)) if op == "**" else local_grad(op, a, b)


@wrong("In front of a**(b - 1) the exponent b is missing.")
def power_without_its_factor(op, a, b):
    return (a ** (b - 1), a**b * np.log(a)) if op == "**" else local_grad(op, a, b)


@wrong(
    "You gave the same rule for both places of the power. When the *exponent* moves, a**b moves by a**b times ln(a)."
)
def power_alike_in_both(op, a, b):
    return (b * a ** (b - 1), a * b ** (a - 1)) if op == "**" else local_grad(op, a, b)


@wrong("The two slopes are in the other order: first the one in a.")
def swaps_the_slopes(op, a, b):
    return local_grad(op, a, b)[::-1]


@wrong("You took sizes without their signs. The slope of a * b in b is a, below 0 as well as above.")
def loses_the_signs(op, a, b):
    return (abs(b), abs(a)) if op == "*" else local_grad(op, a, b)


@wrong("When the exponent moves, a**b moves by a**b *times ln(a)*; the logarithm is missing.")
def exponent_without_the_logarithm(op, a, b):
    return (b * a ** (b - 1), a**b) if op == "**" else local_grad(op, a, b)


@wrong("The logarithm is that of the base: a**b times ln(a), not ln(b).")
def logarithm_of_the_exponent(op, a, b):
    return (b * a ** (b - 1), a**b * np.log(b)) if op == "**" else local_grad(op, a, b)
