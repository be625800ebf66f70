"""JSON lines: one article a line, streamed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, BinaryIO

from ytterby.evidence.readers.item import MAX_BYTES, Item, failed, sha256

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEXT_KEYS = ("text", "body", "content", "article", "maintext")
META_KEYS = {
    "title": ("title", "headline"),
    "published": ("published", "date", "published_at", "date_publish", "pubdate"),
    "url": ("url", "link"),
    "publisher": ("publisher", "source", "source_domain", "site"),
}


def records(stream: BinaryIO, path: Path) -> Iterator[Item]:
    """Items of a file; a bad line becomes an item with an error."""
    number = 0
    while line := stream.readline(MAX_BYTES + 1):
        number += 1
        name = f"{path.name}#{number}"
        if len(line) > MAX_BYTES:
            yield failed(name, path, f"line longer than {MAX_BYTES // 2**20} MB")
            _skip_line(stream)
            continue
        if line.strip():
            yield _item(line, name, path)


def _item(line: bytes, name: str, path: Path) -> Item:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return failed(name, path, f"not JSON ({str(error)[:80]})")
    text = next((row[key] for key in TEXT_KEYS if isinstance(row.get(key), str)), "") if isinstance(row, dict) else ""
    if not text.strip():
        return failed(name, path, f"no text; a line needs one of {', '.join(TEXT_KEYS)}")
    text = text.encode("utf-8", errors="replace").decode("utf-8")
    meta = {target: str(next((row[key] for key in keys if row.get(key)), "")) for target, keys in META_KEYS.items()}
    media = "text/html" if text.lstrip()[:1] == "<" else "text/plain"
    return Item(name, str(path), text, media, sha256(line), {**meta, "published_from": "field of the record"})


def part(stream: BinaryIO, path: Path, start: int, stop: int) -> Iterator[Item]:
    """Items of the lines that begin within a range of bytes; named by the byte at which they begin."""
    stream.seek(max(0, start - 1))
    if start:
        _skip_line(stream)
    while (at := stream.tell()) < stop and (line := stream.readline(MAX_BYTES + 1)):
        name = f"{path.name}@{at}"
        if len(line) > MAX_BYTES:
            _skip_line(stream)
            yield failed(name, path, f"line longer than {MAX_BYTES // 2**20} MB")
        elif line.strip():
            yield _item(line, name, path)


def _skip_line(stream: BinaryIO) -> None:
    while (line := stream.readline(MAX_BYTES)) and not line.endswith(b"\n"):
        pass
