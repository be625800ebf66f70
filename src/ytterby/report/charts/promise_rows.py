"""What a plan promises beside what another road finds: a ring for the promise, a dot with its band for what was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby.report.charts.axes import HALF_PAGE, zero_scale
from ytterby.report.charts.palette import ACCENT, ALARM, INK, RULE
from ytterby.report.charts.svg import Svg, shortened
from ytterby.report.charts.tracks import TRACK_ROW, Track, track_width

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MIDDLE, INSET = 24.0, 7.0
"""Distance of the middle of a track from the top of its row, and of its ends from its scale [user units]."""


@dataclass(frozen=True)
class PromisedAmount:
    """A promised amount and the one found, with a band where there is one; all in one unit."""

    name: str
    promised: float
    found: float
    low: float | None
    high: float | None
    label: str


def promise_rows_chart(rows: Sequence[PromisedAmount]) -> Svg:
    """Draw the rows on one scale that begins at zero, or below it where something is lost."""
    svg = Svg(HALF_PAGE, 2.0 + TRACK_ROW * len(rows))
    width = track_width((row.label for row in rows), 16.0)
    amounts = [value for row in rows for value in (row.promised, row.found, row.low, row.high) if value is not None]
    scale = zero_scale(amounts)

    def x(value: float) -> float:
        return INSET + (width - 2 * INSET) * scale.position(value)

    for index, row in enumerate(rows):
        track = Track(svg, TRACK_ROW * index, width)
        track.name("")
        svg.text(0, track.y + 13, shortened(row.name, 11.5, HALF_PAGE), size=11.5)
        zero = x(0.0)
        svg.line(zero, track.y + 17, zero, track.y + 31, RULE, 1.4)
        _draw_found(svg, row, track.y + MIDDLE, x)
        svg.put("circle", cx=x(row.promised), cy=track.y + MIDDLE, r=5.5, fill="none", stroke=ALARM, stroke_width=2)
        track.label(row.label, bold=False)
    return svg.tell("promises", rows=rows)


def _draw_found(svg: Svg, row: PromisedAmount, y: float, place: Callable[[float], float]) -> None:
    if row.low is not None and row.high is not None:
        ends = place(row.low), place(row.high)
        svg.line(ends[0], y, ends[1], y, INK, 1.4)
        for end in ends:
            svg.line(end, y - 4, end, y + 4, INK, 1.4)
    svg.put("circle", cx=place(row.found), cy=y, r=3.6, fill=ACCENT)
