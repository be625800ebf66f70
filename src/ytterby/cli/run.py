"""``ytterby run`` (what if): Simulate a scenario week by week."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ytterby.cli.common import OutputFile, OutputFolder, dask_option, place, print_json, progress_bar, shared_options

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE = """
\b
Example:
  ytterby run china-licences-2025 --draws 200 --seed 1
"""


@click.command("run", epilog=EXAMPLE)
@click.argument("scenario")
@click.option(
    "--draws", type=click.IntRange(1, 10_000_000), default=1, show_default=True, help="Size of the ensemble; 1 is the central run."
)
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True, help="Seed of the ensemble.")
@click.option(
    "--design", type=click.Choice(["streams", "lhs", "sobol"]), default="streams", show_default=True, help="Sampling design of the draws."
)
@click.option("--sobol", is_flag=True, help="Also Sobol indices of the ten most important inputs (about 3 N more runs; needs SALib).")
@click.option("--out", type=OutputFolder(), help="Run folder; by default inside the project.")
@click.option("--workers", type=click.IntRange(1, 1024), help="Processes on this machine; all cores for ensembles by default.")
@dask_option("Run on the Dask cluster of this scheduler")
@click.option(
    "--export", type=OutputFile(".parquet", ".csv", ".xlsx", ".nc"), help="Also write the series as .parquet, .csv, .xlsx or .nc."
)
@shared_options
def command(  # noqa: PLR0913
    scenario: str,
    draws: int,
    seed: int,
    design: str,
    sobol: bool,
    out: Path | None,
    workers: int | None,
    dask: str | None,
    export: Path | None,
    as_json: bool,
    project: Path,
) -> None:
    """Simulate SCENARIO (a bundled name or a YAML file) week by week."""
    from ytterby.app import run

    if export:
        from ytterby.store import export_results, require_format

        require_format(export)
    with progress_bar("draws", hidden=draws == 1) as progress:
        done = run(
            scenario,
            draws=draws,
            seed=seed,
            method=design,
            project=project,
            out=out,
            sobol=sobol,
            progress=progress,
            waiting=lambda: click.echo("the same run is being worked by another process; waiting for it", err=True),
            **place(draws, workers, dask),
        )
    if export:
        export_results(done.dataset, export)
    if as_json:
        print_json(done.summary)
        return
    from ytterby.app import product_tariffs_of
    from ytterby.cli.show_run import show

    show(done.summary)
    if names := product_tariffs_of(scenario):
        click.echo(f"note: tariffs on products ({', '.join(names)}) do not act week by week: ytterby trade {scenario}", err=True)
