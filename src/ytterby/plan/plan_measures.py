"""A plan as measures of a scenario: what the programme decides, in the words of the weekly simulator."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.plan.decisions import REFILL
from ytterby.system import activities_per_tonne

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from ytterby.facts import Candidate
    from ytterby.plan.builds import DecisionMaker
    from ytterby.plan.decisions import Decision
    from ytterby.plan.parties import Party

    Floats = NDArray[np.float64]

LEAST_SHARE = 1e-3
"""Smaller shares of a measure are left out."""
RELEASE_WEEKS = 52
"""Weeks over which a stock is given out."""
FILLING_WEEKS = round(52 / REFILL)
"""Weeks over which a stock is bought."""
LOW_COVER = 2.0
"""Cover of the market below which a stock opens [weeks] (assumed)."""
DIGITS = 6


@dataclass(frozen=True, eq=False)
class PlanMeasures:
    """Measures of a plan.

    Parameters
    ----------
    maker : DecisionMaker
        Who made the decisions, with recipes and uses.
    candidates : mapping of str to Candidate
    parties : tuple of Party
    chosen : sequence of (Decision, share)
        Decisions with the share taken.
    alone : sequence of (Decision, share)
        Decisions that pay by themselves: they stand with and without the plan, and its plants may live on what they make.
    """

    maker: DecisionMaker
    candidates: Mapping[str, Candidate]
    parties: tuple[Party, ...]
    chosen: tuple[tuple[Decision, float], ...]
    alone: tuple[tuple[Decision, float], ...] = ()

    def dated(self) -> list[dict[str, Any]]:
        """Measures with their own dates and ramps, those that pay by themselves first: a scenario of the plan itself."""
        return [measure for each, share in (*self._standing, *self._taken) for measure in self._dated(each, share)]

    def ready(self, at: dt.date) -> list[dict[str, Any]]:
        """Measures as they stand on a day, with stocks released from then on: for the simulation of a restriction that begins that day."""
        number = self.maker.reference.years.index(at.year)
        return [measure for each, share in self._taken for measure in self._ready(each, share, number, at)]

    def ready_without(self, at: dt.date) -> list[dict[str, Any]]:
        """What stands on a day without the plan: measures that pay by themselves."""
        number = self.maker.reference.years.index(at.year)
        return [measure for each, share in self._standing for measure in self._ready(each, share, number, at)]

    @property
    def left_out(self) -> tuple[str, ...]:
        """Ids of chosen candidates that the simulator has no measure for."""
        held = {id(each) for each, _ in self._taken}
        chosen = [(each, share) for each, share in self.chosen if share > LEAST_SHARE]
        return tuple(dict.fromkeys(each.candidate for each, share in chosen if id(each) not in held or not [*self._dated(each, share)]))

    @property
    def _taken(self) -> list[tuple[Decision, float]]:
        return [pair for pair in self._connected if not pair[0].pays_alone]

    @property
    def _standing(self) -> list[tuple[Decision, float]]:
        return [pair for pair in self._connected if pair[0].pays_alone]

    @cached_property
    def _connected(self) -> list[tuple[Decision, float]]:
        """Decisions but plants whose own concentrate nobody makes or nobody takes: the programme sells it, the network cannot."""
        known = set(self.maker.reference.system.markets["commodity"])
        kept = [(each, share) for each, share in (*self.alone, *self.chosen) if share > LEAST_SHARE]
        while True:
            cells = [cell for each, _ in kept for cell in self._cells(each)]
            made, taken = ({good for good, rate in cells if sign * rate > 0.0} for sign in (1.0, -1.0))
            lonely = (made ^ taken) - known
            rest = [pair for pair in kept if not lonely.intersection(good for good, _ in self._cells(pair[0]))]
            if len(rest) == len(kept):
                return kept
            kept = rest

    def _cells(self, each: Decision) -> list[tuple[str, float]]:
        """Goods that a plant's processes make (above nil) and take in."""
        recipes = self.candidates[each.candidate].recipes if each.kind == "plant" else ()
        return [cell for name in recipes for cell in self.maker.recipes[name].cells.items()]

    def _regions(self, each: Decision) -> list[str]:
        return [region for party in self.parties if party.code in each.party.split("+") for region in party.regions]

    def _dated(self, each: Decision, share: float) -> Iterator[dict[str, Any]]:
        candidate = self.candidates[each.candidate]
        first = self.maker.reference.years[int(np.argmax(each.usable > 0.0))]
        start = dt.date(first, 1, 1)
        if each.kind == "plant":
            yield from self._projects(each, share, start, candidate.ramp or (1.0,))
        elif each.kind == "stock":
            build = {"action": "build", "start": dt.date(each.start, 1, 1), "over_weeks": FILLING_WEEKS, "to": self._regions(each)}
            weekly = _rounded(each.size * share / RELEASE_WEEKS)
            opened = {
                "action": "release",
                "start": start,
                "trigger": {"cover_below_weeks": LOW_COVER},
                "rate": weekly,
                "to": self._regions(each),
            }
            for way in (build, opened):
                yield {
                    "kind": "stockpile",
                    "owner": self._regions(each)[0],
                    "on": [each.commodity],
                    "tonnes": _rounded(each.size * share),
                    **way,
                }
        elif each.savings:
            yield self._substitution(each, share * float(each.usable.max()), start)

    def _ready(self, each: Decision, share: float, year: int, at: dt.date) -> Iterator[dict[str, Any]]:
        level = share * float(each.usable[year])
        if level <= LEAST_SHARE:
            return
        if each.kind == "plant":
            yield from self._projects(each, level, at - dt.timedelta(weeks=52), (1.0,))
        elif each.kind == "stock":
            yield {
                "kind": "stockpile", "owner": self._regions(each)[0], "action": "release", "on": [each.commodity],
                "to": self._regions(each), "start": at, "tonnes": _rounded(each.size * level), "over_weeks": RELEASE_WEEKS,
            }  # fmt: skip
        elif each.savings:
            yield self._substitution(each, level, at - dt.timedelta(weeks=52))

    def _projects(self, each: Decision, share: float, start: dt.date, ramp: tuple[float, ...]) -> Iterator[dict[str, Any]]:
        """One project for each process that stands together, at the capacity that goes with the first good."""
        candidate = self.candidates[each.candidate]
        host = candidate.host if candidate.host != "*" else self._home(each)
        for recipe, good, per_tonne in self._processes(candidate):
            yield {
                "kind": "project", "recipe": recipe, "on": [good], "from": host, "start": start,
                "ramp": [_rounded(level) for level in ramp],
                "capacity_t_per_year": _rounded(each.size * share * per_tonne),
                "offtake": self._offtake(each, good),
            }  # fmt: skip

    def _processes(self, candidate: Candidate) -> Iterator[tuple[str, str, float]]:
        """Process, its counted good, and tonnes of it per tonne of the candidate's first good."""
        if not candidate.recipes:
            return
        activities = activities_per_tonne(self.maker.recipes, candidate.recipes, candidate.goods[0])
        for name, activity in activities.items():
            outputs = {good: rate for good, rate in self.maker.recipes[name].cells.items() if rate > 0.0}
            good = candidate.goods[0] if candidate.goods[0] in outputs else max(outputs, key=lambda good: outputs[good])
            yield name, good, activity * outputs[good]

    def _home(self, each: Decision) -> str:
        """Region of a party in which a plant of any party is set: where most of its first good is used."""
        regions = self._regions(each)
        good = self.candidates[each.candidate].goods[0]
        return max(regions, key=lambda region: self.maker.use_by(good, (region,)))

    def _offtake(self, each: Decision, good: str) -> dict[str, float]:
        """Share of each region of the party in what it takes."""
        regions = self._regions(each)
        use = {region: self.maker.use_by(good, (region,)) for region in regions}
        total = sum(use.values())
        if total <= 0.0:
            return {}
        return {region: _rounded(amount / total) for region, amount in use.items() if amount > 0.0}

    def _substitution(self, each: Decision, level: float, start: dt.date) -> dict[str, Any]:
        goods = sorted({good for good, _ in each.savings})
        sectors = sorted({sector for _, sector in each.savings})
        saving = _rounded(max(each.savings.values()) * level)
        return {"kind": "substitution", "on": goods, "to": self._regions(each), "sectors": sectors, "saving": saving, "start": start}


def _rounded(value: float) -> float:
    """Number with six significant digits, as it is written."""
    return float(f"{value:.{DIGITS}g}")
