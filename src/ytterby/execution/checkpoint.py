"""Protocol for storing finished parts of long computations; packages below ``store`` receive an implementation as an argument."""

from __future__ import annotations

import hashlib
from typing import Protocol, TypeVar

Content = TypeVar("Content")


class Checkpoint(Protocol[Content]):
    """Finished parts of a computation, arrays by name or bytes, each under a digest of everything it depends on."""

    def get(self, digest: str) -> Content | None:
        """Content of a part, None if it is missing or incomplete."""

    def put(self, digest: str, content: Content) -> None:
        """Store a part permanently."""


def digest_of(*parts: object) -> str:
    """Digest of the inputs of a part: the first 32 hexadecimal digits of their SHA-256."""
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:32]
