"""Peeling trajectory of a scenario discovery: coverage and density of its boxes (PRIM; Friedman and Fisher 1999)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.report.charts.axes import HALF_PAGE, PAGE_GRID, Frame, Scale, draw_level
from ytterby.report.charts.palette import ACCENT, ALARM, MUTED
from ytterby.report.charts.svg import Svg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ytterby.report.text import Words


def peeling_chart(
    peels: Sequence[tuple[float, float]], box: tuple[float, float], base: float, words: Words, x_words: str, y_words: str
) -> Svg:
    """Draw density (y axis) against coverage (x axis), with a ring around the chosen box.

    Parameters
    ----------
    peels : sequence of (coverage, density)
        Boxes from largest to smallest [1].
    box : (coverage, density)
        The chosen box [1].
    base : float
        Density of all draws [1], drawn as a dashed line.
    x_words, y_words : str
        Names of the axes.
    """
    svg = Svg(HALF_PAGE, 226.0)
    frame = Frame(44.0, 20.0, HALF_PAGE - 44.0 - 22.0, 160.0, Scale())
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        draw_level(svg, frame, tick, words.percent(tick, 0))
        svg.text(frame.x(tick), frame.bottom + 15, words.percent(tick, 0), size=PAGE_GRID.size, ink=MUTED, anchor="middle")
    svg.text(2, 10, y_words, size=PAGE_GRID.size, ink=MUTED)
    svg.text(frame.right, frame.bottom + 31, x_words, size=PAGE_GRID.size, ink=MUTED, anchor="end")
    svg.line(frame.left, frame.y(base), frame.right, frame.y(base), MUTED, 1.2, "4 3")
    points = [(frame.x(coverage), frame.y(density)) for coverage, density in peels]
    svg.polyline(points, ACCENT, 1.4)
    for x, y in points:
        svg.put("circle", cx=x, cy=y, r=2.2, fill=ACCENT)
    x, y = frame.x(box[0]), frame.y(box[1])
    svg.put("circle", cx=x, cy=y, r=6.5, fill="none", stroke=ALARM, stroke_width=2.2)
    svg.put("circle", cx=x, cy=y, r=2.6, fill=ALARM)
    return svg
