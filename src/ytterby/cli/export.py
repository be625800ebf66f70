"""``ytterby export`` (what if): The results of a run as .parquet, .csv, .xlsx or .nc."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ytterby.cli.common import OutputFile, print_json, shared_options

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE = """
\b
Example:
  ytterby export no-shock-1a2b3c4d-n1-s1 -o series.parquet
"""


@click.command("export", epilog=EXAMPLE)
@click.argument("run")
@click.option(
    "-o",
    "--out",
    required=True,
    type=OutputFile(".parquet", ".csv", ".xlsx", ".nc"),
    help="File to write: the tidy series as .parquet, .csv or .xlsx, arrays over commodity and region as .nc.",
)
@shared_options
def command(run: str, out: Path, as_json: bool, project: Path) -> None:
    """Write the results of RUN (a run folder, or a name in the project) in another format."""
    from ytterby.app import export

    done = export(run, out, project)
    if as_json:
        print_json(done)
        return
    click.echo(f"{done.file}: {done.rows:,} values of {len(done.measures)} measures")
