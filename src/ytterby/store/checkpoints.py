"""Checkpoints on disk: finished parts of long computations, built base systems and exposures, each under a digest of its inputs."""

from __future__ import annotations

import os
import re
import shutil
import zlib
from collections.abc import Mapping
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.errors import InputError, StoreError
from ytterby.store.atomic import json_bytes, new_folder, read_json, write_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

CHECKSUMS = "checksums.json"
BASES = "bases"
MAX_BASES = 8
"""Maximum number of stored base systems; each change of figures or program adds one."""
EXPOSURES = "exposures"
MAX_EXPOSURES = 48
"""Maximum number of stored exposures: each importer, and each element that is asked for alone, adds one."""
SHOCKS = "shocks"
MAX_SHOCKS = 48
"""Maximum number of stored sets of drawn paths of shocks; each seed, alliance and number of paths adds one or two."""
ANSWERS = "answers"
MAX_ANSWERS = 400
"""Maximum number of stored answers that take seconds; they are small."""
READY = Path(os.environ.get("YTTERBY_READY") or str(files("ytterby") / "ready"))
"""Folder of the package with what was worked out when it was built, laid out as a project; absent in a checkout that was not set up."""
DIGEST = re.compile("[0-9a-f]{64}")


class StoredArrays(Mapping[str, "NDArray[np.generic]"]):
    """Arrays of a folder by name; each is memory-mapped on access, so that only the values used are read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names = tuple(read_json(folder / CHECKSUMS))
        self._layouts: dict[str, dict[str, Any]] = {}

    def __getitem__(self, name: str) -> NDArray[np.generic]:
        if name not in self._names:
            raise KeyError(name)
        path = self._folder / f"{name}.npy"
        try:
            if name in self._layouts:
                # a run of a thousand draws maps its parts thirty thousand times; of a Path numpy looks up every folder each time
                return np.memmap(str(path), mode="r", **self._layouts[name])
            values = np.load(path, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError) as error:
            raise StoreError(f"{path}: is damaged ({error})") from None
        if isinstance(values, np.memmap):  # an empty array is not mapped
            order = "C" if values.flags.c_contiguous else "F"
            self._layouts[name] = {"dtype": values.dtype, "shape": values.shape, "offset": values.offset, "order": order}
        return np.asanyarray(values)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class CheckpointStore:
    """Finished parts of a computation in a folder, each under a digest of everything it depends on.

    Each part is a folder of arrays that is written atomically, so that an interruption loses at most the parts in progress. The
    class implements the protocol :class:`ytterby.execution.Checkpoint`.

    Parameters
    ----------
    folder : Path
        Created when the first part is stored.
    """

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        self._whole: set[str] = set()

    def get(self, digest: str) -> StoredArrays | None:
        """Arrays of a part as stored, None if it is missing or damaged."""
        if digest not in self._whole and not _is_whole(self.folder / digest):
            return None
        self._whole.add(digest)
        return StoredArrays(self.folder / digest)

    def put(self, digest: str, arrays: Mapping[str, NDArray[np.generic]]) -> None:
        """Store the arrays of a part; when the call returns they are on disk.

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
        except InputError as error:
            raise StoreError(str(error)) from None
        self._whole.add(digest)

    def note(self, digest: str) -> None:
        """Take note of a part that another process has just stored: it is not read to check it."""
        self._whole.add(digest)

    def clear(self) -> None:
        """Remove all parts and the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._whole.clear()


def _checksum(path: Path) -> int:
    """CRC-32 of a file, read through a memory map."""
    return zlib.crc32(np.memmap(path, np.uint8, "r").data)


def _is_whole(folder: Path) -> bool:
    """Whether the arrays of a folder match their checksums."""
    try:
        return all(_checksum(folder / f"{name}.npy") == found for name, found in read_json(folder / CHECKSUMS).items())
    except (StoreError, OSError, ValueError, AttributeError):
        return False


class FileCache:
    """Cache of results in a sub-folder of a project, each under the digest of its inputs; it can be deleted at any time.

    It implements the protocol :class:`ytterby.execution.Checkpoint`. Files are written atomically; two processes that work out the same
    result write the same file one after the other. A folder that cannot be read or written is treated as empty. What the project does
    not have is looked up in the package: a digest names all inputs, so that what another program made is never found.

    Parameters
    ----------
    folder : Path
        Created when the first result is stored.
    most : int
        Maximum number of files; the least recently used are removed. That of the package is not bounded.
    """

    def __init__(self, folder: Path, most: int) -> None:
        self.folder, self.most = folder, most
        self.packaged = READY / folder.name

    def _path(self, digest: str) -> Path:
        if not DIGEST.fullmatch(digest):
            raise ValueError(f"not a SHA-256: {digest!r}")
        return self.folder / f"{digest}.json"

    def get(self, digest: str) -> bytes | None:
        """Content of a stored result, ``None`` if there is none; marks it as recently used."""
        path = self._path(digest)
        with suppress(OSError):
            content = path.read_bytes()
            path.touch()
            return content
        with suppress(OSError):
            return (self.packaged / path.name).read_bytes()
        return None

    def put(self, digest: str, content: bytes) -> None:
        """Store a result."""
        path = self._path(digest)
        with suppress(OSError, InputError):
            write_bytes(path, content)
            kept = sorted(self.folder.glob("*.json"), key=lambda file: file.stat().st_mtime_ns)
            for file in kept[: -self.most] if self.folder != self.packaged else ():
                file.unlink(missing_ok=True)


class BaseCache(FileCache):
    """Built base systems of a project."""

    def __init__(self, project: Path) -> None:
        super().__init__(project / BASES, MAX_BASES)


class ExposureCache(FileCache):
    """Exposures of a project."""

    def __init__(self, project: Path) -> None:
        super().__init__(project / EXPOSURES, MAX_EXPOSURES)


class ShockCache(FileCache):
    """Drawn paths of shocks of a project."""

    def __init__(self, project: Path) -> None:
        super().__init__(project / SHOCKS, MAX_SHOCKS)


class AnswerCache(FileCache):
    """Answers of a project that take seconds and are none of the others."""

    def __init__(self, project: Path) -> None:
        super().__init__(project / ANSWERS, MAX_ANSWERS)
