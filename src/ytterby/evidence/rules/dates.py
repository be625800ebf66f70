"""Dates of a sentence and of a claim: explicit, relative to the document's date, or vague and then unresolved.

Resolved dates are written in ISO 8601 or EDTF: ``2025-10-28``, ``2026-03``, ``2026``, ``../2025-06-02`` (not after),
``2025-07-01/2025-12-31``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ytterby.evidence.rules.calendar import add_months, first_day, month_end, nearest_year

if TYPE_CHECKING:
    from ytterby.evidence.lexicon import LexiconHit
    from ytterby.evidence.rules.sentences import Sentence

DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.((?:19|20)\d\d)")
YEAR = re.compile(r"(?:19|20)\d\d")
DAYS = {"day": 1, "week": 7}
MONTHS = {"month": 1, "year": 12}
OPENING_KINDS = frozenset(("month", "half", "quarter", "rel_day", "rel_week", "rel_month", "rel_year")) | {
    *("duration_ahead", "number", "weekday", "deictic", "anchor")
}
"""Kinds of hits with which a date can begin."""
DATE_KINDS = OPENING_KINDS | {"kind", "edge", "unit", "year_word", "earlier", "det", "prep", "ago"}
BEFORE_YEAR = ("prep", "det", "year_word")
"""Kinds of words between a part of a year and its year: ``of``, ``des Jahres``."""
NO_DATE = "no publication date in text"


@dataclass(frozen=True)
class DateMention:
    """A date at words ``i`` to ``j`` (exclusive).

    ``past`` and ``future`` are its two resolutions where only the tense decides, as for *on Thursday*. ``basis`` says how it was
    resolved; ``tag`` marks vague dates and dates that lie some months *earlier* than another.
    """

    raw: str
    past: str | None
    future: str | None
    basis: str
    kind: str
    i: int
    j: int
    tag: str = ""

    def to_dict(self, is_future: bool) -> dict[str, object]:
        """The date as a field of a claim, resolved into the future or the past."""
        resolved = self.future if is_future else self.past
        result: dict[str, object] = {"raw": self.raw, "resolved": resolved, "basis": self.basis, "kind": self.kind}
        return {**result, "months_earlier": self.tag.partition(":")[2]} if self.tag.startswith("earlier") else result


class _DateFinder:
    """Reads dates word by word; each method recognises one notation and returns the end of the date or None."""

    def __init__(self, sentence: Sentence, reference: date | None) -> None:
        self.sentence, self.reference = sentence, reference
        self.hits: dict[tuple[int, str], LexiconHit] = {}
        for kind in DATE_KINDS & sentence.by_kind.keys():
            for hit in sentence.by_kind[kind]:
                key = (hit.i, kind)
                if key not in self.hits or self.hits[key].j < hit.j:
                    self.hits[key] = hit
        self.found: list[DateMention] = []

    def read(self, i: int) -> int | None:
        """Add the date that begins at word ``i`` and return its end; None if none does."""
        return (
            self.numeric(i)
            or self.day_and_month(i)
            or self.part_of_year(i)
            or self.relative(i)
            or self.duration(i)
            or self.weekday(i)
            or self.deictic(i)
            or self.bare_year(i)
        )

    def hit(self, kind: str, i: int) -> LexiconHit | None:
        return self.hits.get((i, kind))

    def on_edge(self, i: int) -> bool:
        """Whether a word belongs to *end of* and the like."""
        return any((hit := self.hit("edge", at)) and hit.j > i for at in range(max(0, i - 3), i + 1))

    def word(self, i: int) -> str:
        return self.sentence.words[i] if 0 <= i < len(self.sentence.words) else ""

    def year(self, i: int) -> int | None:
        return int(self.word(i)) if YEAR.fullmatch(self.word(i)) else None

    def kind(self, i: int) -> tuple[str, int]:
        """Kind of date that the words before ``i`` announce (at, from, until), and where they begin."""
        for start in range(max(0, i - 4), i):
            hit = self.hit("kind", start)
            if hit and all(self.hit("det", at) or self.on_edge(at) for at in range(hit.j, i)):
                return hit.value, start
        return "at", i

    def add(self, i: int, j: int, past: str | None, future: str | None, basis: str, tag: str = "") -> int:
        """Add a date together with the preposition before it, which may tell on which side of the publication it lies."""
        kind, start = self.kind(i)
        if kind == "since":
            kind, future = "from", past
        elif past and future and past != future and (kind == "until" or (kind == "from" and self.is_nearer(future, past))):
            past = future
        self.found.append(DateMention(self.sentence.text(start, j), past, future, basis, kind, start, j, tag))
        return j

    def is_nearer(self, text: str, other: str) -> bool:
        """Whether the first of two dates lies nearer to the publication: ``from August`` in July is the next one."""
        if self.reference is None:
            return False
        first, second = (abs((date.fromisoformat(first_day(day)) - self.reference).days) for day in (text, other))
        return first < second

    def add_day(self, i: int, j: int, year: int, month: int, day: int) -> int | None:
        try:
            text = date(year, month, day).isoformat()
        except (ValueError, OverflowError):
            return None
        return self.add(i, j, text, text, "explicit")

    def numeric(self, i: int) -> int | None:
        """``28.10.2025``, ``2025-10-28``."""
        match = DOTTED.fullmatch(self.word(i))
        if match:
            day, month, year = map(int, match.groups())
            return self.add_day(i, i + 1, year, month, day)
        if self.year(i) and self.word(i + 1) == self.word(i + 3) == "-" and self.word(i + 2).isdecimal() and self.word(i + 4).isdecimal():
            return self.add_day(i, i + 5, int(self.word(i)), int(self.word(i + 2)), int(self.word(i + 4)))
        return None

    def day_and_month(self, i: int) -> int | None:
        """``28. Oktober 2025``, ``28 October``, ``October 28, 2025``, ``October 2025``, ``October``."""
        month, day, end = self.hit("month", i), 0, 0
        if month:
            end = month.j + (self.word(month.j) == ".")
            if self.word(end).isdecimal() and len(self.word(end)) <= 2 and not self.hit("unit", end + 1):
                day, end = int(self.word(end)), end + 1
        elif self.word(i).isdecimal() and len(self.word(i)) <= 2:
            month = self.hit("month", i + 1 + (self.word(i + 1) == "."))
            if month:
                day, end = int(self.word(i)), month.j + (self.word(month.j) == ".")
        if month is None:
            return None
        after = end + (self.word(end) == "," and bool(day))
        year, after = (self.year(after), after + 1) if self.year(after) else self.year_after(end)
        return self.add_month(i, (after if year else end), int(month.data[0]), day, year)

    def add_month(self, i: int, j: int, month: int, day: int, year: int | None) -> int | None:
        if year:
            if day:
                return self.add_day(i, j, year, month, day)
            text = self.month_text(i, year, month, day)
            return self.add(i, j, text, text, "explicit")
        if self.reference is None:
            return self.add(i, j, None, None, NO_DATE)
        past, future = (self.month_text(i, nearest_year(month, self.reference, ahead), month, day) for ahead in (False, True))
        return self.add(i, j, past, future, f"publication date + {'day' if day else 'month'}")

    def month_text(self, i: int, year: int, month: int, day: int) -> str | None:
        if not day:
            return self.period(i, date(year, month, 1), month_end(year, month), f"{year:04d}-{month:02d}")
        try:
            return date(year, month, day).isoformat()
        except (ValueError, OverflowError):
            return None

    def period(self, i: int, first: date, last: date, text: str) -> str:
        """First or last day of a period after words such as *until* or *end of*, else the period itself."""
        edges = {self.hits[(at, "edge")].value for at in range(max(0, i - 3), i) if (at, "edge") in self.hits}
        if "end" in edges or self.kind(i)[0] == "until":
            return last.isoformat()
        return first.isoformat() if "start" in edges else text

    def bare_year(self, i: int) -> int | None:
        """``by 2030``: a year that a preposition or another word announces."""
        year = self.year(i)
        if year is None or self.hit("unit", i + 1) or self.word(i - 1) in {"-", "\u2013"}:
            return None
        if not self.on_edge(i - 1) and not any(self.hit(kind, at) for kind in ("kind", "edge", "year_word") for at in (i - 1, i - 2)):
            return None
        text = self.period(i, date(year, 1, 1), date(year, 12, 31), f"{year:04d}")
        return self.add(i, i + 1, text, text, "explicit")

    def year_after(self, i: int) -> tuple[int | None, int]:
        """Year that follows a month or a part of a year, and its end: ``of 2026``, ``des nächsten Jahres``, ``of the year``."""
        here, end = self.reference.year if self.reference else None, i
        for at in range(i, i + len(BEFORE_YEAR) + 1):
            if relative := self.hit("rel_year", at):
                return (None if here is None else here + int(relative.value)), relative.j
            if year := self.year(at):
                return year, at + 1
            if not any(self.hit(kind, at) for kind in BEFORE_YEAR):
                break
            end = at + 1 if self.hit("year_word", at) else end
        return (here, end) if end > i else (None, i)

    def part_of_year(self, i: int) -> int | None:
        """``the second half of 2026``, ``the third quarter of next year``; without a year the last or the next such part."""
        hit = self.hit("half", i) or self.hit("quarter", i)
        if hit is None:
            return None
        year, end = self.year_after(hit.j)
        length, name = (6, "half-year") if hit.kind == "half" else (3, "quarter")
        last = int(hit.value) * length
        if year:
            text = self.part(i, year, last - length + 1, last)
            return self.add(i, end, text, text, f"publication date + {name}")
        if self.reference is None:
            return self.add(i, end, None, None, NO_DATE)
        here = self.reference.year
        past, future = here - (last - length + 1 > self.reference.month), here + (last < self.reference.month)
        before, ahead = (self.part(i, found, last - length + 1, last) for found in (past, future))
        return self.add(i, end, before, ahead, f"publication date + {name}")

    def part(self, i: int, year: int, first: int, last: int) -> str:
        """Months of a year as a period."""
        begin, end = date(year, first, 1), month_end(year, last)
        return self.period(i, begin, end, f"{begin.isoformat()}/{end.isoformat()}")

    def weekday(self, i: int) -> int | None:
        """``on Thursday``: the last or the next one."""
        hit = self.hit("weekday", i)
        if hit is None:
            return None
        if self.reference is None:
            return self.add(i, hit.j, None, None, f"weekday, {NO_DATE}")
        back = (self.reference.weekday() - int(hit.data[0])) % 7
        past, future = self.reference - timedelta(days=back), self.reference + timedelta(days=(7 - back) % 7)
        return self.add(i, hit.j, past.isoformat(), future.isoformat(), "publication date + weekday")

    def relative(self, i: int) -> int | None:
        """``yesterday``, ``next month``."""
        for kind in ("rel_day", "rel_week", "rel_month", "rel_year"):
            hit = self.hit(kind, i)
            if hit:
                text = self.relative_text(i, kind, int(hit.value))
                return self.add(i, hit.j, text, text, "publication date + relative")
        return None

    def relative_text(self, i: int, kind: str, step: int) -> str | None:
        if self.reference is None:
            return None
        if kind == "rel_day":
            return (self.reference + timedelta(days=step)).isoformat()
        if kind == "rel_week":
            monday = self.reference - timedelta(days=self.reference.weekday()) + timedelta(weeks=step)
            return f"{monday.isoformat()}/{(monday + timedelta(days=6)).isoformat()}"
        if kind == "rel_month":
            month = add_months(self.reference, step).replace(day=1)
            return self.period(i, month, month_end(month.year, month.month), month.isoformat()[:7])
        year = self.reference.year + step
        return self.period(i, date(year, 1, 1), date(year, 12, 31), f"{year:04d}")

    def duration(self, i: int) -> int | None:
        """``for the next two years``, ``zwei Jahre früher``; the latter keeps its length for the goal that it moves."""
        ahead = self.hit("duration_ahead", i)
        length = self.length(ahead.j) if ahead else None
        if length:
            months, days, end = length
            if self.reference is None:
                return self.add(i, end, None, None, "relative, no publication date")
            last = add_months(self.reference, months) + timedelta(days=days)
            text = f"{self.reference.isoformat()}/{last.isoformat()}"
            return self.add(i, end, text, text, "publication date + duration")
        before = self.hit("ago", i - 1)
        length = self.length(i)
        if length and (word := self.hit("earlier", length[2])):
            return self.add(i, word.j, None, None, "derived", f"earlier:{length[0]}")
        after = self.hit("ago", length[2]) if length else None
        if length and (before or after):
            day = self.ago(length[0], length[1])
            return self.add(i - bool(before), after.j if after else length[2], day, day, "publication date + relative")
        return None

    def ago(self, months: int, days: int) -> str | None:
        """A day, month or year so long before the publication, as exact as it is said."""
        if self.reference is None:
            return None
        day = (add_months(self.reference, -months) - timedelta(days=days)).isoformat()
        return day if days else day[:4] if months % 12 == 0 else day[:7]

    def length(self, i: int) -> tuple[int, int, int] | None:
        """Months, days and end of a span of time such as *two years*."""
        number = self.hit("number", i)
        count = int(self.word(i)) if self.word(i).isdecimal() and len(self.word(i)) < 4 else float(number.data[2]) if number else 0
        unit = self.hit("unit", (number.j if number else i + 1)) if count else None
        if unit is None or unit.value not in DAYS | MONTHS:
            return None
        return round(count * MONTHS.get(unit.value, 0)), round(count * DAYS.get(unit.value, 0)), unit.j

    def deictic(self, i: int) -> int | None:
        """``now``, ``so far``, ``in future``, ``during the summit``: resolved to the publication date or not at all."""
        hit = self.hit("deictic", i) or self.hit("anchor", i)
        if hit is None:
            return None
        today = self.reference.isoformat() if self.reference else None
        resolved, basis = {
            "now": (today[:7] if today else None, "publication date" if today else f"deictic, {NO_DATE}"),
            "not_after": (f"../{today}" if today else None, "not after publication date" if today else "deictic"),
            "future": (None, "vague future"),
            "vague_past": (None, "vague past"),
        }.get(hit.value, (None, "event anchor" if hit.kind == "anchor" else "deictic"))
        return self.add(i, hit.j, resolved, resolved, basis, hit.value)


def find_dates(sentence: Sentence, reference: date | None) -> list[DateMention]:
    """All dates of a sentence in order of place.

    Parameters
    ----------
    sentence : Sentence
        The sentence with its hits.
    reference : date or None
        Date of publication, to which relative dates refer; without it they stay unresolved.
    """
    kinds = OPENING_KINDS & sentence.by_kind.keys()
    if not kinds and not sentence.digits:
        return []
    finder = _DateFinder(sentence, reference)
    at = 0
    for start in sorted({*sentence.digits, *(hit.i for kind in kinds for hit in sentence.by_kind[kind])}):
        if start >= at:
            at = finder.read(start) or at
    return finder.found
