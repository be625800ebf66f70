"""Quantities of a sentence: numbers with unit and qualifier, and vague words as intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ytterby.evidence.lexicon import Lexicon, LexiconHit
    from ytterby.evidence.rules.sentences import Sentence

SPREAD = 0.05
"""Half width of *about*, as a share of the value."""

MONEY = frozenset(("USD", "EUR", "JPY", "INR", "CNY", "AUD", "CAD", "GBP", "KRW", "CHF", "BRL"))
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
"""A rate before a word such as *earlier* is a mass: ``11 tonnes a year earlier``."""
CONVERTED = {"kt": ("t", 1000.0)}
"""Units that are converted: (unit, factor)."""

HitsByStart = dict[int, list["LexiconHit"]]


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


def parse_number(text: str, lexicon: Lexicon) -> float | None:
    """Value of digits in the notation of the language, such as ``10.000,5`` in German; None if they are no number."""
    decimal, thousands = lexicon.settings["decimal"], lexicon.settings["thousands"]
    groups = text.split(decimal)[0].split(thousands)
    is_grouped = len(groups) > 1 and all(len(group) == 3 for group in groups[1:]) and 1 <= len(groups[0]) <= 3
    is_point = not is_grouped and decimal not in text and text.count(thousands) == 1
    try:
        value = float(text.replace(thousands, "." if is_point else "").replace(decimal, "."))
    except ValueError:
        return None
    return value if abs(value) < 1e18 else None


def find_quantities(sentence: Sentence, lexicon: Lexicon) -> list[QuantityMention]:
    """All quantities of a sentence in order of place."""
    by_start: HitsByStart = {}
    for kind in ("unit", "multiplier", "number", "per", "qualifier", "range", "part_of"):
        for hit in sentence.of(kind):
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


def _hit(by_start: HitsByStart, at: int, kind: str) -> LexiconHit | None:
    return max((hit for hit in by_start.get(at, ()) if hit.kind == kind), key=lambda hit: hit.j, default=None)


def _amount(sentence: Sentence, lexicon: Lexicon, by_start: HitsByStart, at: int) -> tuple[float, int] | None:
    """Value and end of digits or a number word, with its multiplier."""
    if at >= len(sentence.words):
        return None
    word = sentence.words[at]
    value = parse_number(word, lexicon) if word[0].isdecimal() else None
    if value is None:
        number = _hit(by_start, at, "number")
        if number is None:
            return None
        value = float(number.data[2])
    end = at + 1
    multiplier = _hit(by_start, end, "multiplier")
    if multiplier:
        value, end = value * float(multiplier.data[2]), multiplier.j
        if end < len(sentence.words) and sentence.words[end] == ".":
            end += 1
    return value, end


def _part_at(sentence: Sentence, lexicon: Lexicon, by_start: HitsByStart, at: int) -> QuantityMention | None:
    """A share written as *nine out of ten*."""
    first = _amount(sentence, lexicon, by_start, at)
    link = _hit(by_start, first[1], "part_of") if first else None
    second = _amount(sentence, lexicon, by_start, link.j) if link else None
    if first is None or second is None or not 0 < first[0] < second[0]:
        return None
    share, end = round(first[0] / second[0], 6), second[1]
    return QuantityMention(sentence.text(at, end), round(share * 100, 4), "%", "exact", share, share, "percent", at, end)


def _number_at(sentence: Sentence, lexicon: Lexicon, by_start: HitsByStart, at: int) -> QuantityMention | None:
    """The quantity that begins at word ``at``: a currency before the number, or a unit after it; also a range."""
    prefix = _hit(by_start, at, "unit")
    begin = at + 1 if prefix and prefix.value in MONEY and prefix.j == at + 1 else at
    first = _amount(sentence, lexicon, by_start, begin)
    if first is None:
        return None
    low, end = first
    span = _hit(by_start, end, "range")
    second = _amount(sentence, lexicon, by_start, span.j) if span and sentence.words[begin][0].isdecimal() else None
    unit = prefix if begin > at else _hit(by_start, second[1] if second else end, "unit")
    if unit is None or (second and unit.value in MONEY and second[0] < low):
        second = None
        unit = unit or _hit(by_start, end, "unit")
    if unit is None:
        return None
    end = second[1] if second else end
    end = end if begin > at else max(end, unit.j)
    if unit.value == RATE and sentence.at("earlier_word", unit.j):
        unit, end = unit._replace(value=MASS), unit.i + 1
    return _quantity(sentence, by_start, (at, end), (low, second[0] if second else None), unit)


def _quantity(
    sentence: Sentence, by_start: HitsByStart, where: tuple[int, int], amounts: tuple[float, float | None], unit: LexiconHit
) -> QuantityMention:
    (i, end), (value, upper) = where, amounts
    name, factor = CONVERTED.get(unit.value, (unit.value, 1.0))
    family = "money" if name in MONEY else FAMILIES.get(unit.value, "count")
    per = _hit(by_start, end, "per")
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
    return QuantityMention(raw, value * factor, shown, word, *_bounds(value * scale, word, family), family, start, end)


def _qualifier(by_start: HitsByStart, i: int) -> LexiconHit | None:
    """The longest qualifier that ends right before word ``i``."""
    found = (hit for start in range(max(0, i - 3), i) for hit in by_start.get(start, ()) if hit.kind == "qualifier" and hit.j == i)
    return max(found, key=lambda hit: hit.j - hit.i, default=None)


def _bounds(value: float, qualifier: str, family: str) -> tuple[float | None, float | None]:
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
