"""Restrictions of other minerals as dated policy inputs: depth by calendar year, derived from the facts alone."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ytterby.errors import DataGapError
from ytterby.facts import periods
from ytterby.validation.tables import table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.facts import Facts

    Floats = NDArray[np.float64]

BASE_YEARS = 3
LONGEST = 8
"""Number of years assessed after the restriction."""
LAST_FITTED_YEAR = 2022
"""No outcome of a later year enters the fit."""
OPEN_END = dt.date(2100, 1, 1)


@dataclass(frozen=True)
class RestrictedEpisode:
    """A restriction of one supplier on one mineral.

    Parameters
    ----------
    id, what, supplier : str
        Name, description and restricting country.
    headings : tuple of str
        HS headings of the good.
    facts : tuple of str
        Ids of the facts that date its rules.
    start : date
        First day on which a rule was in force.
    last : int
        Last year assessed.
    fitted : bool
        Whether its outcome may be fitted.
    """

    id: str
    what: str
    supplier: str
    headings: tuple[str, ...]
    facts: tuple[str, ...]
    start: dt.date
    last: int
    fitted: bool

    @property
    def base(self) -> tuple[int, int]:
        """First and last of the three years before the restriction."""
        return self.start.year - BASE_YEARS, self.start.year - 1

    @property
    def years(self) -> range:
        """Years simulated, beginning with the year of the start."""
        return range(self.start.year, self.last + 1)

    @property
    def first(self) -> int:
        """First year scored: the year of the start, or the next if the rule began in the second half."""
        return self.start.year + (self.start.month >= 7)


@dataclass(frozen=True, eq=False)
class AnnualRestrictions:
    """Depth by year (years,): share of the year under a ban and under a licence, mean duty rate, quota [t] (inf = none)."""

    ban: Floats
    licence: Floats
    duty: Floats
    quota: Floats


def episodes(facts: Facts) -> tuple[RestrictedEpisode, ...]:
    """All episodes, by date."""
    found = []
    for row in table("minerals"):
        rows = tuple(row["facts"].split())
        start = min(_days(facts, id_)[0] for id_ in rows)
        last = min(int(row["last"]), start.year + LONGEST)
        headings = tuple(row["headings"].split())
        found.append(RestrictedEpisode(row["id"], row["what"], row["supplier"], headings, rows, start, last, row["mark"] == "fit"))
    return tuple(sorted(found, key=lambda item: (item.start, item.id)))


def policy(facts: Facts, episode: RestrictedEpisode) -> AnnualRestrictions:
    """Annual depth of an episode's restrictions.

    Raises
    ------
    DataGapError
        If the depth of a rule cannot be derived from its row.
    """
    count = len(episode.years)
    ban, licence, duty, quota = np.zeros(count), np.zeros(count), np.zeros(count), np.full(count, np.inf)
    for id_ in episode.facts:
        row, share = facts.row(id_), _shares(facts, id_, episode.years)
        kind = _instrument(facts, id_)
        if str(row["quantity"]) == "export_quota":
            quota = np.where(share > 0.5, facts.value(id_), quota)
        elif kind in ("ban", "embargo"):
            ban += share
        elif kind == "licence":
            licence += share
        elif kind in ("duty", "tax"):
            duty += share * facts.value(id_) / 100.0
        else:
            raise DataGapError(f"history: {id_} is not a restriction of known depth")
    return AnnualRestrictions(ban, licence, duty, quota)


def _instrument(facts: Facts, id_: str) -> str:
    """Instrument of a row: its own, or the kind under which the record of restrictions lists it."""
    own = facts.extras["restrictions"]
    if id_ in own.index:
        return str(own.loc[id_, "instrument"])
    return next((row["kind"] for row in table("restrictions") if row["fact"] == id_), "")


def _days(facts: Facts, id_: str) -> tuple[dt.date, dt.date]:
    """First and last day of a rule; a rule without a last day stays in force, one postponed before it began counts for one day."""
    text = str(facts.row(id_)["period"])
    first, last = periods.start(text), periods.end(text)
    if first is None or last is None:
        raise DataGapError(f"history: {id_} has a period that cannot be read ('{text}')")
    in_force = "/" not in text and _instrument(facts, id_) != "" and "not enforced" not in str(facts.row(id_)["note"])
    return first, OPEN_END if in_force else last


def _shares(facts: Facts, id_: str, years: range) -> Floats:
    """Share of each year in which a rule is in force."""
    first, last = _days(facts, id_)
    shares = []
    for year in years:
        begin, end = max(first, dt.date(year, 1, 1)), min(last, dt.date(year, 12, 31))
        shares.append(max((end - begin).days + 1, 0) / (366 if calendar.isleap(year) else 365))
    return np.array(shares)
