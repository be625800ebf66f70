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
SAMPLE = 4096
"""Bytes by which an encoding is guessed."""
FEW = 10
"""How many times more zeros UTF-16 has at one of every two bytes than at the other."""
JAPANESE = ("euc_jp", "cp932")
MIN_KANA = 0.1
"""Share of hiragana among the signs beyond ASCII from which a text counts as Japanese."""


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

    A byte order mark decides, then the zeros of UTF-16, UTF-8, the declared character set, the kana of Japanese ones, and at last
    Windows-1252.

    Raises
    ------
    DocumentError
        If the bytes are no text.
    """
    for mark, name in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _checked(data.decode(name, errors="replace")), (f"encoding {name} by byte order mark",)
    sure = _wide(data) or ("iso-2022-jp" if b"\x1b$" in data[:SAMPLE] else "")
    try:
        if not sure:
            return _checked(data.decode("utf-8")), ()
    except UnicodeDecodeError:
        pass
    for name in (sure, declared, _declared(data), _japanese(data), "cp1252", "latin-1"):
        try:
            text = data.decode(name) if name else ""
        except (LookupError, UnicodeError):
            continue
        if text:
            return _checked(text), (f"not UTF-8; read as {name}",)
    raise DocumentError("the encoding is broken")


def _wide(data: bytes) -> str:
    """UTF-16 without a byte order mark: zeros stand at every other byte only; empty if the bytes are something else."""
    head = data[:SAMPLE]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if not (even or odd) or min(even, odd) * FEW > max(even, odd):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _japanese(data: bytes) -> str:
    """The Japanese character set in which the bytes give kana, of which every Japanese text is full; empty if there is none."""
    for name in JAPANESE:
        try:
            text = data.decode(name)[:SAMPLE]
        except UnicodeError:
            continue
        foreign = sum(ch > "\x7f" for ch in text)
        if foreign and sum("\u3041" <= ch <= "\u3096" for ch in text) > MIN_KANA * foreign:
            return name
    return ""


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
