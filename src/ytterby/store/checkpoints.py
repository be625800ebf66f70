"""Checkpoints of long work: each finished part is a folder of arrays, whole or absent, so that a kill loses little."""

from __future__ import annotations

import re
import shutil
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ytterby.errors import StoreError
from ytterby.store.atomic import json_bytes, new_folder, read_json, write_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

CHECKSUMS = "checksums.json"
BASES = "bases"
MAX_BASES = 8
"""Files that are kept, the newest: each change of figures or program leaves one behind."""
DIGEST = re.compile("[0-9a-f]{64}")


class StoredArrays(Mapping[str, "NDArray[np.generic]"]):
    """Arrays of a folder by name; each is mapped into memory when it is asked for, so that only what is looked at is read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names = tuple(read_json(folder / CHECKSUMS))

    def __getitem__(self, name: str) -> NDArray[np.generic]:
        if name not in self._names:
            raise KeyError(name)
        path = self._folder / f"{name}.npy"
        try:
            values: NDArray[np.generic] = np.load(path, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError) as error:
            raise StoreError(f"{path}: is damaged ({error})") from None
        return values

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class CheckpointStore:
    """Finished parts of a piece of work in a folder, each by a digest of all that it depends on.

    It fulfils the protocol :class:`ytterby.execution.Checkpoint`.

    Parameters
    ----------
    folder : Path
        Made when the first part is put.
    """

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        self._whole: set[str] = set()

    def get(self, digest: str) -> StoredArrays | None:
        """Arrays of a part as they were put, None if it is absent or damaged."""
        if digest not in self._whole and not _is_whole(self.folder / digest):
            return None
        self._whole.add(digest)
        return StoredArrays(self.folder / digest)

    def put(self, digest: str, arrays: Mapping[str, NDArray[np.generic]]) -> None:
        """Store the arrays of a part; after the call they survive a kill.

        Raises
        ------
        StoreError
            If the folder cannot be written.
        ValueError
            If an array holds Python objects.
        """
        try:
            with new_folder(self.folder / digest) as part:
                for name, values in arrays.items():
                    np.save(part / f"{name}.npy", values, allow_pickle=False)
                write_bytes(part / CHECKSUMS, json_bytes({name: _checksum(part / f"{name}.npy") for name in arrays}))
        except OSError as error:
            raise StoreError(f"{self.folder}: cannot be written ({error.strerror or error})") from None
        self._whole.add(digest)

    def clear(self) -> None:
        """Remove all parts and the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._whole.clear()


def _checksum(path: Path) -> int:
    """CRC-32 of a file, read through a memory map."""
    return zlib.crc32(np.memmap(path, np.uint8, "r").data)


def _is_whole(folder: Path) -> bool:
    """Whether the arrays of a folder are as they were written."""
    try:
        return all(_checksum(folder / f"{name}.npy") == found for name, found in read_json(folder / CHECKSUMS).items())
    except (StoreError, OSError, ValueError, AttributeError):
        return False


class BaseCache:
    """Files of base systems in one sub-folder of a project: whole or absent, never needed, removed at will.

    It has the methods of :class:`ytterby.execution.checkpoint.Checkpoint`. Two processes that build the same base write the same
    file one after the other. A folder that cannot be written or read is as one that is empty.

    Parameters
    ----------
    project : Path
        Project folder.
    """

    def __init__(self, project: Path) -> None:
        self.folder = project / BASES

    def _path(self, digest: str) -> Path:
        if not DIGEST.fullmatch(digest):
            raise ValueError(f"not a SHA-256: {digest!r}")
        return self.folder / f"{digest}.json"

    def get(self, digest: str) -> bytes | None:
        """Content of a base, ``None`` where there is none; the base then counts as used."""
        path = self._path(digest)
        with suppress(OSError):
            content = path.read_bytes()
            path.touch()
            return content
        return None

    def put(self, digest: str, content: bytes) -> None:
        """Keep a base; the least recently used beyond :data:`MAX_BASES` go."""
        path = self._path(digest)
        with suppress(OSError):
            write_bytes(path, content)
            files = sorted(self.folder.glob("*.json"), key=lambda file: file.stat().st_mtime_ns)
            for file in files[:-MAX_BASES]:
                file.unlink(missing_ok=True)
