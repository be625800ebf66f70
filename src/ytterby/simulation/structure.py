"""What the draws of a batch share: the network, the order of its rows in the step, and where measures act."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.simulation.acting_fields import DEMAND_EFFECTS, LINK_EFFECTS, MARKET_EFFECTS, RECIPE_EFFECTS
from ytterby.simulation.interventions import Effect
from ytterby.system import sum_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ytterby.simulation.interventions import Interventions
    from ytterby.system import Network

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Structure:
    """What the draws of a batch share: the network, and the parts of the interventions that do not differ between draws."""

    net: Network
    policy: Interventions
    weeks: int
    slots: int
    """Length of the licence queues: weeks in which pending applications may be decided."""
    dtype: str

    @cached_property
    def link(self) -> Ints:
        """Links sorted by destination."""
        return np.argsort(self.net.destination, kind="stable")

    @cached_property
    def demand(self) -> Ints:
        """Demands sorted by market."""
        return np.argsort(self.net.demand_market, kind="stable")

    @cached_property
    def place(self) -> Ints:
        """Position of each link after sorting by destination."""
        return np.argsort(self.link)

    @cached_property
    def demand_place(self) -> Ints:
        """Position of each demand after sorting by market."""
        return np.argsort(self.demand)

    def sorted(self, dims: str, values: Array) -> Array:
        """Values in the order of the step: links and demands are sorted, other dimensions are unchanged."""
        return values[{"links": self.link, "demands": self.demand}[dims]] if dims in ("links", "demands") else values

    @staticmethod
    def first_of_each(of: Ints, count: int) -> Ints:
        """First position of each of ``count`` groups after sorting, and the end of the last group (count + 1,)."""
        return np.searchsorted(np.sort(of), np.arange(count + 1)).astype(np.int64)

    @cached_property
    def ring_start(self) -> Ints:
        """First position of each sorted link among the goods in transit (one position per week of transit), and the end of the last."""
        return np.concatenate([[0], np.cumsum(self.net.transit[self.link])])

    @cached_property
    def base_cost(self) -> Floats:
        """Delivered price of each link in the base year [USD/kg]."""
        net = self.net
        return np.asarray(net.price[net.origin] * (1.0 + net.export_tax) * (1.0 + net.duty) + net.freight)

    @property
    def per_qualification(self) -> Floats:
        """Reciprocal of the weeks to qualify a supplier on each link [1/week], 0 where no qualification is needed."""
        weeks = self.net.qualification
        return np.where(weeks > 0, 1.0 / np.maximum(weeks, 1.0), 0.0)

    @property
    def idle_value(self) -> Floats:
        """Idle share of each process times the value of the goods it processes (9) [USD/kg]."""
        net, p = self.net, len(self.net.activity)
        of, worth = np.repeat(np.arange(p), np.diff(net.recipe_start)), net.recipe_coefficient * net.price[net.recipe_market]
        value = np.maximum(sum_at(of, np.maximum(worth, 0.0), p), sum_at(of, np.maximum(-worth, 0.0), p))
        return np.asarray((1.0 - net.utilisation) * value)

    @property
    def base_odds(self) -> Floats:
        """Idle over used capacity of each process (9)."""
        used = np.clip(self.net.utilisation, 1e-9, 1.0 - 1e-9)
        return np.asarray((1.0 - used) / used)

    def at(self, *effects: Effect) -> NDArray[np.bool_]:
        """Mask of the effect rows of these kinds (E,)."""
        kinds = np.zeros(len(Effect), dtype=bool)
        kinds[list(effects)] = True
        return kinds[self.policy.kind]

    def touched(self, effects: Sequence[Effect], count: int) -> Ints:
        """Row of each of ``count`` targets of a class, such as links: 0 if no such effect acts on it, otherwise counted from 1."""
        targets = np.unique(self.policy.target[self.at(*effects)])
        row = np.zeros(count, dtype=np.int64)
        row[targets] = np.arange(1, len(targets) + 1)
        return row

    @cached_property
    def link_row(self) -> Ints:
        """Row that holds the effects on each link."""
        return self.touched(LINK_EFFECTS, len(self.net.flow))

    @cached_property
    def market_row(self) -> Ints:
        """Row that holds the effects on each market."""
        return self.touched(MARKET_EFFECTS, len(self.net.price))

    @cached_property
    def demand_row(self) -> Ints:
        """Row that holds the effects on each demand."""
        return self.touched(DEMAND_EFFECTS, len(self.net.use))

    @cached_property
    def recipe_row(self) -> Ints:
        """Row that holds the effects on each recipe entry."""
        return self.touched(RECIPE_EFFECTS, len(self.net.recipe_market))

    @property
    def first_floor(self) -> Ints:
        """First price floor of each process, and the end of the last."""
        process = np.searchsorted(self.net.recipe_start, self.policy.floor_entry, side="right") - 1
        return self.first_of_each(process, len(self.net.activity))

    @property
    def sourced(self) -> NDArray[np.bool_]:
        """Markets that buy from a supplier which expands or starts production."""
        return np.isin(np.arange(len(self.net.price)), self.net.destination[self.policy.target[self.at(Effect.SOURCE)]])

    @property
    def queues(self) -> int:
        """Number of licence queues."""
        return int(self.policy.queue_of.max(initial=-1)) + 1

    @property
    def licence_queue(self) -> Ints:
        """Queue of each licence effect."""
        return self.policy.queue_of[self.policy.target[self.at(Effect.LICENCE)]]

    @property
    def licences(self) -> Ints:
        """Licence effects, sorted by queue."""
        return np.flatnonzero(self.at(Effect.LICENCE))[np.argsort(self.licence_queue, kind="stable")]

    @cached_property
    def grouped(self) -> Ints:
        """Links of quota groups, sorted by destination."""
        return self.link[self.policy.group_of[self.link] >= 0]

    @cached_property
    def undeclared(self) -> Ints:
        """Undeclared routes, sorted by destination."""
        return self.link[self.policy.legal_link_of[self.link] >= 0]

    @property
    def undeclared_gain(self) -> Floats:
        """Saving on an undeclared route relative to the price on its legal link in the base year (12)."""
        net, link = self.net, self.undeclared
        return np.asarray(1.0 - (net.price[net.origin] + net.freight)[link] / self.base_cost[self.policy.legal_link_of[link]])
