"""RSS and Atom: every entry is an item; its raw text is the entry's title and content as the feed gives them."""

from __future__ import annotations

import html
import io
from typing import TYPE_CHECKING, Any

from ytterby.errors import DocumentError
from ytterby.evidence.readers.item import Item, sha256

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def entries(data: bytes, path: Path) -> Iterator[Item]:
    """Items of a feed.

    Raises
    ------
    DocumentError
        If the file is no feed or has no entry.
    """
    import feedparser

    if b"<!ENTITY" in data[:100_000]:
        raise DocumentError("declares XML entities; such feeds are refused")
    feed = feedparser.parse(io.BytesIO(data), sanitize_html=True, resolve_relative_uris=False)
    if not feed.entries:
        raise DocumentError("no feed with entries (RSS or Atom)")
    publisher = str(feed.feed.get("title", ""))
    for number, entry in enumerate(feed.entries, 1):
        yield _item(entry, number, publisher, path)


def _item(entry: Any, number: int, publisher: str, path: Path) -> Item:
    contents = [str(part.get("value", "")) for part in entry.get("content", [])]
    body = max([*contents, str(entry.get("summary", ""))], key=len)
    title = str(entry.get("title", ""))
    text = f"<h1>{html.escape(title, quote=False)}</h1>\n{body}"
    moment = entry.get("published_parsed") or entry.get("updated_parsed")
    published = f"{moment.tm_year:04d}-{moment.tm_mon:02d}-{moment.tm_mday:02d}" if moment else ""
    meta = {
        "title": title,
        "published": published,
        "published_from": "feed entry",
        "url": str(entry.get("link", "")),
        "publisher": publisher,
    }
    return Item(f"{path.name}#{number}", str(path), text, "text/html", sha256(text.encode()), meta)
