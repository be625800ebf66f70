"""Stocks of heavy elements that a plan leaves out, with how far each is from entering."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.errors import UnknownNameError
from ytterby.facts import candidate, elements

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ytterby.plan.plan_result import LeftOutRow

MAX_ROWS = 3
NEARLY = 0.005
"""Share of the cost within which a candidate neither gains nor loses, or is worth nothing."""


def heavy_stocks_left_out(rows: Iterable[LeftOutRow], held: Iterable[str] = ()) -> tuple[LeftOutRow, ...]:
    """Stocks of heavy elements of which the plan holds none: the nearest to entering of each element, the nearest first.

    Parameters
    ----------
    rows : iterable of LeftOutRow
        As a plan leaves them out.
    held : iterable of str
        Measures of the plan.

    Returns
    -------
    tuple of LeftOutRow
        At most :data:`MAX_ROWS`.
    """
    found: dict[str, LeftOutRow] = {}
    kept = {_heavy_element(measure) for measure in held}
    for row in sorted((row for row in rows if row.too_dear_by is not None), key=lambda row: row.too_dear_by or 0.0):
        element = _heavy_element(row.measure)
        if element and element not in kept:
            found.setdefault(element, row)
    return tuple(found.values())[:MAX_ROWS]


def why_left_out(row: LeftOutRow) -> str:
    """Key of the reason: ``as_good`` (neither gains nor loses), ``dearer``, ``never`` or ``limit``."""
    if row.too_dear_by is None:
        return "limit"
    return "as_good" if row.too_dear_by < NEARLY else "dearer" if row.too_dear_by <= 1.0 - NEARLY else "never"


def _heavy_element(measure: str) -> str:
    """Heavy element that a stock holds alone; empty for any other measure."""
    try:
        known = candidate(measure)
    except UnknownNameError:
        return ""
    symbol = known.goods[0].rpartition(".")[2]
    one = elements().get(symbol)
    return symbol if known.kind == "stockpile" and one is not None and one.group == "heavy" else ""
