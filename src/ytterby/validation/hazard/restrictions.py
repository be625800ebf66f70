"""The dated record of new export restrictions, and the suppliers that could have imposed one.

The record contains the restrictions in the facts (figures of the episodes, events, and the rows ``XR...`` collected for it)
and is not a complete census. A measure that was adopted but not enforced counts; a relaxation does not.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from ytterby.facts import periods
from ytterby.validation.tables import table

if TYPE_CHECKING:
    import pandas as pd

    from ytterby.facts import Facts

SINCE = dt.date(2007, 1, 1)
"""First day of the record."""
SHARE_AT_RISK = 0.05
"""A country is a supplier of a family if its share of the world's exports (value, since 2007) or output is at least this large [1]."""
ENTREPOTS = frozenset({"BE", "HK", "NL", "SG", "XX"})
"""Places whose mineral exports are mostly re-exports; they are not counted as suppliers."""


@dataclass(frozen=True)
class Restriction:
    """A dated new restriction of the record.

    ``target`` is the party affected, or ``all``; ``kind`` is ban, quota, duty, tax, licence, technology or list.
    """

    fact: str
    day: dt.date
    supplier: str
    families: frozenset[str]
    target: str
    kind: str


def restrictions(facts: Facts) -> tuple[Restriction, ...]:
    """All restrictions of the record, by date; a period counts from its first day."""
    found = []
    for row in table("restrictions"):
        day = periods.start(str(facts.row(row["fact"])["period"])) or SINCE
        families = frozenset(row["families"].split())
        found.append(Restriction(row["fact"], max(day, SINCE), row["supplier"], families, row["target"], row["kind"]))
    return tuple(sorted(found, key=lambda item: (item.day, item.fact)))


def families() -> tuple[str, ...]:
    """Families of materials in the record."""
    named = {name for row in table("restrictions") for name in row["families"].split()}
    return tuple(dict.fromkeys([*(row["family"] for row in table("families")), *sorted(named)]))


def kinds() -> tuple[str, ...]:
    """Kinds of restrictions."""
    return tuple(sorted({row["kind"] for row in table("restrictions")}))


def suppliers(facts: Facts) -> frozenset[tuple[str, str]]:
    """Pairs of country and family that could have restricted: large exporters (BACI) and large producers (USGS).

    Germanium (no separate heading since 2007) and molybdenum have their suppliers listed in ``families.csv``.
    """
    flows = _flows(facts)
    pairs: set[tuple[str, str]] = set()
    for row in table("families"):
        pairs |= {(country, row["family"]) for country in row["suppliers"].split()}
        if row["headings"]:
            pairs |= _large(flows[flows["hs"].isin(row["headings"].split())].groupby("exporter")["value_kusd"].sum(), row["family"])
        if row["mineral"]:
            pairs |= _large(_producers(facts, row["mineral"]), row["family"])
    return frozenset(pairs)


@cache
def _flows(facts: Facts) -> pd.DataFrame:
    import pandas as pd

    flows = pd.concat([facts.trade(), facts.minerals_trade()])
    return flows[flows["year"] >= SINCE.year]


def _producers(facts: Facts, mineral: str) -> pd.Series:
    rows = facts.select(origin="minerals", element=mineral, quantity=["mine_production", "refined_production"], period="2024")
    return rows[rows["region"] != "WORLD"].groupby("region")["value"].sum()


def _large(amounts: pd.Series, family: str) -> set[tuple[str, str]]:
    share = amounts / amounts.sum()
    return {(str(country), family) for country in share.index[share >= SHARE_AT_RISK] if country not in ENTREPOTS}
