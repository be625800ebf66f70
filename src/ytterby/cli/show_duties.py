"""Terminal output of the backtest of duties."""

from __future__ import annotations

from typing import Any

from ytterby.cli.show_controls import columns, console
from ytterby.cli.show_trade import short


def show(result: dict[str, Any]) -> None:
    """Print the rows, misses first, and both scores."""
    out = console()
    out.print(f"[bold]{result['episode']}[/bold]: {result['hits']} of {result['of']} rows hit that nobody had seen")
    table = columns(("figure", 8), ("what", 26), ("published", 9), ("ours", 6), ("", 8), ("drawn", 6), ("", 8))
    table.title = "seen before: with the defaults, and with the pass-through drawn from 0.1 to 1"
    for row in result["targets"]:
        marks = ("compared" if part["hit"] is None else "hit" if part["hit"] else "miss" for part in (row, row["wide"]))
        table.add_row(
            row["id"], row["what"], short(row["target"]), short(row["model"]), next(marks), short(row["wide"]["model"]), next(marks)
        )
    out.print(table)
    for name, words in (("default", "with the defaults"), ("wide", "pass-through drawn")):
        seen = result["seen"][name]
        out.print(
            f"{words}: {seen['hits']} of {seen['of']} rows seen before, {seen['asked_hits']} of {seen['asked_of']} of those asked for, "
            f"sign right in {seen['directions']}"
        )
    for row in result["targets"]:
        if row["missing"]:
            out.print(f"{row['id']}: not in ours: {row['missing']}", style="dim")
    out.print(result["note"], style="dim")
    out.print(f"Not in the block: {'; '.join(result['not_in_it'])}.", style="dim")
