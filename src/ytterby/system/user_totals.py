"""The user's mine output of a country, where a base reads it mine by mine: the mines take their shares of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ytterby.facts import regions, user_figures
from ytterby.system.assumptions import Assumptions
from ytterby.system.bases import base_of
from ytterby.system.inputs import FigureWithRange

if TYPE_CHECKING:
    import pandas as pd

    from ytterby.system.inputs import FigureExpressions

OTHER_ORES = ("scandium",)
"""Feeds that are no part of a country's rare-earth oxide."""


def mine_output(inputs: FigureExpressions, row: Any) -> FigureWithRange:
    """Figure of a mine: that of its facts, or its share of the user's total of the country.

    The shares are those of the base's own figures. A range of the total is divided so that the mines together have it again, as
    independent deviations; a mine without one keeps the relative range of its row.
    """
    figure = inputs.sum(row.facts)
    total = user_total(inputs, row.region)
    if total is None or row.feed in OTHER_ORES or row.factor <= 0:
        return figure
    mines = [each for each in inputs.rows("mines") if each.region == row.region and each.feed not in OTHER_ORES]
    if all(name.removeprefix("-") in inputs.facts.user_ids for each in mines for name in each.facts.split()):
        return figure
    whole = math.fsum(inputs.sum(each.facts).value * each.factor for each in mines)
    if whole <= 0:
        return figure
    share = figure.value * row.factor / whole
    value, half = total.value * share, math.sqrt(share)
    down, up = (total.value - total.low) * half, (total.high - total.value) * half
    return FigureWithRange(value / row.factor, (value - down) / row.factor, (value + up) / row.factor, total.ids, total.kind)


def user_total(inputs: FigureExpressions, region: str) -> FigureWithRange | None:
    """The user's rare-earth oxide mined in a country in the base year; None if there is none."""
    found = totals(inputs.facts.table.loc[sorted(inputs.facts.user_ids)], inputs.year)
    ids = [str(id_) for id_ in found.index[found["region"] == region]]
    return inputs.one(ids[-1]) if ids else None


def totals(rows: pd.DataFrame, year: int) -> pd.DataFrame:
    """Rows of the user that are a country's whole rare-earth mine output of a year [t REO]."""
    is_site = rows["scope"].str.contains("|".join(user_figures.SITE_MARKS))
    measured = (rows["quantity"] == "mine_production") & (rows["element"] == "TREO") & (rows["unit"] == "t REO")
    return rows[measured & (rows["period"] == str(year)) & (rows["origin"] == "user") & ~is_site & rows["value"].notna()]


def mining_regions(year: int) -> frozenset[str]:
    """Countries whose mines a base of rare earths holds one by one; regions of several countries are none."""
    rows = Assumptions(base_of(year)).rows("mines")
    return frozenset(row.region for row in rows if row.feed not in OTHER_ORES and not regions()[row.region].members)
