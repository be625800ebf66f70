"""Atomic writing of files and folders: they are written under a temporary name, flushed to disk and then renamed."""

from __future__ import annotations

import json
import math
import os
import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from ytterby.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

PART = ".part-"
"""Prefix of the names of unfinished files and folders."""
OLD = 86_400.0
"""Age at which an unfinished file or folder is assumed to be left over from a killed process [s]."""


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
    """Open a temporary file that replaces `path` if the block ends without an error."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=PART, dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
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
    part = Path(tempfile.mkdtemp(prefix=PART, dir=path.parent))
    try:
        yield part
        part.chmod(0o755)
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
    old = Path(tempfile.mkdtemp(prefix=PART, dir=path.parent))
    path.rename(old / path.name)
    try:
        part.rename(path)
    except OSError:
        (old / path.name).rename(path)
        raise
    shutil.rmtree(old, ignore_errors=True)


def sweep(folder: Path) -> None:
    """Remove unfinished files of killed processes, and restore a folder whose replacement was interrupted.

    Only files older than a day are removed: newer ones may still be in use.
    """
    for part in folder.glob(f"{PART}*"):
        if time.time() - part.stat().st_mtime < OLD:
            continue
        if not part.is_dir():
            part.unlink(missing_ok=True)
            continue
        for replaced in (child for child in part.iterdir() if child.is_dir()):
            if not (folder / replaced.name).exists():
                replaced.rename(folder / replaced.name)
        shutil.rmtree(part, ignore_errors=True)


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
