"""What a sector's stop costs its suppliers and customers: a weekly input-output model with inventories.

Equations I1-I6 in ``docs/explanation/losses.md``, after the adaptive regional input-output model (Hallegatte
2008, 2014). Everything is relative to the base: production, orders and stocks are 1 times base use at rest,
so a table without a shock stays flat. Arrays are (..., week, industry).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ytterby.economy import assumptions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Array = NDArray[np.float64]


class IndirectModel(NamedTuple):
    """How industries hold and order inputs; numbers or arrays (draw,)."""

    inventory: Array
    """Stock of each input [weeks of use]."""
    restock: Array
    """Time over which a gap is ordered again [weeks]."""
    criticality: Array
    """Share of a goods industry's output that stops when the goods of another industry run out."""


@dataclass(frozen=True, eq=False)
class Economy:
    """An input-output table of one region, home flows only; imports are taken as given."""

    region: str
    route: str
    """Where the table comes from: ``bea-2024``, ``cited-coefficients`` or ``imported``."""
    industries: tuple[str, ...]
    flows: Any
    """(industry, industry) home intermediate flows, sparse, seller by row [USD/year]."""
    output: Array
    """(industry,) [USD/year]"""
    value_added: Array
    """(industry,) [USD/year]"""
    goods: NDArray[np.bool_]
    """(industry,) whether it makes goods that can run out."""
    of_sector: Mapping[str, int]
    """Industry of each sector code."""
    scaled: float = 0.0
    """Largest share by which a row was scaled down because home industries used more than it made."""

    @cached_property
    def edges(self) -> Edges:
        """The table as edges sorted by buyer."""
        return Edges.of(self)


class Edges(NamedTuple):
    """Flows of a table as a list sorted by buyer."""

    seller: NDArray[np.int64]
    buyer: NDArray[np.int64]
    sold: Any
    """(industry, edge) sparse: the edge's share of the seller's output."""
    final: Array
    """(industry,) share of output that goes to final use."""
    may_stop: NDArray[np.int64]
    """Edges whose goods may stop the buyer."""
    stops_start: NDArray[np.int64]
    """First of ``may_stop`` of each buyer in ``stops_buyer``."""
    stops_buyer: NDArray[np.int64]

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
    """Indirect model from the recipe ``indirect``; ``quantiles`` (draw, row) as in ``recipes``."""
    recipe = assumptions.read("indirect")
    return IndirectModel(*(recipe.scalar(name, quantiles) for name in IndirectModel._fields))


def propagate(shock: Array, economy: Economy, model: IndirectModel) -> Array:
    """Output over base output (..., week, industry) when ``shock`` (..., week, industry) closes a share of each industry's capacity.

    No industry makes up for lost output here, so output plus shock is never above 1.
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
    """Equations I1-I5 for one week: returns output (industry, draw); ``stocks`` and ``orders`` (edge, draw) move in place."""
    target, restock, criticality = model
    asked: Array = edges.final[:, None] + edges.sold @ orders
    output: Array = np.minimum(np.minimum(capacity, asked), _input_limit(stocks, criticality, edges, len(capacity)))
    fill = output / np.maximum(asked, 1e-300)
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
    """Equation I2: output (industry, draw) that the goods in stock allow."""
    limit = np.ones((industries, stocks.shape[1]))
    if len(edges.may_stop):
        least = np.minimum.reduceat(stocks[edges.may_stop], edges.stops_start, axis=0)
        limit[edges.stops_buyer] = 1.0 - criticality * (1.0 - np.minimum(least, 1.0))
    return limit


def indirect_loss(shock: Array, economy: Economy, model: IndirectModel) -> Array:
    """Equation I6: value added lost beyond the closed capacity itself, (..., week, industry) [USD/week]; never negative."""
    from ytterby.units import WEEKS_PER_YEAR

    missing = 1.0 - shock - propagate(shock, economy, model)
    return np.asarray(np.maximum(missing, 0.0) * economy.value_added / WEEKS_PER_YEAR)
