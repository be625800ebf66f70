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
    from rich.console import Console
    from rich.table import Table

    table = Table("kind", "what it is", "simulated", box=None, pad_edge=False)
    for entry in entries:
        table.add_row(entry.kind, entry.summary, "yes" if entry.simulated else "not yet")
    Console().print(table)


def _keys(entry: MeasureDescription) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name in ("key", "unit", "default", "meaning"):
        table.add_column(name, no_wrap=name == "key", overflow="fold")
    for field in entry.fields:
        default = "needed" if field.needed else "" if field.default is None else str(field.default)
        table.add_row(field.key, escape(field.unit), escape(default), escape(field.meaning))
    console = Console()
    console.print(entry.summary)
    console.print(table)
