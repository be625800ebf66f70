"""``ytterby chain``: the base system and its closed balance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ytterby.cli.common import print_json, shared_options

if TYPE_CHECKING:
    from pathlib import Path


@click.command(epilog="Example: ytterby chain --year 2024 --element Dy")
@click.option("--year", type=int, help="Base year.  [default: the newest of the chain]")
@click.option("--chain", "minerals", default="rare-earths", show_default=True, help="Minerals: rare-earths, gallium-germanium or antimony.")
@click.option("--element", metavar="SYMBOL", help="One element: its balance by stage and region.")
@shared_options
def command(year: int | None, minerals: str, element: str | None, as_json: bool, project: Path) -> None:
    """Build the base system and print its closed mass balance."""
    from ytterby.app import chain
    from ytterby.cli import show_chain

    result = chain(year, project, element, minerals)
    print_json(result) if as_json else show_chain.show(result)
