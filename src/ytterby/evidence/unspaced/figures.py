"""Quantities and dates of sentences without spaces."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ytterby.evidence.rules.calendar import add_months, month_end, nearest_year
from ytterby.evidence.rules.dates import DateMention
from ytterby.evidence.rules.quantities import CONVERTED, FAMILIES, MASS, MONEY, RATE, QuantityMention, bounds

if TYPE_CHECKING:
    from ytterby.evidence.unspaced.signs import SignHit, SignLexicon
    from ytterby.evidence.unspaced.text import SignSentence

DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
SHARE = "%"
REACH = 6
"""Signs between a price and the amount that it is paid for."""
NO_DATE = "no publication date in text"


class _Amount(NamedTuple):
    value: float
    end: int


def quantities_of(sentence: SignSentence) -> list[QuantityMention]:
    """All quantities of a sentence in order of place."""
    found: list[QuantityMention] = []
    paid_for = {at for hit in sentence.hits if hit.kind.startswith("per:") for at in range(hit.i, hit.j)}
    free = 0
    for match in DIGITS.finditer(sentence.text):
        if match.start() >= free and match.start() not in paid_for and (quantity := _quantity(sentence, match.start())):
            found.append(quantity)
            free = quantity.j
    found += [_vague(sentence, hit) for hit in sentence.hits if hit.kind.startswith("vague:")]
    return sorted(found, key=lambda quantity: quantity.i)


def _vague(sentence: SignSentence, hit: SignHit) -> QuantityMention:
    low, high = map(float, hit.value.split())
    return QuantityMention(
        sentence.text[hit.i : hit.j], None, "share_world", hit.kind.partition(":")[2], low, high, "share_world", hit.i, hit.j
    )


def _amount(sentence: SignSentence, at: int) -> _Amount | None:
    """A number with its myriads: ``9 myriads 6600`` is 96,600."""
    total, end = 0.0, at
    while match := DIGITS.match(sentence.text, end):
        value, end = float(match.group().replace(",", "")), match.end()
        factor = 1.0
        while multiplier := sentence.at("multiplier", end):
            factor, end = factor * float(multiplier.value), multiplier.j
        total += value * factor
        if factor == 1:
            break
    return _Amount(total, end) if end > at else None


def _prefixed(sentence: SignSentence, prefix: str, i: int) -> SignHit | None:
    """The longest hit at a place whose kind begins so."""
    return max((hit for hit in sentence.by_start.get(i, ()) if hit.kind.startswith(prefix)), key=lambda hit: hit.j, default=None)


def _ending(sentence: SignSentence, prefix: str, j: int, reach: int = 0) -> SignHit | None:
    """The longest hit that ends at a place, or up to ``reach`` signs before it."""
    found = (hit for hit in sentence.hits if j - reach <= hit.j <= j and hit.kind.startswith(prefix))
    return max(found, key=lambda hit: hit.j - hit.i, default=None)


def _quantity(sentence: SignSentence, at: int) -> QuantityMention | None:
    amount = _amount(sentence, at)
    if amount is None:
        return None
    fraction = sentence.at("fraction", amount.end)
    over = _amount(sentence, fraction.j) if fraction else None
    if over and 0 < over.value <= amount.value:
        return _shown(sentence, (at, over.end), round(100 * over.value / amount.value, 4), SHARE)
    unit = _prefixed(sentence, "unit:", amount.end)
    if unit is None:
        return None
    name, value = unit.kind.partition(":")[2], amount.value
    return _shown(sentence, (at, unit.j), value * 10, SHARE) if name == "tenth" else _shown(sentence, (at, unit.j), value, name)


def _shown(sentence: SignSentence, where: tuple[int, int], value: float, unit: str) -> QuantityMention:
    (i, j), (name, factor) = where, CONVERTED.get(unit, (unit, 1.0))
    after = _prefixed(sentence, "after:", j)
    before = _ending(sentence, "qualifier:", i)
    qualifier = (after or before).kind.partition(":")[2] if after or before else "exact"  # type: ignore[union-attr]
    start = before.i if before else i
    family = "money" if name in MONEY else FAMILIES.get(name, "count")
    yearly = _ending(sentence, "yearly", start) or sentence.at("yearly_after", j)
    if name == MASS and yearly:
        name, family, start = RATE, "rate", min(start, yearly.i)
    per = _ending(sentence, "per:", start, REACH) if family == "money" else None
    if per:
        name, family, start = f"{name}/{per.kind.partition(':')[2]}", "price", per.i
    end = after.j if after else j
    scale = 0.01 if family == "percent" else factor
    raw = sentence.block.text[sentence.offset + start : sentence.offset + end]
    return QuantityMention(raw, round(value * factor, 9), name, qualifier, *bounds(value * scale, qualifier, family), family, start, end)


@cache
def _day_pattern(year: str, month: str, day: str) -> re.Pattern[str]:
    return re.compile(rf"(?:(?P<y>(?:19|20)\d\d|\d{{1,2}}){year})?(?:(?P<m>1[0-2]|0?[1-9]){month})?(?:(?P<d>[12]\d|3[01]|0?[1-9]){day})?")


def dates_of(sentence: SignSentence, lexicon: SignLexicon, reference: date | None) -> list[DateMention]:
    """All dates of a sentence in order of place, resolved against the date of publication."""
    pattern = _day_pattern(*(lexicon.settings[name] for name in ("year", "month", "day")))
    starts = {match.start() for match in DIGITS.finditer(sentence.text)} | {hit.i for hit in sentence.hits if hit.kind.startswith("rel_")}
    starts |= {hit.i for hit in sentence.hits if hit.kind in {"weekday", "half", "quarter"}}
    found: list[DateMention] = []
    free = 0
    for at in sorted(starts):
        mention = _date(sentence, lexicon, pattern, at, reference) if at >= free else None
        if mention:
            found.append(mention)
            free = mention.j
    return found


def _date(sentence: SignSentence, lexicon: SignLexicon, pattern: re.Pattern[str], at: int, reference: date | None) -> DateMention | None:
    relative = _prefixed(sentence, "rel_", at)
    if relative and relative.kind != "rel_year":
        return _relative(sentence, relative, reference)
    weekday = sentence.at("weekday", at)
    if weekday:
        return _weekday(sentence, weekday, reference)
    begin = relative.j if relative else at
    match = pattern.match(sentence.text, begin)
    year, month, day = (int(match[name]) if match and match[name] else 0 for name in ("y", "m", "d"))
    end = match.end() if match else begin
    year = _of_era(sentence, lexicon, at, year)
    if relative and reference:
        year = reference.year + int(relative.value)
    part = sentence.at("half", end) or sentence.at("quarter", end)
    if not (month or day or year or part) or (year and year < 1900) or (sentence.of("unit", end, end + 2) and not month):
        return None
    return _resolved(sentence, (at, part.j if part else end), (year, month, day), part, reference)


def _of_era(sentence: SignSentence, lexicon: SignLexicon, at: int, year: int) -> int:
    """Year of a reign as a year of the calendar."""
    for pair in lexicon.settings["era"].split(";"):
        name, _, before = pair.partition(":")
        if year < 100 and sentence.text.endswith(name, 0, at):
            return year + int(before)
    return year


def _told(sentence: SignSentence, i: int, j: int, past: str | None, future: str | None, basis: str) -> DateMention:
    """A mention with the particle after it, which tells its kind."""
    end = sentence.at("end", j)
    j = end.j if end else j
    until, since = sentence.at("until", j), sentence.at("from", j)
    kind, last = ("until", until.j) if until else ("from", since.j) if since else ("at", j)
    raw = sentence.block.text[sentence.offset + i : sentence.offset + last]
    if until or end:
        past, future = _last_day(past), _last_day(future)
    resolved = future if kind == "until" else past
    return DateMention(raw, resolved, future, basis, "by" if sentence.at("deadline", j) else kind, i, last)


def _last_day(text: str | None) -> str | None:
    """Last day of a month, year or period."""
    if text is None or len(text) == 10:
        return text
    if "/" in text:
        return text.partition("/")[2]
    year, _, month = text.partition("-")
    return month_end(int(year), int(month) if month else 12).isoformat()


def _resolved(
    sentence: SignSentence, where: tuple[int, int], parts: tuple[int, int, int], part: SignHit | None, reference: date | None
) -> DateMention | None:
    (i, j), (year, month, day) = where, parts
    if not year and reference is None:
        return _told(sentence, i, j, None, None, NO_DATE)
    years = [year, year] if year else [_year_of(month, reference, ahead) for ahead in (False, True)] if reference else []
    texts = [_text(found, month or (reference.month if day and reference and not month else 0), day, part) for found in years]
    if None in texts:
        return None
    return _told(sentence, i, j, texts[0], texts[1], "explicit" if year else "publication date + month")


def _year_of(month: int, reference: date, ahead: bool) -> int:
    return nearest_year(month, reference, ahead) if month else reference.year


def _text(year: int, month: int, day: int, part: SignHit | None) -> str | None:
    """ISO form of a day, month, year or part of a year."""
    try:
        if part:
            length = 6 if part.kind == "half" else 3
            last = int(part.value) * length
            return f"{date(year, last - length + 1, 1).isoformat()}/{month_end(year, last).isoformat()}"
        if day:
            return date(year, month, day).isoformat()
        return f"{year:04d}-{date(year, month, 1).month:02d}" if month else f"{year:04d}"
    except ValueError:
        return None


def _relative(sentence: SignSentence, hit: SignHit, reference: date | None) -> DateMention:
    if reference is None:
        return _told(sentence, hit.i, hit.j, None, None, NO_DATE)
    step = int(hit.value)
    if hit.kind == "rel_month":
        text = add_months(reference, step).isoformat()[:7]
    elif hit.kind == "rel_week":
        monday = reference - timedelta(days=reference.weekday()) + timedelta(weeks=step)
        text = f"{monday.isoformat()}/{(monday + timedelta(days=6)).isoformat()}"
    else:
        text = (reference + timedelta(days=step)).isoformat()
    return _told(sentence, hit.i, hit.j, text, text, "publication date + relative")


def _weekday(sentence: SignSentence, hit: SignHit, reference: date | None) -> DateMention:
    if reference is None:
        return _told(sentence, hit.i, hit.j, None, None, f"weekday, {NO_DATE}")
    back = (reference.weekday() - int(hit.value)) % 7
    past, future = reference - timedelta(days=back), reference + timedelta(days=(7 - back) % 7)
    return _told(sentence, hit.i, hit.j, past.isoformat(), future.isoformat(), "publication date + weekday")
