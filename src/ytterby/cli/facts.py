"""``ytterby facts`` (where am I exposed): The sourced figures: list, show, check, import."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ytterby.cli.common import print_json, shared_options
from ytterby.cli.names import NameOf
from ytterby.facts import cited, names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ytterby.app import FigureRow


unusual_option = click.option("--unusual", is_flag=True, help="Figures far from all that is known are meant.")


@click.group("facts")
def command() -> None:
    """The sourced figures: list, show, check, import.

    Example: ytterby facts list --quantity price --element Dy
    """


def figure(fact: FigureRow) -> str:
    """Value with its range and unit, or text if the figure is not a number."""
    if fact.value is None:
        return f"({fact.unit})"
    bounds = ["?" if end is None else f"{end:.10g}" for end in (fact.low, fact.high)]
    return f"{fact.value:.10g}" + (f" [{'..'.join(bounds)}]" if bounds != ["?", "?"] else "") + f" {fact.unit}"


DIGITS = 4
"""Significant digits of a figure without a range in the list; ``facts show`` gives all."""


def short_figure(fact: FigureRow) -> tuple[str, str]:
    """Value and range of a figure, rounded to the digits that the range supports; text if it is not a number."""
    from ytterby.report import band_place, plain_place, rounded

    if fact.value is None:
        return "", ""
    known = fact.low is not None and fact.high is not None and fact.high > fact.low
    place = band_place(fact.value, fact.low, fact.high) if known else plain_place(fact.value, DIGITS)
    ends = ["?" if end is None else _grouped(rounded(end, place), place) for end in (fact.low, fact.high)]
    span = f"{ends[0]} to {ends[1]}" if ends != ["?", "?"] else ""
    return _grouped(rounded(fact.value, place), place), span


def _grouped(value: float, place: int) -> str:
    """Number with commas between thousands and without idle zeros."""
    text = f"{value:,.{max(-place, 0)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


HEADS = ("id", "quantity", "of", "where", "period", "value", "range", "unit", "kind", "scope")
SAME = ("quantity", "of")
"""Columns that are left out where all figures agree in them, as they do where they were asked for."""


def _table(facts: Iterable[FigureRow]) -> None:
    """Print figures below a head, with their numbers rounded."""
    from ytterby.cli.tables import TextTable, echo_table

    rows = []
    for fact in facts:
        where = " > ".join(filter(None, (fact.region, fact.partner)))
        cells = (fact.id, fact.quantity, fact.element or "", where, fact.period or "")
        rows.append((*cells, *short_figure(fact), fact.unit, fact.kind, fact.scope or ""))
    told = [place for place, head in enumerate(HEADS) if _tells(head, [row[place] for row in rows])]
    table = TextTable.of("", [HEADS[place] for place in told], right=("value", "range"))
    for row in rows:
        table.add_row(*(row[place] for place in told))
    echo_table(table)


def _tells(head: str, cells: list[str]) -> bool:
    """Whether a column says something: not where it is empty, nor where all figures of a list are of one quantity or element."""
    return any(cells) and not (head in SAME and len(cells) > 1 and len(set(cells)) == 1)


@command.command("list")
@click.option("--quantity", help="Quantity, such as price or mine_production.")
@click.option(
    "--element", type=NameOf(partial(names.column_of_facts, "element"), "ELEMENT"), help="Symbol, name or group, such as Dy or TREO."
)
@click.option(
    "--region", type=NameOf(partial(names.column_of_facts, "region"), "PLACE"), help="Code or name, such as CN, Japan, EU or WORLD."
)
@click.option("--kind", type=click.Choice(["reported", "derived", "assumed"]), help="Reported, derived or assumed.")
@click.option("--period", help="Year or other period, as written in the figures.")
@click.option("--text", default="", help="Text in id, scope, source or note.")
@shared_options
def list_(as_json: bool, project: Path, text: str, **filters: str | None) -> None:
    """List figures.

    Example: ytterby facts list --quantity mine_production --region CN --period 2024
    """
    from ytterby.app import list_facts

    found = list_facts(project, text, **filters)
    if as_json:
        print_json(found)
        return
    if found.facts:
        _table(found.facts)
    kinds = ", ".join(f"{count} {kind}" for kind, count in found.kinds.items())
    click.echo(f"{found.count} figures ({kinds}), as of {found.as_of}" + (f"; {found.user}" if found.user else ""))


@command.command("show")
@click.argument("fact_id", metavar="ID")
@shared_options
def show(fact_id: str, as_json: bool, project: Path) -> None:
    """Show one figure: value, range, source, licence, note, alternatives.

    Example: ytterby facts show CAP0093
    """
    from ytterby.app import show_fact
    from ytterby.cli.tables import echo_hanging

    fact = show_fact(fact_id, project)
    if as_json:
        print_json(fact)
        return
    echo_hanging([f"{fact.id}  {fact.quantity}  {figure(fact)}  ({fact.kind}{', of the user' if fact.user else ''})"], "    ")
    names = (
        "element",
        "commodity",
        "region",
        "partner",
        "sector",
        "period",
        "scope",
        "edition",
        "source",
        "url",
        "source_status",
        "quality",
        "note",
    )
    found = cited(fact.source, fact.url or "")
    said = {name: getattr(fact, name) for name in names} | {"source": found.text, "url": found.url, "read at": found.read_at}
    for name, value in said.items():
        if value:
            echo_hanging([f"  {name}: {value}"], "    ")
    echo_hanging([f"  licence: {fact.licence_name} ({fact.attribution})"], "    ")
    if fact.ours:
        echo_hanging([f"  ours, replaced: {figure(fact.ours)}, {fact.ours.source}"], "    ")
    for state in fact.expired:
        echo_hanging([f"  was to end on {state.end}, no later fact: {state.description}"], "    ")
    for other in fact.alternatives:
        echo_hanging([f"  alternative {other.id}: {figure(other)}, {other.edition or other.source}"], "    ")


@command.command("check")
@click.argument("folder", required=False, type=click.Path(exists=True, path_type=Path))
@unusual_option
@shared_options
def check(folder: Path | None, as_json: bool, project: Path, unusual: bool) -> None:  # noqa: ARG001 (every command takes --project)
    """Check schema, units, ranges, sources and licences; exit code 2 if there are faults.

    Example: ytterby facts check my-figures/
    """
    from ytterby.app import check as check_figures

    found = check_figures(folder, unusual=unusual)
    if as_json:
        print_json(found)
    else:
        for fault in found.faults:
            click.echo(fault.text)
        click.echo(f"{len(found.faults)} faults in {found.checked}" + (f" ({found.rows} rows)" if found.rows else ""))
    sys.exit(2 if found.faults else 0)


@command.command("import")
@click.argument("folder", type=click.Path(exists=True, path_type=Path))
@click.option("--show-effect", is_flag=True, help="Build the bases with and without your figures and say by how much they moved.")
@unusual_option
@shared_options
def import_(folder: Path, as_json: bool, project: Path, unusual: bool, show_effect: bool) -> None:
    """Import your own figures or official releases; they replace bundled figures.

    Example: ytterby facts import downloads/ --show-effect
    """
    from ytterby.app import import_figures
    from ytterby.cli.show_effects import effect_lines

    done = import_figures(folder, project, unusual=unusual, measured=show_effect)
    if as_json:
        print_json(done)
        return
    for taken in done.taken:
        click.echo(f"taken: {taken.file}: {taken.rows} rows as {taken.format}")
        for why, count in taken.reasons.items():
            click.echo(f"  left out: {count:,} line{'s' if count != 1 else ''}: {why}")
        for note in taken.notes:
            click.echo(f"  note: {note}")
    for line in done.refused:
        click.echo(f"refused: {line}")
    if done.superseded:
        click.echo(f"in place of the earlier import: {', '.join(done.superseded)}")
    replaced = sorted({ours for ids in done.replaced.values() for ours in ids})
    if replaced:
        click.echo(f"replaced: {len(replaced)} of our figures, such as {', '.join(replaced[:5])}")
    click.echo(done.user)
    for line in effect_lines(done.effects):
        click.echo(line)
