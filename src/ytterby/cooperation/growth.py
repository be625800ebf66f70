"""How an alliance grows: what each outsider adds, and in which order the members would invite them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ytterby.cooperation.accounts import accounts_of
from ytterby.cooperation.coalitions import Task

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ytterby.cooperation.coalitions import Coalitions, Solved


class Joined(NamedTuple):
    """An outsider that joins [million USD]."""

    party: str
    gain: float
    """What it adds to the value of the members' alliance."""
    own_gain: float
    """Part of it that falls to the outsider before anybody pays: its objective alone less its part in the joint plan."""
    order: int
    """Place in the order of growth, from 1."""
    gain_in_order: float
    """What it adds when it joins in that place."""


def growth(
    coalitions: Coalitions, members: int, known: Solved, gap: float, progress: Callable[[int, int], None] | None = None
) -> list[Joined]:
    """Let an alliance grow by the outsider that adds most, one after the other.

    Parameters
    ----------
    coalitions : Coalitions
        Of members and outsiders.
    members : int
        Present members.
    known : Solved
        Their best plan.
    gap : float
        Largest difference of the bounds of an objective [million USD].
    progress : callable, optional
        Called with plans made and plans in all.
    """
    outside = [1 << i for i in range(len(coalitions.parties)) if not members >> i & 1]
    alone = dict(zip(outside, coalitions.solve_all([Task(each, gap) for each in outside]), strict=True))
    total, done = len(outside) * (len(outside) + 1) // 2, 0
    present, best = members, known
    first: dict[int, tuple[float, float]] = {}
    order: list[tuple[int, float]] = []
    while len(order) < len(outside):
        tried: dict[int, tuple[float, Solved]] = {}
        left = [each for each in outside if not present & each]
        starts = [coalitions.union(present | each, {present: best.x, each: alone[each].x}) for each in left]
        tasks = [Task(present | each, gap, start=start) for each, start in zip(left, starts, strict=True)]
        for each, found in zip(left, coalitions.solve_all(tasks), strict=True):
            tried[each] = (best.upper + alone[each].upper - found.upper, found)
            if present == members:
                first[each] = (tried[each][0], _own_gain(coalitions, present | each, each, found, alone))
            done += 1
            if progress:
                progress(done, total)
        chosen = max(tried, key=lambda each: tried[each][0])
        order.append((chosen, tried[chosen][0]))
        present, best = present | chosen, tried[chosen][1]
    return [Joined(coalitions.name(each), *first[each], place, gain) for place, (each, gain) in enumerate(order, 1)]


def _own_gain(coalitions: Coalitions, coalition: int, outsider: int, found: Solved, alone: Mapping[int, Solved]) -> float:
    """What an outsider saves in the joint plan before anybody pays [million USD]."""
    own = accounts_of(coalitions, coalition, found).own()
    return alone[outsider].upper - own[coalitions.name(outsider)]
