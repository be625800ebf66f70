"""Public money by year as stacked columns, one colour for each group of measures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby.report.charts.axes import HALF_PAGE, Frame, Scale, draw_values, nice_ticks
from ytterby.report.charts.palette import MUTED
from ytterby.report.charts.svg import Svg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ytterby.report.text import Words

LEFT, TOP, FOOT = 50.0, 22.0, 24.0
FILLED = 0.72
"""Width of a column over the distance of two years [1]."""
YEAR_ROOM = 34.0
"""Least distance of two years that are written [user units]."""
SEAM = 0.6
"""Gap between the parts of a column [user units]."""


@dataclass(frozen=True)
class SpendingGroup:
    """Money of a group of measures by year; all groups have the same years."""

    name: str
    ink: str
    amounts: tuple[float, ...]


def spending_years_chart(
    groups: Sequence[SpendingGroup], years: Sequence[int], unit: str, words: Words, width: float = HALF_PAGE, height: float = 190.0
) -> Svg:
    """Draw the groups as columns, from the axis outwards in their order; what flows back stands below the axis.

    Parameters
    ----------
    groups : sequence of SpendingGroup
        In one unit.
    years : sequence of int
        Of all groups.
    unit : str
        Label above the axis of values.
    words : Words
        Language of the numbers.
    width, height : float
        Size of the picture [user units].
    """
    svg = Svg(width, height)
    tops = [sum(max(group.amounts[i], 0.0) for group in groups) for i in range(len(years))]
    bottoms = [sum(min(group.amounts[i], 0.0) for group in groups) for i in range(len(years))]
    ticks = nice_ticks(min(bottoms), max(*tops, 0.0) or 1.0, 4)
    scale = Scale(ticks[0], ticks[-1])
    frame = Frame(LEFT, TOP, width - LEFT - 4, height - TOP - FOOT, Scale(years[0] - 0.5, years[-1] + 0.5), scale)
    draw_values(svg, frame, ticks, unit, words)
    step = frame.width / len(years)
    for index, year in enumerate(years):
        _draw_column(svg, frame, [(group.ink, group.amounts[index]) for group in groups], frame.x(year), FILLED * step)
    every = next(count for count in (1, 2, 3, 5, 10) if count * step >= YEAR_ROOM)
    for year in years[::every]:
        svg.text(frame.x(year), frame.bottom + 16, str(year), size=10.5, ink=MUTED, anchor="middle")
    return svg.tell("spending", groups=groups, years=years, unit=unit)


def _draw_column(svg: Svg, frame: Frame, parts: Sequence[tuple[str, float]], x: float, width: float) -> None:
    up = down = 0.0
    for ink, amount in parts:
        if amount == 0.0:
            continue
        start = up if amount > 0.0 else down
        first, last = sorted((frame.y(start), frame.y(start + amount)))
        svg.rect(x - width / 2, first, width, max(last - first - SEAM, 0.3), ink)
        up, down = (up + amount, down) if amount > 0.0 else (up, down + amount)
