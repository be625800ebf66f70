"""``ytterby trade`` (what to do, and with whom): What dated duties do to trade, revenue, value added, jobs, balances."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ytterby.cli.common import OutputFile, OutputFolder, print_json, shared_options

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE = """
\b
Examples:
  ytterby trade us-tariffs-japan-2025
  ytterby trade us-tariffs-japan-2025 --horizon long --draws 1000
  ytterby trade my-duties.yaml -o months.csv
"""


@click.command("trade", epilog=EXAMPLE)
@click.argument("scenario")
@click.option(
    "--horizon",
    type=click.Choice(["short", "medium", "long"]),
    default=None,
    help="How far prices and buyers have adapted: within a year, over two, later; by default as the year that is added up lies.",
)
@click.option("--draws", type=click.IntRange(0, 100_000), default=200, show_default=True, help="Draws of the bands; 0 for none.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True, help="Seed of the draws.")
@click.option(
    "-o", "--output", type=OutputFile(".csv", ".svg"), help="Write the months (.csv) or the steps of the duties as a picture (.svg)."
)
@click.option("--out", type=OutputFolder(), metavar="DIR", help="Write result and months into a folder, for 'ytterby brief DIR'.")
@shared_options
def command(
    scenario: str, horizon: str | None, draws: int, seed: int, output: Path | None, out: Path | None, as_json: bool, project: Path
) -> None:  # noqa: PLR0913
    """Show what the duties of SCENARIO on groups of products do to trade, revenue, value added, jobs and balances."""
    from ytterby.app import save_duties, save_trade, trade
    from ytterby.cli.show_trade import show

    found = trade(scenario, horizon, draws, seed, project)  # type: ignore[arg-type]  # click has checked the choice
    if out:
        save_duties(found, out)
    if output:
        save_trade(found, output)
    print_json(found) if as_json else show(found)
