"""Find the largest learning rate that doesn't blow up."""

import numpy as np

from course import data
from course.exercises import wrong

MINUTES, LEVEL, POINTS = 12, 4, 3
RTOL = 0.02  # the statement promises two per cent, so that a search is as good as a formula
HINTS = (
    "By experiment: write a function that walks 1000 steps from w = b = 0 at one rate and says whether the loss at "
    "the end is above the loss at the start. (inf and nan are 'above' too, but `nan > 5` is False: use np.isfinite.)",
    "Now squeeze. Double a rate until it blows up; then try the middle between the largest that held and the smallest "
    "that didn't, thirty times over. By theory: the steepest curvature of all directions decides, not that of w.",
    "The curvatures of the bowl are np.linalg.eigvalsh of 2 * [[mean of x*x, mean of x], [mean of x, 1]]. The edge is "
    "2 divided by the largest.",
)


def largest_stable_rate(x, y):
    bowl = 2 * np.array([[np.mean(x * x), np.mean(x)], [np.mean(x), 1.0]])  # how fast each slope changes
    curvatures = np.linalg.eigvalsh(bowl)  # along the flattest and the steepest direction
    return 2 / curvatures.max()


def trials(rng):
    people = data.diabetes()
    bmi = people.X[:, people.features.index("body mass index")]
    yield "one point", np.array([2.0]), np.array([3.0])
    yield "body mass, in raw units", bmi, people.y
    yield "body mass, pre-scaled", (bmi - bmi.mean()) / (bmi.std() * np.sqrt(len(bmi))), people.y
    yield "ten random points", 2 * rng.normal(size=10) + 1, rng.normal(size=10) + 2
    x = rng.normal(size=8)
    x = 0.3 * (x - x.mean()) / x.std()
    yield "the steep direction starts almost at the bottom", x, 5 * x + 0.1


@wrong(
    "That is the edge for w alone. But b moves too, and together they can move along a steeper direction than either. "
    "Try your rate on a walk with both."
)
def looks_at_w_alone(x, y):
    return 1 / np.mean(x * x)


@wrong(
    "You return 1 whatever x is. That is the edge for b alone (and for standardised data); w has one of its own."
)
def looks_at_b_alone(x, y):
    return 1.0


@wrong(
    "That is 1/curvature: the rate that lands on the bottom in one step. You can go further before it blows up: "
    "how far past the bottom may a step land and still be no higher than before?"
)
def lands_in_one_step(x, y):
    return largest_stable_rate(x, y) / 2


@wrong(
    "Twice too large: at your rate the walk blows up. The slope of a square has a 2, so the curvature has it too."
)
def forgets_the_two(x, y):
    return 2 * largest_stable_rate(x, y)


@wrong(
    "You summed over the points. The loss is a mean, so its curvature is a mean: your rate is N times too small."
)
def sums_over_examples(x, y):
    return largest_stable_rate(x, y) / len(x)


@wrong(
    "You divided by the *smallest* curvature. In that flat direction the rate is safe, but the steepest direction "
    "blows up first."
)
def trusts_the_flattest_direction(x, y):
    bowl = 2 * np.array([[np.mean(x * x), np.mean(x)], [np.mean(x), 1.0]])
    return 2 / max(np.linalg.eigvalsh(bowl).min(), 1e-300)


@wrong(
    "You added the curvatures of w and b. That is always on the safe side, but not the edge: directions don't add, "
    "the steepest one decides."
)
def adds_the_curvatures(x, y):
    return 2 / (2 * np.mean(x * x) + 2)


@wrong(
    "Your search found a rate that holds, and stopped too early: a larger one still holds. Close in on the edge."
)
def stops_at_a_power_of_two(x, y):
    return 2.0 ** np.floor(np.log2(largest_stable_rate(x, y)) - 0.05)


@wrong(
    "You centred x first. On data that isn't centred, w and b pull at each other, and that makes the bowl steeper."
)
def centres_first(x, y):
    return 1 / max(np.var(x), 1.0)


@wrong(
    "You judged too early. A little past the edge the flat directions still get better, and hide for some steps "
    "that the steep one is blowing up. Walk longer before you ask."
)
def judges_after_ten_steps(x, y):
    low, high = 0.0, 4 * largest_stable_rate(x, y)
    for _ in range(30):
        rate = (low + high) / 2
        w = b = 0.0
        for _ in range(10):
            error = w * x + b - y
            w, b = w - rate * 2 * np.mean(error * x), b - rate * 2 * np.mean(error)
        low, high = (low, rate) if np.mean((w * x + b - y) ** 2) > np.mean(y**2) else (rate, high)
    return low


@wrong(
    "You asked only whether the loss is still a number. At your rate it grows and grows; it has not outgrown the computer "
    "yet. Compare the loss at the end with the loss at the start."
)
def waits_for_infinity(x, y):
    return largest_stable_rate(x, y) * (1 + 10 ** (154 / 1000)) / 2  # where 1000 steps reach 1e308
