"""Base of the trade block: trade of the United States in 2024, its home sales, and what value added and jobs hang on it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.economy.trade.duties import TREATMENTS, Line
from ytterby.economy.trade.value_added import ValueAddedShares, shares_of
from ytterby.errors import DataGapError
from ytterby.facts import trade_goods, trade_groups
from ytterby.tables import records

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.facts import Facts

    Array = NDArray[np.float64]

YEAR = 2024
IMPORTER = "US"


@dataclass(frozen=True)
class GroupRow:
    """What is assumed or known of a group besides trade."""

    group: str
    home_share: float
    """Share of home suppliers in home sales, at prices with duty."""
    home_low: float
    home_high: float
    kind: str
    facts: tuple[str, ...]
    users: float
    """Share of the group that goes to industries and investors, the rest to households."""
    bea: str
    industry: str
    note: str


class TradeBase(NamedTuple):
    """Trade of the importing country in the base year, or taken to other duties; arrays (group, supplier), the country itself first."""

    groups: tuple[str, ...]
    suppliers: tuple[str, ...]
    lines: tuple[Line, ...]
    value: Array
    """Customs value of imports, home sales for the first supplier [USD/year]."""
    duty: Array
    """Duty over customs value."""
    outlay: Array
    """What buyers spend, duty included [USD/year]."""
    share: Array
    """Share of a supplier in the outlay on a group."""
    users: Array
    """(group,) share of the outlay of industries and investors."""
    added: ValueAddedShares
    """Value added and jobs that hang on a dollar of sales of a supplier's goods."""
    exports: Array
    """(supplier,) exports of the importing country [USD/year]; nil for itself."""
    recalled: Array
    """(group,) 1 where the home share is an assumption, else 0."""

    def supplier(self, code: str) -> int:
        """Position of a supplier."""
        return self.suppliers.index(code)

    def group(self, code: str) -> int:
        """Position of a group."""
        return self.groups.index(code)

    def with_home(self, home: Array) -> TradeBase:
        """The base with other home shares (..., group); its arrays get the leading axes."""
        outlay = np.broadcast_to(self.outlay, (*home.shape[:-1], *self.outlay.shape)).copy()
        outlay[..., 0] = outlay[..., 1:].sum(axis=-1) * home / (1.0 - home)
        value = np.broadcast_to(self.value, outlay.shape).copy()
        value[..., 0] = outlay[..., 0]
        return self._replace(value=value, outlay=outlay, share=outlay / outlay.sum(axis=-1, keepdims=True))


@cache
def group_rows() -> dict[str, GroupRow]:
    """Rows of the groups by code."""
    return {row.group: row for row in records("ytterby.economy.trade", "tables/groups", GroupRow)}


def trade_base(facts: Facts) -> TradeBase:
    """Base of the trade block from the figures, with central home shares.

    Parameters
    ----------
    facts : Facts
        Figures with the trade table; the user's own download takes precedence.

    Raises
    ------
    DataGapError
        If the trade table has no imports of the base year.
    """
    groups, suppliers = tuple(trade_groups()), (IMPORTER, *trade_goods.PARTNERS)
    lines = _lines(facts, groups, suppliers)
    value, paid = np.zeros((2, len(groups), len(suppliers)))
    for line in lines:
        value[line.group, line.supplier] += line.value
        paid[line.group, line.supplier] += line.value * line.duty
    duty = paid / np.where(value > 0, value, 1.0)
    rows = [group_rows()[code] for code in groups]
    base = TradeBase(
        groups, suppliers, lines, value, duty, value + paid, value,
        np.array([row.users for row in rows]), shares_of(facts, groups, suppliers, [(row.bea, row.industry) for row in rows]),
        _exports(facts, suppliers), np.array([float(row.kind == "assumed") for row in rows]),
    )  # fmt: skip
    return base.with_home(np.array([row.home_share for row in rows]))


def _lines(facts: Facts, groups: tuple[str, ...], suppliers: tuple[str, ...]) -> tuple[Line, ...]:
    table = facts.us_trade()
    rows = table[(table["flow"] == "imports") & (table["year"] == YEAR) & (table["value_usd"] > 0)]
    if not len(rows):
        raise DataGapError(f"the trade table has no imports of {YEAR}")
    claimed = facts.us_preferences().set_index(["group", "treatment", "partner"])["share"].to_dict()
    keys = list(zip(*(rows[name].tolist() for name in ("group", "treatment", "partner")), strict=True))
    money = zip(rows["value_usd"].to_numpy(float), rows["duty_usd"].to_numpy(float), strict=True)
    return tuple(
        Line(groups.index(key[0]), suppliers.index(key[2]), _known(key[1]), float(value), float(duty / value), float(claimed.get(key, 0.0)))
        for key, (value, duty) in zip(keys, money, strict=True)
    )


def _known(treatment: str) -> str:
    if treatment not in TREATMENTS:
        raise DataGapError(f"the trade table has a treatment '{treatment}' that no duty knows")
    return treatment


def _exports(facts: Facts, suppliers: tuple[str, ...]) -> Array:
    table = facts.us_trade()
    rows = table[(table["flow"] == "exports") & (table["year"] == YEAR)]
    sums = rows.groupby("partner")["value_usd"].sum()
    return np.array([float(sums.get(code, 0.0)) for code in suppliers])
