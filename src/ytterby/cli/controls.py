"""``ytterby controls`` (where am I exposed): The goods under export controls and duties, on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ytterby.cli.common import print_json, shared_options
from ytterby.cli.names import COUNTRY, DAY, MATERIAL

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

EXAMPLE = """
\b
Examples:
  ytterby controls --material Dy --by CN
  ytterby controls --hs 850511 --on 2025-11-20
  ytterby controls --on 2026-03-01 --since 2025-10-01
"""


@click.command("controls", epilog=EXAMPLE)
@click.option("--on", type=DAY, help="Day of the states.  [default: today]")
@click.option("--material", type=MATERIAL, help="Element or family of materials, such as Dy, dysprosium or tungsten.")
@click.option("--hs", metavar="HEADING", help="Heading of the harmonised system, 2 to 10 digits, such as 850511.")
@click.option("--by", type=COUNTRY, help="Country that controls, by code or name.")
@click.option("--since", type=DAY, help="Also what changed from this day on.")
@click.option("--all", "everything", is_flag=True, help="Also what ended, was not enforced, or nobody has confirmed for three years.")
@shared_options
def command(
    on: dt.date | None,
    material: str | None,
    hs: str | None,
    by: str | None,
    since: dt.date | None,
    everything: bool,
    as_json: bool,
    project: Path,
) -> None:  # fmt: skip
    """Show the goods under export controls and duties, with their legal state on a day."""
    from ytterby.app import controls
    from ytterby.cli.show_controls import show

    found = controls(on, material, hs, by, since, project)
    print_json(found) if as_json else show(found, everything=everything)
