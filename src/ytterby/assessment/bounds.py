"""What the data cannot determine: bounds of a traced share over all balanced systems within the facts' ranges.

Two roads, both from outside: the interval walk (E11) lets each market choose its suppliers within the ranges of its
links, by itself; the linear programme (E12) also keeps every market balanced. With ranges of a point both collapse to the
traced share. A third answer, ``mixing="free"``, drops the rule that a market mixes what it takes: whose material went
where is then open too, and only what arithmetic excludes is excluded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from ytterby.assessment.network import gather
from ytterby.assessment.programme import Programme, Rows
from ytterby.errors import BalanceError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.assessment.network import ElementNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

SETTLED = 1e-10
"""Change of the interval walk's shares at which it has settled."""
MARGIN = 1e-7
"""By which the walk's ends are widened before they fence in the programme."""
ROUNDS = 10_000
"""More rounds than any network with sources needs."""


def tagged(network: ElementNetwork, stage: str, suppliers: tuple[str, ...]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Processes whose output is labelled whole, and processes whose output has a fixed label (P).

    The label says "last worked at the stage by one of the suppliers": others that work the stage take it off, and what
    comes from another source never had it.
    """
    here = network.process_stage == stage
    return here & np.isin(network.process_region, suppliers), here | (network.process_input <= 0)


def interval_shares(network: ElementNetwork, stage: str, suppliers: tuple[str, ...], *, most: bool) -> Floats:
    """Least or most share of each market's mass that some regions last worked at a stage (E11) (M) [1].

    Every market takes from each link anything within its range, independently of the others; the walk is repeated until
    it settles, from none (for the most) or all (for the least) of what it may be.
    """
    ours, fixed = tagged(network, stage, suppliers)
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
        # from below for both ends: the least fixed point is the absorption probability
        following = _extreme(network, whole + through @ share, steady, share, most=most)
        if np.abs(following - share).max(initial=0.0) < SETTLED:
            break
        share = following
    return share


def _extreme(network: ElementNetwork, labelled: Floats, steady: Floats, share: Floats, *, most: bool) -> Floats:
    """Extreme of (labelled + sum f share) / (steady + sum f) over f in its range, market by market (Dinkelbach 1967)."""
    at, value = network.destination, share[network.origin]
    low, high, count = network.flow_low, network.flow_high, len(steady)
    ratio = share
    for _ in range(100):
        better = value > ratio[at] if most else value < ratio[at]
        flow = np.where(better, high, low)
        below = steady + gather(at, flow, count)
        above = labelled + gather(at, flow * value, count)
        reached = np.divide(above, below, out=np.zeros(count), where=below > 0)
        if np.abs(reached - ratio).max(initial=0.0) < SETTLED / 10:
            break
        ratio = reached
    return np.asarray(np.clip(reached, 0.0, 1.0))


class ShareBounds:
    """Least and most of a traced share by linear programmes (E12).

    Production stands at the balanced base; links and uses move within their ranges, the uses looked at stand. The share
    of a market's mass that bears the label times a flow is the one product of unknowns; it is enclosed by the planes of
    McCormick (1976) between the ends of the interval walk.

    Parameters
    ----------
    network : ElementNetwork
    demands : ndarray of int
        Demands that are looked at together.
    mixing : {"proportional", "free"}
        Whether a market gives all whom it serves the same mix, or any.
    """

    def __init__(self, network: ElementNetwork, demands: Ints, mixing: Literal["proportional", "free"] = "proportional") -> None:
        self.network, self.demands, self.mixing = network, demands, mixing
        self.inputs = np.flatnonzero(network.entry_mass < 0)
        self.input_mass = -network.entry_mass[self.inputs]
        self.leaves = np.maximum(network.residual, 0.0)
        counts = (len(network.links), len(network.demands), len(network.links), len(network.demands), len(self.inputs))
        ends = np.cumsum((0, *counts, len(network.markets), len(network.markets)))
        columns = (np.arange(first, last) for first, last in zip(ends[:-1], ends[1:], strict=True))
        self.flow, self.use, self.flow_in, self.use_in, self.input_in, self.left_in, self.share = columns
        self.columns = int(ends[-1])
        self.low = np.concatenate([network.flow_low, network.use_low])
        self.high = np.concatenate([network.flow_high, network.use_high])
        fixed = len(network.links) + demands
        self.low[fixed] = self.high[fixed] = network.use[demands]
        self.source = np.concatenate([network.origin, network.demand_market])

    def bounds(self, stage: str, suppliers: tuple[str, ...]) -> tuple[float, float]:
        """Least and most share of the demands' use that some regions last worked at a stage [1].

        Raises
        ------
        BalanceError
            If no balanced system lies within the ranges.
        """
        least, most = (interval_shares(self.network, stage, suppliers, most=end) for end in (False, True))
        programme = self._programme(stage, suppliers, np.maximum(least - MARGIN, 0.0), np.minimum(most + MARGIN, 1.0))
        found = []
        for maximise in (False, True):
            programme.sense(maximise=maximise)
            best = programme.solve()
            if best is None:
                raise BalanceError(f"{self.network.element}: no balanced system within the ranges of the facts")
            found.append(min(max(best, 0.0), 1.0))
        return found[0], found[1]

    def _programme(self, stage: str, suppliers: tuple[str, ...], least: Floats, most: Floats) -> Programme:
        rows = Rows()
        self._balance(rows)
        self._label(rows, *tagged(self.network, stage, suppliers))
        if self.mixing == "proportional":
            self._mixed(rows, least, most)
        else:
            self._unmixed(rows)
        low, high = np.zeros(self.columns), np.full(self.columns, np.inf)
        low[: len(self.low)], high[: len(self.high)] = self.low, self.high
        low[self.share], high[self.share] = (least, most) if self.mixing == "proportional" else (0.0, 1.0)
        high[self.input_in], high[self.left_in] = self.input_mass, self.leaves
        programme = Programme(low, high, rows)
        cost = np.zeros(self.columns)
        cost[self.use_in[self.demands]] = 1.0 / self.network.use[self.demands].sum()
        programme.cost(cost)
        return programme

    def _balance(self, rows: Rows) -> None:
        """What enters a market leaves it."""
        network = self.network
        made = gather(network.entry_market, network.entry_mass, len(network.markets)) - network.residual
        numbers = rows.block(-made, -made)
        rows.put(numbers[network.destination], self.flow, 1.0)
        rows.put(numbers[network.origin], self.flow, -1.0)
        rows.put(numbers[network.demand_market], self.use, -1.0)

    def _label(self, rows: Rows, ours: NDArray[np.bool_], fixed: NDArray[np.bool_]) -> None:
        """So does what bears the label; a process gives all that it makes the mix of what it took."""
        network, made = self.network, self.network.entry_mass > 0
        whole = made & ours[network.entry_process]
        given = gather(network.entry_market[whole], network.entry_mass[whole], len(network.markets))
        numbers = rows.block(-given, -given)
        rows.put(numbers[network.destination], self.flow_in, 1.0)
        rows.put(numbers[network.origin], self.flow_in, -1.0)
        rows.put(numbers[network.demand_market], self.use_in, -1.0)
        rows.put(numbers[network.entry_market[self.inputs]], self.input_in, -1.0)
        rows.put(numbers, self.left_in, -1.0)
        takes = network.entry_process[self.inputs]
        for entry in np.flatnonzero(made & ~fixed[network.entry_process]):
            process = network.entry_process[entry]
            mine = np.flatnonzero(takes == process)
            passed = network.entry_mass[entry] / network.process_input[process]
            rows.put(np.full(len(mine), numbers[network.entry_market[entry]]), self.input_in[mine], passed)

    def _mixed(self, rows: Rows, least: Floats, most: Floats) -> None:
        """All that leaves a market bears the market's share; exact where the amount is fixed, else McCormick's planes."""
        share = self.share[self.source]
        whole, label = np.concatenate([self.flow, self.use]), np.concatenate([self.flow_in, self.use_in])
        for bound, edge, above in (
            (least[self.source], self.low, False),
            (most[self.source], self.high, False),
            (least[self.source], self.high, True),
            (most[self.source], self.low, True),
        ):
            # label - bound * whole - edge * share  >= or <=  - bound * edge
            limit, open_end = -bound * edge, np.full(len(whole), np.inf)
            numbers = rows.block(-open_end, limit) if above else rows.block(limit, open_end)
            rows.put(numbers, label, 1.0)
            rows.put(numbers, whole, -bound)
            rows.put(numbers, share, -edge)
        source = self.network.entry_market[self.inputs]
        for labels, masses, at in ((self.input_in, self.input_mass, self.share[source]), (self.left_in, self.leaves, self.share)):
            numbers = rows.block(np.zeros(len(labels)), np.zeros(len(labels)))
            rows.put(numbers, labels, 1.0)
            rows.put(numbers, at, -masses)

    def _unmixed(self, rows: Rows) -> None:
        """No label exceeds what bears it."""
        for whole, label in ((self.flow, self.flow_in), (self.use, self.use_in)):
            numbers = rows.block(np.zeros(len(whole)), np.full(len(whole), np.inf))
            rows.put(numbers, whole, 1.0)
            rows.put(numbers, label, -1.0)
