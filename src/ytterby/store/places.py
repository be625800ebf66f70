"""Places for outputs: refused before the work where they cannot be written, or hold what must not be replaced."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from ytterby.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def require_file(path: Path, suffixes: Sequence[str] = ()) -> None:
    """Check that a file can be written to a place, which holds nothing or a plain file.

    Parameters
    ----------
    path : Path
        The file, or a link to it.
    suffixes : sequence of str
        Allowed endings of its name; any by default.

    Raises
    ------
    InputError
        If the ending is another, a folder, device or pipe is in its place, or its folder cannot be written.
    """
    if suffixes and path.suffix.lower() not in suffixes:
        raise InputError(f"{path}: unknown format '{path.suffix}'; allowed: {', '.join(suffixes)}")
    _require_kind(path, stat.S_ISREG, "is no plain file; nothing is written there")
    _require_parent(path)


def require_folder(path: Path) -> None:
    """Check that a folder can be made, or is there and can be written.

    Raises
    ------
    InputError
        If something else is in its place, or it cannot be written.
    """
    _require_kind(path, stat.S_ISDIR, "is not a folder")
    if _found(path) is None:
        _require_parent(path)
    else:
        _try_in(path, path)


def _found(path: Path) -> os.stat_result | None:
    """What is at a path, after links; None if nothing is.

    Raises
    ------
    InputError
        If it cannot be asked, as for a name that is too long.
    """
    try:
        return path.stat()
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be written ({getattr(error, 'strerror', None) or error})") from None


def _require_kind(path: Path, kind: Callable[[int], bool], words: str) -> None:
    found = _found(path)
    if found is not None and not kind(found.st_mode):
        raise InputError(f"{path}: is a folder; give the name of a file" if stat.S_ISDIR(found.st_mode) else f"{path}: {words}")


def _require_parent(path: Path) -> None:
    """Check that the folder of a path, or the nearest one above it that exists, can be written."""
    folder = Path(os.path.realpath(path)).parent
    while (found := _found(folder)) is None and folder != folder.parent:
        folder = folder.parent
    if found is None or not stat.S_ISDIR(found.st_mode):
        raise InputError(f"{path}: cannot be written ({folder} is not a folder)")
    _try_in(folder, path)


def _try_in(folder: Path, path: Path) -> None:
    """Write a nameless file into a folder: permissions alone do not tell, for one who may do all, or on a disk that is full."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror or error}, in {folder})") from None
