"""What a standard does beside prices: premium, diverted tonnes, what is avoided and what is shifted abroad, and at which cost.

The scenario is run without and with the standard. Footprints are those of the base (:mod:`ytterby.simulation.footprints`): what a
plant's product costs the environment does not change with prices.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ytterby.measures import DrawnValues
from ytterby.result_model import ResultModel
from ytterby.simulation import footprints, indices
from ytterby.system import INDICATORS, sum_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.measures import Standard
    from ytterby.simulation import Draw, Experiment

    Floats = NDArray[np.float64]

CO2E = "co2e"


class Premium(ResultModel):
    """How much more certified goods gain in price than others do by the standard."""

    commodity: str
    usd_per_kg: float
    """Mean over the weeks in force, by the base flows to the parties [USD/kg]."""


class EnvironmentalEffect(ResultModel):
    """What a standard changes of an indicator over the horizon."""

    indicator: str
    """``co2e``, ``water`` or ``residue``."""
    unit: str
    avoided: float
    """Less in the world: other places and amounts of production, and cleaner processes of those who comply."""
    abroad: float
    """Of goods that go to others instead of the parties: no longer theirs, and not avoided."""


class StandardOutcome(ResultModel):
    """What a standard does beside prices."""

    goods: tuple[str, ...]
    """Commodities that it is on."""
    parties: tuple[str, ...]
    certified_share: float
    """Of the base flows to the parties [1]."""
    premium: tuple[Premium, ...]
    """By commodity; only those of which there are certified and other goods."""
    kept_out_t: float
    """Tonnes that are not certified and no longer go to the parties [t]."""
    diverted_t: float
    """Of such goods, what goes to others instead [t]."""
    compliance_usd: float
    """What certification costs its makers over the horizon [USD]."""
    revenue_usd: float
    """What the parties take in by the charge [USD]."""
    effects: tuple[EnvironmentalEffect, ...]
    usd_per_t_co2e: float | None
    """Cost of compliance per tonne of CO2e avoided [USD]; None where none is avoided."""


def standard_outcome(experiment: Experiment, standard: Standard) -> StandardOutcome:
    """What a standard does to a scenario: the central runs without and with it are compared.

    Parameters
    ----------
    experiment : Experiment
        The scenario without the standard.
    standard : Standard
        The measure.
    """
    measures = (*experiment.scenario.measures, standard)
    scenarios = (experiment.scenario, experiment.scenario.model_copy(update={"measures": measures}))
    without, after = (replace(experiment, scenario=one, draws=0).draw(0) for one in scenarios)
    return _Comparison(experiment, standard, without, after).outcome


def charge_revenue(experiment: Experiment, standard: Standard, after: Draw) -> float:
    """What the parties take in by the charge of a standard in a draw with it [USD]."""
    return _Comparison(experiment, standard, after, after).revenue


@dataclass(frozen=True)
class _Comparison:
    """A run without and a run with a standard."""

    experiment: Experiment
    standard: Standard
    without: Draw
    after: Draw

    @cached_property
    def links(self) -> NDArray[np.int64]:
        """Links on which the standard is."""
        return indices(self.standard.links, self.experiment.network)[0]

    @cached_property
    def certified(self) -> Floats:
        """Certified share of each market's goods (M,) [1]."""
        return footprints.certified_share(self.experiment.network, self.standard.certified())

    @cached_property
    def share(self) -> Floats:
        """Certified share of what each link of the standard carries (link,) [1]."""
        return self.certified[self.experiment.network.net.origin[self.links]]

    @cached_property
    def complied(self) -> Floats:
        """Share of the other deliveries that is certified in each week (W,) [1]."""
        return self.standard.complied(self.experiment.scenario.mondays, DrawnValues(self.standard))

    @cached_property
    def force(self) -> Floats:
        """Share of each week in which the standard is in force (W,) [1]."""
        return np.asarray(self.standard.in_force(self.experiment.scenario.mondays))

    @property
    def outcome(self) -> StandardOutcome:
        """The outcome."""
        net, sent = self.experiment.network.net, self.after.trace.shipped[:, self.links]
        effects = tuple(self._effect(indicator) for indicator in INDICATORS)
        cost = self._cost(sent)
        avoided = next(one.avoided for one in effects if one.indicator == CO2E)
        flow = net.flow[self.links]
        return StandardOutcome(
            goods=tuple(sorted(set(self.experiment.network.commodity[net.origin[self.links]].tolist()))), parties=self.standard.to,
            certified_share=float(flow @ self.share / max(flow.sum(), 1e-300)), premium=self._premiums(),
            kept_out_t=float(((self.without.trace.shipped[:, self.links] - sent) @ (1.0 - self.share)).sum()),
            diverted_t=float(self._elsewhere @ (1.0 - self.certified)), compliance_usd=cost, revenue_usd=self.revenue,
            effects=effects, usd_per_t_co2e=cost / avoided if avoided > 0.0 else None,
        )  # fmt: skip

    def _cost(self, sent: Floats) -> float:
        """What is certified of shipments (W, link), times its cost [USD]."""
        certified = sent @ self.share + (sent @ (1.0 - self.share)) * self.complied
        return float(certified @ self.force) * self.standard.compliance_usd_per_t

    @property
    def revenue(self) -> float:
        """What is not certified of the shipments, times the charge [USD]."""
        sent = self.after.trace.shipped[:, self.links]
        return float((sent @ (1.0 - self.share)) @ ((1.0 - self.complied) * self.force)) * self.standard.charge_usd_per_t

    @cached_property
    def _elsewhere(self) -> Floats:
        """What leaves each market of the standard's goods for others than the parties, more than without it (M,) [t]."""
        net = self.experiment.network.net
        goods = self.experiment.network.commodity[net.origin]
        others = np.isin(goods, np.unique(goods[self.links]))
        others[self.links] = False
        more = (self.after.trace.shipped - self.without.trace.shipped).sum(axis=0) * others
        return np.maximum(sum_at(net.origin, more, len(net.price)), 0.0)

    def _premiums(self) -> tuple[Premium, ...]:
        """Rise of the price of certified goods over that of others, by commodity."""
        network, net = self.experiment.network, self.experiment.network.net
        rise = (self.force @ (self.after.trace.price - self.without.trace.price)) / max(self.force.sum(), 1e-300)
        origin, flow, found = net.origin[self.links], net.flow[self.links], []
        for name in dict.fromkeys(network.commodity[origin].tolist()):
            own = flow * (network.commodity[origin] == name)
            weights = own * self.share, own * (1.0 - self.share)
            if all(weight.sum() > 0.0 for weight in weights):
                certified, other = (float(weight @ rise[origin] / weight.sum()) for weight in weights)
                found.append(Premium(commodity=name, usd_per_kg=certified - other))
        return tuple(found)

    def _effect(self, indicator: str) -> EnvironmentalEffect:
        network = self.experiment.network
        made = (self.without.trace.production - self.after.trace.production).sum(axis=0)
        avoided = float(made @ footprints.market_footprint(network, indicator))
        from_mine = footprints.goods_footprint(network, indicator)
        sent = self.after.trace.shipped[:, self.links] * (1.0 - self.share)
        cleaner = self.complied * self.force @ sent @ self._above(indicator, from_mine)
        abroad = float(self._elsewhere @ ((1.0 - self.certified) * from_mine))
        return EnvironmentalEffect(indicator=indicator, unit=INDICATORS[indicator], avoided=avoided + float(cleaner), abroad=abroad)

    def _above(self, indicator: str, from_mine: Floats) -> Floats:
        """What those who comply save per tonne on each link (link,): their footprint above the limit, for the indicator measured."""
        network, net = self.experiment.network, self.experiment.network.net
        if indicator != self.standard.indicator:
            return np.zeros(len(self.links))
        limit = self.standard.limit * footprints.world_footprint(network, indicator)
        return np.asarray(np.maximum(from_mine - limit, 0.0)[net.origin[self.links]])
