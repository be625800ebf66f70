"""Terminal output of the calendar, 80 columns wide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.cli.show_controls import columns, console
from ytterby.report import band_place, plain_place, rounded

if TYPE_CHECKING:
    from rich.table import Table

    from ytterby.app import CalendarResult, CalendarRow

MILLION = 1e6
TITLES = {"ahead": "ahead", "open": "passed; no later fact says what was decided"}


def show(found: CalendarResult) -> None:
    """Print what lies ahead, then what has passed without a later fact."""
    out = console()
    out.print(f"[bold]Dated decisions seen from {found.on}[/bold]{f', until {found.until}' if found.until else ''}; as of {found.as_of}")
    for status, title in TITLES.items():
        rows = [row for row in found.calendar if row.status == status]
        if rows or status == "ahead":
            out.print()
            out.print(_table(title, rows, found.on) if rows else "nothing ahead is on record")
    out.print(f"\nOn record as decided, and left out: {found.decided}.", style="dim")
    out.print("* assumed. A draft is written by --draft FILE --decision NAME.", style="dim")
    out.print(found.grounds, style="dim")
    if found.written:
        out.print(f"written: {found.written}")


def _table(title: str, rows: list[CalendarRow], on: str) -> Table:
    table = columns(("date", 10), ("decision, and how it can go", None), ("p", 5), ("range", 8))
    table.title = title
    for row in rows:
        table.add_row(row.date, f"[bold]{row.decision}[/bold]", "", "")
        if row.status == "open":
            table.add_row("", f"  passed; no later fact{_ways(row)}", "", "")
        for branch in row.branches if row.status != "open" else ():
            span = "" if branch.low is None or branch.high is None else f"{branch.low:.0%}-{branch.high:.0%}"
            table.add_row("", f"  {branch.label}", f"{branch.p:.0%}{'*' if branch.assumed else ''}", span)
        if row.cost_of_delay is not None:
            table.add_row("", _delay(row, on), "", "")
        if row.scenario:
            table.add_row("", f"[dim]  {'draft' if row.draft else 'scenario'}: {row.scenario}[/dim]", "", "")
    return table


def _delay(row: CalendarRow, on: str) -> str:
    """Cost of a week's delay: still to come before the day; after it only what a week is worth if nothing was decided."""
    cost = _cost(row)
    if row.status == "open":
        what = f"cost of delay: passed with the day; if nothing was decided, a week is worth {cost}"
    else:
        what = f"each week of delay costs {cost}"
    return f"  {what}: {row.cost_of_delay_basis}, seen from {on}"


def _cost(row: CalendarRow) -> str:
    """A week's cost at the digits that its band supports, with the band; two digits where it has none."""
    assert row.cost_of_delay is not None
    value = row.cost_of_delay / MILLION
    if row.cost_of_delay_low is None or row.cost_of_delay_high is None:
        place = plain_place(value, 2)
        return f"about {rounded(value, place):,.{max(-place, 0)}f} M USD"
    low, high = row.cost_of_delay_low / MILLION, row.cost_of_delay_high / MILLION
    place = band_place(value, low, high)
    value, low, high = (rounded(each, place) for each in (value, low, high))
    digits = max(-place, 0)
    return f"about {value:,.{digits}f} M USD (5 to 95 %: {low:,.{digits}f} to {high:,.{digits}f})"


def _ways(row: CalendarRow) -> str:
    """How a decision whose day has passed could go: what was a chance of it before is none any more."""
    return f" ({' / '.join(branch.label for branch in row.branches)})" if row.branches else ""
