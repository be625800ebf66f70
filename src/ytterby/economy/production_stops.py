"""Production stops: firms that need many single-sourced parts stop when the first of them runs out.

Equations S1-S7 in ``docs/explanation/losses.md``. Time is in weeks, stocks in weeks of use. Arrays have any number of
leading draw axes (``...``), then week, then market, demand or sector.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.economy.parts import PartsModel

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Array = NDArray[np.float64]


class StopResult(NamedTuple):
    """Stops of the firms of each demand."""

    stopped: Array
    """(..., week, demand) share of firms that have stopped at least once by the end of the week."""
    output: Array
    """(..., week, demand) output over base output, before any work-around."""


def stops(served: Array, arrival: Array, cover0: Array, parts: PartsModel, *, want: Array | None = None) -> StopResult:
    """Share of firms stopped, and output, of each demand; who needs only one of them asks :func:`firms_stopped` or :func:`output_left`.

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
    return StopResult(
        firms_stopped(served, arrival, cover0, parts, want=want),
        output_left(served, arrival, cover0, parts, want=want),
    )


def firms_stopped(served: Array, arrival: Array, cover0: Array, parts: PartsModel, *, want: Array | None = None) -> Array:
    """Share of firms of each demand that have stopped at least once by the end of the week (..., week, demand); see :func:`stops`."""
    from ytterby.economy.firm_stops import stopped_share

    return _of_demands(stopped_share, 0.0, (served, arrival, want), cover0, parts)


def output_left(served: Array, arrival: Array, cover0: Array, parts: PartsModel, *, want: Array | None = None) -> Array:
    """Output of each demand over base output (..., week, demand), before any work-around; see :func:`stops`."""
    from ytterby.economy.firm_stops import output_share

    return _of_demands(output_share, 1.0, (served, arrival, want), cover0, parts)


def _of_demands(
    share: Callable[[Array, Array, Array, Array, PartsModel], Array],
    idle: float,
    flows: tuple[Array, Array, Array | None],
    cover0: Array,
    parts: PartsModel,
) -> Array:
    """A share of each demand (..., week, demand) from arrays of any number of draws; ``idle`` where no part is critical."""
    from ytterby.economy.firm_memory import LANES

    served, arrival, want = flows
    wanted = np.ones_like(arrival) if want is None else want
    shape = np.broadcast_shapes(served.shape, arrival.shape, wanted.shape)
    cover, *single = [_by_draw(values, (*shape[:-2], shape[-1]), 1, LANES) for values in (cover0, *parts)]
    of_draws, rows = PartsModel(*single), [_by_draw(values, shape, 2, LANES) for values in (served, arrival, wanted)]
    found = share(rows[0], rows[1], rows[2], cover, of_draws)
    without = of_draws.number[:, None, :] <= 0
    return np.asarray((np.where(without, idle, found) if without.any() else found)[..., : shape[-1]].reshape(shape))


def _by_draw(values: Array, shape: tuple[int, ...], axes: int, least: int) -> Array:
    """Values of a shape, with all axes but the last ones in one; fewer demands than ``least`` are repeated."""
    whole = np.ascontiguousarray(np.broadcast_to(values, shape), dtype=np.float64).reshape(-1, *shape[-axes:])
    return whole if shape[-1] >= least else np.ascontiguousarray(whole[..., np.arange(least) % shape[-1]])
