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

LICENCE_LEVELS = 8
"""Midpoints of the integration over the licence draw of a part."""
FIRM_LEVELS = 5
"""Gauss-Hermite nodes of the integration over the common factor of a firm's covers."""
NOISE = 1e-9
"""Smaller changes of a deficit are rounding errors [weeks of use]."""


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
    deficit: Array
    """(..., week, demand) running maximum of the cumulative deficit, M [weeks of use]."""


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
    wanted = np.ones_like(arrival) if want is None else want
    must = np.maximum(wanted, (1.0 - parts.thrift)[..., None, :])
    ceiling = served * wanted / np.maximum(must, 1e-12)
    stopped, lost, deficit = _where_short(arrival, must, cover0, parts)
    critical = (parts.number > 0)[..., None, :]
    stopped = np.maximum.accumulate(np.where(critical, np.maximum(stopped, 1.0 - ceiling), 0.0), axis=-2)
    output = np.where(critical, np.minimum(1.0 - lost, ceiling), 1.0)
    return StopResult(stopped, 1.0 - (1.0 - parts.incomplete)[..., None, :] * (1.0 - output), deficit)


def _where_short(arrival: Array, must: Array, cover: Array, parts: PartsModel) -> tuple[Array, Array, Array]:
    """Shares stopped and lost, and deficits (..., week, demand), computed only for demands with a shortage in some week."""
    stopped, lost, deficit = np.zeros(arrival.shape), np.zeros(arrival.shape), np.zeros(arrival.shape)
    short = (must - arrival > NOISE).any(axis=tuple(range(arrival.ndim - 1)))
    licensed = (parts.lumpy > 0.0).any(axis=tuple(range(parts.lumpy.ndim - 1)))
    # licence draws need eight more deficit paths, which are skipped where no part has one
    for columns, levels in ((short & licensed, LICENCE_LEVELS), (short & ~licensed, 0)):
        if columns.any():
            some = PartsModel(*(values[..., columns] for values in parts))
            paths = _deficit_paths(arrival[..., columns], must[..., columns], levels)
            stopped[..., columns], lost[..., columns] = _stops_and_losses(paths, np.maximum(cover[..., columns], 1e-3), some)
            deficit[..., columns] = paths[0]
    return stopped, lost, deficit


def _deficit_paths(arrival: Array, must: Array, count: int) -> list[Array]:
    """Equation S1: running maxima of the cumulative deficit, first pro rata, then for each licence level."""
    gap = must - arrival
    missing = gap / np.maximum(must, 1e-12)
    levels = (np.arange(count) + 0.5) / max(count, 1)
    own = [np.where(missing > level, np.maximum(gap, must), np.minimum(gap, 0.0)) for level in levels]
    return [np.maximum.accumulate(np.maximum(np.cumsum(path, axis=-2), 0.0), axis=-2) for path in (gap, *own)]


def _stops_and_losses(paths: list[Array], cover: Array, parts: PartsModel) -> tuple[Array, Array]:
    """Share of firms stopped (in weeks with a growing deficit only) and share of output lost, both (..., week, demand)."""
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
    """Equations S3-S6 for flat cells: mean over the common factor of a firm's covers."""
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
    """Equation S2: share of a firm's parts whose cover is at most the deficit; ``reach`` is ln(deficit / median cover)."""
    from ytterby.simulation import normal_share

    common = parts.spread * np.sqrt(parts.firm_share) * node
    width = np.maximum(parts.spread * np.sqrt(1.0 - parts.firm_share), 1e-6)
    return normal_share((reach - common) / width)


def _firm(empty: Array, lengths: Array, parts: PartsModel) -> tuple[Array, Array]:
    """Probability that a firm has stopped, and the share of output that it loses in the week.

    ``empty`` (2, path, cell) is the share of parts whose stock is empty at the end and in the middle of the week.
    """
    now, halfway = empty
    shared = 1.0 - parts.lumpy
    blocked, refused = (values.mean(axis=0) if len(values) else np.zeros_like(now[0]) for values in (now[1:], lengths[1:] * halfway[1:]))
    stopped = 1.0 - np.maximum(1.0 - shared * now[0] - parts.lumpy * blocked, 0.0) ** parts.number
    served = 1.0 - parts.lumpy * np.minimum(refused, 1.0)
    neither = np.maximum(served - shared * halfway[0], 0.0)
    depth = np.minimum(lengths[0], 1.0)
    return stopped, 1.0 - (1.0 - depth) * served**parts.number - depth * neither**parts.number
