"""Frozen statements on an episode compared with the record: one row each, as multiples of the base on a log scale."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from ytterby.report.charts.axes import Frame, Scale
from ytterby.report.charts.palette import MUTED, RULE
from ytterby.report.charts.scores import ScoredTarget, ScoreStyle, draw_scored_row
from ytterby.report.charts.svg import Svg, shortened, text_width

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, ROW, TOP, LEFT, RIGHT = 760.0, 24.0, 52.0, 170.0, 24.0
SIZE, LEAD, MARGIN = 11.0, 13.0, 16.0
"""Letters of names, distance of their lines, and what is kept free in their column [user units]."""
MOST_LINES = 2
PIECE = re.compile("（?[^ 、（]*[ 、]?")
"""What a line may not be broken inside of: up to a space or an ideographic comma, or from an opening full-width bracket."""
STYLE = ScoreStyle(band=1.6, tick=2.0, reach=5.0, dot=4.0)
MIN_RATIO, MAX_RATIO = 0.01, 100.0
"""Ends of the scale [multiples of the base]."""


def statement_rows_chart(episode: str, rows: Sequence[tuple[str, ScoredTarget]], title: str = "", left: float = LEFT) -> Svg:
    """Draw the statements of an episode from top to bottom, names in a column of this width; without a title it is an English one."""
    names = [_lines(name, left - MARGIN) for name, _ in rows]
    row = ROW + LEAD * (max(map(len, names), default=1) - 1)
    svg = Svg(WIDTH, TOP + row * len(rows) + 24.0)
    scale = Scale(MIN_RATIO, MAX_RATIO, logarithmic=True)
    frame = Frame(left, TOP - 14, WIDTH - left - RIGHT, row * len(rows) + 14, scale)
    title = title or f"{episode}: record (dots, red where missed), frozen median and 80 % band, multiples of the base"
    svg.text(8, 17, title, size=12, bold=True)
    for power in range(round(math.log10(MIN_RATIO)), round(math.log10(MAX_RATIO)) + 1):
        x = frame.x(10.0**power)
        svg.line(x, frame.top, x, frame.bottom, RULE, 0.7)
        svg.text(x, frame.top - 4, f"{10.0**power:g}", size=10, ink=MUTED, anchor="middle")
    for index, (lines, (_, target)) in enumerate(zip(names, rows, strict=True)):
        y = TOP + row * index + row / 2 - 4
        for at, line in enumerate(lines):
            svg.text(8, y + 4 + LEAD * (at - (len(lines) - 1) / 2), line, size=SIZE)
        draw_scored_row(svg, frame, y, target, STYLE)
    return svg.tell("statements", rows=rows, title=title)


def _lines(name: str, room: float) -> list[str]:
    """Name in lines that are as wide as the room allows; what the last one cannot hold is left out."""
    lines = [""]
    for part in PIECE.findall(name):
        if len(lines) < MOST_LINES and lines[-1] and text_width(f"{lines[-1]}{part}".rstrip(), SIZE) > room:
            lines.append("")
        lines[-1] += part
    return [shortened(line.rstrip(), SIZE, room) for line in lines]
