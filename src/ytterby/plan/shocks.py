"""Paths of shocks for a plan: how likely, how deep, on what and against whom, year by year, with weights.

2,000 paths are drawn and reduced to a few weighted ones (:mod:`ytterby.plan.shock_reduction`). Method and sources are in
``docs/explanation/plan-losses.md``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ytterby.plan.loss_runs import designed_runs
from ytterby.plan.shock_draws import HistoryDraws, check_years
from ytterby.plan.shock_groups import DESTINATIONS, GROUPS
from ytterby.plan.shock_losses import CrudeLosses, column_of
from ytterby.plan.shock_reduction import reduced
from ytterby.plan.shock_response import Response

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from ytterby.facts import Facts
    from ytterby.plan.shock_draws import Histories
    from ytterby.system import System

    Floats = NDArray[np.float64]

YEARS = tuple(range(2026, 2041))
DRAWN, KEEP = 2000, 20


@dataclass(frozen=True, eq=False)
class ShockPaths:
    """Weighted paths of shocks by year."""

    weights: Floats
    """(path,) probabilities; they add up to 1."""
    years: tuple[int, ...]
    family: tuple[str, ...]
    """(path,) what costs the path most: a family of restrictions, else ``price_war``, ``relaxation`` or ``none``."""
    cut: Floats
    """(path, year, group, destination) share of the dominant supplier's base exports that does not arrive, net of what others send
    more, at most 1; negative where more arrives than in the base (components that come instead of magnets)."""
    later: NDArray[np.bool_]
    """(path, year, destination) whether the shortage began in an earlier year, so that the stocks along the chain are used up."""
    price: Floats
    """(path, year) price of the dominant supplier over the usual one; below 1 in a price war."""
    crude: Floats
    """(path, party) present value of the crude losses by which the paths were weighed [USD]."""
    parties: tuple[str, ...] = ()
    """Parties of the crude losses."""
    facts: Facts | None = None
    system: System | None = None
    as_of: dt.date | None = None
    seed: int = 0

    groups = GROUPS
    destinations = DESTINATIONS

    def cut_for(self, party: str) -> Floats:
        """Cuts (path, year, group) for one party; parties without designed runs of their own are hit like all others."""
        return self.cut[..., column_of(party)]

    def later_for(self, party: str) -> NDArray[np.bool_]:
        """(path, year) whether the party's shortage began in an earlier year."""
        return self.later[..., column_of(party)]

    def deeper(self, factor: float) -> ShockPaths:
        """Paths whose restrictions are deeper by a factor, at most a whole stop."""
        return replace(self, cut=np.minimum(self.cut * factor, 1.0))

    def take(self, numbers: NDArray[np.int64], weights: Floats) -> ShockPaths:
        """Some of the paths with other weights."""
        return replace(
            self,
            weights=weights,
            family=tuple(self.family[i] for i in numbers),
            cut=self.cut[numbers],
            later=self.later[numbers],
            price=self.price[numbers],
            crude=self.crude[numbers],
        )


def shock_paths(  # noqa: PLR0913
    facts: Facts,
    system: System,
    parties: tuple[str, ...],
    *,
    seed: int,
    drawn: int = DRAWN,
    keep: int = KEEP,
    years: tuple[int, ...] = YEARS,
    as_of: dt.date | None = None,
    rate_factor: float = 1.0,
) -> ShockPaths:
    """Draw paths and reduce them to ``keep`` weighted ones with the mean and the tail of the loss of the parties.

    Parameters
    ----------
    facts : Facts
        With the record of restrictions.
    system : System
        The base, for the crude losses.
    parties : tuple of str
        Who plans.
    seed, drawn, keep : int
        Seed, paths drawn, and paths kept.
    years : tuple of int
        The plan's years.
    as_of : date, optional
        Only restrictions known on that day count; all that are on record by default.
    rate_factor : float
        Factor on the rate of new restrictions.

    Raises
    ------
    InputError
        If the years do not follow one another, or ``keep`` is too small.
    """
    every = _drawn(HistoryDraws(facts, seed, drawn, years, as_of, rate_factor=rate_factor), system, parties)
    wars = (every.price < 1.0).sum(axis=1, keepdims=True).astype(float)
    return every.take(*reduced(every.crude, wars, keep))


def fresh(paths: ShockPaths, n: int, seed: int) -> ShockPaths:
    """``n`` paths, not reduced and of equal weight, independent of the given ones: to check a plan out of sample.

    Raises
    ------
    ValueError
        If the paths were read from a file and not drawn.
    """
    if paths.facts is None or paths.system is None:
        raise ValueError("paths that were not drawn have no fresh ones")
    draws = HistoryDraws(paths.facts, seed, n, paths.years, paths.as_of, stream="plan.fresh")
    return _drawn(draws, paths.system, paths.parties)


def no_shocks(years: tuple[int, ...] = YEARS) -> ShockPaths:
    """A single path without any shock."""
    size = (1, len(years), len(DESTINATIONS))
    cut = np.zeros((1, len(years), len(GROUPS), len(DESTINATIONS)))
    return ShockPaths(np.ones(1), years, ("none",), cut, np.zeros(size, dtype=bool), np.ones((1, len(years))), np.zeros((1, 0)))


def _drawn(draws: HistoryDraws, system: System, parties: tuple[str, ...]) -> ShockPaths:
    check_years(draws.years)
    histories, response = draws.histories(), Response(designed_runs(system))
    cut, later = response.cuts(histories.restrictions, draws.paths, len(draws.years))
    return ShockPaths(
        weights=np.full(draws.paths, 1.0 / draws.paths),
        years=draws.years,
        family=_families(histories, cut),
        cut=cut,
        later=later,
        price=histories.price,
        crude=CrudeLosses(system, parties).present_values(cut, later),
        parties=parties,
        facts=draws.facts,
        system=system,
        as_of=draws.as_of,
        seed=draws.seed,
    )


def _families(histories: Histories, cut: Floats) -> tuple[str, ...]:
    """Family of each path: of its severest restriction (depth times years), a ban before a licence."""
    rows = histories.restrictions
    years = cut.shape[1]
    length = np.clip(rows.weeks / 52.0 + np.minimum(rows.start, 0), 0.0, np.maximum(years - rows.start, 0))
    severity = rows.depth * length * np.where(rows.family == "licence", 0.01, 1.0)
    order = np.argsort(severity, kind="stable")
    order = order[length[order] > 0.0]
    found = np.where(histories.relaxed, "relaxation", "none").astype("U16")
    found = np.where((histories.price < 1.0).any(axis=1), "price_war", found)
    found[rows.path[order]] = rows.family[order]
    return tuple(str(name) for name in found)
