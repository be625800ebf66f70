"""Runs of a scenario: the central run, ensembles of draws, and screening of very many draws by outcomes only.

Draw *i* of seed *s* is bit-identical whatever the number of draws, the chunk, the order or the place of execution.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast

import numpy as np

from ytterby.errors import NotSimulatedError
from ytterby.scenario import columns as design_columns
from ytterby.scenario import design, draw_groups
from ytterby.simulation.batch import Case
from ytterby.simulation.interventions import Effect
from ytterby.simulation.measure_effects import interventions_of
from ytterby.simulation.restricted_supply import restricted_links, traced_share
from ytterby.simulation.state import OUTCOMES
from ytterby.simulation.uncertain_inputs import drawn_behaviour, drawn_cover, drawn_price_level, uncertain_inputs
from ytterby.simulation.views import Views
from ytterby.system import sum_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from ytterby.measures import Triangular
    from ytterby.scenario import Scenario
    from ytterby.simulation.batch import Trace
    from ytterby.simulation.interventions import Interventions
    from ytterby.simulation.labelled_network import LabelledNetwork
    from ytterby.simulation.uncertain_inputs import Columns
    from ytterby.simulation.user_shares import Competing, UserShares
    from ytterby.system import Network

Precision = Literal["float64", "float32"]
PRICE_LEVEL = "price_level"
"""Name of the factor on a market's base price in a draw [1]; the outcomes themselves are relative to the base."""


class IntendedUse(NamedTuple):
    """Final use that users want at base prices where measures change it; all others want their base use."""

    demands: NDArray[np.int64]
    """(n,) demands whose use measures change."""
    ratio: NDArray[np.float64]
    """(W, n) use that they want at base prices over their base use."""


@dataclass(frozen=True, eq=False)
class Draw:
    """A simulated draw: its trace, with the network, interventions and price level it was simulated with."""

    network: LabelledNetwork
    net: Network
    policy: Interventions
    trace: Trace
    level: NDArray[np.float64]
    earlier: Trace | None = None
    """Weeks before the first one of ``trace``, where there are any."""

    @cached_property
    def shares(self) -> UserShares:
        """What the users of each demand want, what reaches them, and how scarce their commodity is (W, K)."""
        from ytterby.simulation.user_shares import user_shares

        before = np.zeros(len(self.net.price)) if self.earlier is None else self._below_target(self.earlier)[-1]
        return user_shares(self.trace, self.net, self.base_use, (self._below_target(self.trace), before), self._competing)

    @property
    def want(self) -> NDArray[np.float64]:
        """Desired over base final use of each demand (W, K)."""
        return self.shares.want

    @cached_property
    def intended(self) -> IntendedUse:
        """Final use that measures let users want at base prices: less where they learn to save, more where they grow."""
        policy, weeks = self.policy, len(self.trace.want)
        rows = np.flatnonzero(policy.kind == Effect.DEMAND)
        demands, place = np.unique(policy.target[rows], return_inverse=True)
        log = np.zeros((weeks, len(demands)))
        for row, column in zip(rows.tolist(), place.tolist(), strict=True):
            log[:, column] += policy.level[policy.measure[row], -weeks:] * policy.weight[row]
        return IntendedUse(demands, np.exp(log))

    @property
    def arrival_ratio(self) -> NDArray[np.float64]:
        """Supply that reaches the users of each demand over their base use (W, K).

        It is what they want, less what they are refused or not served, less their part of the fall of the market's stocks below target:
        what one user is refused is missing to that user alone. Stocks that are reduced because the market expects to export less do not
        count as a deficit of its users.
        """
        return self.shares.arrival

    @property
    def scarcity(self) -> NDArray[np.float64]:
        """Share of a commodity's wanted use that does not reach the users who compete for it (W, K).

        They are all users outside the regions that restrict their exports; where no region does, all users.
        """
        return self.shares.scarcity

    @property
    def _competing(self) -> Competing:
        """Who competes for each commodity: users outside the regions that restrict their exports."""
        from ytterby.simulation.column_groups import ColumnGroups
        from ytterby.simulation.user_shares import Competing

        network, known, links = self.network, self.network.cache, self._restricted
        key = ("competing", links.tobytes())
        if key not in known:
            markets = network.net.demand_market
            restricting = np.unique(network.region[network.net.origin[links]])
            goods, of = np.unique(network.commodity[markets], return_inverse=True)
            known[key] = Competing((~np.isin(network.region[markets], restricting)).astype(np.float64), ColumnGroups.of(of, len(goods)))
        return cast("Competing", known[key])

    @cached_property
    def _restricted(self) -> NDArray[np.int64]:
        """Links on which a measure acts in some week."""
        return restricted_links(self.network, self.policy)

    def _below_target(self, trace: Trace) -> NDArray[np.float64]:
        """What stocks lack of their target (W, M) [t]."""
        net = self.net
        return np.maximum(net.cover * np.minimum(trace.expected, net.outflow) - net.imports - trace.stock, 0.0)

    @property
    def user_cover(self) -> NDArray[np.float64]:
        """Cover at the start of each demand in weeks of local use (K,)."""
        cover = self.net.cover * self.net.outflow / np.maximum(self.base_use, 1e-12)
        return np.asarray(cover[self.net.demand_market])

    @property
    def restricted_share(self) -> NDArray[np.float64]:
        """Share of each demand's base supply that depends on goods that passed a restricted link, whatever they were made into (K,)."""
        links, known = self._restricted, self.network.cache
        key = ("traced share", links.tobytes())
        if key not in known:
            known[key] = traced_share(self.network.net, links)
        return cast("NDArray[np.float64]", known[key])[self.net.demand_market]

    @cached_property
    def base_use(self) -> NDArray[np.float64]:
        """Local use of each market at rest (M,) [t/week]."""
        net = self.net
        exports = sum_at(net.origin, net.flow, len(net.price))
        return np.asarray(net.outflow - exports - np.maximum(net.residual, 0.0))

    @property
    def served(self) -> NDArray[np.float64]:
        """Delivered over desired final use (W, K); 1 where nothing is desired."""
        return self.shares.served


@dataclass(frozen=True, eq=False)
class Experiment:
    """A scenario on a network, with the design of its draws.

    Parameters
    ----------
    network, scenario
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
    """Posterior draws of calibrated parameters, one row per draw; they replace the prior ranges of these parameters."""

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
        """Markets and links that are reported: the same for all draws, including links restricted in any branch."""
        touched = [restricted_links(self.network, interventions_of(self.network, path)) for _, path in self.scenario.paths()]
        links = np.flatnonzero(self.network.net.flow > 0.0) if self.draws == 0 else np.unique(np.concatenate(touched))
        return Views(self.network, links.astype(np.int64))

    def draw(self, i: int) -> Draw:
        """Simulate draw ``i``."""
        return next(self.simulate([i]))[1]

    def simulate(self, numbers: Sequence[int], *, passing: bool = False) -> Iterator[tuple[int, Draw]]:
        """Simulate draws in batches; yields number and result of each draw, batch by batch.

        With ``passing`` each draw must be read before the next one is asked for: the memory of its series is used again.
        """
        network, columns = self.network, self._columns(numbers)
        level = np.broadcast_to(drawn_price_level(network, columns), (len(numbers), len(network.net.price)))
        for place, case, trace in simulated(network, self._path, columns, len(numbers), passing=passing):
            earlier, shown = _split(trace, self.scenario.weeks_before)
            yield numbers[place], Draw(network, network.net._replace(cover=case.cover), case.policy, shown, level[place], earlier)

    def cases(self, numbers: Sequence[int]) -> list[Case]:
        """Inputs of the weekly step for some draws: one case for each group of draws on the same path through the scenario."""
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


def _split(trace: Trace, before: int) -> tuple[Trace | None, Trace]:
    """Weeks before the first one of the scenario, and its own; the sums of the end belong to the latter."""
    if not before:
        return None, trace
    weekly = {name: series for name, series in trace._asdict().items() if series.ndim > 1}
    earlier, own = ({name: series[at] for name, series in weekly.items()} for at in (slice(before), slice(before, None)))
    return trace._replace(**earlier), trace._replace(**own)


def central_path(scenario: Scenario) -> Scenario:
    """Scenario without draws: the medians of its distributions, the most probable path through its forks."""
    medians = {key: spread.median for key, spread in scenario.draws.items()}
    fixed = scenario.with_values(medians) if medians else scenario
    return max(fixed.paths(), key=lambda path: path[0])[1]


def _fixed_behaviour(scenario: Scenario) -> dict[str, float]:
    return {key: float(spread.median) for key, spread in scenario.draws.items() if key.startswith("behaviour.")}


@dataclass(frozen=True, eq=False)
class Screening:
    """An experiment with very many draws, of which only outcomes of markets are stored, not weekly series.

    The memory needed is that of one chunk, whatever the number of draws. Draw *i* has the same inputs as draw *i* of the experiment.
    """

    experiment: Experiment
    precision: Precision = "float32"
    fitted: Callable[[int, int], pd.DataFrame] | None = None
    """Returns the posterior draws of calibrated parameters for draws first to stop (excluded), so that not all are in memory."""

    @cached_property
    def markets(self) -> NDArray[np.int64]:
        """Destination markets of the links that are restricted in any branch."""
        net = self.experiment.network.net
        return np.unique(net.destination[self.experiment.views.links])

    def columns(self, span: tuple[int, int]) -> dict[str, NDArray[Any]]:
        """Values of each uncertain input in the draws ``span[0]`` to ``span[1]`` (not included)."""
        run = self.experiment
        values = design_columns(run.scenario, run.draws, run.seed, self.inputs, run.method, *span)  # type: ignore[arg-type]
        return values | self._fitted(span)

    @cached_property
    def inputs(self) -> dict[str, Triangular]:
        """Distributions of the inputs that are drawn by default."""
        return uncertain_inputs(self.experiment.network)

    def _fitted(self, span: tuple[int, int]) -> dict[str, NDArray[np.float64]]:
        """Posterior values (draw,) of the calibrated parameters that the scenario itself does not draw."""
        found = {} if self.fitted is None else {str(key): values.to_numpy() for key, values in self.fitted(*span).items()}
        return {key: values for key, values in found.items() if key in self.inputs and key not in self.experiment.scenario.draws}

    def chunk(self, span: tuple[int, int]) -> dict[str, NDArray[np.float32]]:
        """Outcomes (draw, market) by name, for the draws of a span and the markets in :attr:`markets`."""
        from ytterby.simulation.batch import outcomes

        network, scenario = self.experiment.network, self.experiment.scenario
        if scenario.weeks_before:
            words = "a screen counts from the first simulated week"
            raise NotSimulatedError(f"{words}; '{scenario.name}' has measures in force before its start: use 'run' instead")
        drawn = self.columns(span)
        places, cases = zip(*cases_of(network, scenario, drawn, span[1] - span[0]), strict=True)
        found = outcomes(network.net, cases, scenario.weeks, self.precision, self.markets)
        order = np.argsort(np.concatenate(places))
        level = drawn_price_level(network, drawn)[:, self.markets]
        return {name: found[name][order].astype(np.float32) for name in OUTCOMES} | {PRICE_LEVEL: level.astype(np.float32)}


def cases_of(network: LabelledNetwork, scenario: Scenario, columns: Columns, draws: int) -> Iterator[tuple[NDArray[np.int64], Case]]:
    """Inputs of the weekly step by group of draws: positions of the group's draws, and their case.

    Parameters
    ----------
    network : LabelledNetwork
    scenario : Scenario
        With draws and forks.
    columns : mapping of key to array (draw,)
        Values of all keys drawn by the scenario and of its forks; behaviour and covers without a key stay at their base values.
    draws : int
        Number of draws.
    """
    cover = np.broadcast_to(drawn_cover(network, columns), (draws, len(network.net.price)))
    par = drawn_behaviour(columns)
    for places, one, values in draw_groups(scenario, columns, draws):
        yield places, Case(cover[places], interventions_of(network, one, values), par.of(places))


def simulated(
    network: LabelledNetwork, scenario: Scenario, columns: Columns, draws: int, *, passing: bool = False
) -> Iterator[tuple[int, Case, Trace]]:
    """Simulate draws in batches; yields position, case and trace of each draw, batch by batch.

    With ``passing`` each trace must be read before the next one is asked for.
    """
    from ytterby.simulation.batch import simulate_each

    found = list(cases_of(network, scenario, columns, draws))
    each = [(place, case, k) for places, case in found for k, place in enumerate(places.tolist())]
    for number, trace in simulate_each(network.net, [case for _, case in found], len(scenario.all_mondays), passing=passing):
        place, case, k = each[number]
        yield place, case.of(k), trace
