"""Values of all coalitions to a gap that is asked for in money of the value, not of the objective (K1, K8)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ytterby.cooperation.coalitions import Task
from ytterby.cooperation.games import Game

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from ytterby.cooperation.coalitions import Coalitions, Solved

    Floats = NDArray[np.float64]

GAP = 0.01
"""Largest gap of a value, over the value of all together."""
ROUGH = 2e-3
"""Gap over the objective to which single parties and all together are solved first, to learn what the whole is worth."""
SHARPER = 8.0
"""By how much these are solved more sharply at a time while the worth of all together is smaller than what is not known."""
STRAIGHT = 0.8
"""Share of the gap asked for that is gone straight to once the worth of all together is larger than what is not known: a solve that
begins again has no basis, so few steps are cheaper than many."""
LEAST = 1.0
"""No value is asked for more sharply [million USD]."""


@dataclass(frozen=True, eq=False)
class Values:
    """Best plans of all coalitions, and the game that they make."""

    coalitions: Coalitions
    solved: Mapping[int, Solved]
    """Best plan of every coalition but nobody's."""

    def alone(self, coalition: int) -> float:
        """Objective of a coalition's members if each plans alone [million USD]."""
        return float(sum(self.solved[1 << i].upper for i in range(len(self.coalitions.parties)) if coalition >> i & 1))

    @cached_property
    def raw(self) -> Floats:
        """Value of each coalition, by its best plan found (coalition,) [million USD]."""
        count = len(self.coalitions.members)
        return np.array([0.0, *(self.alone(each) - self.solved[each].upper for each in range(1, count))])

    @cached_property
    def gaps(self) -> Floats:
        """How far each value may be from the exact one: gaps of the coalition and of its members alone (coalition,) [million USD]."""
        own = np.array([self.solved[1 << i].gap for i in range(len(self.coalitions.parties))])
        joint = np.array([0.0, *(self.solved[each].gap for each in range(1, len(self.coalitions.members)))])
        several = self.coalitions.members.sum(axis=1) > 1
        return np.where(several, joint + self.coalitions.members @ own, 0.0)

    @property
    def gap(self) -> float:
        """Largest gap of a value [million USD]."""
        return float(self.gaps.max())

    @cached_property
    def undecided(self) -> tuple[int, ...]:
        """Coalitions of several whose value is within the gap, and so told as 0."""
        several = self.coalitions.members.sum(axis=1) > 1
        return tuple(int(each) for each in np.flatnonzero(several & (np.abs(self.raw) <= self.gap)))

    @cached_property
    def game(self) -> Game:
        """The game: values within the gap are 0 [million USD]."""
        told = self.raw.copy()
        told[list(self.undecided)] = 0.0
        return Game(tuple(party.code for party in self.coalitions.parties), told)


def values_of(
    coalitions: Coalitions,
    gap: float | None = None,
    *,
    from_smaller: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> Values:
    """Solve all coalitions.

    Parameters
    ----------
    coalitions : Coalitions
    gap : float, optional
        Largest gap of a value [million USD]; by default a hundredth of the value of all together.
    from_smaller : bool
        Whether a coalition begins with the best plans of smaller ones side by side. Then its value is at least theirs together.
    progress : callable, optional
        Called with coalitions done and coalitions in all.
    """
    work = _CoalitionWork(coalitions, from_smaller, progress)
    sharp = max(work.first_gap() if gap is None else gap, LEAST)
    for same_size in by_size(coalitions):
        work.solve(same_size, sharp)
    if from_smaller and len(coalitions.parties) > 2:
        work.solve([len(coalitions.members) - 1], sharp, again=True)
    return Values(coalitions, work.solved)


def by_size(coalitions: Coalitions) -> list[list[int]]:
    """All coalitions but nobody's, by their number of members: those of one size do not wait for each other."""
    size = coalitions.members.sum(axis=1)
    return [np.flatnonzero(size == count).tolist() for count in range(1, len(coalitions.parties) + 1)]


class _CoalitionWork:
    """Coalitions solved so far."""

    def __init__(self, coalitions: Coalitions, from_smaller: bool, progress: Callable[[int, int], None] | None = None) -> None:
        self.coalitions, self.from_smaller, self.progress = coalitions, from_smaller, progress
        self.solved: dict[int, Solved] = {}
        self.n = len(coalitions.parties)

    def solve(self, some: list[int], gap: float, *, again: bool = False) -> None:
        """Solve coalitions such that the value of each, with its members alone, is known to a gap.

        One that is solved already is solved again only if it is not known to that gap or, `again`, if smaller plans side by side have
        become better.
        """
        tasks = [task for each in some if (task := self._task(each, gap, again=again))]
        for task, found in zip(tasks, self.coalitions.solve_all(tasks), strict=True):
            known = self.solved.get(task.coalition)
            self.solved[task.coalition] = found if known is None else _better(known, found)
            if self.progress:
                self.progress(len(self.solved), len(self.coalitions.members) - 1)

    def _task(self, each: int, gap: float, *, again: bool) -> Task | None:
        known = self.solved.get(each)
        start = None if known is None else known.x
        to = gap / 2.0 if each & (each - 1) else gap / (2.0 * self.n)
        if self.from_smaller and each & (each - 1):
            best, parts = self._best_parts(each)
            if known is None or best < known.upper:
                start = self.coalitions.union(each, parts)
            again = again and known is not None and best < known.upper
        if known is None or known.gap > to or again:
            return Task(each, to, 0.0, start, None if known is None else known.cuts)
        return None

    def _best_parts(self, coalition: int) -> tuple[float, dict[int, Floats]]:
        """Two parts of a coalition whose plans are best side by side: their objective, and their decisions by part."""
        found, parts = np.inf, tuple[int, ...]()
        one = (coalition - 1) & coalition
        while one:
            pair = (one, coalition ^ one)
            if all(part in self.solved for part in pair) and (total := sum(self.solved[part].upper for part in pair)) < found:
                found, parts = total, pair
            one = (one - 1) & coalition
        if not np.isfinite(found):
            parts = tuple(1 << i for i in range(self.n) if coalition >> i & 1)
            found = sum(self.solved[part].upper for part in parts)
        return found, {part: self.solved[part].x for part in parts}

    def first_gap(self) -> float:
        """A hundredth of the value of all together, after these and the single parties have been solved sharply enough to tell."""
        ends = [*(1 << i for i in range(self.n)), len(self.coalitions.members) - 1]
        rough = dict.fromkeys(ends)
        for each, found in zip(rough, self.coalitions.solve_all([Task(each, share=ROUGH) for each in rough]), strict=True):
            self.solved[each] = found
        while True:
            worth = sum(self.solved[each].upper for each in ends[:-1]) - self.solved[ends[-1]].upper
            known = sum(self.solved[each].gap for each in ends)
            wanted = max(GAP * worth, LEAST)
            if known <= wanted or self.n == 1 or self.coalitions.terms.whole_units:
                return wanted
            self.solve(ends, max(STRAIGHT * wanted, 0.0 if known < worth else known / SHARPER))


def _better(known: Solved, found: Solved) -> Solved:
    """The better plan of the same coalition, with the better bound."""
    best = found if found.upper <= known.upper else known
    return best._replace(lower=max(known.lower, found.lower), cuts=found.cuts)
