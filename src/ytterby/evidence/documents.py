"""From raw items to documents with language, date and a clean view."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from ytterby.evidence.clean import View, clean_text, parse_date
from ytterby.evidence.language import detect
from ytterby.evidence.lexicon import LANGUAGES
from ytterby.evidence.records import Document

if TYPE_CHECKING:
    from ytterby.evidence.readers.item import Item

FRONT_KEY = re.compile(r"^([A-Za-z_]+):[ \t]*(.+?)[ \t]*$", re.MULTILINE)
URL_DATE = re.compile(r"/((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})(?:/|$)")
EMPTY = View((), ())


def document_of(item: Item) -> tuple[Document, View]:
    """The document of an item and its clean view; an item with an error gives an empty view."""
    base = Document(item.name, item.path, item.sha256, item.text, item.media, notes=item.notes, error=item.error)
    if item.error:
        return base, EMPTY
    view, meta = _view(item)
    meta = {**meta, **{key: value for key, value in item.meta.items() if value}}
    language = detect(" ".join(block.text for block in view.blocks) or item.text)
    notes = item.notes if language in LANGUAGES else (*item.notes, f"language '{language or 'unknown'}' has no lexicon: no claims")
    published, where = _published(meta, view)
    document = replace(
        base,
        language=language,
        title=(meta.get("title") or view.title)[:300],
        published=published.isoformat() if published else None,
        published_from=where,
        publisher=meta.get("publisher", ""),
        url=meta.get("url", ""),
        removed=view.removed,
        notes=notes,
    )
    return document, view


def _view(item: Item) -> tuple[View, dict[str, str]]:
    if item.media == "text/html":
        from ytterby.evidence.readers.html import clean_html

        return clean_html(item.text)
    view = clean_text(item.text)
    front = next((span for span in view.removed if span.kind == "front_matter"), None)
    pairs = FRONT_KEY.findall(item.text[: front.end]) if front else []
    meta = {key.lower(): value.strip("\"'") for key, value in pairs}
    if "date" in meta:
        meta = {**meta, "published": meta["date"], "published_from": "front matter"}
    return view, meta


def _published(meta: dict[str, str], view: View) -> tuple[date | None, str]:
    """Date of publication and where it stands; what the container says comes first, a crawl's date never counts."""
    stated = _day(meta.get("published", ""))
    if stated:
        return stated, meta.get("published_from", "page metadata")
    if view.published:
        return view.published, view.published_from
    timed = _day(meta.get("time", ""))
    if timed:
        return timed, "time element of the page"
    match = URL_DATE.search(meta.get("url", ""))
    day = _day("-".join(part.zfill(2) for part in match.groups())) if match else None
    return (day, "address") if day else (None, "")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return parse_date(text[:60]) if text.strip() else None
