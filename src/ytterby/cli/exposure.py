"""``ytterby exposure``: where an importer is exposed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ytterby.cli.common import print_json, shared_options
from ytterby.cli.names import COUNTRY, DAY, ELEMENT, REGION

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
@click.option("--importer", type=REGION, help="Region or group by code or name: JP, Germany, EU, APEC.  [default: JP]")
@click.option("--year", type=int, help="Base year: 2024 or 2009 of the rare earths.  [default: the newest of the chain]")
@click.option("--chain", default="rare-earths", show_default=True, help="Minerals: rare-earths, gallium-germanium or antimony.")
@click.option("--element", type=ELEMENT, help="One element in full: every stage and end use, with bounds from linear programmes.")
@click.option("--without", type=COUNTRY, help="Supplier whose loss is considered; by default the largest of each stage.")
@click.option("--history", is_flag=True, help="Direct and traced shares of imports 1995-2024.")
@click.option(
    "--bom",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Your own parts (CSV); nothing leaves the machine.",
)
@click.option("--on", type=DAY, help="With --bom: day on which deliveries stop.  [default: today]")
@click.option(
    "-o", "out", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="With --history: write the chart (.svg or .html)."
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
    on: dt.date | None,
    out: Path | None,
    as_json: bool,
    project: Path,
) -> None:  # fmt: skip
    """Show the exposure of an importer by element, stage and end use: direct, embedded and traced shares."""
    if history and bom:
        raise click.UsageError("--history and --bom cannot be combined")
    if out and not history:
        raise click.UsageError("-o is only allowed with --history")
    if bom:
        _parts(bom, without, on, year, project, as_json)
    elif history:
        _history(importer, without, out, project, as_json)
    else:
        _exposure(importer, year, element, without, project, chain, as_json)


def _exposure(  # noqa: PLR0913, PLR0917
    importer: str | None, year: int | None, element: str | None, without: str | None, project: Path, chain: str, as_json: bool
) -> None:
    from ytterby.app import DEFAULT_IMPORTER, exposure
    from ytterby.cli.show_exposure import show_exposure
    from ytterby.system import newest_base_year

    found = exposure(importer or DEFAULT_IMPORTER, newest_base_year(chain) if year is None else year, element, project, without, chain)
    print_json(found) if as_json else show_exposure(found, element)


def _history(importer: str | None, supplier: str | None, out: Path | None, project: Path, as_json: bool) -> None:
    from ytterby.app import history, save_history
    from ytterby.cli.show_exposure import PICTURED, show_history

    found = history([importer] if importer else None, supplier or "CN", project)
    if out:
        save_history([row for row in found.history if importer or row.importer in PICTURED], out)
    print_json(found) if as_json else show_history(found, out)


def _parts(path: Path, country: str | None, on: dt.date | None, year: int | None, project: Path, as_json: bool) -> None:  # noqa: PLR0913, PLR0917
    from ytterby.app import bom
    from ytterby.cli.show_exposure import show_parts
    from ytterby.system import RARE_EARTHS, newest_base_year

    found = bom(path, country, on, year or newest_base_year(RARE_EARTHS), project)
    print_json(found) if as_json else show_parts(found)
