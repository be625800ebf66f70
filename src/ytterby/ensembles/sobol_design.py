"""Sobol indices of an ensemble's inputs, on a design of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ytterby.ensembles.connectors import Model, model
from ytterby.ensembles.drivers import MIN_DRAWS
from ytterby.ensembles.outcomes import HEADLINE, pick
from ytterby.ensembles.run_summary import SobolIndices
from ytterby.ensembles.sobol import CONFIDENCE, MIN_BASE, indices, salib
from ytterby.errors import InputError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from ytterby.ensembles.connectors import PointsJob
    from ytterby.scenario.scenario import Scenario
    from ytterby.simulation.labelled_network import LabelledNetwork

    Array = NDArray[np.float64]

POINTS_PER_DRAW = 4
"""An ensemble of this many draws affords one base point of a Sobol design."""


def sobol(
    scenario: str | Path | Scenario,
    inputs: Sequence[str] = (),
    n: int = 64,
    outcome: str = HEADLINE,
    *,
    seed: int = 1,
    project: Path | None = None,
) -> SobolIndices:
    """Sobol indices of a scenario's inputs on a design of their own, by SALib.

    Parameters
    ----------
    scenario : str, Path or Scenario
    inputs : sequence of str
        Inputs with an index each, all others vary together; every input by default (dear). Calibrated inputs are
        one axis, ``posterior.draw``, for they are not independent.
    n : int
        Base points, a power of two; the scenario is simulated ``n * (inputs + 3)`` times.
    outcome : str
        As in :func:`ytterby.app.explore.explore`.

    Returns
    -------
    SobolIndices
    """
    made = model(scenario, project)

    def simulate(job: PointsJob) -> dict[str, Array]:
        parts = [job.chunk((i, i + 1)) for i in range(job.experiment.draws)]
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    return indices_of(made.network, made.scenario, simulate, tuple(inputs), n, outcome, seed=seed)


def indices_of(
    network: LabelledNetwork,
    scenario: Scenario,
    simulate: Callable[[PointsJob], dict[str, Array]],
    chosen: tuple[str, ...],
    n: int,
    outcome: str = HEADLINE,
    *,
    seed: int = 1,
) -> SobolIndices:
    """As :func:`sobol`; ``simulate`` says where the points are worked."""
    made, runs = Model(network, scenario), []
    chosen = tuple(dict.fromkeys(made.axis(name) for name in chosen))
    for name in chosen:
        if name not in made.names:
            raise UnknownNameError("input", name, made.names)

    def function(points: Array) -> Array:
        runs.append(len(points))
        return pick(simulate(made.job(points)), outcome, scenario.weeks)

    found = indices(function, made.names, n, chosen=chosen, seed=seed)
    return SobolIndices(outcome=outcome, n=n, runs=sum(runs), confidence=CONFIDENCE, indices=found)


def require_sobol(draws: int) -> None:
    """Raise an InputError with the way out where an ensemble cannot have Sobol indices: before hours of work, not after."""
    if draws < MIN_DRAWS:
        raise InputError(f"--sobol: found {draws} draws; indices are for the inputs that matter in an ensemble of {MIN_DRAWS} or more")
    salib("analyze.sobol")


def base_points(draws: int) -> int:
    """Base points of a Sobol design that an ensemble of this size affords: a power of two."""
    return max(MIN_BASE, 1 << (max(draws // POINTS_PER_DRAW, 1).bit_length() - 1))
