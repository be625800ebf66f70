"""Know-how of members: plants that open faster and fail less often because a partner runs such plants already (equation K19).

A party's access to the technology of a good is what its plants make over what they could, divided by the same of the best region of the
world: the measure of practice that the weekly simulator has for its kind `assistance`. A party without such plants has none. A partner with
more teaches a plant's builder; how far that reaches and what it costs say the candidates of the kind `assistance` (assumed, with ranges).
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.facts import ANY_PARTY, split_market
from ytterby.plan import Decision, usable_share

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Literal

    from numpy.typing import NDArray

    from ytterby.facts import Candidate
    from ytterby.plan import DecisionMaker, Party, PlanData

    Floats = NDArray[np.float64]
    End = Literal["value", "low", "high", ""]

MILLION = 1e6
STAGES = ("oxide", "metal", "alloy", "magnet")
"""Stages whose technology can be taught; finding and opening a mine is no part of it."""
TAUGHT_KINDS = ("project", "recycling")
LEAST = 0.01
"""Smaller shares of the missing access that a partner makes good are none."""
NEVER_ALONE = 1e3
"""Private rate at which no plant pays alone, so that what it earns in calm years is taken out of its gain in any case (P11) [1/year]."""


@dataclass(frozen=True, eq=False)
class TaughtDecision(Decision):
    """A plant that a partner helps to open."""

    teacher: str = ""
    """Who helps."""
    closing: float = 0.0
    """Share of the builder's missing access to technology that the help makes good [1]."""


class Pair(NamedTuple):
    """A plant without help, and as the best would open it."""

    candidate: Candidate
    own: Decision
    best: Decision


class KnowHow:
    """Who can teach whom, and what a taught plant is worth beside the same plant without help.

    Parameters
    ----------
    data : PlanData
    end : {"value", "low", "high", ""}
        Which end of the access that help can reach counts; nobody teaches where it is empty.
    """

    def __init__(self, data: PlanData, end: End = "value") -> None:
        self.data, self.end = data, end
        self._pairs_of: dict[str, list[Pair]] = {}
        self._made: dict[tuple[Party, ...], tuple[TaughtDecision, ...]] = {}

    @cached_property
    def help(self) -> Candidate | None:
        """Programme of assistance by whose figures help is counted; None where the catalogue has none."""
        return next((each for each in self.data.candidates if each.kind == "assistance"), None) if self.end else None

    @cached_property
    def reach(self) -> float:
        """Access to technology that help reaches at most [1]."""
        return 0.0 if self.help is None else float(getattr(self.help.effect, self.end or "value"))

    @cached_property
    def practice(self) -> dict[tuple[str, str], tuple[float, float]]:
        """Output in the plan's first year, and what the plants could make, by good and region [t/year]."""
        reference, found = self.data.yearly, dict[tuple[str, str], tuple[float, float]]()
        system = reference.system
        activity, capacity = reference.activity[0], reference.capacity[0]
        use = dict(
            zip(system.processes.index, np.divide(activity, capacity, out=np.zeros(len(capacity)), where=capacity > 0.0), strict=True)
        )
        for process, market, amount in zip(system.recipes["process"], system.recipes["market"], reference.production[0], strict=True):
            if amount > 0.0 and use[process] > 0.0:
                good, region = split_market(market)
                made, could = found.get((good, region), (0.0, 0.0))
                found[good, region] = (made + float(amount), could + float(amount / use[process]))
        return found

    @cached_property
    def best(self) -> dict[str, float]:
        """Use of capacity by the best region for each good [1]."""
        found: dict[str, float] = {}
        for (good, _), (made, could) in self.practice.items():
            found[good] = max(found.get(good, 0.0), made / could)
        return found

    def access(self, good: str, regions: Iterable[str]) -> float:
        """Access of some regions to the technology of a good [1]: 1 is that of the best, 0 of those who do not make it."""
        pairs = [self.practice[good, region] for region in regions if (good, region) in self.practice]
        could = sum(pair[1] for pair in pairs)
        return min(sum(pair[0] for pair in pairs) / could / self.best[good], 1.0) if could > 0.0 else 0.0

    def taught(self, members: tuple[Party, ...]) -> tuple[TaughtDecision, ...]:
        """Plants of all members with the help of the partner who knows most, beside the same plants without."""
        if self.help is None or len(members) == 1:
            return ()
        if members not in self._made:
            self._made[members] = tuple(each for party in members for each in self._taught(party, members))
        return self._made[members]

    def _taught(self, party: Party, members: Sequence[Party]) -> Iterator[TaughtDecision]:
        others = [each for each in members if each is not party]
        for pair in self._pairs(party):
            teacher, closing = self.closing(pair.candidate, party, others)
            if closing >= LEAST:
                yield self._between(pair, teacher, closing)

    def closing(self, candidate: Candidate, builder: Party, others: Sequence[Party]) -> tuple[str, float]:
        """Who teaches a plant's builder, and which share of its missing access that makes good [1]; nil for one with full access."""
        good = candidate.goods[0]
        own = self.access(good, builder.regions)
        teacher = max(others, key=lambda each: self.access(good, each.regions))
        reached = min(self.reach, self.access(good, teacher.regions))
        return teacher.code, max(reached - own, 0.0) / (1.0 - own) if own < 1.0 else 0.0

    def _pairs(self, party: Party) -> list[Pair]:
        """Plants of a party that can be taught and do not pay alone, as it opens them itself and as the best do."""
        if party.code not in self._pairs_of:
            some = [each for each in self.data.candidates if _can_be_taught(each, party)]
            maker = self.data.maker
            own = replace(maker, candidates=tuple(some)).of(party)
            best = replace(maker, candidates=tuple(map(_at_best, some)), rates=replace(maker.rates, private=NEVER_ALONE))
            known = {each.id: each for each in some}
            better = {(each.candidate, each.start): each for each in best.of(party)}
            self._pairs_of[party.code] = [
                Pair(known[each.candidate], each, better[each.candidate, each.start]) for each in own if not each.pays_alone
            ]
        return self._pairs_of[party.code]

    def _between(self, pair: Pair, teacher: str, closing: float) -> TaughtDecision:
        """K19: a plant on its way from its builder's own level to that of the best, as far as help has come in each year."""
        assert self.help is not None
        candidate, plain, better = pair
        maker = self.data.maker
        come = closing * usable_share(self.help, plain.start, np.array(maker.reference.years))
        own = {each.name: getattr(plain, each.name) for each in fields(Decision)}
        paid = _cost_of_help(maker, self.help, plain.start) * maker.part_of(candidate, plain)
        changed = {
            "usable": plain.usable + come * (better.usable - plain.usable),
            "resource": plain.resource + closing * (better.resource - plain.resource) + paid,
            "public": plain.public + paid,
        }
        return TaughtDecision(**{**own, **changed}, teacher=teacher, closing=closing)


def _cost_of_help(maker: DecisionMaker, programme: Candidate, start: int) -> Floats:
    """Cost of a programme of assistance, paid when the plant is begun (year,) [million USD]."""
    return np.where(np.array(maker.reference.years) == start, float(getattr(programme.capex, maker.end)) / MILLION, 0.0)


def _can_be_taught(candidate: Candidate, builder: Party) -> bool:
    """Whether a partner can teach a plant's builder: it stands at the builder's home, works up goods of others, and opens no mine."""
    mines = any(name.startswith("mine.") for name in candidate.recipes)
    at_home = candidate.host in (ANY_PARTY, *builder.regions)
    return candidate.kind in TAUGHT_KINDS and candidate.stage in STAGES and at_home and not mines


def _at_best(candidate: Candidate) -> Candidate:
    """A plant as the best open it: delay, failure and ramp at the good ends of their ranges; size, cost and lead time stay."""
    good_ends = {name: replace(candidate.figures[name], value=candidate.figures[name].low) for name in ("slip", "cancel")}
    return replace(candidate, figures={**candidate.figures, **good_ends}, ramp=candidate.ramp_high or candidate.ramp)
