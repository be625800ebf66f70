"""From a scenario to reduced arrays: one draw or an ensemble, in chunks that any executor may run.

Draw *i* of seed *s* is the same bits whatever the number of draws, the chunk, the order or the place of execution.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.scenario.designs import design
from ytterby.simulation.cases import cases_of, simulated
from ytterby.simulation.measure_effects import interventions_of
from ytterby.simulation.uncertain_inputs import drawn_price_level, uncertain_inputs
from ytterby.simulation.views import Views, restricted_links
from ytterby.system.compile import sum_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from ytterby.scenario.scenario import Scenario
    from ytterby.simulation.batch import Case, Trace
    from ytterby.simulation.interventions import Interventions
    from ytterby.simulation.labelled_network import LabelledNetwork
    from ytterby.system.compile import Network


@dataclass(frozen=True, eq=False)
class Draw:
    """One simulated line of history with what it was drawn from."""

    network: LabelledNetwork
    net: Network
    policy: Interventions
    trace: Trace
    level: NDArray[np.float64]

    @property
    def need(self) -> NDArray[np.float64]:
        """Wanted local use over base use (W, M); 1 at rest."""
        net, m = self.net, len(self.net.price)
        want = np.stack([sum_at(net.demand_market, row, m) for row in self.trace.want])
        inputs = self.base_use - sum_at(net.demand_market, net.use, m)
        return np.maximum(want + inputs, 0.0) / np.maximum(self.base_use, 1e-12)

    @property
    def want(self) -> NDArray[np.float64]:
        """Wanted over base final use of each demand (W, K)."""
        return np.asarray(self.trace.want / np.maximum(self.net.use, 1e-12))

    @property
    def arrival_ratio(self) -> NDArray[np.float64]:
        """What reaches users over base use (W, M): the need less what their stocks fall below target or stay unserved.

        A stock that shrinks because its market expects to sell less abroad is no deficit of its users.
        """
        net, trace = self.net, self.trace
        below = np.maximum(net.cover * np.minimum(trace.expected, net.outflow) - net.imports - trace.stock, 0.0)
        unmet = np.stack([sum_at(net.demand_market, row, len(net.price)) for row in trace.want - trace.served])
        deficit = np.diff(below, axis=0, prepend=0.0) + unmet
        return np.asarray(self.need - deficit / np.maximum(self.base_use, 1e-12))

    @property
    def user_cover(self) -> NDArray[np.float64]:
        """Cover at the start in weeks of local use (M,)."""
        return np.asarray(self.net.cover * self.net.outflow / np.maximum(self.base_use, 1e-12))

    @property
    def restricted_share(self) -> NDArray[np.float64]:
        """Share of each market's base supply that comes over links on which a measure acts (M,)."""
        net = self.net
        links = restricted_links(self.network, self.policy)
        through = sum_at(net.destination[links], net.flow[links], len(net.price))
        return np.asarray(through / np.maximum(net.inflow + net.imports, 1e-300))

    @property
    def base_use(self) -> NDArray[np.float64]:
        """Local use of each market at rest (M,) [t/week]."""
        net = self.net
        exports = sum_at(net.origin, net.flow, len(net.price))
        return np.asarray(net.outflow - exports - np.maximum(net.residual, 0.0))

    @property
    def served(self) -> NDArray[np.float64]:
        """Delivered over wanted final use (W, K)."""
        return np.asarray(np.where(self.trace.want > 1e-12, self.trace.served / np.maximum(self.trace.want, 1e-12), 1.0))


@dataclass(frozen=True, eq=False)
class Experiment:
    """A scenario on a scene with the design of its draws; ``draws`` = 1 without a design is the central run.

    Parameters
    ----------
    scene, scenario
        What is simulated.
    draws : int
        Number of draws; 0 for the single central run.
    seed : int
        Seed of the design.
    """

    network: LabelledNetwork
    scenario: Scenario
    draws: int
    seed: int
    method: str = "streams"
    fitted: pd.DataFrame | None = None
    """Values of parameters that a calibration has drawn, one row a draw; they replace the ranges of these parameters."""

    @cached_property
    def rows(self) -> pd.DataFrame:
        """Value of each uncertain input in each draw; empty for the central run."""
        import pandas as pd

        if self.draws == 0:
            return pd.DataFrame(index=pd.RangeIndex(1))
        rows = design(self.scenario, self.draws, self.seed, uncertain_inputs(self.network), self.method)  # type: ignore[arg-type]
        return rows if self.fitted is None else rows.assign(**{key: self.fitted[key].to_numpy() for key in self.calibrated})

    @cached_property
    def calibrated(self) -> tuple[str, ...]:
        """Uncertain inputs that a calibration has drawn: those of ``fitted`` that the scenario does not draw itself."""
        if self.fitted is None:
            return ()
        return tuple(str(key) for key in self.fitted.columns if key in uncertain_inputs(self.network) and key not in self.scenario.draws)

    @cached_property
    def views(self) -> Views:
        """What is reported: the same for all draws, restricted links of every branch included."""
        touched = [restricted_links(self.network, interventions_of(self.network, path)) for _, path in self.scenario.paths()]
        links = np.flatnonzero(self.network.net.flow > 0.0) if self.draws == 0 else np.unique(np.concatenate(touched))
        return Views(self.network, links.astype(np.int64))

    def draw(self, i: int) -> Draw:
        """Simulate draw ``i``."""
        return next(self.simulate([i]))[1]

    def simulate(self, numbers: Sequence[int]) -> Iterator[tuple[int, Draw]]:
        """Simulate draws in lock-step: number and draw of each, in the order in which blocks are done."""
        network, columns = self.network, self._columns(numbers)
        level = np.broadcast_to(drawn_price_level(network, columns), (len(numbers), len(network.net.price)))
        for place, case, trace in simulated(network, self._path, columns, len(numbers)):
            yield numbers[place], Draw(network, network.net._replace(cover=case.cover), case.policy, trace, level[place])

    def cases(self, numbers: Sequence[int]) -> list[Case]:
        """What the kernel needs of draws, one case for each way through the scenario."""
        return [case for _, case in cases_of(self.network, self._path, self._columns(numbers), len(numbers))]

    @property
    def _path(self) -> Scenario:
        return self.scenario if self.draws else central_path(self.scenario)

    def _columns(self, numbers: Sequence[int]) -> dict[str, Any]:
        """Values of each uncertain input in draws (draw,)."""
        if self.draws == 0:
            return _fixed_behaviour(self.scenario)
        return {str(key): values.to_numpy()[list(numbers)] for key, values in self.rows.items()}

    @property
    def onset(self) -> int:
        """Week in which the first measure starts; 0 without measures."""
        starts = [m.start for m in self.scenario.all_measures()]
        if not starts:
            return 0
        return max(0, int(np.searchsorted(self.scenario.mondays, np.datetime64(min(starts), "D"), side="right") - 1))


def central_path(scenario: Scenario) -> Scenario:
    """Scenario without draws: the medians of its distributions, the most probable way through its forks."""
    medians = {key: spread.median for key, spread in scenario.draws.items()}
    fixed = scenario.with_values(medians) if medians else scenario
    return max(fixed.paths(), key=lambda way: way[0])[1]


def _fixed_behaviour(scenario: Scenario) -> dict[str, float]:
    return {key: float(spread.median) for key, spread in scenario.draws.items() if key.startswith("behaviour.")}
