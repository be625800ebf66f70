"""Dates of sentences without spaces."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ytterby.evidence.rules.calendar import add_months, first_day, month_end, nearest_year
from ytterby.evidence.rules.dates import DateMention
from ytterby.evidence.unspaced.figures import DIGITS

if TYPE_CHECKING:
    from ytterby.evidence.unspaced.signs import SignHit, SignLexicon
    from ytterby.evidence.unspaced.text import SignSentence

NO_DATE = "no publication date in text"
OPENING = frozenset(("weekday", "half", "quarter", "year_end", "month_end"))
"""Kinds of hits with which a date begins that no digit opens, beside those that are relative to the report."""
LENGTHS = {"half": 6, "quarter": 3}
"""Months of the parts of a year."""
TEN_DAYS = 10
"""Days of the first two parts of a month."""
EARLIEST = 1900
FISCAL_SHIFT = 3
"""Months by which a fiscal year begins after the calendar's."""


class _Parts(NamedTuple):
    """What a date says: numbers, 0 where it says none; a part of the year or month; whether the year is a fiscal one."""

    year: int
    month: int
    day: int
    part: SignHit | None = None
    is_fiscal: bool = False


@cache
def _day_pattern(year: str, month: str, day: str) -> re.Pattern[str]:
    return re.compile(rf"(?:(?P<y>(?:19|20)\d\d|\d{{1,2}}){year})?(?:(?P<m>1[0-2]|0?[1-9]){month})?(?:(?P<d>[12]\d|3[01]|0?[1-9]){day})?")


def dates_of(sentence: SignSentence, lexicon: SignLexicon, reference: date | None) -> list[DateMention]:
    """All dates of a sentence in order of place, resolved against the date of publication."""
    starts = {match.start() for match in DIGITS.finditer(sentence.text)}
    starts |= {hit.i for hit in sentence.hits if hit.kind in OPENING or hit.kind.startswith("rel_")}
    finder = _SpanFinder(sentence, lexicon, reference)
    free = 0
    for at in sorted(starts):
        if at >= free:
            free = finder.read(at) or free
    return finder.found


@dataclass
class _SpanFinder:
    """Reads the dates of a sentence one after the other."""

    sentence: SignSentence
    lexicon: SignLexicon
    reference: date | None

    def __post_init__(self) -> None:
        self.pattern = _day_pattern(*(self.lexicon.settings[name] for name in ("year", "month", "day")))
        self.found: list[DateMention] = []
        self.begun: _Parts | None = None

    def read(self, at: int) -> int | None:
        """Add the date that begins at a place and return its end; None if none does."""
        if self.found and self.found[-1].j != at:
            self.begun = None
        relative = next((hit for hit in self.sentence.by_start.get(at, ()) if hit.kind.startswith("rel_")), None)
        if relative and relative.kind != "rel_year":
            return self.relative(relative)
        for kind, method in (("weekday", self.weekday), ("year_end", self.end_of), ("month_end", self.end_of)):
            if hit := self.sentence.at(kind, at):
                return method(hit)
        return self.by_parts(at, relative)

    def by_parts(self, at: int, relative: SignHit | None) -> int | None:
        """A date in numbers, maybe after *next year*, with a part of the year or month after it."""
        begin = relative.j if relative else at
        match = self.pattern.match(self.sentence.text, begin)
        year, month, day = (int(match[name]) if match and match[name] else 0 for name in ("y", "m", "d"))
        end = match.end() if match else begin
        year = self.year_of_era(at, year)
        if relative and self.reference:
            year = self.reference.year + int(relative.value)
        if end == begin and not year and not self.part_at(end, has_month=False) and (shared := self.number_of_range(at)):
            month, day, end = shared
        fiscal = self.sentence.at("fiscal", end) if (year or relative) and not month else None
        end = fiscal.j if fiscal else end
        part = self.part_at(end, has_month=bool(month))
        parts = _Parts(year, month, day, part, fiscal is not None)
        if not (month or day or year or part) or (year and year < EARLIEST) or (day and self.counts_days(end)):
            return None
        return self.resolved(at, part.j if part else end, parts)

    def part_at(self, end: int, *, has_month: bool) -> SignHit | None:
        """Part of a month or of a year that follows."""
        kinds = ("third",) if has_month else ("half", "quarter")
        return next((hit for kind in kinds if (hit := self.sentence.at(kind, end))), None)

    def counts_days(self, end: int) -> bool:
        """Whether the sign of days before a place belongs to a length of time: ``10 days long``."""
        return any(hit.kind.startswith("unit:") and hit.j > end for hit in self.sentence.by_start.get(end - 1, ()))

    def number_of_range(self, at: int) -> tuple[int, int, int] | None:
        """Month, day and end of a number whose sign only the end of its range has: ``8-10 month``."""
        number = DIGITS.match(self.sentence.text, at)
        link = self.sentence.at("range", number.end()) if number and number.group().isdecimal() else None
        after = self.pattern.match(self.sentence.text, link.j) if link else None
        if number is None or after is None or after["y"] or len(number.group()) > len("31"):
            return None
        value = int(number.group())
        if after["m"]:
            return (value, 0, number.end()) if not after["d"] and 0 < value < int(after["m"]) else None
        is_day = after["d"] and 0 < value < int(after["d"]) and not self.counts_days(after.end())
        return (0, value, number.end()) if is_day else None

    def year_of_era(self, at: int, year: int) -> int:
        """Year of a reign as a year of the calendar."""
        for pair in self.lexicon.settings["era"].split(";"):
            name, _, before = pair.partition(":")
            if year < 100 and self.sentence.text.endswith(name, 0, at):
                return year + int(before)
        return year

    def resolved(self, i: int, j: int, parts: _Parts) -> int | None:
        """Add a date in parts; the end of a range takes over what only its beginning says."""
        basis = "explicit" if parts.year else "publication date + month"
        if self.begun:
            return self.end_of_range(i, j, parts, self.begun, basis)
        if not parts.year and self.reference is None:
            return self.told(i, j, None, None, NO_DATE)
        texts = [_text(found) for found in self.dated(parts)]
        if None in texts:
            return None
        begun = parts if self.opens_range(j) else None
        end = self.told(i, j, texts[0], texts[1], basis)
        day = first_day(self.found[-1].past or "") if begun else ""
        self.begun = begun._replace(year=int(day[:4]), month=int(day[5:7])) if begun and day else None
        return end

    def dated(self, parts: _Parts) -> list[_Parts]:
        """The parts in the last and in the next such year or month, seen from the report."""
        if parts.year or self.reference is None:
            return [parts, parts]
        here = self.reference
        if not parts.month and not parts.day:
            return [parts._replace(year=here.year)] * 2
        if not parts.month:
            months = (add_months(here, -(parts.day > here.day)), add_months(here, +(parts.day < here.day)))
            return [parts._replace(year=month.year, month=month.month) for month in months]
        return [parts._replace(year=nearest_year(parts.month, here, ahead)) for ahead in (False, True)]

    def opens_range(self, j: int) -> bool:
        """Whether a sign of ranges and another date follow."""
        link = self.sentence.at("range", j)
        after = self.pattern.match(self.sentence.text, link.j) if link else None
        return after is not None and bool(after.group())

    def end_of_range(self, i: int, j: int, parts: _Parts, begun: _Parts, basis: str) -> int | None:
        """The last day of a range, in the year and month of its beginning or later."""
        month = parts.month or begun.month
        later = month < begun.month and not parts.year
        last = _text(parts._replace(year=parts.year or begun.year + later, month=month if parts.month or parts.day else 0))
        self.begun = None
        return self.told(i, j, _last_day(last), _last_day(last), basis, "until") if last else None

    def told(self, i: int, j: int, past: str | None, future: str | None, basis: str, kind: str = "") -> int:
        """Add a mention with the particle after it, which tells its kind, and return its end."""
        end = self.sentence.at("end", j)
        j = end.j if end else j
        until, since = self.sentence.at("until", j), self.sentence.at("from", j)
        if not kind:
            since = self.sentence.at("range", j) if self.opens_range(j) else since
            kind = "until" if until else "from" if since else "at"
        mark = until if kind == "until" else since if kind == "from" else None
        last = mark.j if mark else j
        if until or end:
            past, future = _last_day(past), _last_day(future)
        if kind == "until" or (kind == "from" and self.is_nearer(future, past)):
            past = future
        raw = self.sentence.block.text[self.sentence.offset + i : self.sentence.offset + last]
        self.found.append(DateMention(raw, past, future, basis, "by" if self.sentence.at("deadline", j) else kind, i, last))
        return last

    def is_nearer(self, text: str | None, other: str | None) -> bool:
        """Whether the first of two dates lies nearer to the report: ``from August`` in July is the next one."""
        if self.reference is None or text is None or other is None:
            return False
        first, second = (abs((date.fromisoformat(first_day(day)) - self.reference).days) for day in (text, other))
        return first < second

    def relative(self, hit: SignHit) -> int:
        """``tomorrow``, ``next week``, ``early next month``."""
        third = self.sentence.at("third", hit.j) if hit.kind == "rel_month" else None
        end = third.j if third else hit.j
        if self.reference is None:
            return self.told(hit.i, end, None, None, NO_DATE)
        step = int(hit.value)
        if hit.kind == "rel_month":
            month = add_months(self.reference, step)
            text = _text(_Parts(month.year, month.month, 0, third))
        elif hit.kind == "rel_week":
            monday = self.reference - timedelta(days=self.reference.weekday()) + timedelta(weeks=step)
            text = f"{monday.isoformat()}/{(monday + timedelta(days=6)).isoformat()}"
        else:
            text = (self.reference + timedelta(days=step)).isoformat()
        return self.told(hit.i, end, text, text, "publication date + relative")

    def end_of(self, hit: SignHit) -> int:
        """The end of the year or month of the report."""
        if self.reference is None:
            return self.told(hit.i, hit.j, None, None, NO_DATE)
        month = 12 if hit.kind == "year_end" else self.reference.month
        last = month_end(self.reference.year, month).isoformat()
        return self.told(hit.i, hit.j, last, last, "publication date + relative")

    def weekday(self, hit: SignHit) -> int:
        """The last or the next such day."""
        if self.reference is None:
            return self.told(hit.i, hit.j, None, None, f"weekday, {NO_DATE}")
        back = (self.reference.weekday() - int(hit.value)) % 7
        past, future = self.reference - timedelta(days=back), self.reference + timedelta(days=(7 - back) % 7)
        return self.told(hit.i, hit.j, past.isoformat(), future.isoformat(), "publication date + weekday")


def _last_day(text: str | None) -> str | None:
    """Last day of a month, year or period."""
    if text is None or len(text) == 10:
        return text
    if "/" in text:
        return text.partition("/")[2]
    year, _, month = text.partition("-")
    return month_end(int(year), int(month) if month else 12).isoformat()


def _text(parts: _Parts) -> str | None:
    """ISO form of a day, month, year or part of them; None for a day that no calendar has."""
    year, month, day, part, is_fiscal = parts
    try:
        if part and part.kind == "third":
            first = date(year, month, int(part.value))
            last = month_end(year, month) if first.day > 2 * TEN_DAYS else first + timedelta(days=TEN_DAYS - 1)
            return f"{first.isoformat()}/{last.isoformat()}"
        if part or is_fiscal:
            length = LENGTHS[part.kind] if part else 12
            begin = (int(part.value) - 1) * length if part else 0
            first = add_months(date(year, 1, 1), begin + FISCAL_SHIFT * is_fiscal)
            return f"{first.isoformat()}/{(add_months(first, length) - timedelta(days=1)).isoformat()}"
        if day:
            return date(year, month, day).isoformat()
        return f"{year:04d}-{date(year, month, 1).month:02d}" if month else f"{year:04d}"
    except ValueError:
        return None
