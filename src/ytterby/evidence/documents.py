"""Documents: raw texts with their language, title and date of publication, and the clean view of each."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from ytterby.evidence.clean_view import CleanView, RemovedSpan, clean_text, parse_date
from ytterby.evidence.lexicon import TOKEN
from ytterby.evidence.records import EvidenceRecord
from ytterby.evidence.tables import LANGUAGES, patterns, read_table
from ytterby.evidence.unspaced.signs import script_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ytterby.evidence.readers.raw_text import RawText

FRONT_MATTER_KEY = re.compile(r"^([A-Za-z_]+):[ \t]*+(\S.*+)$", re.MULTILINE)
URL_DATE = re.compile(r"/((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})(?:/|$)")
MAX_TITLE = 300
YEARS = range(1900, 2100)
"""Years of publication; days of others are slips."""

LANGUAGE_SAMPLE = 2500
"""Characters from which the language is detected."""
LANGUAGE_WORDS = 400
"""Words and signs from which the language is detected."""
MIN_SCRIPT = 0.1
"""Share of the signs of a language's own script from which a text is in that language."""
FUNCTION_WORDS = ("det", "conj", "opener", "finite", "prep")
"""Labels of the lexicon whose words tell languages apart."""
MIN_SHARE, MIN_LEAD = 0.12, 1.5
"""Share of function words that decides for a language, and how many times that of the next language it must be."""


@dataclass(frozen=True)
class Document(EvidenceRecord):
    """A text as it was found, with what is known about it; ``error`` says why it could not be read.

    ``text`` is the decoded raw file or, for an entry of a feed, an archive record or a PDF, its decoded content. All offsets
    count code points of ``text``.
    """

    name: str
    path: str
    sha256: str
    text: str
    media: str = "text/plain"
    language: str = ""
    title: str = ""
    published: str | None = None
    published_from: str = ""
    publisher: str = ""
    url: str = ""
    removed: tuple[RemovedSpan, ...] = ()
    notes: tuple[str, ...] = ()
    error: str = ""

    def to_dict(self) -> dict[str, Any]:
        """All fields for JSON, with the length of the text instead of the text itself."""
        shown = {item.name: getattr(self, item.name) for item in fields(self) if item.name not in {"text", "removed"}}
        shown["notes"] = list(self.notes)
        return {**shown, "length": len(self.text), "removed": [dict(vars(span)) for span in self.removed]}

    @property
    def article(self) -> str:
        """The text without the removed spans."""
        parts, at = [], 0
        for span in sorted(self.removed, key=lambda r: r.start):
            if span.start >= at:
                parts.append(self.text[at : span.start])
                at = span.end
        return "".join([*parts, self.text[at:]])


def document_from_dict(record: Mapping[str, Any]) -> Document:
    """Document from its stored dictionary; keys that are no fields are ignored."""
    names = {item.name for item in fields(Document)}
    values: dict[str, Any] = {key: value for key, value in record.items() if key in names}
    removed = tuple(RemovedSpan(**span) for span in values.pop("removed", ()))
    return Document(**{**values, "removed": removed, "notes": tuple(values.get("notes", ()))})


def document_of(raw: RawText) -> tuple[Document, CleanView]:
    """Document of a raw text and its clean view, which is empty if the text could not be read."""
    base = Document(raw.name, raw.path, raw.sha256, raw.text, raw.media, notes=raw.notes, error=raw.error)
    if raw.error:
        return base, CleanView((), ())
    view, meta = _clean(raw)
    meta = {**meta, **{key: value for key, value in raw.meta.items() if value}}
    published, source = _published(meta, view)
    document = replace(
        base,
        language=_language_of(view, raw.text),
        title=(meta.get("title") or view.title)[:MAX_TITLE],
        published=published.isoformat() if published else None,
        published_from=source,
        publisher=meta.get("publisher", ""),
        url=meta.get("url", ""),
        removed=view.removed,
    )
    return document, view


def _clean(raw: RawText) -> tuple[CleanView, dict[str, str]]:
    """Clean view and the metadata that the text itself holds."""
    if raw.media == "text/html":
        from ytterby.evidence.readers.html import clean_html

        return clean_html(raw.text)
    view = clean_text(raw.text)
    front = next((span for span in view.removed if span.kind == "front_matter"), None)
    pairs = FRONT_MATTER_KEY.findall(raw.text[: front.end]) if front else []
    meta = {key.lower(): value.strip().strip("\"'") for key, value in pairs}
    if "date" in meta:
        meta = {**meta, "published": meta["date"], "published_from": "front matter"}
    return view, meta


def _published(meta: dict[str, str], view: CleanView) -> tuple[date | None, str]:
    """Date of publication and where it was found: metadata first, then the text, then the address."""
    stated = _parse_day(meta.get("published", ""))
    if stated:
        return stated, meta.get("published_from", "page metadata")
    if view.published:
        return view.published, view.published_from
    timed = _parse_day(meta.get("time", ""))
    if timed:
        return timed, "time element of the page"
    match = URL_DATE.search(meta.get("url", ""))
    day = _parse_day("-".join(part.zfill(2) for part in match.groups())) if match else None
    return (day, "address") if day else (None, "")


def _parse_day(text: str) -> date | None:
    """Day of a stamp; none outside of the years in which the articles of this trade were written."""
    found: date | None
    try:
        found = date.fromisoformat(text.strip()[:10])
    except ValueError:
        found = parse_date(text[:60]) if text.strip() else None
    return found if found and found.year in YEARS else None


@cache
def _function_words() -> dict[str, frozenset[str]]:
    words: dict[str, set[str]] = {}
    for lang in LANGUAGES:
        for row in read_table(f"{lang}/function.csv"):
            if row["label"].partition(":")[0] in FUNCTION_WORDS:
                words.setdefault(lang, set()).update(word for word in patterns(row["patterns"]) if " " not in word)
    return {lang: frozenset(found) for lang, found in words.items()}


def _language_of(view: CleanView, text: str) -> str:
    """Language of an article, from the words of its clean view, which are needed anyway; from the whole text if nothing is left of it."""
    article = " ".join(block.text for block in view.blocks)
    return detect_language(article or text, (token for block in view.blocks for token, _, _ in block.tokens) if article else None)


def detect_language(text: str, tokens: Iterable[str] | None = None) -> str:
    """ISO 639-1 code of the text's language; empty if it has too few words to tell.

    Parameters
    ----------
    text : str
    tokens : iterable of str, optional
        Words and signs of the text, if they are known already.

    Notes
    -----
    The share of function words among the first words decides between the languages that have a lexicon; py3langid is asked where it
    does not.
    """
    if script := "" if text.isascii() else script_of(text[:LANGUAGE_SAMPLE], MIN_SCRIPT):
        return script
    first = islice(TOKEN.findall(text[:LANGUAGE_SAMPLE]) if tokens is None else tokens, LANGUAGE_WORDS)
    words = [word.lower() for word in first if word[0].isalpha()]
    if not words:
        return ""
    shares = {lang: sum(map(known.__contains__, words)) / len(words) for lang, known in _function_words().items()}
    best = max(shares, key=lambda lang: shares[lang])
    others = max((share for lang, share in shares.items() if lang != best), default=0.0)
    if shares[best] > MIN_SHARE and shares[best] > MIN_LEAD * others:
        return best
    if len(words) <= 4:
        return best if shares[best] > 0 else ""
    import py3langid

    code: str = py3langid.classify(text[:LANGUAGE_SAMPLE])[0]
    return code
