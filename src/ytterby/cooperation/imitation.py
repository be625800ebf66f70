"""Others follow the example and plan by themselves for the same open projects (K16).

What nobody holds of a project is divided by use among all of the world, whoever plans. If others do not plan, their part is free; the
members could take it too. So the difference of both is what imitation costs the members.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ytterby.facts import WORLD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ytterby.facts import Candidate
    from ytterby.plan import DecisionMaker, Party


def left_by_others(
    candidates: Sequence[Candidate], maker: DecisionMaker, members: Sequence[Party], others: Sequence[Party]
) -> list[Candidate]:
    """Candidates of which the members also hold what others would take of the open part, divided by the members' use.

    Parameters
    ----------
    candidates : sequence of Candidate
    maker : DecisionMaker
        Knows who may take what nobody holds.
    members : sequence of Party
        Who plans.
    others : sequence of Party
        Who does not, though it could.
    """
    return [_left(each, maker, members, others) if WORLD in each.entitled else each for each in candidates]


def _left(candidate: Candidate, maker: DecisionMaker, members: Sequence[Party], others: Sequence[Party]) -> Candidate:
    inside = [region for party in members for region in party.regions]
    outside = {region for party in others for region in party.regions}
    open_part = candidate.entitled[WORLD]
    by_use = maker.open_parts(candidate)
    free = sum(share for region, share in by_use.items() if region in outside)
    own = sum(by_use.get(region, 0.0) for region in inside)
    if own <= 0.0 or free <= 0.0:
        return candidate
    held = {holder: share for holder, share in candidate.entitled.items() if holder != WORLD}
    for region, share in by_use.items():
        more = free * share / own if region in inside else 0.0
        kept = 0.0 if region in outside else share
        held[region] = held.get(region, 0.0) + open_part * (kept + more)
    return replace(candidate, entitled=held)
