"""Re-weight a run's draws by customs figures that came since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.app.figures.customs_file import read_customs
from ytterby.app.network.bases import scenario_base
from ytterby.app.runs.compare import find_run
from ytterby.errors import InputError
from ytterby.facts import load, names
from ytterby.measures import KINDS
from ytterby.result_model import ResultModel
from ytterby.scenario import Scenario
from ytterby.simulation import Experiment, LabelledNetwork
from ytterby.validation import (
    DEFAULT_SPREAD,
    MIN_TEMPER,
    CustomsObservation,
    FlowBand,
    TradeRoute,
    bands,
    effective,
    log_posterior,
    posterior_digest,
    posterior_rows,
    tempered,
    weekly,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

MIN_DRAWS = 20


class NowcastResult(ResultModel):
    """A run's draws, re-weighted by customs figures."""

    run: str
    """Run folder."""
    scenario: str
    draws: int
    observations: int
    """Figures that went in."""
    last_observed: str
    """Last month with a figure."""
    effective_draws: float
    """Draws that carry the weight."""
    temper: float
    """Exponent of the likelihood [1]; below 1 where too few draws would carry the weight."""
    agrees: bool
    """False where hardly any draw agrees with the figures."""
    bands: tuple[FlowBand, ...]
    """Observed trade routes in every month of the run."""
    weights: tuple[float, ...]
    """Weight of each draw; they add to 1."""


def nowcast(run: Path, observed: Path, *, project: Path, progress: Callable[[int, int], None] | None = None) -> NowcastResult:
    """Bands of the observed flows before and after re-weighting, for every month of the run.

    The draws are simulated anew from the record: the same seed gives the same bits.

    Parameters
    ----------
    run : Path
        Run folder, or its name inside the project.
    observed : Path
        CSV of ``month, goods, origin, destination, tonnes`` and, if wanted, ``spread``.
    project : Path
        Project folder.
    progress : callable, optional
        Called with draws done and in all.

    Raises
    ------
    UnknownNameError
        If there is no such run.
    InputError
        If the run is no ensemble, or its base has changed since.
    """
    found = find_run(run, project)
    experiment = experiment_of_run(found.record, project, str(found.folder))
    observations = [_observation(row) for row in read_customs(observed)]
    routes = list(dict.fromkeys(item.route for item in observations))
    series = weekly(experiment, routes, progress)
    mondays = experiment.scenario.mondays
    w, temper = tempered(log_posterior(series, mondays, routes, observations))
    return NowcastResult(
        run=str(found.folder),
        scenario=experiment.scenario.name,
        draws=experiment.draws,
        observations=len(observations),
        last_observed=max(item.month for item in observations),
        effective_draws=effective(w),
        temper=temper,
        agrees=temper >= MIN_TEMPER,
        bands=bands(series, mondays, routes, w, whole_months(mondays)),
        weights=tuple(float(value) for value in w),
    )


def experiment_of_run(record: dict[str, Any], project: Path, where: str) -> Experiment:
    """The ensemble that a record describes.

    Raises
    ------
    InputError
        If it was no ensemble, or the base has changed.
    """
    if record["draws"] < MIN_DRAWS:
        raise InputError(f"{where}: has {record['draws']} draws; re-weighting needs at least {MIN_DRAWS}: run it with --draws 200")
    scenario = Scenario.model_validate(loadable(record["scenario"]))
    system = scenario_base(scenario, load(project), project)
    if system.digest != record["base_digest"]:
        raise InputError(f"{where}: was made on another base (figures or program have changed since); run it again")
    if record.get("posterior") != posterior_digest():
        raise InputError(f"{where}: was made with another posterior of behaviour; run it again")
    draws, seed = record["draws"], record["seed"]
    return Experiment(LabelledNetwork.of(system), scenario, draws, seed, record["method"], posterior_rows(draws, seed, prefix="behaviour."))


def loadable(node: Any) -> Any:
    """Scenario of a record without the places that a kind of measure does not use and that its defaults filled in."""
    if isinstance(node, list):
        return [loadable(item) for item in node]
    if not isinstance(node, dict):
        return node
    uses = KINDS[node["kind"]].USES if node.get("kind") in KINDS else frozenset(("on", "from", "to"))
    return {key: loadable(value) for key, value in node.items() if key not in ("on", "from", "to") or key in uses}


def _observation(row: dict[str, str]) -> CustomsObservation:
    origin, destination = (names.region(row[key], key).code for key in ("origin", "destination"))
    route = TradeRoute(names.commodity(row["goods"]).code, origin, destination)
    return CustomsObservation(row["month"], route, float(row["tonnes"]), float(row.get("spread") or DEFAULT_SPREAD))


def whole_months(mondays: NDArray[np.datetime64]) -> Sequence[str]:
    """Months that lie wholly within the weeks, written ``2026-06``."""
    import numpy as np

    first = mondays[0].astype("datetime64[M]")
    first = first if first.astype("datetime64[D]") == mondays[0] else first + 1
    last = (mondays[-1] + 7).astype("datetime64[M]")
    return [str(month) for month in np.arange(first, last)]
