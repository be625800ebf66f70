"""Candidate measures on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.cli.tables import TextTable, echo_table, plain_console, prose
from ytterby.report import band_place, plain_place, rounded

if TYPE_CHECKING:
    from ytterby.app import CandidateFigure, CandidateList, CandidateRow

MILLION = 1e6
DASH = "-"
PER_TONNE = ("stockpile", "substitution", "standard")
"""Kinds whose size a party chooses: they are costed by the tonne."""


def show_list(found: CandidateList) -> None:
    """One line a measure: size, first year, cost, chance that it never opens, share of the party."""
    heads = ["measure", "where", "good", "status", "t/year", "from", "M USD", "never", *(["share"] if found.party else [])]
    table = TextTable.of("", heads, right=("t/year", "from", "M USD", "never", "share"))
    for row in found.candidates:
        table.add_row(*_cells(row), *([_percent(row.share)] if found.party else []))
    if found.candidates:
        echo_table(table)
    kinds = ", ".join(f"{count} {kind}" for kind, count in found.kinds.items())
    who = f" open to {found.party}" if found.party else ""
    if any(row.kind in PER_TONNE for row in found.candidates):
        prose(plain_console(), "stocks, savings and standards: per tonne")
    prose(plain_console(), f"{found.count} measures{who}{f' ({kinds})' if kinds else ''}; {len(found.left_out)} on record are left out")


def _cells(row: CandidateRow) -> tuple[str, ...]:
    """Cells of a line; a measure of any party starts so many years after the decision."""
    figures = row.figures
    lead = figures["lead"]
    first = str(row.earliest_start) if row.earliest_start else f"+{_number(lead)}"
    cost = _number(figures["capex"], MILLION) if "capex" in figures else DASH
    return (row.id, row.host, row.goods[0], row.status, _number(figures["capacity"]), first, cost, _percent(figures["cancel"].value))


def show_one(row: CandidateRow) -> None:
    """All figures of a measure, with range, unit and the facts behind them."""
    console = plain_console()
    prose(console, f"{row.id}: {row.name}", "bold")
    where = f"{row.kind} in {row.host}, {row.status} as of {row.as_of}; goods: {', '.join(row.goods)}"
    recipe = f"; recipe: {' '.join(row.recipes)}" if row.recipes else ""
    prose(console, where + recipe)
    table = TextTable.of("", ("figure", "low", "value", "high", "unit", "known as", "facts"), right=("low", "value", "high"))
    for name, figure in row.figures.items():
        ends = (_end(figure, end) for end in (figure.low, figure.value, figure.high))
        table.add_row(name, *ends, figure.unit, figure.basis, " ".join(figure.facts))
    console.print(table)
    prose(console, f"ramp: {', '.join(_percent(share) for share in row.ramp)} ({row.ramp_basis})")
    prose(console, f"entitled: {', '.join(f'{who} {_percent(share)}' for who, share in row.entitled.items())} ({row.entitled_basis})")
    if row.share is not None:
        prose(console, f"share of the party: {_percent(row.share)}")
    if row.note:
        prose(console, f"note: {row.note}")


def _number(figure: CandidateFigure, scale: float = 1.0) -> str:
    """Value rounded as its range allows, in units of ``scale``."""
    return _rounded(figure.value, figure, scale)


def _end(figure: CandidateFigure, end: float) -> str:
    return _rounded(end, figure, 1.0)


def _rounded(value: float, figure: CandidateFigure, scale: float) -> str:
    place = band_place(figure.value / scale, figure.low / scale, figure.high / scale)
    text = f"{rounded(value / scale, place):,.{max(-place, 0)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _percent(share: float | None) -> str:
    """Share in per cent with two digits; a dash for none."""
    if share is None:
        return DASH
    text = f"{rounded(share * 100, min(plain_place(share * 100), 0)):f}"
    return f"{text.rstrip('0').rstrip('.')} %"
