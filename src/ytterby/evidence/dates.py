"""Dates in a sentence: explicit, relative to the document's own date, or deictic and then unresolved.

Resolved dates are ISO 8601 or EDTF: ``2025-10-28``, ``2026-03``, ``2026``, ``../2025-06-02`` (not after), ``2025-07-01/2025-12-31``.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ytterby.evidence.quantities import FAMILY

if TYPE_CHECKING:
    from ytterby.evidence.lexicon import Hit
    from ytterby.evidence.text import Sentence

DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.((?:19|20)\d\d)")
YEAR = re.compile(r"(?:19|20)\d\d")
DAYS = {"day": 1, "week": 7}


@dataclass(frozen=True)
class DateRef:
    """A date as written; ``future`` and ``past`` are its readings where only the tense decides."""

    raw: str
    past: str | None
    future: str | None
    basis: str
    kind: str
    i: int
    j: int
    tag: str = ""

    def to_dict(self, ahead: bool) -> dict[str, object]:
        """As the claims' schema wants it; ``ahead`` chooses the future reading."""
        result: dict[str, object] = {
            "raw": self.raw,
            "resolved": self.future if ahead else self.past,
            "basis": self.basis,
            "kind": self.kind,
        }
        return {**result, "shift": self.tag.partition(":")[2]} if self.tag.startswith("earlier") else result


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _shift(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    year = min(max(year, 1), 9998)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _near_month(month: int, reference: date, ahead: bool) -> int:
    """Year of the next or last such month seen from the reference."""
    if ahead:
        return reference.year + (month < reference.month)
    return reference.year - (month > reference.month)


class _Finder:
    """Looks for dates at one word after the other; each method answers one notation."""

    def __init__(self, sentence: Sentence, reference: date | None) -> None:
        self.sentence, self.reference = sentence, reference
        self.at: dict[tuple[int, str], Hit] = {}
        for kind in _KINDS & sentence.by_kind.keys():
            for hit in sentence.by_kind[kind]:
                key = (hit.i, kind)
                if key not in self.at or self.at[key].j < hit.j:
                    self.at[key] = hit
        self.found: list[DateRef] = []

    def hit(self, kind: str, i: int) -> Hit | None:
        return self.at.get((i, kind))

    def word(self, i: int) -> str:
        return self.sentence.words[i] if 0 <= i < len(self.sentence.words) else ""

    def year(self, i: int) -> int | None:
        return int(self.word(i)) if YEAR.fullmatch(self.word(i)) else None

    def kind(self, i: int) -> tuple[str, int]:
        """Kind of date that the words before ``i`` announce and where they begin."""
        for start in range(max(0, i - 3), i):
            hit = self.hit("kind", start)
            if hit and all(self.hit("det", at) or self.hit("edge", at) for at in range(hit.j, i)):
                return hit.value, start
        return "at", i

    def add(self, i: int, j: int, past: str | None, future: str | None, basis: str, tag: str = "", kind: str = "") -> int:
        """Record a date with the preposition before it; returns where to go on."""
        found, start = self.kind(i)
        text = self.sentence.block.text[self.sentence.starts[start] : self.sentence.ends[j - 1]]
        self.found.append(DateRef(text, past, future, basis, kind or found, start, j, tag))
        return j

    def day(self, i: int, j: int, year: int, month: int, day: int) -> int | None:
        try:
            text = date(year, month, day).isoformat()
        except ValueError:
            return None
        return self.add(i, j, text, text, "explicit")

    def numeric(self, i: int) -> int | None:
        match = DOTTED.fullmatch(self.word(i))
        if match:
            day, month, year = map(int, match.groups())
            return self.day(i, i + 1, year, month, day)
        if self.year(i) and self.word(i + 1) == self.word(i + 3) == "-" and self.word(i + 2).isdecimal() and self.word(i + 4).isdecimal():
            return self.day(i, i + 5, int(self.word(i)), int(self.word(i + 2)), int(self.word(i + 4)))
        return None

    def day_month(self, i: int) -> int | None:
        """``28. Oktober 2025``, ``28 October``, ``October 28, 2025``, ``October 2025``, ``October``."""
        month, day, end = self.hit("month", i), 0, 0
        if month:
            end = month.j + (self.word(month.j) == ".")
            if self.word(end).isdecimal() and len(self.word(end)) <= 2 and not self.hit("unit", end + 1):
                day, end = int(self.word(end)), end + 1
        elif self.word(i).isdecimal() and len(self.word(i)) <= 2:
            at = i + 1 + (self.word(i + 1) == ".")
            month = self.hit("month", at)
            if month:
                day, end = int(self.word(i)), month.j + (self.word(month.j) == ".")
        if month is None:
            return None
        after = end + (self.word(end) == "," and bool(day))
        year = self.year(after)
        return self.build_month(i, (after + 1 if year else end), int(month.data[0]), day, year)

    def build_month(self, i: int, j: int, month: int, day: int, year: int | None) -> int | None:
        if year and day:
            return self.day(i, j, year, month, day)
        readings = (
            [year, year] if year else [_near_month(month, self.reference, ahead) if self.reference else None for ahead in (False, True)]
        )
        basis = "explicit" if year else "publication date + day" if day else "publication date + month"
        if self.reference is None and year is None:
            return self.add(i, j, None, None, "no publication date in text")
        texts = [self.month_text(i, value, month, day) for value in readings if value]
        return self.add(i, j, texts[0], texts[1], basis)

    def month_text(self, i: int, year: int, month: int, day: int) -> str | None:
        if day:
            try:
                return date(year, month, day).isoformat()
            except ValueError:
                return None
        return self.period(i, date(year, month, 1), _month_end(year, month), f"{year:04d}-{month:02d}")

    def period(self, i: int, first: date, last: date, text: str) -> str:
        """A period's edge where *until* or *end of* asks for one, else the period itself."""
        edges = {self.at[(at, "edge")].value for at in range(max(0, i - 3), i) if (at, "edge") in self.at}
        if "end" in edges or self.kind(i)[0] == "until":
            return last.isoformat()
        return first.isoformat() if "start" in edges else text

    def bare_year(self, i: int) -> int | None:
        year = self.year(i)
        if year is None or self.hit("unit", i + 1) or self.word(i - 1) in {"-", "\u2013"}:
            return None
        announced = any(self.hit(kind, at) for kind in ("kind", "edge", "year_word") for at in (i - 1, i - 2))
        if not announced:
            return None
        text = self.period(i, date(year, 1, 1), date(year, 12, 31), f"{year:04d}")
        return self.add(i, i + 1, text, text, "explicit")

    def part_of_year(self, i: int) -> int | None:
        hit = self.hit("half", i) or self.hit("quarter", i)
        if hit is None:
            return None
        year = self.year(hit.j) or self.year(hit.j + 1) or (self.reference.year if self.reference else None)
        if year is None:
            return self.add(i, hit.j, None, None, "no publication date in text")
        months = 6 if hit.kind == "half" else 3
        last = int(hit.value) * months
        text = f"{date(year, last - months + 1, 1).isoformat()}/{_month_end(year, last).isoformat()}"
        basis = "publication date + half-year" if hit.kind == "half" else "publication date + quarter"
        return self.add(i, hit.j, text, text, basis)

    def weekday(self, i: int) -> int | None:
        hit = self.hit("weekday", i)
        if hit is None:
            return None
        if self.reference is None:
            return self.add(i, hit.j, None, None, "weekday, no publication date in text")
        back = (self.reference.weekday() - int(hit.data[0])) % 7
        past, future = self.reference - timedelta(days=back), self.reference + timedelta(days=(7 - back) % 7)
        return self.add(i, hit.j, past.isoformat(), future.isoformat(), "publication date + weekday")

    def relative(self, i: int) -> int | None:
        for kind in ("rel_day", "rel_week", "rel_month", "rel_year"):
            hit = self.hit(kind, i)
            if hit:
                return self.add(i, hit.j, *self.relative_text(kind, int(hit.value)), "publication date + relative")
        return None

    def relative_text(self, kind: str, step: int) -> tuple[str | None, str | None]:
        if self.reference is None:
            return None, None
        if kind == "rel_day":
            text = (self.reference + timedelta(days=step)).isoformat()
        elif kind == "rel_week":
            monday = self.reference - timedelta(days=self.reference.weekday()) + timedelta(weeks=step)
            text = f"{monday.isoformat()}/{(monday + timedelta(days=6)).isoformat()}"
        elif kind == "rel_month":
            text = _shift(self.reference, step).isoformat()[:7]
        else:
            text = f"{self.reference.year + step:04d}"
        return text, text

    def duration(self, i: int) -> int | None:
        ahead = self.hit("duration_ahead", i)
        length = self.length(ahead.j) if ahead else None
        if ahead and length:
            months, days, end = length
            if self.reference is None:
                return self.add(i, end, None, None, "relative, no publication date")
            last = _shift(self.reference, months) + timedelta(days=days)
            text = f"{self.reference.isoformat()}/{last.isoformat()}"
            return self.add(i, end, text, text, "publication date + duration")
        return self.earlier(i)

    def earlier(self, i: int) -> int | None:
        """``zwei Jahre früher``: kept with its length for the goal it moves."""
        length = self.length(i)
        if length and (word := self.hit("earlier", length[2])):
            return self.add(i, word.j, None, None, "derived", f"earlier:{length[0]}")
        return None

    def length(self, i: int) -> tuple[int, int, int] | None:
        number = self.hit("number", i)
        count = int(self.word(i)) if self.word(i).isdecimal() and len(self.word(i)) < 4 else int(number.data[2]) if number else 0
        unit = self.hit("unit", (number.j if number else i + 1)) if count else None
        if unit is None or FAMILY.get(unit.value) not in {"day", "year"} or unit.value not in {"day", "week", "month", "year"}:
            return None
        months = {"month": count, "year": 12 * count}.get(unit.value, 0)
        return months, count * DAYS.get(unit.value, 0), unit.j

    def deictic(self, i: int) -> int | None:
        hit = self.hit("deictic", i) or self.hit("anchor", i)
        if hit is None:
            return None
        today = self.reference.isoformat() if self.reference else None
        past, basis = {
            "now": (today[:7] if today else None, "publication date" if today else "deictic, no publication date in text"),
            "not_after": (f"../{today}" if today else None, "not after publication date" if today else "deictic"),
            "future": (None, "vague future"),
            "vague_past": (None, "vague past"),
        }.get(hit.value, (None, "event anchor" if hit.kind == "anchor" else "deictic"))
        return self.add(i, hit.j, past, past, basis, hit.value)


def find(sentence: Sentence, reference: date | None) -> list[DateRef]:
    """All dates of a sentence in order of place."""
    if not _OPENERS & sentence.by_kind.keys() and not sentence.digits:
        return []
    finder = _Finder(sentence, reference)
    notations = (
        finder.numeric,
        finder.day_month,
        finder.part_of_year,
        finder.relative,
        finder.duration,
        finder.weekday,
        finder.deictic,
        finder.bare_year,
    )
    starts = {*sentence.digits, *(hit.i for kind in _OPENERS & sentence.by_kind.keys() for hit in sentence.by_kind[kind])}
    at = 0
    for start in sorted(starts):
        if start < at:
            continue
        for notation in notations:
            end = notation(start)
            if end:
                at = end
                break
    return finder.found


_OPENERS = frozenset(
    ("month", "half", "quarter", "rel_day", "rel_week", "rel_month", "rel_year", "duration_ahead", "number", "weekday", "deictic", "anchor")
)
_KINDS = _OPENERS | {"kind", "edge", "unit", "year_word", "earlier", "det"}
