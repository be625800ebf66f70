"""Which goods of an importer, or of a firm's parts list, stand under which line of the register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.app.controls import phrase
from ytterby.exposure import UnderControl
from ytterby.facts import STANDING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from ytterby.facts import ControlLine, ControlState

ORDINARY = "customs"
"""Kind of the ordinary duties of a tariff schedule; they are no restriction and left out here."""

DUAL_USE = "dual_use"
"""Goods of any material for military users or listed firms; they concern the parties that the order names."""

Standing = tuple["ControlLine", "ControlState"]


def controls_of_importer(lines: Iterable[ControlLine], importer: str, elements: Iterable[str], day: dt.date) -> tuple[UnderControl, ...]:
    """Orders on goods of the model that hold some elements and that reach an importer, in force first, then the newest."""
    wanted = tuple(elements)
    found = [
        (line, state)
        for line, state in _standing(lines, day)
        if line.reaches(importer)
        and (any(line.names(name) for name in wanted) if line.good.commodities else DUAL_USE in line.good.materials)
    ]
    return _by_order(found, wanted)


def controls_of_part(lines: Iterable[ControlLine], commodity: str, origin: str, day: dt.date) -> tuple[UnderControl, ...]:
    """Orders for all destinations on a commodity that a country delivers; a part bought elsewhere may hold its material."""
    found = [
        (line, state) for line, state in _standing(lines, day) if line.covers(commodity) and line.order.to == "all" and line.leaves(origin)
    ]
    return _by_order(found, ())


def licence_since(rows: Iterable[UnderControl]) -> str | None:
    """Day from which a licence has been needed, YYYY-MM-DD; None if none is needed."""
    return min((row.since for row in rows if row.kind == "licence" and row.state == "in force"), default=None)


def _standing(lines: Iterable[ControlLine], day: dt.date) -> list[Standing]:
    pairs = ((line, line.on(day)) for line in lines if line.order.kind != ORDINARY)
    return [(line, state) for line, state in pairs if state and state.state in STANDING]


def _by_order(found: list[Standing], elements: tuple[str, ...]) -> tuple[UnderControl, ...]:
    groups: dict[str, list[Standing]] = {}
    for line, state in found:
        groups.setdefault(line.order.id, []).append((line, state))
    rows = [_row(group, elements) for group in groups.values()]
    newest = sorted(rows, key=lambda row: row.since, reverse=True)
    return tuple(sorted(newest, key=lambda row: STANDING.index(row.state)))


def _row(group: list[Standing], elements: tuple[str, ...]) -> UnderControl:
    (line, state), order = group[0], group[0][0].order
    asked = elements or tuple(dict.fromkeys(name for each, _ in group for name in each.good.materials))
    named = tuple(name for name in asked if any(each.names(name) for each, _ in group)) or line.good.materials
    return UnderControl(
        elements=named,
        goods=tuple(each.good.good for each, _ in group),
        id=order.id,
        order=order.order,
        by=order.by,
        to=order.to,
        kind=order.kind,
        state=state.state,
        since=order.start,
        until=str(state.until) if state.until else None,
        told=phrase(line, state),
        facts=order.facts,
    )
