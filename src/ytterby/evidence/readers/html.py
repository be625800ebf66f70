"""HTML to blocks tied to the raw text: markup is skipped, nothing is executed, no link is followed."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from ytterby.evidence.clean import View, classify, parse_date
from ytterby.evidence.records import Removed
from ytterby.evidence.text import Block

BREAKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "button",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "select",
        "summary",
        "table",
        "tbody",
        "td",
        "textarea",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "ul",
    ]
)
RAW = frozenset(("script", "style", "template", "noscript", "svg", "iframe", "object", "math", "xmp", "noembed", "noframes"))
SKIPPED = frozenset(("nav", "footer", "aside", "form", "button", "select", "textarea", "figcaption", "head", "menu", "dialog"))
VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
NAME = re.compile(r"/?\s*([A-Za-z][A-Za-z0-9:-]{0,40})")
ATTRIBUTE = re.compile(r"([A-Za-z_:-]{1,40})\s*=\s*(?:\"([^\"]{0,2000})\"|'([^']{0,2000})'|([^\s\"'>]{1,500}))")
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});?")
PUBLISHED = re.compile(r"\"datePublished\"\s*:\s*\"([0-9T:+.Z-]{10,40})\"")
DATE_KEYS = (
    "article:published_time",
    "datepublished",
    "date",
    "dc.date",
    "dc.date.issued",
    "parsely-pub-date",
    "publishdate",
    "pubdate",
    "sailthru.date",
)
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "title"))
TAG_LIMIT = 20_000


@dataclass
class _Page:
    """What a scan collects: text pieces by block, skipped spans, metadata."""

    pieces: list[tuple[str, int]] = field(default_factory=list)
    blocks: list[tuple[list[tuple[str, int]], str]] = field(default_factory=list)
    removed: list[Removed] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    tag: str = ""

    def flush(self, tag: str) -> None:
        """End the block that is open."""
        if any(text.strip() for text, _ in self.pieces):
            self.blocks.append((self.pieces, self.tag))
        self.pieces, self.tag = [], tag


def scan(text: str, skip: frozenset[str] = SKIPPED) -> _Page:
    """One pass over the markup; linear in its length whatever it holds."""
    page, at, low = _Page(), 0, text.lower()
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
                _note(page, name, attributes, text, at)
            if depth <= 0:
                page.removed.append(Removed(since, at, skipping))
                skipping = ""
            continue
        if name in skip and not closing:
            page.flush("")
            skipping, depth, since = name, 1, begin
        elif name in BREAKS:
            page.flush("" if closing else name)
        _note(page, name, attributes, text, at)
    page.flush("")
    if skipping:
        page.removed.append(Removed(since, len(text), skipping))
    return page


def _tag(text: str, low: str, begin: int, page: _Page) -> tuple[int, str, bool, str]:
    """Where the markup at ``begin`` ends, its name, whether it closes, its attributes."""
    if text.startswith("<!--", begin):
        end = text.find("-->", begin + 4)
        return (end + 3 if end >= 0 else len(text)), "", False, ""
    match = NAME.match(text, begin + 1)
    if match is None:
        if text[begin + 1 : begin + 2] in {"!", "?"}:
            end = text.find(">", begin)
            return (end + 1 if end >= 0 else len(text)), "", False, ""
        _add_text(page, text, begin, begin + 1)
        return begin + 1, "", False, ""
    name, closing = match.group(1).lower(), text[begin + 1] == "/"
    end = text.find(">", match.end(), match.end() + TAG_LIMIT)
    end = end + 1 if end >= 0 else min(len(text), match.end() + TAG_LIMIT)
    attributes = text[match.end() : end - 1]
    if name in RAW and not closing and not attributes.endswith("/"):
        close = low.find(f"</{name}", end)
        if name == "script":
            found = PUBLISHED.search(text, end, min(close if close >= 0 else len(text), end + 50_000))
            if found:
                page.meta.setdefault("published", found.group(1))
        gt = text.find(">", close) if close >= 0 else -1
        stop = gt + 1 if gt >= 0 else len(text)
        page.removed.append(Removed(begin, stop, name))
        return stop, "", False, ""
    return end, name, closing or name in VOID, attributes


def _add_text(page: _Page, text: str, start: int, end: int) -> None:
    """Text between tags, its entities resolved, each piece with its place."""
    at = start
    if text.find("&", start, end) >= 0:
        for match in ENTITY.finditer(text, start, end):
            if match.start() > at:
                page.pieces.append((text[at : match.start()], at))
            sign = html.unescape(match.group())
            page.pieces.append((sign if len(sign) == 1 else " ", match.start()))
            at = match.end()
    if end > at:
        page.pieces.append((text[at:end], at))


def _note(page: _Page, name: str, attributes: str, text: str, at: int) -> None:
    """Keep title, date, publisher and address from the page's head."""
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
    for wanted, target in (("og:site_name", "publisher"), ("og:title", "title"), ("og:url", "url")):
        if key == wanted and content:
            page.meta[target] = content
    if name == "link" and values.get("rel", "").lower() == "canonical" and values.get("href"):
        page.meta["url"] = values["href"]
    if name == "time" and values.get("datetime"):
        page.meta.setdefault("time", values["datetime"])


def _block(pieces: list[tuple[str, int]], tag: str) -> Block:
    parts, starts, raws, length = [], [], [], 0
    for piece, offset in pieces:
        starts.append(length)
        raws.append(offset)
        parts.append(piece)
        length += len(piece)
    return Block("".join(parts), pieces[0][1], "headline" if tag in HEADINGS else "body", tuple(starts), tuple(raws))


def clean_html(text: str) -> tuple[View, dict[str, str]]:
    """The clean view of a page and its metadata."""
    page = scan(text)
    if not page.blocks:
        meta = page.meta
        page = scan(text, frozenset())
        page.meta = {**page.meta, **meta}
    blocks = [_block(pieces, tag) for pieces, tag in page.blocks]
    kept = _main(text, blocks) if len(blocks) > 3 else blocks
    kinds = classify([" ".join(b.text.split()) for b in kept])
    removed = list(page.removed)
    removed += [Removed(b.raw(0), b.raw(len(b.text) - 1) + 1, "not_main") for b in blocks if b not in kept]
    removed += [Removed(b.raw(0), b.raw(len(b.text) - 1) + 1, kind) for b, kind in zip(kept, kinds, strict=True) if kind]
    article = tuple(b for b, kind in zip(kept, kinds, strict=True) if not kind)
    dated = next(
        (day for b, kind in zip(kept, kinds, strict=True) if kind == "meta_line" for day in [parse_date(" ".join(b.text.split()))] if day),
        None,
    )
    title = page.meta.get("title", "") or next((b.text.strip() for b in article if b.role == "headline"), "")
    view = View(article, tuple(sorted(removed, key=lambda r: r.start)), dated, "meta line in the page" if dated else "", title)
    return view, page.meta


def _main(text: str, blocks: list[Block]) -> list[Block]:
    """Blocks that trafilatura, else jusText, holds for the main content; all where neither finds any."""
    content = _trafilatura(text) or _justext(text)
    joined = _squeeze(content)
    if len(joined) < 200:
        return blocks
    kept = [b for b in blocks if (word := _squeeze(b.text)) and (word in joined or (b.role == "headline" and b is blocks[0]))]
    return kept if sum(len(b.text) for b in kept) > 200 else blocks


def _squeeze(text: str) -> str:
    return "".join(ch for ch in text.lower() if ch.isalnum())


def _trafilatura(text: str) -> str:
    import trafilatura

    try:
        return trafilatura.extract(text, include_comments=False, include_tables=False, favor_recall=True) or ""
    except Exception:  # a page that breaks the extractor is read without its opinion
        return ""


def _justext(text: str) -> str:
    import justext

    try:
        stop = frozenset().union(*(justext.get_stoplist(name) for name in ("German", "English")))
        return "\n".join(p.text for p in justext.justext(text, stop) if not p.is_boilerplate)
    except Exception:  # as above
        return ""
