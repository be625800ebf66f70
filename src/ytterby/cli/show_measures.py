"""Words and tables of a comparison of measures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.cli.numbers import amount
from ytterby.cli.tables import TextTable, plain_console, prose

if TYPE_CHECKING:
    from ytterby.app import RecipeList
    from ytterby.ensembles import ComparedMeasures, MeasureComparison, PriceSwings, StandardOutcome

HEADS = ("measures", "volatility", "peak", "weeks > 1.5x")
ALONE = 1
"""Kinds in a set of one."""


def show_comparison(found: MeasureComparison) -> None:
    """Print what each set of measures does to prices, inside and outside, and what it costs."""
    console = plain_console()
    drawn = f"mean of {found.draws} draws, 5-95 % in brackets" if found.draws > 1 else "central run"
    prose(
        console, f"{found.scenario}: prices of {', '.join(found.goods)}; {drawn}. Inside is {', '.join(found.inside)}; {found.payer} pays."
    )
    for where in ("outside", "inside"):
        console.print()
        console.print(_swings(where, found))
    console.print()
    console.print(_costs(found))
    prose(console, _words(found))
    if found.standards:
        console.print()
        console.print(_standards(found.standards))
        console.print()
        console.print(_by_indicator(found.standards))


MAIN_GOODS = 3
"""Goods that are shown of a recipe with many."""


def show_recipes(found: RecipeList) -> None:
    """Print what a tonne of each recipe takes in and gives out, the largest amounts first."""
    table = TextTable.of(f"recipes, base {found.year} [t per t of activity]", ("recipe", "takes in", "gives out"))
    for row in found.recipes:
        table.add_row(row.recipe, _amounts(row.takes), _amounts(row.gives))
    plain_console().print(table)


def _amounts(goods: dict[str, float]) -> str:
    ordered = sorted(goods.items(), key=lambda item: -item[1])
    more = f" and {len(ordered) - MAIN_GOODS} more" if len(ordered) > MAIN_GOODS else ""
    return ", ".join(f"{size:.3g} {name}" for name, size in ordered[:MAIN_GOODS]) + more


def _name(row: ComparedMeasures) -> str:
    return "none" if not row.kinds else row.kinds[0] if len(row.kinds) == ALONE else "all together"


def _swings(where: str, found: MeasureComparison) -> TextTable:
    table = TextTable.of(where, HEADS, left=1)
    for row in found.rows:
        table.add_row(_name(row), *_cells(row.outside if where == "outside" else row.inside, banded=found.draws > 1))
    return table


def _cells(row: PriceSwings, *, banded: bool) -> tuple[str, ...]:
    shown = []
    for name, form in (("volatility", ".3f"), ("peak_multiple", ".2f"), ("weeks_above_1_5x", ".1f")):
        mean, low, high = (getattr(row, f"{name}{end}") for end in ("", "_low", "_high"))
        shown.append(f"{mean:{form}}" + (f" ({low:{form}}-{high:{form}})" if banded else ""))
    return tuple(shown)


def _costs(found: MeasureComparison) -> TextTable:
    table = TextTable.of("public money", ("measures", "USD", "points removed", "USD per point"), left=1)
    for row in found.rows[1:]:
        per = "-" if row.usd_per_point is None else amount(row.usd_per_point)
        table.add_row(_name(row), amount(row.public_usd), f"{row.points_removed:.2f}", per)
    return table


def _words(found: MeasureComparison) -> str:
    return (
        "Volatility is the deviation of weekly log prices on a yearly scale; a point is a hundredth of it, outside. "
        f"The {len(found.measures)} measures have usual sizes, which are assumptions; --json lists their keys. Public money is what stocks "
        "cost to fill and floors pay over the horizon, less charges."
    )


def _standards(found: tuple[StandardOutcome, ...]) -> TextTable:
    heads = ("standard on", "certified", "premium USD/kg", "kept out t", "diverted t", "CO2e avoided t", "abroad t", "USD per t CO2e")
    table = TextTable.of("standards, central run", heads, left=1)
    for row in found:
        premium = ", ".join(f"{round(one.usd_per_kg, 3) + 0.0:.3f}" for one in row.premium) or "-"
        gas = next(one for one in row.effects if one.indicator == "co2e")
        per = "-" if row.usd_per_t_co2e is None else amount(row.usd_per_t_co2e)
        tonnes = (amount(value) for value in (row.kept_out_t, row.diverted_t, gas.avoided, gas.abroad))
        table.add_row(", ".join(row.goods), f"{row.certified_share:.0%}", premium, *tonnes, per)
    return table


def _by_indicator(found: tuple[StandardOutcome, ...]) -> TextTable:
    table = TextTable.of("", ("all standards, each alone", "unit", "avoided", "shifted abroad"), left=2)
    for name in dict.fromkeys(one.indicator for row in found for one in row.effects):
        cells = [one for row in found for one in row.effects if one.indicator == name]
        table.add_row(name, cells[0].unit, amount(sum(one.avoided for one in cells)), amount(sum(one.abroad for one in cells)))
    return table
