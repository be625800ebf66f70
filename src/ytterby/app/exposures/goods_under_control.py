"""Which goods of an importer, or of a firm's parts list, stand under which line of the register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.app.dates.controls import ORDINARY, phrase
from ytterby.exposure import UnderControl
from ytterby.facts import STAGES, STANDING, listing_orders

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Sequence

    from ytterby.exposure import EntryShare
    from ytterby.facts import ControlledGood, ControlLine, ControlState

Standing = tuple["ControlLine", "ControlState"]
Crossings = set[tuple[str, str, str]]
"""Element, stage and supplier of what crosses a border."""
Listed = dict[str, tuple[str, ...]]
"""By the id of an order on all dual-use goods, the orders by which goods that are asked for are among them."""


def controls_of_importer(
    lines: Sequence[ControlLine], importer: str, elements: Iterable[str], day: dt.date, entries: Iterable[EntryShare] = ()
) -> tuple[UnderControl, ...]:
    """Orders on goods of the model that hold some elements and that reach an importer, in force first, then the newest.

    Those on all dual-use goods join where a licence lists one of the elements.
    ``entries`` say what crosses its border, so that a ban on raw ore is told from what the importer itself buys.
    """
    crossed = {(row.element, row.stage, row.supplier) for row in entries if row.end_use == "all" and row.stage}
    wanted = tuple(elements)
    listed = _listed(lines, day, lambda good: any(map(good.is_of, wanted)))
    found = [
        (line, state)
        for line, state in _standing(lines, day)
        if line.reaches(importer) and (any(line.names(name) for name in wanted) if line.good.commodities else line.order.id in listed)
    ]
    return _by_order(found, wanted, crossed, listed)


def controls_of_part(
    lines: Sequence[ControlLine], commodity: str, origin: str, day: dt.date, importer: str = ""
) -> tuple[UnderControl, ...]:
    """Orders on a commodity that a country delivers, for all destinations and for the importer if one is named.

    A part bought elsewhere may hold its material. Those on all dual-use goods join where a licence lists the commodity.
    """
    listed = _listed(lines, day, lambda good: good.covers(commodity))
    found = [
        (line, state)
        for line, state in _standing(lines, day)
        if (line.covers(commodity) or line.order.id in listed) and line.leaves(origin)
        and (line.order.to == "all" or (bool(importer) and line.order.side == "export" and line.reaches(importer)))
    ]  # fmt: skip
    return _by_order(found, (), None, listed)


def _listed(lines: Sequence[ControlLine], day: dt.date, asked: Callable[[ControlledGood], bool]) -> Listed:
    """Orders on all dual-use goods, with those by which what is asked for is one; orders that it does not fall under are left out."""
    found = {line.order.id: listing_orders(line, lines, day, asked) for line in lines if line.on_dual_use}
    return {order: lists for order, lists in found.items() if lists}


def licence_since(rows: Iterable[UnderControl]) -> str | None:
    """Day from which a licence has been needed, YYYY-MM-DD; None if none is needed."""
    return min((row.since for row in rows if row.kind == "licence" and row.state == "in force"), default=None)


def _standing(lines: Iterable[ControlLine], day: dt.date) -> list[Standing]:
    pairs = ((line, line.on(day)) for line in lines if line.order.kind != ORDINARY)
    return [(line, state) for line, state in pairs if state and state.state in STANDING]


def _by_order(found: list[Standing], elements: tuple[str, ...], crossed: Crossings | None, listed: Listed) -> tuple[UnderControl, ...]:
    groups: dict[str, list[Standing]] = {}
    for line, state in found:
        groups.setdefault(line.order.id, []).append((line, state))
    rows = [_row(group, elements, crossed, listed.get(order, ())) for order, group in groups.items()]
    newest = sorted(rows, key=lambda row: row.since, reverse=True)
    return tuple(sorted(newest, key=lambda row: STANDING.index(row.state)))


def _row(group: list[Standing], elements: tuple[str, ...], crossed: Crossings | None, listed: tuple[str, ...]) -> UnderControl:
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
        resumed=line.lapsed(state),
        listed_in=listed,
        stages=_stages(group),
        bought=_bought(group, crossed) if crossed is not None and _stages(group) else None,
        facts=order.facts,
    )


def _stages(group: list[Standing]) -> tuple[str, ...]:
    """Stages of the goods, in the order of the chain."""
    held = {name.partition(".")[0] for line, _ in group for name in line.good.commodities}
    return tuple(stage for stage in STAGES if stage in held or "*" in held)


def _bought(group: list[Standing], crossed: Crossings) -> bool:
    """Whether any of the goods crosses the border from a country that the order concerns."""
    return any(
        line.leaves(supplier) and line.names(element) and any(name.partition(".")[0] in (stage, "*") for name in line.good.commodities)
        for line, _ in group
        for element, stage, supplier in crossed
    )
