"""What the answers on duties are read from."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import datetime as dt

    import numpy as np
    from numpy.typing import NDArray

    from ytterby.economy import trade as block
    from ytterby.economy.trade import DutyOutcome, PartyTotals, TradeBase

    Array = NDArray[np.float64]


class Worked(NamedTuple):
    """Duties and outcomes of a scenario that rows are made from."""

    horizon: block.Horizon
    against: str
    base: TradeBase
    paths: list[block.Path]
    starts: list[dt.date]
    span: slice
    """Months that are added up."""
    named: tuple[int, ...]
    """Suppliers whose duties the scenario sets."""
    found: DutyOutcome
    """Probability-weighted over the paths' duties: outcome by month."""
    sums: PartyTotals
    bands: dict[str, Array]
    """(2, supplier) low and high of each sum over the months that are added up."""
    parameters: block.TradeParameters
