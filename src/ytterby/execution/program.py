"""Digest of the program's own code: results that are kept on disk are those of the same program."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable


def program_digest(rooms: tuple[str, ...], packages: tuple[str, ...] = (), endings: tuple[str, ...] = (".py",)) -> str:
    """SHA-256 of the code of rooms and of the modules beside them, and of the major versions of packages.

    A package of the same major version is taken to compute the same up to rounding: what was worked out when Ytterby's package was
    built is also found where a later release of, say, pandas is installed.

    Parameters
    ----------
    rooms : tuple of str
        Packages of Ytterby that the result is computed by.
    packages : tuple of str
        Other distributions whose major version may change it.
    endings : tuple of str
        Which files of the rooms count: ``.csv`` and ``.yaml`` where a result depends on their tables too.
    """
    parts = (*(_code_of(room, endings) for room in ("", *rooms)), *(f"{name} {_major(name)}" for name in packages))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _major(name: str) -> str:
    """Major version of a distribution."""
    return version(name).partition(".")[0]


@cache
def _code_of(room: str, endings: tuple[str, ...]) -> str:
    """SHA-256 of the files of a room, or of those beside the rooms."""
    total, root = hashlib.sha256(), files("ytterby")
    for name, file in sorted(_files(room, root / room if room else root, endings, deep=bool(room)), key=lambda item: item[0]):
        total.update(f"{name} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


def _files(name: str, folder: Traversable, endings: tuple[str, ...], *, deep: bool) -> Iterator[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        if entry.is_file() and entry.name.endswith(endings):
            yield f"{name}/{entry.name}", entry
        elif deep and entry.is_dir() and entry.name != "__pycache__":
            yield from _files(f"{name}/{entry.name}", entry, endings, deep=deep)
