"""Plans nearly as good: least and most of each group of measures as a bar, the chosen plan as a dot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby.report.charts.axes import HALF_PAGE, zero_scale
from ytterby.report.charts.palette import ACCENT, INK, MUTED
from ytterby.report.charts.svg import Svg, shortened, text_width
from ytterby.report.charts.tracks import TRACK_ROW, Track, track_width

if TYPE_CHECKING:
    from collections.abc import Sequence

DOT, HALF, INSET = 5.0, 24.0, 7.0
"""Radius of the dot, distance of the middle of a track from the top of its row, and of its ends from its scale [user units]."""


@dataclass(frozen=True)
class NearRange:
    """Least, most and chosen amount of a group; ``must`` are words on a group that no such plan does without."""

    name: str
    low: float
    high: float
    chosen: float
    label: str
    must: str = ""


def near_ranges_chart(rows: Sequence[NearRange]) -> Svg:
    """Draw the ranges from zero on one scale, from top to bottom."""
    svg = Svg(HALF_PAGE, 2.0 + TRACK_ROW * len(rows))
    width = track_width((row.label for row in rows), 14.0)
    scale = zero_scale(row.high for row in rows)
    for index, row in enumerate(rows):
        track = Track(svg, TRACK_ROW * index, width)
        track.name("")
        _write_name(svg, row, track.y + 13)
        start, end, dot = (INSET + (width - 2 * INSET) * scale.position(value) for value in (row.low, row.high, row.chosen))
        track.fill(start, max(end - start, 1.0), ACCENT if row.must else MUTED, 0.55)
        if row.must:
            svg.line(start, track.y + 15, start, track.y + 33, ACCENT, 2.4)
        svg.put("circle", cx=dot, cy=track.y + HALF, r=DOT, fill=INK, stroke="#ffffff", stroke_width=1.5)
        track.label(row.label, bold=False)
    return svg.tell("near", rows=rows)


def _write_name(svg: Svg, row: NearRange, y: float) -> None:
    """Write the name of a row; of a must, bold, with the words on it at the right."""
    room = HALF_PAGE - (text_width(row.must, 10.5, bold=True) + 10.0 if row.must else 0.0)
    svg.text(0, y, shortened(row.name, 11.5, room, bold=bool(row.must)), size=11.5, bold=bool(row.must))
    if row.must:
        svg.text(HALF_PAGE, y, row.must, size=10.5, ink=ACCENT, anchor="end", bold=True)
