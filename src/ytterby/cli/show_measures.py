"""Words and tables of a comparison of measures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.cli.show_run import amount
from ytterby.cli.tables import TextTable, plain_console, prose

if TYPE_CHECKING:
    from rich.console import Console

    from ytterby.ensembles import ComparedMeasures, MeasureComparison, PriceSwings, StandardOutcome

HEADS = ("measures", "volatility", "peak", "weeks > 1.5x")
ALONE = 1
"""Kinds in a set of one."""


def show_comparison(found: MeasureComparison) -> None:
    """Print what each set of measures does to prices, inside and outside, and what it costs."""
    console = plain_console()
    drawn = f"mean of {found.draws} draws, 5-95 % in brackets" if found.draws > 1 else "central run"
    prose(console, f"{found.scenario}: prices of {', '.join(found.goods)}; {drawn}. Inside is {', '.join(found.inside)}.")
    for where in ("outside", "inside"):
        console.print()
        console.print(_swings(where, found))
    console.print()
    console.print(_costs(found))
    prose(console, _words(found))
    for outcome in found.standards:
        _standard(console, outcome)


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


def _standard(console: Console, found: StandardOutcome) -> None:
    console.print()
    table = TextTable.of(f"standard on {', '.join(found.goods)}", ("what", "central run"), left=1)
    table.add_row("certified share of base imports", f"{found.certified_share:.1%}")
    for one in found.premium:
        table.add_row(f"premium of {one.commodity} [USD/kg]", f"{one.usd_per_kg:.3f}")
    table.add_row("kept out [t]", amount(found.kept_out_t))
    table.add_row("diverted to others [t]", amount(found.diverted_t))
    for one in found.effects:
        table.add_row(f"{one.indicator} avoided [{one.unit}]", amount(one.avoided))
        table.add_row(f"{one.indicator} shifted abroad [{one.unit}]", amount(one.abroad))
    per = "-" if found.usd_per_t_co2e is None else amount(found.usd_per_t_co2e)
    table.add_row("USD per t CO2e", per)
    console.print(table)
