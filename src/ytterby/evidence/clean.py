"""The clean view of a text: boilerplate cut out, inline markup skipped, every block tied to the raw text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ytterby.evidence.lexicon import TOKEN, boilerplate
from ytterby.evidence.records import Removed
from ytterby.evidence.text import Block

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ytterby.evidence.lexicon import Hit

MARKUP = re.compile(r"^#{1,6}[ \t]+|\]\([^()\s]*\)|<https?://[^>\s]*>|\*\*|__|(?<=[.!?\u201c\"])\[[\w.-]+\.[a-z]{2,}\]", re.MULTILINE)
"""Inline markup that is no text: heading marks, link targets, emphasis, source marks such as ``[example.com]``."""

SEPARATOR = re.compile(r"\s*(?:[-*_=~#\u2013\u2014]\s*){3,}$")
FRONT = re.compile(r"\ufeff?---[ \t]*\r?\n.*?\r?\n---[ \t]*(?=\r?\n|$)", re.DOTALL)
CLOCK = re.compile(r"\b\d{1,2}[:.]\d\d\b")
URL = re.compile(r"<?https?://\S+>?")
DATELINE = re.compile(
    r"\s*(?P<place>[A-ZÄÖÜ][A-ZÄÖÜa-zäöüß. /-]{1,40}),\s+(?P<date>[^()\n]{3,30}?)\s*"
    r"(?P<agency>\([^()\n]{2,40}\))?\s*[-\u2013\u2014]{1,2}\s+(?=\S)"
)
LONG, SHORT = 160, 90


@dataclass(frozen=True)
class Line:
    """A line of the raw text without its end."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class View:
    """Blocks of the article, spans removed, and the date found in its head with the place it came from."""

    blocks: tuple[Block, ...]
    removed: tuple[Removed, ...]
    published: date | None = None
    published_from: str = ""
    title: str = ""


def lines(text: str, start: int = 0) -> list[Line]:
    """Non-empty lines with their offsets, without white space around."""
    found, at = [], start
    for raw in text[start:].splitlines(keepends=True):
        core = raw.strip()
        if core:
            begin = at + raw.index(core[0])
            found.append(Line(begin, begin + len(core), core))
        at += len(raw)
    return found


def unwrap(found: list[Line], text: str) -> list[Line]:
    """Join lines that a fixed width has broken."""
    widest = max((len(line.text) for line in found), default=0)
    if widest > 120 or len(found) < 3:
        return found
    result: list[Line] = []
    for line in found:
        last = result[-1] if result else None
        gap = text[last.end : line.start] if last else ""
        tail = last.text.rsplit("\n", 1)[-1] if last else ""
        if last and gap.count("\n") == 1 and len(tail) > 0.6 * widest and tail[-1] not in '.!?:\u2026"\u201c' and widest > 45:
            result[-1] = Line(last.start, line.end, text[last.start : line.end])
        else:
            result.append(line)
    return result


def clean_text(text: str) -> View:
    """The clean view of plain text or Markdown."""
    front = FRONT.match(text)
    removed = [Removed(0, front.end(), "front_matter")] if front else []
    found = unwrap(lines(text, front.end() if front else 0), text)
    kinds = classify([line.text for line in found])
    published, where = _published(found, kinds)
    blocks: list[Block] = []
    for line, kind in zip(found, kinds, strict=True):
        if kind:
            removed.append(Removed(line.start, line.end, kind))
        else:
            blocks.append(block(line.text, line.start))
    if blocks and published is None:
        published, where, blocks = _dateline(blocks)
    elif blocks:
        _, _, blocks = _dateline(blocks)
    title = next((b.text for b in blocks if b.role == "headline"), "")
    return View(tuple(blocks), tuple(_merge(removed)), published, where, title)


def block(text: str, offset: int) -> Block:
    """A block of raw text with inline markup left out."""
    ending = text.rstrip('"\u201c\u201d') if len(text) < LONG // 3 else text
    text_end = ending[-1:] or text[-1]
    role = "headline" if len(text) < LONG and (text_end not in '.!?\u2026:"\u201c' or (offset == 0 and text[-1] in "!?")) else "body"
    if not MARKUP.search(text):
        return Block(text, offset, role)
    pieces, starts, raws, at, length = [], [], [], 0, 0
    for match in [*MARKUP.finditer(text), None]:
        end = match.start() if match else len(text)
        if end > at:
            starts.append(length)
            raws.append(offset + at)
            pieces.append(text[at:end])
            length += end - at
        at = match.end() if match else end
    joined = "".join(pieces).replace("[", " ").replace("]", " ")
    return Block(joined, offset, role, tuple(starts), tuple(raws)) if joined.strip() else Block(" ", offset, role)


def _merge(removed: list[Removed]) -> list[Removed]:
    result: list[Removed] = []
    for span in sorted(removed, key=lambda r: r.start):
        if result and result[-1].kind == span.kind and span.start - result[-1].end <= 2:
            result[-1] = Removed(result[-1].start, span.end, span.kind)
        else:
            result.append(span)
    return result


def marks(text: str) -> list[Hit]:
    """Boilerplate patterns of all languages found in a line."""
    words = TOKEN.findall(text[:600])
    lows = [word.lower() for word in words]
    return boilerplate().match(words, lows)


def classify(texts: list[str]) -> list[str]:
    """Kind of boilerplate of each line, ``""`` for the article's own."""
    found = [marks(text) for text in texts]
    prose = [len(text) > LONG or (len(text) > SHORT and text[-1] in '.!?\u201c"') for text in texts]
    first = next((at for at, is_prose in enumerate(prose) if is_prose), len(texts))
    last = max((at for at, is_prose in enumerate(prose) if is_prose and not _is_legal(texts[at], found[at])), default=-1)
    kinds = [_kind(text, hits, at, first) for at, (text, hits) in enumerate(zip(texts, found, strict=True))]
    _repeats(texts, kinds)
    _tail(texts, kinds, found, last)
    return kinds


def _has(hits: Iterable[Hit], kind: str) -> bool:
    return any(hit.kind == kind for hit in hits)


def _is_legal(text: str, hits: list[Hit]) -> bool:
    count = len({(hit.i, hit.value) for hit in hits if hit.kind == "legal"})
    return count >= 2 or (count == 1 and (len(text) < LONG or text[0] in "\u00a9("))


def _kind(text: str, hits: list[Hit], at: int, first: int) -> str:
    if SEPARATOR.fullmatch(text):
        return "separator" if at > first else "separator"
    if _is_legal(text, hits):
        return "legal"
    short = len(text) < SHORT + 30
    if short and _date_of(text, hits) and (_only_date(text, hits) or _has(hits, "date_line")):
        return "meta_line"
    if (
        URL.fullmatch(text)
        or (_has(hits, "source") and len(text) < 2 * LONG and not text.endswith("."))
        or (_has(hits, "source") and short)
    ):
        return "source_notice"
    if _has(hits, "line") and any(hit.kind == "line" and hit.i <= 2 for hit in hits) and len(text) < LONG:
        return "meta_line" if at < first else "notice"
    if at < first and any(hit.kind == "byline" and hit.i == 0 for hit in hits) and len(text.split()) <= 6:
        return "meta_line"
    if at == 0 and len(text.split()) == 1 and first > 1 and text.isalpha():
        return "section_label"
    return ""


def _only_date(text: str, hits: list[Hit]) -> bool:
    """Whether little but a date, a time and a name stands in the line."""
    rest = CLOCK.sub("", re.sub(r"\d+", "", text))
    words = [word for word in TOKEN.findall(rest) if word.isalpha()]
    return len(words) <= 5 + sum(hit.kind in {"month", "clock"} for hit in hits) and text[-1] not in ".!?" or len(words) <= 2


def _repeats(texts: list[str], kinds: list[str]) -> None:
    """A headline or teaser said again is boilerplate; the first stays."""
    seen: set[str] = set()
    for at, text in enumerate(texts):
        if text in seen and not kinds[at] and len(text) > 20:
            kinds[at] = "repeated"
        seen.add(text)


def _tail(texts: list[str], kinds: list[str], found: list[list[Hit]], last: int) -> None:
    """Mark teasers: all after a *more on this* line that no long prose follows, and lines that break off."""
    begin = None
    for at, text in enumerate(texts):
        short = len(text) < SHORT
        if short and any(hit.kind == "tail" and hit.i <= 1 for hit in found[at]) and _no_prose_after(texts, kinds, at):
            begin = at
            break
    if begin is None and last >= 0:
        legal = [at for at in range(last + 1, len(texts)) if kinds[at] in {"legal", "source_notice", "separator", "notice"}]
        begin = legal[0] if legal else None
    if begin is not None:
        for at in range(begin, len(texts)):
            kinds[at] = (
                kinds[at] if kinds[at] in {"legal", "source_notice"} else "related_teasers" if kinds[at] != "separator" else "separator"
            )


def _no_prose_after(texts: list[str], kinds: list[str], at: int) -> bool:
    """Whether no run of two finished paragraphs follows: teasers are short or break off."""
    finished = [
        len(text) > LONG and text[-1] in '.!?\u201c"' and not text.endswith(("...", "\u2026")) and not kind
        for text, kind in zip(texts[at + 1 :], kinds[at + 1 :], strict=True)
    ]
    return not any(a and b for a, b in zip(finished, finished[1:], strict=False)) and sum(finished) <= 1


DOTTED = re.compile(r"\b(\d{1,2})\.\s?(\d{1,2})\.\s?((?:19|20)\d\d)\b")
ISO = re.compile(r"\b((?:19|20)\d\d)-(\d\d)-(\d\d)")


def _date_of(text: str, hits: list[Hit]) -> date | None:
    """The date that a short line holds."""
    for pattern, order in ((DOTTED, (3, 2, 1)), (ISO, (1, 2, 3))):
        match = pattern.search(text)
        if match:
            return _date(*(int(match.group(group)) for group in order))
    months = [hit for hit in hits if hit.kind == "month"]
    words = TOKEN.findall(text[:600]) if months else []
    for hit in months:
        numbers = [word for at, word in enumerate(words) if word.isdecimal() and abs(at - hit.i) <= 4]
        years = [word for word in numbers if len(word) == 4 and word[:2] in {"19", "20"}]
        days = [word for word in numbers if len(word) <= 2]
        if years and days:
            return _date(int(years[0]), int(hit.data[0]), int(days[0]))
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def parse_date(text: str) -> date | None:
    """The first date in a short text in any notation and language that the lexicons know."""
    return _date_of(text, marks(text))


def _published(found: list[Line], kinds: list[str]) -> tuple[date | None, str]:
    """Date of a meta line above or right below the first prose; never from teasers or notices."""
    prose = 0
    for line, kind in zip(found, kinds, strict=True):
        if kind == "meta_line":
            day = parse_date(line.text)
            if day:
                return day, f"meta line at {line.start}"
        prose += not kind and len(line.text) > LONG
        if prose > 1 or kind in {"legal", "related_teasers"}:
            break
    return None, ""


def _dateline(blocks: list[Block]) -> tuple[date | None, str, list[Block]]:
    """Date of a classic dateline (``LIMA, 3 May 2024 (Agency) -``), which the block then loses."""
    for at, first in enumerate(blocks[:4]):
        match = DATELINE.match(first.text)
        day = parse_date(match["date"]) if match else None
        if match and day:
            start = first.raw(match.end())
            rest = Block(first.text[match.end() :], start, first.role) if not first.starts else first
            return day, f"dateline at {first.offset}", [*blocks[:at], rest, *blocks[at + 1 :]]
    return None, "", blocks
