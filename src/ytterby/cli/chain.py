"""``ytterby chain``: the base system and its closed balance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ytterby.cli.common import print_json, shared_options

if TYPE_CHECKING:
    from pathlib import Path


@click.command(epilog="Example: ytterby chain --year 2024 --json")
@click.option("--year", type=int, default=2024, show_default=True, help="Base year: 2024 or 2009.")
@shared_options
def command(year: int, as_json: bool, project: Path) -> None:
    """Build the base system and print its closed mass balance."""
    from ytterby.workbench import chain

    summary = chain.chain(year, project)
    print_json(summary)
