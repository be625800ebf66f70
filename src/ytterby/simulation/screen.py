"""Screening: very many draws reduced inside the kernel to a few outcomes of each market; no weekly series are kept.

Memory is that of one chunk, whatever the number of draws; draw *i* is the draw *i* of the same experiment.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ytterby.scenario.designs import columns
from ytterby.simulation.cases import cases_of
from ytterby.simulation.state import OUTCOMES
from ytterby.simulation.uncertain_inputs import drawn_price_level, uncertain_inputs

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from numpy.typing import NDArray

    from ytterby.measures import Triangular
    from ytterby.simulation.run import Experiment

Precision = Literal["float64", "float32"]
PRICE_LEVEL = "price_level"
"""Factor of the draw on the market's base price [1]: the outcomes themselves are relative."""


@dataclass(frozen=True, eq=False)
class Screening:
    """An experiment of many draws of which only outcomes are kept."""

    experiment: Experiment
    precision: Precision = "float32"
    fitted: Callable[[int, int], pd.DataFrame] | None = None
    """Rows of the draws (first, stop) of what a calibration has drawn; of many draws not all are in memory."""

    @cached_property
    def markets(self) -> NDArray[np.int64]:
        """Markets that restricted links of any branch lead to."""
        net = self.experiment.network.net
        return np.unique(net.destination[self.experiment.views.links])

    def columns(self, span: tuple[int, int]) -> dict[str, NDArray[Any]]:
        """Values of each uncertain input in the draws ``span[0]`` to ``span[1]`` (not included)."""
        run = self.experiment
        values = columns(run.scenario, run.draws, run.seed, self.inputs, run.method, *span)  # type: ignore[arg-type]
        return values | self._fitted(span)

    @cached_property
    def inputs(self) -> dict[str, Triangular]:
        """Distributions of what is drawn by default."""
        return uncertain_inputs(self.experiment.network)

    def _fitted(self, span: tuple[int, int]) -> dict[str, NDArray[np.float64]]:
        """Values of parameters that a calibration has drawn and the scenario does not draw itself (draw,)."""
        found = {} if self.fitted is None else {str(key): values.to_numpy() for key, values in self.fitted(*span).items()}
        return {key: values for key, values in found.items() if key in self.inputs and key not in self.experiment.scenario.draws}

    def chunk(self, span: tuple[int, int]) -> dict[str, NDArray[np.float32]]:
        """Outcomes (draw, market) by name, of the draws of a span and the markets in :attr:`markets`."""
        from ytterby.simulation.batch import outcomes

        network, scenario = self.experiment.network, self.experiment.scenario
        drawn = self.columns(span)
        places, cases = zip(*cases_of(network, scenario, drawn, span[1] - span[0]), strict=True)
        found = outcomes(network.net, cases, scenario.weeks, self.precision, self.markets)
        order = np.argsort(np.concatenate(places))
        level = drawn_price_level(network, drawn)[:, self.markets]
        return {name: found[name][order].astype(np.float32) for name in OUTCOMES} | {PRICE_LEVEL: level.astype(np.float32)}
