"""``ytterby calendar`` (what happened, and who says so): Dated decisions ahead, with branches and probabilities."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ytterby.cli.common import print_json, shared_options
from ytterby.cli.names import DAY

if TYPE_CHECKING:
    import datetime as dt

EXAMPLE = """
\b
Examples:
  ytterby calendar --until 2027-06-30
  ytterby calendar --on 2026-09-01
  ytterby calendar --draft fork.yaml --decision china-ga-ge-sb-ban-2026
"""


@click.command("calendar", epilog=EXAMPLE)
@click.option("--until", type=DAY, help="Last day shown.")
@click.option("--on", type=DAY, help="Day from which they are seen.  [default: today]")
@click.option("--draft", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Write the scenario of one decision.")
@click.option("--decision", metavar="ID", help="With --draft: which decision.  [default: the next one ahead]")
@shared_options
def command(until: dt.date | None, on: dt.date | None, draft: Path | None, decision: str | None, as_json: bool, project: Path) -> None:
    """Show dated decisions with their branches and probabilities: ends of suspensions, deadlines, ministerials, rulings."""
    from ytterby.app import calendar
    from ytterby.cli.show_calendar import show

    found = calendar(until, on, draft, decision, project)
    print_json(found) if as_json else show(found)
