"""Screening: very many draws reduced inside the kernel to a few outcomes of each market; no weekly series are kept.

Memory is that of one chunk, whatever the number of draws; draw *i* is the draw *i* of the same experiment.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from ytterby.scenario.ensemble import design, realise
from ytterby.simulation.act import act
from ytterby.simulation.block import OUTCOMES, Case
from ytterby.simulation.uncertainty import drawn_behaviour, drawn_cover, drawn_price_level, uncertain_inputs

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from ytterby.simulation.run import Experiment

Precision = Literal["float64", "float32"]
PRICE_LEVEL = "price_level"
"""Factor of the draw on the market's base price [1]: the outcomes themselves are relative."""


@dataclass(frozen=True, eq=False)
class Screening:
    """An experiment of many draws of which only outcomes are kept."""

    experiment: Experiment
    precision: Precision = "float32"

    @cached_property
    def markets(self) -> NDArray[np.int64]:
        """Markets that restricted links of any branch lead to."""
        net = self.experiment.scene.net
        return np.unique(net.destination[self.experiment.views.links])

    def rows(self, span: tuple[int, int]) -> pd.DataFrame:
        """Value of each uncertain input in the draws ``span[0]`` to ``span[1]`` (not included)."""
        run = self.experiment
        extra = uncertain_inputs(run.scene)
        rows = design(run.scenario, run.draws, run.seed, extra, run.method, *span)  # type: ignore[arg-type]
        if run.fitted is None:
            return rows
        fitted = run.fitted.iloc[slice(*span)]
        free = [key for key in fitted.columns if key in rows and key not in run.scenario.draws]
        return rows.assign(**{key: fitted[key].to_numpy() for key in free})

    def chunk(self, span: tuple[int, int]) -> dict[str, NDArray[np.float32]]:
        """Outcomes (draw, market) by name, of the draws of a span and the markets in :attr:`markets`."""
        from ytterby.simulation.kernel import outcomes

        scene, scenario = self.experiment.scene, self.experiment.scenario
        records = [{str(key): value for key, value in row.items()} for row in self.rows(span).to_dict("records")]
        cases = [Case(drawn_cover(scene, row), act(scene, realise(scenario, row)), drawn_behaviour(row)) for row in records]
        found = outcomes(scene.net, cases, scenario.weeks, self.precision)
        level = np.stack([drawn_price_level(scene, row) for row in records])
        every = {name: found[name] for name in OUTCOMES} | {PRICE_LEVEL: level}
        return {name: values[:, self.markets].astype(np.float32) for name, values in every.items()}
