"""Yearly exports of suppliers under export restrictions: one panel per restriction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.report.charts.axes import PANEL_GRID, Scale, draw_level
from ytterby.report.charts.panels import PanelSheet, draw_years
from ytterby.report.charts.scores import ScoredTarget, draw_scored_series

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ytterby.report.charts.svg import Svg

    Years = Sequence[tuple[int, ScoredTarget]]

SHEET = PanelSheet(columns=3, head=28.0, width=250.0, height=150.0, left=34.0, top=26.0, right=10.0, bottom=22.0)
MAX_RATIO = 3
"""Ratios above this are drawn at the edge."""


def export_panels_chart(panels: Sequence[tuple[str, Years]]) -> Svg:
    """Draw exports as multiples of exports before the restriction.

    Parameters
    ----------
    panels : sequence of (name, targets by year)
        One panel for each restriction; years ascend.
    """
    svg = SHEET.canvas(len(panels))
    svg.text(8, 17, "exports of the supplier, 1 = three years before: history (dots), model (line, bars of 80 %)", size=13, bold=True)
    for index, (name, years) in enumerate(panels):
        _draw_panel(svg, index, name, years)
    return svg


def _draw_panel(svg: Svg, index: int, name: str, years: Years) -> None:
    first, last = years[0][0], max(years[-1][0], years[0][0] + 1)
    frame = SHEET.frame(index, Scale(first, last), Scale(0.0, MAX_RATIO))
    svg.text(frame.left, frame.top - 10, name, size=11.5, bold=True)
    for tick in range(MAX_RATIO + 1):
        draw_level(svg, frame, tick, str(tick), PANEL_GRID)
    draw_years(svg, frame, ((year, year) for year in (first, last)), 14)
    draw_scored_series(svg, frame, years)
