"""Checkpoints of long work: each finished chunk is a file, whole or absent, so that a kill loses little."""

from __future__ import annotations

import re
import shutil
import struct
import zipfile
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np

from ytterby.errors import StoreError
from ytterby.store.atomic import json_bytes, new_file, read_json, write_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

KEY = "key.json"
NAME = re.compile(r"chunk-(\d+)\.npz")


class ChunkStore:
    """Finished chunks of one piece of work in a folder.

    Parameters
    ----------
    folder : Path
        Made when the first chunk is put.
    key : str
        What the work is (digests of scenario, base, settings); chunks of other work are discarded.
    """

    def __init__(self, folder: Path | str, key: str = "") -> None:
        self.folder, self.key = Path(folder), key
        if (self.folder / KEY).is_file() and self._stored_key() != key:
            self.clear()

    def _stored_key(self) -> object:
        try:
            content = read_json(self.folder / KEY)
        except StoreError:
            return None
        return content.get("key") if isinstance(content, dict) else None

    def _path(self, i: int) -> Path:
        return self.folder / f"chunk-{i:06d}.npz"

    def done(self) -> set[int]:
        """Numbers of the chunks that are there and whole."""
        if not self.folder.is_dir():
            return set()
        found = ((NAME.fullmatch(path.name), path) for path in self.folder.iterdir())
        return {int(match.group(1)) for match, path in found if match and _whole(path)}

    def put(self, i: int, arrays: dict[str, NDArray[np.generic]]) -> None:
        """Store the arrays of chunk `i`; after the call they survive a kill.

        Raises
        ------
        StoreError
            If the folder cannot be written.
        """
        try:
            if not (self.folder / KEY).is_file():
                write_bytes(self.folder / KEY, json_bytes({"key": self.key}))
            with new_file(self._path(i)) as stream:
                np.savez(stream, allow_pickle=False, **arrays)
        except OSError as error:
            raise StoreError(f"{self.folder}: cannot be written ({error.strerror or error})") from None

    def views(self, i: int) -> dict[str, Callable[[], NDArray[np.generic]]]:
        """Openers of the arrays of chunk `i`: each gives a view of the file, of which only what is looked at is read.

        Raises
        ------
        StoreError
            If the chunk is absent or damaged; :meth:`done` lists those that are whole.
        """
        path = self._path(i)
        try:
            with path.open("rb") as stream, zipfile.ZipFile(stream) as archive:
                return {member.filename.removesuffix(".npy"): _opener(path, stream, member.header_offset) for member in archive.infolist()}
        except FileNotFoundError:
            raise StoreError(f"{path}: no such chunk") from None
        except (OSError, ValueError, zipfile.BadZipFile, struct.error) as error:
            raise StoreError(f"{path}: is damaged ({error})") from None

    def clear(self) -> None:
        """Remove all chunks and the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _opener(path: Path, stream: IO[bytes], header: int) -> Callable[[], NDArray[np.generic]]:
    """Opener of an array that is stored as it is, behind the member's header of 30 bytes, its name and its extra field."""
    stream.seek(header + 26)
    name, extra = struct.unpack("<HH", stream.read(4))
    stream.seek(header + 30 + name + extra)
    np.lib.format.read_magic(stream)
    shape, _, dtype = np.lib.format.read_array_header_1_0(stream)
    return partial(np.memmap, path, dtype, "r", stream.tell(), shape) if np.prod(shape) else partial(np.empty, shape, dtype)


def _whole(path: Path) -> bool:
    """Whether a chunk's file is as it was written."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.testzip() is None
    except (OSError, zipfile.BadZipFile):
        return False
