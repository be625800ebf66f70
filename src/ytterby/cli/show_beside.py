"""Terminal output of the exposure of several importers side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.cli.show_exposure import main_supplier, percent
from ytterby.cli.tables import TextTable, plain_console, prose
from ytterby.cli.words import country
from ytterby.facts import symbols

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ytterby.exposure import ExposureResult

EACH = ("supplier", "direct", "embedded", "in all")


def show_beside(found: Sequence[ExposureResult]) -> None:
    """Print the dependence of several importers on their largest supplier, element by element."""
    console = plain_console()
    prose(
        console,
        f"Exposure of {', '.join(country(one.importer) for one in found)}, base year {found[0].year}, as of {found[0].as_of}",
        "bold",
    )
    heads = [f"{one.importer} {head}" for one in found for head in EACH]
    numbers = [head for head in heads if not head.endswith("supplier")]
    table = TextTable.of("Dependence of use: share of the largest foreign supplier, by mass", ["element", *heads], right=numbers)
    elements = list(dict.fromkeys(use.element for one in found for use in one.uses))
    for element in elements:
        cells = [cell for one in found for cell in _cells(one, element)]
        table.add_row(f"{element} {symbols()[element].name()}", *cells)
    table.caption = (
        "direct: last border crossed from there, as concentrate, oxide, metal or magnet; embedded: in components; in all: processed "
        "there at any stage. One importer at a time has the other tables"
    )
    console.print()
    console.print(table)


def _cells(found: ExposureResult, element: str) -> tuple[str, ...]:
    """Largest supplier of an element with its shares; dashes where the importer uses none of it."""
    top = main_supplier(found, element)
    if top is None:
        return ("-",) * len(EACH)
    shares = found.dependence(element, top.supplier)
    return country(top.supplier), percent(shares.direct), percent(shares.embedded), percent(shares.traced)
