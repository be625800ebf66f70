"""Which figures a result of a run rests on: those of the measures that touch it, and those of the base."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ytterby.measures import resolve
from ytterby.system import Provenance, added, ranked

if TYPE_CHECKING:
    from ytterby.measures import Measure
    from ytterby.scenario import Scenario
    from ytterby.simulation.labelled_network import LabelledNetwork
    from ytterby.system import Weights


@dataclass(frozen=True, eq=False)
class ResultProvenance:
    """Ids of the facts behind shortfalls and stops of a scenario, the most important first."""

    network: LabelledNetwork
    scenario: Scenario

    @cached_property
    def base(self) -> Provenance:
        """Facts behind the base system."""
        return Provenance(self.network.system)

    @cached_property
    def measures(self) -> tuple[tuple[Measure, frozenset[str]], ...]:
        """Measures that name facts, each with the elements that it acts on; without any it acts on all."""
        return tuple((measure, self._elements(measure)) for measure in self.scenario.all_measures() if measure.facts)

    def shortfall(self, commodity: str, region: str) -> tuple[str, ...]:
        """Facts of the measures that touch an element of the commodity, and of the market's supply and use."""
        return ranked(added(self._acting(commodity), self.base.market(commodity, region)))

    def stop(self, sector: str, region: str, commodity: str | None) -> tuple[str, ...]:
        """Facts of a sector and of the input that stops it: the measures on it, what the sector uses of it, its supply."""
        own = self.base.sector(sector, region)
        return ranked(own if commodity is None else added(own, self._acting(commodity), self.base.demand(commodity, region, sector)))

    def _acting(self, commodity: str) -> Weights:
        """Facts of the scenario and of its measures on goods that share an element with a commodity."""
        held = self.network.contents.get(commodity, {}).keys()
        acting = [measure.facts for measure, elements in self.measures if not elements or elements & held]
        return dict.fromkeys((name for names in (self.scenario.facts, *acting) for name in names), 1.0)

    def _elements(self, measure: Measure) -> frozenset[str]:
        named = getattr(measure, "on", ())
        goods = resolve(named, self.network.commodities, self.network.contents) if named else ()
        return frozenset(element for name in goods for element in self.network.contents.get(name, {}))
