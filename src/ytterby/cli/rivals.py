"""``ytterby rivals`` (how right is it): The loss from a one-year stop compared with published estimates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ytterby.cli.common import print_json, shared_options
from ytterby.cli.tables import echo_hanging

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE = """
\b
Example:
  ytterby rivals --region JP
"""


@click.command("rivals", epilog=EXAMPLE)
@click.option("--region", default="JP", show_default=True, help="Region that is cut off from supply for one year.")
@shared_options
def command(region: str, as_json: bool, project: Path) -> None:
    """Compare the loss from a one-year stop with published estimates, and show which assumptions explain the difference."""
    from ytterby.app import rivals

    found = rivals(region, project)
    if as_json:
        print_json(found)
        return
    echo_hanging((found.headline, *found.lines))
