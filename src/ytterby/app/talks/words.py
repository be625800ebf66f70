"""Numbers, steps and assumptions of ``negotiate`` in words; the same step has the same words in every table and sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.report import plain_place, rounded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ytterby.bargain import Band, IssueRow

BILLION = 1e9
PERCENT = 100.0
PROGRAMMES = {
    "each_alone": "none: each its own plan",
    "aid": "aid in a crisis",
    "stocks": "joint stocks",
    "projects": "joint projects",
    "together": "all of it",
    "without_aid": "all but aid",
    "technical_help": "all, with technical help",
    "floor": "all, with a price floor",
}

STANDARDS = {"none": "none", "recognition": "mutual recognition", "charge": "recognition, and a charge on other goods"}


def bn(value: float) -> str:
    """An amount in bn USD with its sign, to two digits."""
    size = abs(value) / BILLION
    digits = 0 if size >= 9.95 else 1 if size >= 0.995 else 2  # noqa: PLR2004 (two digits)
    return f"{value / BILLION:+.{digits}f}"


def each(gains: Mapping[str, float]) -> str:
    """Amounts by party."""
    return ", ".join(f"{party} {bn(value)}" for party, value in gains.items())


def banded(bands: Mapping[str, Band]) -> str:
    """Bands by party, in brackets; empty without draws."""
    ends = "; ".join(f"{party} {bn(row.low)} to {bn(row.high)}" for party, row in bands.items())
    return f" (5 to 95 %: {ends})" if ends else ""


def ends(band: Band | None) -> str:
    """Band of an amount in bn USD, in brackets; empty without draws."""
    return f" (5 to 95 %: {bn(band.low).lstrip('+')} to {bn(band.high).lstrip('+')})" if band is not None else ""


def two_digits(value: float) -> str:
    """A number to two significant digits, without an exponent."""
    return f"{rounded(value, plain_place(value, 2)):,.{max(-plain_place(value, 2), 0)}f}"


def step_text(value: Any, kind: str = "") -> str:
    """A step in words: shares as per cent, sums in bn; with the kind of its issue, what it says there."""
    if kind in OF_KIND:
        return OF_KIND[kind](value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{party} {PERCENT * share:.0f} %" for party, share in value.items())
    if isinstance(value, float) and value <= 10.0:  # noqa: PLR2004 (a duty or a share)
        return f"{PERCENT * value:g} %"
    if isinstance(value, float):
        return f"{value / BILLION:g} bn"
    return str(value)


def _money(value: float, per: str = "") -> str:
    return f"{value / BILLION:g} bn USD{per}" if value else "none"


def _months(value: int) -> str:
    return "at once" if value == 0 else f"after {value} month{'s' if value > 1 else ''}"


OF_KIND: dict[str, Callable[[Any], str]] = {
    "minerals": lambda value: PROGRAMMES.get(value, str(value)),
    "cost_shares": lambda value: "each its own" if value == "own" else step_text(value),
    "investment": _money,
    "purchases": lambda value: _money(value, " a year"),
    "orders": lambda value: "none" if value == 0 else "all" if value == 1 else f"{PERCENT * value:g} %",
    "start": _months,
    "standard": lambda value: STANDARDS.get(value, str(value)),
    "snap_back": lambda value: "yes" if value else "no",
}
"""Words of steps by kind of issue; steps of other kinds say what they are by themselves."""


def changes_text(changes: Mapping[str, Any], issues: Mapping[str, IssueRow], *, short: bool = False) -> str:
    """Changed steps with the names of their issues, or with their ids."""
    named = {name: name.replace("_", " ") if short else f"{issues[name].name}:" for name in changes}
    return ", ".join(f"{named[name]} {step_text(value, issues[name].kind)}" for name, value in changes.items())


def amount(value: float, unit: str) -> str:
    """A value of an assumption with its unit."""
    if unit == "year":
        return f"{value:.3g} years"
    if unit == "USD/t":
        return f"{value:,.0f} USD/t"
    return f"{rounded(PERCENT * value, plain_place(PERCENT * value, 2)):g} %" + (" a year" if unit == "1/year" else "")
