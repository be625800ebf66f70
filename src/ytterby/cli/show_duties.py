"""Terminal output of the backtest of duties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.cli.show_controls import columns, console
from ytterby.cli.show_trade import band_of, counted, mark, short

if TYPE_CHECKING:
    from ytterby.app import DutiesBacktest


def show(result: DutiesBacktest) -> None:
    """Print the rows, misses first, and both scores."""
    out = console()
    out.print(f"[bold]{result.episode}[/bold]: {counted(result.of)}")
    marks = (("rule", 4), ("in band", 4))
    table = columns(("figure", 7), ("what", 20), ("published", 9), ("ours", 5), *marks, ("drawn", 5), *marks)
    table.title = "with the defaults, and with the pass-through drawn from 0.1 to 1"
    for row in result.targets:
        cells = [cell for part in (row, row.wide) for cell in (short(part.model), mark(part.hit), mark(band_of(row.hit, part.in_band)))]
        table.add_row(row.id, row.what, short(row.target), *cells)
    out.print(table)
    for seen, words in ((result.seen.default, "with the defaults"), (result.seen.wide, "pass-through drawn")):
        out.print(
            f"{words}, rows seen before: {seen.hits} of {seen.of} within the rule of a hit "
            f"({seen.asked_hits} of {seen.asked_of} of those asked for), "
            f"{seen.in_band} of {seen.of} inside the band of 5 to 95 %, sign right in {seen.directions}"
        )
    for row in result.targets:
        if row.missing:
            out.print(f"{row.id}: not in ours: {row.missing}", style="dim")
    out.print(result.note, style="dim")
    out.print(f"Not in the block: {'; '.join(result.not_in_it)}.", style="dim")
