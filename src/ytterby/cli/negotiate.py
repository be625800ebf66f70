"""``ytterby negotiate`` (what to do, and with whom): Talks on duties and minerals: the room, what concessions are worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ytterby.cli.common import OutputFile, OutputFolder, print_json, progress_bar, shared_options
from ytterby.cli.names import DAY

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from ytterby.app import Picture

EXAMPLE = """
\b
Examples:
  ytterby negotiate --parties JP,US
  ytterby negotiate --as-of 2025-05-30 --weights JP.jobs=2,US.balance=0.1
  ytterby negotiate --without-minerals -o map.svg
  ytterby negotiate --without-minerals --with standard
  ytterby negotiate --out talks && ytterby brief talks -o talks.html
"""


@click.command("negotiate", epilog=EXAMPLE)
@click.option("--parties", metavar="JP,US", help="Parties; they are those of the talks.")
@click.option("--talks", default="us-japan-2025", show_default=True, help="Bundled talks, or a YAML file.")
@click.option("--weights", metavar="JP.jobs=2,...", help="Weights of terms by party; jobs, balance and prestige count only with one.")
@click.option("--as-of", type=DAY, help="Day of the talks: nothing that became known later enters.  [default: that of the talks]")
@click.option("--draws", type=click.IntRange(0, 10_000), default=50, show_default=True, help="Draws of the bands; 0 for none.")
@click.option("--scenarios", type=click.IntRange(4, 200), default=4, show_default=True, help="Weighted paths for programmes on minerals.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True, help="Seed of paths and draws.")
@click.option("--show-talks", is_flag=True, help="Print the file of the talks, to copy and change, and do nothing else.")
@click.option("--without-minerals", is_flag=True, help="Leave programmes on minerals out, which spares their plans.")
@click.option("--with", "also", metavar="ISSUE", multiple=True, help="Issue that the talks leave out unless asked for, such as standard.")
@click.option(
    "-o", "--output", type=OutputFile(".csv", ".svg"), help="Write all packages (.csv) or the map of utilities as a picture (.svg)."
)
@click.option(
    "--picture", type=click.Choice(["map", "parts"]), default="map", show_default=True, help="Picture: the map, or who gives and gets what."
)
@click.option("--each-day", is_flag=True, help="Also the room on each day that the talks compare, each with minerals as known then.")
@click.option(
    "--out",
    type=OutputFolder(),
    metavar="DIR",
    help="Write result and tables into a folder for 'ytterby brief DIR'; with --each-day.",
)
@shared_options
def command(  # noqa: PLR0913
    parties: str | None,
    talks: str,
    weights: str | None,
    as_of: dt.date | None,
    draws: int,
    scenarios: int,
    seed: int,
    show_talks: bool,
    without_minerals: bool,
    also: tuple[str, ...],
    output: Path | None,
    picture: Picture,
    each_day: bool,
    out: Path | None,
    as_json: bool,
    project: Path,
) -> None:
    """Show which packages all prefer to no deal, where rules of bargaining lead, and where what was agreed stands."""
    from ytterby.app import NegotiateRequest, Negotiation, concluded, save_negotiation, save_talks, talks_text
    from ytterby.cli.show_negotiate import show

    if show_talks:
        click.echo(talks_text(talks), nl=False)
        return

    request = NegotiateRequest(
        parties=tuple(parties.split(",")) if parties else (),
        talks=talks,
        weights=weights,
        as_of=as_of,
        draws=draws,
        scenarios=scenarios,
        seed=seed,
        each_day=each_day or out is not None,
        without_minerals=without_minerals,
        also=also,
        project=project,
    )
    with progress_bar("programmes", hidden=as_json) as move:
        work = Negotiation(request, move)
        found = concluded(work)
    if out:
        save_talks(work, found, out)
    if output:
        save_negotiation(work, found, output, picture)
    print_json(found) if as_json else show(found)
