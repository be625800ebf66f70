"""A historical episode on its base system, simulated for many parameter sets, with the targets that it is compared with."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.errors import UnknownNameError
from ytterby.scenario import load_scenario
from ytterby.simulation import LabelledNetwork, central_path, simulated, uncertain_inputs
from ytterby.validation.customs_targets import customs_targets
from ytterby.validation.observables import ObservationOperator
from ytterby.validation.targets import targets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from ytterby.facts import Facts
    from ytterby.scenario import Scenario
    from ytterby.simulation import Interventions, Trace
    from ytterby.system import Network, System
    from ytterby.validation.targets import Target


EPISODES = ("quota-crisis-2010",)
"""Episodes with targets."""
CHUNK = 64
"""Draws whose interventions are in memory at once."""
LAST_DAY = dt.date(2018, 12, 31)
"""Horizon of the replay: the last row marked ``judge``."""


def require_episode(name: str) -> str:
    """Name of an episode that has targets.

    Raises
    ------
    UnknownNameError
        For any other name.
    """
    if name not in EPISODES:
        raise UnknownNameError("episode with targets", name, EPISODES)
    return name


def scenario_until(name: str, last: dt.date) -> Scenario:
    """Bundled scenario of an episode with its horizon set to a day."""
    scenario = load_scenario(require_episode(name))
    first = scenario.mondays[0].astype(object)
    return scenario.update(weeks=(last - first).days // 7 + 1)


@dataclass(frozen=True, eq=False)
class Replay:
    """An episode on its base system with the targets that it is compared with.

    Parameters
    ----------
    network : LabelledNetwork
        The compiled base.
    scenario : Scenario
        The episode; its distributions describe uncertain events.
    targets : sequence of Target
        Observations computed in every draw.
    """

    network: LabelledNetwork
    scenario: Scenario
    targets: Sequence[Target]

    @cached_property
    def operator(self) -> ObservationOperator:
        """Mapping from simulated draws to targets."""
        return ObservationOperator(self.network, central_path(self.scenario), self.targets)

    @cached_property
    def medians(self) -> dict[str, Any]:
        """Medians of all inputs that the backtest draws beside the fitted ones, so that a fit stands where the replay does."""
        return {key: spread.median for key, spread in drawn_inputs(self).items()}

    def simulate(self, rows: pd.DataFrame) -> Iterator[tuple[int, Network, Interventions, Trace]]:
        """Simulate one path per row, each returned with its index; keys missing from the rows take their medians or defaults."""
        columns = {key: np.full(len(rows), median) for key, median in self.medians.items()}
        columns |= {str(key): values.to_numpy() for key, values in rows.items()}
        for place, case, trace in simulated(self.network, self.scenario, columns, len(rows)):
            yield place, self.network.net._replace(cover=case.cover), case.policy, trace

    def ensemble(self, rows: pd.DataFrame, progress: Callable[[int, int], None] | None = None) -> NDArray[np.float64]:
        """Model values of each target in each draw (N, T); a draw is bit-identical whatever the other draws are."""
        found = np.empty((len(rows), len(self.targets)))
        for first in range(0, len(rows), CHUNK):
            for place, net, policy, trace in self.simulate(rows.iloc[first : first + CHUNK]):
                found[first + place] = self.operator.outputs(net, policy, trace)
            if progress:
                progress(min(first + CHUNK, len(rows)), len(rows))
        return found


def drawn_inputs(replay: Replay) -> dict[str, Any]:
    """Distributions of the inputs that are not fitted: events of the scenario, behaviour, covers."""
    base = {key: spread for key, spread in uncertain_inputs(replay.network).items() if not key.startswith("price.")}
    return {**base, **replay.scenario.draws}


def replay_of(episode: str, system: System, facts: Facts) -> Replay:
    """Replay of an episode with all its targets on the base system of its year."""
    return Replay(LabelledNetwork.of(system), scenario_until(episode, LAST_DAY), (*targets(facts), *customs_targets(facts)))
