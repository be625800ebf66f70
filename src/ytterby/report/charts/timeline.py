"""Dated decisions from top to bottom, each a dot on one axis of time, with its day at the right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby.report.charts.axes import Frame, Scale, draw_dates, draw_markers, marker_rows
from ytterby.report.charts.palette import ACCENT, ALARM, FAINT, MUTED
from ytterby.report.charts.svg import Svg, shortened, text_width

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ytterby.report.charts.axes import Marker
    from ytterby.report.text import Words

WIDTH, ROW, EDGE = 800.0, 36.0, 8.0
SIZE = 11.5


@dataclass(frozen=True)
class DatedRow:
    """A decision or deadline.

    Attributes
    ----------
    when : date
    name : str
        What is decided.
    branches : tuple of (str, str)
        Ways that it may go, each with its probability in words.
    passed : bool
        Whether the day has passed without a later fact.
    """

    when: date
    name: str
    branches: tuple[tuple[str, str], ...]
    passed: bool = False


def timeline_chart(rows: Sequence[DatedRow], first: date, last: date, words: Words, markers: Sequence[Marker] = ()) -> Svg:
    """Draw the rows in their order between two dates."""
    top = 4.0 + marker_rows(markers)
    svg = Svg(WIDTH, top + ROW * len(rows) + 34)
    frame = Frame(EDGE, top, WIDTH - 2 * EDGE, ROW * len(rows), Scale.of_dates(first, last))
    for index, row in enumerate(rows):
        y = frame.top + ROW * index
        svg.rect(frame.left, y + 20, frame.width, 9, FAINT)
        svg.put("circle", cx=frame.x(row.when), cy=y + 24.5, r=6, fill=ALARM if row.passed else ACCENT, stroke="#ffffff", stroke_width=1.5)
    draw_dates(svg, frame, words)
    draw_markers(svg, frame, markers)
    for index, row in enumerate(rows):
        _write(svg, frame, row, frame.top + ROW * index + 14, words)
    return svg.tell("timeline", rows=rows, first=first, last=last, markers=markers)


def _write(svg: Svg, frame: Frame, row: DatedRow, y: float, words: Words) -> None:
    """Write the day and what is decided, as far as there is room."""
    day = words.short_day(row.when)
    room = frame.width - text_width(day, 11, bold=True) - 12
    svg.text(frame.left, y, shortened(row.name, SIZE, room), size=SIZE, halo=True)
    svg.text(frame.right, y, day, size=11, ink=ALARM if row.passed else MUTED, anchor="end", bold=True, halo=True)
