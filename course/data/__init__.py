"""The course's data sets: small, inside the package, ready without a network.

>>> from course.data import iris
>>> flowers = iris()
>>> flowers.X.shape, flowers.classes
((150, 4), ('setosa', 'versicolor', 'virginica'))

Tables (`iris`, `wine`, `breast_cancer`, `diabetes`, `digits`) come as a `Table`: ``X`` is what you know, ``y`` what
you want to know, one example a row. `mnist_small` and `photograph` give arrays, `first_names` and `identifiers`
lists of words. Each call reads the file anew, so what you change is yours alone. Origin, licence and sha256 of
each file are in ``SOURCES.md``.
"""

import textwrap
from dataclasses import dataclass
from importlib.resources import files

import numpy as np

__all__ = [
    "Table",
    "breast_cancer",
    "diabetes",
    "digits",
    "first_names",
    "identifiers",
    "iris",
    "mnist_small",
    "photograph",
    "wine",
]

Split = tuple[np.ndarray, np.ndarray]  # pictures (N, H, W), labels (N,)


@dataclass(frozen=True, eq=False, repr=False)
class Table:
    """Examples and their answers.

    Attributes:
        X: what is known of each example, float64; (N, D) for a table, (N, H, W) for pictures.
        y: the answers, (N,): int64 class numbers, indices into ``classes``; or float64 if the answer is a number.
        features: the D column names of ``X``; empty for pictures.
        classes: the name of class 0, 1, ...; empty if the answer is a number.
        units: the unit of each column, "" for none; empty if the source doesn't record them.
        name: what the loader is called.
        target: what ``y`` is, in words.
        source: who collected it, and when.
    """

    X: np.ndarray
    y: np.ndarray
    features: tuple[str, ...]
    classes: tuple[str, ...]
    units: tuple[str, ...]
    name: str
    target: str
    source: str

    def __repr__(self) -> str:
        lines = [
            f"{self.name}: {len(self.X)} examples",
            f"X  {self.X.shape} {self.X.dtype}: {self._columns()}",
            f"y  {self.y.shape} {self.y.dtype}: {self.target}{self._answers()}",
            f"source: {self.source}",
        ]
        return "\n".join(textwrap.fill(line, 100, subsequent_indent="   ") for line in lines)

    def _columns(self) -> str:
        if not self.features:
            return f"pictures, {self.X.min():g} is paper, {self.X.max():g} is ink"
        units = self.units or ("",) * len(self.features)
        return ", ".join(
            f"{column} {name} ({unit})" if unit else f"{column} {name}"
            for column, (name, unit) in enumerate(zip(self.features, units, strict=True))
        )

    def _answers(self) -> str:
        if not self.classes:
            return f", {self.y.min():g} to {self.y.max():g}"
        return ": " + ", ".join(
            f"{number} {name} ({np.sum(self.y == number)})" if name != str(number) else name
            for number, name in enumerate(self.classes)
        )


def iris() -> Table:
    """150 iris flowers of three species, measured with a ruler: X (150, 4) in cm, y 0, 1 or 2.

    Setosa (0) stands apart on almost any two columns; versicolor (1) and virginica (2) overlap.
    """
    return _table("iris", "species", "E. Anderson and R. A. Fisher, 1936")


def wine() -> Table:
    """178 wines of one region from three grapes: X (178, 13) from a laboratory, y 0, 1 or 2.

    The columns' sizes differ a thousandfold: proline reaches 1680, hue stays below 2.
    """
    return _table("wine", "grape", "M. Forina and others, 1988")


def breast_cancer() -> Table:
    """569 tumours, cell nuclei measured under a microscope: X (569, 30), y 0 or 1.

    Mind the labels: 0 is malignant and 1 is benign, as in scikit-learn. Ten measures of a tumour's nuclei, each
    as "mean", "error" (the mean's standard error) and "worst" (the mean of the three largest nuclei).
    """
    return _table("breast_cancer", "diagnosis", "W. H. Wolberg, W. N. Street and O. L. Mangasarian, 1993")


def diabetes(*, scaled: bool = False) -> Table:
    """442 people with diabetes: X (442, 10) in raw units, y how far the disease went in a year, 25 to 346.

    Args:
        scaled: give scikit-learn's default instead: each column minus its mean, then divided until its squares
            sum to 1. The entries are then near 0.05 and without a unit.
    """
    table = _table("diabetes", "progress of the disease after a year", "B. Efron and others, 2004")
    if not scaled:
        return table
    centred = table.X - table.X.mean(axis=0)
    X = centred / np.sqrt((centred**2).sum(axis=0))
    no_units = ("",) * len(table.features)
    return Table(
        X, table.y, table.features, table.classes, no_units, "diabetes (scaled)", table.target, table.source
    )


def digits() -> Table:
    """1,797 handwritten digits as tiny pictures: X (1797, 8, 8), 0.0 paper to 16.0 ink, y 0 to 9.

    One row a picture: ``digits().X.reshape(-1, 64)``.
    """
    return _table("digits", "the digit", "E. Alpaydin and C. Kaynak, 1998")


def mnist_small() -> tuple[Split, Split]:
    """Real MNIST, the first 6,000 training and the first 1,000 test images.

    Returns:
        ``(x_train, y_train), (x_test, y_test)``, the shape in which Keras gives the whole set. Pictures are uint8,
        (6000, 28, 28) and (1000, 28, 28), 0 paper to 255 ink: turn them into floats before you subtract anything.
        Labels are int64, (6000,) and (1000,).
    """
    arrays = _arrays("mnist_small")
    train = arrays["x_train"], arrays["y_train"].astype(np.int64)
    test = arrays["x_test"], arrays["y_test"].astype(np.int64)
    return train, test


def photograph() -> np.ndarray:
    """A pagoda above a lake: (160, 240, 3) uint8, channels red, green, blue.

    Photograph by danielbuechele, CC BY 2.0, cropped and halved. In grey: ``photograph().mean(axis=2)``.
    """
    return _arrays("photograph")["image"]


def first_names() -> list[str]:
    """5,163 first names of the US census of 1990, lower case a to z, each once, in alphabetical order.

    In order of the alphabet, so shuffle before you split.
    """
    return _words("first_names")


def identifiers() -> list[str]:
    """5,319 names of functions and arguments in Python's standard library: a to z and ``_``, in alphabetical order.

    In order of the alphabet, so shuffle before you split.
    """
    return _words("identifiers")


def _table(name: str, target: str, source: str) -> Table:
    arrays = _arrays(name)
    strings = {key: tuple(arrays.get(key, np.array([])).tolist()) for key in ("features", "classes", "units")}
    X = arrays["X"].astype(np.float64)
    return Table(X=X, y=arrays["y"], name=name, target=target, source=source, **strings)


def _arrays(name: str) -> dict[str, np.ndarray]:
    with (files(__name__) / f"{name}.npz").open("rb") as file, np.load(file, allow_pickle=False) as archive:
        return dict(archive)


def _words(name: str) -> list[str]:
    return (files(__name__) / f"{name}.txt").read_text("ascii").split()
