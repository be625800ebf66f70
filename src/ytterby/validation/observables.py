"""Observation operator: from a simulated draw to recorded quantities such as quotes, customs weights, unit values, shares."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ytterby.measures import DrawnValues, ExportDuty, Quota, resolve, share_in_force
from ytterby.simulation import Effect
from ytterby.validation.customs_targets import SUPPLIER, YEARS, traced_shares
from ytterby.validation.tables import table, yuan_per_dollar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ytterby.scenario import Scenario
    from ytterby.simulation import Interventions, LabelledNetwork, Trace
    from ytterby.system import Network
    from ytterby.validation.targets import Target

RAW = ("oxide.*", "metal.*")
"""Goods classified under the customs headings of rare earths."""


@dataclass(frozen=True, eq=False)
class ObservationOperator:
    """Map from simulated flows and prices to targets; built once for all draws of an episode.

    Parameters
    ----------
    network : LabelledNetwork
        The base of 2009.
    scenario : Scenario
        The episode without distributions; gives the weeks and the duties already in force in the base year.
    targets : sequence of Target
        Observations to compute.
    """

    network: LabelledNetwork
    scenario: Scenario
    targets: Sequence[Target]

    @cached_property
    def weeks(self) -> NDArray[np.float64]:
        """Share of each week that lies in each target's period (T, W) [1]."""
        return np.stack([share_in_force(t.first, t.last, self.scenario.mondays) for t in self.targets])

    @cached_property
    def reached(self) -> NDArray[np.bool_]:
        """Targets whose whole period lies within the horizon (T,)."""
        first = self.scenario.mondays[0].astype(object) - dt.timedelta(days=7)
        return np.array([first <= t.first and t.last <= self.scenario.last_day for t in self.targets])

    @cached_property
    def raw(self) -> NDArray[np.bool_]:
        """Links of goods classified under rare-earth headings (L,)."""
        goods = self.network.commodity[self.network.net.origin]
        return np.array([any(fnmatchcase(name, pattern) for pattern in RAW) for name in goods])

    @cached_property
    def heading(self) -> NDArray[np.str_]:
        """Customs heading of each link, empty if it has none (L,)."""
        rules = [(row["goods"], row["hs"]) for row in table("headings")]
        goods = self.network.commodity[self.network.net.origin]
        return np.array([next((hs for pattern, hs in rules if fnmatchcase(name, pattern)), "") for name in goods])

    def valued(self, heading: str, importer: str) -> NDArray[np.int64]:
        """Links of the goods whose prices the unit value of an importer follows."""
        row = next(row for row in table("unit_values") if row["hs"] == heading and fnmatchcase(importer, row["importer"]))
        goods = self.network.commodity[self.network.net.origin]
        return np.flatnonzero([any(fnmatchcase(name, pattern) for pattern in row["goods"].split()) for name in goods])

    @cached_property
    def first_year(self) -> NDArray[np.float64]:
        """Share of each week that lies in the base year (W,) [1]."""
        return share_in_force(dt.date(YEARS[0], 1, 1), dt.date(YEARS[0], 12, 31), self.scenario.mondays)

    @cached_property
    def seller(self) -> NDArray[np.str_]:
        """Region that each link leaves (L,)."""
        return np.asarray(self.network.region[self.network.net.origin])

    @cached_property
    def buyer(self) -> NDArray[np.str_]:
        """Region that each link reaches (L,)."""
        return np.asarray(self.network.region[self.network.net.destination])

    @cached_property
    def legal(self) -> NDArray[np.bool_]:
        """Declared exports of rare earths from China (L,)."""
        return np.asarray(self.raw & (self.seller == SUPPLIER) & (self.network.legal_link_of < 0))

    @cached_property
    def base_duty(self) -> dict[str, float]:
        """Export duty on each commodity of China before the episode [1]."""
        found: dict[str, float] = {}
        for measure in self.scenario.measures:
            if isinstance(measure, ExportDuty):
                weeks, values = self.scenario.mondays, DrawnValues(measure)
                held = float((measure.rates(weeks, values) - measure.changes(weeks, values))[0])
                found |= dict.fromkeys(resolve(measure.on, self.network.commodities, self.network.contents), held)
        return found

    @cached_property
    def allowed(self) -> NDArray[np.float64]:
        """Tonnes of quota allotted in each target's period (T,)."""
        total = np.zeros(len(self.targets))
        for measure in self.scenario.measures:
            if isinstance(measure, Quota):
                for part in measure.schedule(self.scenario.last_day):
                    total += [part.tonnes * _overlap(part.start, part.end, t.first, t.last) for t in self.targets]
        return total

    def outputs(self, net: Network, policy: Interventions, trace: Trace) -> NDArray[np.float64]:
        """Value of each target in a draw (T,), NaN beyond the horizon.

        Parameters
        ----------
        net, policy, trace
            Network, interventions and simulated trajectory of the draw.
        """
        observables = DrawObservables(self, net, policy, trace)
        return np.array([observables.value(i) if known else np.nan for i, known in enumerate(self.reached)])


def _overlap(first: object, last: object, start: object, end: object) -> float:
    """Share of the days from ``first`` to ``last`` that lie between ``start`` and ``end``, all included."""
    a, b, c, d = (np.datetime64(day, "D").astype(int) for day in (first, last, start, end))  # type: ignore[call-overload]
    return float(max(0, min(b, d) - max(a, c) + 1) / (b - a + 1))


@dataclass(frozen=True, eq=False)
class DrawObservables:
    """Observable quantities of one draw."""

    operator: ObservationOperator
    net: Network
    policy: Interventions
    trace: Trace

    def value(self, i: int) -> float:
        """Model value of target number ``i``."""
        target = self.operator.targets[i]
        return float(getattr(self, f"_{target.kind}")(i, target))

    def _mean(self, series: NDArray[np.float64], i: int) -> float:
        weight = self.operator.weeks[i]
        return float(series @ weight / weight.sum())

    def _sum(self, flows: NDArray[np.float64], i: int) -> float:
        """Sum over the period; days before the first Monday take the mean of the other days."""
        weight, target = self.operator.weeks[i], self.operator.targets[i]
        return float(flows @ weight / weight.sum() * ((target.last - target.first).days + 1) / 7.0)

    @cached_property
    def duty_change(self) -> NDArray[np.float64]:
        """Export duty of each link in each week less that of the base year (W, L)."""
        policy = self.policy
        change = np.zeros((len(self.trace.price), len(self.net.flow)))
        for e in np.flatnonzero(policy.kind == Effect.EXPORT_DUTY):
            change[:, policy.target[e]] += policy.level[policy.measure[e]] * policy.weight[e]
        return change

    @cached_property
    def arrivals(self) -> NDArray[np.float64]:
        """Arrivals over each link by week (W, L) [t]; shipments before the run are those of the base."""
        landed = np.empty_like(self.trace.shipped)
        for weeks in np.unique(self.net.transit):
            links = np.flatnonzero(self.net.transit == weeks)
            landed[:weeks, links] = self.net.flow[links]
            landed[weeks:, links] = self.trace.shipped[: len(landed) - weeks, links]
        return landed

    def _links(self, element: str) -> NDArray[np.int64]:
        network, operator = self.operator.network, self.operator
        return np.flatnonzero(operator.legal & (network.commodity[self.net.origin] == f"oxide.{element}"))

    def _relative(self, element: str) -> tuple[float, NDArray[np.float64], float]:
        """FOB quote of the base year [USD/kg], domestic price relative to the base (W,) [1], base duty of an oxide of China [1]."""
        market = self.operator.network.labels.markets.index(f"oxide.{element}@{SUPPLIER}")
        base = float(self.net.price[market])
        return base, self.trace.price[:, market] / base, self.operator.base_duty.get(f"oxide.{element}", 0.0)

    def inside_price(self, element: str) -> NDArray[np.float64]:
        """Price in China with VAT (W,) [USD/kg]: the FOB quote of the base year net of duty, times the relative price in the model."""
        base, relative, duty = self._relative(element)
        return base / (1.0 + duty) * relative

    def border_price(self, element: str) -> NDArray[np.float64]:
        """FOB quote (W,) [USD/kg]: the price inside plus unrefunded VAT, duty and wedge, mean of the links."""
        base, relative, duty = self._relative(element)
        links = self._links(element)
        flow = self.net.flow[links] / self.net.flow[links].sum()
        rate = 1.0 + self.duty_change[:, links] @ flow / (1.0 + duty)
        group = self.policy.group_of[links]
        wedge = np.where(group >= 0, self.trace.wedge[:, np.maximum(group, 0)], 0.0) * self.policy.customs[links]
        return np.asarray(base * relative * rate + wedge @ flow)

    def abroad_price(self, element: str) -> NDArray[np.float64]:
        """Price in the markets that buy from China, less freight (W,) [USD/kg]."""
        links = self._links(element)
        flow = self.net.flow[links] / self.net.flow[links].sum()
        at = self.net.destination[links]
        return np.asarray((self.trace.price[:, at] - self.net.freight[links]) @ flow)

    def _once(self, name: str, element: str) -> NDArray[np.float64]:
        if (name, element) not in self._series:
            self._series[name, element] = getattr(self, name)(element)
        return self._series[name, element]

    @cached_property
    def _series(self) -> dict[tuple[str, str], NDArray[np.float64]]:
        return {}

    def _fob(self, i: int, target: Target) -> float:
        return self._mean(self._once("border_price", target.element), i)

    def _abroad(self, i: int, target: Target) -> float:
        return self._mean(self._once("abroad_price", target.element), i)

    def _inside(self, i: int, target: Target) -> float:
        price = self._mean(self._once("inside_price", target.element), i)
        return price * (yuan_per_dollar()[target.last.year] if target.unit == "CNY/kg" else 1.0)

    def _exports(self, i: int, _: Target) -> float:
        return self._sum(self.trace.shipped[:, self.operator.legal].sum(axis=1), i)

    def _utilisation(self, i: int, target: Target) -> float:
        return float(self._exports(i, target) / self.operator.allowed[i])

    def _chosen(self, target: Target) -> NDArray[np.int64]:
        operator = self.operator
        chosen = operator.raw & (operator.buyer == target.region)
        if target.heading:
            chosen &= operator.heading == target.heading
        if target.partner == SUPPLIER:
            chosen &= operator.seller == SUPPLIER
        elif target.partner == "others":
            chosen &= operator.seller != SUPPLIER
        return np.flatnonzero(chosen)

    def _imports(self, i: int, target: Target) -> float:
        return self._sum(self.arrivals[:, self._chosen(target)].sum(axis=1), i)

    def _tonnes(self, i: int, target: Target) -> float:
        return self._imports(i, target)

    def _unit_value(self, i: int, target: Target) -> float:
        """Recorded unit value of the base year times the change of the model's since then [USD/kg]."""
        return target.reference * self._deal(target, self.operator.weeks[i]) / self._deal(target, self.operator.first_year)

    def _deal(self, target: Target, weight: NDArray[np.float64]) -> float:
        """Volume-weighted transaction price of shipments under a heading, without freight, in the weeks of a period [USD/kg]."""
        links = np.intersect1d(self._chosen(target), self.operator.valued(target.heading, target.region))
        at, shipped = self.net.destination[links], self.trace.shipped[:, links]
        paid = np.nan_to_num(self.trace.deal[:, at] - self.net.freight[links])
        return float(weight @ (shipped * paid).sum(axis=1) / max(weight @ shipped.sum(axis=1), 1e-12))

    def _share_direct(self, i: int, target: Target) -> float:
        chosen = self.operator.raw & (self.operator.buyer == target.region)
        own = chosen & (self.operator.seller == SUPPLIER)
        return self._sum(self.arrivals[:, own].sum(axis=1), i) / max(self._sum(self.arrivals[:, chosen].sum(axis=1), i), 1e-12)

    def _share_traced(self, i: int, target: Target) -> float:
        return 0.5 * sum(self._traced(i, kind)[target.region] for kind in ("narrow", "wide"))

    def _traced(self, i: int, definition: str) -> dict[str, float]:
        year = self.operator.targets[i].last.year
        if (year, definition) not in self._traced_cache:
            links = np.flatnonzero(self.operator.raw)
            landed = self.operator.weeks[i] @ self.arrivals[:, links]
            tonnage: dict[tuple[str, str], float] = {}
            for seller, buyer, tonnes in zip(self.operator.seller[links], self.operator.buyer[links], landed, strict=True):
                tonnage[str(seller), str(buyer)] = tonnage.get((str(seller), str(buyer)), 0.0) + float(tonnes)
            self._traced_cache[year, definition] = traced_shares(tonnage, SUPPLIER, definition)
        return self._traced_cache[year, definition]

    @cached_property
    def _traced_cache(self) -> dict[tuple[int, str], dict[str, float]]:
        return {}
