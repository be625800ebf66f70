"""``ytterby measures`` (what to do, and with whom): The kinds of measures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ytterby.cli.common import language_option, print_json, progress_bar, shared_options
from ytterby.cli.names import REGION

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ytterby.app import MeasureDescription

EXAMPLE = """
\b
Example:
  ytterby measures licence
  ytterby measures --compare price_floor,stockpile,offtake --scenario china-licences-2025
  ytterby measures --candidates --party JP --stage magnet
"""


@click.command("measures", epilog=EXAMPLE)
@click.argument("name", metavar="[KIND|ID]", required=False)
@click.option("--compare", "compared", metavar="KINDS", help="Kinds, separated by commas: what each and all together do to prices.")
@click.option("--recipes", is_flag=True, help="List the recipes that a project may name.")
@click.option("--scenario", help="Scenario on which kinds are compared: a bundled name or a file.")
@click.option(
    "--draws", type=click.IntRange(1, 100_000), default=100, show_default=True, help="Draws that are compared; 1 is the central run."
)
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True, help="Seed of the draws.")
@click.option("--candidates", is_flag=True, help="List the measures that parties may pay for, or show all figures of one.")
@click.option(
    "--party",
    type=REGION,
    help="Only candidates that it hosts, helps with or may take from, with its share; who pays in a comparison: JP if not given.",
)
@click.option("--stage", help="Only candidates of a stage, such as mine, oxide, metal or magnet.")
@click.option("--kind", "only", metavar="KIND", help="Only candidates of a kind, such as project or stockpile.")
@click.option("--as-of", metavar="DATE", help="Only candidates that were known on a day, month or year.")
@language_option("Language of the candidates' names.")
@shared_options
def command(  # noqa: PLR0913
    name: str | None, compared: str | None, recipes: bool, scenario: str | None, draws: int, seed: int, candidates: bool,
    party: str | None, stage: str | None, only: str | None, as_of: str | None, lang: str, as_json: bool, project: Path,
) -> None:  # fmt: skip
    """List the kinds of measures, show the keys of one, list recipes or what parties may pay for, or compare kinds on a scenario."""
    wanted = {"party": party or "", "stage": stage or "", "kind": only or "", "as_of": as_of or ""}
    if candidates:
        _candidates(name, wanted, lang, as_json=as_json, project=project)
    elif any(value for key, value in wanted.items() if compared is None or key != "party"):
        raise click.UsageError("--party, --stage, --kind and --as-of go with --candidates, --party also with --compare")
    elif recipes:
        _recipes(as_json=as_json, project=project)
    elif compared is not None:
        _compare(compared, scenario, party, draws, seed, as_json=as_json, project=project)
    elif scenario is not None:
        raise click.UsageError("--scenario says on what kinds are compared: give --compare too")
    else:
        _list(name, as_json=as_json)


def _list(kind: str | None, *, as_json: bool) -> None:
    from ytterby.app import list_measures
    from ytterby.errors import UnknownNameError

    found = list_measures()
    chosen = [entry for entry in found.measures if kind in (None, entry.kind)]
    if not chosen:
        raise UnknownNameError("kind", str(kind), [entry.kind for entry in found.measures])
    if as_json:
        print_json(found if kind is None else chosen[0])
    elif kind is None:
        _kinds(chosen)
    else:
        _keys(chosen[0])


def _candidates(name: str | None, wanted: dict[str, str], lang: str, *, as_json: bool, project: Path) -> None:
    from ytterby.app import list_candidates, show_candidate
    from ytterby.cli.show_candidates import show_list, show_one

    if name is None:
        found = list_candidates(project, **wanted, lang=lang)
        print_json(found) if as_json else show_list(found)
    else:
        row = show_candidate(name, project, wanted["party"], lang)
        print_json(row) if as_json else show_one(row)


def _recipes(*, as_json: bool, project: Path) -> None:
    from ytterby.app import list_recipes
    from ytterby.cli.show_measures import show_recipes

    found = list_recipes(project=project)
    if as_json:
        print_json(found)
    else:
        show_recipes(found)


def _compare(  # noqa: PLR0913
    compared: str, scenario: str | None, party: str | None, draws: int, seed: int, *, as_json: bool, project: Path
) -> None:
    from ytterby.app import DEFAULT_IMPORTER, measure_comparison
    from ytterby.cli.show_measures import show_comparison

    if scenario is None:
        raise click.UsageError("--compare needs --scenario, such as --scenario china-licences-2025")
    kinds = [name.strip() for name in compared.split(",") if name.strip()]
    if not kinds:
        raise click.UsageError("--compare names no kind, such as --compare price_floor,stockpile,offtake")
    with progress_bar("sets") as progress:
        found = measure_comparison(kinds, scenario, draws, seed, project, progress, party=party or DEFAULT_IMPORTER)
    if as_json:
        print_json(found)
    else:
        show_comparison(found)


def _kinds(entries: Iterable[MeasureDescription]) -> None:
    from ytterby.cli.tables import TextTable, plain_console

    table = TextTable.of("", ("kind", "what it is", "simulated"))
    for entry in entries:
        table.add_row(entry.kind, entry.summary, "yes" if entry.simulated else "not yet")
    plain_console().print(table)


def _keys(entry: MeasureDescription) -> None:
    from ytterby.cli.tables import TextTable, plain_console, prose

    table = TextTable.of("", ("key", "unit", "default", "meaning"))
    for field in entry.fields:
        default = "needed" if field.needed else "" if field.default is None else str(field.default)
        table.add_row(field.key, field.unit, default, field.meaning)
    console = plain_console()
    prose(console, entry.summary)
    console.print(table)
