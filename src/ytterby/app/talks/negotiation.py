"""Talks on their way: what is asked, and what the answers are read from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ytterby.app.network.bases import base_system
from ytterby.app.talks.minerals_terms import minerals_table, programmes_request
from ytterby.app.talks.standard_terms import standards_of
from ytterby.bargain import (
    Bargain,
    NashWeights,
    PackageTerms,
    Room,
    assumptions_of,
    bundled_talks,
    central,
    chosen,
    drawn,
    dysprosium_used,
    load_talks,
    weights_of,
)
from ytterby.economy import trade as block
from ytterby.errors import InputError
from ytterby.facts import load, names

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from ytterby.app.talks.request import NegotiateRequest
    from ytterby.bargain import BargainAssumptionRow, MineralsTable, Talks
    from ytterby.facts import Facts
    from ytterby.system import System

    Floats = NDArray[np.float64]


YEAR_OF_BASE = 2024


@dataclass(frozen=True, eq=False)
class Negotiation:
    """Talks on their way to an answer; what several answers need is worked out once."""

    request: NegotiateRequest
    progress: Callable[[int, int], None] | None = None

    @cached_property
    def talks(self) -> Talks:
        """The talks, whose parties are those asked for."""
        found = load_talks(self.request.talks)
        for name in self.request.also:
            found.issue(name)
        wanted = {names.region(name.strip(), "--parties", whole=True).code for name in self.request.parties}
        if wanted and wanted != set(found.parties):
            known = ", ".join(bundled_talks())
            raise InputError(
                f"--parties: {', '.join(sorted(wanted))} are not those of '{found.name}' ({', '.join(found.parties)}); "
                f"bundled talks: {known}, or give a file of your own with --talks"
            )
        return found

    @cached_property
    def day(self) -> dt.date:
        """Day of the talks."""
        return self.request.as_of or self.talks.day

    @cached_property
    def facts(self) -> Facts:
        """Figures, with those of the user."""
        return load(self.request.project)

    @cached_property
    def weights(self) -> Floats:
        """Weights (party, term)."""
        return weights_of(self.talks.parties, self.request.weights)

    @cached_property
    def assumptions(self) -> dict[str, BargainAssumptionRow]:
        """Assumptions by name."""
        return assumptions_of(self.talks, self.day, self.request.also)

    @cached_property
    def assumed(self) -> dict[str, float]:
        """Their central values."""
        return central(self.assumptions)

    @cached_property
    def _minerals(self) -> tuple[MineralsTable | None, str]:
        if self.request.without_minerals:
            return None, ""
        request, controls = programmes_request(self.request, self.talks)
        return minerals_table(request, controls, self.progress)

    @property
    def minerals_digest(self) -> str:
        """Names the table of programmes on minerals; empty without one."""
        return self._minerals[1]

    @property
    def minerals(self) -> MineralsTable | None:
        """Table of programmes on minerals."""
        return self._minerals[0]

    @cached_property
    def on_days(self) -> tuple[Negotiation, ...]:
        """The same talks on the days that their file compares, each with programmes on minerals made from what was known on it."""
        days = self.talks.story or (self.day,)
        return tuple(
            self if day == self.day else Negotiation(replace(self.request, as_of=day, draws=0, each_day=False), self.progress)
            for day in days
        )

    @cached_property
    def bargain(self) -> Bargain:
        """Talks ready to be evaluated."""
        standards = standards_of(self.talks, self.facts, self.request.project, self.request.also)
        return Bargain(self.talks, self.day, self.facts, self._system.demands, self.minerals, standards)

    @cached_property
    def _system(self) -> System:
        """Base system of 2024."""
        return base_system(YEAR_OF_BASE, self.facts, self.request.project)

    @cached_property
    def dysprosium_used(self) -> dict[str, float]:
        """Separated dysprosium that each party takes in the base year [t/year]."""
        return {party: dysprosium_used(self._system, party) for party in self.talks.parties}

    @cached_property
    def evaluation(self) -> PackageTerms:
        """Terms of all packages under central assumptions."""
        return self.bargain.evaluate(self.assumed)

    @cached_property
    def room(self) -> Room:
        """The room under central assumptions."""
        return self.room_of(self.evaluation)

    def room_of(self, evaluation: PackageTerms) -> Room:
        """Room of an evaluation, with the weights asked for."""
        return Room(*evaluation.utilities(self.weights))

    @cached_property
    def nash_weights(self) -> NashWeights:
        """Nash package under other weights."""
        return NashWeights(self.evaluation, self.weights)

    @cached_property
    def nash(self) -> int | None:
        """Nash package; None without a room."""
        found = chosen(self.room, "nash")
        return None if found is None else found.packages[0]

    @cached_property
    def actual(self) -> int | None:
        """Package of the last outcome; None where the file has none."""
        agreed = self.talks.agreed()
        return None if agreed is None else self.bargain.packages.find(agreed)

    @cached_property
    def drawn_rooms(self) -> list[Room]:
        """Room of each draw."""
        return [self.room_of(evaluation) for evaluation in self.drawn_evaluations]

    @cached_property
    def drawn_evaluations(self) -> list[PackageTerms]:
        """Terms in each draw of the assumptions and of the parameters of trade."""
        return [self.bargain.evaluate(*each) for each in self.drawn_values]

    @cached_property
    def drawn_values(self) -> list[tuple[dict[str, float], block.TradeParameters]]:
        """Assumptions and parameters of trade in each draw."""
        count, base = self.request.draws, self.bargain.base
        if not count:
            return []
        values = drawn(self.assumptions, count, self.request.seed)
        trade = block.drawn(base.groups, base.suppliers, self.talks.horizon, count, self.request.seed)
        found = []
        for number in range(count):
            behaviour = block.Elasticities(*(np.asarray(value)[number] for value in trade.behaviour))
            parameters = block.TradeParameters(behaviour, trade.content[number], trade.home[number])
            assumed = {name: float(value[number]) for name, value in values.items()}
            found.append((assumed, parameters))
        return found

    def under(self, changes: Mapping[str, float], horizon: block.Horizon | None = None) -> Room:
        """Room with other values of some assumptions, or another horizon of trade."""
        base = self.bargain.base
        parameters = block.central(base.groups, base.suppliers, horizon) if horizon else None
        return self.room_of(self.bargain.evaluate(self.assumed | dict(changes), parameters))
