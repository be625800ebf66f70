"""``ytterby brief`` (brief me): The main job: articles, scenarios or runs to a briefing."""

from __future__ import annotations

from pathlib import Path

import click

from ytterby.cli.common import OutputFile, language_option, print_json, progress_bar, shared_options
from ytterby.cli.names import REGIONS
from ytterby.cli.tables import echo_hanging

EXAMPLE = """
\b
Examples:
  ytterby brief china-licences-2025 -o brief.html
  ytterby brief news/*.txt china-licences-2025 --lang de --pdf
  ytterby brief total-stop --importer JP,DE
  ytterby brief plan-of-japan -o plan.html
"""


@click.command("brief", epilog=EXAMPLE)
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option(
    "-o",
    "--output",
    type=OutputFile(".html", ".htm", ".pdf"),
    default=Path("brief.html"),
    show_default=True,
    help="File to write; .pdf gives a PDF.",
)
@click.option("--pdf", "with_pdf", is_flag=True, help="Also write a PDF next to the HTML file.")
@language_option("Language of the briefing.")
@click.option(
    "--importer",
    type=REGIONS,
    default="JP",
    show_default=True,
    help="Region or group that the briefing is written for; several such as JP,DE stand side by side.",
)
@click.option(
    "--draws", type=click.IntRange(1, 10_000_000), default=200, show_default=True, help="Draws of scenarios that have not been run yet."
)
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True, help="Seed of these draws.")
@click.option("--workers", type=click.IntRange(1, 1024), default=1, show_default=True, help="Processes on this machine.")
@click.option(
    "--backtest", type=click.Path(dir_okay=False, path_type=Path), help="Output of 'ytterby backtest EPISODE --json', for the hit rate."
)
@shared_options
def command(  # noqa: PLR0913
    inputs: tuple[str, ...],
    output: Path,
    with_pdf: bool,
    lang: str,
    importer: str,
    draws: int,
    seed: int,
    workers: int,
    backtest: Path | None,
    as_json: bool,
    project: Path,
) -> None:
    """Write a briefing from INPUT: articles, scenarios (names or files) and run folders, mixed.

    Folders that plan, cooperate, negotiate or trade wrote with --out get a page of their own: several plans stand side by side.
    """
    from ytterby.app import BriefRequest, brief

    order = BriefRequest(inputs, lang, importer, draws, seed, workers, project, backtest=backtest)
    with progress_bar("draws", hidden=draws == 1) as progress:
        done = brief(order, progress)
    places = [str(place) for place in done.save(output, with_pdf=with_pdf)]
    if as_json:
        print_json({"files": places, **done.summary().to_dict()})
        return
    echo_hanging((done.summary().answer, *done.summary().beside), "")
    click.echo(f"written: {', '.join(places)}", err=True)
