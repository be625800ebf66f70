"""``ytterby scenarios`` (what if): The bundled scenarios."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ytterby.cli.common import language_option, print_json, shared_options

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ytterby.app import ScenarioEntry


@click.command("scenarios")
@click.argument("scenario", required=False)
@language_option("Language of titles.")
@shared_options
def command(scenario: str | None, lang: str, as_json: bool, project: Path) -> None:
    """List the bundled scenarios, or check and show one: a bundled name or a YAML file.

    Example: ytterby scenarios china-licences-2025
    """
    from ytterby.app import list_scenarios, show_scenario

    if scenario is None:
        found = list_scenarios(lang)
        print_json(found) if as_json else _table(found.scenarios)
    else:
        shown = show_scenario(scenario, lang)
        print_json(shown) if as_json else click.echo(shown.yaml, nl=False)


def _table(entries: Iterable[ScenarioEntry]) -> None:
    from ytterby.cli.tables import TextTable, plain_console

    table = TextTable.of("", ("name", "title", "from", "weeks", "base", "measures"), right=("weeks",))
    for entry in entries:
        kinds = ", ".join(entry.kinds) or "none"
        table.add_row(entry.name, entry.title, entry.start, str(entry.weeks), str(entry.base_year), kinds)
    plain_console().print(table)
