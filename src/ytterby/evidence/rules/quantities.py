"""Quantities of a sentence: numbers with unit and qualifier, and vague words as intervals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby.evidence.rules.numbers import amount_at, hit_at
from ytterby.evidence.rules.sentences import CLAUSE_ENDS, DASHES

if TYPE_CHECKING:
    from ytterby.evidence.lexicon import Lexicon, LexiconHit
    from ytterby.evidence.rules.numbers import Amount, HitsByStart
    from ytterby.evidence.rules.sentences import Sentence

SPREAD = 0.05
"""Half width of *about*, as a share of the value."""

MONEY = frozenset(("USD", "EUR", "JPY", "INR", "CNY", "AUD", "CAD", "GBP", "KRW", "CHF", "BRL")) | {
    *("ARS", "MXN", "IDR", "RUB", "SAR", "TRY", "ZAR", "KZT", "VND", "MYR", "THB", "TWD", "HKD", "SGD", "NZD"),
    *("SEK", "NOK", "DKK", "PLN", "CLP", "UAH", "PHP", "MMK"),
}
"""Currencies by ISO 4217 code: those of the G20, and of other countries that mine, refine or lend."""
FAMILIES = {
    "%": "percent",
    "gdp": "gdp",
    "t": "mass",
    "kt": "mass",
    "kg": "mass",
    "t/year": "rate",
    "day": "day",
    "week": "day",
    "month": "day",
    "year": "year",
    "member": "member",
    "element": "element",
}
"""Family of each unit; units that are not listed count things."""
CONTRACTS = frozenset(("loan", "agreement", "order"))
"""Concepts after which a word for *over* does not mean *more than*, as in German *Kredit über 5 Euro*."""
RATE, MASS = "t/year", "t"
"""A mass with words such as *a year* is a rate, but not before *earlier*: ``11 tonnes a year earlier``."""
CONVERTED = {"kt": ("t", 1000.0), "megatonne": ("t", 1e6), "lb": ("kg", 0.45359237)}
"""Units that are converted: (unit, factor)."""
PER_YEAR = {"year": 1.0, "month": 12.0}
"""Periods of a rate in a year."""
REACH = 5
"""Words between a mass and the word that makes it a rate: ``5,000 tonnes of cobalt sulphate a year``."""
YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True)
class QuantityMention:
    """A quantity at words ``i`` to ``j`` (exclusive); ``lo`` and ``hi`` bound it (None: open), where shares are 0 to 1."""

    raw: str
    value: float | None
    unit: str
    qualifier: str
    lo: float | None
    hi: float | None
    family: str = ""
    i: int = 0
    j: int = 0

    def to_dict(self) -> dict[str, object]:
        """The quantity as a field of a claim."""
        value = int(self.value) if self.value is not None and float(self.value).is_integer() else self.value
        return {"raw": self.raw, "value": value, "unit": self.unit, "qualifier": self.qualifier, "lo": self.lo, "hi": self.hi}


PARTS = frozenset(("unit", "multiplier", "number", "addend", "per", "qualifier", "range", "part_of", "yearly"))
"""Kinds of hits that are parts of a quantity."""
SPANS = frozenset(("day", "week", "month", "year"))
"""Units of time, whose ranges are also read in words."""
OPENING_KINDS = frozenset(("number", "unit", "vague"))
"""Kinds of hits with which a quantity begins that no digit opens."""


def find_quantities(sentence: Sentence, lexicon: Lexicon) -> list[QuantityMention]:
    """All quantities of a sentence in order of place."""
    if not sentence.digits and OPENING_KINDS.isdisjoint(sentence.by_kind):
        return []
    by_start: HitsByStart = {}
    for kind in PARTS & sentence.by_kind.keys():
        for hit in sentence.by_kind[kind]:
            by_start.setdefault(hit.i, []).append(hit)
    found: list[QuantityMention] = []
    opening = (hit.i for hits in by_start.values() for hit in hits if hit.kind == "number" or (hit.kind == "unit" and hit.value in MONEY))
    free = 0
    for at in sorted({*sentence.digits, *opening}):
        quantity = (_part_at(sentence, lexicon, by_start, at) or _number_at(sentence, lexicon, by_start, at)) if at >= free else None
        if quantity:
            found.append(quantity)
            free = quantity.j
    taken = {at for quantity in found for at in range(quantity.i, quantity.j)}
    found += [_vague(sentence, hit) for hit in sentence.of("vague") if hit.i not in taken]
    return sorted(found, key=lambda q: (q.i, q.j))


def _vague(sentence: Sentence, hit: LexiconHit) -> QuantityMention:
    """Interval of a word such as *most*."""
    unit, qualifier, lo, hi = hit.data
    bounds = float(lo) if lo else None, float(hi) if hi else None
    return QuantityMention(sentence.text(hit.i, hit.j), None, unit, qualifier, *bounds, unit, hit.i, hit.j)


def _part_at(sentence: Sentence, lexicon: Lexicon, by_start: HitsByStart, at: int) -> QuantityMention | None:
    """A share written as *nine out of ten*."""
    first = amount_at(sentence, lexicon, by_start, at)
    link = hit_at(by_start, first.end, "part_of") if first else None
    second = amount_at(sentence, lexicon, by_start, link.j) if link else None
    if first is None or second is None or not 0 < first.value < second.value:
        return None
    share, end = round(first.value / second.value, 6), second.end
    return QuantityMention(sentence.text(at, end), round(share * 100, 4), "%", "exact", share, share, "percent", at, end)


def _number_at(sentence: Sentence, lexicon: Lexicon, by_start: HitsByStart, at: int) -> QuantityMention | None:
    """The quantity that begins at word ``at``: a currency before the number, or a unit after it; also a range."""
    prefix = hit_at(by_start, at, "unit")
    begin = prefix.j if prefix and prefix.value in MONEY else at
    first = amount_at(sentence, lexicon, by_start, begin)
    if first is None:
        return None
    second = _upper(sentence, lexicon, by_start, first, prefix if begin > at else None)
    if second and not sentence.words[begin][0].isdecimal() and not _is_span(by_start, first, second):
        second = None
    unit = prefix if begin > at else hit_at(by_start, second.end if second else first.end, "unit")
    if second and (unit is None or (unit.value in MONEY and second.value < first.value)):
        second = None
        unit = unit or hit_at(by_start, first.end, "unit")
    if unit is None or first.value < _least(unit):
        return None
    end = second.end if second else first.end
    low = first.value * (second.factor if second and first.factor == 1 and first.value * second.factor <= second.value else 1)
    found = _as_rate(sentence, by_start, at, unit)
    end = end if begin > at else max(end, found[1])
    return _quantity(sentence, by_start, (at, end), (low, second.value if second else None), found[0])


def _is_span(by_start: HitsByStart, first: Amount, second: Amount) -> bool:
    """Whether two numbers in words bound a time: *eight to ten weeks*."""
    unit = hit_at(by_start, second.end, "unit")
    return unit is not None and unit.value in SPANS and first.value < second.value


def _upper(sentence: Sentence, lexicon: Lexicon, by_start: HitsByStart, first: Amount, currency: LexiconHit | None) -> Amount | None:
    """Upper end of a range, before which the currency may stand again: ``$4 to $5 billion``."""
    link = hit_at(by_start, first.end, "range")
    at = link.j if link else first.end + 1
    if link is None and (at >= len(sentence.words) or sentence.words[first.end] not in DASHES):
        return None
    again = hit_at(by_start, at, "unit") if currency else None
    return amount_at(sentence, lexicon, by_start, again.j if again and currency and again.value == currency.value else at)


def _least(unit: LexiconHit) -> float:
    """Least amount with which a word is this unit: ``2024 won`` is no money."""
    return float(unit.data[2] or 0)


def _as_rate(sentence: Sentence, by_start: HitsByStart, at: int, unit: LexiconHit) -> tuple[LexiconHit, int]:
    """The unit and its end; the rate that a mass is if words such as *a year* stand behind or right before it."""
    name, factor = CONVERTED.get(unit.value, (unit.value, 1.0))
    if name != MASS:
        return unit, unit.j
    after = _yearly_after(sentence, by_start, unit.j)
    found = after or _yearly_before(sentence, by_start, at)
    if found is None:
        return unit, unit.j
    per_year = factor * PER_YEAR[found.value]
    return unit._replace(value=RATE, data=(*unit.data[:3], str(per_year))), after.j if after else unit.j


def _yearly_after(sentence: Sentence, by_start: HitsByStart, begin: int) -> LexiconHit | None:
    """``500 tonnes of oxide a year``; not ``im Jahr 2027``, ``a year earlier``, ``by a month``."""
    words = sentence.words
    for at in range(begin, min(begin + REACH, len(words))):
        found = hit_at(by_start, at, "yearly")
        if found:
            is_date = found.j < len(words) and (YEAR.fullmatch(words[found.j]) or sentence.at("earlier_word", found.j))
            is_span = sentence.at("det", at) and sentence.at("prep", at - 1)
            return None if is_date or is_span else found
        if words[at] in CLAUSE_ENDS or words[at][0].isdecimal() or sentence.at("finite", at):
            return None
    return None


def _yearly_before(sentence: Sentence, by_start: HitsByStart, at: int) -> LexiconHit | None:
    """``jährlich 500 Tonnen``, ``an annual capacity of 500 tonnes``."""
    qualifier = _qualifier(by_start, at)
    end = qualifier.i if qualifier else at
    for begin in range(end - 1, max(end - REACH, -1), -1):
        found = next((hit for hit in by_start.get(begin, ()) if hit.kind == "yearly"), None)
        if found and found.j <= end:
            return found if found.j == end or sentence.at("prep", end - 1) else None
        if sentence.words[begin] in CLAUSE_ENDS or sentence.words[begin][0].isdecimal() or sentence.at("finite", begin):
            return None
    return None


def _quantity(
    sentence: Sentence, by_start: HitsByStart, where: tuple[int, int], amounts: tuple[float, float | None], unit: LexiconHit
) -> QuantityMention:
    (i, end), (value, upper) = where, amounts
    name, factor = (RATE, float(unit.data[3] or 1)) if unit.value == RATE else CONVERTED.get(unit.value, (unit.value, 1.0))
    family = "money" if name in MONEY else FAMILIES.get(unit.value, "count")
    per = hit_at(by_start, end, "per")
    if per and family == "money":
        name, family, end = f"{name}/{per.value}", "price", per.j
    qualifier = _qualifier(by_start, i)
    if qualifier and family == "money" and any(h.value in CONTRACTS and h.j == qualifier.i for h in sentence.of("concept")):
        qualifier = None
    start = qualifier.i if qualifier else i
    word = qualifier.value if qualifier else "exact"
    scale = 0.01 if family in {"percent", "gdp"} else factor
    shown = "% of GDP" if name == "gdp" else name
    raw = sentence.text(start, end)
    if upper is not None:
        return QuantityMention(raw, None, shown, "range", value * scale, upper * scale, family, start, end)
    amount = round(value * factor, 9)
    return QuantityMention(raw, amount, shown, word, *bounds(value * scale, word, family), family, start, end)


def _qualifier(by_start: HitsByStart, i: int) -> LexiconHit | None:
    """The longest qualifier that ends right before word ``i``."""
    found = (hit for start in range(max(0, i - 3), i) for hit in by_start.get(start, ()) if hit.kind == "qualifier" and hit.j == i)
    return max(found, key=lambda hit: hit.j - hit.i, default=None)


def bounds(value: float, qualifier: str, family: str) -> tuple[float | None, float | None]:
    """Interval that a qualifier means; a share is never above 1."""
    top = 1.0 if family == "percent" and value <= 1 else None
    value = round(value, 12)
    spread = round(value * SPREAD, 12)
    return {
        "over": (value, top),
        "at_least": (value, top),
        "under": (0.0, value),
        "at_most": (0.0, value),
        "nearly": (round(value - 2 * spread, 12), value),
        "about": (round(value - spread, 12), round(value + spread, 12)),
    }.get(qualifier, (value, value))
