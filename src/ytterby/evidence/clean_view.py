"""The clean view of a text: blocks of the article tied to the raw text, without boilerplate and inline markup."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import TYPE_CHECKING

from ytterby.evidence.lexicon import TOKEN, boilerplate_lexicon
from ytterby.evidence.tables import LANGUAGES, language_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ytterby.evidence.lexicon import LexiconHit

MARKUP = re.compile(
    r"^#{1,6}[ \t]+|\]\([^()\s]*\)|<https?://[^>\s]*>|\*\*|__|[\u00ad\u200b\u2060]|(?<=[.!?\u201c\"])\[[\w.-]+\.[a-z]{2,}\]", re.MULTILINE
)
"""Inline markup: heading marks, link targets, emphasis, signs without width, source marks such as ``[example.com]``."""
CLUSTER = re.compile(r"[^\u0300-\u036f\u3099\u309a][\u0300-\u036f\u3099\u309a]*|.", re.DOTALL)
"""A letter with the marks that are combined with it."""
SEPARATOR = re.compile(r"\s*(?:[-*_=~#\u2013\u2014]\s*){3,}$")
FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\r?\n.*?\r?\n---[ \t]*(?=\r?\n|$)", re.DOTALL)
CLOCK_TIME = re.compile(r"\b\d{1,2}[:.]\d\d\b")
URL = re.compile(r"<?https?://\S+>?")
DOTTED_DATE = re.compile(r"\b(\d{1,2})\.\s?(\d{1,2})\.\s?((?:19|20)\d\d)\b")
SIGN_DATE = re.compile(r"((?:19|20)\d\d)\u5e74\s?(\d{1,2})\u6708\s?(\d{1,2})\u65e5")
"""``2025年10月28日``."""
WIDE_SIGN, FULL_STOP = "\u2e7f", "\u3002"
"""The last sign before those of East Asian scripts, of which one says as much as two letters; their full stop."""
ISO_DATE = re.compile(r"\b((?:19|20)\d\d)-(\d\d)-(\d\d)")
LONG, SHORT = 160, 90
"""Characters: a longer line is taken for prose, a shorter one may be a heading, a label or a teaser."""
SENTENCE_END = '.!?\u201c"\u3002\uff01\uff1f\u300d'
MAX_DATE_LINE = 40
"""Width of what stands beside a date in a line that is no sentence, in scripts without spaces."""
MAX_MATCHED = 600
"""Characters of a line that are compared with the boilerplate patterns."""
WRAPPED_WIDTH = range(46, 121)
"""Widths at which a text may be broken into lines of a fixed length."""


@dataclass(frozen=True)
class RemovedSpan:
    """A span of the raw text that is not part of the article, and what it is instead."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class TextBlock:
    """A paragraph or heading of the clean view.

    ``starts`` and ``raws`` map positions of ``text`` to the raw text, piece by piece. If both are empty, ``text`` stands
    unchanged in the raw text from ``offset`` on.
    """

    text: str
    offset: int
    role: str = "body"
    starts: tuple[int, ...] = ()
    raws: tuple[int, ...] = ()

    def raw(self, position: int) -> int:
        """Position in the raw text of a position in ``text``."""
        if not self.starts:
            return self.offset + position
        piece = bisect_right(self.starts, position) - 1
        return self.raws[piece] + position - self.starts[piece]

    @cached_property
    def tokens(self) -> list[tuple[str, int, int]]:
        """Words of the text with their starts and ends in it."""
        return [(found.group(), *found.span()) for found in TOKEN.finditer(self.text)]

    @property
    def raw_end(self) -> int:
        """End of the block in the raw text."""
        return self.raw(len(self.text) - 1) + 1


@dataclass(frozen=True)
class CleanView:
    """Blocks of the article, removed spans, and the date of publication that the text states, with its place."""

    blocks: tuple[TextBlock, ...]
    removed: tuple[RemovedSpan, ...]
    published: date | None = None
    published_from: str = ""
    title: str = ""


@dataclass(frozen=True)
class _TextLine:
    start: int
    end: int
    text: str


def clean_text(text: str) -> CleanView:
    """Clean view of plain text or Markdown."""
    front = FRONT_MATTER.match(text)
    removed = [RemovedSpan(0, front.end(), "front_matter")] if front else []
    found = _unwrap(_lines(text, front.end() if front else 0), text)
    kinds = boilerplate_kinds([line.text for line in found])
    published, source = _meta_date(found, kinds)
    blocks: list[TextBlock] = []
    for line, kind in zip(found, kinds, strict=True):
        if kind:
            removed.append(RemovedSpan(line.start, line.end, kind))
        else:
            blocks.append(_block(line.text, line.start))
    stated, place, blocks = _without_dateline(blocks)
    if published is None:
        published, source = stated, place
    title = next((b.text for b in blocks if b.role == "headline"), "")
    return CleanView(tuple(map(composed, blocks)), tuple(_merge(removed)), published, source, title)


def _lines(text: str, start: int) -> list[_TextLine]:
    """Lines that are not empty, without surrounding white space."""
    found, at = [], start
    for raw in text[start:].splitlines(keepends=True):
        core = raw.strip()
        if core:
            begin = at + raw.index(core[0])
            found.append(_TextLine(begin, begin + len(core), core))
        at += len(raw)
    return found


def _unwrap(found: list[_TextLine], text: str) -> list[_TextLine]:
    """Join the lines of paragraphs that were broken at a fixed width."""
    widest = max((len(line.text) for line in found), default=0)
    if widest not in WRAPPED_WIDTH or len(found) < 3:
        return found
    result: list[_TextLine] = []
    for line in found:
        last = result[-1] if result else None
        tail = last.text.rsplit("\n", 1)[-1] if last else ""
        continues = len(tail) > 0.6 * widest and tail[-1] not in '.!?:\u2026"\u201c'
        if last and continues and text.count("\n", last.end, line.start) == 1:
            result[-1] = _TextLine(last.start, line.end, text[last.start : line.end])
        else:
            result.append(line)
    return result


def _block(text: str, offset: int) -> TextBlock:
    """Block of a line of raw text, without its inline markup."""
    ending = text.rstrip('"\u201c\u201d') if len(text) < LONG // 3 else text
    last = ending[-1:] or text[-1]
    is_headline = _width(text) < LONG and (last not in '.!?\u2026:"\u201c\u3002\uff01\u300d' or (offset == 0 and text[-1] in "!?"))
    role = "headline" if is_headline else "body"
    if not MARKUP.search(text):
        return TextBlock(text, offset, role)
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
    return TextBlock(joined, offset, role, tuple(starts), tuple(raws)) if joined.strip() else TextBlock(" ", offset, role)


def composed(block: TextBlock) -> TextBlock:
    """The block with composed letters (NFC), as the lexicons write them; some systems write ``ü`` as two code points."""
    if unicodedata.is_normalized("NFC", block.text):
        return block
    pieces, starts, raws, length = [], [], [], 0
    for match in CLUSTER.finditer(block.text):
        piece = unicodedata.normalize("NFC", match.group())
        pieces.append(piece)
        starts.append(length)
        raws.append(block.raw(match.start()))
        length += len(piece)
    return TextBlock("".join(pieces), block.offset, block.role, tuple(starts), tuple(raws))


def _merge(removed: list[RemovedSpan]) -> list[RemovedSpan]:
    """Join neighbouring spans of one kind."""
    result: list[RemovedSpan] = []
    for span in sorted(removed, key=lambda r: r.start):
        if result and result[-1].kind == span.kind and span.start - result[-1].end <= 2:
            result[-1] = RemovedSpan(result[-1].start, span.end, span.kind)
        else:
            result.append(span)
    return result


def _width(text: str) -> int:
    """Letters of a text; a sign of an East Asian script counts as two."""
    return len(text) if max(text, default="") <= WIDE_SIGN else len(text) + sum(sign > WIDE_SIGN for sign in text)


def _boilerplate_hits(text: str) -> list[LexiconHit]:
    """Boilerplate patterns of all languages in a line."""
    text = unicodedata.normalize("NFC", text[:MAX_MATCHED])
    if len(text) >= 2 * LONG and not _may_be_legal(text.lower()):
        return []
    words = TOKEN.findall(text)
    return boilerplate_lexicon().match(words, [word.lower() for word in words])


def _may_be_legal(low: str) -> bool:
    """Whether a text in lower case holds the beginning of a legal notice, the only boilerplate that is as long as a paragraph."""
    return any(head in low for head in _legal_heads())


@cache
def _legal_heads() -> tuple[str, ...]:
    """Beginnings of the patterns of legal notices."""
    lexicon = boilerplate_lexicon()
    pools = (*lexicon.first.values(), *lexicon.prefixes.values(), lexicon.unindexed)
    return tuple(sorted({entry.pattern[0].text.lower() for pool in pools for entry in pool if entry.kind == "legal"}))


def boilerplate_kinds(texts: Sequence[str]) -> list[str]:
    """Kind of boilerplate of each line of a text; empty for lines of the article."""
    found = [_boilerplate_hits(text) for text in texts]
    prose = [_width(text) > LONG or (_width(text) > SHORT and text[-1] in SENTENCE_END) for text in texts]
    first = next((at for at, is_prose in enumerate(prose) if is_prose), len(texts))
    last = max((at for at, is_prose in enumerate(prose) if is_prose and not _is_legal(texts[at], found[at])), default=-1)
    kinds = [_kind(text, hits, at, first) for at, (text, hits) in enumerate(zip(texts, found, strict=True))]
    _mark_repeats(texts, kinds)
    _mark_teasers(texts, kinds, found, last)
    return kinds


def _has(hits: Iterable[LexiconHit], kind: str) -> bool:
    return any(hit.kind == kind for hit in hits)


def _is_legal(text: str, hits: list[LexiconHit]) -> bool:
    count = len({(hit.i, hit.value) for hit in hits if hit.kind == "legal"})
    return count >= 2 or (count == 1 and (len(text) < LONG or text[0] in "\u00a9("))


def _kind(text: str, hits: list[LexiconHit], at: int, first: int) -> str:
    """Kind of boilerplate of line ``at``, where ``first`` is the first line of prose."""
    if SEPARATOR.fullmatch(text):
        return "separator"
    if _is_legal(text, hits):
        return "legal"
    short = len(text) < SHORT + 30
    if short and _date_in(text, hits) and (_is_only_date(text, hits) or _has(hits, "date_line")):
        return "meta_line"
    if URL.fullmatch(text) or (_has(hits, "source") and (short or (len(text) < 2 * LONG and not text.endswith(".")))):
        return "source_notice"
    if len(text) < LONG and any(hit.kind == "line" and hit.i <= 2 for hit in hits):
        return "meta_line" if at < first else "notice"
    if at < first and any(hit.kind == "byline" and hit.i == 0 for hit in hits) and len(text.split()) <= 6:
        return "meta_line"
    return "section_label" if at == 0 and len(text.split()) == 1 and first > 1 and text.isalpha() else ""


def _is_only_date(text: str, hits: list[LexiconHit]) -> bool:
    """Whether a line holds little more than a date, a time and a name."""
    if text.endswith(FULL_STOP):
        return False
    rest = CLOCK_TIME.sub("", re.sub(r"\d+", "", text))
    if max(rest, default="") > WIDE_SIGN and _width(rest) > MAX_DATE_LINE:
        return False
    words = [word for word in TOKEN.findall(rest) if word.isalpha()]
    return len(words) <= 5 + sum(hit.kind in {"month", "clock"} for hit in hits) and text[-1] not in ".!?" or len(words) <= 2


def _mark_repeats(texts: Sequence[str], kinds: list[str]) -> None:
    """Mark a headline or teaser that stood before; the first one stays."""
    seen: set[str] = set()
    for at, text in enumerate(texts):
        if text in seen and not kinds[at] and len(text) > 20:
            kinds[at] = "repeated"
        seen.add(text)


def _mark_teasers(texts: Sequence[str], kinds: list[str], found: list[list[LexiconHit]], last: int) -> None:
    """Mark everything after a line such as *More on this*, or after the first notice below the ``last`` line of prose."""
    openings = (
        at
        for at, text in enumerate(texts)
        if len(text) < SHORT and any(hit.kind == "tail" and hit.i <= 1 for hit in found[at]) and _no_prose_after(texts, kinds, at)
    )
    begin = next(openings, None)
    if begin is None and last >= 0:
        notices = {"legal", "source_notice", "separator", "notice"}
        begin = next((at for at in range(last + 1, len(texts)) if kinds[at] in notices), None)
    for at in range(len(texts) if begin is None else begin, len(texts)):
        if kinds[at] not in {"legal", "source_notice", "separator"}:
            kinds[at] = "related_teasers"


def _no_prose_after(texts: Sequence[str], kinds: list[str], at: int) -> bool:
    """Whether at most one finished paragraph follows: teasers are short or break off."""
    finished = [
        len(text) > LONG and text[-1] in SENTENCE_END and not text.endswith(("...", "\u2026")) and not kind
        for text, kind in zip(texts[at + 1 :], kinds[at + 1 :], strict=True)
    ]
    return sum(finished) <= 1


def _date_in(text: str, hits: list[LexiconHit]) -> date | None:
    """The date that a short line holds."""
    for pattern, order in ((DOTTED_DATE, (3, 2, 1)), (ISO_DATE, (1, 2, 3)), (SIGN_DATE, (1, 2, 3))):
        match = pattern.search(text)
        if match:
            return _date(*(int(match.group(group)) for group in order))
    months = [hit for hit in hits if hit.kind == "month"]
    words = TOKEN.findall(unicodedata.normalize("NFC", text[:MAX_MATCHED])) if months else []
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
    """First date in a short text, in any notation and language of the lexicons."""
    return _date_in(text, _boilerplate_hits(text))


def _meta_date(found: list[_TextLine], kinds: list[str]) -> tuple[date | None, str]:
    """Date of a line of metadata above or right below the first paragraph; dates of teasers and notices never count."""
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


@cache
def _datelines() -> tuple[re.Pattern[str], ...]:
    """Notations of a dateline; place names are written in the letters of the known languages.

    ``LIMA, 3 May 2024 (Agency) -``, ``LIMA (3 May 2024).``, ``LIMA, 3 May 2024.``, and without a place ``3 May 2024 -``.
    """
    small = "".join(language_settings(lang)["letters"] for lang in LANGUAGES)
    capital = "".join(letter.upper() for letter in small if len(letter.upper()) == 1)
    place = rf"\s*[A-Z{capital}][A-Z{capital}a-z{small}. /-]{{1,40}}"
    day = rf"(?P<date>(?:\d{{1,2}}\.?\s+[A-Z{capital}][a-z{small}]+\.?|[A-Z][a-z]+\.?\s+\d{{1,2}},?|\d{{1,2}}\.\d{{1,2}}\.)\s*\d{{4}})"
    return (
        re.compile(rf"{place},\s+(?P<date>[^()\n]{{3,30}}?)\s*(?:\([^()\n]{{2,40}}\))?\s*[-\u2013\u2014]{{1,2}}\s+(?=\S)"),
        re.compile(rf"{place}\s+\({day}\)\s*[-\u2013\u2014:.]{{0,2}}\s+(?=\S)"),
        re.compile(rf"{place},\s+{day}[.:]\s+(?=\S)"),
        re.compile(rf"\s*{day}\s*[-\u2013\u2014:.]{{1,2}}\s+(?=\S)"),
    )


def _without_dateline(blocks: list[TextBlock]) -> tuple[date | None, str, list[TextBlock]]:
    """Date of a dateline at the beginning of the article, its place, and the blocks without it."""
    for at, first in enumerate(blocks[:4]):
        match = next((found for notation in _datelines() if (found := notation.match(first.text))), None)
        day = parse_date(match["date"]) if match else None
        if match and day:
            rest = first if first.starts else TextBlock(first.text[match.end() :], first.raw(match.end()), first.role)
            return day, f"dateline at {first.offset}", [*blocks[:at], rest, *blocks[at + 1 :]]
    return None, "", blocks
