"""Targets of a weekly backtest: one panel per element or trade flow, on a log scale."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING

from ytterby.report.charts.axes import PANEL_GRID, Scale, draw_level
from ytterby.report.charts.panels import PanelSheet, draw_years
from ytterby.report.charts.scores import ScoredTarget, draw_scored_series

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ytterby.report.charts.svg import Svg

    Targets = Sequence[tuple[date, ScoredTarget]]

SHEET = PanelSheet(columns=3, head=28.0, width=250.0, height=170.0, left=44.0, top=26.0, right=10.0, bottom=24.0)
FIRST, LAST = date(2009, 1, 1), date(2016, 1, 1)
"""Minimum period shown in every panel."""


def target_panels_chart(panels: Mapping[str, Targets], title: str) -> Svg:
    """Draw the targets of each panel by date, with the model's medians and bands.

    Parameters
    ----------
    panels : mapping
        Dated targets by the name of the panel, drawn in the order of the names.
    title : str
        Name of the quantity, with its unit.
    """
    svg = SHEET.canvas(len(panels))
    svg.text(8, 17, f"{title}: history (dots) and model (line of medians, bars of 80 %)", size=13, bold=True)
    for index, (name, targets) in enumerate(sorted(panels.items())):
        _draw_panel(svg, index, name, targets)
    return svg


def _decades(targets: Targets) -> tuple[int, int]:
    """Exponents of the powers of ten that enclose all positive values; at least one decade."""
    found = [value for _, item in targets for value in (item.recorded, item.median, item.low, item.high) if value > 0.0]
    low = math.floor(math.log10(min(found)))
    return low, max(math.ceil(math.log10(max(found))), low + 1)


def _draw_panel(svg: Svg, index: int, name: str, targets: Targets) -> None:
    low, high = _decades(targets)
    last = max(LAST, max(when for when, _ in targets))
    frame = SHEET.frame(index, Scale.of_dates(FIRST, last), Scale(10.0**low, 10.0**high, logarithmic=True))
    svg.text(frame.left, frame.top - 10, name, size=11.5, bold=True)
    for power in range(low, high + 1):
        draw_level(svg, frame, 10.0**power, f"{10.0**power:g}", PANEL_GRID)
    draw_years(svg, frame, ((date(year, 1, 1), year) for year in range(FIRST.year, last.year + 1, 2)), 16)
    draw_scored_series(svg, frame, targets)
