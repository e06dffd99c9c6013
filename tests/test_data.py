"""The data sets are what SOURCES.md says, what their docstrings say, and what the make script makes."""

import ast
import hashlib
import platform
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from course import data
from course.data import _make

FOLDER = Path(data.__file__).parent
MNIST = FOLDER.parents[2] / "shared" / "data" / "mnist"
ROW = re.compile(r"^\| `(\S+)` \| `(\w+)\(\)` \| ([\d,]+) \| `([0-9a-f]{64})` \|$", re.MULTILINE)
SOURCES = {name: rest for name, *rest in ROW.findall((FOLDER / "SOURCES.md").read_text("utf-8"))}
TABLES = ["iris", "wine", "breast_cancer", "diabetes", "digits"]


def test_sources_lists_every_file_and_no_other():
    assert set(SOURCES) == {path.name for path in FOLDER.iterdir() if path.suffix in {".npz", ".txt"}}


@pytest.mark.parametrize("name", SOURCES)
def test_file_is_the_one_in_sources(name):
    loader, size, sha256 = SOURCES[name]
    content = (FOLDER / name).read_bytes()
    assert hashlib.sha256(content).hexdigest() == sha256
    assert len(content) == int(size.replace(",", ""))
    assert callable(getattr(data, loader))


def test_every_loader_has_a_file():
    assert {loader for loader, *_ in SOURCES.values()} == set(data.__all__) - {"Table"}


def test_files_stay_small():
    assert sum((FOLDER / name).stat().st_size for name in SOURCES) < 3e6


# ------------------------------------------------------------------------------------------ what they hold


@pytest.mark.parametrize(
    ("name", "shape", "low", "high", "counts"),
    [
        ("iris", (150, 4), 0.1, 7.9, [50, 50, 50]),
        ("wine", (178, 13), 0.13, 1680, [59, 71, 48]),
        ("breast_cancer", (569, 30), 0, 4254, [212, 357]),
        ("digits", (1797, 8, 8), 0, 16, [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]),
    ],
)
def test_classification_table(name, shape, low, high, counts):
    table = getattr(data, name)()
    assert table.X.shape == shape
    assert table.X.dtype == np.float64
    assert (table.X.min(), table.X.max()) == (low, high)
    assert table.y.dtype == np.int64
    assert np.bincount(table.y).tolist() == counts
    assert len(table.classes) == len(counts)
    assert len(table.features) == (shape[1] if len(shape) == 2 else 0)
    assert len(table.units) in {0, len(table.features)}


def test_breast_cancer_calls_malignant_zero():
    tumours = data.breast_cancer()
    radius = tumours.X[:, tumours.features.index("mean radius")]
    assert tumours.classes == ("malignant", "benign")
    assert radius[tumours.y == 0].mean() > radius[tumours.y == 1].mean()


def test_diabetes_is_raw():
    people = data.diabetes()
    assert people.X.shape == (442, 10)
    assert people.y.dtype == np.float64
    assert (people.y.min(), people.y.max()) == (25, 346)
    age = people.X[:, people.features.index("age")]
    assert (age.min(), age.max()) == (19, 79)
    assert people.classes == ()
    assert len(people.units) == len(people.features) == 10


def test_diabetes_scaled_has_columns_of_length_one():
    X = data.diabetes(scaled=True).X
    np.testing.assert_allclose(X.mean(axis=0), 0, atol=1e-15)
    np.testing.assert_allclose((X**2).sum(axis=0), 1)


def test_mnist_small():
    (x_train, y_train), (x_test, y_test) = data.mnist_small()
    assert x_train.shape == (6000, 28, 28)
    assert x_test.shape == (1000, 28, 28)
    for x, y in [(x_train, y_train), (x_test, y_test)]:
        assert x.dtype == np.uint8
        assert (x.min(), x.max()) == (0, 255)
        assert y.shape == (len(x),)
        assert y.dtype == np.int64
    assert y_train[:5].tolist() == [5, 0, 4, 1, 9]
    assert np.bincount(y_train).tolist() == [592, 671, 581, 608, 623, 514, 608, 651, 551, 601]
    assert np.bincount(y_test).tolist() == [85, 126, 116, 107, 110, 87, 87, 99, 89, 94]


def test_photograph():
    image = data.photograph()
    assert image.shape == (160, 240, 3)
    assert image.dtype == np.uint8
    assert image.min() < 10
    assert image.max() > 245
    sky = image[:10, 200:].mean(axis=(0, 1))
    assert sky[2] > sky[0], "the sky is blue, so channels are in the order red, green, blue"


@pytest.mark.parametrize(
    ("name", "count", "pattern", "known"),
    [
        ("first_names", 5163, "[a-z]{2,11}", {"ada", "alan", "grace", "mary"}),
        ("identifiers", 5319, "[a-z]+(_[a-z]+)*", {"default_factory", "encoding", "urlopen"}),
    ],
)
def test_words(name, count, pattern, known):
    words = getattr(data, name)()
    assert len(words) == len(set(words)) == count
    assert words == sorted(words)
    assert all(re.fullmatch(pattern, word) for word in words)
    assert known <= set(words)
    assert f"{count:,}" in getattr(data, name).__doc__


# ---------------------------------------------------------------------------------------- how they behave


def _arrays(loaded) -> list[np.ndarray]:
    if isinstance(loaded, data.Table):
        return [loaded.X, loaded.y]
    if isinstance(loaded, tuple):
        return [array for part in loaded for array in part]
    return [loaded]


@pytest.mark.parametrize("name", [*TABLES, "mnist_small", "photograph"])
def test_what_a_learner_changes_is_theirs_alone(name):
    load = getattr(data, name)
    before = [array.copy() for array in _arrays(load())]
    for array in _arrays(load()):
        array[...] = 7
    for fresh, expected in zip(_arrays(load()), before, strict=True):
        np.testing.assert_array_equal(fresh, expected)


@pytest.mark.parametrize("name", ["first_names", "identifiers"])
def test_a_list_is_fresh_each_time(name):
    load = getattr(data, name)
    load().clear()
    assert load()


def test_repr_says_what_a_table_is():
    assert repr(data.iris()).splitlines() == [
        "iris: 150 examples",
        "X  (150, 4) float64: 0 sepal length (cm), 1 sepal width (cm), 2 petal length (cm), 3 petal width",
        "   (cm)",
        "y  (150,) int64: species: 0 setosa (50), 1 versicolor (50), 2 virginica (50)",
        "source: E. Anderson and R. A. Fisher, 1936",
    ]


@pytest.mark.parametrize("name", TABLES)
def test_repr_is_the_same_each_time_and_fits_a_screen(name):
    text = repr(getattr(data, name)())
    assert text == repr(getattr(data, name)())
    assert max(len(line) for line in text.splitlines()) <= 100
    assert "0x" not in text


def test_importing_loads_no_file_and_nothing_but_numpy():
    tree = ast.parse(Path(data.__file__).read_text("utf-8"))
    named = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    named |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name for name in named if name.split(".")[0] not in sys.stdlib_module_names} == {"numpy"}
    code = (
        "import builtins, io, numpy\n"
        "opened = []\n"
        "import sys; sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == 'open' else None)\n"
        "import course.data\n"
        "assert not [name for name in opened if name.endswith(('.npz', '.txt'))], opened\n"
        "course.data.iris()\n"
        "assert [name for name in opened if name.endswith('iris.npz')], opened\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# ------------------------------------------------------------------------------------------- how they arose


def _stored(name: str) -> dict[str, np.ndarray]:
    with np.load(FOLDER / f"{name}.npz", allow_pickle=False) as archive:
        return dict(archive)


def _assert_same(made, stored):
    assert made.keys() == stored.keys()
    for key, array in made.items():
        assert array.dtype == stored[key].dtype
        np.testing.assert_array_equal(array, stored[key])


@pytest.mark.parametrize("name", TABLES)
def test_make_reproduces_table(name):
    pytest.importorskip("sklearn", reason="scikit-learn is not installed; it holds the original tables")
    _assert_same(getattr(_make, name)(), _stored(name))


def test_make_reproduces_photograph():
    pytest.importorskip("sklearn", reason="scikit-learn is not installed; it holds the original photograph")
    made, stored = _make.photograph()["image"].astype(int), _stored("photograph")["image"].astype(int)
    assert np.abs(made - stored).max() <= 2, "JPEG decoders may differ by a grey level or two, not by more"


def test_make_reproduces_mnist_small():
    if not MNIST.is_dir():
        pytest.skip(f"the original MNIST files are not in {MNIST}")
    _assert_same(_make.mnist_small(MNIST), _stored("mnist_small"))


def test_make_reproduces_first_names():
    pytest.importorskip("names", reason="names 0.3.0 is not installed; it holds the census lists")
    assert _make.first_names() == data.first_names()


def test_make_reproduces_identifiers():
    if platform.python_version() != _make.PYTHON:
        pytest.skip(
            f"identifiers.txt is made with Python {_make.PYTHON}; this is {platform.python_version()}"
        )
    assert _make.identifiers() == data.identifiers()


def test_diabetes_scaled_is_scikit_learns_default():
    datasets = pytest.importorskip(
        "sklearn.datasets", reason="scikit-learn is not installed; it is compared with"
    )
    np.testing.assert_allclose(data.diabetes(scaled=True).X, datasets.load_diabetes().data, atol=1e-12)
