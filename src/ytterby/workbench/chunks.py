"""Draws of an experiment, simulated, assessed and reduced: what a worker does with a chunk."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.economy import recipes
from ytterby.economy.groups import Groups
from ytterby.economy.losses import loss_model, losses
from ytterby.economy.stops import parts_model, sector_stops, stop_dates
from ytterby.system.compile import sum_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.simulation.run import Draw, Experiment

RECIPES = ("parts", "substitution", "recapture")
"""Tables of assumptions of the economy that are drawn, each row from its range."""
SINGLE = (
    "price",
    "price_deal",
    "price_marginal",
    "stock",
    "production",
    "consumption",
    "shortfall",
    "licence_backlog",
    "flow",
    "price_wedge",
)


@dataclass(frozen=True, eq=False)
class Job:
    """An experiment with all that a worker needs to assess its draws."""

    experiment: Experiment

    @cached_property
    def groups(self) -> Groups:
        """Which demands belong to which sector and region."""
        system = self.experiment.scene.system
        return Groups.of(system.demands, system.sectors)

    @cached_property
    def need_total(self) -> NDArray[np.float64]:
        """Base final use by market (M,) [t/week]."""
        net = self.experiment.scene.net
        return sum_at(net.demand_market, net.use, len(net.price))

    def quantiles(self, i: int) -> dict[str, NDArray[np.float64]] | dict[str, None]:
        """Position of each row of the economy's recipes in its range in draw ``i``; None for the central run."""
        if self.experiment.draws == 0:
            return dict.fromkeys(RECIPES)
        return {
            name: recipes.sample(self.experiment.seed, [i], len(recipes.read(name)), room)[0] for room, name in enumerate(RECIPES, start=60)
        }

    def chunk(self, span: tuple[int, int]) -> dict[str, NDArray[Any]]:
        """Reduced arrays of draws ``span[0]`` to ``span[1]`` (not included), stacked (draw, ...)."""
        parts = [self.assess(i) for i in range(*span)]
        return {name: np.stack([part[name] for part in parts]) for name in parts[0]}

    def assess(self, i: int) -> dict[str, NDArray[Any]]:
        """Reduced arrays of one draw: series of markets and sectors, stop dates, totals."""
        draw = self.experiment.draw(i)
        arrays: dict[str, NDArray[Any]] = dict(self.experiment.views.reduce(draw.trace, draw.level))
        return arrays | self._economy(draw, self.quantiles(i))

    def _economy(self, draw: Draw, quantiles: dict[str, Any]) -> dict[str, NDArray[Any]]:
        system = draw.scene.system
        parts = parts_model(system.demands, quantiles["parts"])
        result = stop_dates(draw.served, draw.arrival_ratio, draw.net.cover, draw.net.demand_market, parts, need=self._need(draw))
        first, line, binding = sector_stops(result, self.groups)
        model = loss_model(system.demands, system.sectors, **quantiles)
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

    def _need(self, draw: Draw) -> NDArray[np.float64]:
        """Wanted use over base use of each market (W, M)."""
        net, m = draw.net, len(draw.net.price)
        want = np.stack([sum_at(net.demand_market, row, m) for row in draw.trace.want])
        other = draw.base_use - self.need_total
        return np.maximum(want + other, 0.0) / np.maximum(draw.base_use, 1e-12)


def spans(draws: int, size: int) -> list[tuple[int, int]]:
    """Chunks of at most ``size`` draws."""
    return [(first, min(first + size, draws)) for first in range(0, draws, size)]
