"""What the data cannot determine: bounds of a traced share over all balanced systems within the facts' ranges.

Two roads, both from outside: the interval walk (E11) lets each market choose its suppliers within the ranges of its
links, by itself; the linear programme (E12) also keeps every market balanced. With ranges of a point both collapse to the
traced share.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ytterby.exposure.element_network import gather
from ytterby.exposure.tracing import chain, use_weights, visits
from ytterby.solver.linear_program import LinearProgram, SparseRows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.exposure.element_network import ElementNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

SETTLED = 1e-9
"""Change of the interval walk's shares at which it has settled."""
ANY = "any"
"""Stands for all stages: worked at one of them at least."""
MARGIN = 1e-7
"""By which the walk's ends are widened before they fence in the programme."""
MINOR = 1e-4
"""Share of a use below which a link or market is not followed by itself in the programme."""
ROUNDING = 1e-7
"""Slack of a market's balance, as a share of its throughput."""
ROUNDS = 10_000
"""More rounds than any network with sources needs."""


def tagged(network: ElementNetwork, stage: str, suppliers: tuple[str, ...]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Processes whose output is labelled whole, and processes whose output has a fixed label (P).

    The label says "last worked at the stage by one of the suppliers": others that work the stage take it off, and what
    comes from another source never had it. At :data:`ANY` stage nobody takes it off.
    """
    theirs = np.isin(network.process_region, suppliers)
    here = theirs if stage == ANY else network.process_stage == stage
    return here & theirs, here | (network.process_input <= 0)


def interval_shares(network: ElementNetwork, stage: str, suppliers: tuple[str, ...], *, most: bool) -> Floats:
    """Least or most share of each market's mass that some regions last worked at a stage (E11) (M) [1].

    Every market takes from each link anything within its range, independently of the others.
    """
    ours, fixed = tagged(network, stage, suppliers)
    return _settled(network, ours, fixed, np.full(len(network.links), np.nan), most=most)


def interval_entries(network: ElementNetwork, home: tuple[str, ...], stage: str, suppliers: tuple[str, ...], *, most: bool) -> Floats:
    """Least or most share of each market at home that last crossed the border at a stage from some regions (E11) (M) [1]."""
    inside, source = np.isin(network.region, home), network.region[network.origin]
    crossing = inside[network.destination] & ~inside[network.origin]
    counted = crossing & (network.stage[network.origin] == stage) & np.isin(source, suppliers)
    label = np.where(crossing, counted.astype(float), np.nan)
    return _settled(network, np.zeros(len(network.processes), bool), network.process_input <= 0, label, most=most)


def _settled(network: ElementNetwork, ours: NDArray[np.bool_], fixed: NDArray[np.bool_], label: Floats, *, most: bool) -> Floats:
    """Repeat the walk until it settles.

    It starts from nothing for both ends: what is reached from below is the share that really bears the label, not mass
    that only goes round in a loop.
    """
    n_markets, n_processes = len(network.markets), len(network.processes)
    made, taken = np.zeros((n_markets, n_processes)), np.zeros((n_processes, n_markets))
    out = network.entry_mass > 0
    np.add.at(made, (network.entry_market[out], network.entry_process[out]), network.entry_mass[out])
    np.add.at(taken, (network.entry_process[~out], network.entry_market[~out]), -network.entry_mass[~out])
    taken /= np.where(network.process_input > 0, network.process_input, np.inf)[:, None]
    taken[fixed] = 0.0
    through, whole = made @ taken, made @ ours
    steady = made.sum(axis=1) + np.maximum(-network.residual, 0.0)
    share = np.zeros(n_markets)
    for _ in range(ROUNDS):
        borne = np.where(np.isnan(label), share[network.origin], label)
        following = _extreme(network, whole + through @ share, steady, share, borne, most=most)
        if np.abs(following - share).max(initial=0.0) < SETTLED:
            break
        share = following
    return share


def _extreme(network: ElementNetwork, labelled: Floats, steady: Floats, share: Floats, borne: Floats, *, most: bool) -> Floats:
    """One step towards the extreme of (labelled + sum f borne) / (steady + sum f) over f in its range (Dinkelbach 1967).

    Where the share stands still, it is the extreme.
    """
    at, count = network.destination, len(steady)
    better = borne > share[at] if most else borne < share[at]
    flow = np.where(better, network.flow_high, network.flow_low)
    below = steady + gather(at, flow, count)
    above = labelled + gather(at, flow * borne, count)
    return np.asarray(np.clip(np.divide(above, below, out=np.zeros(count), where=below > 0), 0.0, 1.0))


class ShareBounds:
    """Least and most of a traced share by linear programmes (E12).

    Production stands at the balanced base; links and uses move within their ranges, the uses looked at stand. The share
    of a market's mass that bears the label times a flow is the one product of unknowns; it is enclosed by the planes of
    McCormick (1976) between the ends of the interval walk. What leaves a market for minor links and other uses is one
    flow of the market; what minor links bring bears anything between the ends of the walk.

    Parameters
    ----------
    network : ElementNetwork
    demands : ndarray of int
        Demands that are looked at together.
    minor : float
        Links and markets that less than this share of the use passes are minor.
    """

    def __init__(self, network: ElementNetwork, demands: Ints, minor: float = MINOR) -> None:
        self.network, self.weight = network, use_weights(network, demands)
        needed = visits(chain(network), self.weight)
        inflow = np.where(network.inflow > 0, network.inflow, np.inf)
        carried = needed[network.destination] * network.flow / inflow[network.destination]
        self.near = needed > minor
        self.major = (carried > minor) & self.near[network.origin] & self.near[network.destination]
        self.fixed_out = gather(network.demand_market[demands], network.use[demands], len(needed)) + np.maximum(network.residual, 0.0)
        self.others = np.setdiff1d(np.arange(len(network.demands)), demands)
        self.inputs = np.flatnonzero(network.entry_mass < 0)
        links, markets = int(self.major.sum()), len(needed)
        ends = np.cumsum((0, links, markets, links, markets, markets, markets, markets))
        columns = (np.arange(first, last) for first, last in zip(ends[:-1], ends[1:], strict=True))
        self.flow, self.rest, self.flow_in, self.rest_in, self.brought, self.brought_in, self.share = columns
        self.columns = int(ends[-1])

    def bounds(self, stage: str, suppliers: tuple[str, ...]) -> tuple[float, float]:
        """Least and most share of the demands' use that some regions last worked at a stage [1].

        Where flows are so small beside the solver's tolerance that it finds no point, the wider ends of the interval
        walk (E11) are given: they enclose the same shares.
        """
        least, most = (interval_shares(self.network, stage, suppliers, most=end) for end in (False, True))
        programme = self._programme(stage, suppliers, np.maximum(least - MARGIN, 0.0), np.minimum(most + MARGIN, 1.0))
        found = []
        for maximise, walked in ((False, least), (True, most)):
            programme.sense(maximise=maximise)
            best = programme.solve()
            found.append(float(self.weight @ walked) if best is None else best)
        low, high = (min(max(end, 0.0), 1.0) for end in found)
        return low, high

    def _programme(self, stage: str, suppliers: tuple[str, ...], least: Floats, most: Floats) -> LinearProgram:
        low, high = self._limits(least, most)
        rows = SparseRows()
        self._balance(rows)
        self._label(rows, *tagged(self.network, stage, suppliers))
        self._mixed(rows, low, high, least, most)
        programme = LinearProgram(low, high, rows)
        cost = np.zeros(self.columns)
        cost[self.share] = self.weight
        programme.cost(cost)
        return programme

    def _limits(self, least: Floats, most: Floats) -> tuple[Floats, Floats]:
        """Ranges of all columns."""
        network, count, minor = self.network, len(self.share), ~self.major
        low, high = np.zeros(self.columns), np.full(self.columns, np.inf)
        low[self.share], high[self.share] = least, most
        for ends, flow, use, mixed in ((low, network.flow_low, network.use_low, least), (high, network.flow_high, network.use_high, most)):
            ends[self.flow] = flow[self.major]
            ends[self.rest] = gather(network.origin[minor], flow[minor], count)
            ends[self.rest] += gather(network.demand_market[self.others], use[self.others], count)
            ends[self.brought] = gather(network.destination[minor], flow[minor], count)
            ends[self.brought_in] = gather(network.destination[minor], (flow * mixed[network.origin])[minor], count)
        return low, high

    def _rows(self, rows: SparseRows, constant: Floats) -> Ints:
        """One row per market with this right side; open for markets that are not near."""
        slack = np.where(self.near, ROUNDING * (1.0 + self.network.inflow), np.inf)
        return rows.block(constant - slack, constant + slack)

    def _flows(self, rows: SparseRows, numbers: Ints, flow: Ints, rest: Ints, brought: Ints) -> None:
        rows.put(numbers[self.network.destination[self.major]], flow, 1.0)
        rows.put(numbers[self.network.origin[self.major]], flow, -1.0)
        rows.put(numbers, rest, -1.0)
        rows.put(numbers, brought, 1.0)

    def _balance(self, rows: SparseRows) -> None:
        """What enters a market leaves it."""
        network = self.network
        made = gather(network.entry_market, network.entry_mass, len(self.share)) + np.maximum(-network.residual, 0.0)
        self._flows(rows, self._rows(rows, self.fixed_out - made), self.flow, self.rest, self.brought)

    def _label(self, rows: SparseRows, ours: NDArray[np.bool_], fixed: NDArray[np.bool_]) -> None:
        """So does what bears the label; a process gives all that it makes the mix of what it took."""
        network, made = self.network, self.network.entry_mass > 0
        whole = made & ours[network.entry_process]
        numbers = self._rows(rows, -gather(network.entry_market[whole], network.entry_mass[whole], len(self.share)))
        self._flows(rows, numbers, self.flow_in, self.rest_in, self.brought_in)
        sources, masses = network.entry_market[self.inputs], -network.entry_mass[self.inputs]
        rows.put(numbers, self.share, -self.fixed_out - gather(sources, masses, len(self.share)))
        takes = network.entry_process[self.inputs]
        for entry in np.flatnonzero(made & ~fixed[network.entry_process]):
            process = network.entry_process[entry]
            mine = takes == process
            passed = network.entry_mass[entry] / network.process_input[process]
            rows.put(np.full(int(mine.sum()), numbers[network.entry_market[entry]]), self.share[sources[mine]], masses[mine] * passed)

    def _mixed(self, rows: SparseRows, low: Floats, high: Floats, least: Floats, most: Floats) -> None:
        """What leaves a market bears the market's share: McCormick's four planes about label = share x flow."""
        source = np.concatenate([self.network.origin[self.major], np.flatnonzero(self.near)])
        whole = np.concatenate([self.flow, self.rest[self.near]])
        label = np.concatenate([self.flow_in, self.rest_in[self.near]])
        for bound, edge, above in (
            (least[source], low[whole], False),
            (most[source], high[whole], False),
            (least[source], high[whole], True),
            (most[source], low[whole], True),
        ):
            # label - bound * whole - edge * share  >= or <=  - bound * edge
            limit, open_end = -bound * edge, np.full(len(whole), np.inf)
            numbers = rows.block(-open_end, limit) if above else rows.block(limit, open_end)
            rows.put(numbers, label, 1.0)
            rows.put(numbers, whole, -bound)
            rows.put(numbers, self.share[source], -edge)
