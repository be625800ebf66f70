"""What became of promises: those of the articles that a project has read, and those of dated facts."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from ytterby import evidence
from ytterby.errors import UnknownNameError
from ytterby.facts import groups, load, regions
from ytterby.plan import PromiseCounts, TrackRecord
from ytterby.result_model import ResultModel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ytterby.facts import Facts


class StatusStep(ResultModel):
    """A status that was reported."""

    date: str | None
    """Date of the act, else of the report; YYYY, YYYY-MM or YYYY-MM-DD."""
    status: str
    claim: str
    """Claim or fact that says so."""


class WatchedPromise(ResultModel):
    """A promise and what became of it."""

    id: str
    promise: str
    """Its words in the first report that binds, or the fact's description."""
    who: tuple[str, ...]
    """Countries (ISO alpha-2), groups and firms that promised."""
    kind: str
    """Family of the act: agreement, meeting, investment, ..."""
    due: str | None
    """Day by which it is due; None where nobody says."""
    status_path: tuple[StatusStep, ...]
    """Statuses in the order in which they were reported."""
    outcome: str
    """kept, late, ended, open, or no news: due and not reported."""
    overdue: bool
    """Whether its day has passed without a report; that is no news, not a breach."""
    last_seen: str | None
    """Date of the last report."""
    sources: int
    """Independent sources."""
    documents: tuple[str, ...]
    """Articles, or the source of the fact."""
    fact: str
    """Id of the fact; empty for promises of articles."""


class PriorShare(ResultModel):
    """Chance of an outcome of the next promise of a kind: a Beta distribution from Jeffreys' prior and what became of known ones."""

    count: int
    """Known promises with this outcome."""
    of: int
    """Known promises."""
    mean: float
    """Mean [1]."""
    low: float
    """Lower end of the 90 % interval [1]."""
    high: float
    """Upper end of the 90 % interval [1]."""


class KindShares(ResultModel):
    """What became of the promises of a kind."""

    kind: str
    known: int
    """Promises of which something is known."""
    open: int
    """Promises whose day is still to come."""
    no_news: int
    """Promises whose day has passed without a report."""
    kept: float | None
    """Share of the known ones [1]; None where nothing is known."""
    late: float | None
    """Share of the known ones [1]."""
    ended: float | None
    """Share of the known ones [1]: denied, taken back, cancelled."""
    prior: dict[str, PriorShare]
    """Chances of kept, late and ended: a prior for slips and cancellations."""


class WatchResult(ResultModel):
    """Promises on a day, and the shares of what became of them by kind."""

    on: str
    """Day, YYYY-MM-DD."""
    party: str
    """Country or group that was asked for; empty for all."""
    watch: tuple[WatchedPromise, ...]
    """In the order of the day on which they are due."""
    shares: tuple[KindShares, ...]
    """By kind of promise, as far as something is known of any."""


def watch(project: Path, *, on: dt.date | None = None, party: str = "") -> WatchResult:
    """Promises that a project knows, as they stand on a day.

    Parameters
    ----------
    project : Path
        Project folder; every reading has added to what it knows.
    on : date, optional
        By default today; later articles are left out.
    party : str
        Country (ISO alpha-2) or group; only promises with it are listed.

    Raises
    ------
    UnknownNameError
        If the party is no country of the model and no group.
    """
    if party and party not in regions() and party not in groups():
        raise UnknownNameError("party", party, [*regions(), *groups()], "--party")
    day = on or dt.datetime.now(tz=dt.UTC).date()
    found = promises_on(load(project), project, day)
    listed = [row for row in found if not party or party in _codes(row.who)]
    empty, prior = dict.fromkeys(evidence.OUTCOMES), evidence.promise_prior(listed)
    shares = [
        {"kind": kind, **empty, **row, "prior": {name: share.to_dict() for name, share in prior[kind].items()}}
        for kind, row in evidence.outcome_shares(listed).items()
    ]
    rows = [row.to_dict() | {"who": _codes(row.who)} for row in listed]
    return WatchResult(on=day.isoformat(), party=party, watch=WatchedPromise.from_records(rows), shares=KindShares.from_records(shares))


def track_record(project: Path, on: dt.date | None = None) -> TrackRecord:
    """What became of all promises that a project knows, up to a day (by default today), for the chances of what a plan may choose."""
    day = on or dt.datetime.now(tz=dt.UTC).date()
    prior = evidence.promise_prior(promises_on(load(project), project, day))
    counts = {kind: PromiseCounts(kind=kind, **{name: shares[name].count for name in evidence.OUTCOMES}) for kind, shares in prior.items()}
    return TrackRecord(day.isoformat(), counts)


def promises_on(facts: Facts, project: Path, day: dt.date) -> list[evidence.Promise]:
    """Promises of a project's articles and of dated facts on a day, by the day on which they are due.

    The one list of commitments: watch prints it, calendar shows what of it has a day, the briefing what its articles tell of it.
    """
    from ytterby.store import ProjectStore

    store = ProjectStore(project)
    return evidence.watch(store if store.path.is_file() else None, _facts(facts), day)


def _codes(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names without their prefix: codes of countries and groups, names of firms and persons."""
    return tuple(name.partition(":")[2] or name for name in names)


def _facts(facts: Facts) -> Iterator[evidence.DatedFact]:
    """Facts that hold a promise, as far as this set of figures has them."""
    for name in evidence.watched_facts():
        if name in facts.table.index:
            row = facts.row(name)
            who = tuple(f"group:{code}" if code in groups() else f"country:{code}" for code in str(row["region"]).split("+"))
            made = str(row.get("date_start") or "")[:10]
            yield evidence.DatedFact(name, who, str(row["scope"]), made, str(row["source"]))
