"""Terminal output of the base system."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.cli.tables import TextTable, plain_console, prose
from ytterby.cli.words import country
from ytterby.facts import regions, symbols
from ytterby.system import RARE_EARTHS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ytterby.app import (
        Adjustment,
        ChainResult,
        ComparedShare,
        CoveredStage,
        ElementTotals,
        MeasureInForce,
        Residual,
        RolledChange,
        StageBalance,
    )

CLOSED = 1e-6
"""Gap below which a balance is closed [1]."""
NOTHING = 0.05
"""Tonnes that are shown as none [t]."""
LEADERS, MOVED, LEFT, FOLLOWED = 4, 12, 12, 6
"""Numbers of rows for the largest shares, adjustments, residuals, and uses and mines that were rolled."""

WELL_KNOWN, NAMED = 0.8, 5
"""Share of output with figures from which a stage is not told as lacking them [1]; names that are listed."""
LINES = ("production", "imports", "exports", "use", "loss", "residual")
SHARES = {
    "mine": "mining",
    "refining_magnet_ree": "refining of Nd, Pr, Dy, Tb",
    "separation_heavy": "separation of Dy, Tb",
    "metal": "Nd and NdPr metal",
    "magnet": "NdFeB magnets, rough",
}
"""Names of the shares that are model results."""


def show(result: ChainResult) -> None:
    """Print a base system."""
    console = plain_console()
    rare = result.chain == RARE_EARTHS
    name = result.year if rare else f"{result.chain} {result.year}"
    unit = "t REO" if rare else "t of the element"
    rolled = f", rolled to {result.at} on the path {result.path}" if result.at else ""
    prose(console, f"Base system {name}{rolled}, as of {result.as_of}, digest {result.digest[:12]}", "bold")
    prose(
        console,
        f"World mine output {result.world_mine_t / 1e3:,.1f} k{unit}; largest gap of a market: "
        f"{_gap(result.balance_error)}; {result.data_share:.0%} of the flow rests on reported figures.",
    )
    for line in _coverage(result.coverage):
        prose(console, line)
    prose(console, ", ".join(f"{count:,} {name}" for name, count in result.sizes.items()) + ".", "dim")
    tables = [_one_element(result.balance, unit)] if result.balance else [_world(result.elements, unit), _shares(result)]
    if result.at:
        tables = [_plants(result.rolled), _followed(result.rolled), _in_force(result.in_force), *tables]
    for table in [*tables, _moved(result.adjustments), _left(result.residuals, unit)]:
        console.print()
        console.print(table)


def _coverage(rows: Sequence[CoveredStage]) -> list[str]:
    """Whose output has no figure, and who stands behind a region of several countries."""
    lacking = [row for row in rows if row.without and row.figured < WELL_KNOWN]
    told = [
        f"{row.stage} ({row.figured:.0%} of the output has one): {_first(map(country, row.without), len(row.without))}" for row in lacking
    ]
    held = {region: codes for row in rows for region, codes in row.inside.items()}
    inside = [f"{country(region)} holds the figures of {_first(map(country, codes), len(codes))}" for region, codes in held.items()]
    lines = (
        [f"Without a production figure of their own, so estimated from trade, demand and assumed ranges: {'; '.join(told)}."]
        if told
        else []
    )
    return [*lines, f"{'; '.join(inside)}."] if inside else lines


def _first(names: Iterable[str], count: int) -> str:
    """The first few of some names, and how many more there are."""
    shown = [name for name, _ in zip(names, range(NAMED), strict=False)]
    return ", ".join(shown) + (f" and {count - NAMED} more" if count > NAMED else "")


def _table(title: str, columns: Iterable[str], words: int = 1) -> TextTable:
    return TextTable.of(title, columns, words)


def _gap(share: float) -> str:
    """Gap of a balance as a share of its flow; what floating point leaves is none."""
    return "none" if abs(share) < CLOSED else f"{share:.1%}" if abs(share) >= 0.001 else "below 0.1%"


def _tonnes(size: float) -> str:
    if abs(size) < NOTHING:
        return "0"
    return f"{size:,.0f}" if abs(size) >= 10 else f"{size:,.1f}"


def _world(rows: Sequence[ElementTotals], unit: str) -> TextTable:
    """Closed world balance by element."""
    columns = ("mined", "lost", "used", "residual", "recycled")
    table = _table(f"World balance, {unit} a year: mined = lost + used + residual", ("element", *columns, "gap"))
    for row in rows:
        table.add_row(f"{row.element} {symbols()[row.element].name()}", *(_tonnes(getattr(row, name)) for name in columns), _gap(row.gap))
    return table


def _shares(result: ChainResult) -> TextTable:
    """Shares computed by the model, compared with published figures that are not used as input."""
    table = _table("Shares computed by the model (none is an input)", ("share", "largest", "published", "range", "", "reason"), words=6)
    held = {row.share: row for row in result.compared}
    for name in [*(name for name in SHARES if name in result.shares), *(name for name in result.shares if name not in SHARES)]:
        if result.shares[name]:
            title = SHARES.get(name, name)
            leaders = ", ".join(f"{region} {share:.1%}" for region, share in list(result.shares[name].items())[:LEADERS])
            table.add_row(title, leaders, *(_published(held[name]) if name in held else ("", "", "", "")))
    return table


def _published(row: ComparedShare) -> tuple[str, str, str, str]:
    """Published share, range, hit or miss, reason."""
    mark = "hit" if row.hit else "MISS"
    return f"{row.published:.0%} {row.fact}", f"{row.low:.0%}-{row.high:.0%}", mark, row.reason


def _one_element(rows: Sequence[StageBalance], unit: str) -> TextTable:
    """Balance of one element by stage and region."""
    table = _table(f"Balance by stage and region, {unit} a year", ("stage", "region", *LINES), words=2)
    for row in rows:
        if any(abs(getattr(row, name)) >= NOTHING for name in LINES):
            table.add_row(row.stage, regions()[row.region].name(), *(_tonnes(getattr(row, name)) for name in LINES))
    return table


def _plants(rows: Sequence[RolledChange]) -> TextTable:
    """Plants and circuits that opened since the base year."""
    table = _table("Opened since the base year, t a year", ("plant", "region", "good", "since", "added", "range"), words=4)
    for row in rows:
        if row.kind in ("plant", "circuit"):
            table.add_row(row.name, row.region, row.good, row.opened, _tonnes(row.added), _range(row))
    return table


def _followed(rows: Sequence[RolledChange]) -> TextTable:
    """Largest changes of mines that follow, and of uses."""
    table = _table("Uses on their path, and mines that follow, t a year", ("what", "good", "before", "added", "range"), words=2)
    for kind in ("use", "mine"):
        for row in [row for row in rows if row.kind == kind][:FOLLOWED]:
            table.add_row(
                f"{kind} {row.note}" if kind == "use" else f"mine {row.region}",
                row.good,
                _tonnes(row.before),
                _tonnes(row.added),
                _range(row),
            )
    return table


def _range(row: RolledChange) -> str:
    return "" if row.low is None or row.high is None else f"{_tonnes(row.low)} to {_tonnes(row.high)}"


def _in_force(rows: Sequence[MeasureInForce]) -> TextTable:
    """Measures that stand on the day."""
    table = _table("Measures on record for that day (part of scenarios, not of the base)", ("measure", "kind", "since", "state"), words=4)
    for row in rows:
        table.add_row(row.name, row.kind, row.start, f"{row.state} until {row.until}" if row.until else row.state)
    return table


def _moved(rows: Sequence[Adjustment]) -> TextTable:
    """Figures with the largest adjustments in the reconciliation."""
    table = _table(
        f"Largest adjustments in the reconciliation ({len(rows)} figures in all)",
        ("fact", "quantity", "where", "reported", "used", "sigmas"),
        words=3,
    )
    for row in rows[:MOVED]:
        what = f"{row.quantity} {row.element}".strip()
        table.add_row(row.fact, what, row.region, _tonnes(row.reported), _tonnes(row.used), f"{row.sigmas:+.1f}")
    return table


def _left(rows: Sequence[Residual], unit: str) -> TextTable:
    """Largest residuals."""
    table = _table(
        "Residuals that stay visible: stock, undocumented use (+ leaves, - enters)", ("element", "stage", "region", unit), words=3
    )
    for row in rows[:LEFT]:
        table.add_row(row.element, row.stage, regions()[row.region].name(), _tonnes(row.t))
    return table
