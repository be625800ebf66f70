"""Controls and duties in articles that a person confirmed with ``ytterby review``, as lines of the register."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from ytterby.errors import UnknownNameError
from ytterby.facts import ControlledGood, ControlLine, ControlOrder, Phase, names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

FAMILIES = ("control", "tariff")
"""Families of events that are controls or duties."""
CONFIRMED = ("accept", "correct", "confirm")
STATES = {"in force": "in force", "tightened": "in force", "eased": "in force", "reduced": "in force", "suspended": "suspended",
          "to end": "suspended", "ended": "in force", "partly suspended": "suspended", "announced": "announced",
          "proposed": "announced"}  # fmt: skip
"""State of a line by the status of its event; events of any other status, such as denied ones, are no lines."""
KINDS = {"ban": "ban", "licence": "licence", "quota": "quota"}
"""Kind of control by type of event; other controls count as licences, duties as tariffs."""


def confirmed_lines(project: Path | None) -> tuple[ControlLine, ...]:
    """Lines of the confirmed events of a project; none without a store."""
    from ytterby.store import ProjectStore

    if project is None or not ProjectStore(project).path.is_file():
        return ()
    store = ProjectStore(project)
    reviews = {str(row["target"]): row for row in store.reviews()}
    claims = {str(row["id"]): row for row in store.get("claim")}
    found: list[ControlLine] = []
    for event in store.get("event"):
        review = reviews.get(str(event["id"]))
        if review and review["verdict"] in CONFIRMED:
            ends = [day for name in event["claims"] for day in _ends(claims.get(str(name), {}))]
            found += _lines({**event, **(review["correction"] or {})}, max(ends, default=None), str(review["by_whom"]))
    return tuple(found)


def _ends(claim: Mapping[str, Any]) -> list[dt.date]:
    """Days until which a claim says that something holds."""
    days = (_day(item.get("resolved")) for item in claim.get("dates", ()) if item.get("kind") == "until")
    return [day for day in days if day]


def _lines(event: Mapping[str, Any], end: dt.date | None, by: str) -> Iterator[ControlLine]:
    from ytterby.evidence import event_families

    family, state = event_families()[event["event_type"]].name, STATES.get(str(event["status"]).split(",")[0])
    day = _day(event.get("date"))
    if family not in FAMILIES or state is None or day is None:
        return
    order = _order(event, day, by, family)
    silent = state == "suspended"
    phase = Phase(day, state, end if silent else None, silent_end=silent and end is not None)
    for material in tuple(dict.fromkeys(map(_material, event["materials"]))) or ("all",):
        good = ControlledGood(order.id, material.replace("_", " ") if material != "all" else "all goods", (material,), (), (), (), ())
        yield ControlLine(good, order, (phase,), "articles")


def _material(name: str) -> str:
    """Element or family of a material of an article; each group of rare earths counts as all of them."""
    try:
        return names.material(name).code
    except UnknownNameError:
        return "rare_earths" if "ree" in name or "rare_earths" in name else name


def _order(event: Mapping[str, Any], day: dt.date, by: str, family: str) -> ControlOrder:
    actors, targets = (tuple(map(_code, event[key])) for key in ("actors", "targets"))
    return ControlOrder(
        id=str(event["id"]),
        order=f"event {event['id']}",
        by="+".join(sorted(actors)) or "unknown",
        to="+".join(sorted(targets)) or "all",
        exempt="",
        kind="tariff" if family == "tariff" else KINDS.get(str(event["event_type"]), "licence"),
        side="import" if family == "tariff" else "export",
        rate="",
        announced=str(day),
        start=str(day),
        until="",
        ended_by=(),
        confirmed=str(day),
        term="",
        suspension="",
        enforced="yes",
        facts=(),
        source=f"articles: {', '.join(event['documents'])}; confirmed by {by or 'a person'}",
        url="",
        basis="article",
        note=str(event["title"]),
    )


def _code(name: str) -> str:
    """Code of a party such as ``country:CN``."""
    return name.partition(":")[2] or name


def _day(text: object) -> dt.date | None:
    """Last day of an ISO date, day or span; None for anything less exact."""
    try:
        return dt.date.fromisoformat(str(text).split("/")[-1])
    except ValueError:
        return None
