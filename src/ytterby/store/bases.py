"""Built base systems of a project, by digest of what they were built from."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from ytterby.store.atomic import write_bytes

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "bases"
MAX_BASES = 8
"""Files that are kept, the newest: each change of figures or program leaves one behind."""
DIGEST = re.compile("[0-9a-f]{64}")


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
        self.folder = project / FOLDER

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
