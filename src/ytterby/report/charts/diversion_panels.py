"""Trade diversion under export restrictions: trade of buyers and other sellers, one block of rows per restriction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.report.charts.axes import Frame, Scale
from ytterby.report.charts.palette import MUTED, RULE
from ytterby.report.charts.scores import ScoredTarget, ScoreStyle, draw_scored_row
from ytterby.report.charts.svg import Svg, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    Rows = Sequence[tuple[str, ScoredTarget]]

WIDTH, COLUMNS, HEAD, TITLE, ROW, LABEL, MARGIN = 375.0, 2, 28.0, 34.0, 17.0, 96.0, 10.0
"""Width of a block, blocks side by side, heights of heading, block title and row, width of labels, margin [user units]."""
STYLE = ScoreStyle(band=1.0, tick=1.8, reach=4.0, dot=2.6)
MAX_RATIO = 3.0
"""Ratios above this are drawn at the edge."""


def diversion_panels_chart(panels: Sequence[tuple[str, Rows]]) -> Svg:
    """Draw trade as a multiple of trade before the restriction.

    Parameters
    ----------
    panels : sequence of (name, labelled targets)
        One block for each restriction, with its rows from top to bottom.
    """
    heights = [TITLE + ROW * len(rows) for _, rows in panels]
    lines = [max(heights[start : start + COLUMNS]) for start in range(0, len(heights), COLUMNS)]
    svg = Svg(WIDTH * COLUMNS, HEAD + sum(lines))
    svg.text(8, 17, "trade in the first three years, 1 = before: history (dots), model (tick, bar of 80 %)", size=13, bold=True)
    for index, (name, rows) in enumerate(panels):
        line, column = divmod(index, COLUMNS)
        _draw_block(svg, WIDTH * column, HEAD + sum(lines[:line]), name, rows)
    return svg


def _draw_block(svg: Svg, left: float, top: float, name: str, rows: Rows) -> None:
    frame = Frame(left + LABEL, top + 22, WIDTH - LABEL - 2 * MARGIN, ROW * len(rows) + 2, Scale(0.0, MAX_RATIO))
    svg.text(left + MARGIN, top + 16, name, size=11.5, bold=True)
    svg.line(frame.x(1.0), frame.top, frame.x(1.0), frame.bottom, RULE, 0.9)
    for index, (label, target) in enumerate(rows):
        y = top + TITLE + ROW * index
        svg.text(frame.left - 6, y + 3.5, shortened(label, 10, LABEL - MARGIN), size=10, ink=MUTED, anchor="end")
        draw_scored_row(svg, frame, y, target, STYLE)
