"""A raw item: decoded text with what its container says about it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from ytterby.errors import DocumentError

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 10 * 2**20
"""Largest document [byte], after unpacking: a news article has some ten thousand."""


@dataclass(frozen=True)
class Item:
    """A decoded text before any judgement about its content."""

    name: str
    path: str
    text: str
    media: str
    sha256: str
    meta: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    error: str = ""


def sha256(data: bytes) -> str:
    """Hash of the bytes as they came."""
    return hashlib.sha256(data).hexdigest()


def failed(name: str, path: Path, message: str) -> Item:
    """An item that says why there is no text."""
    return Item(name, str(path), "", "", "", error=f"{name}: {message}" if not message.startswith(name) else message)


def read_limited(stream: BinaryIO, limit: int) -> bytes:
    """All bytes of a stream.

    Raises
    ------
    DocumentError
        If there are more than ``limit``; reading stops there, whatever a packed file would unfold to.
    """
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise DocumentError(f"larger than {limit // 2**20} MB (after unpacking); split it")
    return data
