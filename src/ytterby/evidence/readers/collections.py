"""Files that hold many texts, read one by one: feeds (RSS, Atom), JSON, JSON lines and WARC archives."""

from __future__ import annotations

import html
import io
import json
import zlib
from contextlib import redirect_stderr
from typing import TYPE_CHECKING, Any, BinaryIO

from ytterby.errors import DocumentError
from ytterby.evidence.readers.raw_text import MAX_BYTES, RawText, decode, read_limited, sha256
from ytterby.evidence.readers.stated_days import stated_day

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEXT_KEYS = ("text", "body", "content", "article", "maintext", "articleBody", "bodyText", "body_text", "full_text", "fulltext") + (
    *("content_text", "content_html", "body_html", "body_xhtml", "story"),
)
META_KEYS = {
    "title": ("title", "headline", "webTitle", "name"),
    "published": ("published", "date", "published_at", "publishedAt", "publish_date", "date_publish", "datePublished", "pubdate")
    + ("pubDate", "pub_date", "published_date", "timestamp", "date_published", "webPublicationDate", "publicationDate", "versioncreated")
    + ("firstcreated", "published_on", "seendate"),
    "url": ("url", "link", "webUrl", "uri"),
    "publisher": ("publisher", "source", "source_domain", "site", "sourcename", "provider"),
}
WRAPPERS = ("_source", "fields", "attributes")
"""Keys below which services put the fields of an article."""
MAX_DEPTH = 6
"""Depth to which articles are looked for in the answer of a service."""
WARC_MEDIA = ("text/html", "application/xhtml+xml", "text/plain")
WARC_RECORDS = frozenset(("response", "resource", "conversion"))


def read_feed(data: bytes, path: Path) -> Iterator[RawText]:
    """Entries of a feed: title and content as the feed gives them.

    Raises
    ------
    DocumentError
        If the file is not a feed or has no entries.
    """
    import feedparser

    if b"<!ENTITY" in data[:100_000]:
        raise DocumentError("declares XML entities; such feeds are refused")
    feed = feedparser.parse(io.BytesIO(data), sanitize_html=True, resolve_relative_uris=False)
    if not feed.entries:
        raise DocumentError("no feed with entries (RSS or Atom)")
    publisher = str(feed.feed.get("title", ""))
    for number, entry in enumerate(feed.entries, 1):
        yield _feed_entry(entry, number, publisher, path)


def _feed_entry(entry: Any, number: int, publisher: str, path: Path) -> RawText:
    contents = [str(part.get("value", "")) for part in entry.get("content", [])]
    body = max([*contents, str(entry.get("summary", ""))], key=len)
    title = str(entry.get("title", ""))
    text = f"<h1>{html.escape(title, quote=False)}</h1>\n{body}"
    published = next(filter(None, (stated_day(str(entry.get(key, ""))) for key in ("published", "updated"))), "")
    meta = {"title": title, "published": published, "published_from": "feed entry"}
    meta |= {"url": str(entry.get("link", "")), "publisher": publisher}
    return RawText(f"{path.name}#{number}", str(path), text, "text/html", sha256(text.encode()), meta)


def read_json_lines(stream: BinaryIO, path: Path) -> Iterator[RawText]:
    """Articles of a file of JSON lines, named by the number of their line; a bad line gives a raw text with an error."""
    number = 0
    while line := stream.readline(MAX_BYTES + 1):
        number += 1
        yield from _json_line(stream, line, f"{path.name}#{number}", path)


def read_json_range(stream: BinaryIO, path: Path, start: int, stop: int) -> Iterator[RawText]:
    """Articles of the lines that begin at bytes ``start`` to ``stop`` (exclusive), named by the byte at which they begin."""
    stream.seek(max(0, start - 1))
    if start:
        _skip_line(stream)
    while (at := stream.tell()) < stop and (line := stream.readline(MAX_BYTES + 1)):
        yield from _json_line(stream, line, f"{path.name}@{at}", path)


def _skip_line(stream: BinaryIO) -> None:
    while (line := stream.readline(MAX_BYTES)) and not line.endswith(b"\n"):
        pass


def _json_line(stream: BinaryIO, line: bytes, name: str, path: Path) -> Iterator[RawText]:
    if len(line) > MAX_BYTES:
        _skip_line(stream)
        yield RawText.failed(name, path, f"line longer than {MAX_BYTES // 2**20} MB")
    elif line.strip():
        yield _json_article(line, name, path)


def _json_article(line: bytes, name: str, path: Path) -> RawText:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return RawText.failed(name, path, f"not JSON ({str(error)[:80]})")
    return _article(row, name, path, line)


def _article(row: object, name: str, path: Path, data: bytes) -> RawText:
    fields = _fields(row)
    text = _body(fields)
    if not text.strip():
        return RawText.failed(name, path, f"no text; a line needs one of {', '.join(TEXT_KEYS)}")
    text = text.encode("utf-8", errors="replace").decode("utf-8")
    meta = {target: next(filter(None, (_word(fields.get(key)) for key in keys)), "") for target, keys in META_KEYS.items()}
    meta["published"] = stated_day(meta["published"]) or meta["published"]
    media = "text/html" if text.lstrip()[:1] == "<" else "text/plain"
    return RawText(name, str(path), text, media, sha256(data), {**meta, "published_from": "field of the record"})


def _fields(row: object) -> dict[str, Any]:
    """Fields of an article, also those that a service wraps."""
    if not isinstance(row, dict):
        return {}
    inner = (row[key] for key in WRAPPERS if isinstance(row.get(key), dict))
    return {key: value for part in (*inner, row) for key, value in part.items()}


def _body(fields: dict[str, Any]) -> str:
    """The text of an article; of lists of paragraphs their lines."""
    for key in TEXT_KEYS:
        value = fields.get(key)
        if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
            return "\n\n".join(value)
        if isinstance(value, str) and value.strip():
            return value
    return ""


def read_json(data: bytes, path: Path) -> Iterator[RawText]:
    """Articles of a JSON document: one article, a list of them, or the answer of a service that holds such a list.

    Raises
    ------
    DocumentError
        If it is not JSON or holds no article.
    """
    text, _ = decode(data)
    try:
        found = _articles(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise DocumentError(f"not JSON ({str(error)[:80]})") from error
    if not found:
        raise DocumentError(f"no article in this JSON; one needs one of {', '.join(TEXT_KEYS)}")
    for number, row in enumerate(found, 1):
        name = f"{path.name}#{number}" if len(found) > 1 else path.name
        yield _article(row, name, path, json.dumps(row, sort_keys=True).encode())


def _articles(value: object, depth: int = 0) -> list[object]:
    """The article, or the first list that holds any, wherever in a document it stands."""
    if depth > MAX_DEPTH:
        return []
    if isinstance(value, list):
        return [row for row in value if _body(_fields(row))] or _first(value, depth)
    if not isinstance(value, dict):
        return []
    return [value] if _body(_fields(value)) else _first(list(value.values()), depth)


def _first(values: list[object], depth: int) -> list[object]:
    return next((found for value in values if (found := _articles(value, depth + 1))), [])


def _word(value: object) -> str:
    """Text of a field; of an object its name."""
    if isinstance(value, dict):
        value = value.get("name") or value.get("title")
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def read_warc(stream: BinaryIO, path: Path) -> Iterator[RawText]:
    """HTML and text responses of a WARC archive, packed or not.

    Raises
    ------
    DocumentError
        If the file is not a WARC archive.
    """
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    number = 0
    try:
        for record in _records(ArchiveIterator(stream)):
            content_type = _content_type(record)
            media = content_type.split(";")[0].strip().lower()
            if record.rec_type in WARC_RECORDS and media in WARC_MEDIA:
                number += 1
                yield _warc_record(record, media, f"{path.name}#{number}", path)
    except (ArchiveLoadFailed, ValueError, OverflowError, EOFError, zlib.error) as error:
        if number == 0:
            raise DocumentError(f"no WARC archive ({(str(error).splitlines() or [''])[0][:100]})") from error
        yield RawText.failed(f"{path.name}#{number + 1}", path, "the archive breaks off here")


def _records(archive: Any) -> Iterator[Any]:
    """Records of an archive; one without an address is read as a page like any other.

    What the library writes to stderr about records of a wrong length is left out: they are read or told like all others.
    """
    load = archive.loader.load_http_headers
    archive.loader.load_http_headers = lambda kind, uri, stream, length: load(kind, uri or "http:", stream, length)
    records = iter(archive)
    while True:
        with redirect_stderr(io.StringIO()):
            record = next(records, None)
        if record is None:
            return
        yield record


def _content_type(record: Any) -> str:
    return str((record.http_headers or record.rec_headers).get_header("Content-Type") or "")


def _warc_record(record: Any, media: str, name: str, path: Path) -> RawText:
    url = str(record.rec_headers.get_header("WARC-Target-URI") or "")
    header = _content_type(record) if record.http_headers else ""
    declared = header.partition("charset=")[2].split(";")[0].strip("\"' ")
    try:
        data = read_limited(record.content_stream())
        text, notes = decode(data, declared)
    except DocumentError as error:
        return RawText.failed(name, path, str(error))
    return RawText(name, str(path), text, "text/plain" if media == "text/plain" else "text/html", sha256(data), {"url": url}, notes)
