"""``ytterby watch`` (what happened, and who says so): What became of promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ytterby.cli.common import print_json, shared_options
from ytterby.cli.tables import echo_hanging

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from ytterby.app import WatchResult

EXAMPLE = """
\b
Example:
  ytterby watch --on 2026-11-30 --party JP
"""


@click.command(epilog=EXAMPLE)
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Day on which to look; by default today.")
@click.option("--party", default="", help="Only promises of this country or group, such as JP or EU.")
@shared_options
def command(on: dt.datetime | None, party: str, as_json: bool, project: Path) -> None:
    """Show what became of promises in the articles that the project has read, and in dated facts.

    A promise whose day has passed without a report is overdue: that is no news, not a breach.
    """
    from ytterby.app import watch

    found = watch(project, on=on.date() if on else None, party=party)
    print_json(found) if as_json else show(found)


def show(found: WatchResult) -> None:
    """Print the promises, each with its path, then the shares by kind."""
    whose = f" of {found.party}" if found.party else ""
    click.echo(f"{len(found.watch)} promise{'' if len(found.watch) == 1 else 's'}{whose} on {found.on}\n")
    for row in found.watch:
        who = ", ".join(row.who) or "-"
        path = " > ".join(dict.fromkeys(f"{step.date or 'no day'}: {step.status}" for step in row.status_path))
        seen = f"last seen {row.last_seen}" if row.last_seen else "in no article yet"
        echo_hanging([f"{row.due or 'no day':<12}{row.outcome:<10}{row.kind:<12}{who}"], " " * 34)
        echo_hanging([f"    {row.promise}", f"    {path}; {seen}"], "    ")
    known = [row for row in found.shares if row.known]
    if known:
        click.echo("\nof the promises of which something is known")
    for kind in known:
        click.echo(f"  {kind.kind:<12}{kind.known:>4} known: {kind.kept:.0%} kept, {kind.late:.0%} late, {kind.ended:.0%} ended")
        late, ended = kind.prior["late"], kind.prior["ended"]
        click.echo(f"{'':14}next one late {late.low:.0%} to {late.high:.0%}, ended {ended.low:.0%} to {ended.high:.0%} (90 %)")
