"""Words on what a plan of an earlier day rests on that is dated after that day."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ytterby.plan import LaterFigureRow, LaterPlantRow

MOST_MEASURES = 8
"""Measures that are named with their later figures; the others are in the JSON."""


def told_later(figures: Sequence[LaterFigureRow], plants: Sequence[LaterPlantRow]) -> Iterator[str]:
    """Which figures are later ones, by measure, and which plants were left out of the years."""
    by_measure: dict[str, list[str]] = {}
    for row in figures:
        known = f", of that day {' '.join(row.known_then)}" if row.known_then else ""
        by_measure.setdefault(row.measure, []).append(f"{row.figure} ({' '.join(row.facts)}{known})")
    if by_measure:
        named = "; ".join(f"{name}: {', '.join(found)}" for name, found in list(by_measure.items())[:MOST_MEASURES])
        more = f"; {len(by_measure) - MOST_MEASURES} more measures with --json" if len(by_measure) > MOST_MEASURES else ""
        unknown = "" if any(row.known_then for row in figures) else " No earlier edition of any of them is on record."
        yield f"Dated later and used all the same: {named}{more}.{unknown}"
    if plants:
        names = ", ".join(f"{row.plant} ({row.opened})" for row in plants)
        yield f"Plants that opened later are not in the years of the plan: {names}."
