"""Annual market model of an export restriction for any mineral.

The equations are those of the weekly model at annual resolution: buyers divide their demand among sellers by base share,
reliability and price (``w rel^rho p^-sigma``, an Armington-type demand), demand falls with the price index, and the supply
of sellers responds to their price, with an elasticity that grows over the years. The market of every seller clears each
year. The weekly model is not used because the stocks, lags and capacities that it needs are not recorded for these
minerals, and its transients last less than a year.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ytterby.validation.minerals.restriction_inputs import AnnualRestrictions

    Floats = NDArray[np.float64]

PARAMETERS: dict[str, tuple[str, float, float]] = {
    "sigma": ("elasticity of shares to price", 2.0, 6.0),
    "eta": ("elasticity of need to price, first year", 0.1, 0.6),
    "supply": ("elasticity of other sellers to price in the long run", 0.5, 4.0),
    "lag": ("years in which sellers and buyers adapt", 1.0, 8.0),
    "home": ("elasticity of the restricted seller's exports to its price", 0.3, 3.0),
    "leak": ("share of exports that a full ban lets through", 0.01, 0.3),
    "licence": ("share of exports that a licence lets through", 0.3, 1.0),
    "kept": ("share of the banned good that home processing takes for good, a year", 0.01, 0.3),
    "rho": ("weight of reliability in orders", 0.5, 4.0),
    "memory": ("years in which buyers forget", 1.0, 6.0),
    "search": ("share of need that looks at sellers never bought from", 0.02, 0.2),
    "trend": ("share of the trend of the years before that goes on", 0.05, 0.9),
    "unlike": ("spread between episodes of what a ban or licence lets through (logarithm)", 0.3, 1.5),
}
"""Parameters: meaning, low and high end of the prior (log-normal, 80 % inside; `assumed`, the first two from the weekly model)."""
MAX_ITERATIONS, TOLERANCE = 500, 1e-9
"""Iteration limit, and the step of a log price below which the market counts as cleared."""
MAX_LOG_PRICE = np.log(1e4)
"""Bound on the absolute value of a log price."""
MIN_RELIABILITY = 1e-3
"""Lower limit of reliability [1]."""


@dataclass(frozen=True, eq=False)
class AnnualMarket:
    """Base state of an episode.

    Parameters
    ----------
    flows : array
        Mean yearly flows (exporters, importers) of the base years [t].
    seller : int
        Index of the exporter that restricts.
    growth : float
        Yearly growth of the world's trade before the restriction (logarithm).
    ahead : float
        Years from the middle of the base to the first year simulated.
    """

    flows: Floats
    seller: int
    growth: float = 0.0
    ahead: float = 2.0


def simulate(market: AnnualMarket, policy: AnnualRestrictions, values: Mapping[str, Floats]) -> Floats:
    """Flows (draws, years, exporters, importers) [t] under a dated policy.

    Parameters
    ----------
    market : AnnualMarket
        Base flows.
    policy : AnnualRestrictions
        Restrictions by year.
    values : mapping of str to array
        Draws (draws,) of :data:`PARAMETERS`.
    """
    theta = {name: np.asarray(values[name], dtype=float) for name in PARAMETERS}
    draws, c = len(theta["sigma"]), market.seller
    shares, need = _shares(market.flows, theta["search"])
    reliable, capacity = np.ones(draws), np.ones(draws)
    found = np.empty((draws, len(policy.ban), *market.flows.shape))
    for year in range(len(policy.ban)):
        grown = np.exp(theta["trend"] * market.growth * (market.ahead + year))
        weight = shares.copy()
        weight[:, c] *= (reliable ** theta["rho"])[:, None]
        free = capacity * (1.0 - policy.ban[year] * (1.0 - theta["leak"])) * theta["licence"] ** policy.licence[year]
        wanted = need * grown[:, None]
        base = (shares * wanted[:, None]).sum(axis=2)[:, c]
        ceiling = np.minimum(free * base, policy.quota[year])
        found[:, year] = _clear(weight, wanted, base, theta, c, year, ceiling, policy.duty[year])
        filled = np.minimum(ceiling / (capacity * base), 1.0)
        reliable = np.maximum(reliable + (filled - reliable) / theta["memory"], MIN_RELIABILITY)
        capacity = capacity * (1.0 - theta["kept"] * policy.ban[year])
    return found


def _shares(flows: Floats, search: Floats) -> tuple[Floats, Floats]:
    """Base shares of sellers by buyer (draws, exporters, importers), mixed with world shares, and demand (importers,) [t/year]."""
    need = flows.sum(axis=0)
    own = np.divide(flows, need, out=np.zeros_like(flows), where=need > 0.0)
    world = flows.sum(axis=1) / flows.sum()
    part = search[:, None, None]
    return (1.0 - part) * own + part * world[:, None], need


def _clear(  # noqa: PLR0913
    weight: Floats, need: Floats, base: Floats, theta: Mapping[str, Floats], c: int, year: int, ceiling: Floats, duty: float
) -> Floats:
    """Flows (draws, exporters, importers) at the prices that clear every seller's market.

    Newton iteration on the log price of each seller with its own slope only; the restricted seller supplies according to its
    price after duty, up to the ceiling.
    """
    draws, sellers, _ = weight.shape
    adapted = 1.0 - np.exp(-(year + 1.0) / theta["lag"])
    respond = np.repeat((theta["supply"] * adapted)[:, None], sellers, axis=1)
    respond[:, c] = theta["home"]
    saving = (theta["eta"] * (1.0 + adapted))[:, None]
    flows = weight * need[:, None]
    offer = flows.sum(axis=2)
    offer[:, c] = base
    price, sigma = np.zeros((draws, sellers)), theta["sigma"][:, None, None]
    for _ in range(MAX_ITERATIONS):
        pull = weight * np.exp(-sigma * price[:, :, None])
        total = pull.sum(axis=1)
        index = -np.log(total) / theta["sigma"][:, None]
        flows = pull / total[:, None] * (need * np.exp(-saving * index))[:, None]
        demanded = flows.sum(axis=2)
        supply = offer * np.exp(respond * price)
        own = base * np.exp(theta["home"] * (price[:, c] - np.log1p(duty)))
        bound = own > ceiling
        supply[:, c] = np.where(bound, ceiling, own)
        share = pull / total[:, None]
        slope = (flows * (sigma * (1.0 - share) + saving[:, :, None] * share)).sum(axis=2) / np.maximum(demanded, 1e-300)
        slope = slope + respond * ~(bound[:, None] & (np.arange(sellers) == c))
        step = (np.log(np.maximum(demanded, 1e-300)) - np.log(np.maximum(supply, 1e-300))) / slope
        price = np.clip(price + np.clip(step, -1.0, 1.0), -MAX_LOG_PRICE, MAX_LOG_PRICE)
        if np.abs(step).max() < TOLERANCE:
            break
    return np.asarray(flows)
