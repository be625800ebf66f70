"""Exposure of an importer in one element of a balanced System: shares with bounds, indicators, single points.

All functions here depend on the System alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ytterby.exposure.bounds import ANY, ShareBounds, interval_entries, interval_shares
from ytterby.exposure.element_network import element_network, stages_of
from ytterby.exposure.indicators import NO_SUPPLIER, indicator, output
from ytterby.exposure.interdiction import single_point
from ytterby.exposure.supplier_loss import n_minus_cover
from ytterby.exposure.supply_results import EntryShare, PassedShare, SinglePoint, SupplierShare
from ytterby.exposure.tracing import (
    carried,
    direct_shares,
    entry_shares,
    last_worked_shares,
    mass_per_use,
    passed_through,
    shares_of_use,
    since,
    upstream_walk,
    use_weights,
)
from ytterby.system import added, ranked, weighed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.exposure.element_network import ElementNetwork
    from ytterby.exposure.interdiction import CutSet
    from ytterby.exposure.supply_results import Indicator
    from ytterby.exposure.tracing import UpstreamWalk
    from ytterby.system import System

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

ALL = "all"
"""All end uses of an importer together."""
EMBEDDED = ("component", "product")
"""Stages whose imports contain the element in goods."""
MIN_BOUNDED, MIN_BOUNDED_SINGLE = 0.05, 0.005
"""Smallest share of a supplier whose bounds are computed: in a survey of all elements, and for a single element."""
MIN_SHOWN = 0.001
"""Suppliers whose direct and traced shares are both smaller have no row."""
CARRIED = 0.05
"""Part of a traced share from which on the facts behind a link, process or use that carries it are named."""


@dataclass(frozen=True)
class ElementExposure:
    """Exposure of an importer in one element."""

    element: str
    use: float
    """The importer's use [t oxide/year]."""
    assumed: float
    """Share, by mass, of the importer's imports and uses based on assumed rows [1]."""
    stockpiled: float
    """Public stockpiles [t oxide]."""
    facts: tuple[str, ...]
    """Ids of the facts behind imports and uses, the most important first."""
    suppliers: list[SupplierShare] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)
    entries: list[EntryShare] = field(default_factory=list)
    passed: list[PassedShare] = field(default_factory=list)
    single_points: list[SinglePoint] = field(default_factory=list)
    dependence: dict[str, dict[str, tuple[float, float, float]]] = field(default_factory=dict)
    """Share of the mass in each of the importer's markets that passed a region at any stage, with low and high, by market and region."""
    traced: dict[str, dict[str, float]] = field(default_factory=dict)
    """Share of the whole use by region that last worked it, by stage; uses that bypass a stage count as secondary."""
    world: dict[str, dict[str, float]] = field(default_factory=dict)
    """World output of each stage by region [t oxide/year]."""

    @property
    def bought(self) -> Indicator | None:
        """Indicators of the stage at which most of the use is bought on balance; None if nothing is imported.

        That is the share of the use that crossed the border at the stage, times what of it stays: an assembler that buys magnets and sells
        as many is dependent on the oxides and metals that it buys beside. What never crossed the border has no stage among the entries.
        """
        shares: dict[str, float] = {}
        for row in self.entries:
            if row.end_use == ALL and row.stage:
                shares[row.stage] = shares.get(row.stage, 0.0) + row.share
        kept = {row.stage: row.import_reliance or 0.0 for row in self.indicators if row.stage in shares}
        stage = max(kept, key=lambda name: (shares[name] * kept[name], shares[name]), default=None)
        return next((row for row in self.indicators if row.stage == stage), None)


def assess_element(
    system: System, element: str, home: tuple[str, ...], *, alone: bool = False, without: str | None = None
) -> ElementExposure:
    """Exposure of an importer in one element.

    Parameters
    ----------
    system : System
    element : str
        Symbol.
    home : tuple of str
        Regions of the importer.
    alone : bool
        Whether this is the only element assessed: then bounds are computed for more suppliers, by linear programme for
        the largest.
    without : str, optional
        Supplier whose loss is assessed; the largest of each stage by default.
    """
    work = _Assessment(element_network(system, element), home, alone)
    found = ElementExposure(element, work.use, work.assumed(), _stockpiled(system, element, home), work.facts())
    if work.use > 0:
        for stage in stages_of(work.network):
            found.suppliers.extend(work.stage_rows(stage))
            found.indicators.extend(work.indicators(stage, without))
            found.traced[stage] = shares_of_use(work.last_worked[stage], work.weights[ALL])
            found.world[stage] = output(work.network, stage)
        found.passed.extend(work.passed_rows())
        found.dependence.update(work.dependence())
        found.entries.extend(work.entry_rows())
        found.single_points.extend(work.single_points())
    return found


def _stockpiled(system: System, element: str, home: tuple[str, ...]) -> float:
    """Public stockpiles of the importer [t oxide]."""
    held = system.stockpiles[system.stockpiles["owner"].isin(home)]
    content = system.contents[system.contents["element"] == element].set_index("commodity")["content"]
    commodities = held["market"].str.partition("@")[0] if len(held) else held["market"]
    return float((held["tonnes"] * commodities.map(content).fillna(0.0)).sum())


@dataclass(frozen=True)
class _Assessment:
    """Intermediate results shared by all rows of an element and importer."""

    network: ElementNetwork
    home: tuple[str, ...]
    alone: bool

    @cached_property
    def walk(self) -> UpstreamWalk:
        return upstream_walk(self.network)

    @cached_property
    def groups(self) -> dict[str, Ints]:
        """Demands of the importer: all together, then by end use."""
        mine = self.network.demands_of(self.home)
        sectors = self.network.demand_sector[mine]
        return {ALL: mine, **{str(sector): mine[sectors == sector] for sector in sorted(set(sectors))}}

    @cached_property
    def weights(self) -> dict[str, Floats]:
        """Share of each group's use by market (M)."""
        found = {name: use_weights(self.network, demands) for name, demands in self.groups.items()}
        return {name: weight for name, weight in found.items() if weight.sum() > 0}

    @cached_property
    def last_worked(self) -> dict[str, dict[str, Floats]]:
        """Shares of each market's mass by the region that last worked it, by stage (M)."""
        return {stage: last_worked_shares(self.walk, stage) for stage in stages_of(self.network)}

    @cached_property
    def passed(self) -> dict[str, Floats]:
        """Share of each market's mass that was worked at any stage, by region (M)."""
        return {region: passed_through(self.walk, region) for region in sorted(set(self.network.process_region))}

    @property
    def use(self) -> float:
        return float(self.network.use[self.groups[ALL]].sum())

    def assumed(self) -> float:
        """Share of imports and uses, by mass, that rests on assumed rows."""
        kinds, mass = self._grounds("kind"), self._grounds_mass
        return float(mass[kinds == "assumed"].sum() / mass.sum()) if mass.sum() > 0 else 0.0

    def facts(self) -> tuple[str, ...]:
        """Ids of the facts behind imports and uses, by mass."""
        return ranked(weighed(self._grounds("facts"), self._grounds_mass.tolist()))

    def _grounds(self, column: str) -> NDArray[np.object_]:
        """Cells of a column of the importer's imports, then of its uses."""
        links, demands = (table[column].to_numpy(object) for table in (self.network.links, self.network.demands))
        return np.concatenate([links[self._into], demands[self.groups[ALL]]])

    @cached_property
    def _into(self) -> NDArray[np.bool_]:
        """Links into the importer's markets (L,)."""
        return np.isin(self.network.region[self.network.destination], self.home)

    @cached_property
    def _grounds_mass(self) -> Floats:
        """Mass of the importer's imports, then of its uses [t oxide/year]."""
        return np.concatenate([self.network.flow[self._into], self.network.use[self.groups[ALL]]])

    def downstream_demands(self, stage: str) -> dict[str, Ints]:
        """Demands by group for commodities of a stage or further downstream; empty groups are left out."""
        order = self.network.stage_order
        reached = np.array([order.index(name) >= order.index(stage) for name in self.network.stage[self.network.demand_market]], bool)
        found = {name: demands[reached[demands]] for name, demands in self.groups.items()}
        return {name: demands for name, demands in found.items() if self.network.use[demands].sum() > 0}

    def stage_rows(self, stage: str) -> list[SupplierShare]:
        """Suppliers of a stage by end use."""
        rows: list[SupplierShare] = []
        ends: dict[str, tuple[Floats, Floats]] = {}
        groups = self.downstream_demands(stage)
        weights = {end_use: use_weights(self.network, demands) for end_use, demands in groups.items()}
        needed = {end_use: mass_per_use(self.walk, weight) for end_use, weight in weights.items()}
        facts = self._facts(stage, groups, needed)
        for end_use, weight in weights.items():
            share = shares_of_use(self.last_worked[stage], weight)
            at_border_shares = direct_shares(self.walk, stage, self.home, needed[end_use])
            if end_use == ALL:
                ends = self._ends(stage, share)
            bounds = {name: (float(weight @ low), float(weight @ high)) for name, (low, high) in ends.items()}
            if end_use == ALL and self.alone and ends:
                first = max(ends, key=lambda name: share[name])
                bounds[first] = ShareBounds(self.network, groups[end_use]).bounds(stage, (first,))
            found = self._supplier_rows(stage, end_use, at_border_shares, share, bounds)
            rows.extend(row.model_copy(update={"facts": facts.get((end_use, row.supplier), ())}) for row in found)
        return rows

    def _facts(self, stage: str, groups: dict[str, Ints], needed: dict[str, Floats]) -> dict[tuple[str, str], tuple[str, ...]]:
        """Ids of the facts that traced shares rest on, by end use and supplier: of what carries a part of :data:`CARRIED` at least."""
        if not groups:
            return {}
        suppliers, met = list(self.last_worked[stage]), np.array(list(self.last_worked[stage].values()))
        links, processes = carried(self.walk, stage, suppliers, met, since(self.walk, stage, np.array(list(needed.values()))))
        found: dict[tuple[str, str], tuple[str, ...]] = {}
        for u, (end_use, demands) in enumerate(groups.items()):
            use = self.network.use[demands] / self.network.use[demands].sum()
            uses = use * met[:, self.network.demand_market[demands]]
            shares = uses.sum(axis=1)
            for s in np.flatnonzero(shares >= MIN_SHOWN):
                parts = (
                    (self._cells["links"], links[u, s]),
                    (self._cells["processes"], processes[u, s]),
                    (self._cells["demands"][demands], uses[s]),
                )
                at = [np.flatnonzero(part >= CARRIED * shares[s]) for _, part in parts]
                weights = [weighed(cells[place], part[place].tolist()) for (cells, part), place in zip(parts, at, strict=True)]
                found[end_use, suppliers[s]] = ranked(added(*weights))
        return found

    @cached_property
    def _cells(self) -> dict[str, NDArray[np.object_]]:
        """Column ``facts`` of links, processes and demands."""
        return {name: getattr(self.network, name)["facts"].to_numpy(object) for name in ("links", "processes", "demands")}

    def _ends(self, stage: str, share: dict[str, float]) -> dict[str, tuple[Floats, Floats]]:
        """Bounds of the interval walk by market (M) for suppliers above the minimum share."""
        minimum = MIN_BOUNDED_SINGLE if self.alone else MIN_BOUNDED
        names = [name for name, part in share.items() if part >= minimum and name not in NO_SUPPLIER]
        low, high = ({name: interval_shares(self.network, stage, (name,), maximise=end) for name in names} for end in (False, True))
        return {name: (low[name], high[name]) for name in names}

    def _supplier_rows(
        self, stage: str, end_use: str, at_border_shares: dict[str, float], share: dict[str, float], bounds: dict[str, tuple[float, float]]
    ) -> list[SupplierShare]:
        rows: list[SupplierShare] = []
        for supplier in sorted({*share, *at_border_shares}, key=lambda name: (-share.get(name, 0.0), name)):
            through, at_border = share.get(supplier, 0.0), at_border_shares.get(supplier, 0.0) if at_border_shares else None
            if max(through, at_border or 0.0) < MIN_SHOWN:
                continue
            low, high = bounds.get(supplier, (None, None))
            rows.append(
                SupplierShare(
                    element=self.network.element, stage=stage, end_use=end_use, supplier=supplier, share_direct=at_border,
                    share_traced=through, low=_lower(low, through), high=_upper(high, through),
                )
            )  # fmt: skip
        return rows

    @cached_property
    def passed_ends(self) -> dict[str, tuple[Floats, Floats]]:
        """Bounds of the shares that passed a region at any stage (M)."""
        return self._ends(ANY, shares_of_use(self.passed, self.weights[ALL]))

    def passed_rows(self) -> list[PassedShare]:
        """Share of each use that passed a region at any stage; shares overlap, since a path passes several regions."""
        rows: list[PassedShare] = []
        for end_use, weight in self.weights.items():
            for supplier, share in shares_of_use(self.passed, weight).items():
                low, high = (float(weight @ end) for end in self.passed_ends[supplier]) if supplier in self.passed_ends else (None, None)
                if share >= MIN_SHOWN:
                    rows.append(
                        PassedShare(
                            element=self.network.element, end_use=end_use, supplier=supplier, share=share,
                            low=_lower(low, share), high=_upper(high, share),
                        )
                    )  # fmt: skip
        return rows

    def dependence(self) -> dict[str, dict[str, tuple[float, float, float]]]:
        """Share that passed each foreign region, by market of the importer that serves a use."""
        found: dict[str, dict[str, tuple[float, float, float]]] = {}
        for at in dict.fromkeys(self.network.demand_market[self.groups[ALL]]):
            shares = {
                region: float(share[at]) for region, share in self.passed.items() if region not in self.home and share[at] >= MIN_SHOWN
            }
            ends = {region: self.passed_ends.get(region, (self.passed[region],) * 2) for region in shares}
            found[str(self.network.markets.index[at])] = {
                region: (share, min(float(ends[region][0][at]), share), max(float(ends[region][1][at]), share))
                for region, share in shares.items()
            }
        return found

    def entry_rows(self) -> list[EntryShare]:
        """Stage and origin at which a use last crossed the importer's border; with bounds for imports embedded in goods."""
        shares = dict(zip(self.weights, entry_shares(self.walk, self.home, np.array(list(self.weights.values()))), strict=True))
        rows: list[EntryShare] = []
        for (stage, supplier), whole in sorted(shares[ALL].items(), key=lambda item: -item[1]):
            ends = None
            if stage in EMBEDDED and whole >= MIN_SHOWN:
                ends = [interval_entries(self.network, self.home, stage, (supplier,), maximise=end) for end in (False, True)]
            for end_use, weight in self.weights.items():
                share = shares[end_use].get((stage, supplier), 0.0)
                low, high = (None, None) if ends is None else (float(weight @ end) for end in ends)
                if share >= MIN_SHOWN:
                    rows.append(
                        EntryShare(
                            element=self.network.element, stage=stage, end_use=end_use, supplier=supplier, share=share,
                            low=_lower(low, share), high=_upper(high, share),
                        )
                    )  # fmt: skip
        return rows

    def indicators(self, stage: str, without: str | None) -> list[Indicator]:
        """Indicators of a stage; empty if the importer uses nothing of the stage or downstream of it."""
        demands = self.downstream_demands(stage).get(ALL)
        if demands is None:
            return []
        weight = use_weights(self.network, demands)
        at_border_shares = direct_shares(self.walk, stage, self.home, mass_per_use(self.walk, weight))
        return [
            indicator(self.network, stage, self.home, demands, shares_of_use(self.last_worked[stage], weight), at_border_shares, without)
        ]

    def single_points(self) -> list[SinglePoint]:
        """Smallest set of foreign countries whose loss stops each end use."""
        rows: list[SinglePoint] = []
        answers: dict[bytes, CutSet] = {}
        for end_use, weight in self.weights.items():
            found = answers.get(weight.tobytes()) or single_point(self.walk, weight, self.home, known=self.passed)
            answers[weight.tobytes()] = found
            evenly = None
            if end_use == ALL and found.stopped:
                lost = np.isin(self.network.process_region, found.countries)
                evenly = n_minus_cover(self.network, lost, found.countries, self.home)
            rows.append(
                SinglePoint(
                    element=self.network.element, end_use=end_use, countries=found.countries, size=len(found.countries),
                    stopped=found.stopped, left=found.left, left_shared_evenly=evenly,
                )
            )  # fmt: skip
        return rows


def _lower(bound: float | None, share: float) -> float | None:
    """Lower bound, at most the share itself despite rounding."""
    return None if bound is None else min(bound, share)


def _upper(bound: float | None, share: float) -> float | None:
    return None if bound is None else max(bound, share)
