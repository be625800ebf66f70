"""Elasticities of the trade block by group, supplier and horizon, central or drawn from their ranges."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from ytterby.economy.assumptions import triangular
from ytterby.economy.trade.base import group_rows
from ytterby.economy.trade.demand import Elasticities
from ytterby.scenario import uniforms
from ytterby.tables import records

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

Horizon = Literal["short", "medium", "long"]
HORIZONS: tuple[Horizon, ...] = ("short", "medium", "long")
"""Within a year, over two years, later."""
NAMES = ("pass_through", "substitution", "demand", "content")
ALL = "*"
WIDE = (0.1, 1.0)
"""Range of the pass-through in the second score of the replay, drawn evenly: it owes nothing to what was seen of 2025."""


@dataclass(frozen=True)
class ParameterRow:
    """One assumption with its range."""

    group: str
    supplier: str
    horizon: str
    parameter: str
    value: float
    low: float
    high: float
    kind: str
    facts: tuple[str, ...]
    note: str


class TradeParameters(NamedTuple):
    """Behaviour and what else is assumed; with or without a leading axis of draws."""

    behaviour: Elasticities
    """Numbers or arrays (..., group); the pass-through (..., group, supplier)."""
    content: Array
    """Japan's value added with suppliers that falls with volume, over that of the cited tables: number or (draw,)."""
    home: Array
    """(group,) or (draw, group) share of home suppliers in home sales."""


@cache
def parameter_rows() -> tuple[ParameterRow, ...]:
    """All rows of the table of parameters."""
    return records("ytterby.economy.trade", "tables/parameters", ParameterRow)


def row_of(parameter: str, group: str, horizon: str, supplier: str = ALL) -> ParameterRow:
    """Row that applies to a group of a supplier, ``*`` for all: the one that names most."""
    fitting = [
        row for row in parameter_rows()
        if row.parameter == parameter and fnmatchcase(group, row.group) and fnmatchcase(horizon, row.horizon)
        and row.supplier in {ALL, supplier}
    ]  # fmt: skip
    return max(fitting, key=lambda row: (row.supplier != ALL, row.group != ALL, row.horizon != ALL))


def central(groups: Sequence[str], suppliers: Sequence[str], horizon: Horizon) -> TradeParameters:
    """Central parameters of a horizon for groups and suppliers by code."""
    phi, sigma, epsilon, content = (_ends(name, groups, suppliers, horizon, "value") for name in NAMES)
    home = np.array([group_rows()[group].home_share for group in groups])
    return TradeParameters(Elasticities(phi, sigma, epsilon), content[0], home)


def drawn(  # noqa: PLR0913
    groups: Sequence[str], suppliers: Sequence[str], horizon: Horizon, draws: int, seed: int, *, wide: bool = False
) -> TradeParameters:
    """Parameters drawn from their ranges, triangular with the central value as mode; one position in the range for all cells.

    Parameters
    ----------
    groups, suppliers : sequence of str
        Their codes.
    horizon : str
        One of :data:`HORIZONS`.
    draws, seed : int
        Number of draws and their seed; each parameter has a stream of its own.
    wide : bool
        Whether the pass-through is drawn evenly from :data:`WIDE` instead.
    """
    keys = (*(f"trade.{name}" for name in NAMES), *(f"trade.home_share.{group}" for group in groups))
    places = uniforms(keys, draws, seed, "streams")
    found = [_spread(name, groups, suppliers, horizon, places[:, at]) for at, name in enumerate(NAMES)]
    if wide:
        found[0] = np.broadcast_to(WIDE[0] + (WIDE[1] - WIDE[0]) * places[:, 0, None, None], found[0].shape)
    rows = [group_rows()[group] for group in groups]
    ends = (np.array([getattr(row, name) for row in rows]) for name in ("home_low", "home_share", "home_high"))
    return TradeParameters(Elasticities(*found[:3]), found[3][:, 0], triangular(places[:, len(NAMES) :], *ends))


def _spread(name: str, groups: Sequence[str], suppliers: Sequence[str], horizon: str, place: Array) -> Array:
    """Values (draw, group), of the pass-through (draw, group, supplier), at positions (draw,) of the ranges."""
    low, mode, high = (_ends(name, groups, suppliers, horizon, end) for end in ("low", "value", "high"))
    return triangular(place.reshape(-1, *(1,) * mode.ndim), low, mode, high)


def _ends(name: str, groups: Sequence[str], suppliers: Sequence[str], horizon: str, end: str) -> Array:
    """Low, central or high values (group,) of a parameter; only the pass-through differs by supplier: (group, supplier)."""
    if name != "pass_through":
        return np.array([getattr(row_of(name, group, horizon), end) for group in groups])
    return np.array([[getattr(row_of(name, group, horizon, code), end) for code in suppliers] for group in groups])
