"""``ytterby chain`` (where am I exposed): The base system: closed mass balance and residuals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ytterby.cli.common import print_json, shared_options
from ytterby.cli.names import ELEMENT

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path


@click.command(epilog="Example: ytterby chain --year 2024 --element Dy")
@click.option("--year", type=int, help="Base year.  [default: the newest of the chain]")
@click.option("--chain", "minerals", default="rare-earths", show_default=True, help="Minerals: rare-earths, gallium-germanium or antimony.")
@click.option("--at", type=click.DateTime(["%Y-%m", "%Y-%m-%d"]), metavar="YYYY-MM", help="Roll the base forward to this month.")
@click.option("--path", metavar="NAME", help="Path of demand of --at.  [default: announced-pledges]")
@click.option("--element", type=ELEMENT, help="One element: its balance by stage and region.")
@shared_options
def command(  # noqa: PLR0913
    year: int | None, minerals: str, at: dt.datetime | None, path: str | None, element: str | None, as_json: bool, project: Path
) -> None:
    """Build the base system and print its closed mass balance."""
    from ytterby.app import chain
    from ytterby.cli import show_chain

    result = chain(year, project, element, minerals, at.date() if at else None, path)
    print_json(result) if as_json else show_chain.show(result)
