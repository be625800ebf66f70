"""Ytterby as a model for other programs: a function on the unit cube for SALib, a model for the EMA Workbench.

Every uncertain input of a scenario is one axis of the unit cube. A point gives the quantile of each input, which the input's
own distribution turns into a value, so that any design (Saltelli, Morris, Latin hypercube, an optimiser's search) can be
used without knowledge of the distributions. Calibrated parameters are correlated and therefore share one axis,
``posterior.draw``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.economy import assumptions
from ytterby.ensembles.draw_assessment import HEADLINE, DrawAssessment, outcomes, pick
from ytterby.ensembles.drivers import MIN_DRAWS_FOR_DRIVERS
from ytterby.ensembles.run_summary import SobolIndices
from ytterby.ensembles.sobol import CONFIDENCE, MIN_BASE, indices, problem, salib
from ytterby.errors import InputError, UnknownNameError
from ytterby.facts import load
from ytterby.scenario import Scenario, load_scenario
from ytterby.simulation import Experiment, LabelledNetwork, uncertain_inputs
from ytterby.system import build, with_plants
from ytterby.validation import DRAW_KEY, free_keys, rows_at

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


FITTED = "behaviour."
"""Prefix of the calibrated parameters that apply to every scenario."""
EDGE = 1e-9
"""Smallest distance of quantiles from 0 and 1, since some distributions are unbounded."""


@dataclass(frozen=True, eq=False)
class Points(Experiment):
    """A scenario at given points of the unit cube; keys missing from `quantiles` take their median."""

    quantiles: pd.DataFrame = field(kw_only=True)

    @cached_property
    def rows(self) -> pd.DataFrame:
        """Value of each uncertain input at each point."""
        import pandas as pd

        spreads = {**uncertain_inputs(self.network), **self.scenario.draws}
        joint = rows_at(quantile(self.quantiles, DRAW_KEY), prefix=FITTED)
        calibrated = fitted(self.network, self.scenario)
        columns: dict[str, Any] = {}
        for key in sorted({*spreads, *self.scenario.fork_keys}):
            if key in calibrated:
                columns[key] = joint[key].to_numpy()
            else:
                at = quantile(self.quantiles, key)
                columns[key] = spreads[key].ppf(at) if key in spreads else at
        return pd.DataFrame(columns, index=self.quantiles.index)


@dataclass(frozen=True, eq=False)
class PointsJob(DrawAssessment):
    """Task of a worker: simulate and assess points, and return their outcomes only."""

    experiment: Points

    @cached_property
    def positions(self) -> dict[str, Array]:
        """Position of each economic assumption in its range (point, row)."""
        return {
            name: np.column_stack([quantile(self.experiment.quantiles, key) for key in assumptions.read(name).keys])
            for name in assumptions.DRAWN
        }

    def chunk(self, span: tuple[int, int]) -> dict[str, NDArray[Any]]:
        """Outcomes of points ``span[0]`` to ``span[1]`` (not included) by name (point,)."""
        return outcomes(self, super().chunk(span))


def fitted(network: LabelledNetwork, scenario: Scenario) -> frozenset[str]:
    """Inputs drawn jointly from the calibrated posterior, except those with a distribution in the scenario."""
    return frozenset(
        key for key in free_keys() if key.startswith(FITTED) and key in uncertain_inputs(network) and key not in scenario.draws
    )


def quantile(table: pd.DataFrame, key: str) -> Array:
    """Quantiles of a key (point,), limited to :data:`EDGE` from 0 and 1; 0.5 for a missing key."""
    given = table[key].to_numpy(dtype=np.float64) if key in table.columns else np.full(len(table), 0.5)
    return np.asarray(np.clip(given, EDGE, 1.0 - EDGE))


@dataclass(frozen=True, eq=False)
class Model:
    """A scenario as a function of the unit cube.

    Parameters
    ----------
    network : LabelledNetwork
    scenario : Scenario
    """

    network: LabelledNetwork
    scenario: Scenario

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Uncertain inputs, in the order of the axes."""
        keys = {*uncertain_inputs(self.network), *self.scenario.draws, *self.scenario.fork_keys}
        keys |= {key for name in assumptions.DRAWN for key in assumptions.read(name).keys}
        return tuple(sorted({self.axis(key) for key in keys}))

    @cached_property
    def _fitted(self) -> frozenset[str]:
        return fitted(self.network, self.scenario)

    def axis(self, key: str) -> str:
        """Axis of an input: its own, or the common axis of the calibrated inputs."""
        return DRAW_KEY if key in self._fitted else key

    def job(self, points: Array) -> PointsJob:
        """Task for points (point, name).

        Raises
        ------
        InputError
            If the points do not fit the unit cube.
        """
        import pandas as pd

        table = np.atleast_2d(np.asarray(points, dtype=np.float64))
        if table.shape[1] != len(self.names):
            raise InputError(f"points: found {table.shape[1]} columns; the scenario '{self.scenario.name}' has {len(self.names)} inputs")
        if not ((table >= 0.0) & (table <= 1.0)).all():
            raise InputError("points: quantiles must lie between 0 and 1")
        return PointsJob(Points(self.network, self.scenario, len(table), 0, quantiles=pd.DataFrame(table, columns=list(self.names))))

    def at(self, points: Array) -> dict[str, Array]:
        """Outcomes at points (point, name), one after the other, by name (point,)."""
        job = self.job(points)
        parts = [job.chunk((i, i + 1)) for i in range(job.experiment.draws)]
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def model(scenario: str | Path | Scenario, project: Path | None = None) -> Model:
    """Model of a scenario (bundled name, YAML file or Scenario)."""
    chosen = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    facts = load(project)
    base = with_plants(build(chosen.base_year, facts, chosen.chain), facts, chosen.new_plants)
    return Model(LabelledNetwork.of(base), chosen)


def salib_problem(scenario: str | Path | Scenario, project: Path | None = None) -> dict[str, Any]:
    """SALib's description of a scenario's inputs: ``num_vars, names, bounds``, each axis a quantile from 0 to 1."""
    return problem(model(scenario, project).names)


def salib_function(scenario: str | Path | Scenario, outcome: str = HEADLINE, project: Path | None = None) -> Callable[[Array], Array]:
    """Function of SALib's samples (point, input) to an outcome (point,).

    Parameters
    ----------
    scenario : str, Path or Scenario
    outcome : str
        Column of ``draws.parquet`` without ``outcome.``; production that does not stop counts as stopping at the horizon.
    project : Path, optional
        The user's project folder; its figures take precedence.

    Raises
    ------
    UnknownNameError
        On the first call, if there is no such outcome.
    """
    made = model(scenario, project)

    def function(points: Array) -> Array:
        return pick(made.at(points), outcome, made.scenario.weeks)

    return function


def ema_model(scenario: str | Path | Scenario, project: Path | None = None) -> Any:
    """Model of the EMA Workbench: one real parameter from 0 to 1 per input, one scalar outcome per column of ``draws.parquet``.

    The EMA Workbench is not a dependency of Ytterby, because some of what it installs is under the GPL; install it
    yourself (``pip install ema_workbench``). In names, characters other than letters and digits are replaced by ``_``.

    Raises
    ------
    InputError
        If it is not installed.
    """
    try:
        ema = import_module("ema_workbench")
    except ImportError:
        raise InputError("the connector needs the EMA Workbench: pip install ema_workbench") from None
    made = model(scenario, project)
    inputs = {plain_name(name): name for name in made.names}
    results = {plain_name(name): name for name in made.at(np.full((1, len(made.names)), 0.5))}

    def function(**given: float) -> dict[str, float]:
        found = made.at(np.array([[given[key] for key in inputs]]))
        return {key: float(pick(found, name, made.scenario.weeks)[0]) for key, name in results.items()}

    built = ema.Model(plain_name(made.scenario.name).replace("_", ""), function=function)
    built.uncertainties = [ema.RealParameter(key, 0.0, 1.0) for key in inputs]
    built.outcomes = [ema.ScalarOutcome(key) for key in results]
    return built


def plain_name(name: str) -> str:
    """Name as an identifier of Python: ``behaviour.price_gain`` becomes ``behaviour_price_gain``, ``*`` becomes ``any``."""
    return "".join(letter if letter.isalnum() else "_" for letter in name.replace("*", "any"))


POINTS_PER_DRAW = 4
"""Draws of an ensemble per base point of its Sobol design."""


def sobol(
    scenario: str | Path | Scenario,
    inputs: Sequence[str] = (),
    n: int = 64,
    outcome: str = HEADLINE,
    *,
    seed: int = 1,
    project: Path | None = None,
) -> SobolIndices:
    """Sobol indices of a scenario's inputs on a Saltelli design, by SALib.

    Parameters
    ----------
    scenario : str, Path or Scenario
    inputs : sequence of str
        Inputs with their own index; all others vary together. Every input by default, which is expensive. Calibrated
        inputs are correlated and share the axis ``posterior.draw``.
    n : int
        Base points, a power of two; the scenario is simulated ``n * (inputs + 3)`` times.
    outcome : str
        As in :func:`ytterby.app.runs.explore.explore`.

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
    """As :func:`sobol`; ``simulate`` evaluates the points, for example on other workers."""
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
    """Raise an InputError before the simulation if the ensemble is too small for Sobol indices or SALib is missing."""
    if draws < MIN_DRAWS_FOR_DRIVERS:
        raise InputError(
            f"--sobol: found {draws} draws; indices are for the inputs that matter in an ensemble of {MIN_DRAWS_FOR_DRIVERS} or more"
        )
    salib("analyze.sobol")


def base_points(draws: int) -> int:
    """Base points of a Sobol design for an ensemble of this size: a power of two."""
    return max(MIN_BASE, 1 << (max(draws // POINTS_PER_DRAW, 1).bit_length() - 1))
