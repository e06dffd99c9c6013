"""How many units may the others have, so that the LSTM is not simply the larger net?"""

from course.exercises import wrong

MINUTES, LEVEL, POINTS = 12, 3, 3
HINTS = (
    "Count the numbers in wx (D, H), wh (H, H) and b (H,) of a plain net. How many times as many has an LSTM with H units? A "
    "GRU?",
    "parameters = copies * (D * H + H * H + H), with 1 copy for plain, 3 for the GRU, 4 for the LSTM. Then count H upwards "
    "until one unit more would be too many.",
    "A helper: while copies * size(units + 1) <= budget: units += 1, from units = 0.",
)


def fair_units(features, lstm_units):
    def size(units):
        return units * (features + units + 1)  # wx, wh and b

    def most(copies):
        units = 0
        while copies * size(units + 1) <= 4 * size(lstm_units):
            units += 1
        return units

    return most(1), most(3)


def trials(rng):
    yield "a plain net exactly as large", 4, 1
    yield "two features, three units", 2, 3
    yield "the net of this lesson", 8, 16
    yield "many features", 300, 5
    yield "as many features as units", 7, 7
    yield "another", int(rng.integers(2, 40)), int(rng.integers(20, 60))
    yield "large", 27, 200
    yield "another exactly as large", 10, 2


def _most(features, budget, copies, size=None, strict=False):
    size = size or (lambda d, h: h * (d + h + 1))
    units = 0
    while copies * size(features, units + 1) < budget + (not strict):
        units += 1
    return units


def _budget(features, lstm_units):
    return 4 * lstm_units * (features + lstm_units + 1)


@wrong("Equal units: then the LSTM has four times the parameters of the plain net, and who knows what won.")
def equal_units(features, lstm_units):
    return lstm_units, lstm_units


@wrong(
    "Four times the units are far more than four times the parameters: wh is (H, H) and grows with the square. Count all three "
    "arrays."
)
def units_times_copies(features, lstm_units):
    return 4 * lstm_units, 4 * lstm_units // 3


@wrong("wx is missing from the count: it has D * H numbers, and with many features most of all.")
def forgets_the_features(features, lstm_units):
    budget = 4 * lstm_units * (lstm_units + 1)
    return tuple(_most(0, budget, copies) for copies in (1, 3))


@wrong("The biases are missing from the count: each unit has one in each copy.")
def forgets_the_biases(features, lstm_units):
    budget = 4 * lstm_units * (features + lstm_units)
    return tuple(_most(features, budget, copies, lambda d, h: h * (d + h)) for copies in (1, 3))


@wrong("One unit too many: these nets have *more* parameters than the LSTM. Stop before.")
def one_too_many(features, lstm_units):
    budget = _budget(features, lstm_units)
    return tuple(_most(features, budget, copies) + 1 for copies in (1, 3))


@wrong("Exactly as many parameters is allowed: `<=`, not `<`.")
def stops_before_equal(features, lstm_units):
    budget = _budget(features, lstm_units)
    return tuple(_most(features, budget, copies, strict=True) for copies in (1, 3))


@wrong("The GRU was counted with two copies. It has z, r *and* the candidate: three.")
def gru_with_two_copies(features, lstm_units):
    budget = _budget(features, lstm_units)
    return _most(features, budget, 1), _most(features, budget, 2)


@wrong("The LSTM was counted with three copies. It has three gates *and* the content: four.")
def lstm_with_three_copies(features, lstm_units):
    budget = 3 * lstm_units * (features + lstm_units + 1)
    return _most(features, budget, 1), _most(features, budget, 3)


@wrong("The two results are swapped: the plain net first, then the GRU.")
def gru_first(features, lstm_units):
    return fair_units(features, lstm_units)[::-1]


@wrong("The LSTM's cell is no parameter: it is made anew for each name, like h.")
def counts_the_cell(features, lstm_units):
    budget = _budget(features, lstm_units) + lstm_units
    return _most(features, budget, 1), _most(features, budget, 3)


@wrong("Twice the units is a rule of thumb. Count wx, wh and b, and find the largest number that fits.")
def twice_the_units(features, lstm_units):
    return 2 * lstm_units, 4 * lstm_units // 3


@wrong(
    "You rounded to the nearest number of units. That may be one too many: the most that *fits* is wanted."
)
def rounds_to_the_nearest(features, lstm_units):
    budget = _budget(features, lstm_units)
    plain, gru = (
        round(((features + 1) ** 2 / 4 + budget / copies) ** 0.5 - (features + 1) / 2) for copies in (1, 3)
    )
    return plain, gru
