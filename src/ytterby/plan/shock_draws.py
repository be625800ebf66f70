"""Drawn histories of restrictions, price wars and relaxations, by year.

How often comes from the posterior of the hazard of restrictions, draw by draw, with its waves; of what family from the record's mix
with prior counts; how deep and how long from :mod:`ytterby.plan.shock_table`. Every uncertain number has a random stream of its own,
named by its key. Drawn one by one (``streams``), path ``i`` of a seed is the same however many there are; in a Latin hypercube
(``lhs``) each number covers its range evenly, which keeps the count of rare stops near its expectation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.errors import InputError
from ytterby.plan.loss_design import YEAR
from ytterby.plan.shock_groups import DOMINANT, PARTIES
from ytterby.plan.shock_table import family_of_kind, family_row, restriction_families, standing_orders
from ytterby.scenario import uniforms
from ytterby.validation.hazard import cached_posterior

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from ytterby.facts import Facts
    from ytterby.scenario import Method
    from ytterby.validation.hazard import HazardPosterior

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

MATERIAL = "rare_earths"
TARGET_PRIOR = 0.5
"""Prior count of each party among the targets of restrictions against one party (assumed)."""


class Restrictions(NamedTuple):
    """Drawn restrictions, one a row."""

    path: Ints
    start: Ints
    """Year in which it begins, from the plan's first year; negative for what is in force before."""
    family: NDArray[np.str_]
    scope: NDArray[np.str_]
    """Of the designed runs."""
    depth: Floats
    """Share stopped; of a licence, share of applications refused [1]."""
    weeks: Floats
    """Duration from the start of its first year [weeks]."""

    def joined(self, other: Restrictions) -> Restrictions:
        """These restrictions and then those."""
        return Restrictions(*(np.concatenate(pair) for pair in zip(self, other, strict=True)))

    def where(self, chosen: NDArray[np.bool_]) -> Restrictions:
        """Those of the rows that are chosen (row,)."""
        path, start, family, scope, depth, weeks = self
        return Restrictions(path[chosen], start[chosen], family[chosen], scope[chosen], depth[chosen], weeks[chosen])

    def ended(self, relaxed: Ints) -> Restrictions:
        """Ended by the last relaxation of each path up to now; ``relaxed`` is its year (path,), -1 if none."""
        at = relaxed[self.path]
        ends = np.where(at > self.start, (at - self.start) * float(YEAR), np.inf)
        return self._replace(weeks=np.minimum(self.weeks, ends))


class Histories(NamedTuple):
    """Drawn histories."""

    restrictions: Restrictions
    price: Floats
    """(path, year) price of the dominant supplier over the usual one [1]."""
    relaxed: NDArray[np.bool_]
    """(path,) whether a relaxation takes place."""

    def new_a_year(self) -> dict[str, float]:
        """Restrictions that begin in a year of the paths, by family; of those aimed at one party by party too [1/year]."""
        rows, count = self.restrictions, float(self.price.size)
        new = rows.where(rows.start >= 0)
        found = {name: float((new.family == name).sum()) / count for name in restriction_families() if name != "price_only"}
        return found | {f"aimed at {party}": float(((new.family == "aimed") & (new.scope == party)).sum()) / count for party in PARTIES}

    def of_paths(self, numbers: Ints) -> Histories:
        """Histories of some paths, numbered anew."""
        place = np.full(len(self.price), -1)
        place[numbers] = np.arange(len(numbers))
        rows = self.restrictions.where(place[self.restrictions.path] >= 0)
        return Histories(rows._replace(path=place[rows.path]), self.price[numbers], self.relaxed[numbers])


@dataclass(frozen=True, eq=False)
class HistoryDraws:
    """Random numbers of paths, and the histories made of them.

    Parameters
    ----------
    facts : Facts
        With the record of restrictions.
    seed, paths : int
    years : tuple of int
        The plan's years.
    as_of : date, optional
        Last day of the record and of the orders that count; the newest observation by default.
    stream : str
        Prefix of the keys: other streams give other paths of the same seed.
    """

    facts: Facts
    seed: int
    paths: int
    years: tuple[int, ...]
    as_of: dt.date | None = None
    stream: str = "plan"
    method: Method = "lhs"
    rate_factor: float = 1.0
    """Factor on the rate of new restrictions."""
    _known: dict[str, Floats] = field(default_factory=dict)

    def u(self, key: str) -> Floats:
        """Uniform numbers of a key (path,)."""
        if key not in self._known:
            self._known[key] = uniforms((f"{self.stream}.{key}",), self.paths, self.seed, self.method)[:, 0]
        return self._known[key]

    def _value(self, family: str, parameter: str, when: int | str = "path") -> Floats:
        """Drawn value of a parameter (path,)."""
        return family_row(family, parameter).at(self.u(f"{family}.{parameter}.{when}"))

    @cached_property
    def posterior(self) -> HazardPosterior:
        """Posterior of the hazard from the record until :attr:`as_of`."""
        return cached_posterior(self.facts, self.as_of)

    @cached_property
    def _draw(self) -> Ints:
        """Draw of the posterior of each path (path,)."""
        return np.floor(self.u("posterior") * len(self.posterior.k)).astype(np.int64)

    def chance(self, year: int, quiet: NDArray[np.bool_]) -> Floats:
        """Probability of a new restriction in a year (path,), in the wave of that year; lower in quiet years."""
        drawn = self.posterior
        rate = self.rate_factor * drawn.rates[self._draw, drawn.record.cells.index((DOMINANT, MATERIAL))]
        k = drawn.k[self._draw]
        wave = gamma_quantile(self.u(f"wave.{year}"), k) / k
        return np.asarray(1.0 - np.exp(-rate * wave * np.where(quiet, self._value("relaxation", "factor"), 1.0)))

    @cached_property
    def mix(self) -> Floats:
        """Share of each family among new restrictions (path, family): Dirichlet around record and prior counts."""
        seen = [item for item in self.posterior.record.seen if item.supplier == DOMINANT and MATERIAL in item.families]
        counts = [sum(family_of_kind()[item.kind] == family for item in seen) for family in restriction_families()]
        return self._dirichlet("mix", [self._value(name, "prior") + n for name, n in zip(restriction_families(), counts, strict=True)])

    @cached_property
    def targets(self) -> Floats:
        """Share of each party among the targets of restrictions against one party (path, party)."""
        aimed = [item.target for item in self.posterior.record.seen if item.supplier == DOMINANT]
        return self._dirichlet("target", [np.full(self.paths, TARGET_PRIOR + aimed.count(party)) for party in PARTIES])

    def _dirichlet(self, key: str, counts: list[Floats]) -> Floats:
        parts = [gamma_quantile(self.u(f"{key}.{i}"), count) for i, count in enumerate(counts)]
        found = np.maximum(np.column_stack(parts), 1e-300)
        return np.asarray(found / found.sum(axis=1, keepdims=True))

    def histories(self) -> Histories:
        """All years, drawn one after the other."""
        return self._histories

    @cached_property
    def _histories(self) -> Histories:
        quiet_until = np.full(self.paths, -1)
        relaxed_at = np.full(self.paths, -1)
        found = self._standing()
        for place, year in enumerate(self.years):
            relaxes = self.u(f"relaxation.{year}") < self._value("relaxation", "rate")
            relaxed_at = np.where(relaxes, place, relaxed_at)
            quiet_until = np.where(relaxes, place + np.round(self._value("relaxation", "years", year)), quiet_until).astype(int)
            chance, u = self.chance(year, place < quiet_until), self.u(f"event.{year}")
            family = _pick(self.mix, np.where(u < chance, u / np.maximum(chance, 1e-300), 0.0))
            found = found.ended(relaxed_at).joined(self._new(place, year, np.where(u < chance, family, -1)))
        found = found.joined(self._following(found))
        return Histories(found.ended(relaxed_at), self._prices(), relaxed_at >= 0)

    def _standing(self) -> Restrictions:
        """Orders that are in force when the plan begins and were known on the day."""
        known = {item.fact: item.day for item in self.posterior.record.seen}
        found = _none()
        for order in standing_orders():
            if order.fact not in known:
                continue
            before = min(known[order.fact].year - self.years[0], 0)
            every = np.arange(self.paths)
            weeks = self._value(order.family, "weeks", order.fact) - before * float(YEAR)
            depth = self._value(order.family, "depth", order.fact)
            found = found.joined(_rows(every, before, order.family, np.full(self.paths, order.scope), depth, weeks))
        return found

    def _new(self, place: int, year: int, family: Ints) -> Restrictions:
        """New restrictions of a year, of the families (path,), -1 for none; those that stop no shipment leave no row."""
        found = _none()
        for i, name in enumerate(restriction_families()):
            own = np.flatnonzero(family == i)
            if name == "price_only" or not len(own):
                continue
            depth, weeks = (self._value(name, parameter, year)[own] for parameter in ("depth", "weeks"))
            found = found.joined(_rows(own, place, name, self._scope(name, year)[own], depth, weeks))
        return found

    def _scope(self, family: str, year: int) -> NDArray[np.str_]:
        """Scope of a new restriction of a family (path,)."""
        if family == "aimed":
            return np.array(PARTIES)[_pick(self.targets, self.u(f"target.{year}"))]
        if family == "licence":
            return np.where(self.u(f"scope.{year}") < self._value("licence", "all_goods"), "licence-all", "licence-heavy")
        if family == "stop":
            return np.where(self.u(f"scope.{year}") < self._value("stop", "components"), "components", "all")
        return np.full(self.paths, {"quota": "raw", "heavy": "heavy"}[family])

    def _following(self, found: Restrictions) -> Restrictions:
        """Licences that follow a stop, from the year after it ends."""
        result = _none()
        for family, scope in (("stop", "licence-all"), ("heavy", "licence-heavy")):
            at = np.flatnonzero(found.family == family)
            paths, start = found.path[at], found.start[at] + np.ceil(found.weeks[at] / YEAR).astype(np.int64)
            follows = self.u(f"{family}.follows")[paths] < self._value(family, "follow")[paths]
            depth, weeks = (self._value("licence", name, f"after-{family}")[paths] for name in ("depth", "weeks"))
            rows = Restrictions(paths, start, np.full(len(at), "licence"), np.full(len(at), scope), depth, weeks)
            result = result.joined(rows.where(follows))
        return result

    def _prices(self) -> Floats:
        """Price of the dominant supplier over the usual one (path, year); one price war at a time."""
        price, left = np.ones((self.paths, len(self.years))), np.zeros(self.paths)
        factor = np.ones(self.paths)
        for place, year in enumerate(self.years):
            begins = (left <= 0) & (self.u(f"price_war.{year}") < self._value("price_war", "rate"))
            left = np.where(begins, np.round(self._value("price_war", "years", year)), left)
            factor = np.where(begins, self._value("price_war", "factor", year), factor)
            price[:, place] = np.where(left > 0, factor, 1.0)
            left = left - 1
        return price


def gamma_quantile(u: Floats, shape: Floats) -> Floats:
    """Quantiles (n,) of gamma variables of some shapes and scale one."""
    from scipy.special import gammaincinv  # the same bits as of scipy.stats, which takes a second to load

    return np.asarray(gammaincinv(shape, np.clip(u, 1e-12, 1.0 - 1e-12)))


def _none() -> Restrictions:
    whole = np.zeros(0, dtype=np.int64)
    return Restrictions(whole, whole, np.zeros(0, dtype="U16"), np.zeros(0, dtype="U16"), np.zeros(0), np.zeros(0))


def _rows(paths: Ints, start: int, family: str, scope: NDArray[np.str_], depth: Floats, weeks: Floats) -> Restrictions:
    return Restrictions(paths, np.full(len(paths), start), np.full(len(paths), family), scope, depth, weeks)


def _pick(shares: Floats, u: Floats) -> Ints:
    """Place (path,) in which a uniform number falls among cumulated shares (path, place)."""
    below = (np.cumsum(shares, axis=1) <= u[:, None]).sum(axis=1)
    return np.asarray(np.minimum(below, shares.shape[1] - 1), dtype=np.int64)


def check_years(years: tuple[int, ...]) -> None:
    """Refuse years that do not follow one another.

    Raises
    ------
    InputError
        If there is none, or one is missing.
    """
    if not years or list(years) != list(range(years[0], years[0] + len(years))):
        raise InputError(f"years: found {list(years)}; they must follow one another")
