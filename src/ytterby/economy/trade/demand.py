"""Demand of an importing country for groups of goods by supplier, solved exactly (equations T2-T5).

Constant elasticities of substitution between suppliers (Armington 1969) and of demand for the group, in changes relative to
the base ("exact hat algebra", Dekle, Eaton and Kortum 2008). Of a change of the duty only a part reaches the buyer, the rest is
taken off the exporter's price. Arrays are (..., group, supplier); leading axes are months, draws or packages of duties.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

UNIT_ELASTIC = 1e-9
"""Distance from 1 below which an elasticity of substitution counts as 1, where the index is a geometric mean."""


class Elasticities(NamedTuple):
    """Elasticities; numbers or arrays that broadcast to (..., group), the pass-through to (..., group, supplier)."""

    pass_through: Array
    """Share of a change of the duty in the buyer's price, 0 to 1, by group and supplier."""
    substitution: Array
    """Elasticity of substitution between suppliers, above 0."""
    demand: Array
    """Price elasticity of demand for the group, without its sign, above 0."""


class MarketSolution(NamedTuple):
    """Prices and volumes relative to the base."""

    buyer: Array
    """(..., group, supplier) price with duty."""
    exporter: Array
    """(..., group, supplier) price before duty, which is the customs value of a unit."""
    group_price: Array
    """(..., group) price of the group."""
    volume: Array
    """(..., group, supplier)"""


def solve(share: Array, before: Array, duty: Array, behaviour: Elasticities) -> MarketSolution:
    """Equations T2-T5: prices and volumes under new duties.

    Parameters
    ----------
    share : array (..., group, supplier)
        Share of each supplier in what the buyers spend on the group in the base, duty included; rows add up to 1.
    before : array (group, supplier)
        Duty in the base, 0.025 for 2.5 %.
    duty : array (..., group, supplier)
        Duty now.
    behaviour : Behaviour
        Elasticities.

    Returns
    -------
    Solution
        All 1 where no duty changes.
    """
    phi = np.asarray(behaviour.pass_through, float)
    sigma, epsilon = (np.asarray(value, float)[..., None] for value in behaviour[1:])
    buyer = 1.0 + phi * ((duty - before) / (1.0 + before))
    exporter = buyer * ((1.0 + before) / (1.0 + duty))
    index = price_index(share, buyer, sigma)
    volume = np.exp(-sigma * np.log(buyer) + (sigma - epsilon) * np.log(index))
    return MarketSolution(buyer, exporter, index[..., 0], volume)


def price_index(share: Array, buyer: Array, sigma: Array) -> Array:
    """Equation T4: price of a group (..., group, 1) from the buyer's prices; ``sigma`` is (..., group, 1)."""
    power = 1.0 - sigma
    unit = np.abs(power) < UNIT_ELASTIC
    safe = np.where(unit, 1.0, power)
    logs = np.log(buyer)
    mean = np.einsum("...gs,...gs->...g", share, np.expm1(safe * logs))[..., None]
    geometric = np.einsum("...gs,...gs->...g", share, logs)[..., None]
    return np.asarray(np.exp(np.where(unit, geometric, np.log1p(mean) / safe)))
