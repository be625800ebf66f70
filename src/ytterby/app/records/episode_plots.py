"""Chart of the backtest of a later episode: its frozen statements against the record, as SVG."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.report.charts import ScoredTarget, statement_rows_chart

if TYPE_CHECKING:
    from pathlib import Path

    from ytterby.validation import StatementsBacktest


def plot_statements(result: StatementsBacktest, folder: Path) -> list[Path]:
    """Write one SVG with all statements that have a record and a multiple of the base; returns its path in a list."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{result.episode}.svg"
    rows = [(row.id, ScoredTarget.of(row)) for row in result.targets if row.kind != "onset"]
    alternative = f"{result.episode}: {result.hits} of {result.of} frozen statements hit"
    path.write_text(statement_rows_chart(result.episode, rows).markup(alternative), "utf-8")
    return [path]
