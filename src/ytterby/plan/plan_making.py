"""Makes plans: the data that all plans of a base share, the problem of an alliance, and its solution read out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.plan.availability import delivered, unrestricted
from ytterby.plan.builds import DecisionMaker
from ytterby.plan.finance import Rates
from ytterby.plan.loss_runs import designed_runs
from ytterby.plan.loss_table import loss_curves
from ytterby.plan.periods import Steps
from ytterby.plan.problem import PlanProblem, together
from ytterby.plan.programme import AllianceProgramme
from ytterby.plan.reference_path import reference_path, share_ahead
from ytterby.plan.risk_weight import CVAR_WEIGHT
from ytterby.plan.shock_draws import Restrictions
from ytterby.plan.shock_response import Response
from ytterby.plan.shocks import no_shocks
from ytterby.plan.unplanned import UnplannedProgramme
from ytterby.plan.unplanned_losses import yearly_cuts
from ytterby.system import DEFAULT_PATH, recipes_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from ytterby.facts import Candidate, Facts
    from ytterby.plan.availability import Delivered, YearlyCuts
    from ytterby.plan.decisions import Decision
    from ytterby.plan.limits import Limit, LinearLimit
    from ytterby.plan.loss_table import LossCurves
    from ytterby.plan.parties import Party
    from ytterby.plan.problem import PlanOutcome
    from ytterby.plan.reference_path import ReferencePath
    from ytterby.plan.shocks import ShockPaths
    from ytterby.system import Recipe, System

    Floats = NDArray[np.float64]


BATCH = 50
"""Fresh paths judged at a time: what they leave of all links and years takes a megabyte a path."""
MADE_OF = {
    ("yearly", "recipes"): {"system", "facts", "path", "price_factor", "as_of"},
    ("reference", "curves", "steps", "probability", "delivered", "_scale"): {
        "system", "facts", "path", "price_factor", "shocks", "rates", "periods", "planners", "as_of"
    },
}  # fmt: skip
"""Fields of :class:`PlanData` that what it keeps is made of."""


@dataclass(frozen=True, eq=False)
class PlanData:
    """What all plans of a base share, whoever plans.

    Parameters
    ----------
    system : System
        Base of a year, not rolled.
    facts : Facts
    candidates : tuple of Candidate
        Measures to choose from.
    shocks : ShockPaths, optional
        Weighted paths of restrictions; none at all by default.
    path : str
        Path of demand.
    rates : Rates
    end, running_end : str
        Which end of the candidates' capital and of their running costs counts: ``value``, ``low`` or ``high``.
    price_factor : float
        Factor on the base prices of all goods.
    seed : int
        Seed of the paths, for others like them.
    periods : int, optional
        Steps of several years each that the years are taken in; every year by itself by default.
    planners : tuple of Party
        With steps: parties whose losses without a plan are by step what they are by year.
    """

    system: System
    facts: Facts
    candidates: tuple[Candidate, ...]
    shocks: ShockPaths | None = None
    path: str = DEFAULT_PATH
    rates: Rates = field(default_factory=Rates)
    end: str = "value"
    running_end: str = "value"
    price_factor: float = 1.0
    seed: int = 1
    periods: int | None = None
    planners: tuple[Party, ...] = ()
    as_of: dt.date | None = None
    """Day of the plan: its first year counts from it on, and plants that opened later are not in the years. By default that of the newest
    figure, with all plants."""

    def changed(self, **changes: Any) -> PlanData:
        """The same data with other values of some fields; what does not depend on them is not made anew."""
        other = replace(self, **changes)
        kept = [name for names, inputs in MADE_OF.items() if not inputs & set(changes) for name in names]
        other.__dict__.update({name: self.__dict__[name] for name in kept if name in self.__dict__})
        return other

    @property
    def by_year(self) -> PlanData:
        """The same data with every year by itself."""
        return self if self.periods is None else self.changed(periods=None)

    @cached_property
    def yearly(self) -> ReferencePath:
        """Years without a restriction, one by one."""
        path = reference_path(self.system, self.facts, self.path, known=self.as_of)
        return replace(path, price_factor=self.price_factor, ahead=share_ahead(self.as_of or self.facts.as_of, path.years[0]))

    @cached_property
    def steps(self) -> Steps | None:
        """Steps that the years are taken in, where they are not taken one by one."""
        return None if self.periods is None else Steps(self.yearly.years, self.periods, self.rates.social)

    @cached_property
    def reference(self) -> ReferencePath:
        """Years without a restriction, or steps of them."""
        return self.yearly if self.steps is None else self.steps.reference(self.yearly)

    @cached_property
    def curves(self) -> LossCurves:
        """Losses by missing share of inputs."""
        return loss_curves(self.reference.system)

    @cached_property
    def recipes(self) -> Mapping[str, Recipe]:
        """What processes make and take in."""
        return recipes_of(self.system, self.facts)

    @cached_property
    def maker(self) -> DecisionMaker:
        """Makes the decisions of parties."""
        return DecisionMaker(self.system, self.yearly, self.recipes, self.candidates, self.rates, self.end, self.running_end)

    @cached_property
    def probability(self) -> Floats:
        """Weight of each path (scenario,)."""
        return np.ones(1) if self.shocks is None else np.asarray(self.shocks.weights)

    @cached_property
    def delivered(self) -> Delivered:
        """What the paths leave of trade."""
        return unrestricted(self.reference) if self.shocks is None else self.left_by(self.shocks)

    def left_by(self, shocks: ShockPaths, spared: tuple[str, ...] = ()) -> Delivered:
        """What paths leave of trade when nobody acts; the restrictions leave out the spared regions."""
        cuts = self._cuts(shocks, spared)
        return delivered(self.reference, cuts) if self.steps is None else self.steps.delivered(cuts, self._scale, self.reference)

    def _cuts(self, shocks: ShockPaths, spared: tuple[str, ...] = ()) -> YearlyCuts:
        return yearly_cuts(self.reference, shocks.cut, shocks.later, shocks.price, spared)

    @cached_property
    def _scale(self) -> Floats:
        """Scale of the restrictions of each step (scenario, step, region)."""
        assert self.steps is not None
        assert self.shocks is not None
        cuts = self._cuts(self.shocks)
        by_year = self._lost(self.yearly, delivered(self.yearly, cuts), [self._unplanned(party, self.yearly) for party in self.planners])
        programmes = [self._unplanned(party, self.reference) for party in self.planners]
        return self.steps.scale(cuts, by_year, self.reference, lambda left: self._lost(self.reference, left, programmes))

    def _unplanned(self, party: Party, reference: ReferencePath) -> UnplannedProgramme:
        """What a party loses by itself without a plan, on the path by year or by step."""
        decisions = self.maker.of(party) if reference is self.yearly else self._own(party)
        return UnplannedProgramme(AllianceProgramme((party,), reference, self.curves, decisions, self.rates.social))

    def _lost(self, reference: ReferencePath, left: Delivered, programmes: Sequence[UnplannedProgramme]) -> Floats:
        """Yearly loss without a plan (scenario, year, region) [million USD], the same in all regions of a party."""
        found = np.zeros((len(left.restricted), len(reference.years), len(left.regions)))
        for programme in programmes:
            own = [i for i, region in enumerate(left.regions) if region in programme.regions]
            found[:, :, own] = programme.lost(left)
        return found

    def decisions(self, members: tuple[Party, ...]) -> tuple[Decision, ...]:
        """Decisions of all members, with their joint research."""
        own = tuple(decision for party in members for decision in self._own(party))
        return (*own, *self._by_step(self.maker.research(members)))

    def _by_step(self, decisions: tuple[Decision, ...]) -> tuple[Decision, ...]:
        return decisions if self.steps is None else tuple(self.steps.decision(each) for each in decisions)

    @cached_property
    def _made(self) -> dict[str, tuple[Decision, ...]]:
        return {}

    def _own(self, party: Party) -> tuple[Decision, ...]:
        if party.code not in self._made:
            self._made[party.code] = self._by_step(self.maker.of(party))
        return self._made[party.code]

    def problem(
        self,
        members: tuple[Party, ...],
        budgets: Mapping[str, float],
        *,
        limits: Sequence[LinearLimit] = (),
        shares: Sequence[Limit] = (),
        whole_units: bool = False,
        weight: float = CVAR_WEIGHT,
        alpha: float = 0.9,
    ) -> PlanProblem:
        """Problem of an alliance; parameters as of :class:`PlanProblem`, budgets in million USD."""
        programme = AllianceProgramme(members, self.reference, self.curves, self.decisions(members), self.rates.social)
        return PlanProblem(
            programme, self.delivered, self.probability, budgets, limits, weight=weight, alpha=alpha, whole_units=whole_units, shares=shares
        )


def judged_on(  # noqa: PLR0913
    data: PlanData, problem: PlanProblem, paths: ShockPaths, plans: Sequence[Floats], eta: float, *, batch: int = BATCH
) -> list[PlanOutcome]:
    """What plans come to on paths that they were not made for, a batch at a time, so that memory does not grow with the paths.

    Parameters
    ----------
    data : PlanData
    problem : PlanProblem
        Whose decisions the plans are, with its rows and bases to begin with.
    paths : ShockPaths
    plans : sequence of array (decision,)
    eta : float
        Value at risk beyond which losses weigh as in the plan [million USD].
    batch : int
        Paths that are judged at a time.
    """

    def of_part(part: ShockPaths) -> list[PlanOutcome]:  # its programmes are given up before the next ones are made
        case = problem.facing(data.left_by(part), np.asarray(part.weights))
        return [case.judged(x, case.recourse, eta) for x in plans]

    found = zip(*(of_part(part) for part in paths.batches(batch)), strict=True)
    return [together(outcomes, np.asarray(paths.weights)) for outcomes in found]


def controlled(data: PlanData, family: str, weeks: int, depth: float) -> PlanData:
    """The same data with a control of the dominant supplier from the plan's first year on, on every path.

    Parameters
    ----------
    data : PlanData
        With paths of restrictions.
    family : {"licence", "stop", "suspension"}
        Licences on all rare earths and magnets, their stop, or nothing restricted at all.
    weeks : int
        How long it lasts; of a suspension, in whole years.
    depth : float
        Share of applications refused, or of exports stopped [1].
    """
    shocks, span = data.shocks, len(data.reference.years)
    assert shocks is not None
    if family == "suspension":
        free = (np.arange(span) >= round(weeks / 52))[None, :, None]
        other = replace(shocks, cut=shocks.cut * free[..., None], later=shocks.later & free)
    else:
        scope = "licence-all" if family == "licence" else "all"
        one = Restrictions(*(np.array([value]) for value in (0, 0, family, scope, depth, float(weeks))))
        cut, later = Response(designed_runs(data.system)).cuts(one, 1, span)
        other = replace(shocks, **_met(shocks, cut, later))
    found = replace(data, shocks=other)
    found.__dict__.update({name: data.__dict__[name] for name in ("reference", "curves", "recipes", "maker") if name in data.__dict__})
    return found


def _met(shocks: ShockPaths, cut: Floats, later: NDArray[np.bool_]) -> dict[str, Any]:
    """Cuts and states of paths that a further restriction meets: the deepest counts, as where restrictions of one path meet.

    Whether the shortage of a year began earlier is told by the restriction that is deepest in it: a licence of last year does not make an
    old shortage, which costs less, of a stop that begins this year. What others send more of is kept where nothing is cut.
    """
    deepest, relief = np.maximum(shocks.cut, cut), np.minimum(shocks.cut, cut)
    own, added = (np.maximum(each, 0.0).max(axis=2) for each in (shocks.cut, cut))
    return {"cut": np.where(deepest > 0.0, deepest, relief), "later": np.where(added > own, later, shocks.later)}


def restricted(data: PlanData, year: int, depths: Sequence[float]) -> Delivered:
    """Paths with a year in which the dominant supplier holds back a share of all rare earths and magnets for everybody.

    Parameters
    ----------
    data : PlanData
    year : int
    depths : sequence of float
        Share held back on each path [1].
    """
    years, count = data.reference.years, len(depths)
    rows = Restrictions(*(np.array(column) for column in zip(*_stops(years.index(year), depths), strict=True)))
    cut, later = Response(designed_runs(data.system)).cuts(rows, count, len(years))
    return data.left_by(replace(no_shocks(years), cut=cut, later=later, price=np.ones((count, len(years)))))


def _stops(start: int, depths: Sequence[float]) -> list[tuple[int, int, str, str, float, float]]:
    """Rows of :class:`Restrictions`: a stop of everything for a year, one a path."""
    return [(path, start, "stop", "all", depth, 52.0) for path, depth in enumerate(depths)]


def promised(data: PlanData, problem: PlanProblem, x: Floats, year: int, depth: float) -> dict[str, tuple[float, float]]:
    """Loss of each member without and with a plan in a year of such a restriction, as the programme has it [million USD of that year]."""
    recourse, programme = problem.recourse_of(restricted(data, year, (depth,)), np.ones(1)), problem.programme
    without, with_plan = (problem.judged(each, recourse, 0.0, keep=True).y for each in (problem.nothing, x))
    places = {
        block.party.code: programme.program.place_of(block.name("loss"))[data.reference.years.index(year)] for block in programme.blocks
    }
    return {code: (float(without[0, own].sum()), float(with_plan[0, own].sum())) for code, own in places.items()}
