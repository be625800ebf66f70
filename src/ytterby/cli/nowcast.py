"""``ytterby nowcast`` (what if): Re-weight a run by observed monthly figures."""

from __future__ import annotations

from pathlib import Path

import click

from ytterby.cli.common import print_json, progress_bar, shared_options


@click.command("nowcast", epilog="Example: ytterby nowcast .ytterby/runs/RUN --observed customs.csv")
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "--observed", type=click.Path(dir_okay=False, path_type=Path), required=True, help="CSV: month, goods, origin, destination, tonnes."
)
@shared_options
def command(run: Path, observed: Path, as_json: bool, project: Path) -> None:
    """Re-weight the draws of RUN by observed monthly figures."""
    from ytterby.app import nowcast
    from ytterby.cli.tables import TextTable, echo_table

    with progress_bar("draws") as progress:
        result = nowcast(run, observed, project=project, progress=progress)
    if as_json:
        print_json(result)
        return
    click.echo(f"{result.scenario}: {result.observations} figures to {result.last_observed}")
    click.echo(f"{result.effective_draws:.0f} of {result.draws} draws count")
    if not result.agrees:
        click.echo("warning: hardly any draw agrees with the figures: the scenario or the model is wrong, and the bands mean little")
    table = TextTable.of("Tonnes a month: median and 80 % band", ("month", "goods", "from", "to", "now", "before"), 4)
    for row in result.bands:
        after, before = (f"{band.median:.0f} ({band.low:.0f} - {band.high:.0f})" for band in (row.now, row.prior))
        table.add_row(row.month, row.goods, row.origin, row.destination, after, before)
    echo_table(table)
