"""Losses of suppliers and customers of a stopped sector: a weekly input-output model with inventories.

Equations I1-I6 in ``docs/explanation/losses.md``, after the adaptive regional input-output model (Hallegatte
2008, 2014). All quantities are relative to the base: production and orders are 1 in the steady state, which persists
without a shock. Arrays are (..., week, industry).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ytterby.economy import assumptions
from ytterby.units import WEEKS_PER_YEAR

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Array = NDArray[np.float64]


class IndirectModel(NamedTuple):
    """Inventory behaviour of industries; numbers or arrays (draw,)."""

    inventory: Array
    """Target stock of each input [weeks of use]."""
    restock: Array
    """Time over which a gap in stocks is reordered [weeks]."""
    criticality: Array
    """Share of a goods industry's output that stops when its stock of another industry's goods is empty."""


@dataclass(frozen=True, eq=False)
class Economy:
    """Domestic input-output table of one region; imports are exogenous."""

    region: str
    route: str
    """Source of the table: ``bea-2024``, ``cited-coefficients`` or ``imported``."""
    industries: tuple[str, ...]
    flows: Any
    """(industry, industry) domestic intermediate flows, sparse, sellers in rows [USD/year]."""
    output: Array
    """(industry,) [USD/year]"""
    value_added: Array
    """(industry,) [USD/year]"""
    goods: NDArray[np.bool_]
    """(industry,) whether it produces goods, which can be stored and run out."""
    of_sector: Mapping[str, int]
    """Industry of each sector code."""
    scaled: float = 0.0
    """Largest share by which a row was scaled down because domestic use exceeded output."""

    @cached_property
    def edges(self) -> Edges:
        """Flows of the table, sorted by buyer."""
        return Edges.of(self)


class Edges(NamedTuple):
    """Flows of a table as edges from seller to buyer, sorted by buyer."""

    seller: NDArray[np.int64]
    buyer: NDArray[np.int64]
    sold: Any
    """(industry, edge) sparse: share of the edge in the seller's output."""
    final: Array
    """(industry,) share of output for final use."""
    may_stop: NDArray[np.int64]
    """Edges whose goods can limit the buyer's output."""
    stops_start: NDArray[np.int64]
    """First position in ``may_stop`` of each buyer in ``stops_buyer``."""
    stops_buyer: NDArray[np.int64]
    """Buyers that can be limited by an input."""

    @classmethod
    def of(cls, economy: Economy) -> Edges:
        """Edges of an economy."""
        from scipy.sparse import csr_matrix

        table = economy.flows.tocsc().tocoo()
        seller, buyer = table.row.astype(np.int64), table.col.astype(np.int64)
        share = table.data / economy.output[seller]
        count = len(seller)
        sold = csr_matrix((share, (seller, np.arange(count))), shape=(len(economy.output), count))
        may_stop = np.flatnonzero(economy.goods[seller] & economy.goods[buyer] & (seller != buyer))
        stops_buyer, start = np.unique(buyer[may_stop], return_index=True)
        final: Array = 1.0 - np.bincount(seller, weights=share, minlength=len(economy.output)).astype(np.float64)
        return cls(seller, buyer, sold, final, may_stop, start.astype(np.int64), stops_buyer)


def indirect_model(quantiles: Array | None = None) -> IndirectModel:
    """Indirect model from the assumptions ``indirect``; ``quantiles`` (draw, row) as in :meth:`AssumptionTable.values`."""
    table = assumptions.read("indirect")
    return IndirectModel(*(table.scalar(name, quantiles) for name in IndirectModel._fields))


def propagate(shock: Array, economy: Economy, model: IndirectModel) -> Array:
    """Equations I1-I5: output over base output after a shock to capacity.

    Parameters
    ----------
    shock : array (..., week, industry)
        Share of each industry's capacity that is closed.
    economy : Economy
        Input-output table.
    model : IndirectModel
        Inventory behaviour.

    Returns
    -------
    array (..., week, industry)
        Output over base output; at most 1 - shock, as no industry makes up for lost output here.
    """
    lead = shock.shape[:-2]
    closed = np.ascontiguousarray(np.moveaxis(shock.reshape(-1, *shock.shape[-2:]), 0, -1))
    target, restock, criticality = (np.broadcast_to(np.asarray(value, float), closed.shape[-1:]) for value in model)
    edges = economy.edges
    stocks = np.repeat(target[None, :], len(edges.seller), axis=0)
    orders = np.ones_like(stocks)
    output = np.empty_like(closed)
    for week in range(len(closed)):
        output[week] = _week(stocks, orders, 1.0 - closed[week], edges, (target, restock, criticality))
    return np.asarray(np.moveaxis(output, -1, 0).reshape(*lead, *shock.shape[-2:]))


def _week(stocks: Array, orders: Array, capacity: Array, edges: Edges, model: tuple[Array, Array, Array]) -> Array:
    """Equations I1-I5 for one week: returns output (industry, draw); updates ``stocks`` and ``orders`` (edge, draw) in place."""
    target, restock, criticality = model
    demand: Array = edges.final[:, None] + edges.sold @ orders
    output: Array = np.minimum(np.minimum(capacity, demand), _input_limit(stocks, criticality, edges, len(capacity)))
    fill = output / np.maximum(demand, 1e-300)
    need = output[edges.buyer]
    orders *= fill[edges.seller]
    stocks += orders
    stocks -= np.minimum(need, stocks - orders)
    np.subtract(target, stocks, out=orders)
    orders /= restock
    orders += need
    np.maximum(orders, 0.0, out=orders)
    return output


def _input_limit(stocks: Array, criticality: Array, edges: Edges, industries: int) -> Array:
    """Equation I2: upper bound of output (industry, draw) from the stocks of goods."""
    limit = np.ones((industries, stocks.shape[1]))
    if len(edges.may_stop):
        scarcest = np.minimum.reduceat(stocks[edges.may_stop], edges.stops_start, axis=0)
        limit[edges.stops_buyer] = 1.0 - criticality * (1.0 - np.minimum(scarcest, 1.0))
    return limit


def indirect_loss(shock: Array, economy: Economy, model: IndirectModel) -> Array:
    """Equation I6: value added lost beyond the closed capacity itself, (..., week, industry) [USD/week]; never negative."""
    missing = 1.0 - shock - propagate(shock, economy, model)
    return np.asarray(np.maximum(missing, 0.0) * economy.value_added / WEEKS_PER_YEAR)
