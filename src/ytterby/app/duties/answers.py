"""The answer of ``trade`` in a sentence, true of the tables below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.report import band_place, plain_place, rounded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ytterby.economy.trade import TradeGroup, TradeParty

BILLION = 1e9
MOST = 3
"""Partners that are named; the others stand in the table."""


def answer(parties: Sequence[TradeParty], groups: Sequence[TradeGroup], named: Sequence[str], year: tuple[str, str], against: str) -> str:
    """What the duties change for the partners whose duties the scenario sets, and for the importing country.

    Parameters
    ----------
    parties : sequence of TradeParty
        The importing country first.
    groups : sequence of TradeGroup
        Goods of the named partners.
    named : sequence of str
        Codes of these partners.
    year : tuple of str
        First and last month that are added up.
    against : str
        What changes are counted from, in words.
    """
    home, *partners = parties
    told = [_partner(row, home.name) for row in partners if row.party in named][:MOST]
    paid = sum(row.revenue - row.base * row.duty_before for row in groups) / BILLION
    whose = "its" if len(named) == 1 else "their"
    buyers = (home.consumers + home.users) / BILLION
    own = (
        f"{home.name}: {abs(paid):.1f} bn {_more(paid)} duty on {whose} goods; with the duties on all partners together "
        f"{abs(home.revenue) / BILLION:.0f} bn {_more(home.revenue)} revenue, and {abs(buyers):.0f} bn {_more(buyers)} for buyers"
    )
    return f"{'; '.join(told)}. {own}. A year, {year[0]} to {year[1]} against {against}, other things equal."


def told_jobs(jobs: float, band: tuple[float, float] | None = None) -> float:
    """Number of jobs at the digits that its band supports, to two digits where it has none [persons]."""
    return rounded(jobs, max(plain_place(jobs) if band is None else band_place(jobs, *band), 0))


def _more(value: float) -> str:
    return "less" if value < 0.0 else "more"


def _partner(row: TradeParty, home: str) -> str:
    """What a partner sells, keeps and employs more or less."""
    ends = sorted(abs(end) / BILLION for end in row.band.get("exports", ()))
    same = row.band.get("exports", (0.0, 0.0))[0] * row.band.get("exports", (0.0, 0.0))[1] > 0.0
    band = f" (5 to 95 %: {ends[0]:.1f} to {ends[1]:.1f})" if same else ""
    sold = f"{row.name} sells the {home} {abs(row.exports) / BILLION:.1f} bn USD {_more(row.exports)}{band}"
    if row.value_added is None or row.jobs_with_suppliers is None:
        return sold
    count = abs(told_jobs(row.jobs_with_suppliers, row.band.get("jobs_with_suppliers")))
    jobs = f"{count:,.0f} {'fewer' if row.jobs_with_suppliers < 0.0 else 'more'} jobs with suppliers"
    return f"{sold}, has {abs(row.value_added) / BILLION:.1f} bn {_more(row.value_added)} value added and {jobs}"
