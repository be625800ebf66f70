"""Single points of failure: the smallest set of countries whose loss stops a use, by mixed-integer interdiction (E14).

The inner question (how much of the use can be kept) is a linear programme; its dual turns the two-level question into
one mixed-integer programme, since the loss of a country only removes dual constraints.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ytterby.assessment.n_minus import balance_rows
from ytterby.assessment.network import gather
from ytterby.assessment.programme import Programme, Rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.assessment.network import ElementNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

STOPPED = 0.1
"""A use counts as stopped when at most this share of it can be kept."""
TIE = 0.1
"""Weight of what is left beside the number of countries: among sets of one size the most harmful is named."""


@dataclass(frozen=True)
class SinglePoint:
    """A smallest set of countries whose loss stops a use."""

    countries: tuple[str, ...]
    """Empty where no loss of other countries stops it."""
    left: float
    """Share of the use that could be kept at best after their loss, all other users waived [1]."""
    stopped: bool


def keeps(network: ElementNetwork, demands: Ints, lost: tuple[str, ...]) -> float:
    """Share of some demands that can be kept at best without some regions (the inner programme of E14) [1].

    Existing links carry at most the high end of their range, processes run up to capacity, other users are waived.
    """
    n_processes, n_links = len(network.processes), len(network.links)
    z, f = np.arange(n_processes), n_processes + np.arange(n_links)
    u = n_processes + n_links + np.arange(len(network.demands))
    rows = Rows()
    balance_rows(network, rows, z, f, u)
    wanted = np.zeros(len(network.demands))
    wanted[demands] = network.use[demands]
    gone_process, gone_link = np.isin(network.process_region, lost), _gone_links(network, lost)
    high = np.concatenate([np.where(gone_process, 0.0, network.headroom), np.where(gone_link, 0.0, network.flow_high), wanted])
    programme = Programme(np.zeros(len(high)), high, rows, maximise=True)
    cost = np.zeros(len(high))
    cost[u] = 1.0
    programme.cost(cost)
    return float((programme.solve() or 0.0) / wanted.sum())


def _gone_links(network: ElementNetwork, lost: tuple[str, ...]) -> NDArray[np.bool_]:
    regions = network.region
    return np.asarray(np.isin(regions[network.origin], lost) | np.isin(regions[network.destination], lost))


def single_point(network: ElementNetwork, demands: Ints, home: tuple[str, ...], threshold: float = STOPPED) -> SinglePoint:
    """Smallest set of regions outside ``home`` whose loss leaves at most ``threshold`` of some demands.

    Parameters
    ----------
    network : ElementNetwork
    demands : ndarray of int
        Demands that are looked at together.
    home : tuple of str
        Regions of the importer, which cannot be lost.
    threshold : float
        Share of the use below which it counts as stopped.
    """
    others = tuple(sorted((set(network.process_region) | set(network.region)) - set(home)))
    if not others or keeps(network, demands, others) > threshold:
        return SinglePoint((), keeps(network, demands, ()), stopped=False)
    chosen = _interdict(network, demands, others, threshold)
    return SinglePoint(chosen, keeps(network, demands, chosen), stopped=True)


def _interdict(network: ElementNetwork, demands: Ints, others: tuple[str, ...], threshold: float) -> tuple[str, ...]:
    """Solve the dual of the inner programme with one binary per region (E14).

    Columns: x (regions), value of a tonne in each market, rent of each process, of each link, of each wanted use.
    """
    n_markets, n_processes, n_links = len(network.markets), len(network.processes), len(network.links)
    sizes = (len(others), n_markets, n_processes, n_links, len(demands))
    x, value, rent, toll, gain = (np.arange(size) + start for size, start in zip(sizes, np.cumsum((0, *sizes[:-1])), strict=True))
    most = _dearest(network)
    rows, number = Rows(), {region: place for place, region in enumerate(others)}
    _process_rows(network, rows, number, value, rent, most)
    _link_rows(network, rows, number, value, toll, most)
    wanted = network.use[demands]
    numbers = rows.block(np.ones(len(demands)), np.full(len(demands), np.inf))
    rows.put(numbers, value[network.demand_market[demands]], 1.0)
    rows.put(numbers, gain, 1.0)
    kept = np.zeros(sum(sizes))
    kept[value], kept[rent] = np.maximum(-network.residual, 0.0), network.headroom
    kept[toll], kept[gain] = network.flow_high, wanted
    numbers = rows.block(np.array([-np.inf]), np.array([threshold]))
    rows.put(np.full(len(kept), numbers[0]), np.arange(len(kept)), kept / wanted.sum())
    high = np.concatenate([np.ones(sizes[0]), np.full(n_markets, most), np.full(n_processes + n_links, np.inf), np.ones(sizes[4])])
    programme = Programme(np.zeros(len(high)), high, rows, integer=np.arange(len(high)) < sizes[0])
    programme.cost(np.where(np.arange(len(high)) < sizes[0], 1.0, TIE * kept / wanted.sum()))
    programme.solve()
    return tuple(region for region, chosen in zip(others, programme.values[x], strict=True) if chosen > 0.5)


def _dearest(network: ElementNetwork) -> float:
    """Most that a tonne in a market can be worth in tonnes of use: above 1 only where inputs of a process complement one another."""
    worth = 1.0
    for process in range(len(network.processes)):
        masses = network.entry_mass[network.entry_process == process]
        inputs = -masses[masses < 0]
        if len(inputs) > 1:
            worth = max(worth, masses[masses > 0].sum() / inputs.min())
    return min(worth, 100.0)


def _process_rows(network: ElementNetwork, rows: Rows, number: dict[str, int], value: Ints, rent: Ints, most: float) -> None:
    """The rent of a process covers the value that it adds, unless its region is lost."""
    count = len(network.processes)
    numbers = rows.block(np.zeros(count), np.full(count, np.inf))
    rows.put(numbers, rent, 1.0)
    rows.put(numbers[network.entry_process], value[network.entry_market], -network.entry_mass)
    made = gather(network.entry_process, np.maximum(network.entry_mass, 0.0), count) * most
    lost = np.array([number.get(region, -1) for region in network.process_region], np.int64)
    rows.put(numbers[lost >= 0], lost[lost >= 0], made[lost >= 0])


def _link_rows(network: ElementNetwork, rows: Rows, number: dict[str, int], value: Ints, toll: Ints, most: float) -> None:
    """The toll of a link covers the rise in value along it, unless either end is lost."""
    count = len(network.links)
    numbers = rows.block(np.zeros(count), np.full(count, np.inf))
    rows.put(numbers, toll, 1.0)
    rows.put(numbers, value[network.origin], 1.0)
    rows.put(numbers, value[network.destination], -1.0)
    for end in (network.origin, network.destination):
        lost = np.array([number.get(region, -1) for region in network.region[end]], np.int64)
        rows.put(numbers[lost >= 0], lost[lost >= 0], most)
