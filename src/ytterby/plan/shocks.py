"""Paths of shocks for a plan: how likely, how deep, on what and against whom, year by year, with weights.

2,000 paths are drawn, put in order by losses read from restrictions that stand alone, and reduced to a few weighted ones with losses of the
programme itself (:mod:`ytterby.plan.unplanned_losses`, :mod:`ytterby.plan.shock_reduction`). Method and sources are in
``docs/explanation/plan-losses.md``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.errors import InputError
from ytterby.plan.kept_shocks import kept
from ytterby.plan.loss_grid import filled_by_year
from ytterby.plan.loss_runs import designed_runs
from ytterby.plan.reference_path import share_ahead
from ytterby.plan.shock_draws import HistoryDraws, check_years
from ytterby.plan.shock_groups import DESTINATIONS, GROUPS, OTHER, PARTIES
from ytterby.plan.shock_reduction import balanced, reduced, tail_of
from ytterby.plan.shock_response import Response
from ytterby.plan.unplanned_losses import MATERIALS, unplanned

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from ytterby.execution import Checkpoint
    from ytterby.facts import Facts
    from ytterby.plan.shock_draws import Histories
    from ytterby.plan.unplanned_losses import Unplanned
    from ytterby.system import System

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

YEARS = tuple(range(2026, 2041))
DRAWN, KEEP = 2000, 20
OVERSAMPLED = 16
"""Histories looked at for each path that is drawn."""
PROBED = 8
"""Paths put to the programme for each one that is kept."""
DISCOUNT = 0.05
"""Yearly discount rate of the losses by which paths are weighed: the social rate of a plan [1/year]."""
SMALLEST = 1e-300
"""Losses below this are none [USD]."""


@dataclass(frozen=True, eq=False)
class _Source:
    """What paths are drawn from."""

    facts: Facts
    system: System
    parties: tuple[str, ...]
    years: tuple[int, ...]
    as_of: dt.date | None
    checkpoint: Checkpoint[bytes] | None = None
    """Keeps what is drawn."""
    length_factor: float = 1.0
    """Factor on the length of restrictions."""
    as_one: bool = False
    """Whether the parties are allies when paths are weighed by their losses."""

    def histories(self, draws: HistoryDraws) -> Histories:
        """Histories of some draws, with restrictions as long as asked for."""
        found = draws.histories()
        rows = found.restrictions
        return found._replace(restrictions=rows._replace(weeks=rows.weeks * self.length_factor))

    @cached_property
    def response(self) -> Response:
        """Designed runs."""
        return Response(designed_runs(self.system))

    @property
    def unplanned(self) -> Unplanned:
        """The parties without a plan."""
        return unplanned(self.system, self.facts, self.parties, as_one=self.as_one, known=self.as_of)

    def read(self, histories: Histories) -> Floats:
        """Present value of the losses without a plan as read from restrictions that stand alone (path, party) [USD]."""
        missing = np.maximum(self._own_cuts(histories)[:, :, [GROUPS.index(name) for name in MATERIALS]].max(axis=2), 0.0)
        yearly = self.unplanned.grid.losses(histories.restrictions, filled_by_year(missing, self.unplanned.stocks))
        return np.asarray(np.einsum("syp,y->sp", yearly, self.weights))

    def exact(self, histories: Histories) -> Floats:
        """Present value of the programme's losses without a plan (path, party) [USD]."""
        cut, later = self.response.cuts(histories.restrictions, len(histories.price), len(self.years))
        return np.asarray(np.einsum("syp,y->sp", self.unplanned.losses(cut, later, histories.price, self.years), self.weights))

    @property
    def weights(self) -> Floats:
        """Present value of a dollar lost a year in what is ahead of each year (year,)."""
        factors = (1.0 + DISCOUNT) ** -np.arange(len(self.years))
        factors[0] = share_ahead(self.as_of or self.facts.as_of, self.years[0])
        return np.asarray(factors)

    def reduced(self, draws: HistoryDraws, keep: int) -> dict[str, Any]:
        """Kept paths with their weights: those drawn are thinned by the losses as read, and what is left by those of the programme."""
        drawn = self.histories(draws)
        read, wars = self.read(drawn), _wars(drawn)
        order = np.lexsort((np.arange(draws.paths), wars[:, 0], read.sum(axis=1)))
        some = np.sort(order[OVERSAMPLED // 2 :: OVERSAMPLED])
        probed, probabilities = reduced(read[some], wars[some], PROBED * keep, self.missing(drawn.of_paths(some)))
        left = drawn.of_paths(some[probed])
        exact = self.exact(left)
        kept, weights = reduced(exact, _wars(left), keep, self.missing(left), probabilities)
        level = _level(exact, read[some[probed]], probabilities)
        names, counts = np.unique(_families(drawn), return_counts=True)
        begun = drawn.new_a_year()
        own = {
            "loss": exact[kept], "level": level, "drawn_family": names, "drawn_share": counts / counts.sum(),
            "new_family": np.array(list(begun)), "new_rate": np.array(list(begun.values())),
        }  # fmt: skip
        return self.arrays(left.of_paths(kept), weights) | own

    def balanced(self, draws: HistoryDraws, n: int, level: Floats) -> dict[str, Any]:
        """As many paths of equal weight, each for as many that are drawn and next to each other in loss, as read.

        A handful of the worst has most of the loss, and what is read of a single one is a third too high or too low: the worst tenth
        is put to the programme.
        """
        drawn, weights = self.histories(draws), np.full(n, 1.0 / n)
        read = self.read(drawn)
        chosen = balanced(read, _wars(drawn), n, self.missing(drawn))
        left, loss = drawn.of_paths(chosen), read[chosen] * level
        worst = tail_of(loss.sum(axis=1), weights)
        loss[worst] = self.exact(left.of_paths(worst))
        return self.arrays(left, weights) | {"loss": loss, "level": level}

    def missing(self, histories: Histories) -> Floats:
        """What the parties miss of each group of goods over the years (path, group and party) [years]."""
        return np.asarray(self._own_cuts(histories).sum(axis=1).reshape(len(histories.price), -1))

    def _own_cuts(self, histories: Histories) -> Floats:
        """Cuts for the parties (path, year, group, party)."""
        columns = [column_of(party) for party in self.parties]
        return self.response.cuts(histories.restrictions, len(histories.price), len(self.years), columns)[0]

    def arrays(self, histories: Histories, weights: Floats) -> dict[str, Any]:
        """Histories as fields of :class:`ShockPaths`, but for their losses."""
        cut, later = self.response.cuts(histories.restrictions, len(weights), len(self.years))
        return {"weights": weights, "family": np.array(_families(histories)), "cut": cut, "later": later, "price": histories.price}

    def paths(self, asked: tuple[object, ...], draw: Callable[[], dict[str, Any]]) -> ShockPaths:
        """Paths that are drawn, or were drawn before for the same of these inputs."""
        own = {each.name: getattr(self, each.name) for each in fields(self)}
        own |= {"facts": self.facts.digest, "system": self.system.digest, "checkpoint": None}
        found = kept(self.checkpoint, (own, *asked), draw)
        family = tuple(str(name) for name in found.pop("family"))
        drawn, begun = (
            dict(zip(map(str, found.pop(f"{names}_family", ())), map(float, found.pop(f"{names}_{amounts}", ())), strict=True))
            for names, amounts in (("drawn", "share"), ("new", "rate"))
        )
        return ShockPaths(**found, family=family, years=self.years, parties=self.parties, source=self, drawn=drawn, new_a_year=begun)


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
    more, at most 1; negative only for components and magnets, more of which come instead of others."""
    later: NDArray[np.bool_]
    """(path, year, destination) whether the shortage began in an earlier year, so that the stocks along the chain are used up."""
    price: Floats
    """(path, year) price of the dominant supplier over the usual one; below 1 in a price war."""
    loss: Floats
    """(path, party) present value of the losses without a plan [USD]: of kept paths those of the programme, by which they were weighed; of
    fresh ones those of the programme in the worst tenth, and the others as read from restrictions that stand alone, at its level."""
    parties: tuple[str, ...] = ()
    """Parties of the losses."""
    level: Floats | None = None
    """(party,) losses of the programme over those read, in the mean of the paths that were put to it but for the worst tenth [1]; None for
    paths of a file."""
    source: _Source | None = None
    """What the paths were drawn from; None for paths of a file."""
    drawn: dict[str, float] = field(default_factory=dict)
    """Share of each family in all drawn paths [1]: the kept ones keep losses, and the mix of so few is chance."""

    new_a_year: dict[str, float] = field(default_factory=dict)
    """Restrictions that begin in a year of all drawn paths, by family, and ``aimed at PARTY`` [1/year]; empty for paths of a file."""

    groups = GROUPS
    destinations = DESTINATIONS

    @property
    def mix(self) -> dict[str, float]:
        """Probability of paths by family, the likeliest first: of all that were drawn, or by weight where none were."""
        total = dict(self.drawn)
        if not total:
            for name, weight in zip(self.family, self.weights, strict=True):
                total[name] = total.get(name, 0.0) + float(weight)
        return dict(sorted(total.items(), key=lambda pair: -pair[1]))

    def deeper(self, factor: float) -> ShockPaths:
        """Paths whose restrictions are deeper by a factor, at most a whole stop."""
        return replace(self, cut=np.minimum(self.cut * factor, 1.0))

    def batches(self, size: int) -> Iterator[ShockPaths]:
        """The same paths, some at a time, with weights that add up to 1 in each batch."""
        for first in range(0, len(self.weights), size):
            own = slice(first, first + size)
            yield replace(
                self, weights=self.weights[own] / self.weights[own].sum(), family=self.family[own], cut=self.cut[own],
                later=self.later[own], price=self.price[own], loss=self.loss[own],
            )  # fmt: skip

    def cut_for(self, party: str) -> Floats:
        """Cuts (path, year, group) for one party; parties without designed runs of their own are hit like all others."""
        return self.cut[..., column_of(party)]

    def later_for(self, party: str) -> NDArray[np.bool_]:
        """(path, year) whether the party's shortage began in an earlier year."""
        return self.later[..., column_of(party)]


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
    length_factor: float = 1.0,
    as_one: bool = False,
    checkpoint: Checkpoint[bytes] | None = None,
) -> ShockPaths:
    """Draw paths and reduce them to ``keep`` weighted ones with the mean and the tail of the loss of the parties.

    The ``drawn`` paths are every :data:`OVERSAMPLED`-th of as many times more, in the order of their loss, so that two seeds differ less.

    Parameters
    ----------
    facts : Facts
        With the record of restrictions.
    system : System
        The base, for the losses without a plan.
    parties : tuple of str
        Who plans.
    seed, drawn, keep : int
        Seed, paths drawn, and paths kept.
    years : tuple of int
        The plan's years.
    as_of : date, optional
        Only restrictions known on that day count; all that are on record by default.
    rate_factor, length_factor : float
        Factors on the rate of new restrictions and on the length of all.
    as_one : bool
        Whether the loss is that of the parties as one alliance, in which they help each other; of each by itself by default.
    checkpoint : Checkpoint, optional
        Keeps these paths, and fresh ones drawn later.

    Raises
    ------
    InputError
        If the years do not follow one another, or ``keep`` is too small.
    """
    check_years(years)
    source = _Source(facts, system, parties, years, as_of, checkpoint, length_factor, as_one)

    def draw() -> dict[str, Any]:
        draws = HistoryDraws(facts, seed, drawn * OVERSAMPLED, years, as_of, rate_factor=rate_factor)
        return source.reduced(draws, keep)

    return source.paths(("reduced", seed, drawn, keep, rate_factor), draw)


def fresh(paths: ShockPaths, n: int, seed: int) -> ShockPaths:
    """``n`` paths of equal weight, independent of the given ones: to check a plan out of sample.

    Each stands for :data:`OVERSAMPLED` that were drawn and are next to each other in loss, so that a rare loss is there as often as it is
    likely: the mean loss of as many paths drawn at random differs by a half from set to set.

    Raises
    ------
    InputError
        If the paths were read from a file and not drawn.
    """
    if paths.source is None:
        raise InputError("these paths were not drawn, so there are no fresh ones; draw paths with a seed")
    source, level = paths.source, paths.level
    assert level is not None

    def draw() -> dict[str, Any]:
        draws = HistoryDraws(source.facts, seed, n * OVERSAMPLED, paths.years, source.as_of, stream="plan.fresh")
        return source.balanced(draws, n, level)

    return source.paths(("fresh", seed, n, level.tolist()), draw)


def no_shocks(years: tuple[int, ...] = YEARS) -> ShockPaths:
    """A single path without any shock."""
    size = (1, len(years), len(DESTINATIONS))
    cut = np.zeros((1, len(years), len(GROUPS), len(DESTINATIONS)))
    return ShockPaths(np.ones(1), years, ("none",), cut, np.zeros(size, dtype=bool), np.ones((1, len(years))), np.zeros((1, 0)))


def column_of(party: str) -> int:
    """Place of a party among the destinations; those without designed runs of their own are hit like all others."""
    return DESTINATIONS.index(party if party in PARTIES else OTHER)


def _level(exact: Floats, read: Floats, weights: Floats) -> Floats:
    """Losses of the programme over those read (party,), of all but the worst tenth of paths, which fresh ones do not take from it."""
    rest = np.setdiff1d(np.arange(len(read)), tail_of(read.sum(axis=1), weights))
    return np.asarray(weights[rest] @ exact[rest] / np.maximum(weights[rest] @ read[rest], SMALLEST))


def _wars(histories: Histories) -> Floats:
    """Years of price war of each path (path, 1)."""
    return np.asarray((histories.price < 1.0).sum(axis=1, keepdims=True), dtype=np.float64)


def _families(histories: Histories) -> tuple[str, ...]:
    """Family of each path: of its severest restriction (depth times years), a ban before a licence."""
    rows = histories.restrictions
    years = histories.price.shape[1]
    length = np.clip(rows.weeks / 52.0 + np.minimum(rows.start, 0), 0.0, np.maximum(years - rows.start, 0))
    severity = rows.depth * length * np.where(rows.family == "licence", 0.01, 1.0)
    order = np.argsort(severity, kind="stable")
    order = order[length[order] > 0.0]
    found = np.where(histories.relaxed, "relaxation", "none").astype("U16")
    found = np.where((histories.price < 1.0).any(axis=1), "price_war", found)
    found[rows.path[order]] = rows.family[order]
    return tuple(str(name) for name in found)
