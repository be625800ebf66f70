"""The portfolio in words: why a measure is in, what keeps the others out, what pays by itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ytterby.facts import sectors as names
from ytterby.plan.builds import NOT_DECIDED
from ytterby.plan.left_out import NEARLY
from ytterby.plan.party_flows import MILLION
from ytterby.plan.plan_result import LeftOutRow, PaysAloneRow, PortfolioRow
from ytterby.units import KG_PER_T

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from numpy.typing import NDArray

    from ytterby.facts import Candidate
    from ytterby.plan.answers import PlanReading
    from ytterby.plan.builds import DecisionMaker
    from ytterby.plan.decisions import Decision
    from ytterby.plan.parties import Party
    from ytterby.plan.problem import PlanOutcome, PlanProblem

    Floats = NDArray[np.float64]

LEAST = 1e-4
"""Smaller shares of a measure are solver's noise."""
SMALL = 0.5
"""Measures below this share of a million USD and of worth are left out of the list [million USD]."""
MOST_SECTORS, TELLING = 2, 0.2
"""Sectors that a measure is said to help, and the least share of what it avoids that is worth telling [1]."""
KG_PER_MILLION = MILLION / KG_PER_T
"""USD per kilogram for one million USD a tonne."""
CHECKED = 8
"""Measures whose worth is found by leaving each out; the smaller ones are judged by their dual values."""
UNITS = {"plant": "t/year", "stock": "t", "saving": "programme"}


@dataclass(frozen=True, eq=False)
class PortfolioReading:
    """Reads the decisions of a solved plan.

    Parameters
    ----------
    problem : PlanProblem
    x : array (decision,)
        Decisions taken.
    reduced : array (decision,)
        Change of the objective by unit of each decision's bound.
    reading : PlanReading
        What the decisions come to, beside doing nothing.
    evaluate : callable
        What other decisions come to, with their second stage.
    maker : DecisionMaker
    candidates : mapping of str to Candidate
    """

    problem: PlanProblem
    x: Floats
    reduced: Floats
    reading: PlanReading
    evaluate: Callable[[Floats], PlanOutcome]
    maker: DecisionMaker
    candidates: Mapping[str, Candidate]

    @cached_property
    def taken(self) -> list[int]:
        """Decisions taken beyond what pays alone, by public money."""
        size = self.x * self.problem.free
        found = [int(j) for j in np.flatnonzero(size > LEAST)]
        return sorted(found, key=lambda j: -float(self.x[j] * self.problem.public[j]))

    def rows(self) -> tuple[PortfolioRow, ...]:
        """Measures of the plan, by public money, largest first."""
        return tuple(self._row(j, number) for number, j in enumerate(self.taken))

    def _row(self, j: int, number: int) -> PortfolioRow:
        each = self.problem.programme.decisions[j]
        candidate, share = self.candidates[each.candidate], float(self.x[j])
        without = self._without(j) if number < CHECKED else None
        after = self.reading.after.objective
        worth = max(0.0, -float(self.reduced[j]) * share) if without is None else without.objective - after
        public = float(self.problem.public[j]) * share
        first = self._first_use(each)
        return PortfolioRow(
            measure=each.candidate, name=candidate.name(), party=each.party, kind=candidate.kind, year=each.start, share=share,
            size=each.size * share, unit=UNITS[each.kind], of_plant=self._of_plant(each, share),
            capex_usd=self._capital(each) * share * MILLION,
            public_usd=public * MILLION, avoids_usd=worth * MILLION, usable_from=first,
            reason=self._reason(each, candidate, share, first) + self._use(each, share, public, worth, without),
        )  # fmt: skip

    def _of_plant(self, each: Decision, share: float) -> float | None:
        """Capacity bought over that of the whole plant."""
        return share * self.maker.part_of(self.candidates[each.candidate], each) if each.kind == "plant" else None

    def _without(self, j: int) -> PlanOutcome:
        """What the other decisions come to if one is left out."""
        without = self.x.copy()
        without[j] = 0.0
        return self.evaluate(without)

    def _use(self, each: Decision, share: float, public: float, worth: float, without: PlanOutcome | None) -> str:
        """What a measure costs and saves: of a stock by the kilogram, and which sectors would lose most without it."""
        hit = self._hit(without) if without is not None else []
        where = f", most of it in {' and '.join(hit)}" if hit else ""
        cheap = f"; it costs {public / (each.size * share) * KG_PER_MILLION:.3g} USD a kilogram" if each.kind == "stock" else ""
        own = float(self.problem.resource[self.problem.programme.decisions.index(each)]) * share
        enough = f"; it pays while {own / (worth + own):.0%} of what it avoids is true" if worth >= SMALL and own > 0.0 else ""
        return f"{cheap}; without it {_amount(worth)} more would be lost or spent{where}{enough}"

    def _hit(self, without: PlanOutcome) -> list[str]:
        """Sectors whose expected loss rises most, at most two: each with a fifth of the rise or more."""
        more: dict[str, float] = {}
        known = self.problem.programme.reference.system.sectors["sector"]
        for block in self.problem.programme.blocks:
            rise = (self.reading.losses(without, block) - self.reading.losses(self.reading.after, block)).sum(axis=0)
            for sector, amount in zip(known.iloc[block.sectors], rise, strict=True):
                more[str(sector)] = more.get(str(sector), 0.0) + float(amount)
        total = sum(max(amount, 0.0) for amount in more.values())
        largest = sorted(more, key=lambda name: -more[name])[:MOST_SECTORS]
        return [names()[name].name().lower() for name in largest if more[name] > max(TELLING * total, 1e-9)]

    def _first_use(self, each: Decision) -> int | None:
        years = self.problem.programme.reference.years
        return years[int(np.argmax(each.usable > 0.0))] if each.usable.max() > 0.0 else None

    def _capital(self, each: Decision) -> float:
        """Capital, or purchase of a stock, not discounted [million USD]."""
        if each.kind == "plant":
            return self.maker.capital(self.candidates[each.candidate], each)
        if each.kind == "stock":
            return self.maker.purchase(self.candidates[each.candidate], each.size)
        return float(each.resource[self.problem.programme.reference.years.index(each.start)])

    def _reason(self, each: Decision, candidate: Candidate, share: float, first: int | None) -> str:
        """What a measure does, and from when."""
        goods = each.commodity or candidate.goods[0]
        what = {
            "plant": f"makes {goods} outside the dominant supplier",
            "stock": f"bridges a lack of {goods}",
            "saving": f"needs less {goods}",
        }
        since = f" from {first}" if first else ""
        part = self._of_plant(each, 1.0)
        whole = f", {share * part:.0%} of the plant's capacity" if part is not None else ""
        return f"{what[each.kind]}{since}{whole}"

    def _takers(self, each: Decision) -> tuple[Party, ...]:
        """Parties that take a decision together, one unless it is joint research."""
        codes = each.party.split("+")
        return tuple(block.party for block in self.problem.programme.blocks if block.party.code in codes)

    def left_out(self, tried: Collection[str] = ()) -> tuple[LeftOutRow, ...]:
        """Candidates that no member takes, nearest to entering first.

        Parameters
        ----------
        tried : collection of str
            Candidates that are judged by what the plan comes to with them where their reduced cost is nil.
        """
        rows: dict[str, LeftOutRow] = {}
        at: dict[str, int] = {}
        in_plan = {self.problem.programme.decisions[j].candidate for j in self.taken}
        for j, each in enumerate(self.problem.programme.decisions):
            if each.candidate in in_plan or each.pays_alone:
                continue
            known = rows.get(each.candidate)
            dear = self._too_dear_by(j)
            if known is None or (dear or 0.0) < (known.too_dear_by or 0.0):
                at[each.candidate], rows[each.candidate] = j, self._out(each, dear)
        for name in at.keys() & set(tried):
            if (rows[name].too_dear_by or 0.0) < NEARLY and self.problem.resource[at[name]] > 0.0:
                rows[name] = self._out(self.problem.programme.decisions[at[name]], self._loss_of_trial(at[name]))
        decided = {each.candidate for each in self.problem.programme.decisions}
        for candidate in self.candidates.values():
            if candidate.kind in NOT_DECIDED and candidate.id not in decided:
                rows[candidate.id] = LeftOutRow(
                    measure=candidate.id, name=candidate.name(), party="", too_dear_by=None, reason=NOT_DECIDED[candidate.kind]
                )
        return tuple(sorted(rows.values(), key=lambda row: (row.too_dear_by is None, row.too_dear_by or 0.0, row.measure)))

    def _too_dear_by(self, j: int) -> float | None:
        """By how much a decision not taken is too dear, from its reduced cost [1]; None where cost is not what keeps it out."""
        cost = float(self.problem.resource[j])
        # below nil: worth taking by its dual value, though not by more than the gap to which the plan is solved
        return max(0.0, float(self.reduced[j]) / cost) if cost > 0.0 and np.isfinite(self.reduced[j]) else None

    def _loss_of_trial(self, j: int) -> float:
        """What the plan loses if a decision is added whole, over the decision's cost [1].

        With few paths the optimum is degenerate: of the many duals that fit it some give a measure that helps on no path a reduced
        cost of nil.
        """
        whole = self.x.copy()
        whole[j] = 1.0
        return max(0.0, self.evaluate(whole).objective - self.reading.after.objective) / float(self.problem.resource[j])

    def _out(self, each: Decision, dear: float | None) -> LeftOutRow:
        """A decision not taken, and by how much it is too dear."""
        if dear is not None and dear < NEARLY:
            reason = "neither gains nor loses here"
        elif dear is not None and dear <= 1.0 - NEARLY:
            reason = f"would enter if it cost {dear:.0%} less"
        elif dear is not None:
            reason = "would not pay even for nothing: it costs more to run than what it makes is worth, or comes too late"
        else:
            reason = "a limit or the budget keeps it out"
        name, held = self.candidates[each.candidate].name(), self._held(each)
        if held is not None:
            reason += f"; {held:.0f} weeks of use are held already"
        return LeftOutRow(measure=each.candidate, name=name, party=each.party, too_dear_by=dear, reason=reason, held_weeks=held)

    def _held(self, each: Decision) -> float | None:
        """Weeks of use that makers, dealers and the state hold of a good of which no stock is taken; None for what is no stock."""
        regions = {region for party in self._takers(each) for region in party.regions}
        markets = self.problem.programme.reference.system.markets
        own = markets[(markets["commodity"] == each.commodity) & markets["region"].isin(regions) & (markets["use"] > 0.0)]
        return float(np.average(own["cover"], weights=own["use"])) if each.kind == "stock" and len(own) else None

    def pays_alone(self) -> Iterator[PaysAloneRow]:
        """Candidates that earn the private rate at base prices, with the figure that would have to be wrong for it not to."""
        for each in self.problem.programme.decisions:
            if each.pays_alone:
                candidate = self.candidates[each.candidate]
                margin, fall = self.maker.surplus(candidate, each, self._takers(each))
                yield PaysAloneRow(measure=each.candidate, name=candidate.name(), party=each.party, margin=margin, price_fall=fall)


def _amount(million: float) -> str:
    return (
        f"{million / 1000.0:.2g} bn USD"
        if abs(million) >= 1000.0
        else f"{million:.2g} million USD"
        if abs(million) < 100
        else f"{million:.0f} million USD"
    )  # noqa: PLR2004
