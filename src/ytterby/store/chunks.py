"""Checkpoints of long work: each finished chunk is a file, whole or absent, so that a kill loses little."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ytterby.errors import StoreError
from ytterby.store.atomic import json_bytes, read_json, write_bytes

if TYPE_CHECKING:
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
        return {int(match.group(1)) for match, path in found if match and zipfile.is_zipfile(path)}

    def put(self, i: int, arrays: dict[str, NDArray[np.generic]]) -> None:
        """Store the arrays of chunk `i`; after the call they survive a kill.

        Raises
        ------
        StoreError
            If the folder cannot be written.
        """
        buffer = io.BytesIO()
        np.savez(buffer, allow_pickle=False, **arrays)
        try:
            if not (self.folder / KEY).is_file():
                write_bytes(self.folder / KEY, json_bytes({"key": self.key}))
            write_bytes(self._path(i), buffer.getvalue())
        except OSError as error:
            raise StoreError(f"{self.folder}: cannot be written ({error.strerror or error})") from None

    def get(self, i: int) -> dict[str, NDArray[np.generic]]:
        """Arrays of chunk `i`.

        Raises
        ------
        StoreError
            If the chunk is absent; a damaged one is removed first, so that the next run makes it anew.
        """
        path = self._path(i)
        try:
            with np.load(path, allow_pickle=False) as arrays:
                return {name: arrays[name] for name in arrays.files}
        except FileNotFoundError:
            raise StoreError(f"{path}: no such chunk") from None
        except (OSError, ValueError, EOFError, zipfile.BadZipFile, KeyError) as error:
            path.unlink(missing_ok=True)
            raise StoreError(f"{path}: was damaged and is removed; run again ({error})") from None

    def clear(self) -> None:
        """Remove all chunks and the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)
