"""Targets from customs records (BACI) for 2009-2015: unit values, tonnes, direct and traced import shares.

Traced shares follow re-exports, loops included, through countries that do not produce.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING

import numpy as np

from ytterby.validation.tables import table
from ytterby.validation.targets import Target, hit_rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from ytterby.facts import Facts


def producers(definition: str = "narrow") -> frozenset[str]:
    """Countries whose exports count as their own production: ``narrow``, or ``wide`` with those that also re-export."""
    return frozenset(row["region"] for row in table("producers") if row[definition] == "1")


def traced_shares(tonnage: Mapping[tuple[str, str], float], origin: str, definition: str = "narrow") -> dict[str, float]:
    """Share of goods of ``origin`` in the imports of each country [1].

    Exports of a country that does not produce have the origin mix of its imports; a producer exports its own production.

    Parameters
    ----------
    tonnage : mapping of (exporter, importer) to t
        Flows of one year.
    origin : str
        A producing country.
    definition : {"narrow", "wide"}
        Definition of a producer.
    """
    names = sorted({name for pair in tonnage for name in pair})
    at, own = {name: i for i, name in enumerate(names)}, producers(definition)
    bought = np.zeros((len(names), len(names)))
    for (seller, buyer), tonnes in tonnage.items():
        bought[at[buyer], at[seller]] += tonnes
    total = bought.sum(axis=1, keepdims=True)
    share = np.divide(bought, total, out=np.zeros_like(bought), where=total > 0.0)
    passes = np.array([name not in own for name in names])
    known = np.array([1.0 if name == origin else 0.0 for name in names])
    # imports x = share @ content, with content = x of a country that passes on, and 1 or 0 of a producer
    matrix = np.eye(len(names)) - share * passes[None, :]
    solved = np.linalg.lstsq(matrix, share @ np.where(passes, 0.0, known), rcond=None)[0]
    return {name: float(solved[at[name]]) for name in names}


IMPORTERS = ("JP", "US", "DE", "FR")
YEARS = tuple(range(2009, 2016))
SUPPLIER = "CN"
OTHERS = "others"
MIN_TONNES = 50.0
"""Flows that are smaller in every year are not scored [t]."""


def records(facts: Facts) -> pd.DataFrame:
    """Trade of the episode's years with weights: year, hs, exporter, importer, value_kusd, quantity_t."""
    found = facts.trade()
    found = found[found["year"].isin(YEARS) & found["quantity_t"].notna()]
    return found[found["hs"].isin([row["hs"] for row in table("headings")])]


def _target(  # noqa: PLR0913
    kind: str,
    name: str,
    what: str,
    unit: str,
    year: int,
    value: float,
    low: float,
    high: float,
    region: str,
    partner: str,
    heading: str,
    reference: float = math.nan,
) -> Target:
    scale, tolerance = hit_rule(kind)
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    names = (f"BACI-{name}-{year}", kind, f"{what}, {year}", unit)
    return Target(*names, first, last, value, low, high, scale, tolerance, False, False, "", region, partner, heading, reference)


def unit_values(facts: Facts) -> list[Target]:
    """Value over weight of all imports, by heading, importer and year after the base year [USD/kg].

    Qualities and forms under a heading differ by importer; the unit value of the base year measures by how much and is no target.
    """
    sums = records(facts).groupby(["hs", "importer", "year"])[["value_kusd", "quantity_t"]].sum()
    prices = (sums["value_kusd"] / sums["quantity_t"]).to_dict()
    found = []
    for row in table("headings"):
        for importer in IMPORTERS:
            first = float(prices[row["hs"], importer, YEARS[0]])
            for year in YEARS[1:]:
                price = float(prices[row["hs"], importer, year])
                what = f"unit value of HS {row['hs']}, imports of {importer}"
                labels = (importer, "", row["hs"], first)
                found.append(_target("unit_value", f"UV-{row['hs']}-{importer}", what, "USD/kg", year, price, price, price, *labels))
    return found


def tonnes(facts: Facts) -> list[Target]:
    """Weight of imports from China and from all other countries, by heading, importer and year [t]."""
    rows = records(facts)
    rows = rows.assign(partner=np.where(rows["exporter"] == SUPPLIER, SUPPLIER, OTHERS))
    sums = rows.groupby(["hs", "importer", "partner", "year"])["quantity_t"].sum()
    found = []
    for row in table("headings"):
        for importer in IMPORTERS:
            for partner in (SUPPLIER, OTHERS):
                series = [float(sums.get((row["hs"], importer, partner, year), 0.0)) for year in YEARS]
                if min(series) <= 0.0 or max(series) < MIN_TONNES:
                    continue
                what = f"weight of HS {row['hs']}, {importer} from {partner}"
                labels = (importer, partner, row["hs"])
                name = f"T-{row['hs']}-{importer}-{partner}"
                found += [_target("tonnes", name, what, "t", year, t, t, t, *labels) for year, t in zip(YEARS, series, strict=True)]
    return found


def flows_of(facts: Facts, year: int) -> dict[tuple[str, str], float]:
    """Weight of rare earths by exporter and importer in a year [t]."""
    rows = records(facts)
    sums = rows[rows["year"] == year].groupby(["exporter", "importer"])["quantity_t"].sum()
    pairs = zip(sums.index.get_level_values(0), sums.index.get_level_values(1), sums, strict=True)
    return {(str(seller), str(buyer)): float(t) for seller, buyer, t in pairs}


def shares(facts: Facts) -> list[Target]:
    """Share of China in imports by weight: direct, and traced through countries that do not produce [1]."""
    found = []
    for year in YEARS:
        tonnage = flows_of(facts, year)
        narrow, wide = (traced_shares(tonnage, SUPPLIER, kind) for kind in ("narrow", "wide"))
        for importer in IMPORTERS:
            total = sum(t for (_, b), t in tonnage.items() if b == importer)
            direct = tonnage.get((SUPPLIER, importer), 0.0) / total
            low, high = sorted((narrow[importer], wide[importer]))
            labels = (importer, SUPPLIER, "")
            what = f"share of China in imports of {importer}"
            found.append(_target("share_direct", f"DIRECT-{importer}", f"direct {what}", "1", year, direct, direct, direct, *labels))
            middle = (low + high) / 2
            found.append(_target("share_traced", f"TRACED-{importer}", f"traced {what}", "1", year, middle, low, high, *labels))
    return found


def customs_targets(facts: Facts) -> tuple[Target, ...]:
    """All targets from customs records; none of them is fitted."""
    return (*unit_values(facts), *tonnes(facts), *shares(facts))
