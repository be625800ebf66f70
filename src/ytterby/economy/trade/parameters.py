"""Elasticities of the trade block by group and horizon, central or drawn from their ranges."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from ytterby.economy.assumptions import triangular
from ytterby.economy.trade.base import group_rows
from ytterby.economy.trade.demand import Behaviour
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
WIDE = (0.1, 1.0)
"""Range of the pass-through in the second score of the replay, drawn evenly: it owes nothing to what was seen of 2025."""


@dataclass(frozen=True)
class ParameterRow:
    """One assumption with its range."""

    group: str
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

    behaviour: Behaviour
    """Numbers or arrays (..., group)."""
    content: Array
    """Japan's value added with suppliers that falls with volume, over that of the cited tables: number or (draw,)."""
    home: Array
    """(group,) or (draw, group) share of home suppliers in home sales."""


@cache
def parameter_rows() -> tuple[ParameterRow, ...]:
    """All rows of the table of parameters."""
    return records("ytterby.economy.trade", "tables/parameters", ParameterRow)


def row_of(parameter: str, group: str, horizon: str) -> ParameterRow:
    """Row that applies to a group: the one that names most."""
    fitting = [
        row for row in parameter_rows()
        if row.parameter == parameter and fnmatchcase(group, row.group) and fnmatchcase(horizon, row.horizon)
    ]  # fmt: skip
    return max(fitting, key=lambda row: (row.group != "*", row.horizon != "*"))


def central(groups: Sequence[str], horizon: Horizon) -> TradeParameters:
    """Central parameters of a horizon."""
    phi, sigma, epsilon, content = (np.array([row_of(name, group, horizon).value for group in groups]) for name in NAMES)
    home = np.array([group_rows()[group].home_share for group in groups])
    return TradeParameters(Behaviour(phi, sigma, epsilon), content[0], home)


def drawn(groups: Sequence[str], horizon: Horizon, draws: int, seed: int, *, wide: bool = False) -> TradeParameters:
    """Parameters drawn from their ranges, triangular with the central value as mode; one position in the range for all groups.

    Parameters
    ----------
    groups : sequence of str
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
    found = [_spread(name, groups, horizon, places[:, [at]]) for at, name in enumerate(NAMES)]
    if wide:
        found[0] = np.broadcast_to(WIDE[0] + (WIDE[1] - WIDE[0]) * places[:, [0]], found[0].shape)
    rows = [group_rows()[group] for group in groups]
    ends = (np.array([getattr(row, name) for row in rows]) for name in ("home_low", "home_share", "home_high"))
    return TradeParameters(Behaviour(*found[:3]), found[3][:, 0], triangular(places[:, len(NAMES) :], *ends))


def _spread(name: str, groups: Sequence[str], horizon: str, place: Array) -> Array:
    """Values (draw, group) at positions (draw, 1) of the ranges."""
    rows = [row_of(name, group, horizon) for group in groups]
    low, mode, high = (np.array([getattr(row, end) for row in rows]) for end in ("low", "value", "high"))
    return triangular(place, low, mode, high)
