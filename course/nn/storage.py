"""Models in files: architecture and weights in one .npz, which is a zip of plain arrays. Nothing in it can run code."""

import json
import os
import zipfile
from pathlib import Path

import numpy as np

_FORMAT = "course.nn model 1"


def save(model, path, architecture: bool = True) -> None:
    """Write a model, as a whole or not at all: a save that is cut off leaves the old file.

    Args:
        model: a built model.
        path: where to.
        architecture: False writes the weights alone.
    """
    path = Path(path)
    about = {"format": _FORMAT, "architecture": describe(model) if architecture else None}
    arrays = {f"weight_{i}": weight.value for i, weight in enumerate(model.weights)}
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with fresh.open("wb") as file:
            np.savez(file, about=np.array(json.dumps(about)), **arrays)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)


def load(path):
    """Read a model that ``save`` wrote.

    Raises:
        ValueError: if the file is no such model, or is cut off.
    """
    about, weights = _read(path)
    if about["architecture"] is None:
        raise ValueError(f"{path} holds weights alone: build the model, and call its load_weights().")
    model = rebuild(about["architecture"])
    model.set_weights(weights)
    return model


def load_weights(model, path) -> None:
    """Read weights into a model of the same architecture.

    Raises:
        ValueError: if they don't fit; nothing is changed then.
    """
    model.set_weights(_read(path)[1])


def _read(path):
    path = Path(path)
    if not path.exists():
        raise ValueError(f"There is no file {path}.")
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as content:
            about = json.loads(str(content["about"]))
            weights = [content[f"weight_{i}"] for i in range(len(content.files) - 1)]
    except (OSError, ValueError, KeyError, EOFError, AttributeError, zipfile.BadZipFile) as error:
        raise ValueError(
            f"{path} is no model that save() wrote, or it was cut off ({type(error).__name__}). Save it again."
        ) from None
    if not isinstance(about, dict) or about.get("format") != _FORMAT:
        raise ValueError(f"{path} is of another format; wanted is '{_FORMAT}'.")
    return about, weights


def describe(model) -> dict:
    """Return the architecture as plain data: each layer with its arguments and where its inputs come from."""
    symbols = model._symbols
    places = {id(symbol): i for i, symbol in enumerate(symbols)}
    layers = [
        {
            "layer": type(symbol.layer).__name__,
            "arguments": symbol.layer.get_config(),
            "sources": [places[id(source)] for source in symbol.sources],
        }
        for symbol in symbols
    ]
    return {"name": model.name, "layers": layers, "sequential": type(model).__name__ == "Sequential"}


def rebuild(architecture: dict):
    """Return a model of that architecture, with fresh weights.

    Raises:
        ValueError: if it names a layer that there is not.
    """
    from course.nn import layers as known
    from course.nn.models import Model, Sequential

    made: list = []
    for row in architecture["layers"]:
        arguments = row["arguments"]
        if row["layer"] == "InputLayer":
            made.append(known.Input(tuple(arguments["shape"]), name=arguments["name"]))
            continue
        if row["layer"] not in known.__all__:
            raise ValueError(f"The file wants a layer {row['layer']!r}, which this version does not have.")
        layer = getattr(known, row["layer"])(**arguments)
        made.append(layer(*(made[i] for i in row["sources"])))
    if architecture["sequential"]:
        model = Sequential(name=architecture["name"])
        model._first, model._last = made[0], made[-1]
        model.layers = [symbol.layer for symbol in made[1:]]
        model._rebuild()
        return model
    return Model(made[0], made[-1], name=architecture["name"])
