"""Readers: files, feeds and archives to raw items, streamed, limited in size, without network.

A file that cannot be read becomes an item with an ``error``; the others go on.
"""

from __future__ import annotations

import gzip
from contextlib import nullcontext
from typing import TYPE_CHECKING, BinaryIO

from ytterby.errors import DocumentError, InputError
from ytterby.evidence.readers.item import MAX_BYTES, Item, failed, read_limited
from ytterby.evidence.readers.plain import from_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

TEXT = frozenset((".txt", ".text", ".md", ".markdown"))
HTML = frozenset((".html", ".htm", ".xhtml"))
FEED = frozenset((".rss", ".atom", ".xml"))
SUFFIXES = TEXT | HTML | FEED | frozenset((".pdf", ".jsonl", ".ndjson", ".warc"))
NOT_ARTICLES = frozenset(("readme.md", "sources.md", "gold.jsonl", "boilerplate.jsonl"))
"""Files of a folder of articles that are about the articles."""


def expand(paths: Iterable[Path]) -> list[Path]:
    """Files to read: folders are searched for known endings, in order of name.

    Raises
    ------
    InputError
        If a path does not exist or a folder holds nothing that can be read.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file() and suffix(p) in SUFFIXES and p.name.lower() not in NOT_ARTICLES)
            if not inside:
                raise InputError(f"{path}: no article in this folder (endings read: {', '.join(sorted(SUFFIXES))}, each also with .gz)")
            found += inside
        elif path.exists():
            found.append(path)
        else:
            raise InputError(f"{path}: no such file or folder")
    return list(dict.fromkeys(found))


def suffix(path: Path) -> str:
    """Ending that tells the format, ``.gz`` apart."""
    parts = [part.lower() for part in path.suffixes]
    if parts and parts[-1] == ".gz":
        parts.pop()
    return parts[-1] if parts else ""


def items(path: Path) -> Iterator[Item]:
    """Raw items of one file; never raises for what the file holds."""
    try:
        yield from _items(path)
    except DocumentError as error:
        yield failed(path.name, path, str(error))
    except (OSError, EOFError, gzip.BadGzipFile) as error:
        yield failed(path.name, path, f"cannot be read: {error}")


def _items(path: Path) -> Iterator[Item]:
    kind = suffix(path)
    if kind not in SUFFIXES:
        raise DocumentError(f"unknown ending '{kind or path.name}'; read are {', '.join(sorted(SUFFIXES))}, each also with .gz")
    with path.open("rb") as handle:
        if kind == ".warc":
            from ytterby.evidence.readers.warc import records

            yield from records(handle, path)
            return
        packed = path.suffix.lower() == ".gz"
        with gzip.GzipFile(fileobj=handle) if packed else nullcontext(handle) as stream:
            yield from _from_stream(kind, stream, path)  # type: ignore[arg-type]


def _from_stream(kind: str, stream: BinaryIO, path: Path) -> Iterator[Item]:
    if kind in {".jsonl", ".ndjson"}:
        from ytterby.evidence.readers.jsonl import records as lines

        yield from lines(stream, path)
        return
    yield from _reader(kind)(read_limited(stream, MAX_BYTES), path)


def _reader(kind: str) -> Callable[[bytes, Path], Iterator[Item]]:
    if kind in FEED:
        from ytterby.evidence.readers.feed import entries

        return entries
    if kind == ".pdf":
        from ytterby.evidence.readers.pdf import pages

        return pages
    return lambda data, path: iter((from_bytes(data, path, "text/html" if kind in HTML else "text/plain"),))
