"""Production stops: firms that need many single-sourced parts stop when the first of them runs out.

Equations S1-S7 in ``docs/explanation/losses.md``. Time is in weeks, stocks in weeks of use. Arrays have any number of
leading draw axes (``...``), then week, then market, demand or sector.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.economy import assumptions

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


class PartsModel(NamedTuple):
    """Parameters of the parts of a product; arrays (..., demand)."""

    number: Array
    """Number of critical single-sourced parts in the product, K; 0 = the input is not critical."""
    spread: Array
    """Standard deviation of ln cover over all parts."""
    firm_share: Array
    """Share of that variance that is common to all parts of a firm."""
    lumpy: Array
    """Share of parts that are delivered fully or not at all, each by a licence draw of its own."""
    incomplete: Array
    """Share of a stopped firm's output that continues with dropped features or as incomplete units."""
    thrift: Array
    """Share of the input that firms save at once at high prices without losing output."""


class StopResult(NamedTuple):
    """Stops of the firms of each demand."""

    stopped: Array
    """(..., week, demand) share of firms that have stopped at least once by the end of the week."""
    output: Array
    """(..., week, demand) output over base output, before any work-around."""


def parts_model(demands: pd.DataFrame, quantiles: Array | None = None) -> PartsModel:
    """Parts model of a System's demands from the assumptions ``parts``; ``quantiles`` as in :meth:`AssumptionTable.values`."""
    table = assumptions.read("parts")
    uses = assumptions.uses_of(demands)
    names = {"number": "parts", "spread": "cover_spread"}
    return PartsModel(*(table.pick(names.get(name, name), uses, quantiles) for name in PartsModel._fields))


def stops(served: Array, arrival: Array, cover0: Array, parts: PartsModel, *, want: Array | None = None) -> StopResult:
    """Share of firms stopped, and output, of each demand.

    Parameters
    ----------
    served : array (..., week, demand)
        Delivered over wanted final use, 0-1: an upper bound of output.
    arrival : array (..., week, demand)
        Arrivals at the users over their base use; 1 in the steady state. What one user is refused is missing to that user alone.
    cover0 : array (..., demand)
        Mean cover over parts and firms at the start [weeks].
    parts : PartsModel
        Parameters of the parts.
    want : array (..., week, demand), optional
        Wanted use over base use; 1 by default. A fall below ``1 - thrift`` because of prices is output given up, not input saved.
    """
    from ytterby.economy.firm_stops import LANES, stopped_and_output

    wanted = np.ones_like(arrival) if want is None else want
    shape = np.broadcast_shapes(served.shape, arrival.shape, wanted.shape)
    served, arrival, wanted = (_by_draw(values, shape, 2, LANES) for values in (served, arrival, wanted))
    single = [_by_draw(values, (*shape[:-2], shape[-1]), 1, LANES) for values in (cover0, *parts)]
    of_draws = PartsModel(*single[1:])
    stopped, output = stopped_and_output(served, arrival, wanted, single[0], of_draws)
    idle = of_draws.number[:, None, :] <= 0
    if idle.any():
        stopped, output = np.where(idle, 0.0, stopped), np.where(idle, 1.0, output)
    return StopResult(*(values[..., : shape[-1]].reshape(shape) for values in (stopped, output)))


def _by_draw(values: Array, shape: tuple[int, ...], axes: int, least: int) -> Array:
    """Values of a shape, with all axes but the last ones in one; fewer demands than ``least`` are repeated."""
    whole = np.ascontiguousarray(np.broadcast_to(values, shape), dtype=np.float64).reshape(-1, *shape[-axes:])
    return whole if shape[-1] >= least else np.ascontiguousarray(whole[..., np.arange(least) % shape[-1]])
