"""Terminal output of the register of controls and of the calendar, 80 columns wide."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from ytterby.app import ORDINARY
from ytterby.facts import STANDING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console
    from rich.table import Table

    from ytterby.app import ControlRow, ControlsResult

WIDTH = 80
LAPSED = "in force again unless prolonged"
TITLES = {
    "in force": "in force",
    "suspended": "suspended",
    "announced": "announced",
    LAPSED: "in force again unless prolonged: the suspension was to have ended, and no later fact is known",
    "expired": "expired: an end has passed, and no later fact is known",
    "unconfirmed": "unconfirmed: no fact of the last three years says that it stands",
    "ended": "ended",
    "not enforced": "ordered, not enforced",
}
ORDINARY_TITLE = "ordinary customs duties: no restriction, and not in the counts by quarter"
QUARTERS = 8
"""Quarters shown at least; before them only those in which the count changes."""


def console() -> Console:
    """Console of the width of the terminal, but at most :data:`WIDTH`."""
    from rich.console import Console

    wide = Console(highlight=False)
    return Console(width=min(wide.width, WIDTH) if wide.is_terminal else WIDTH, highlight=False)


def columns(*heads: tuple[str, int | None]) -> Table:
    """Table without lines whose cells fold rather than lose a letter; a column has a width or shares what is left."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, title_justify="left", title_style="bold")
    for name, width in heads:
        table.add_column(name, width=width, overflow="fold")
    return table


def show(found: ControlsResult, *, everything: bool) -> None:
    """Print the goods by state and order, what changed, and the count by quarter."""
    out = console()
    shown = [row for row in found.controls if everything or row.state in STANDING]
    asked = ", ".join(f"{key} {text}" for key, text in found.filters.items())
    counts = ", ".join(f"{count} {state}" for state, count in _counts(found))
    out.print(
        f"[bold]Controls and duties on {found.on}[/bold]{f' ({asked})' if asked else ''}: goods {counts or 'none'}; as of {found.as_of}"
    )
    shown.sort(key=lambda row: list(TITLES).index(_heading(row)))
    for (state, ordinary), rows in groupby(shown, key=lambda row: (_heading(row), row.kind == ORDINARY)):
        out.print(f"\n[bold]{ORDINARY_TITLE if ordinary else TITLES[state]}[/bold]")
        for order, goods in groupby(rows, key=lambda row: (row.order, _parties(row), row.told, row.exempt)):
            _order(out, *order, goods)
    left = len(found.controls) - len(shown)
    if left:
        out.print(f"\n{left} goods more that ended, were not enforced or are unconfirmed: --all", style="dim")
    if found.since:
        _changes(out, found)
    _quarters(out, found)
    if any(row.hs_basis == "derived" for row in shown):
        out.print("* heading derived from the good; the order does not state it", style="dim")
    out.print(found.grounds + (f" {found.user}." if found.user else ""), style="dim")


def _heading(row: ControlRow) -> str:
    """State of a good as it is headed: what no fact follows after a suspension is no end of the control."""
    return LAPSED if row.lapsed else row.state


def _counts(found: ControlsResult) -> list[tuple[str, int]]:
    """Goods by heading, as counted in the result."""
    lapsed = sum(row.lapsed for row in found.controls)
    counts: list[tuple[str, int]] = []
    for state, count in found.counts.items():
        counts += [(LAPSED, lapsed), (state, count - lapsed)] if state == "expired" else [(state, count)]
    return [(state, count) for state, count in counts if count]


def _parties(row: ControlRow) -> str:
    """Who controls, and what goes to or comes from whom."""
    return f"{row.by} on imports from {row.to}" if row.side == "import" else f"{row.by} to {row.to}"


def _order(out: Console, order: str, parties: str, told: str, exempt: str, goods: Iterable[ControlRow]) -> None:
    """Print an order with its parties and state, then its goods with headings and codes of the control list."""
    out.print(f"{order} [{parties}]: {told}{f'; exempt: {exempt}' if exempt else ''}", markup=False)
    table = columns(("", 1), ("", 40), ("", 26), ("", 8))
    table.show_header = False
    for row in goods:
        mark = "*" if row.hs_basis == "derived" else ""
        heads = ", ".join(f"{code}{mark}" for code in row.hs)
        table.add_row("", f"{row.good}{listed_words(row.listed_in)}", f"HS {heads}" if heads else "", " ".join(row.codes))
    out.print(table)


def listed_words(orders: Iterable[str]) -> str:
    """That an order on all dual-use goods is on what some orders list; empty for an order on goods of its own."""
    named = " and ".join(orders)
    return f": all dual-use goods, so those listed in {named}" if named else ""


def _changes(out: Console, found: ControlsResult) -> None:
    table = columns(("from", 10), ("good", None), ("before", 12), ("now", 26))
    table.title = f"changed since {found.since}"
    for (date, order, before, after), rows in groupby(found.changes, key=lambda row: (row.date, row.order, row.before, row.after)):
        goods = [row.good for row in rows]
        table.add_row(date, f"{order}: {', '.join(goods) if len(goods) == 1 else f'{len(goods)} goods'}", before or "-", after)
    out.print()
    out.print(table if table.row_count else f"nothing changed since {found.since}")


def _quarters(out: Console, found: ControlsResult) -> None:
    """The last quarters, and before them those in which the number of measures changed."""
    rows = found.by_quarter
    if not rows:
        return
    table = columns(("quarter", 8), ("in force", 18), ("suspended", 10), (LAPSED, None))
    table.title = f"measures (and goods) at the end of each quarter, of the last on {found.on}"
    for number, row in enumerate(rows):
        moved = not number or row != rows[number - 1].model_copy(update={"quarter": row.quarter})
        if number >= len(rows) - QUARTERS or (moved and len(found.controls) < WIDTH):
            back = f"{row.lapsed} ({row.lapsed_goods})" if row.lapsed else "0"
            table.add_row(row.quarter, f"{row.in_force} ({row.goods})", str(row.suspended), back)
    out.print()
    out.print(table)
