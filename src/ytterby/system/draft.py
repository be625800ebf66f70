"""The network before reconciliation: processes, demands and their prior sizes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ytterby.system.assumptions import commodity_of, region_in
from ytterby.system.inputs import assumed, weakest

if TYPE_CHECKING:
    from ytterby.system.inputs import FigureWithRange


SUBSTITUTE = "substitute"
"""Driver of a process that competes with others for the same good."""


@dataclass(frozen=True)
class DraftProcess:
    """A process of one region with fixed input-output coefficients and the prior of its activity."""

    id: str
    stage: str
    coefficients: dict[str, float]
    """t per t of activity by market; negative = input."""
    prior: FigureWithRange
    factor: float = 1.0
    """Ratio of the activity to the figure ``prior``."""
    relative: float = 0.5
    """Relative half-range of the prior, used where the figure has no range of its own."""
    lag: int = 4
    """Weeks from decision to output."""
    driver: str = "ree"
    kind: str = "assumed"
    utilisation: float = 0.8
    """Activity over capacity, used where no capacity is known."""
    capacity: float = math.nan
    """Known capacity [t/year of activity]."""
    cost: FigureWithRange | None = None
    """Conversion cost [USD/kg of activity]."""
    sources: tuple[str, ...] = ()
    """Ids of the facts behind the coefficients and the capacity."""
    ways: tuple[Way, ...] = ()
    """Processes that compete for its output, if it stands for several until it is reconciled."""

    @property
    def name(self) -> str:
        """Id without the region."""
        return commodity_of(self.id)

    @property
    def region(self) -> str:
        """Region code."""
        return region_in(self.id)

    @property
    def size(self) -> float:
        """Prior activity [t/year]."""
        return self.prior.value * self.factor

    @property
    def observed(self) -> bool:
        """Whether its figure enters reconciliation as an observation, not only as a prior."""
        return bool(self.prior.ids) and self.kind != "assumed"

    @property
    def grade(self) -> str:
        """Kind of the activity: the weaker of its own kind and that of the figure."""
        return weakest(self.kind, self.prior.kind) if self.prior.ids else self.kind

    @property
    def facts(self) -> tuple[str, ...]:
        """Ids of all facts behind activity, coefficients, capacity and cost."""
        cost = self.cost.ids if self.cost else ()
        return tuple(dict.fromkeys([*self.prior.ids, *self.sources, *cost]))


@dataclass(frozen=True)
class Way:
    """One of the processes that make a good, and its share of the good's output in the base year."""

    process: DraftProcess
    share: float


@dataclass(frozen=True)
class DraftDemand:
    """A final use with the prior of its size [t/year]."""

    market: str
    sector: str
    size: float
    relative: float
    """Relative half-range."""
    facts: tuple[str, ...] = ()
    kind: str = "assumed"

    @property
    def id(self) -> str:
        """``market|sector``."""
        return f"{self.market}|{self.sector}"


@dataclass(frozen=True)
class DraftFlow:
    """A flow between two regions [t/year of the commodity's own mass]."""

    commodity: str
    origin: str
    destination: str
    size: float

    @property
    def id(self) -> str:
        """``commodity@origin>commodity@destination``."""
        return f"{self.commodity}@{self.origin}>{self.commodity}@{self.destination}"


MarketTotals = dict[str, float]
"""t/year by market."""


@dataclass(frozen=True)
class DraftNetwork:
    """Processes and demands with their priors, not yet consistent with each other."""

    processes: tuple[DraftProcess, ...] = ()
    demands: tuple[DraftDemand, ...] = ()

    @cached_property
    def production(self) -> MarketTotals:
        """Prior output by market."""
        return self._flows(1.0)

    @cached_property
    def inputs(self) -> MarketTotals:
        """Prior input of processes by market."""
        return self._flows(-1.0)

    @cached_property
    def use(self) -> MarketTotals:
        """Prior use by market: process inputs and final demands."""
        total = dict(self.inputs)
        for demand in self.demands:
            total[demand.market] = total.get(demand.market, 0.0) + demand.size
        return total

    @cached_property
    def commodities(self) -> list[str]:
        """All commodities, sorted."""
        return sorted({commodity_of(market) for market in [*self.production, *self.use]})

    @cached_property
    def _gaps(self) -> dict[str, dict[str, float]]:
        found: dict[str, dict[str, float]] = {commodity: {} for commodity in self.commodities}
        for market in sorted({*self.production, *self.use}):
            found[commodity_of(market)][region_in(market)] = self.production.get(market, 0.0) - self.use.get(market, 0.0)
        return found

    def gaps(self, commodity: str) -> dict[str, float]:
        """Prior production minus use by region [t/year]."""
        return dict(self._gaps.get(commodity, {}))

    def _flows(self, sign: float) -> MarketTotals:
        total: MarketTotals = {}
        for process in self.processes:
            for market, coefficient in process.coefficients.items():
                if sign * coefficient > 0:
                    total[market] = total.get(market, 0.0) + sign * coefficient * process.size
        return total


def guess(size: float) -> FigureWithRange:
    """Prior without a figure, for a process whose size follows from other processes."""
    return assumed(size)
