"""Quantities of sentences without spaces."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ytterby.evidence.rules.quantities import CONVERTED, FAMILIES, MASS, MONEY, RATE, SPANS, QuantityMention, bounds

if TYPE_CHECKING:
    from ytterby.evidence.unspaced.signs import SignHit
    from ytterby.evidence.unspaced.text import SignSentence

DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
SHARE = "%"
REACH = 6
"""Signs between a price and the amount that it is paid for."""
LONGEST_MONTH = 31
"""Days of a month, at most: a number above it before the sign of days counts them."""
HALF = 0.5
MAX_DIGIT = 9


class _Amount(NamedTuple):
    """A number up to a place; ``leading`` are its first digits, ``factor`` what its myriads make of them."""

    value: float
    end: int
    leading: float
    factor: float


class _Reading(NamedTuple):
    """A number or a range with its unit up to a place; ``low`` is the value of a single number, too."""

    low: float
    high: float
    unit: str
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
    taken = {at for quantity in found for at in range(quantity.i, quantity.j)}
    found += [_length(sentence, hit) for hit in sentence.hits if hit.kind.startswith("length:") and hit.i not in taken]
    return sorted(found, key=lambda quantity: quantity.i)


def _vague(sentence: SignSentence, hit: SignHit) -> QuantityMention:
    low, high = map(float, hit.value.split())
    return QuantityMention(
        sentence.text[hit.i : hit.j], None, "share_world", hit.kind.partition(":")[2], low, high, "share_world", hit.i, hit.j
    )


def _length(sentence: SignSentence, hit: SignHit) -> QuantityMention:
    """A time that one word says, such as *half a year*."""
    return _shown(sentence, (hit.i, hit.j), float(hit.value), hit.kind.partition(":")[2])


def _amount(sentence: SignSentence, at: int) -> _Amount | None:
    """A number with its myriads: ``9 myriads 6600`` is 96,600."""
    total, end, leading, largest = 0.0, at, 0.0, 1.0
    while match := DIGITS.match(sentence.text, end):
        value, end = float(match.group().replace(",", "")), match.end()
        factor, leading = 1.0, leading or value
        while multiplier := sentence.at("multiplier", end):
            factor, end = factor * float(multiplier.value), multiplier.j
        total, largest = total + value * factor, max(largest, factor)
        if factor == 1:
            break
    return _Amount(total, end, leading, largest) if end > at else None


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
    reading = _range(sentence, amount) or _single(sentence, amount)
    if reading is None:
        return None
    by = 10.0 if reading.unit == "tenth" else 1.0
    name = SHARE if reading.unit == "tenth" else reading.unit
    return _shown(sentence, (at, reading.end), reading.low * by, name, reading.high * by)


def _unit(sentence: SignSentence, amount: _Amount) -> tuple[str, int] | None:
    """Unit after a number and where it ends; the sign of days alone counts days only where no month has so many."""
    hit = _prefixed(sentence, "unit:", amount.end)
    if hit:
        return hit.kind.partition(":")[2], hit.j
    bare = sentence.at("day_sign", amount.end) if amount.value > LONGEST_MONTH else None
    return ("day", bare.j) if bare else None


def _single(sentence: SignSentence, amount: _Amount) -> _Reading | None:
    """One number with its unit, and a half after it: ``1 year half`` is a year and a half."""
    years = sentence.at("year_and_half", amount.end)
    if years:
        return _Reading(amount.value + HALF, amount.value + HALF, "year", years.j)
    unit = _unit(sentence, amount)
    if unit is None:
        return None
    more = sentence.at("and_half", unit[1]) if unit[0] in SPANS else None
    value = amount.value + (HALF if more else 0.0)
    return _Reading(value, value, unit[0], more.j if more else unit[1])


def _range(sentence: SignSentence, first: _Amount) -> _Reading | None:
    """Two numbers with one unit between which it lies; where only the second has myriads they may hold for both.

    What rises *from* one *to* another is no range.
    """
    own = _prefixed(sentence, "unit:", first.end)
    at = own.j if own else first.end
    link = sentence.at("range", at) or sentence.at("range_from", at) or (None if own else _neighbours(sentence, first))
    second = _amount(sentence, link.j) if link else None
    unit = _unit(sentence, second) if second else None
    if link is None or second is None or unit is None or (own and own.kind.partition(":")[2] != unit[0]):
        return None
    if link.kind == "range_from" and sentence.at("reached", unit[1]):
        return None
    is_shared = first.factor == 1 and first.leading < second.leading
    low = first.value * (second.factor if is_shared and not own else 1.0)
    return _Reading(low, second.value, *unit) if low < second.value else None


def _neighbours(sentence: SignSentence, first: _Amount) -> SignHit | None:
    """The pause between two single digits that follow one another: ``2, 3 weeks``."""
    pause = sentence.at("range_of_digits", first.end)
    second = DIGITS.match(sentence.text, pause.j) if pause else None
    is_next = second is not None and second.group().isdecimal() and int(second.group()) == first.value + 1 and first.value < MAX_DIGIT
    return pause if is_next else None


def _shown(sentence: SignSentence, where: tuple[int, int], value: float, unit: str, high: float | None = None) -> QuantityMention:
    """A quantity with the words around it that qualify it; with ``high`` above the value it is a range."""
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
    if high is not None and high > value:
        return QuantityMention(raw, None, name, "range", round(value * scale, 9), round(high * scale, 9), family, start, end)
    return QuantityMention(raw, round(value * factor, 9), name, qualifier, *bounds(value * scale, qualifier, family), family, start, end)
