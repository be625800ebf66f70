"""``ytterby exposure``: where an importer is exposed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ytterby.cli.common import print_json, shared_options

if TYPE_CHECKING:
    import datetime as dt

EXAMPLE = """
\b
Examples:
  ytterby exposure --importer JP --element Dy
  ytterby exposure --importer JP --history -o history.svg
  ytterby exposure --bom parts.csv --without CN
"""


@click.command(epilog=EXAMPLE)
@click.option("--importer", metavar="CODE", help="Region such as JP or US, or a group: EU, APEC.  [default: JP]")
@click.option("--year", type=int, help="Base year: 2024 or 2009 of the rare earths.  [default: the newest of the chain]")
@click.option("--chain", default="rare-earths", show_default=True, help="Which minerals: or gallium-germanium, antimony.")
@click.option("--element", metavar="SYMBOL", help="One element, in full: every stage and end use, bounds by linear programme.")
@click.option("--without", metavar="CODE", help="Supplier whose loss is looked at; by default the largest of each stage.")
@click.option("--history", is_flag=True, help="Direct against traced share of imports 1995-2024.")
@click.option(
    "--bom",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Your own parts (CSV); nothing leaves the machine.",
)
@click.option(
    "--on", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]), help="With --bom: the day on which deliveries end.  [default: today]"
)
@click.option(
    "-o", "out", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="With --history: write the picture (.svg or .html)."
)
@shared_options
def command(
    importer: str | None,
    year: int | None,
    chain: str,
    element: str | None,
    without: str | None,
    history: bool,
    bom: Path | None,
    on: dt.datetime | None,
    out: Path | None,
    as_json: bool,
    project: Path,
) -> None:  # fmt: skip
    """Show where an importer is exposed: by element, stage and end use, direct, embedded and traced."""
    # small solves are faster and steadier on one thread; only heeded before numpy is loaded
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from ytterby.cli import show_exposure as show
    from ytterby.system.bases import RARE_EARTHS, newest_base_year

    if history and bom:
        raise click.UsageError("--history and --bom are two questions: ask one at a time")
    if out and not history:
        raise click.UsageError("-o belongs to --history")
    if bom:
        found = show.parts(bom, without, on.date() if on else None, year or newest_base_year(RARE_EARTHS), project)
    elif history:
        found = show.past(importer, without, out, project)
    else:
        found = show.now(importer, year, element, without, project, chain)
    print_json(found.document) if as_json else found.show()
