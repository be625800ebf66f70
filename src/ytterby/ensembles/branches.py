"""What a decision costs: each branch of a scenario's first fork, simulated on the same draws.

The draws that happen to take a branch are others than those that take the next one, so a comparison of them mixes what is decided with
what is drawn beside it. Here every branch is forced in turn while all other inputs keep their values (common random numbers; Law,
Simulation Modeling and Analysis, 5th edition, 2015, section 11.2); a branch of small probability is simulated as often as the others.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.ensembles.branch_supply import branch_supply
from ytterby.ensembles.draw_assessment import EVERYWHERE, DrawAssessment, focus_columns, outcomes, places_of
from ytterby.ensembles.tried import BranchSupply, PairedBranch, PairedLoss

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.scenario import Scenario
    from ytterby.simulation import Experiment

BAND = (0.05, 0.95)
PAIRED_FORK = 0
"""Number of the fork whose branches are compared; those after it go as they are drawn."""


def paired_branches(experiment: Experiment, draws: int) -> tuple[PairedBranch, ...]:
    """Each branch of the first fork on the same draws, in the order of the scenario.

    The draws are the first of the design, each of the same weight, so that shares of them are counts. A sample stratified by loss
    would be stratified by what is decided, as the loss that is known of a draw is that in the branch it took.

    Parameters
    ----------
    experiment : Experiment
        The scenario with the design of its draws.
    draws : int
        How many of the design's draws are compared, at most.

    Returns
    -------
    tuple of PairedBranch
        Empty without a fork or for the central run.
    """
    scenario = experiment.scenario
    if not scenario.forks or experiment.draws == 0:
        return ()
    numbers = range(min(draws, experiment.draws))
    branches = scenario.forks[PAIRED_FORK].branches
    found = [_assessed(with_branch(experiment, i), numbers) for i in range(len(branches))]
    return tuple(
        PairedBranch(
            label=branch.label,
            p=branch.p,
            draws=len(numbers),
            places={place: _paired(lost, found[0].losses[place][0], stopped) for place, (lost, stopped) in own.losses.items()},
            supply=own.supply,
        )
        for branch, own in zip(branches, found, strict=True)
    )


def with_branch(experiment: Experiment, number: int) -> Experiment:
    """The experiment with a branch of the first fork certain; all drawn inputs keep their values, draw by draw."""
    return replace(experiment, scenario=_certain(experiment.scenario, number))


def _certain(scenario: Scenario, number: int) -> Scenario:
    fork = scenario.forks[PAIRED_FORK]
    branches = tuple(branch.model_copy(update={"p": float(i == number)}) for i, branch in enumerate(fork.branches))
    forks = tuple(fork.model_copy(update={"branches": branches}) if i == PAIRED_FORK else one for i, one in enumerate(scenario.forks))
    return scenario.update(forks=forks)


class _Assessed(NamedTuple):
    """What the draws of a branch come to, by place."""

    losses: dict[str, tuple[NDArray[np.float64], NDArray[np.bool_]]]
    """Loss [USD] and whether a sector stops (draw,)."""
    supply: dict[str, BranchSupply]


def _assessed(experiment: Experiment, numbers: range) -> _Assessed:
    job, sectors = DrawAssessment(experiment), experiment.network.system.sectors
    arrays, places = job.some(numbers), places_of(sectors)
    found, stopped = outcomes(job, arrays), ~np.isnan(arrays["first_stop"])
    lost = {
        place: (found[f"value_added_lost.{place}"], stopped[:, focus_columns(sectors, (place,))].any(axis=1))
        for place in (EVERYWHERE, *places)
    }
    return _Assessed(lost, branch_supply(experiment, arrays, places))


def _paired(lost: NDArray[np.float64], first: NDArray[np.float64], stopped: NDArray[np.bool_]) -> PairedLoss:
    added = lost - first
    (low, high), (added_low, added_high) = (np.quantile(values, BAND).tolist() for values in (lost, added))
    return PairedLoss(
        value_added_usd=float(np.median(lost)), low=low, high=high, mean_usd=float(lost.mean()),
        added_usd=float(np.median(added)), added_low=added_low, added_high=added_high, stops=float(stopped.mean()),
    )  # fmt: skip
