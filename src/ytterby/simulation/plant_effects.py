"""Effect rows of a scenario as they are collected, and the rows of effects on plants: growth, better practice, price floors, thrift."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ytterby.errors import ScenarioError
from ytterby.simulation import plant_improvements as better
from ytterby.simulation.interventions import Effect, EffectRow, Floor
from ytterby.simulation.targets import goods, indices, places, producers
from ytterby.units import WEEKS_PER_YEAR

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from ytterby.measures import NumberOrDraws
    from ytterby.measures import effects as e
    from ytterby.simulation.interventions import QuotaGroup, Reserve
    from ytterby.simulation.labelled_network import LabelledNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

ALWAYS = 1e300
"""Level of a trigger that always holds, and limit that is never reached."""


class EffectRows:
    """Effect rows, quota groups, reserves and price floors in a network."""

    def __init__(self, network: LabelledNetwork, weeks: int) -> None:
        self.network, self.weeks = network, weeks
        self.rows: list[EffectRow] = []
        self.groups: list[QuotaGroup] = []
        self.reserves: list[Reserve] = []
        self.floors: list[Floor] = []

    def row(
        self,
        kind: Effect,
        targets: Iterable[int] | Ints,
        level: Floats,
        weight: NumberOrDraws = 1.0,
        *,
        extra: NumberOrDraws = 1.0,
        decision: Floats | None = None,
        delay: Floats | None = None,
        approval: Floats | None = None,
        known: Floats | None = None,
        keep: NumberOrDraws = 1.0,
    ) -> None:
        """Add effect rows if there are targets; scalars apply to all targets."""
        at = np.asarray(list(targets) if not isinstance(targets, np.ndarray) else targets, dtype=np.int64)
        if len(at) == 0 or not np.any(level):
            return
        ones = np.ones(len(at))
        self.rows.append(
            EffectRow(
                kind,
                at,
                np.asarray(level, dtype=np.float64),
                ones * weight,
                ones * extra,
                np.ones(1) if decision is None else decision,
                np.zeros(self.weeks) if delay is None else delay,
                np.ones(self.weeks) if approval is None else approval,
                np.zeros(self.weeks) if known is None else known,
                np.atleast_1d(keep),
            )
        )


class PlantRows(EffectRows):
    """Rows of effects on plants."""

    def grow(self, effect: e.PlantGrowth) -> None:
        """Plants gain capacity, and sell what they make."""
        net, target, level = self.network.net, effect.plants, effect.capacity / WEEKS_PER_YEAR
        found = producers(self.network, target)
        for name in goods(self.network, target):
            mine = [producer for producer in found if producer.commodity == name]
            if not mine:
                raise ScenarioError(f"{target.kind}: {_without_plant(target, name)}")
            at = np.array([producer.process for producer in mine], dtype=np.int64)
            size = net.capacity[at] if net.capacity[at].any() else np.ones(len(at))
            weight = size / size.sum() / np.array([producer.output for producer in mine])
            # the ramp of a plant of a named recipe says what it makes at base prices, not what it could make
            self.row(Effect.CAPACITY, at, level, weight / net.utilisation[at] if target.recipe else weight)
            for p, part in zip(at.tolist(), weight, strict=True):
                self._sell(effect, p, level * part)
                if target.recipe:
                    self._supply(p, level * part)

    def _sell(self, effect: e.PlantGrowth, p: int, activity: Floats) -> None:
        """Raise purchase shares of a plant's goods when its activity grows by ``activity`` (..., W) [t/week] (equation 7a).

        Buyers with an offtake contract gain their part of the new output over their imports. The rest follows the plant's existing
        links in proportion to its growth; for a region without base production it is the new output over the imports of all buyers.
        """
        network, net = self.network, self.network.net
        for r in range(net.recipe_start[p], net.recipe_start[p + 1]):
            output, market = net.recipe_coefficient[r], net.recipe_market[r]
            links = np.flatnonzero((net.origin == market) & (network.legal_link_of < 0))
            if output <= 0 or not len(links):
                continue
            at = net.destination[links]
            held = np.zeros(len(links))
            for region, share in effect.buyers:
                held[np.isin(network.region[at], places([region]))] += share
            per_import = np.where(net.imports[at] > 0, 1.0 / np.maximum(net.imports[at], 1e-12), 0.0)
            open_to_all = 1.0 - min(sum(share for _, share in effect.buyers), 1.0)
            production = network.base_production[market]
            usual = net.share[links] / production if production > 0 else np.full(len(links), 1.0 / max(net.imports[at].sum(), 1e-12))
            weight = np.where(net.imports[at] > 0, held * per_import + open_to_all * usual, 1.0)
            self._qualified(links, output * activity, weight)

    def _supply(self, p: int, activity: Floats) -> None:
        """Order the inputs of a plant before it opens, from those who make them where nobody did in the base year (equation 7b).

        The plant orders so early that its stock is there when it opens. Where its market is new, each maker of the good gains the
        share in the purchases that it has in the output of all of them.
        """
        network, net = self.network, self.network.net
        entries = better.entries_of(network, p)
        for r in entries[net.recipe_coefficient[entries] < 0.0]:
            market = net.recipe_market[r]
            links = np.flatnonzero((net.destination == market) & (network.legal_link_of < 0))
            lead = int(np.ceil(net.cover[market] + net.transit[links].max(initial=0)))
            needed = np.concatenate([activity[..., lead:], np.repeat(activity[..., -1:], min(lead, self.weeks), axis=-1)], axis=-1)
            self.row(Effect.PLANNED, [market], needed, -net.recipe_coefficient[r])
            if net.imports[market] > 0.0 or network.base_production[market] > 0.0:
                continue
            made = network.base_production[net.origin[links]]
            if made.any():
                self._qualified(links, (needed > 0.0).astype(np.float64), made / made.sum())

    def _qualified(self, links: Ints, level: Floats, weight: Floats) -> None:
        """Add rows of new supply; goods that need qualification gain purchase share gradually after the start of production."""
        open_weeks = np.cumsum(level > 0, axis=-1)
        for weeks in np.unique(self.network.net.qualification[links]):
            chosen = self.network.net.qualification[links] == weeks
            self.row(Effect.SOURCE, links[chosen], level * np.clip(open_weeks / max(weeks, 1.0), 0.0, 1.0), weight[chosen])

    def guarantee(self, effect: e.PriceGuarantee) -> None:
        """Outputs have a price floor."""
        network, target, limit = self.network, effect.plants, ALWAYS
        found = producers(network, target)
        if not found:
            indices(target, network)  # says what is not there
        makes = np.array([network.net.activity[one.process] * one.output for one in found])
        for one, part in zip(found, makes / makes.sum() if makes.any() else np.full(len(found), 1.0 / len(found)), strict=True):
            markets = network.markets_where([one.commodity], places([effect.reference]))
            if len(markets) != 1:
                raise ScenarioError(
                    f"{target.kind}: {effect.reference} has no market of {one.commodity} whose price could be the reference"
                )
            entries = better.entries_of(network, one.process)
            entry = next(r for r in entries if network.commodity[network.net.recipe_market[r]] == one.commodity)
            if effect.tonnes_per_year is not None:
                limit = effect.tonnes_per_year / WEEKS_PER_YEAR * part
            self.floors.append(
                Floor(int(entry), int(markets[0]), effect.strike, limit, effect.upside_share, effect.upside_above, effect.level)
            )

    def share_practice(self, effect: e.SharedPractice) -> None:
        """Plants come nearer to the best of their stage."""
        network = self.network
        for p in indices(effect.plants, network)[0].tolist():
            self.row(Effect.PRACTICE, [p], better.practice(network, p, effect.access, effect.level))
            for r in self._outputs(p):
                self.row(Effect.GAIN, [r], np.asarray(effect.level * better.reachable_gain(network, r, effect.access)))

    def improve(self, effect: e.Improvement) -> None:
        """Plants recover more or cost less."""
        network = self.network
        for p in indices(effect.plants, network)[0].tolist():
            self.row(Effect.MARGIN, [p], np.asarray(effect.level * effect.unit_cost * network.net.cost[p]))
            for r in self._outputs(p):
                self.row(Effect.GAIN, [r], np.asarray(effect.level * better.capped_gain(network, r, effect.recovery)))

    def _outputs(self, p: int) -> list[int]:
        """Recipe entries of what a process makes."""
        entries = better.entries_of(self.network, p)
        return [int(r) for r in entries if self.network.net.recipe_coefficient[r] > 0.0]

    def save_inputs(self, effect: e.InputThrift) -> None:
        """Makers of magnets take in less."""
        network, net = self.network, self.network.net
        markets, _ = indices(effect.inputs, network)
        makers = np.array([name.startswith("magnet.") for name in network.labels.processes])
        process_of = np.repeat(np.arange(len(net.activity)), np.diff(net.recipe_start))
        at = np.flatnonzero(np.isin(net.recipe_market, markets) & (net.recipe_coefficient < 0.0) & makers[process_of])
        if not len(at):
            target = effect.inputs
            raise ScenarioError(f"{target.kind}: no maker of magnets in {', '.join(target.regions)} takes in {', '.join(target.goods)}")
        self.row(Effect.GAIN, at, -effect.level)


def _without_plant(target: e.Plants, commodity: str) -> str:
    """Why a project finds no plant, and what would help."""
    where = ", ".join(target.regions)
    if target.recipe:
        return f"a plant of recipe {target.recipe} in {where} does not make {commodity}"
    words = f"no plant in {where} makes {commodity} in the base year or lies dormant, so there is no recipe to scale"
    return f"{words}; 'recipe' names one to build"
