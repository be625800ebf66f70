"""Terminal output of the backtest of a later episode: missed statements, hits, checks, open statements."""

from __future__ import annotations

from typing import Any

import click

from ytterby.cli.numbers import significant
from ytterby.cli.tables import TextTable, echo_hanging, echo_table


def show(result: dict[str, Any]) -> None:
    """Print the backtest of a later episode, misses first."""
    scores, frozen = result["scores"], result["frozen"]
    hits = (
        f"{result['episode']}: {result['hits']} of {result['of']} statements hit; saying that nothing changes hits "
        f"{scores['hits_of_no_change']} ({frozen['draws']} draws, SHA-256 {frozen['sha256'][:16]}...)"
    )
    quality = (
        f"Brier {scores['brier']:.3f} (saying 50 % always: {scores['brier_even']:.3f}); the 80 % band holds {scores['coverage_80']:.0%}; "
        f"replayed today with {result['draws']} draws: {result['replayed_hits']} hits"
    )
    echo_hanging([hits, quality])
    if result["changed_since"]:
        click.echo(f"note: changed since the statements were frozen: {', '.join(result['changed_since'])}")
    table = TextTable.of("", ("", "id", "statement", "record", "model", "80 % band", "p"), 3)
    for row in result["targets"]:
        table.add_row(*_cells(row))
    for row in result["checks"]:
        table.add_row("ok" if row["hit"] else "MISS", row["id"], row["what"], "-", significant(row["model"]), "", "")
    for row in result["open"]:
        table.add_row("open", row["id"], row["what"], "-", "", "", f"{row['p']:.0%}")
    click.echo()
    echo_table(table)


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    record = f"{'>' if row['bound'] else ''}{significant(row['target'])}"
    band = f"{row['low']:.2f} - {row['high']:.2f}"
    seen = " [seen before it was frozen]" if row["seen_before"] else ""
    return "hit" if row["hit"] else "MISS", row["id"], f"{row['what']}{seen}", record, significant(row["model"]), band, f"{row['p']:.0%}"
