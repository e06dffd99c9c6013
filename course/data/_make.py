"""Make the files of this folder from their sources. Only the course's authors run this, and only once::

    python -m course.data._make --mnist DIR [--out DIR]

It needs scikit-learn (the tables, the digits, the photograph), names 0.3.0 (the census lists) and a folder
with the four original MNIST files, gzipped. Nothing is drawn at random and nothing carries a date, so the same
sources give the same arrays; ``tests/test_data.py`` holds the files to that, and ``SOURCES.md`` to their sha256.
The last bit of a compressed file depends on the zlib in use, so a rebuilt file may differ where its arrays do not.
"""

import argparse
import ast
import gzip
import hashlib
import platform
import re
import sysconfig
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import numpy as np

Arrays = dict[str, np.ndarray]

PYTHON = "3.11.7"  # whose standard library gave identifiers.txt


# ---------------------------------------------------------------------------------------------- tables


def iris() -> Arrays:
    """150 flowers, in centimetres."""
    from sklearn.datasets import load_iris

    raw = load_iris()
    features = [name.removesuffix(" (cm)") for name in raw.feature_names]
    return _table(raw, features, raw.target_names, ["cm"] * len(features))


def wine() -> Arrays:
    """178 wines; the three classes are the grape varieties."""
    from sklearn.datasets import load_wine

    raw = load_wine()
    features = [name.replace("_", " ") for name in raw.feature_names]
    return _table(raw, features, ["Barolo", "Grignolino", "Barbera"])


def breast_cancer() -> Arrays:
    """569 tumours; 0 is malignant and 1 is benign, as scikit-learn has it."""
    from sklearn.datasets import load_breast_cancer

    raw = load_breast_cancer()
    return _table(raw, raw.feature_names, raw.target_names)


def diabetes() -> Arrays:
    """442 patients in raw units, and how far the disease went in a year."""
    from sklearn.datasets import load_diabetes

    columns = {
        "age": "years",
        "sex": "1 or 2",
        "body mass index": "kg/m²",
        "blood pressure": "mm Hg",
        "total cholesterol": "mg/dl",
        "ldl": "mg/dl",
        "hdl": "mg/dl",
        "cholesterol / hdl": "",
        "log triglycerides": "log of mg/dl",
        "blood sugar": "mg/dl",
    }
    raw = load_diabetes(scaled=False)
    return _table(raw, columns, [], columns.values()) | {"y": raw.target.astype(np.float64)}


def digits() -> Arrays:
    """1,797 handwritten digits, 8 x 8, ink from 0 to 16."""
    from sklearn.datasets import load_digits

    raw = load_digits()
    return {
        "X": raw.images.astype(np.uint8),
        "y": raw.target.astype(np.int64),
        "classes": _strings("0123456789"),
    }


def _table(raw, features, classes, units=()) -> Arrays:
    return {
        "X": raw.data.astype(np.float64),
        "y": raw.target.astype(np.int64),
        "features": _strings(features),
        "classes": _strings(classes),
        "units": _strings(units),
    }


def _strings(values) -> np.ndarray:
    return np.array([str(value) for value in values], dtype=np.str_)


# --------------------------------------------------------------------------------------------- pictures


def mnist_small(folder: Path) -> Arrays:
    """The first 6,000 training and the first 1,000 test images of MNIST, uint8."""
    return {
        "x_train": _idx(folder / "train-images-idx3-ubyte.gz", 16, 6000).reshape(6000, 28, 28),
        "y_train": _idx(folder / "train-labels-idx1-ubyte.gz", 8, 6000),
        "x_test": _idx(folder / "t10k-images-idx3-ubyte.gz", 16, 1000).reshape(1000, 28, 28),
        "y_test": _idx(folder / "t10k-labels-idx1-ubyte.gz", 8, 1000),
    }


def _idx(path: Path, header: int, count: int) -> np.ndarray:
    """The first ``count`` items of an IDX file of bytes, flat; ``header`` is the length of what comes before."""
    content = gzip.decompress(path.read_bytes())
    items = int.from_bytes(content[4:8], "big")
    body = np.frombuffer(content, np.uint8, offset=header)
    return body[: count * (body.size // items)]


def photograph() -> Arrays:
    """The pagoda: a crop of 320 x 480 pixels, then the mean of each 2 x 2 block, so (160, 240, 3) uint8."""
    from sklearn.datasets import load_sample_image

    crop = load_sample_image("china.jpg")[24:344, 40:520].astype(np.float64)
    blocks = crop.reshape(160, 2, 240, 2, 3).mean(axis=(1, 3))
    return {"image": np.rint(blocks).astype(np.uint8)}


# ------------------------------------------------------------------------------------------------ words


def first_names() -> list[str]:
    """Each first name of the 1990 census lists once, lower case, in alphabetical order."""
    words = set()
    for part in ("female", "male"):
        lines = files("names").joinpath(f"dist.{part}.first").read_text("ascii").splitlines()
        words |= {line.split()[0].lower() for line in lines}
    return sorted(words)


def identifiers() -> list[str]:
    """Names of functions and arguments in the running Python's standard library, snake_case, sorted."""
    if platform.python_version() != PYTHON:
        raise SystemExit(f"identifiers.txt is made with Python {PYTHON}; this is {platform.python_version()}")
    names: set[str] = set()
    for path in _library_files(Path(sysconfig.get_paths()["stdlib"])):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                names.add(node.name)
            elif isinstance(node, ast.arg):
                names.add(node.arg)
    return sorted(name for name in names if 3 <= len(name) <= 20 and re.fullmatch("[a-z]+(_[a-z]+)*", name))


def _library_files(root: Path):
    """The library's modules, without tests and without what some systems pack apart."""
    apart = {"site-packages", "test", "tests", "idlelib", "idle_test", "tkinter", "turtledemo", "ensurepip"}
    apart |= {"lib2to3", "distutils", "pydoc_data"}
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root).parts
        if apart.isdisjoint(parts) and not parts[0].startswith(("_sysconfigdata", "config-")):
            yield path


# ------------------------------------------------------------------------------------------------ write

TABLES: list[Callable[[], Arrays]] = [iris, wine, breast_cancer, diabetes, digits, photograph]
WORDS: list[Callable[[], list[str]]] = [first_names, identifiers]


def main() -> None:
    """Write all files and print a line for each: sha256, bytes, name."""
    parser = argparse.ArgumentParser(description="Make the files of course/data from their sources.")
    parser.add_argument("--mnist", type=Path, required=True, help="folder with the four gzipped MNIST files")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="default: %(default)s")
    args = parser.parse_args()
    for make in TABLES:
        _save(args.out / f"{make.__name__}.npz", make())
    _save(args.out / "mnist_small.npz", mnist_small(args.mnist))
    for words in WORDS:
        (args.out / f"{words.__name__}.txt").write_bytes(
            "".join(f"{word}\n" for word in words()).encode("ascii")
        )
    for path in sorted([*args.out.glob("*.npz"), *args.out.glob("*.txt")]):
        print(hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_size, path.name)


def _save(path: Path, arrays: Arrays) -> None:
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]  # the stub thinks of allow_pickle


if __name__ == "__main__":
    main()
