"""What still flows in a branch: shipments of the restricted goods to a place, the wait for a licence, and the stocks that bridge it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.ensembles.tried import BranchSupply
from ytterby.facts import expand_regions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ytterby.simulation import Experiment

    Floats = NDArray[np.float64]

QUARTER_WEEKS, YEAR_WEEKS = 13, 52
DAYS_PER_WEEK = 7.0
BAND = (0.05, 0.95)


class _Route(NamedTuple):
    """Restricted links to a place, and the markets where they end."""

    links: NDArray[np.int64]
    markets: NDArray[np.int64]


def branch_supply(experiment: Experiment, arrays: Mapping[str, NDArray[np.float32]], places: tuple[str, ...]) -> dict[str, BranchSupply]:
    """What still flows to each place once the first fork is decided; without places to which nothing is restricted.

    Parameters
    ----------
    experiment : Experiment
        The scenario with one branch of the first fork certain.
    arrays : mapping of array (draw, week, ...)
        Reduced arrays of its draws.
    places : tuple of str
        Regions and groups.
    """
    scenario, links = experiment.scenario, experiment.views.links
    links = links[experiment.network.legal_link_of[links] < 0]
    decided = max(int(np.searchsorted(scenario.mondays, np.datetime64(scenario.forks[0].date, "D"))), 1)
    found = {}
    for place in places:
        route = _route(experiment, links, expand_regions(place))
        if len(route.links) and decided < scenario.weeks:
            found[place] = _supply(experiment, arrays, route, decided)
    return found


def _route(experiment: Experiment, links: NDArray[np.int64], regions: tuple[str, ...]) -> _Route:
    network, net = experiment.network, experiment.network.net
    inside = np.isin(network.region[net.destination[links]], regions) & ~np.isin(network.region[net.origin[links]], regions)
    own = links[inside]
    return _Route(own, np.unique(net.destination[own]))


def _supply(experiment: Experiment, arrays: Mapping[str, NDArray[np.float32]], route: _Route, decided: int) -> BranchSupply:
    network, net = experiment.network, experiment.network.net
    own, at = np.searchsorted(experiment.views.links, route.links), route.markets
    price, usual = net.price[net.destination[route.links]], net.flow[route.links]
    worth = arrays["flow"][:, decided:, own].astype(np.float64) @ price
    rest = float(usual @ price)
    waiting = (arrays["licence_backlog"][:, decided : decided + YEAR_WEEKS, at].astype(np.float64) @ net.price[at]).mean(axis=1)
    stock = arrays["stock"][:, decided - 1 :, at].astype(np.float64) @ net.price[at]
    cover = DAYS_PER_WEEK * stock / float(net.outflow[at] @ net.price[at])
    year = worth[:, :YEAR_WEEKS].mean(axis=1)
    return BranchSupply(
        goods=tuple(sorted(set(network.commodity[at].tolist()))),
        **_with_band("first_quarter", worth[:, :QUARTER_WEEKS].mean(axis=1) / rest),
        **_with_band("first_year", year / rest),
        **_with_band("wait_weeks", waiting / np.maximum(year, 1e-9 * rest)),
        cover_days=float(np.median(cover[:, 0])),
        cover_days_lowest=float(np.median(cover.min(axis=1))),
    )


def _with_band(name: str, values: Floats) -> dict[str, float]:
    """Median of values (draw,) and their band, by name."""
    low, middle, high = np.quantile(values, (BAND[0], 0.5, BAND[1])).tolist()
    return {name: middle, f"{name}_low": low, f"{name}_high": high}
