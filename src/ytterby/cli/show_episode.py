"""Terminal output of the backtest of a later episode: missed statements, hits, checks, open statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ytterby.cli.numbers import significant
from ytterby.cli.tables import TextTable, echo_hanging, echo_table

if TYPE_CHECKING:
    from ytterby.app import StatementsBacktest, StatementScores, StatementTarget


def show(result: StatementsBacktest) -> None:
    """Print the backtest of a later episode, misses first."""
    if result.scores:
        echo_hanging(_head(result, result.scores))
    if result.changed_since:
        click.echo(f"note: changed since the statements were frozen: {', '.join(result.changed_since)}")
    table = TextTable.of("", ("", "id", "statement", "record", "model", "80 % band", "p"), 3)
    for row in result.targets:
        table.add_row(*_cells(row))
    for check in result.checks:
        table.add_row("ok" if check.hit else "MISS", check.id, check.what, "-", significant(check.model), "", "")
    for item in result.open:
        table.add_row("open", item.id, item.what, "-", "", "", f"{item.p:.0%}")
    click.echo()
    echo_table(table)


def _head(result: StatementsBacktest, scores: StatementScores) -> list[str]:
    hits = (
        f"{result.episode}: {result.hits} of {result.of} statements hit; saying that nothing changes hits "
        f"{scores.hits_of_no_change} ({result.frozen.draws} draws, SHA-256 {result.frozen.sha256[:16]}...)"
    )
    quality = (
        f"Brier {scores.brier:.3f} (saying 50 % always: {scores.brier_even:.3f}); the 80 % band holds {scores.coverage_80:.0%}; "
        f"replayed today with {result.draws} draws: {result.replayed_hits} hits"
    )
    return [hits, quality]


def _cells(row: StatementTarget) -> tuple[str, ...]:
    record = f"{'>' if row.bound else ''}{significant(row.target)}"
    band = f"{row.low:.2f} - {row.high:.2f}"
    seen = " [seen before it was frozen]" if row.seen_before else ""
    return "hit" if row.hit else "MISS", row.id, f"{row.what}{seen}", record, significant(row.model), band, f"{row.p:.0%}"
