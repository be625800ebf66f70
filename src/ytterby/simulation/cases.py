"""From drawn values to what the kernel runs on: a chunk of draws at once, each group of draws one case."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ytterby.scenario.draw_groups import draw_groups
from ytterby.simulation.batch import Case
from ytterby.simulation.measure_effects import interventions_of
from ytterby.simulation.uncertain_inputs import drawn_behaviour, drawn_cover

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ytterby.scenario.scenario import Scenario
    from ytterby.simulation.batch import Trace
    from ytterby.simulation.labelled_network import LabelledNetwork
    from ytterby.simulation.uncertain_inputs import Columns


def cases_of(network: LabelledNetwork, scenario: Scenario, columns: Columns, draws: int) -> Iterator[tuple[NDArray[np.int64], Case]]:
    """Places of the draws of each group, and what the kernel needs of them; the bits of a draw do not depend on the others.

    Parameters
    ----------
    network : LabelledNetwork
    scenario : Scenario
        With draws and forks.
    columns : mapping of key to array (draw,)
        Values of all keys that the scenario draws and of its forks; behaviour and covers that are left out stay at their base.
    draws : int
        Number of draws.
    """
    cover = np.broadcast_to(drawn_cover(network, columns), (draws, len(network.net.price)))
    par = drawn_behaviour(columns)
    for places, one, values in draw_groups(scenario, columns, draws):
        yield places, Case(cover[places], interventions_of(network, one, values), par.of(places))


def simulated(network: LabelledNetwork, scenario: Scenario, columns: Columns, draws: int) -> Iterator[tuple[int, Case, Trace]]:
    """Place, case and trace of each draw in lock-step, in the order in which blocks are done."""
    from ytterby.simulation.batch import simulate_each

    found = list(cases_of(network, scenario, columns, draws))
    each = [(place, case, k) for places, case in found for k, place in enumerate(places.tolist())]
    for number, trace in simulate_each(network.net, [case for _, case in found], scenario.weeks):
        place, case, k = each[number]
        yield place, case.of(k), trace
