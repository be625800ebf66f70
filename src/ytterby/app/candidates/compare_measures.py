"""Kinds of measures compared by what they do to the swings of prices."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ytterby.app.exposures.exposure import DEFAULT_IMPORTER
from ytterby.app.runs.run import experiment_of
from ytterby.ensembles import MeasureComparison, compare_measures
from ytterby.facts import load
from ytterby.scenario import Scenario, load_scenario
from ytterby.simulation import LabelledNetwork
from ytterby.system import with_footprints

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DRAWS = 100
"""Draws that are compared where nothing else is said."""


def measure_comparison(
    kinds: Sequence[str],
    scenario: str | Path | Scenario,
    draws: int = DRAWS,
    seed: int = 1,
    project: Path | str = ".ytterby",
    progress: Callable[[int, int], None] | None = None,
    *,
    party: str = DEFAULT_IMPORTER,
) -> MeasureComparison:
    """Compare kinds of measures on a scenario, each alone and all together, as in ``ytterby measures --compare``.

    Parameters
    ----------
    kinds : sequence of str
        Such as ``("price_floor", "stockpile", "offtake")``.
    scenario : str, Path or Scenario
        Bundled name, file or scenario; it must restrict trade.
    draws, seed : int
        Size and seed of the ensemble; 1 draw is the central run.
    project : Path
        Project folder whose figures take precedence.
    progress : callable, optional
        Told the number of sets that are done, and of all.
    party : str
        Who pays for floors and stocks.

    Raises
    ------
    UnknownNameError
        For a kind that cannot be compared, or a party that is none.
    InputError
        If the scenario restricts no trade, or a kind has nothing to act on.
    """
    chosen, folder = scenario if isinstance(scenario, Scenario) else load_scenario(scenario), Path(project)
    facts = load(folder)
    experiment = experiment_of(chosen, draws, seed, "streams", folder, facts)
    if "standard" in kinds:
        network = LabelledNetwork.of(with_footprints(experiment.network.system, facts))
        experiment = replace(experiment, network=network)
    return compare_measures(experiment, tuple(kinds), party, progress)
