"""Use case: the register of export controls and duties, as it stands on a day."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ConfigDict, Field

from ytterby.app.dates.confirmed_controls import confirmed_lines
from ytterby.errors import InputError
from ytterby.facts import control_lines, listing_orders, load, names
from ytterby.result_model import ResultModel

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ytterby.facts import ControlLine, ControlState, Facts

FIRST_QUARTER = dt.date(2007, 1, 1)
"""First day that the count by quarter can show: from here on the facts hold restrictions of all minerals."""
HEADING = re.compile(r"\d{2}(?:\d{2}){0,4}")


class ControlRow(ResultModel):
    """A good under an order, with its state on the day."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True, validate_by_alias=True)

    good: str
    materials: tuple[str, ...]
    """Elements and families of materials that the good is or holds."""
    listed_in: tuple[str, ...]
    """Orders that list the material asked for: by them it is among the goods of a row on all dual-use goods; empty for others."""
    commodities: tuple[str, ...]
    """Commodities of the model that the good covers, such as ``oxide.Dy``."""
    hs: tuple[str, ...]
    """Headings of the harmonised system, six digits."""
    hs_basis: str
    """``stated`` by the order, ``derived`` from the good by the concordance, or empty."""
    codes: tuple[str, ...]
    """Codes of the control list, such as 1C905.a; empty where no fact states them."""
    order: str
    """Legal act, with its number where known."""
    kind: str
    """Licence, ban, quota, duty (on exports), tariff (on imports), customs (ordinary duty), tax, technology, list or embargo."""
    side: str
    """``export`` or ``import``: the border that it acts on; ``abroad``: goods made elsewhere with material of the country."""
    rate: str
    """Rate or amount in words; empty for a licence or ban."""
    by: str
    """Country that controls (ISO alpha-2)."""
    to: str
    """Party that is hit; of a duty on imports, the origin. ``all`` for everyone."""
    exempt: str
    """Who or what is exempt."""
    announced: str
    """YYYY-MM-DD"""
    from_: str = Field(alias="from")
    """First day in force, YYYY-MM-DD."""
    since: str
    """First day of the state, and not before the first day in force, YYYY-MM-DD."""
    until: str | None
    """Last day of the state, YYYY-MM-DD: of the suspension, of the measure, or the end that passed."""
    state: str
    """announced, in force, suspended, expired (an end passed without a later fact), unconfirmed, ended or not enforced."""
    told: str
    """The state in one phrase."""
    lapsed: bool
    """Whether it is expired because its suspension was to have ended: then it is in force again unless that was prolonged."""
    facts: tuple[str, ...]
    """Ids of the figures that it rests on."""
    source: str
    url: str
    basis: str
    """Reported, assumed or, of confirmed events, article."""
    origin: str
    """``register``, ``user`` or ``articles``."""
    note: str


class ControlChange(ResultModel):
    """A good whose state on the later day is another than on the earlier."""

    good: str
    order: str
    by: str
    to: str
    date: str
    """Day from which the later state holds, YYYY-MM-DD."""
    before: str | None
    """State on the earlier day; None where nothing had been announced."""
    after: str


class QuarterCount(ResultModel):
    """Measures that stood at the end of a quarter, or on the day asked for in its quarter; ordinary customs duties are no measures."""

    quarter: str
    """Such as 2025-Q2."""
    in_force: int
    """Measures in force."""
    goods: int
    """Goods under measures in force."""
    suspended: int
    """Measures suspended."""
    lapsed: int
    """Measures whose suspension was to have ended without a later fact: in force again unless it was prolonged."""
    lapsed_goods: int
    """Goods under these."""


class ControlsResult(ResultModel):
    """The register on a day: goods under orders, what changed, and how many measures stand."""

    on: str
    """Day of the states, YYYY-MM-DD."""
    since: str | None
    """Earlier day of the comparison, YYYY-MM-DD."""
    as_of: str
    """Newest figure of all."""
    filters: dict[str, str]
    """What was asked for, by option."""
    controls: tuple[ControlRow, ...]
    """In force first, then suspended, announced, expired, unconfirmed, ended, not enforced; within a state restrictions before
    ordinary duties, then the newest first."""
    counts: dict[str, int]
    """Goods by state; those under ordinary customs duties apart."""
    changes: tuple[ControlChange, ...]
    """What differs between the two days, oldest first; empty without `since`."""
    by_quarter: tuple[QuarterCount, ...]
    user: str
    """How many figures are the user's own; empty for none."""
    grounds: str
    """What the register is made of, and what it is not."""


GROUNDS = (
    "Made from dated facts, which are no census. A state says what the facts say: 'expired' where an end passed and no later fact "
    "is known, 'unconfirmed' where no fact of the last three years says that it stands. Legal status only, no legal advice."
)
ORDINARY = "customs"
"""Kind of the ordinary duties of a tariff schedule, which are no restriction."""
ORDINARY_DUTY = "under ordinary customs duties"
"""Key of the goods under such duties among the counts."""
ORDER = ("in force", "suspended", "announced", "expired", "unconfirmed", "ended", "not enforced")


def controls(  # noqa: PLR0913
    on: dt.date | None = None,
    material: str | None = None,
    hs: str | None = None,
    by: str | None = None,
    since: dt.date | None = None,
    project: Path = Path(".ytterby"),
) -> ControlsResult:
    """Goods under export controls and duties, with their state on a day.

    Parameters
    ----------
    on : date, optional
        Day of the states; today without it.
    material : str, optional
        Element or family of materials, by code or name: a good of rare earths as a whole counts for each of them, and an order
        on all dual-use goods for what the country's licences list.
    hs : str, optional
        Heading of the harmonised system, 2 to 10 digits; a good is found by its first digits.
    by : str, optional
        Country that controls, by code or name.
    since : date, optional
        Also what changed from this day on.
    project : Path
        Project folder; its own rows and its confirmed events join the register.

    Raises
    ------
    UnknownNameError
        For an unknown material or country.
    InputError
        If `hs` is no heading, or `since` is not before `on`.
    """
    day, facts = on or dt.datetime.now(dt.UTC).date(), load(project)
    if since is not None and since >= day:
        raise InputError(f"--since: {since} is not before {day}")
    wanted = {"material": names.material(material).code if material else "", "hs": _heading(hs), "by": names.country(by).code if by else ""}
    chosen = _chosen(register_lines(facts, project), day, **wanted)
    lines = [line for line, _ in chosen]
    rows = sorted((_row(facts, line, state, listed) for line, listed in chosen if (state := line.on(day))), key=_newest_first)
    return ControlsResult(
        on=str(day),
        since=str(since) if since else None,
        as_of=str(facts.as_of),
        filters={key: text for key, text in wanted.items() if text},
        controls=tuple(rows),
        counts=_counts(rows),
        changes=_changes(lines, since, day) if since else (),
        by_quarter=_by_quarter(lines, day),
        user=facts.user_statement,
        grounds=GROUNDS,
    )


def _counts(rows: list[ControlRow]) -> dict[str, int]:
    """Goods by state; those under ordinary customs duties apart, as in the count by quarter."""
    restricted = [row.state for row in rows if row.kind != ORDINARY]
    found = {state: restricted.count(state) for state in ORDER if state in restricted}
    return found | ({ORDINARY_DUTY: len(rows) - len(restricted)} if len(rows) > len(restricted) else {})


def register_lines(facts: Facts, project: Path | None) -> tuple[ControlLine, ...]:
    """The register with the user's own rows and the events that a person confirmed."""
    return (*control_lines(facts), *confirmed_lines(project))


def _heading(hs: str | None) -> str:
    digits = (hs or "").replace(".", "").replace(" ", "")
    if digits and not HEADING.fullmatch(digits):
        raise InputError(f"--hs: found '{hs}'; a heading of 2, 4, 6, 8 or 10 digits is needed, such as 850511")
    return digits


def _chosen(lines: Sequence[ControlLine], day: dt.date, material: str, hs: str, by: str) -> list[tuple[ControlLine, tuple[str, ...]]]:
    """Lines that are asked for, each with the orders by which it holds the material as one of all dual-use goods."""
    listed = {line: listing_orders(line, lines, day, lambda good: good.is_of(material)) if material else () for line in lines}
    return [
        (line, listed[line])
        for line in lines
        if (not material or line.names(material) or listed[line])
        and (not hs or any(code.startswith(hs) or hs.startswith(code) for code in line.hs[0]))
        and (not by or by in line.order.by.split("+"))
    ]


def _newest_first(row: ControlRow) -> tuple[Any, ...]:
    return ORDER.index(row.state), row.kind == ORDINARY, -dt.date.fromisoformat(row.from_).toordinal(), row.order, row.materials, row.good


NOUNS = {"licence": "licence requirement", "ban": "ban", "embargo": "embargo", "technology": "control", "list": "control"}


def phrase(line: ControlLine, state: ControlState) -> str:
    """State in one phrase, such as ``licence needed since 2025-04-04``."""
    order = line.order
    what = {"licence": "licence needed", "ban": "banned", "embargo": "banned", "technology": "controlled", "list": "controlled"}
    name = what.get(order.kind, f"{'customs duty' if order.kind == 'customs' else order.kind} {order.rate}".strip())
    if order.kind == ORDINARY:
        return f"{name}, in force on {order.start} or before"  # the facts hold one edition of the schedule, not the first
    if state.state == "in force":
        return f"{name} since {max(order.start, str(state.since))}" + (f" until {state.until}" if state.until else "")
    if state.state == "announced":
        return f"announced, in force from {order.start}"
    if state.state == "suspended":
        return f"suspended until {state.until}"
    if state.state == "expired":
        if line.lapsed(state):
            return f"suspension was to end {state.until}; in force again unless prolonged, no later fact"
        return f"{NOUNS.get(order.kind, name)} was to end {state.until}, no later fact"
    if state.state == "ended":
        return f"ended {state.until or state.since}"
    return f"{name} from {order.start}, {'whether it stands is not known' if state.state == 'unconfirmed' else 'not enforced'}"


def _row(facts: Facts, line: ControlLine, state: ControlState, listed: tuple[str, ...]) -> ControlRow:
    order, (hs, basis) = line.order, line.hs
    source, url = _source(facts, order.facts) if not order.source else (order.source, order.url)
    span: dict[str, Any] = {"announced": order.announced, "from": order.start, "until": str(state.until) if state.until else None}
    return ControlRow(
        **span,
        good=line.good.good,
        materials=line.good.materials,
        listed_in=listed,
        commodities=line.good.commodities,
        hs=hs,
        hs_basis=basis,
        codes=line.good.codes,
        order=order.order,
        kind=order.kind,
        side=order.side,
        rate=order.rate,
        by=order.by,
        to=order.to,
        exempt=order.exempt,
        since=max(order.start, str(state.since)),
        state=state.state,
        told=phrase(line, state),
        lapsed=line.lapsed(state),
        facts=tuple(dict.fromkeys(filter(None, (*order.facts, *order.ended_by, state.fact)))),
        source=source,
        url=url,
        basis=order.basis,
        origin=line.origin,
        note=order.note,
    )


def _source(facts: Facts, ids: tuple[str, ...]) -> tuple[str, str]:
    row = facts.row(ids[0])
    return str(row["source"]), str(row["url"])


def _changes(lines: Iterable[ControlLine], since: dt.date, day: dt.date) -> tuple[ControlChange, ...]:
    found = []
    for line in lines:
        before, after = line.on(since), line.on(day)
        if after and (before is None or (before.state, before.until) != (after.state, after.until)):
            found.append(
                ControlChange(
                    good=line.good.good,
                    order=line.order.order,
                    by=line.order.by,
                    to=line.order.to,
                    date=str(_turn(line, since, day)),
                    before=before.state if before else None,
                    after=phrase(line, after),
                )
            )
    return tuple(sorted(found, key=lambda row: (row.date, row.order, row.good)))


def _turn(line: ControlLine, since: dt.date, day: dt.date) -> dt.date:
    """First day of the state that holds on `day`, found by halves: a state that began does not come back in between."""
    last, early, late = line.on(day), since, day
    while (late - early).days > 1:
        middle = early + (late - early) / 2
        early, late = (early, middle) if line.on(middle) == last else (middle, late)
    return late


def _by_quarter(lines: list[ControlLine], day: dt.date) -> tuple[QuarterCount, ...]:
    """Counts from the first quarter in which anything asked for stood."""
    found: list[QuarterCount] = []
    for number in range(FIRST_QUARTER.year * 4, day.year * 4 + (day.month - 1) // 3 + 1):
        year, quarter = divmod(number, 4)
        end = dt.date(year + (quarter == 3), (quarter + 1) % 4 * 3 + 1, 1) - dt.timedelta(days=1)  # noqa: PLR2004 (of four)
        states = [(line, state) for line in lines if line.order.kind != ORDINARY and (state := line.on(min(end, day)))]
        force = [line.order.id for line, state in states if state.state == "in force"]
        paused = {line.order.id for line, state in states if state.state == "suspended"}
        back = [line.order.id for line, state in states if line.lapsed(state)]
        if not (found or force or paused or back):
            continue
        found.append(
            QuarterCount(
                quarter=f"{year}-Q{quarter + 1}",
                in_force=len(set(force)),
                goods=len(force),
                suspended=len(paused),
                lapsed=len(set(back)),
                lapsed_goods=len(back),
            )
        )
    return tuple(found)
