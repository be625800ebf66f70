"""A plan judged: on paths that it was not made for, with inputs at the ends of their ranges, in the weekly simulator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.app.network.bases import scenario_base
from ytterby.app.planning.inputs import MILLION
from ytterby.app.planning.work import GAP, NOTHING, thrift_of
from ytterby.plan import (
    OTHERS,
    RESIMULATED_AT,
    RESIMULATED_DEPTH,
    FirstChoice,
    FreshResult,
    Resimulated,
    ResimulatedParty,
    StabilityResult,
    flip_probability,
    flips,
    fresh,
    judged_on,
    promised,
    resimulate,
    sensitivities,
    why_apart,
    worth_knowing,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.app.planning.work import PlanWork
    from ytterby.plan import Resimulation

    Floats = NDArray[np.float64]

FRESH = 200
"""Paths on which a plan is judged that were not used to make it."""
DRAWS = 200
"""Paired draws of the re-simulation."""
OTHER_SEED = 7919
"""Added to the seed for paths that are independent of those of the plan."""


@dataclass(frozen=True, eq=False)
class PlanJudgement:
    """Judges a plan."""

    work: PlanWork

    def elsewhere(self) -> dict[str, Any]:
        """The plan on fresh paths, and the plan of another seed there."""
        if self.work.request.shocks is not None:
            return {"fresh": None, "stability": None}
        assert self.work.data.shocks is not None
        paths = fresh(self.work.data.shocks, FRESH, self.work.request.seed + OTHER_SEED)
        other = self._of_next_seed() if self.work.request.sensitivity else None
        plans = [self.work.problem.nothing, self.work.x, *([] if other is None else [other])]
        nothing, kept, *its = judged_on(self.work.data, self.work.problem, paths, plans, self.work.solution.eta)
        gain = nothing.objective - kept.objective
        self.work.step()
        judged = FreshResult(
            paths=len(paths.weights), gain_usd=gain * MILLION, expected_loss=kept.expected_loss * MILLION,
            expected_loss_before=nothing.expected_loss * MILLION, cvar=kept.cvar * MILLION,
            optimism=self.work.gain / gain if gain > NOTHING else None,
        )  # fmt: skip
        stability = None if other is None else self._stability(other, nothing.objective - its[0].objective, gain)
        return {"fresh": judged, "stability": stability}

    def _of_next_seed(self) -> Floats:
        """Decisions of the plan made on paths of the next seed (decision,)."""
        shocks = self.work.shocks_of(self.work.request.seed + 1)
        assert shocks is not None
        other = self.work.problem.facing(self.work.data.left_by(shocks), np.asarray(shocks.weights))
        found = other.solve(gap=GAP)
        self.work.step()
        return other.thriftiest(found, thrift_of(found)) if other.before.objective - found.upper_bound > NOTHING else other.nothing

    def _stability(self, x: Floats, its: float, gain: float) -> StabilityResult:
        """The plan of the next seed and its gain beside this one's, on the same fresh paths."""
        money, spent = self.work.problem.public * self.work.problem.free, float(self.work.problem.public @ self.work.reading.change)
        return StabilityResult(
            seed=self.work.request.seed + 1, gain_usd=its * MILLION, difference=abs(its - gain) / gain if gain > NOTHING else 0.0,
            overlap=float(money @ np.minimum(x, self.work.x)) / spent if spent > NOTHING else 1.0,
        )  # fmt: skip

    def what_changes(self) -> dict[str, Any]:
        """Inputs at the ends of their ranges, where asked for."""
        work = self.work
        if not work.request.sensitivity or work.gain <= NOTHING or work.data.shocks is None or work.data.shocks.source is None:
            return {"flip": (), "flip_probability": None, "worth_knowing": {}}
        first = FirstChoice(work.problem, work.candidates).of(work.x, work.solution.eta)
        ends = sensitivities(work.data, work.problem, work.members, work.budgets)
        found = tuple(flips(work.problem, work.x, first, ends, work.candidates, GAP))
        work.step()
        flip = flip_probability(work.data, work.problem, first, work.candidates, GAP)
        work.step()
        return {"flip": found, "flip_probability": flip, "worth_knowing": worth_knowing(found)}

    def resimulated(self) -> Resimulated:
        """The plan in the weekly simulator, beside what the programme says of the same restriction."""
        work = self.work
        codes = tuple(member.code for member in work.members)
        places = tuple(dict.fromkeys((*codes, *OTHERS)))
        found = resimulate(
            lambda scenario: scenario_base(scenario, work.inputs.facts, work.request.project), work.measures, work.inputs.path, places,
            DRAWS, work.request.seed, work.progress,
        )  # fmt: skip
        avoided = sum(found.avoided(code) for code in codes)
        low, high = (float(np.quantile(avoided, level)) for level in (0.05, 0.95))
        expected = promised(work.data, work.problem, work.x, RESIMULATED_AT.year, RESIMULATED_DEPTH)
        rows = tuple(self._one_resimulated(code, found, *expected[code]) for code in codes)
        return Resimulated(
            mean=float(np.mean(avoided)), low=low, high=high, promised=sum(row.promised for row in rows), draws=DRAWS, parties=rows,
            shock=f"a year from {RESIMULATED_AT} with {RESIMULATED_DEPTH:.0%} of China's rare earths and magnets held back",
            spillover={place: float(np.mean(found.avoided(place))) for place in places if place not in codes},
        )  # fmt: skip

    @staticmethod
    def _one_resimulated(code: str, found: Resimulation, without: float, with_plan: float) -> ResimulatedParty:
        """One member in the simulator, beside its loss in the programme [million USD]."""
        before, avoided = float(np.mean(found.before[code])), float(np.mean(found.avoided(code)))
        expected = (without * MILLION, (without - with_plan) * MILLION)
        return ResimulatedParty(
            party=code, before=before, promised_before=expected[0], avoided=avoided, promised=expected[1],
            why=why_apart(before, expected[0], avoided, expected[1]),
        )  # fmt: skip
