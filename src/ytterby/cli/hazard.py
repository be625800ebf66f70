"""``ytterby hazard`` (how right is it): The probability of a new export restriction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ytterby.cli.common import print_json, progress_bar, shared_options
from ytterby.cli.names import COUNTRY_OR_ANY, FAMILY_OR_ANY
from ytterby.cli.numbers import significant
from ytterby.facts import names

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from ytterby.app import HazardResult

EXAMPLE = """
\b
Example:
  ytterby hazard --country CN --family rare_earths --years 5
"""


EVERY_FAMILY = (
    "any: at least one on whatever material, so more likely than one on a given family; a restriction on several families counts once "
    "there, and once in the row of each."
)


@click.command("hazard", epilog=EXAMPLE)
@click.option("--country", type=COUNTRY_OR_ANY, default="any", show_default=True, help="Restricting country, by code or name.")
@click.option("--family", type=FAMILY_OR_ANY, default="any", show_default=True, help="Family of material, such as rare_earths or nickel.")
@click.option("--kind", default="any", show_default=True, help="Kind: ban, duty, licence, list, quota, tax, technology.")
@click.option(
    "--target", type=COUNTRY_OR_ANY, default="any", show_default=True, help="Country affected by the restriction, by code or name."
)
@click.option("--years", type=click.IntRange(1, 50), default=5, show_default=True, help="Horizon.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Use only the record up to this day.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True, help="Seed of the draws.")
@shared_options
def command(  # noqa: PLR0913
    country: str, family: str, kind: str, target: str, years: int, until: dt.datetime | None, seed: int, as_json: bool, project: Path
) -> None:
    """Show the probability of a new export restriction, estimated from the record of restrictions since 2007."""
    from ytterby.app import hazard

    with progress_bar("fit to the record"):
        found = hazard(country, family, kind, target, years, until.date() if until else None, seed, project)
    print_json(found) if as_json else show(found)


def _on_record(found: HazardResult) -> str:
    """Restrictions on record, and how many entries they make where one on several families counts for each of them."""
    entries = next((check.seen for check in found.checks if check.what.startswith("entries in all")), None)
    by_family = "" if entries is None else f", {entries:.0f} entries by family at who could restrict it"
    return f"{len(found.record)} restrictions on record{by_family}"


def show(found: HazardResult) -> None:
    """Print the probabilities, then the fit of the model to the record."""
    from babel import Locale

    from ytterby.app import place_name
    from ytterby.cli.tables import TextTable, plain_console, prose

    console, english = plain_console(), Locale.parse("en").territories
    span = "the next year" if found.years == 1 else f"{found.years} years"
    prose(console, f"At least one new restriction within {span} of {found.until} ({_on_record(found)}; no census)", "bold")
    table = TextTable.of("", ("supplier", "family", "probability", "80 % band", "a year", "band", "on record"), 2)
    for row in found.rows:
        # countries that are no region of the model have their English name
        name = place_name(row.country) if place_name(row.country) != row.country else english.get(row.country, "")
        place = f"{row.country} {name}".strip() if row.country not in names.EVERYWHERE else row.country
        band, rates = f"{row.low:.0%} - {row.high:.0%}", f"{row.rate_low:.2f} - {row.rate_high:.2f}"
        table.add_row(place, row.family, f"{row.probability:.0%}", band, f"{row.rate:.2f}", rates, f"{row.events:.0f}")
    console.print()
    console.print(table)
    if any(row.family in names.EVERYWHERE for row in found.rows):
        prose(console, EVERY_FAMILY)
    fit = TextTable.of(
        "Fit to the record: observed, and simulated by the model (80 %)", ("of the record", "observed", "model", "without waves", ""), 1
    )
    for check in found.checks:
        plain = f"{significant(check.plain_low)} - {significant(check.plain_high)}"
        model = f"{significant(check.low)} - {significant(check.high)}"
        fit.add_row(check.what, significant(check.seen), model, plain, "" if check.inside else "MISS")
    console.print()
    console.print(fit)
    if held := found.held_out:
        naive = ", ".join(f"{name} {value:.3f}" for name, value in held.naive_brier.items())
        console.print()
        prose(
            console,
            f"From the record until {held.split}: {held.expected:.1f} of {held.cells} pairs expected to restrict in the "
            f"{held.years:.1f} years since, {held.happened} did. Brier score {held.brier:.3f}; naive: {naive}.",
        )
