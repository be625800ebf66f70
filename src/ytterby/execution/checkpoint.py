"""What work that takes long must be given to remember its finished parts: rooms below the store ask for it as an argument."""

from __future__ import annotations

import hashlib
from typing import Protocol, TypeVar

Content = TypeVar("Content")


class Checkpoint(Protocol[Content]):
    """Finished parts of some work, arrays by name or bytes, each under a digest of all that it depends on."""

    def get(self, digest: str) -> Content | None:
        """Content of a part, None if it is not there or not whole."""

    def put(self, digest: str, content: Content) -> None:
        """Remember a part; after the call it survives a kill."""


def digest_of(*parts: object) -> str:
    """Name of a part of some work: the first 32 hexadecimal digits of the SHA-256 of what it depends on."""
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:32]
