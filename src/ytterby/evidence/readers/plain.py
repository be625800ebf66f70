"""Decoding of bytes and the reader of text, Markdown and HTML files."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from ytterby.errors import DocumentError
from ytterby.evidence.readers.item import Item, sha256

if TYPE_CHECKING:
    from pathlib import Path

CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
MARKS = ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
CONTROL_SHARE = 0.05


def decode(data: bytes, declared: str = "") -> tuple[str, tuple[str, ...]]:
    """Text and notes: a byte order mark rules, then UTF-8, then the declared set, then Windows-1252.

    Raises
    ------
    DocumentError
        If the bytes are no text.
    """
    for mark, name in MARKS:
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
    return "" if name.lower().startswith(("utf-7", "utf7", "idna", "punycode", "unicode_escape", "raw_unicode")) else name


def _checked(text: str) -> str:
    head = text[:100_000]
    odd = sum(ch < " " and ch not in "\t\n\r\f\v\x1b" for ch in head)
    if head and odd > CONTROL_SHARE * len(head):
        raise DocumentError("not a text: too many control characters")
    if not text.strip():
        raise DocumentError("holds no text")
    return text


def from_bytes(data: bytes, path: Path, media: str) -> Item:
    """The item of a file that holds one text."""
    text, notes = decode(data)
    return Item(path.name, str(path), text, media, sha256(data), notes=notes)
