"""Goods of the duties: group of a customs code, and which duties its line pays (its treatment)."""

from __future__ import annotations

from functools import cache

from ytterby.facts import reference_tables, vocabulary

PARTNERS = ("JP", "EU", "CN", "CA", "MX", "KR", "TW", "VN", "IN", "GB", "TH", "ROW")
"""Partners of the United States that are told apart."""

GENERAL = "general"
OF_GROUP = {"cars": "cars", "light_trucks": "cars", "car_parts": "car_parts", "steel_aluminium": "metals", "aircraft": "aircraft"}
"""Treatment of all lines of a group that has duties of its own."""

HEADING = 6
"""Digits from which on a list of lines of eight digits is asked."""


@cache
def _groups() -> dict[str, str]:
    return {prefix: term.code for term in vocabulary.trade_groups().values() for prefix in term.members}


@cache
def _listed() -> dict[str, str]:
    table = reference_tables.read("us_duty_lists")
    return dict(zip(table["prefix"], table["treatment"], strict=True))


@cache
def group_of(code: str) -> str:
    """Group of a customs code of two to ten digits: that of its longest known beginning."""
    known = _groups()
    return next(known[code[:digits]] for digits in range(len(code), 0, -1) if code[:digits] in known)


@cache
def treatment_of(code: str) -> str:
    """Which additional duties a line pays: those of its group, those of a list, or the general ones.

    ``exempt`` lines are on the lists of the duties under emergency powers of 2025 and of section 122 of 2026,
    ``exempt_2025`` lines on the first only.
    """
    own = OF_GROUP.get(group_of(code), "")
    listed = _listed().get(code[:8], "") if len(code) >= HEADING else ""
    return own or listed or GENERAL


@cache
def partner_of(iso2: str) -> str:
    """Partner that a country belongs to."""
    if iso2 in PARTNERS:
        return iso2
    members = {country for code in vocabulary.groups()["EU"].members for country in (vocabulary.regions()[code].members or (code,))}
    return "EU" if iso2 in members else "ROW"


@cache
def partner_name(code: str) -> str:
    """English name of a partner, or of the importing country; ``ROW`` is all others."""
    if code == "ROW":
        return "all others"
    term = vocabulary.groups().get(code) or vocabulary.regions().get(code)
    if term is not None:
        return term.name()
    table = reference_tables.read("countries")
    return str(table.loc[table["iso2"] == code, "name"].iloc[0])
