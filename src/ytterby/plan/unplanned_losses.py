"""What paths of restrictions leave of trade, and what they cost parties that have no plan: the losses that a plan starts from.

The loss of the programme without a plan differs from that of the simulator, and by family of restrictions, so that paths weighed by the
one do not keep mean and tail of the other. A programme for each of thousands of paths would take minutes. But without a plan no year
depends on another one except by the stocks along the chain, so that a path is read from restrictions that stand alone: those of a grid
of depths, ages and weeks are put to the programme once (equations P2 to P7 in ``docs/explanation/plan.md``). The depths are more than
those of the designed runs: between these, cuts are linear and losses are not.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from ytterby.facts import expand_regions
from ytterby.plan.availability import YearlyCuts, delivered
from ytterby.plan.loss_grid import AGES, FILLED, WEEKS, LossGrid, alone, depths_between
from ytterby.plan.loss_runs import designed_runs
from ytterby.plan.loss_table import loss_curves
from ytterby.plan.parties import DOMINANT, Party
from ytterby.plan.problem import PlanProblem
from ytterby.plan.programme import AllianceProgramme
from ytterby.plan.reference_path import reference_path
from ytterby.plan.shock_groups import DESTINATIONS, GROUPS, OTHER, contents_of, group_of
from ytterby.plan.shock_response import Response

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.facts import Facts
    from ytterby.plan.availability import Delivered
    from ytterby.plan.reference_path import ReferencePath
    from ytterby.system import System

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

MIDDLE = 2033
"""Year in which restrictions that stand alone are put to the programme, whatever their age: the middle of a plan."""
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


@lru_cache(maxsize=8)
def losses_alone(system: System, facts: Facts, parties: tuple[str, ...], *, as_one: bool = False) -> LossGrid:
    """Losses of restrictions that stand alone in the programme, without a measure.

    Parameters
    ----------
    system : System
        Base of a year, not rolled.
    facts : Facts
    parties : tuple of str
    as_one : bool
        Whether the parties help each other; each is by itself by default.
    """
    response, reference = Response(designed_runs(system)), reference_path(system, facts).years_from(MIDDLE, 1)
    curves, members = loss_curves(reference.system), tuple(Party(code, expand_regions(code)) for code in parties)
    programmes = [AllianceProgramme(allies, reference, curves, ()) for allies in ([members] if as_one else [(each,) for each in members])]
    depths = {scope: depths_between(designed) for scope, designed in response.depths.items()}

    def table(scope: str) -> Floats:
        rows, filled = alone(scope, depths[scope])
        cut, later = response.cuts(rows, len(filled), 1)
        left = delivered(reference, yearly_cuts(reference, cut, later, np.ones((len(filled), 1))), filled)
        found = np.concatenate([lost(programme, left)[:, 0] for programme in programmes], axis=-1)
        return USD * found.reshape(len(depths[scope]), len(FILLED), AGES, len(WEEKS), -1)

    return LossGrid(depths, {scope: table(scope) for scope in depths})
