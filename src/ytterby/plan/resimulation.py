"""A plan in the weekly simulator: the same restriction with and without it, on the same draws.

The programme knows years and rations as well as it can; the simulator knows weeks, habits of trade and prices. What the plan avoids
in it is the second opinion on what the programme promises (equation P19 in ``docs/explanation/plan.md``).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.ensembles import DrawAssessment, focus_columns
from ytterby.measures import measure
from ytterby.scenario import Scenario
from ytterby.simulation import Experiment, LabelledNetwork
from ytterby.validation import posterior_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ytterby.plan.plan_measures import PlanMeasures
    from ytterby.system import System

    Floats = NDArray[np.float64]

RESIMULATED_AT = dt.date(2032, 1, 5)
"""Day on which the simulated restriction begins."""
WEEKS = 52
RESIMULATED_DEPTH = 0.8
"""Share of the dominant supplier's exports of rare earths and magnets that is kept back."""
OTHERS = ("JP", "US", "EU", "KR", "IN", "GB")
"""Who else's loss is shown."""
CHUNK = 25
FACTOR = 2.0
"""Ratio within which what a plan avoids in the simulator agrees with what the programme promises."""
AGREES = 0.5
"""Difference over the larger of two amounts from which on they do not agree, where one is nil."""


@dataclass(frozen=True, eq=False)
class Resimulation:
    """Losses with and without the plan on the same draws; arrays (draw,) in USD, by place."""

    before: dict[str, Floats]
    after: dict[str, Floats]

    def avoided(self, place: str) -> Floats:
        """Loss avoided at a place in each draw [USD]."""
        return self.before[place] - self.after[place]


def why_apart(before: float, promised_before: float, avoided: float, promised: float) -> str:
    """Why the simulator and the programme differ in what a plan avoids; arguments in one unit of money.

    ``before``: in the loss without any plan, as far as the table of losses is off; ``habit``: the plan avoids a smaller share of it
    in the simulator, where trade keeps to its partners and goods have to be qualified; ``price``: a larger share, since what
    is released keeps prices down and buyers from hoarding, which the programme does not know; ``agrees``: within a factor of two.
    """
    if promised <= 0.0 or before <= 0.0 or promised_before <= 0.0:
        return "agrees" if abs(avoided - promised) <= AGREES * max(abs(avoided), abs(promised)) else "before"
    if avoided > 0.0 and 1.0 / FACTOR <= avoided / promised <= FACTOR:
        return "agrees"
    by_loss, by_share = before / promised_before, max(avoided, 0.0) / before / (promised / promised_before)
    if abs(np.log(by_loss)) >= abs(np.log(max(by_share, 1e-6))):
        return "before"
    return "habit" if by_share < 1.0 else "price"


def restriction(path: str) -> Scenario:
    """The restriction: rare earths and magnets of China for everybody, for a year, with buyers' alarm as in ``total-stop``."""
    last = RESIMULATED_AT + dt.timedelta(weeks=WEEKS, days=-1)
    common: dict[str, Any] = {"on": ["rare_earths", "magnet.*"], "start": RESIMULATED_AT}
    alarm = {
        "kind": "hoarding",
        "name": "alarm",
        "holders": ["JP", "KR", "TW", "US", "EU", "GB", "IN"],
        "factor": 1.5,
        "half_life_weeks": 26,
    }
    return Scenario.model_validate({
        "name": "plan-restriction", "title_en": "A year of restricted exports", "start": RESIMULATED_AT, "weeks": 2 * WEEKS,
        "base_year": 2024, "roll": {"path": path},
        "measures": [
            common | {"kind": "ban", "name": "stop", "from": "CN", "to": "all", "depth": RESIMULATED_DEPTH, "end": last},
            common | alarm,
        ],
        "draws": {
            "measures.alarm.factor": {"dist": "triangular", "low": 1.0, "mode": 1.5, "high": 3.0},
            "measures.alarm.half_life_weeks": {"dist": "triangular", "low": 8.0, "mode": 26.0, "high": 52.0},
        },
    })  # fmt: skip


def resimulate(
    base_of: Callable[[Scenario], System], measures: PlanMeasures, path: str, places: tuple[str, ...], draws: int, seed: int,
    progress: Callable[[int, int], None] | None = None,
) -> Resimulation:  # fmt: skip
    """Losses of places with and without a plan.

    Parameters
    ----------
    base_of : callable
        Base of a scenario, rolled to its start and with the plants that its measures build.
    measures : PlanMeasures
        The plan.
    path : str
        Path of demand.
    places : tuple of str
        Regions and groups whose losses are kept.
    draws, seed : int
        Ensemble; both runs have the same.
    progress : callable, optional
        Called with draws done and draws in all.
    """
    restricted = restriction(path)
    bare = _with(restricted, measures.ready_without(RESIMULATED_AT))
    planned = _with(bare, measures.ready(RESIMULATED_AT))
    network = LabelledNetwork.of(base_of(planned))  # one network for both, so that the draws mean the same
    fitted = posterior_rows(draws, seed, prefix="behaviour.")
    found = []
    for number, scenario in enumerate((bare, planned)):
        job = DrawAssessment(Experiment(network, scenario, draws, seed, "streams", fitted))
        found.append(_losses(job, places, draws, partial(_tell, progress, number * draws, 2 * draws)))
    return Resimulation(*found)


def _with(scenario: Scenario, added: list[dict[str, Any]]) -> Scenario:
    """A scenario with further measures."""
    return scenario.update(measures=(*scenario.measures, *(measure(**each) for each in added)), source="")


def _tell(progress: Callable[[int, int], None] | None, before: int, whole: int, done: int) -> None:
    if progress:
        progress(before + done, whole)


def _losses(job: DrawAssessment, places: tuple[str, ...], draws: int, done: Callable[[int], None]) -> dict[str, Floats]:
    """Gross loss of each place by draw [USD]."""
    sectors = job.experiment.network.system.sectors
    parts = []
    for first in range(0, draws, CHUNK):
        gross = job.chunk((first, min(first + CHUNK, draws)))["gross"] * sectors["value_added"].to_numpy(float)
        parts.append(gross)
        done(min(first + CHUNK, draws))
    gross = np.concatenate(parts)
    return {place: gross[:, focus_columns(sectors, (place,))].sum(axis=1) for place in places}
