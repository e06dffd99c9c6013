"""Unpack a zip that somebody else made: nothing outside the folder, nothing without a bound.

Names are checked before anything is written, and bytes are counted while they are written, so that a header that lies
gains nothing. What is refused is named; the rest is unpacked.
"""

import re
import stat
import time
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from course.errors import CourseError

MEGABYTE = 1 << 20
RATIO = 200  # a notebook shrinks to a tenth or a twentieth, a bomb to a thousandth
_CHUNK = 1 << 16
_SKIPPED = ("__MACOSX", ".ipynb_checkpoints", "__pycache__")


@dataclass(frozen=True)
class Caps:
    """What an archive may hold: how many files, how many bytes in all, how many in one."""

    files: int
    total: int
    one: int


CLASS = Caps(files=100_000, total=8192 * MEGABYTE, one=32 * MEGABYTE)
LEARNER = Caps(files=2_000, total=256 * MEGABYTE, one=32 * MEGABYTE)


def unpack(archive: Path, folder: Path, caps: Caps = CLASS) -> dict[Path, str]:
    """Unpack a zip into a folder.

    Args:
        archive: the zip.
        folder: where to; made if it is missing.
        caps: what it may hold.

    Returns:
        What was refused: the path where it would be, now an empty file, and the reason.

    Raises:
        CourseError: if it is no zip, or holds more than the caps allow.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with zipfile.ZipFile(archive) as opened:
            members = [member for member in opened.infolist() if not member.is_dir()]
            _bounded(archive, members, caps)
            return _unpack_all(opened, members, folder, caps)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, zlib.error) as error:
        raise CourseError(
            f"{archive.name} is no zip that can be read ({error}). Download it again, or give the unpacked folder."
        ) from None


def _bounded(archive: Path, members: list[zipfile.ZipInfo], caps: Caps) -> None:
    if len(members) > caps.files:
        raise CourseError(
            f"{archive.name} holds {len(members)} files; at most {caps.files} are unpacked. Split it, or unpack it yourself."
        )
    total = sum(member.file_size for member in members if member.file_size <= caps.one)
    if total > caps.total:
        raise CourseError(
            f"{archive.name} would unpack to {total // MEGABYTE} MB; at most {caps.total // MEGABYTE} MB are unpacked. "
            "Split it, or unpack it yourself."
        )


def _unpack_all(opened, members, folder: Path, caps: Caps) -> dict[Path, str]:
    refused: dict[Path, str] = {}
    left = caps.total
    for member in members:
        parts, complaint = _parts(member)
        if any(part in _SKIPPED for part in parts):
            continue
        target = _free(folder.joinpath(*parts))
        complaint = complaint or _complaint(member, caps)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            written = 0 if complaint else _write(opened, member, target, min(caps.one, left))
        except (zipfile.BadZipFile, RuntimeError, EOFError, zlib.error, NotImplementedError) as error:
            written, complaint = 0, f"can't be unpacked ({error})"
        except OSError as error:
            if error.errno in _THE_DISKS:
                raise
            refused[folder / f"entry {len(refused) + 1}"] = f"can't be unpacked ({error.strerror})"
            continue
        if written > min(caps.one, left):
            complaint = "unpacks to more than its header says"
        left -= min(written, left)
        if complaint:
            target.write_bytes(b"")
            refused[target] = complaint
        _date(target, member)
    return refused


_THE_DISKS = (28, 30, 122, 5)  # full, read-only, over quota, broken: no fault of this member


def _parts(member: zipfile.ZipInfo) -> tuple[list[str], str]:
    """Return the parts of a member's name, made harmless, and what is wrong with it."""
    name = _name(member).replace("\\", "/")
    path = PurePosixPath(name)
    parts = [
        part for part in path.parts if part not in ("/", "..", ".") and not re.fullmatch("[A-Za-z]:", part)
    ]
    parts = [part.replace("\0", "") or "_" for part in parts] or ["_"]
    if name.startswith("/") or ".." in path.parts or re.match("[A-Za-z]:", name):
        return [*parts[-1:]], f"wanted to be unpacked outside the folder, as {name[:80]}"
    if len(parts) > 20:
        return [*parts[:1], parts[-1]], "lies more than 20 folders deep"
    return parts, ""


def _name(member: zipfile.ZipInfo) -> str:
    """Return the name; many programs write UTF-8 without saying so, which Python then reads as an old DOS code."""
    if not member.flag_bits & 0x800:
        try:
            return member.filename.encode("cp437").decode("utf-8")
        except UnicodeError:
            pass
    return member.filename


def _complaint(member: zipfile.ZipInfo, caps: Caps) -> str:
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return "is a link or a device, no file"
    if member.flag_bits & 1:
        return "is encrypted; wanted is a zip without a password"
    if member.file_size > caps.one:
        return f"is {member.file_size // MEGABYTE} MB; at most {caps.one // MEGABYTE} MB are read"
    if member.file_size > MEGABYTE and member.file_size > RATIO * max(member.compress_size, 1):
        return f"unpacks to {member.file_size // max(member.compress_size, 1)} times its size, as no notebook does"
    return ""


def _write(opened, member, target: Path, most: int) -> int:
    written = 0
    with opened.open(member) as source, target.open("xb") as file:
        while written <= most and (chunk := source.read(_CHUNK)):
            written += len(chunk)
            file.write(chunk)
    return written


def _free(path: Path) -> Path:
    """Return the path, or one beside it if two members have the same name."""
    for number in range(2, 1000):
        if not path.exists() and not path.is_symlink():
            return path
        path = path.with_name(f"{path.stem.removesuffix(f' ({number - 1})')} ({number}){path.suffix}")
    return path


def _date(target: Path, member: zipfile.ZipInfo) -> None:
    import os

    try:
        seconds = time.mktime((*member.date_time, 0, 0, -1))
        os.utime(target, (seconds, seconds))
    except (OSError, OverflowError, ValueError):
        pass  # a date that no calendar has; the time of unpacking stands
