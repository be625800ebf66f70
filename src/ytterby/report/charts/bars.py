"""Horizontal bar chart with whiskers for the bands and value labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby.report.charts.axes import HALF_PAGE
from ytterby.report.charts.palette import ACCENT, FAINT, INK
from ytterby.report.charts.svg import Svg, column_width, shortened
from ytterby.report.digits import band_place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ytterby.report.text import Words


@dataclass(frozen=True)
class Bar:
    """A value with its band; consecutive bars of the same ``group`` share a heading."""

    group: str
    name: str
    value: float
    low: float | None
    high: float | None
    label: str
    ink: str = ACCENT


def bar_chart(bars: Sequence[Bar], limit: float | None = None) -> Svg:
    """Draw bars from zero.

    Bars of a group have their names at the left, below the heading of the group; bars without a group have
    their names above them, which leaves room for long names.

    Parameters
    ----------
    bars : sequence of Bar
        From top to bottom.
    limit : float, optional
        Value at the right edge (1 for shares); by default the largest value or end of a band.
    """
    grouped = any(bar.group for bar in bars)
    left = min(column_width((bar.name for bar in bars), 11) + 8.0, 132.0) if grouped else 0.0
    label_room = column_width((bar.label for bar in bars), 11, bold=True) + 8.0
    svg = Svg(HALF_PAGE, 4.0 + (21.0 if grouped else 36.0) * len(bars) + 22.0 * len({bar.group for bar in bars if bar.group}))
    width = HALF_PAGE - left - label_room
    percent, limit = limit == 1.0, limit or max(max(bar.value, bar.high or 0.0) for bar in bars) or 1.0
    y, group = 2.0, ""
    for bar in bars:
        if bar.group != group:
            svg.text(0, y + 16, shortened(bar.group, 12, HALF_PAGE, bold=True), size=12, bold=True)
            y, group = y + 22.0, bar.group
        if not grouped:
            svg.text(0, y + 12, shortened(bar.name, 11.5, HALF_PAGE), size=11.5)
            y += 15.0
        _draw_bar(svg, bar, y, left, width, limit)
        y += 21.0
    return svg.tell("bars", rows=bars, limit=limit, percent=percent)


def _draw_bar(svg: Svg, bar: Bar, y: float, left: float, width: float, limit: float) -> None:
    if left:
        svg.text(0, y + 13, shortened(bar.name, 11, left - 6), size=11)
    svg.rect(left, y + 3, width, 13, FAINT)
    svg.rect(left, y + 3, width * min(max(bar.value / limit, 0.0), 1.0), 13, bar.ink, 0.82)
    if bar.low is not None and bar.high is not None and bar.high > bar.low:
        _draw_whisker(svg, left + width * max(bar.low / limit, 0.0), left + width * min(bar.high / limit, 1.0), y + 9.5)
    svg.text(HALF_PAGE, y + 13, bar.label, size=11, anchor="end", bold=True)


def _draw_whisker(svg: Svg, x1: float, x2: float, y: float) -> None:
    svg.line(x1, y, x2, y, "#ffffff", 3.0)
    svg.line(x1, y, x2, y, INK, 1.4)
    for x in (x1, x2):
        svg.line(x, y - 4, x, y + 4, INK, 1.4)


def value_label(words: Words, value: float, low: float | None, high: float | None, percent: bool = False) -> str:
    """Label of a value without its band, rounded to the digits that the band supports; ``percent`` is for shares [1]."""
    factor = 100.0 if percent else 1.0
    place = band_place(value * factor, None if low is None else low * factor, None if high is None else high * factor)
    place = max(place, 0) if percent else place
    return words.percent(value, place) if percent else words.number(value, place)
