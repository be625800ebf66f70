"""Who stops first: firms whose product needs many single-sourced parts stop with the first part that runs out.

Equations S1-S7 in ``docs/explanation/losses.md``. Time is in weeks, stocks in weeks of use. Arrays lead
with any number of draw axes (written ``...``), then week, then market, demand or sector.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.economy import assumptions

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from ytterby.economy.sector_groups import SectorGroups

    Array = NDArray[np.float64]

FIRST_STOP, LINE_STOP = 0.05, 0.5
"""Shares of firms that define the first stop (the tail) and the line stop (the median)."""
LICENCE_LEVELS = 8
"""Midpoints at which the licence draw of a part is evaluated."""
FIRM_LEVELS = 5
"""Gauss-Hermite nodes for the part of a firm's covers that all its parts have in common."""
NOISE = 1e-9
"""Weeks of use: smaller steps of a deficit are rounding."""


class PartsModel(NamedTuple):
    """What stands between a shortage and a stop; arrays (..., demand)."""

    number: Array
    """Critical single-sourced parts in the product, K; 0 = the input is not critical."""
    spread: Array
    """Standard deviation of ln cover over all parts."""
    firm_share: Array
    """Share of that variance that all parts of one firm have in common."""
    lumpy: Array
    """Share of parts whose shortage is all or none: each has its own licence draw."""
    incomplete: Array
    """Share of a stopped firm's output that goes on by dropped features or incomplete units."""
    thrift: Array
    """Share of the input that can be saved at once when it is dear, without losing output."""


class StopResult(NamedTuple):
    """Stops of the firms behind each demand."""

    stopped: Array
    """(..., week, demand) share of firms that have stopped at least once by the end of the week."""
    output: Array
    """(..., week, demand) output of that week over base output."""
    first_stop: Array
    """(..., demand) week in which 5 % of firms have stopped, NaN if never."""
    line_stop: Array
    """(..., demand) week in which half of the firms have stopped, NaN if never."""
    deficit: Array
    """(..., week, demand) running maximum of the cumulative deficit, M [weeks of use]."""


def parts_model(demands: pd.DataFrame, quantiles: Array | None = None) -> PartsModel:
    """Parts model of a System's demands from the recipe ``parts``, arrays (demand,) or (..., demand).

    ``quantiles`` (..., row) places each row of the recipe in its range; without it the central values hold.
    """
    recipe = assumptions.read("parts")
    uses = assumptions.uses_of(demands)
    names = {"number": "parts", "spread": "cover_spread"}
    return PartsModel(*(recipe.pick(names.get(name, name), uses, quantiles) for name in PartsModel._fields))


def stop_dates(
    served: Array,
    arrival_ratio: Array,
    cover0: Array,
    demand_market: NDArray[np.int64],
    parts: PartsModel,
    *,
    need: Array | None = None,
    want: Array | None = None,
) -> StopResult:
    """Weeks in which firms stop, share of firms stopped, and the path of output.

    Parameters
    ----------
    served : array (..., week, demand)
        Delivered over wanted final use, 0-1: output is never above it.
    arrival_ratio : array (..., week, market)
        What reaches the users of a market over their base use; 1 at rest.
    cover0 : array (..., market)
        Cover at the start; the mean over parts and firms [weeks].
    demand_market : array (demand,)
        Market of each demand.
    parts : PartsModel
    need : array (..., week, market), optional
        Wanted use over base use; 1 where it is not given. What prices push it below ``1 - thrift`` is output
        given up, not input saved.
    want : array (..., week, demand), optional
        The same for each demand alone; the market's where it is not given.
    """
    wanted = np.ones_like(arrival_ratio) if need is None else need
    least = (1.0 - parts.thrift)[..., None, :]
    own = wanted[..., demand_market] if want is None else want
    ceiling = served * own / np.maximum(own, np.maximum(least, 1e-12))
    must = np.maximum(wanted[..., demand_market], least)
    stopped, lost, deficit = _on_short_columns(arrival_ratio[..., demand_market], must, cover0[..., demand_market], parts)
    critical = (parts.number > 0)[..., None, :]
    stopped = np.maximum.accumulate(np.where(critical, np.maximum(stopped, 1.0 - ceiling), 0.0), axis=-2)
    output = np.where(critical, np.minimum(1.0 - lost, ceiling), 1.0)
    output = 1.0 - (1.0 - parts.incomplete)[..., None, :] * (1.0 - output)
    return StopResult(stopped, output, passage(stopped, FIRST_STOP), passage(stopped, LINE_STOP), deficit)


def passage(share: Array, level: float) -> Array:
    """First week (..., column) in which a share (..., week, column) reaches a level, NaN if never."""
    reached = share >= level - 1e-12
    return np.where(reached.any(axis=-2), reached.argmax(axis=-2).astype(float), np.nan)


def _on_short_columns(arrival: Array, must: Array, cover: Array, parts: PartsModel) -> tuple[Array, Array, Array]:
    """Stops, losses and deficits (..., week, demand), computed only for the demands that are short at some time."""
    stopped, lost, deficit = np.zeros(arrival.shape), np.zeros(arrival.shape), np.zeros(arrival.shape)
    short = (must - arrival > NOISE).any(axis=tuple(range(arrival.ndim - 1)))
    alone = (parts.lumpy > 0.0).any(axis=tuple(range(parts.lumpy.ndim - 1)))
    # licence draws cost eight more paths: only where some part meets one
    for columns, levels in ((short & alone, LICENCE_LEVELS), (short & ~alone, 0)):
        if columns.any():
            some = PartsModel(*(values[..., columns] for values in parts))
            paths = _deficit_paths(arrival[..., columns], must[..., columns], levels)
            stopped[..., columns], lost[..., columns] = _stops_and_losses(paths, np.maximum(cover[..., columns], 1e-3), some)
            deficit[..., columns] = paths[0]
    return stopped, lost, deficit


def _deficit_paths(arrival: Array, must: Array, count: int) -> list[Array]:
    """Equation S1: running maxima of the cumulative deficit, pro rata first, then per licence level."""
    gap = must - arrival
    missing = gap / np.maximum(must, 1e-12)
    levels = (np.arange(count) + 0.5) / max(count, 1)
    own = [np.where(missing > level, np.maximum(gap, must), np.minimum(gap, 0.0)) for level in levels]
    return [np.maximum.accumulate(np.maximum(np.cumsum(path, axis=-2), 0.0), axis=-2) for path in (gap, *own)]


def _stops_and_losses(paths: list[Array], cover: Array, parts: PartsModel) -> tuple[Array, Array]:
    """Share of firms stopped so far (not yet carried forward) and share of output lost, both (..., week, demand)."""
    steps = [np.diff(path, axis=-2, prepend=0.0) for path in paths]
    moving = np.any([step > NOISE for step in steps], axis=0)
    stopped, lost = np.zeros(moving.shape), np.zeros(moving.shape)
    cells = np.nonzero(moving)
    if len(cells[0]):
        ends, lengths = (np.array([path[cells] for path in group]) for group in (paths, steps))
        of_cell = PartsModel(*(_at_cells(values, cells) for values in parts))
        stopped[cells], lost[cells] = _firms(ends, lengths, _at_cells(cover, cells), of_cell)
    return stopped, lost


def _at_cells(values: Array, cells: tuple[NDArray[np.int64], ...]) -> Array:
    """Values (demand,) or (..., demand) at the cells (..., week, demand)."""
    return np.asarray(values[cells[-1]] if values.ndim == 1 else values[(*cells[:-2], cells[-1])])


def _firms(ends: Array, lengths: Array, cover: Array, parts: PartsModel) -> tuple[Array, Array]:
    """Equations S3-S6 for flat cells: mean over the nodes of the cover that a firm's parts have in common."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(FIRM_LEVELS)
    stopped, lost = np.zeros(len(cover)), np.zeros(len(cover))
    middle = np.log(cover) - parts.spread**2 / 2.0
    with np.errstate(divide="ignore"):
        reach = np.log(np.maximum(np.stack([ends, ends - lengths / 2.0]), 0.0)) - middle
    for node, weight in zip(nodes, weights / weights.sum(), strict=True):
        now = _firm(share_empty(reach, parts, float(node)), lengths, parts)
        stopped += weight * now[0]
        lost += weight * now[1]
    return np.clip(stopped, 0.0, 1.0), np.clip(lost, 0.0, 1.0)


def share_empty(reach: Array, parts: PartsModel, node: float = 0.0) -> Array:
    """Equation S2: share of a firm's parts whose cover is at most the deficit; ``reach`` = ln(deficit) - ln(median cover)."""
    from ytterby.simulation.simd import normal_share

    common = parts.spread * np.sqrt(parts.firm_share) * node
    width = np.maximum(parts.spread * np.sqrt(1.0 - parts.firm_share), 1e-6)
    return normal_share((reach - common) / width)


def _firm(empty: Array, lengths: Array, parts: PartsModel) -> tuple[Array, Array]:
    """Chance that a firm has stopped, and the share of output that it loses in the week.

    ``empty`` (2, path, cell): share of parts empty at the end of the week and halfway through it.
    """
    now, halfway = empty
    shared = 1.0 - parts.lumpy
    blocked, refused = (values.mean(axis=0) if len(values) else np.zeros_like(now[0]) for values in (now[1:], lengths[1:] * halfway[1:]))
    stopped = 1.0 - np.maximum(1.0 - shared * now[0] - parts.lumpy * blocked, 0.0) ** parts.number
    served = 1.0 - parts.lumpy * np.minimum(refused, 1.0)
    neither = np.maximum(served - shared * halfway[0], 0.0)
    depth = np.minimum(lengths[0], 1.0)
    return stopped, 1.0 - (1.0 - depth) * served**parts.number - depth * neither**parts.number


def sector_stops(result: StopResult, groups: SectorGroups) -> tuple[Array, Array, NDArray[np.int64]]:
    """Equation S7: first stop and line stop (..., sector) over a sector's inputs, and the demand that binds (-1 if none)."""
    first, line = (np.where(np.isnan(date), np.inf, date) for date in (result.first_stop, result.line_stop))
    earliest = groups.least(first, empty=np.inf)
    binding = groups.where_least(first)
    return _nan(earliest), _nan(groups.least(line, empty=np.inf)), np.where(np.isfinite(earliest), binding, -1)


def _nan(date: Array) -> Array:
    return np.where(np.isfinite(date), date, np.nan)
