"""``ytterby measures``: the kinds of measures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ytterby.cli.common import print_json, shared_options

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ytterby.app import MeasureDescription


@click.command("measures")
@click.argument("kind", required=False)
@shared_options
def command(kind: str | None, as_json: bool, project: Path) -> None:
    """List the kinds of measures, or show the keys of one.

    Example: ytterby measures licence
    """
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
