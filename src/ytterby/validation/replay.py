"""An episode replayed: parameters in, model values of all targets out, draw by draw."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.errors import UnknownNameError
from ytterby.scenario.files import load_scenario
from ytterby.simulation.run import central_path, simulated
from ytterby.validation.observables import CustomsLedger

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from ytterby.scenario.scenario import Scenario
    from ytterby.simulation.batch import Trace
    from ytterby.simulation.interventions import Interventions
    from ytterby.simulation.labelled_network import LabelledNetwork
    from ytterby.system.compile import Network
    from ytterby.validation.targets import Target

EPISODES = ("quota-crisis-2010",)
"""Episodes with targets."""
CHUNK = 64
"""Draws whose policies are in memory at once."""


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
    """Bundled scenario of an episode with its horizon moved to a day."""
    scenario = load_scenario(require_episode(name))
    first = scenario.mondays[0].astype(object)
    return scenario.update(weeks=(last - first).days // 7 + 1)


@dataclass(frozen=True, eq=False)
class Replay:
    """An episode on its base, with what it is compared with.

    Parameters
    ----------
    network : LabelledNetwork
        The compiled base.
    scenario : Scenario
        The episode; its draws are uncertain events.
    targets : sequence of Target
        What is measured in every draw.
    """

    network: LabelledNetwork
    scenario: Scenario
    targets: Sequence[Target]

    @cached_property
    def ledger(self) -> CustomsLedger:
        """Links and weeks of the targets."""
        return CustomsLedger(self.network, central_path(self.scenario), self.targets)

    @cached_property
    def medians(self) -> dict[str, Any]:
        """Medians of the scenario's own distributions."""
        return {key: spread.median for key, spread in self.scenario.draws.items()}

    def simulate(self, rows: pd.DataFrame) -> Iterator[tuple[int, Network, Interventions, Trace]]:
        """Lines of history in lock-step, each with its place; keys that the rows leave out stay at their medians or defaults."""
        columns = {key: np.full(len(rows), median) for key, median in self.medians.items()}
        columns |= {str(key): values.to_numpy() for key, values in rows.items()}
        for place, case, trace in simulated(self.network, self.scenario, columns, len(rows)):
            yield place, self.network.net._replace(cover=case.cover), case.policy, trace

    def ensemble(self, rows: pd.DataFrame, progress: Callable[[int, int], None] | None = None) -> NDArray[np.float64]:
        """Model values of each target in each draw (N, T); the bits of a draw do not depend on the others."""
        found = np.empty((len(rows), len(self.targets)))
        for first in range(0, len(rows), CHUNK):
            for place, net, policy, trace in self.simulate(rows.iloc[first : first + CHUNK]):
                found[first + place] = self.ledger.outputs(net, policy, trace)
            if progress:
                progress(min(first + CHUNK, len(rows)), len(rows))
        return found
