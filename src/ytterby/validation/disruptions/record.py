"""The record: 25 events, their users with what was missing and what became of them, and the role of each of the 70 rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from ytterby.errors import FactError
from ytterby.facts import periods
from ytterby.tables import records, rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ytterby.facts import Facts

ROOM = "ytterby.validation.disruptions"
LAST_DAY = dt.date(2022, 12, 31)
"""Last day of the record: no outcome of a later event enters."""
CLASSES = ("engineered_part", "catalogue_part", "material")
ASSUMED = "assumed"

Evidence = Literal["observed", "statement", "early_statement", "absence"]
EVIDENCE_WEIGHT: dict[str, float] = {"observed": 1.0, "statement": 1.0, "early_statement": 0.7, "absence": 0.5}
"""Exponent of the likelihood (`assumed`): a stop or its absence that somebody stated counts fully, a statement from the
first weeks of an outage less, and that no stop was reported counts half."""


@dataclass(frozen=True)
class Figure:
    """A number with its range, and the facts it comes from or ``assumed``."""

    value: float
    low: float
    high: float
    basis: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class DisruptionEvent:
    """An event; events with the same ``fold`` are left out together."""

    id: str
    fold: str
    event: str
    start: str


@dataclass(frozen=True)
class User:
    """A user of the missing input; ``stopped`` is None where the record does not say."""

    id: str
    event: DisruptionEvent
    user: str
    region: str
    sector: str
    input: str
    input_class: str
    stopped: bool | None
    evidence: Evidence
    facts: tuple[str, ...]
    note: str
    figures: Mapping[str, Figure]

    @property
    def fold(self) -> str:
        """Name of the group of events that is left out together."""
        return self.event.fold

    @property
    def window(self) -> tuple[float, float]:
        """Times after the event [weeks] between which output lost was counted."""
        ends = (self.figures.get("since"), self.figures.get("until"))
        return (ends[0].value if ends[0] else 0.0, ends[1].value if ends[1] else float("inf"))

    @property
    def lost(self) -> float | None:
        """Weeks of output lost; none at all for a user that did not stop; None where the record does not say."""
        if self.stopped is False:
            return 0.0
        return self.figures["weeks_lost"].value if "weeks_lost" in self.figures else None


@dataclass(frozen=True)
class RecordRow:
    """What a row of the facts is used for, and how the model's answer is put into its unit.

    ``role`` is ``stop``, ``lost``, ``kept``, ``first_stop``, ``worked_around``, ``stand_in``, ``near_full`` or ``stop_share``
    for what is asked of the model, ``input`` for what it is told, ``arithmetic`` for what another row's target is computed
    with, ``context`` for what it does not answer. ``scale`` is in units of the row per week (per unit of share).
    """

    fact: str
    role: str
    user: str
    scale: str
    since: str
    until: str
    note: str

    @property
    def window(self) -> tuple[float, float] | None:
        """Times after the event [weeks] that the row speaks of; None for those of its user."""
        return (float(self.since), float(self.until)) if self.until else None


@dataclass(frozen=True)
class _Figure:
    user: str
    quantity: str
    value: float
    low: float
    high: float
    basis: tuple[str, ...]
    note: str


def events() -> tuple[DisruptionEvent, ...]:
    """The 25 events."""
    return records(ROOM, "events", DisruptionEvent)


@cache
def users() -> tuple[User, ...]:
    """All users of the record with their figures."""
    known = {event.id: event for event in events()}
    figures: dict[str, dict[str, Figure]] = {}
    for one in records(ROOM, "figures", _Figure):
        figures.setdefault(one.user, {})[one.quantity] = Figure(one.value, one.low, one.high, one.basis, one.note)
    return tuple(_user(row, known[row["event"]], figures.get(row["id"], {})) for row in rows(ROOM, "users"))


def _user(row: Mapping[str, str], event: DisruptionEvent, figures: Mapping[str, Figure]) -> User:
    return User(
        id=row["id"],
        event=event,
        user=row["user"],
        region=row["region"],
        sector=row["sector"],
        input=row["input"],
        input_class=row["input_class"],
        stopped=bool(int(row["stopped"])) if row["stopped"] else None,
        evidence=row["evidence"] or "statement",  # type: ignore[arg-type]
        facts=tuple(row["facts"].split()),
        note=row["note"],
        figures=figures,
    )


def record_rows() -> tuple[RecordRow, ...]:
    """Role of each row of the facts."""
    return records(ROOM, "rows", RecordRow)


def excluded() -> dict[str, str]:
    """Ids of published figures that must not enter, with the reason."""
    return {row["fact"]: row["why"] for row in rows(ROOM, "excluded")}


def cited(given: tuple[User, ...]) -> set[str]:
    """Ids of all facts that stand behind users and their figures."""
    behind = {id_ for user in given for id_ in user.facts}
    return behind | {id_ for user in given for figure in user.figures.values() for id_ in figure.basis} - {ASSUMED}


def check(facts: Facts, given: tuple[User, ...]) -> None:
    """Refuse a record that rests on what must not enter it.

    Raises
    ------
    FactError
        If a fact is excluded, is not an observation of a disruption, or ends after :data:`LAST_DAY`.
    UnknownNameError
        If there is no such fact.
    """
    for id_ in sorted(cited(given)):
        row = facts.row(id_)
        if id_ in excluded():
            raise FactError(f"disruptions: {id_} must not enter: {excluded()[id_]}")
        last = periods.end(str(row["period"]))
        if row["quantity"] != "disruption" or last is None or last > LAST_DAY:
            raise FactError(f"disruptions: {id_} ({row['quantity']}, {row['period']}) is no disruption of supply until {LAST_DAY}")
