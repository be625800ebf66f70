"""Bounds of a traced share over all balanced systems within the ranges of the data.

Two methods give outer bounds. The interval walk (E11) lets each market choose its link flows within their ranges,
independently of all others; the linear programme (E12) also keeps every market in balance. If every range is a single
point, both give the traced share.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ytterby.exposure.element_network import gather
from ytterby.exposure.tracing import mass_per_use, upstream_walk, use_weights
from ytterby.solver import LinearProgram, SparseRows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.exposure.element_network import ElementNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

TOLERANCE = 1e-9
"""Largest change of a share at which the interval walk counts as converged."""
ANY = "any"
"""All stages together: worked at one of them at least."""
MARGIN = 1e-7
"""Margin by which the bounds of the walk are widened before they constrain the programme."""
MINOR = 1e-4
"""Share of a use below which a link or market is aggregated in the programme."""
ROUNDING = 1e-7
"""Slack of a market's balance, as a share of its throughput."""
MAX_ITERATIONS = 10_000
"""Limit of iterations; no network with sources needs as many."""


def labelled_processes(network: ElementNetwork, stage: str, suppliers: tuple[str, ...]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Processes whose whole output bears the label, and processes whose label does not depend on their inputs (P).

    The label means "last worked at the stage by one of the suppliers". Other processes of the stage remove it, and sources
    such as mines outside the stage never have it. At :data:`ANY` stage no process removes it.
    """
    theirs = np.isin(network.process_region, suppliers)
    here = theirs if stage == ANY else network.process_stage == stage
    return here & theirs, here | (network.process_input <= 0)


def interval_shares(network: ElementNetwork, stage: str, suppliers: tuple[str, ...], *, maximise: bool) -> Floats:
    """Smallest or largest share of each market's mass last worked at a stage by some regions (E11) (M) [1].

    Every market takes any flow within its range from each link, independently of the other markets.
    """
    ours, fixed = labelled_processes(network, stage, suppliers)
    return _fixed_point(network, ours, fixed, np.full(len(network.links), np.nan), maximise=maximise)


def interval_entries(network: ElementNetwork, home: tuple[str, ...], stage: str, suppliers: tuple[str, ...], *, maximise: bool) -> Floats:
    """Smallest or largest share of each domestic market's mass imported at a stage from some regions (E11) (M) [1]."""
    inside, source = np.isin(network.region, home), network.region[network.origin]
    crossing = inside[network.destination] & ~inside[network.origin]
    counted = crossing & (network.stage[network.origin] == stage) & np.isin(source, suppliers)
    label = np.where(crossing, counted.astype(float), np.nan)
    return _fixed_point(network, np.zeros(len(network.processes), bool), network.process_input <= 0, label, maximise=maximise)


def _fixed_point(network: ElementNetwork, ours: NDArray[np.bool_], fixed: NDArray[np.bool_], label: Floats, *, maximise: bool) -> Floats:
    """Iterate the walk to its fixed point (M,) [1].

    The iteration starts from zero for both bounds: the smallest fixed point is the share that really bears the label,
    without mass that only circulates in a loop.
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
    for _ in range(MAX_ITERATIONS):
        label_share = np.where(np.isnan(label), share[network.origin], label)
        following = _extreme_step(network, whole + through @ share, steady, share, label_share, maximise=maximise)
        if np.abs(following - share).max(initial=0.0) < TOLERANCE:
            break
        share = following
    return share


def _extreme_step(
    network: ElementNetwork, labelled: Floats, steady: Floats, share: Floats, label_share: Floats, *, maximise: bool
) -> Floats:
    """One step towards the extreme of (labelled + sum f label_share) / (steady + sum f) over f in its range (Dinkelbach 1967).

    A share that no longer changes is the extreme. A market that nothing must supply keeps its share where no link is better.
    """
    at, count = network.destination, len(steady)
    better = label_share > share[at] if maximise else label_share < share[at]
    flow = np.where(better, network.flow_high, network.flow_low)
    below = steady + gather(at, flow, count)
    above = labelled + gather(at, flow * label_share, count)
    return np.asarray(np.clip(np.divide(above, below, out=share.copy(), where=below > 0), 0.0, 1.0))


class ShareBounds:
    """Smallest and largest value of a traced share by linear programming (E12).

    Production and the uses considered are fixed at the balanced base; links and other uses vary within their ranges. The
    only product of two unknowns, the labelled share of a market times a flow, is relaxed by McCormick (1976) envelopes
    between the bounds of the interval walk. Outflow to minor links and other uses is one aggregate flow per market; inflow
    over minor links may have any label share between the bounds of the walk.

    Parameters
    ----------
    network : ElementNetwork
    demands : ndarray of int
        Demands considered together.
    minor : float
        Links and markets that carry less than this share of the use are minor.
    """

    def __init__(self, network: ElementNetwork, demands: Ints, minor: float = MINOR) -> None:
        self.network, self.weight = network, use_weights(network, demands)
        needed = mass_per_use(upstream_walk(network), self.weight)
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
        """Smallest and largest share of the demands' use last worked at a stage by some regions [1].

        If flows are so small compared with the solver's tolerance that it finds no feasible point, the wider bounds of
        the interval walk (E11) are returned.
        """
        lowest, highest = (interval_shares(self.network, stage, suppliers, maximise=end) for end in (False, True))
        programme = self._programme(stage, suppliers, np.maximum(lowest - MARGIN, 0.0), np.minimum(highest + MARGIN, 1.0))
        found = []
        for maximise, walked in ((False, lowest), (True, highest)):
            programme.sense(maximise=maximise)
            best = programme.solve()
            found.append(float(self.weight @ walked) if best is None else best)
        low, high = (min(max(end, 0.0), 1.0) for end in found)
        return low, high

    def _programme(self, stage: str, suppliers: tuple[str, ...], lowest: Floats, highest: Floats) -> LinearProgram:
        low, high = self._limits(lowest, highest)
        rows = SparseRows()
        self._balance(rows)
        self._label(rows, *labelled_processes(self.network, stage, suppliers))
        self._mixed(rows, low, high, lowest, highest)
        programme = LinearProgram(low, high, rows)
        cost = np.zeros(self.columns)
        cost[self.share] = self.weight
        programme.cost(cost)
        return programme

    def _limits(self, lowest: Floats, highest: Floats) -> tuple[Floats, Floats]:
        """Lower and upper bounds of all columns."""
        network, count, minor = self.network, len(self.share), ~self.major
        low, high = np.zeros(self.columns), np.full(self.columns, np.inf)
        low[self.share], high[self.share] = lowest, highest
        for ends, flow, use, mixed in (
            (low, network.flow_low, network.use_low, lowest),
            (high, network.flow_high, network.use_high, highest),
        ):
            ends[self.flow] = flow[self.major]
            ends[self.rest] = gather(network.origin[minor], flow[minor], count)
            ends[self.rest] += gather(network.demand_market[self.others], use[self.others], count)
            ends[self.brought] = gather(network.destination[minor], flow[minor], count)
            ends[self.brought_in] = gather(network.destination[minor], (flow * mixed[network.origin])[minor], count)
        return low, high

    def _rows(self, rows: SparseRows, constant: Floats) -> Ints:
        """One row per market with this right-hand side; free for markets that carry too little of the use."""
        slack = np.where(self.near, ROUNDING * (1.0 + self.network.inflow), np.inf)
        return rows.block(constant - slack, constant + slack)

    def _flows(self, rows: SparseRows, numbers: Ints, flow: Ints, rest: Ints, brought: Ints) -> None:
        rows.put(numbers[self.network.destination[self.major]], flow, 1.0)
        rows.put(numbers[self.network.origin[self.major]], flow, -1.0)
        rows.put(numbers, rest, -1.0)
        rows.put(numbers, brought, 1.0)

    def _balance(self, rows: SparseRows) -> None:
        """Mass balance of every market."""
        network = self.network
        made = gather(network.entry_market, network.entry_mass, len(self.share)) + np.maximum(-network.residual, 0.0)
        self._flows(rows, self._rows(rows, self.fixed_out - made), self.flow, self.rest, self.brought)

    def _label(self, rows: SparseRows, ours: NDArray[np.bool_], fixed: NDArray[np.bool_]) -> None:
        """Balance of labelled mass; the output of a process has the mean label share of its inputs."""
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

    def _mixed(self, rows: SparseRows, low: Floats, high: Floats, lowest: Floats, highest: Floats) -> None:
        """Outflow has the label share of its market: the four McCormick planes around label = share x flow."""
        source = np.concatenate([self.network.origin[self.major], np.flatnonzero(self.near)])
        whole = np.concatenate([self.flow, self.rest[self.near]])
        label = np.concatenate([self.flow_in, self.rest_in[self.near]])
        for bound, edge, above in (
            (lowest[source], low[whole], False),
            (highest[source], high[whole], False),
            (lowest[source], high[whole], True),
            (highest[source], low[whole], True),
        ):
            # label - bound * whole - edge * share  >= or <=  - bound * edge
            limit, open_end = -bound * edge, np.full(len(whole), np.inf)
            numbers = rows.block(-open_end, limit) if above else rows.block(limit, open_end)
            rows.put(numbers, label, 1.0)
            rows.put(numbers, whole, -bound)
            rows.put(numbers, self.share[source], -edge)
