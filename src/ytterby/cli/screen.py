"""``ytterby screen`` (what if): Very many draws of a scenario, outcomes only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ytterby.cli.common import OutputFolder, dask_option, place, print_json, progress_bar, shared_options
from ytterby.cli.numbers import amount
from ytterby.cli.words import country, good

if TYPE_CHECKING:
    from pathlib import Path

    from ytterby.app import ScreenedMarket, ScreenResult

EXAMPLE = """
\b
Example:
  ytterby screen china-licences-2025 --draws 100000 --seed 1
"""
ROWS = 20
SHORT = 0.01
"""Share of a market's use from which a week counts as short [1]."""


@click.command("screen", epilog=EXAMPLE)
@click.argument("scenario")
@click.option("--draws", type=click.IntRange(2, 10_000_000), default=10_000, show_default=True, help="Size of the ensemble.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True, help="Seed of the ensemble.")
@click.option("--double", is_flag=True, help="Double precision: half as fast, same results as `run`.")
@click.option("--out", type=OutputFolder(), help="Folder of the screen; by default inside the project.")
@click.option("--workers", type=click.IntRange(1, 1024), help="Processes on this machine; all cores by default.")
@dask_option("Run on the Dask cluster of this scheduler")
@shared_options
def command(  # noqa: PLR0913
    scenario: str,
    draws: int,
    seed: int,
    double: bool,
    out: Path | None,
    workers: int | None,
    dask: str | None,
    as_json: bool,
    project: Path,
) -> None:
    """Simulate very many draws of SCENARIO and keep the outcomes of each market, as Parquet files."""
    from ytterby.app import screen

    with progress_bar("draws") as progress:
        done = screen(
            scenario,
            draws,
            seed=seed,
            precision="float64" if double else "float32",
            project=project,
            out=out,
            progress=progress,
            **place(draws, workers, dask),
        )
    print_json(done) if as_json else _show(done, scenario, draws)


def _show(done: ScreenResult, scenario: str, draws: int) -> None:
    """Print what comes of the draws in a sentence, then the markets with the largest shortages."""
    from ytterby.cli.tables import TextTable, plain_console, prose

    console = plain_console()
    short = [market for market in done.markets if market.worst_share_q50 > SHORT]
    worst = sorted(done.markets, key=lambda market: (-market.worst_share_mean, market.commodity, market.region))[:ROWS]
    prose(console, f"{scenario}: {draws:,} draws in {done.seconds:.1f} s; {_told(done, short)}", "bold")
    heads = ("commodity", "region", "worst week", "5-95 %", "not served, t", "5-95 %", "price peak", "weeks to recovery")
    table = TextTable.of(f"Largest shortages (means over the draws; the first {len(worst)})", heads, left=2)
    for row in worst:
        table.add_row(
            good(row.commodity),
            country(row.region),
            f"{row.worst_share_mean:.0%}",
            f"{row.worst_share_q05:.0%} to {row.worst_share_q95:.0%}",
            amount(row.shortfall_mean, row.shortfall_q05, row.shortfall_q95),
            f"{amount(row.shortfall_q05)} to {amount(row.shortfall_q95)}",
            f"{row.peak_multiple_mean:.1f} x",
            f"{row.recovery_week_mean:.0f}",
        )
    console.print(table)
    prose(console, f"all outcomes of every draw: {done.folder}", "dim")


def _told(done: ScreenResult, short: list[ScreenedMarket]) -> str:
    """How many markets run short, and which of them most."""
    if not short:
        return f"none of the {len(done.markets)} markets misses {SHORT:.0%} of its use in half of the draws"
    most = max(short, key=lambda market: market.worst_share_q50)
    span = f"{most.worst_share_q50:.0%}, 5-95 %: {most.worst_share_q05:.0%} to {most.worst_share_q95:.0%}"
    return (
        f"{len(short)} of {len(done.markets)} markets miss more than {SHORT:.0%} of their use in a week in half of the draws, "
        f"{good(most.commodity)} most ({country(most.region)}, {span})"
    )
