"""Atomic writing of files and folders: they are written under a temporary name, flushed to disk and then renamed."""

from __future__ import annotations

import json
import math
import os
import shutil
import stat
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from ytterby.errors import StoreError
from ytterby.store.leftovers import part_name
from ytterby.store.places import require_file

if TYPE_CHECKING:
    from collections.abc import Iterator


def flush(path: Path) -> None:
    """Flush a file, or the entries of a folder, to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file atomically: an interruption leaves either the old or the new content."""
    with new_file(path) as stream:
        stream.write(content)


@contextmanager
def new_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a temporary file that replaces `path`, or the file that it links to, if the block ends without an error.

    The mode of the file follows the umask; one that is there keeps its own.

    Raises
    ------
    InputError
        If something else than a plain file is in its place.
    """
    require_file(path)
    path = Path(os.path.realpath(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.parent / part_name()
    try:
        with part.open("xb") as stream:
            if path.exists():
                part.chmod(stat.S_IMODE(path.stat().st_mode))
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    flush(path.parent)


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """Create a temporary folder that replaces `path` if the block ends without an error."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.parent / part_name()
    part.mkdir()
    try:
        yield part
        for file in part.iterdir():
            flush(file)
        flush(part)
        _take_place(part, path)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    flush(path.parent)


def _take_place(part: Path, path: Path) -> None:
    if not path.exists():
        part.rename(path)
        return
    old = path.parent / part_name()
    old.mkdir()
    path.rename(old / path.name)
    try:
        part.rename(path)
    except OSError:
        (old / path.name).rename(path)
        raise
    shutil.rmtree(old, ignore_errors=True)


def json_bytes(document: Any) -> bytes:
    """JSON of plain data, dates, paths and numpy numbers; values that are not finite become null."""
    return (json.dumps(_jsonable(document), indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _jsonable(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_jsonable(item) for item in (sorted(value) if isinstance(value, set | frozenset) else value)]
    if hasattr(value, "tolist"):
        return _jsonable(value.tolist())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | int | bool):
        return value
    return str(value)


def read_json(path: Path) -> Any:
    """Content of a JSON file.

    Raises
    ------
    StoreError
        If it is missing or damaged.
    """
    try:
        return json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise StoreError(f"{path}: no such file") from None
    except (OSError, ValueError) as error:
        raise StoreError(f"{path}: is damaged or foreign ({error})") from None
