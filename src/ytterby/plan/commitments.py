"""Recorded commitments of the parties beside their plan: what governments have put up for the same purpose.

They enter no programme and nothing is fitted to them; they tell whether the size of a plan is of this world.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.facts import dollars, periods
from ytterby.plan.plan_result import ComparisonRow
from ytterby.tables import rows

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from ytterby.facts import Facts
    from ytterby.plan.plan_result import PortfolioRow


def compared_with(
    facts: Facts, parties: Sequence[str], portfolio: Sequence[PortfolioRow], as_of: dt.date | None = None
) -> Iterator[ComparisonRow]:
    """Recorded commitments of each party beside what the plan takes from it.

    Money stands beside all public money of the party, a stock beside the stock of the same goods. Stocks that the plan does
    not buy are told as nil.

    Parameters
    ----------
    facts : Facts
    parties : sequence of str
    portfolio : sequence of PortfolioRow
    as_of : date, optional
        Commitments of later date are left out.

    Yields
    ------
    ComparisonRow
        In the order of the parties, money first; amounts in USD at the rate of the year, stocks in t.
    """
    listed = [(row, facts.row(row["fact"])) for row in rows("ytterby.plan", "tables/recorded_commitments")]
    for party in parties:
        for row, fact in listed:
            if fact["region"] == party and known_on(fact, as_of):
                yield _beside(row, fact, [each for each in portfolio if each.party == party])


def known_on(fact: pd.Series, as_of: dt.date | None) -> bool:
    """Whether a figure is of that day or earlier; all are where none is given."""
    first = periods.start(str(fact["period"]))
    return as_of is None or (first is not None and first <= as_of)


def _beside(row: dict[str, str], fact: pd.Series, portfolio: Sequence[PortfolioRow]) -> ComparisonRow:
    """A commitment beside the same of a party's plan."""
    stock = row["stock"]
    recorded = float(fact["value"]) if stock else dollars(float(fact["value"]), str(fact["unit"]), int(str(fact["period"])[:4]))
    planned = sum(each.size if stock else each.public_usd for each in portfolio if stock in {"", each.measure})
    return ComparisonRow(
        party=str(fact["region"]),
        what=row["what"] or (str(fact["scope"]) if stock else _what(fact)), period=str(fact["period"]), covers=row["covers"],
        measure=stock, recorded=recorded, plan=planned, unit="t" if stock else "USD", recalled=fact["source_status"] == "recalled",
        fact=row["fact"],
    )  # fmt: skip


def _what(fact: pd.Series) -> str:
    """What was committed, without the party that the figure names first."""
    text = str(fact["scope"])
    return text.partition("; ")[2] or text
