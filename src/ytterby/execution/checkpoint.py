"""What a room needs to remember finished work without knowing the store: content by digest."""

from __future__ import annotations

from typing import Protocol


class Checkpoint(Protocol):
    """Keeps the content of finished work under the digest of everything that it was made from."""

    def get(self, digest: str) -> bytes | None:
        """Content that was put under a digest, ``None`` if there is none."""

    def put(self, digest: str, content: bytes) -> None:
        """Keep content under a digest."""
