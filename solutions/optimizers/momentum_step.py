"""Take one step with momentum."""

import numpy as np

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 5, 2, 2
HINTS = (
    "Two lines, in the order of the formula. Which comes first: does the ball speed up, or does it move?",
    "The new velocity is what is left of the old one (beta says how much) plus the slope of this step. The step is the "
    "rate times the *new* velocity.",
    "velocity = beta * velocity + grad; then return param - rate * velocity and the velocity. No `+=`: that would "
    "change the array that you were given.",
)


def momentum_step(param, grad, velocity, rate, beta):
    velocity = beta * velocity + grad
    param = param - rate * velocity
    return param, velocity


def trials(rng):
    yield "one weight you can do by hand", np.array([1.0]), np.array([2.0]), np.array([1.0]), 0.1, 0.5
    yield "the first step: no velocity yet", *rng.normal(size=(2, 3)), np.zeros(3), 0.1, 0.9
    yield "flat ground: it rolls on", rng.normal(size=2), np.zeros(2), rng.normal(size=2), 0.3, 0.8
    yield "a layer's weights, 4 by 3", *rng.normal(size=(3, 4, 3)), 0.03, 0.9
    yield "beta 0: plain descent", *rng.normal(size=(3, 3, 3)), 0.2, 0.0
    yield (
        "whole numbers",
        np.array([3, -2, 5]),
        np.array([1, 4, -3]),
        np.array([2, 0, -1]),
        0.25,
        0.5,
    )
    yield "slopes near a million", *(1e6 * rng.normal(size=(3, 2))), 1e-3, 0.99


@wrong(
    "The weight moved by the rate times the slope alone, and the velocity had no say. Step with the velocity."
)
def steps_with_the_slope(param, grad, velocity, rate, beta):
    return param - rate * grad, beta * velocity + grad


@wrong(
    "The weight moved with the *old* velocity; the slope of this step comes in one step late. First the new velocity, "
    "then the step."
)
def moves_before_it_speeds_up(param, grad, velocity, rate, beta):
    return param - rate * velocity, beta * velocity + grad


@wrong(
    "You weighed the slope with 1 - beta, which makes the velocity a mean of slopes. That is a fair choice (Adam makes "
    "it), but steps are then 1 - beta times as long. Here the slope goes in whole."
)
def averages_the_slopes(param, grad, velocity, rate, beta):
    velocity = beta * velocity + (1 - beta) * grad
    return param - rate * velocity, velocity


@wrong(
    "You put the rate into the velocity, as Keras does: v = beta * v - rate * grad, then param + v. Starting from "
    "nothing the weights are the same, but not the velocity; here it is made of slopes, and the rate comes in at the step."
)
def keeps_the_rate_in_the_velocity(param, grad, velocity, rate, beta):
    velocity = beta * velocity - rate * grad
    return param + velocity, velocity


@wrong(
    "The rate went into the velocity, so old velocity isn't scaled by it and new slopes are. Leave the rate to the step: "
    "it multiplies the whole velocity."
)
def scales_the_new_slope_alone(param, grad, velocity, rate, beta):
    velocity = beta * velocity + rate * grad
    return param - velocity, velocity


@wrong("beta stands at the wrong one: it says what is left of the *velocity*. The slope goes in whole.")
def damps_the_slope(param, grad, velocity, rate, beta):
    velocity = velocity + beta * grad
    return param - rate * velocity, velocity


@wrong(
    "Nothing is lost on the way: old slopes count as much as new ones, for ever. beta says how much of the velocity is left."
)
def never_slows_down(param, grad, velocity, rate, beta):
    velocity = velocity + grad
    return param - rate * velocity, velocity


@wrong("You went up. The velocity sums up slopes, and slopes point uphill: subtract.")
def climbs(param, grad, velocity, rate, beta):
    velocity = beta * velocity + grad
    return param + rate * velocity, velocity


@wrong(
    "That is Nesterov's variant: it adds the slope once more and looks one step ahead. A good idea, and another optimizer: "
    "here the step is the rate times the velocity."
)
def looks_ahead(param, grad, velocity, rate, beta):
    velocity = beta * velocity + grad
    return param - rate * (grad + beta * velocity), velocity


@wrong(
    "The right numbers, written over the old ones: `*=`, `+=` and `-=` change the arrays that you were given (and on whole "
    "numbers they fail). Write `velocity = beta * velocity + grad` instead."
)
def changes_inputs(param, grad, velocity, rate, beta):
    velocity *= beta
    velocity += grad
    param -= rate * velocity
    return param, velocity


@wrong("The two came back in the other order: first the weights, then the velocity.")
def turns_the_order(param, grad, velocity, rate, beta):
    velocity = beta * velocity + grad
    return velocity, param - rate * velocity


@wrong(
    "The velocity that you return is the old one, so the next step will not know of this one. Return the new one."
)
def forgets_to_return_the_new_velocity(param, grad, velocity, rate, beta):
    return param - rate * (beta * velocity + grad), velocity


@wrong("The whole velocity went into the step. How much of it, the rate decides: multiply by it.")
def forgets_the_rate(param, grad, velocity, rate, beta):
    velocity = beta * velocity + grad
    return param - velocity, velocity


@wrong(
    "Your velocity points downhill, so it has the other sign: v = beta * v - grad, then param + rate * v. The weights come out "
    "right if it starts at 0. Here it sums up slopes as they are, and the minus stands in the step."
)
def velocity_points_downhill(param, grad, velocity, rate, beta):
    velocity = beta * velocity - grad
    return param + rate * velocity, velocity


@wrong(
    "The shares are swapped: beta, the larger one, says what is left of the velocity; and the slope goes in whole."
)
def shares_swapped(param, grad, velocity, rate, beta):
    velocity = (1 - beta) * velocity + beta * grad
    return param - rate * velocity, velocity


@wrong(
    "The velocity points downhill (beta * velocity - grad) and the step takes it away: two minus signs make you climb. Sum up the "
    "slopes as they are, and subtract in the step."
)
def subtracts_twice(param, grad, velocity, rate, beta):
    velocity = beta * velocity - grad
    return param - rate * velocity, velocity


@wrong(
    "The rate came in twice, in the velocity and in the step. The velocity is made of slopes; the step has the rate."
)
def takes_the_rate_twice(param, grad, velocity, rate, beta):
    velocity = beta * velocity + rate * grad
    return param - rate * velocity, velocity


@wrong(
    "The step is right. The velocity that you return has the rate in it; hand back the slopes alone, as beta will see them again."
)
def returns_the_step_for_the_velocity(param, grad, velocity, rate, beta):
    velocity = beta * velocity + grad
    return param - rate * velocity, rate * velocity


@wrong("beta stands at both: at the velocity, where it belongs, and at the slope, which goes in whole.")
def damps_both(param, grad, velocity, rate, beta):
    velocity = beta * (velocity + grad)
    return param - rate * velocity, velocity
