"""Python for the reader's browser: the Pyodide runtime that goes into a site, checked before it does, and our wheel.

Pinned in ``runtime.json``: the version, and the sha256 of each core file. The packages (NumPy, matplotlib) are named
with theirs in the runtime's own ``pyodide-lock.json``, which is one of the core files.
"""

import base64
import hashlib
import json
import shutil
import tempfile
from importlib.resources import files
from pathlib import Path

from course.errors import CourseError

PLACE = "pyodide"  # the folder of a site with the runtime and the course's wheel
NEEDED = ("numpy", "matplotlib")
# A public server: the core as npm has it, from which the pinned hashes were taken, and the packages, hashed in its lock.
CORE = "https://cdn.jsdelivr.net/npm/pyodide@{version}/"
PACKAGES = "https://cdn.jsdelivr.net/pyodide/v{version}/full/"


def pinned() -> dict:
    """Return ``{"version": ..., "files": {name: sha256}}`` of the runtime that sites are made with."""
    return json.loads((files("course.site") / "runtime.json").read_text(encoding="utf-8"))


def verified(folder: Path) -> list[Path]:
    """Return the files of a runtime folder that a site needs.

    Raises:
        CourseError: if one is missing or is not the pinned one; the message names it.
    """
    core = pinned()
    for name, digest in core["files"].items():
        _compare(folder / name, digest, f"Pyodide {core['version']}")
    lock = json.loads((folder / "pyodide-lock.json").read_text(encoding="utf-8"))["packages"]
    wheels = sorted(_with_what_they_need(lock))
    for name in wheels:
        _compare(folder / lock[name]["file_name"], lock[name]["sha256"], "its pyodide-lock.json")
    return [folder / name for name in core["files"]] + [folder / lock[name]["file_name"] for name in wheels]


def _with_what_they_need(lock: dict) -> set[str]:
    found, wanted = set(), list(NEEDED)
    while wanted:
        name = wanted.pop()
        if name not in found:
            found.add(name)
            wanted += [need.lower() for need in lock[name]["depends"]]
    return found


def _compare(file: Path, digest: str, said: str) -> None:
    if not file.is_file():
        raise CourseError(
            f"The runtime folder {file.parent} has no {file.name}. Wanted is Pyodide {pinned()['version']}: the files "
            "of the npm package `pyodide` and the wheels of NumPy and matplotlib that its pyodide-lock.json names."
        )
    found = hashlib.sha256(file.read_bytes()).hexdigest()
    if found != digest:
        raise CourseError(
            f"{file} is not the file that {said} names (sha256 {found[:12]}..., wanted {digest[:12]}...). "
            "Fetch it again; nothing was written."
        )


def install(site: Path, root: Path, folder: Path | None) -> None:
    """Put our wheel into a finished site, and the runtime too if it comes from a folder.

    Args:
        site: the site, as mdBook wrote it.
        root: the checkout from which the wheel is built.
        folder: the runtime; None: readers fetch it from the CDN.
    """
    place = site / PLACE
    place.mkdir(exist_ok=True)
    for file in verified(folder) if folder else ():
        shutil.copy2(file, place / file.name)
    wheel = built_wheel(root)
    (place / wheel_name()).write_bytes(wheel)


def wheel_name() -> str:
    """Return the file name of our wheel."""
    from course import __version__

    return f"neurons_up-{__version__}-py3-none-any.whl"


def built_wheel(root: Path) -> bytes:
    """Build the course's wheel.

    Raises:
        CourseError: where there is no checkout to build it from.
    """
    if not (root / "pyproject.toml").exists():
        raise CourseError(
            f"Pages that run need the course's source: wanted pyproject.toml in {root}. Build the site in a clone."
        )
    import contextlib
    import os

    from hatchling.build import build_wheel

    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(root), open(os.devnull, "w") as nowhere:
        with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
            name = build_wheel(folder)
        return (Path(folder) / name).read_bytes()


def for_page(kind: str | None) -> dict | None:
    """Return what a lesson's page must know to start Python, or None if it can't.

    Args:
        kind: ``local`` (the runtime lies in the site), ``cdn``, or None.
    """
    if kind is None:
        return None
    about: dict = {"site": f"{PLACE}/", "wheel": wheel_name(), "base": f"{PLACE}/"}
    if kind == "cdn":
        core = pinned()
        digests = {name: _integrity(digest) for name, digest in core["files"].items()}
        at = {"base": CORE.format(**core), "packages": PACKAGES.format(**core)}
        about |= at | {"hashes": digests}
    return about


def _integrity(digest: str) -> str:
    return "sha256-" + base64.b64encode(bytes.fromhex(digest)).decode()
