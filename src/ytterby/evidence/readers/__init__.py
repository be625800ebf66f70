"""Readers: files, feeds and archives as raw texts, one after the other, limited in size, without network access.

A file that cannot be read becomes a raw text with an ``error``; the others are read all the same.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, BinaryIO

from ytterby.errors import DocumentError, InputError
from ytterby.evidence.readers.limits import require_plain, unpacked
from ytterby.evidence.readers.raw_text import RawText, decode, read_limited, sha256

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

TEXT = frozenset((".txt", ".text", ".md", ".markdown"))
HTML = frozenset((".html", ".htm", ".xhtml"))
FEED = frozenset((".rss", ".atom", ".xml"))
JSON_LINES = frozenset((".jsonl", ".ndjson"))
SAVED_PAGE = frozenset((".mhtml", ".mht"))
SUFFIXES = TEXT | HTML | FEED | JSON_LINES | SAVED_PAGE | frozenset((".pdf", ".warc", ".json", ".eml", ".mbox", ".docx", ".rtf"))
NOT_ARTICLES = frozenset(("readme", "sources", "license", "licence", "notice", "changelog", "copying", "gold", "boilerplate"))
"""Names, without ending, of files beside articles that are about the articles."""


def expand(paths: Iterable[Path]) -> list[Path]:
    """Files to read; folders are searched for files with known endings, in order of name.

    Files about the articles, such as a list of their sources, are no articles: they are read only if nothing else is given.

    Raises
    ------
    InputError
        If a path does not exist or a folder holds nothing that can be read.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file() and suffix(p) in SUFFIXES and not is_about_articles(p))
            if not inside:
                raise InputError(f"{path}: no article in this folder (endings read: {', '.join(sorted(SUFFIXES))}, each also with .gz)")
            found += inside
        elif path.exists():
            found.append(path)
        else:
            raise InputError(f"{path}: no such file or folder")
    return list(dict.fromkeys([path for path in found if not is_about_articles(path)] or found))


def is_about_articles(path: Path) -> bool:
    """Whether a file says by its name that it is about the articles beside it."""
    return path.name.lower().partition(".")[0] in NOT_ARTICLES


def suffix(path: Path) -> str:
    """Ending that tells the format, without ``.gz``."""
    parts = [part.lower() for part in path.suffixes]
    if parts and parts[-1] == ".gz":
        parts.pop()
    return parts[-1] if parts else ""


def raw_texts(path: Path) -> Iterator[RawText]:
    """Raw texts of one file; faults in the file become raw texts with an error, never exceptions."""
    try:
        yield from _read(path)
    except DocumentError as error:
        yield RawText.failed(path.name, path, str(error))
    except (OSError, EOFError, zlib.error) as error:
        yield RawText.failed(path.name, path, f"cannot be read: {error}")


def _read(path: Path) -> Iterator[RawText]:
    kind = suffix(path)
    if kind not in SUFFIXES:
        raise DocumentError(f"unknown ending '{kind or path.name}'; read are {', '.join(sorted(SUFFIXES))}, each also with .gz")
    size = require_plain(path)
    with path.open("rb") as handle:
        is_packed = handle.read(2) == b"\x1f\x8b" or path.suffix.lower() == ".gz"
        handle.seek(0)
        yield from _from_stream(kind, unpacked(handle, size) if is_packed else handle, path)


def _from_stream(kind: str, stream: BinaryIO, path: Path) -> Iterator[RawText]:
    from ytterby.evidence.readers.collections import read_json_lines, read_warc
    from ytterby.evidence.readers.mail import read_mailbox

    if kind == ".warc":
        return read_warc(stream, path)
    if kind in JSON_LINES:
        return read_json_lines(stream, path)
    return read_mailbox(stream, path) if kind == ".mbox" else _from_bytes(kind, read_limited(stream), path)


def _from_bytes(kind: str, data: bytes, path: Path) -> Iterator[RawText]:
    from ytterby.evidence.readers.collections import read_feed, read_json
    from ytterby.evidence.readers.mail import read_message, read_saved_page
    from ytterby.evidence.readers.pdf import read_pdf
    from ytterby.evidence.readers.word import read_docx, read_rtf

    read = {".pdf": read_pdf, ".json": read_json, ".eml": read_message, ".docx": read_docx, ".rtf": read_rtf}
    read |= dict.fromkeys(FEED, read_feed) | dict.fromkeys(SAVED_PAGE, read_saved_page)
    if kind in read:
        return read[kind](data, path)
    return _read_single(data, path, "text/html" if kind in HTML else "text/plain")


def _read_single(data: bytes, path: Path, media: str) -> Iterator[RawText]:
    text, notes = decode(data)
    yield RawText(path.name, str(path), text, media, sha256(data), notes=notes)
