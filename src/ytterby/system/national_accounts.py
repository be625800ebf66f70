"""Ceiling that national accounts set on the value added of a region's using sectors.

Where no figure of a region's sectors is known, they are scaled from other regions by their activity. A region that
assembles much and adds little value then gets sectors larger than its industry can hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.facts import region_of
from ytterby.system.inputs import PERCENT

if TYPE_CHECKING:
    import pandas as pd

    from ytterby.facts import Facts

KNOWN_SHARE = 0.8
"""A region whose sectors are known at least to this share of their value added tells how much of an industry they can be."""
AMOUNTS = ["value_added", "value_added_low", "value_added_high", "jobs"]


def capped(sectors: pd.DataFrame, facts: Facts, year: int) -> pd.DataFrame:
    """Sectors with those of regions without any known figure cut to the largest share of industry in a known region.

    Parameters
    ----------
    sectors : DataFrame
        Table ``sectors`` of a System: value added [USD/year] and jobs by sector and region.
    facts : Facts
        Figures, with GDP and the share of industry.
    year : int
        Base year.

    Returns
    -------
    DataFrame
        The same table; a region is left as it is where its industry is not in the accounts.
    """
    table = sectors.copy()
    totals, known = (part.groupby(part["region"])["value_added"].sum() for part in (table, table[table["facts"] != ""]))
    share = totals / industry(facts, year).reindex(totals.index)
    ceiling = share[known.reindex(share.index, fill_value=0.0) >= KNOWN_SHARE * totals].max()
    cut = (ceiling / share).where(~share.index.isin(known.index), 1.0).clip(upper=1.0).fillna(1.0)
    table[AMOUNTS] = table[AMOUNTS].mul(table["region"].map(cut), axis=0)
    return table


def industry(facts: Facts, year: int) -> pd.Series[float]:
    """Value added of industry by region [current USD/year], in the newest year of the accounts up to the base year."""
    gdp, share = (_newest(table, year) for table in (facts.gdp(), facts.industry()))
    by_country = (gdp["gdp_usd"] * share["percent"] * PERCENT).dropna()
    return by_country.groupby([region_of(str(country)) for country in by_country.index]).sum()


def _newest(table: pd.DataFrame, year: int) -> pd.DataFrame:
    return table[table["year"] <= year].sort_values("year").groupby("country").tail(1).set_index("country")
