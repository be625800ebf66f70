"""Hazard of new restrictions from the dated record: Gamma-Poisson by supplier, material and target.

The record holds what the facts hold: controls of China on minerals since 2007. What other suppliers did is not in it, so
their rates are left out rather than called small.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.facts import periods
from ytterby.history.tables import table

if TYPE_CHECKING:
    from ytterby.facts.load import Facts

SINCE = dt.date(2007, 1, 1)
"""First day of the record."""
PRIOR_EVENTS, PRIOR_YEARS = 0.5, 0.0
"""Gamma prior of a rate: Jeffreys' for a Poisson count, which adds half an event and no time."""
LEVELS = (0.1, 0.9)


@dataclass(frozen=True)
class Restriction:
    """A dated new restriction of the record."""

    fact: str
    day: dt.date
    supplier: str
    materials: frozenset[str]
    target: str
    kind: str


def restrictions(facts: Facts) -> tuple[Restriction, ...]:
    """All restrictions of the record, by date; days are those of the facts."""
    found = []
    for row in table("restrictions"):
        day = periods.start(str(facts.row(row["fact"])["period"])) or SINCE
        materials = frozenset({"rare earths"}) if row["material"] == "rare earths" else frozenset(row["material"].split())
        found.append(Restriction(row["fact"], max(day, SINCE), row["supplier"], materials, row["target"], row["kind"]))
    return tuple(sorted(found, key=lambda item: (item.day, item.fact)))


def rate(events: int, years: float) -> dict[str, float]:
    """Posterior of a yearly rate: mean, 80 % interval, and the probability of at least one in the next year.

    The last integrates the rate out: 1 - ((b + T) / (b + T + 1))^(a + n).
    """
    from scipy.stats import gamma

    shape, time = PRIOR_EVENTS + events, PRIOR_YEARS + years
    low, high = gamma.ppf(LEVELS, shape, scale=1.0 / time)
    return {
        "events": float(events),
        "years": years,
        "rate": shape / time,
        "low": float(low),
        "high": float(high),
        "p_next_year": float(1.0 - (time / (time + 1.0)) ** shape),
    }


def hazards(facts: Facts, until: dt.date | None = None) -> list[dict[str, Any]]:
    """Rates by supplier, by supplier and material, by supplier and target, and since 2020 apart; highest first.

    Parameters
    ----------
    facts : Facts
        The dated record.
    until : date, optional
        Last day of the record; the newest observation by default.
    """
    last = until or facts.as_of
    seen = [item for item in restrictions(facts) if item.day <= last]
    rows = []
    for supplier in sorted({item.supplier for item in seen}):
        own = [item for item in seen if item.supplier == supplier]
        cells: dict[tuple[str, str], list[Restriction]] = {("any", "any"): own}
        for material in sorted({name for item in own for name in item.materials}):
            cells[material, "any"] = [item for item in own if material in item.materials]
        for target in sorted({item.target for item in own}):
            cells["any", target] = [item for item in own if item.target == target]
        for (material, target), items in cells.items():
            for since in (SINCE, dt.date(2020, 1, 1)):
                years = (last - since).days / 365.25
                count = sum(item.day >= since for item in items)
                rows.append({"supplier": supplier, "material": material, "target": target, "since": str(since), **rate(count, years)})
    return sorted(rows, key=lambda row: -float(row["rate"]))


def overdispersion(facts: Facts, until: dt.date | None = None) -> float:
    """Variance over mean of the yearly counts: one for a Poisson process, more where restrictions come in waves."""
    last = until or facts.as_of
    years = range(SINCE.year, last.year + 1)
    counts = np.array([sum(item.day.year == year for item in restrictions(facts) if item.day <= last) for year in years])
    return float(counts.var(ddof=1) / counts.mean())
