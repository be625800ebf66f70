"""Streams that are unpacked only up to a limit, so that a small file cannot fill the memory."""

from __future__ import annotations

import gzip
import io
import stat
from typing import TYPE_CHECKING, BinaryIO, cast

from ytterby.errors import DocumentError

if TYPE_CHECKING:
    from pathlib import Path

LEAST_BYTES = 64 * 2**20
"""What any packed file may unpack to [byte]."""
MAX_RATIO = 100
"""How many times its own size a larger file may unpack to; text packs to a third or a tenth."""


class Unpacked(io.RawIOBase):
    """Bytes of a packed stream, up to a limit."""

    def __init__(self, stream: BinaryIO, limit: int) -> None:
        self.stream, self.left, self.limit = stream, limit, limit

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Read into a buffer.

        Raises
        ------
        DocumentError
            Beyond the limit.
        """
        piece = self.stream.read(len(buffer))
        self.left -= len(piece)
        if self.left < 0:
            raise DocumentError(f"unpacks to more than {self.limit // 2**20} MB, far more than text does; no more of it is read")
        buffer[: len(piece)] = piece
        return len(piece)


def unpacked(handle: BinaryIO, size: int) -> BinaryIO:
    """Return the content of a gzip file, of one part or of many, up to the limit for a file of its size [byte]."""
    limit = max(LEAST_BYTES, MAX_RATIO * size)
    return cast("BinaryIO", io.BufferedReader(Unpacked(cast("BinaryIO", gzip.GzipFile(fileobj=handle)), limit)))


def require_plain(path: Path) -> int:
    """Return the size of a file [byte].

    Raises
    ------
    DocumentError
        If it is a pipe, a device or the like, from which reading may never end.
    """
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise DocumentError("is no plain file")
    return found.st_size
