"""``ytterby screen``: very many draws, of which only outcomes are stored."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ytterby.cli.common import OutputFolder, dask_option, place, print_json, progress_bar, shared_options

if TYPE_CHECKING:
    from ytterby.app import ScreenResult

EXAMPLE = """
\b
Example:
  ytterby screen china-licences-2025 --draws 100000 --seed 1
"""
ROWS = 20


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
    print_json(done) if as_json else _show(done, draws)


def _show(done: ScreenResult, draws: int) -> None:
    """Print the markets with the largest effects."""
    import pandas as pd

    worst = sorted(done.markets, key=lambda market: -market.worst_share_mean)[:ROWS]
    table = pd.DataFrame([market.to_dict() for market in worst])
    click.echo(table.to_string(index=False, float_format=lambda value: f"{value:.3g}"))
    click.echo(f"{draws} draws in {done.seconds:.1f} s: {done.folder}")
