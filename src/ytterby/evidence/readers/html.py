"""HTML pages as blocks tied to the raw text: markup is skipped, nothing is executed, no link is followed."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ytterby.evidence.clean_view import CleanView, RemovedSpan, TextBlock, boilerplate_kinds, composed, parse_date
from ytterby.evidence.tables import LANGUAGES, language_settings, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date


def _tags(trait: str) -> frozenset[str]:
    return frozenset(row["tag"] for row in read_table("html_tags.csv") if trait in row["traits"].split())


BLOCK_TAGS, HEADING_TAGS = _tags("block"), _tags("heading")
"""Elements that begin or end a block of text, and those that are headings."""
SKIPPED_TAGS = _tags("skipped")
"""Elements that are not part of an article, such as navigation."""
OPAQUE_TAGS, VOID_TAGS = _tags("opaque"), _tags("void")
"""Elements whose content is no text, and elements without an end tag."""
TAG_NAME = re.compile(r"/?\s*([A-Za-z][A-Za-z0-9:-]{0,40})")
ATTRIBUTE = re.compile(r"([A-Za-z_:-]{1,40})\s*=\s*(?:\"([^\"]{0,2000})\"|'([^']{0,2000})'|([^\s\"'>]{1,500}))")
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});?|[\u00ad\u200b\u2060\ufeff]")
"""Entities, and signs without width as themselves."""
UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff]")
"""Signs without width, such as the soft hyphen, that stand inside words."""
PUBLISHED = re.compile(r"\"datePublished\"\s*:\s*\"([0-9T:+.Z-]{10,40})\"")
DATE_KEYS = frozenset(
    ("article:published_time", "datepublished", "date", "dc.date", "dc.date.issued", "parsely-pub-date", "publishdate", "pubdate")
) | {"sailthru.date"}
META_FIELDS = {"og:site_name": "publisher", "og:title": "title", "og:url": "url"}
MAY_HOLD_ALL = frozenset({"aside", "form"})
"""Elements that some sites put the whole article into."""
NEAR = 3
"""Blocks above an article in which its date is looked for."""
MAX_DEPTH = 12
"""Depth to which structured data of a page are followed."""
MAX_TAG = 20_000
MIN_CONTENT = 200
"""Characters of main content below which an extractor's answer is not used."""


@dataclass
class _HtmlScan:
    """What a scan of a page collects: pieces of text by block, removed spans, metadata."""

    pieces: list[tuple[str, int]] = field(default_factory=list)
    blocks: list[tuple[list[tuple[str, int]], str]] = field(default_factory=list)
    removed: list[RemovedSpan] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    scripts: list[str] = field(default_factory=list)
    tag: str = ""

    def flush(self, tag: str) -> None:
        """End the block that is open."""
        if any(text.strip() for text, _ in self.pieces):
            self.blocks.append((self.pieces, self.tag))
        self.pieces, self.tag = [], tag


def _scan(text: str, skip: frozenset[str] = SKIPPED_TAGS) -> _HtmlScan:
    """Collect the text of a page in one pass, whose time is linear in its length for any input."""
    page, at, low = _HtmlScan(), 0, text.lower()
    depth, skipping, since = 0, "", 0
    while at < len(text):
        begin = text.find("<", at)
        end = begin if begin >= 0 else len(text)
        if not skipping:
            _add_text(page, text, at, end)
        if begin < 0:
            break
        at, name, closing, attributes = _tag(text, low, begin, page)
        if skipping:
            if name == skipping:
                depth += -1 if closing else 1
            if name == "meta" or (name == "title" and not closing):
                _add_meta(page, name, attributes, text, at)
            if depth <= 0:
                page.removed.append(RemovedSpan(since, at, skipping))
                skipping = ""
            continue
        if name in skip and not closing:
            page.flush("")
            skipping, depth, since = name, 1, begin
        elif name in BLOCK_TAGS:
            page.flush("" if closing else name)
        _add_meta(page, name, attributes, text, at)
    page.flush("")
    if skipping:
        page.removed.append(RemovedSpan(since, len(text), skipping))
    return page


def _tag(text: str, low: str, begin: int, page: _HtmlScan) -> tuple[int, str, bool, str]:
    """End of the markup at ``begin``, the name of its element, whether it is an end tag, and its attributes."""
    if text.startswith("<!--", begin):
        end = text.find("-->", begin + 4)
        return (end + 3 if end >= 0 else len(text)), "", False, ""
    match = TAG_NAME.match(text, begin + 1)
    if match is None:
        if text[begin + 1 : begin + 2] in {"!", "?"}:
            end = text.find(">", begin)
            return (end + 1 if end >= 0 else len(text)), "", False, ""
        _add_text(page, text, begin, begin + 1)
        return begin + 1, "", False, ""
    name, closing = match.group(1).lower(), text[begin + 1] == "/"
    end = text.find(">", match.end(), match.end() + MAX_TAG)
    end = end + 1 if end >= 0 else min(len(text), match.end() + MAX_TAG)
    attributes = text[match.end() : end - 1]
    if name in OPAQUE_TAGS and not closing and not attributes.endswith("/"):
        close = low.find(f"</{name}", end)
        if name == "script":
            page.scripts.append(text[end : min(close if close >= 0 else len(text), end + 50_000)])
        gt = text.find(">", close) if close >= 0 else -1
        stop = gt + 1 if gt >= 0 else len(text)
        page.removed.append(RemovedSpan(begin, stop, name))
        return stop, "", False, ""
    return end, name, closing or name in VOID_TAGS, attributes


def _add_text(page: _HtmlScan, text: str, start: int, end: int) -> None:
    """Add the text between two tags, with entities resolved; each piece keeps its place."""
    at = start
    if ENTITY.search(text, start, end):
        for match in ENTITY.finditer(text, start, end):
            if match.start() > at:
                page.pieces.append((text[at : match.start()], at))
            sign = html.unescape(match.group())
            if not UNSEEN.fullmatch(sign):
                page.pieces.append((sign if len(sign) == 1 else " ", match.start()))
            at = match.end()
    if end > at:
        page.pieces.append((text[at:end], at))


def _add_meta(page: _HtmlScan, name: str, attributes: str, text: str, at: int) -> None:
    """Take title, date, publisher and address from an element of the page's head."""
    if name == "title":
        end = text.find("<", at)
        page.meta.setdefault("title", html.unescape(text[at : end if end >= 0 else at + 300][:300]).strip())
    if name not in {"meta", "link", "time"} or not attributes:
        return
    values = {
        m.group(1).lower(): html.unescape(m.group(2) or m.group(3) or m.group(4) or "") for m in ATTRIBUTE.finditer(attributes[:4000])
    }
    key = (values.get("property") or values.get("name") or values.get("itemprop") or "").lower()
    content = values.get("content", "")
    if key in DATE_KEYS and content:
        page.meta.setdefault("published", content)
    if key in META_FIELDS and content:
        page.meta[META_FIELDS[key]] = content
    if name == "link" and values.get("rel", "").lower() == "canonical" and values.get("href"):
        page.meta["url"] = values["href"]
    if name == "time" and values.get("datetime"):
        page.meta.setdefault("time", values["datetime"])


def _block(pieces: list[tuple[str, int]], tag: str) -> TextBlock:
    parts, starts, raws, length = [], [], [], 0
    for piece, offset in pieces:
        starts.append(length)
        raws.append(offset)
        parts.append(piece)
        length += len(piece)
    return TextBlock("".join(parts), pieces[0][1], "headline" if tag in HEADING_TAGS else "body", tuple(starts), tuple(raws))


def clean_html(text: str) -> tuple[CleanView, dict[str, str]]:
    """Clean view of a page, and its metadata."""
    page = _scan(text)
    hiding = _hiding(page)
    places = [(span.start, span.end) for span in page.removed if span.kind in hiding and page.blocks]
    if hiding:
        meta = page.meta
        page = _scan(text, SKIPPED_TAGS - hiding)
        page.meta = {**page.meta, **meta}
    blocks = [_block(pieces, tag) for pieces, tag in page.blocks]
    if places:
        blocks = [block for block in blocks if any(start <= block.raw(0) < end for start, end in places)]
    _add_script_date(page, [page.meta.get("title", ""), *(block.text for block in blocks if block.role == "headline")])
    main = _main_content(text, blocks) if len(blocks) > 3 else blocks
    lines = [" ".join(block.text.split()) for block in main]
    kinds = boilerplate_kinds(lines)
    removed = [*page.removed, *(RemovedSpan(b.raw(0), b.raw_end, "not_main") for b in blocks if b not in main)]
    removed += [RemovedSpan(b.raw(0), b.raw_end, kind) for b, kind in zip(main, kinds, strict=True) if kind]
    article = tuple(b for b, kind in zip(main, kinds, strict=True) if not kind)
    dates = (parse_date(line) for line, kind in zip(lines, kinds, strict=True) if kind == "meta_line")
    published = next((day for day in dates if day), None) or _line_above(blocks, main)
    title = page.meta.get("title", "") or next((b.text.strip() for b in article if b.role == "headline"), "")
    source = "meta line in the page" if published else ""
    return CleanView(tuple(map(composed, article)), tuple(sorted(removed, key=lambda r: r.start)), published, source, title), page.meta


def _line_above(blocks: list[TextBlock], main: list[TextBlock]) -> date | None:
    """Day that stands alone in a line right above the article, outside of the article's own part."""
    if not main:
        return None
    first = blocks.index(main[0])
    lines = [" ".join(block.text.split()) for block in blocks[max(0, first - NEAR) : first]]
    kinds = [boilerplate_kinds([line])[0] for line in lines]
    days = [parse_date(line) for line, kind in zip(lines, kinds, strict=True) if kind == "meta_line"]
    return next((day for day in reversed(days) if day), None)


def _hiding(page: _HtmlScan) -> frozenset[str]:
    """Elements that were skipped and hold more than all that was kept: the article itself stands in one of them."""
    kept = sum(len(text) for pieces, _ in page.blocks for text, _ in pieces)
    if not kept:
        return SKIPPED_TAGS
    skipped: dict[str, int] = {}
    for span in page.removed:
        if span.kind in SKIPPED_TAGS:
            skipped[span.kind] = skipped.get(span.kind, 0) + span.end - span.start
    return frozenset(kind for kind, size in skipped.items() if kind in MAY_HOLD_ALL and size > kept)


def _add_script_date(page: _HtmlScan, headlines: list[str]) -> None:
    """Take the day from the structured data about this page; data of a list of other stories never count."""
    if "published" in page.meta:
        return
    dated = [pair for script in page.scripts for pair in _dated(script)]
    own = {_letters(line) for line in headlines if line}
    fitting = [day for name, day in dated if name and _letters(name) in own]
    days = fitting or sorted({day for _, day in dated})
    if fitting or len(days) == 1:
        page.meta["published"] = days[0]


def _dated(script: str) -> list[tuple[str, str]]:
    """Headline and day of publication of each thing in a script; without a headline where it is not JSON."""
    try:
        return list(_things(json.loads(script)))
    except (ValueError, RecursionError):
        return [("", found) for found in PUBLISHED.findall(script)]


def _things(value: object, depth: int = 0) -> Iterator[tuple[str, str]]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, dict):
        day = value.get("datePublished")
        if isinstance(day, str):
            yield str(value.get("headline") or value.get("name") or ""), day
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _things(part, depth + 1)


def _main_content(text: str, blocks: list[TextBlock]) -> list[TextBlock]:
    """Blocks of the main content by trafilatura or else jusText; all blocks if neither finds any."""
    content = _letters(_trafilatura(text) or _justext(text))
    if len(content) < MIN_CONTENT:
        return blocks
    main = [b for b in blocks if (letters := _letters(b.text)) and (letters in content or (b.role == "headline" and b is blocks[0]))]
    return main if sum(len(b.text) for b in main) > MIN_CONTENT else blocks


def _letters(text: str) -> str:
    return "".join(ch for ch in text.lower() if ch.isalnum())


def _trafilatura(text: str) -> str:
    import trafilatura

    try:
        return trafilatura.extract(text, include_comments=False, include_tables=False, favor_recall=True) or ""
    except Exception:  # whatever a malformed page raises in the library, the page is read without its answer
        return ""


def _justext(text: str) -> str:
    import justext

    try:
        names = [language_settings(lang)["stoplist"] for lang in LANGUAGES]
        stop = frozenset().union(*(justext.get_stoplist(name) for name in names))
        return "\n".join(p.text for p in justext.justext(text, stop) if not p.is_boilerplate)
    except Exception:  # as above
        return ""
