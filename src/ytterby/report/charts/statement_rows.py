"""Frozen statements on an episode compared with the record: one row each, as multiples of the base on a log scale."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ytterby.report.charts.axes import Frame, Scale
from ytterby.report.charts.palette import MUTED, RULE
from ytterby.report.charts.scores import ScoredTarget, ScoreStyle, draw_scored_row
from ytterby.report.charts.svg import Svg, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, ROW, TOP, LEFT, RIGHT = 760.0, 24.0, 52.0, 170.0, 24.0
STYLE = ScoreStyle(band=1.6, tick=2.0, reach=5.0, dot=4.0)
MIN_RATIO, MAX_RATIO = 0.01, 100.0
"""Ends of the scale [multiples of the base]."""


def statement_rows_chart(episode: str, rows: Sequence[tuple[str, ScoredTarget]], title: str = "", left: float = LEFT) -> Svg:
    """Draw the statements of an episode from top to bottom, names in a column of this width; without a title it is an English one."""
    svg = Svg(WIDTH, TOP + ROW * len(rows) + 24.0)
    scale = Scale(MIN_RATIO, MAX_RATIO, logarithmic=True)
    frame = Frame(left, TOP - 14, WIDTH - left - RIGHT, ROW * len(rows) + 14, scale)
    title = title or f"{episode}: record (dots, red where missed), frozen median and 80 % band, multiples of the base"
    svg.text(8, 17, title, size=12, bold=True)
    for power in range(round(math.log10(MIN_RATIO)), round(math.log10(MAX_RATIO)) + 1):
        x = frame.x(10.0**power)
        svg.line(x, frame.top, x, frame.bottom, RULE, 0.7)
        svg.text(x, frame.top - 4, f"{10.0**power:g}", size=10, ink=MUTED, anchor="middle")
    for index, (name, target) in enumerate(rows):
        y = TOP + ROW * index + 8
        svg.text(8, y + 4, shortened(name, 11, left - 16), size=11)
        draw_scored_row(svg, frame, y, target, STYLE)
    return svg
