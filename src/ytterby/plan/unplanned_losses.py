"""What paths of restrictions leave of trade, and what they cost parties that have no plan: the losses that a plan starts from.

The loss of the programme without a plan differs from that of the simulator, and by family of restrictions, so that paths weighed by the
one do not keep mean and tail of the other. A programme for each of thousands of paths would take minutes. But without a plan no year
depends on another one except by the stocks along the chain, so that a path can be read from restrictions that stand alone: those of a
grid are put to the programme once (:mod:`ytterby.plan.loss_grid`, equations P2 to P7 in ``docs/explanation/plan.md``). What is read puts
the paths in order; the losses of the few that stand for them are those of the programme itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from ytterby.facts import expand_regions
from ytterby.plan.availability import YearlyCuts, delivered
from ytterby.plan.chain import YearlyChain
from ytterby.plan.loss_grid import AGES, FILLED, WEEKS, LossGrid, depths_between, points
from ytterby.plan.loss_runs import designed_runs
from ytterby.plan.loss_table import curve_table, loss_curves
from ytterby.plan.loss_weights import classes_of
from ytterby.plan.parties import DOMINANT, Party
from ytterby.plan.problem import PlanProblem
from ytterby.plan.programme import AllianceProgramme
from ytterby.plan.reference_path import reference_path
from ytterby.plan.shock_groups import DESTINATIONS, GROUPS, OTHER, contents_of, group_of
from ytterby.plan.shock_response import Response

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from ytterby.facts import Facts
    from ytterby.plan.availability import Delivered
    from ytterby.plan.reference_path import ReferencePath
    from ytterby.system import System

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

MIDDLE = 2033
"""Year in which restrictions that stand alone are put to the programme, whatever their age: the middle of a plan."""
MATERIALS = ("light", "heavy")
"""Groups of goods whose stocks bridge a shortage: oxides, metals and alloys."""
USD = 1e6
"""US dollars in the unit of the programme."""


def yearly_cuts(reference: ReferencePath, cut: Floats, later: Bools, price: Floats, spared: tuple[str, ...] = ()) -> YearlyCuts:
    """Restrictions by region, of paths by destination.

    Parameters
    ----------
    reference : ReferencePath
    cut : array (path, year, group, destination)
        Share of the dominant supplier's base exports that does not arrive [1].
    later : array (path, year, destination)
        Whether the shortage began in an earlier year.
    price : array (path, year)
        Price of the dominant supplier over the usual one [1].
    spared : tuple of str
        Regions that the restrictions leave out.
    """
    contents = contents_of(reference.system)
    regions = tuple(sorted({str(region) for region in reference.system.markets["region"]} - {DOMINANT}))
    columns = [_destination(region) for region in regions]
    hit = np.array([region not in spared for region in regions])
    return YearlyCuts(GROUPS, regions, cut[..., columns] * hit, later[..., columns] & hit, price, lambda name: group_of(name, contents))


def _destination(region: str) -> int:
    """Place of a region among the destinations of shocks."""
    return next(
        (i for i, party in enumerate(DESTINATIONS) if party != OTHER and region in expand_regions(party)), DESTINATIONS.index(OTHER)
    )


def lost(programme: AllianceProgramme, left: Delivered) -> Floats:
    """Loss of members without their plan (scenario, year, member) [million USD of that year]; what pays alone is built."""
    count = len(left.restricted)
    problem = PlanProblem(programme, left, np.full(count, 1.0 / count), {})
    y = problem.judged(problem.nothing, problem.recourse, 0.0, keep=True).y
    places = [programme.program.place_of(block.name("loss")) for block in programme.blocks]
    return np.stack([y[:, own.ravel()].toarray().reshape(count, *own.shape).sum(axis=2) for own in places], axis=-1)


@dataclass(frozen=True, eq=False)
class Unplanned:
    """Parties without a plan.

    Parameters
    ----------
    system : System
        Base of a year, not rolled.
    facts : Facts
    parties : tuple of str
    as_one : bool
        Whether the parties help each other.
    known : date, optional
        Day of the plan: plants that opened later are not in the years.
    """

    system: System
    facts: Facts
    parties: tuple[str, ...]
    as_one: bool = False
    known: dt.date | None = None

    @cached_property
    def members(self) -> tuple[Party, ...]:
        """The parties with their regions."""
        return tuple(Party(code, expand_regions(code)) for code in self.parties)

    def programmes(self, reference: ReferencePath) -> list[AllianceProgramme]:
        """Programmes of some years without decisions: of all as one, or of each by itself."""
        curves, alliances = loss_curves(reference.system), [self.members] if self.as_one else [(each,) for each in self.members]
        return [AllianceProgramme(allies, reference, curves, ()) for allies in alliances]

    def losses(self, cut: Floats, later: Bools, price: Floats, years: tuple[int, ...]) -> Floats:
        """Losses of the programme on paths (path, year, party) [USD of the year]; parameters as of :func:`yearly_cuts`."""
        reference = reference_path(self.system, self.facts, years=years, known=self.known)
        return self._lost(self.programmes(reference), delivered(reference, yearly_cuts(reference, cut, later, price)))

    @staticmethod
    def _lost(programmes: list[AllianceProgramme], left: Delivered) -> Floats:
        return USD * np.concatenate([lost(programme, left) for programme in programmes], axis=-1)

    @cached_property
    def _middle(self) -> ReferencePath:
        return reference_path(self.system, self.facts, known=self.known).years_from(MIDDLE, 1)

    @cached_property
    def grid(self) -> LossGrid:
        """Losses of restrictions that stand alone."""
        response, programmes = Response(designed_runs(self.system)), self.programmes(self._middle)
        depths = {scope: depths_between(designed) for scope, designed in response.depths.items()}

        def table(scope: str) -> Floats:
            rows, filled = points(scope, depths[scope])
            cut, later = response.cuts(rows, len(filled), 1)
            cuts = yearly_cuts(self._middle, cut, later, np.ones((len(filled), 1)))
            found = self._lost(programmes, delivered(self._middle, cuts, filled))
            return found.reshape(len(depths[scope]), len(FILLED), AGES, len(WEEKS), -1)

        return LossGrid(depths, {scope: table(scope) for scope in depths})

    @cached_property
    def stocks(self) -> Floats:
        """What each party's markets of materials can draw on, over a year's supply, weighted by its worth (party,) [1]."""
        reference, markets = self._middle, self._middle.system.markets
        contents = contents_of(reference.system)
        material = np.array([group_of(str(name), contents) in MATERIALS for name in markets["commodity"]])
        held = np.array(curve_table().drawn)[classes_of(markets["commodity"])] * YearlyChain.of(reference.flows(0)).held
        worth = material * reference.throughput[0] * reference.price.loc[markets["commodity"]].to_numpy(float)
        own = np.array([markets["region"].isin(party.regions).to_numpy() for party in self.members])
        return np.asarray((own * worth) @ held / np.maximum((own * worth).sum(axis=1), 1e-300))


@lru_cache(maxsize=8)
def unplanned(system: System, facts: Facts, parties: tuple[str, ...], *, as_one: bool = False, known: dt.date | None = None) -> Unplanned:
    """Parties without a plan, with what has been worked out for them before; parameters as of :class:`Unplanned`."""
    return Unplanned(system, facts, parties, as_one, known)
