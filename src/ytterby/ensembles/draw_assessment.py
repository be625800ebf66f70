"""Draws of an experiment, simulated, assessed and reduced: what a worker does with a chunk."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.economy import assumptions
from ytterby.economy.losses import loss_model, losses
from ytterby.economy.production_stops import parts_model, sector_stops, stop_dates
from ytterby.economy.sector_groups import SectorGroups
from ytterby.simulation.results import price_statistics

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from ytterby.simulation.run import Draw, Experiment

RECIPES = ("parts", "substitution", "recapture")
"""Tables of assumptions of the economy that are drawn, each row from its range."""
TOTALS = ("gross", "net", "sales", "worst", "first_stop", "line_stop", "binding", "shortfall_total", "shortfall_peak", "peak_multiple")
"""Arrays of a draw without weeks, from which the summary and the table of draws are made."""


@dataclass(frozen=True, eq=False)
class DrawAssessment:
    """An experiment with all that a worker needs to assess its draws."""

    experiment: Experiment

    @cached_property
    def groups(self) -> SectorGroups:
        """Which demands belong to which sector and region."""
        system = self.experiment.network.system
        return SectorGroups.of(system.demands, system.sectors)

    @cached_property
    def positions(self) -> dict[str, NDArray[np.float64]]:
        """Position of each row of the economy's recipes in its range, (draw, row) by recipe; empty for the central run."""
        experiment = self.experiment
        return assumptions.quantiles(experiment.draws, experiment.seed, experiment.method) if experiment.draws else {}  # type: ignore[arg-type]

    @cached_property
    def inputs(self) -> pd.DataFrame:
        """Every drawn input by its key, one row a draw."""
        import pandas as pd

        economy = {key: values[:, i] for name, values in self.positions.items() for i, key in enumerate(assumptions.read(name).keys)}
        return pd.concat([self.experiment.rows, pd.DataFrame(economy, index=self.experiment.rows.index)], axis=1)

    def chunk(self, span: tuple[int, int]) -> dict[str, NDArray[Any]]:
        """Reduced arrays of draws ``span[0]`` to ``span[1]`` (not included), stacked (draw, ...)."""
        parts = dict(self._assessed(range(*span)))
        return {name: np.stack([parts[i][name] for i in range(*span)]) for name in parts[span[0]]}

    def assess(self, i: int) -> dict[str, NDArray[Any]]:
        """Reduced arrays of one draw: series of markets and sectors, stop dates, totals."""
        return next(self._assessed([i]))[1]

    def _assessed(self, numbers: Sequence[int]) -> Iterator[tuple[int, dict[str, NDArray[Any]]]]:
        for i, draw in self.experiment.simulate(numbers):
            series = self.experiment.views.reduce(draw.trace, draw.level)
            economy = self._economy(draw, {name: values[i] for name, values in self.positions.items()})
            yield i, series | self._totals(series) | economy

    def _totals(self, series: dict[str, NDArray[np.float32]]) -> dict[str, NDArray[Any]]:
        """What is told of a draw's whole run by view (view,): shortfall in all and in its worst week, statistics of the price."""
        short = series["shortfall"].astype(np.float64)
        statistics = price_statistics(series["price"][None], self.experiment.views.base_price)
        return {"shortfall_total": short.sum(axis=0), "shortfall_peak": short.max(axis=0)} | {key: v[0] for key, v in statistics.items()}

    def _economy(self, draw: Draw, quantiles: dict[str, Any]) -> dict[str, NDArray[Any]]:
        system = draw.network.system
        parts = parts_model(system.demands, quantiles.get("parts"))
        at = draw.net.demand_market
        # only goods that pass a restriction meet a draw of their own
        parts = parts._replace(lumpy=parts.lumpy * draw.restricted_share[at])
        result = stop_dates(draw.served, draw.arrival_ratio, draw.user_cover, at, parts, need=draw.need, want=draw.want)
        first, line, binding = sector_stops(result, self.groups)
        model = loss_model(system.demands, system.sectors, **{name: quantiles.get(name) for name in RECIPES})
        found = losses(result.output, system.demands, system.sectors, model, onset=self.experiment.onset)
        totals = found.totals()
        return {
            "value_added_lost": found.gross().astype(np.float32),
            "jobs_at_risk": found.jobs().astype(np.float32),
            "first_stop": first,
            "line_stop": line,
            "binding": binding,
            "gross": totals.gross,
            "net": totals.net,
            "sales": totals.sales,
            "worst": totals.worst,
        }
