"""WARC archives, packed or not, streamed record by record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

from ytterby.errors import DocumentError
from ytterby.evidence.readers.item import MAX_BYTES, Item, failed, read_limited, sha256
from ytterby.evidence.readers.plain import decode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

READABLE = ("text/html", "application/xhtml+xml", "text/plain")


def records(stream: BinaryIO, path: Path) -> Iterator[Item]:
    """Items of an archive: its HTML and text responses.

    Raises
    ------
    DocumentError
        If the file is no WARC archive.
    """
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    number = 0
    try:
        for record in ArchiveIterator(stream):
            media = _media(record)
            if record.rec_type in {"response", "resource", "conversion"} and media in READABLE:
                number += 1
                yield _item(record, media, f"{path.name}#{number}", path)
    except ArchiveLoadFailed as error:
        if number == 0:
            raise DocumentError(f"no WARC archive ({str(error).splitlines()[0][:100]})") from error
        yield failed(f"{path.name}#{number + 1}", path, "the archive breaks off here")


def _media(record: Any) -> str:
    header = record.http_headers.get_header("Content-Type") if record.http_headers else record.rec_headers.get_header("Content-Type")
    return str(header or "").split(";")[0].strip().lower()


def _item(record: Any, media: str, name: str, path: Path) -> Item:
    url = str(record.rec_headers.get_header("WARC-Target-URI") or "")
    header = str(record.http_headers.get_header("Content-Type") or "") if record.http_headers else ""
    declared = header.partition("charset=")[2].split(";")[0].strip("\"' ")
    try:
        data = read_limited(record.content_stream(), MAX_BYTES)
        text, notes = decode(data, declared)
    except DocumentError as error:
        return failed(name, path, str(error))
    return Item(name, str(path), text, "text/plain" if media == "text/plain" else "text/html", sha256(data), {"url": url}, notes)
