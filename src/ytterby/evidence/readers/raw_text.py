"""Raw texts: decoded content of files, with what the container says about it."""

from __future__ import annotations

import codecs
import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from ytterby.errors import DocumentError

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 10 * 2**20
"""Largest document after unpacking [byte]; a news article has some ten thousand."""
CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
NO_CHARSETS = ("utf-7", "utf7", "idna", "punycode", "unicode_escape", "raw_unicode")
"""Codecs of Python that a text can declare and that are not read: they are no character sets or hide markup."""
MAX_CONTROL_SHARE = 0.05


@dataclass(frozen=True)
class RawText:
    """A decoded text before its content is looked at; ``error`` says why there is none."""

    name: str
    path: str
    text: str
    media: str
    sha256: str
    meta: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    error: str = ""

    @classmethod
    def failed(cls, name: str, path: Path, message: str) -> RawText:
        """Raw text that could not be read, with the reason."""
        return cls(name, str(path), "", "", "", error=message if message.startswith(name) else f"{name}: {message}")


def sha256(data: bytes) -> str:
    """SHA-256 of raw bytes in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def read_limited(stream: BinaryIO, limit: int = MAX_BYTES) -> bytes:
    """All bytes of a stream; no more than ``limit`` are unpacked.

    Raises
    ------
    DocumentError
        If there are more than ``limit``.
    """
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise DocumentError(f"larger than {limit // 2**20} MB (after unpacking); split it")
    return data


def decode(data: bytes, declared: str = "") -> tuple[str, tuple[str, ...]]:
    """Text of bytes, and notes on the encoding if it is not UTF-8.

    A byte order mark decides, then UTF-8 is tried, then the declared character set, then Windows-1252.

    Raises
    ------
    DocumentError
        If the bytes are no text.
    """
    for mark, name in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _checked(data.decode(name, errors="replace")), (f"encoding {name} by byte order mark",)
    try:
        return _checked(data.decode("utf-8")), ()
    except UnicodeDecodeError:
        pass
    for name in (declared, _declared(data), "cp1252", "latin-1"):
        try:
            text = data.decode(name) if name else ""
        except (LookupError, UnicodeError):
            continue
        if text:
            return _checked(text), (f"not UTF-8; read as {name}",)
    raise DocumentError("the encoding is broken")


def _declared(data: bytes) -> str:
    match = CHARSET.search(data[:4096])
    name = match.group(1).decode("ascii") if match else ""
    return "" if name.lower().startswith(NO_CHARSETS) else name


def _checked(text: str) -> str:
    head = text[:100_000]
    odd = sum(ch < " " and ch not in "\t\n\r\f\v\x1b" for ch in head)
    if head and odd > MAX_CONTROL_SHARE * len(head):
        raise DocumentError("not a text: too many control characters")
    if not text.strip():
        raise DocumentError("holds no text")
    return text
