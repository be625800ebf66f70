"""Makes plans: the data that all plans of a base share, the problem of an alliance, and its solution read out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ytterby.facts import expand_regions
from ytterby.plan.availability import YearlyCuts, delivered, unrestricted
from ytterby.plan.builds import DecisionMaker, Rates
from ytterby.plan.loss_runs import designed_runs
from ytterby.plan.loss_table import loss_curves
from ytterby.plan.parties import DOMINANT
from ytterby.plan.problem import CVAR_WEIGHT, PlanProblem
from ytterby.plan.programme import AllianceProgramme
from ytterby.plan.reference_path import reference_path
from ytterby.plan.shock_draws import Restrictions
from ytterby.plan.shock_groups import DESTINATIONS, GROUPS, OTHER, contents_of, group_of
from ytterby.plan.shock_response import Response
from ytterby.plan.shocks import no_shocks
from ytterby.system import DEFAULT_PATH, recipes_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from ytterby.facts import Candidate, Facts
    from ytterby.plan.availability import Delivered
    from ytterby.plan.decisions import Decision
    from ytterby.plan.limits import Limit, LinearLimit
    from ytterby.plan.loss_table import LossCurves
    from ytterby.plan.parties import Party
    from ytterby.plan.reference_path import ReferencePath
    from ytterby.plan.shocks import ShockPaths
    from ytterby.system import Recipe, System

    Floats = NDArray[np.float64]


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
    end : str
        Which end of the candidates' costs counts: ``value``, ``low`` or ``high``.
    seed : int
        Seed of the paths, for others like them.
    """

    system: System
    facts: Facts
    candidates: tuple[Candidate, ...]
    shocks: ShockPaths | None = None
    path: str = DEFAULT_PATH
    rates: Rates = field(default_factory=Rates)
    end: str = "value"
    seed: int = 1

    @cached_property
    def reference(self) -> ReferencePath:
        """Years without a restriction."""
        return reference_path(self.system, self.facts, self.path)

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
        return DecisionMaker(self.system, self.reference, self.recipes, self.candidates, self.rates, self.end)

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
        contents = contents_of(self.reference.system)
        regions = tuple(sorted({str(region) for region in self.reference.system.markets["region"]} - {DOMINANT}))
        columns = [_destination(region) for region in regions]
        hit = np.array([region not in spared for region in regions])
        cut, later = shocks.cut[..., columns] * hit, shocks.later[..., columns] & hit
        return delivered(self.reference, YearlyCuts(GROUPS, regions, cut, later, shocks.price, lambda name: group_of(name, contents)))

    def decisions(self, members: tuple[Party, ...]) -> tuple[Decision, ...]:
        """Decisions of all members, with their joint research."""
        own = tuple(decision for party in members for decision in self._own(party))
        return (*own, *self.maker.research(members))

    @cached_property
    def _made(self) -> dict[str, tuple[Decision, ...]]:
        return {}

    def _own(self, party: Party) -> tuple[Decision, ...]:
        if party.code not in self._made:
            self._made[party.code] = self.maker.of(party)
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
        other = replace(shocks, cut=np.maximum(shocks.cut, cut), later=shocks.later | later)
    found = replace(data, shocks=other)
    found.__dict__.update({name: data.__dict__[name] for name in ("reference", "curves", "recipes", "maker") if name in data.__dict__})
    return found


def _destination(region: str) -> int:
    """Place of a region among the destinations of shocks."""
    return next(
        (i for i, party in enumerate(DESTINATIONS) if party != OTHER and region in expand_regions(party)), DESTINATIONS.index(OTHER)
    )


def restricted(data: PlanData, year: int, depth: float) -> Delivered:
    """One path with a year in which the dominant supplier holds back a share of all rare earths and magnets for everybody.

    Parameters
    ----------
    data : PlanData
    year : int
    depth : float
        Share held back [1].
    """
    years = data.reference.years
    one = Restrictions(*(np.array([value]) for value in (0, years.index(year), "stop", "all", depth, 52.0)))
    cut, later = Response(designed_runs(data.system)).cuts(one, 1, len(years))
    return data.left_by(replace(no_shocks(years), cut=cut, later=later))


def promised(data: PlanData, problem: PlanProblem, x: Floats, year: int, depth: float) -> float:
    """Loss that a plan avoids in a year of such a restriction, as the programme has it [million USD of that year]."""
    recourse = problem.recourse_of(restricted(data, year, depth), np.ones(1))
    places = np.concatenate(
        [problem.programme.program.place_of(block.name("loss"))[data.reference.years.index(year)] for block in problem.programme.blocks]
    )
    lost = [float(problem.judged(each, recourse, 0.0, keep=True).y[0, places].sum()) for each in (problem.nothing, x)]
    return lost[0] - lost[1]
