"""Fan chart: median, 50 % and 90 % band of quantities over time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby.report.charts.axes import (
    HALF_PAGE,
    Frame,
    Marker,
    Scale,
    draw_dates,
    draw_markers,
    draw_values,
    marker_rows,
    nice_ticks,
    spread,
)
from ytterby.report.charts.svg import Svg, column_width, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ytterby.report.text import Words


@dataclass(frozen=True)
class Fan:
    """Quantiles of a quantity over time; all sequences have the length of ``dates``."""

    name: str
    ink: str
    dates: tuple[date, ...]
    low90: tuple[float, ...]
    low50: tuple[float, ...]
    median: tuple[float, ...]
    high50: tuple[float, ...]
    high90: tuple[float, ...]
    dash: str | None = None

    def starts_with_width(self) -> bool:
        """Whether the band has a positive width at its first date (without one, the present would appear to be known exactly)."""
        return self.high90[0] > self.low90[0]


def fan_chart(fans: Sequence[Fan], unit: str, words: Words, markers: Sequence[Marker] = (), height: float = 190.0) -> Svg:
    """Draw one or more quantities over time.

    Parameters
    ----------
    fans : sequence of Fan
        Quantities in the same unit; if there are several, each is labelled at its right end.
    unit : str
        Label above the value axis.
    markers : sequence of Marker
        Dated lines, all within the dates of the fans.
    height : float
        Height of the chart [user units].
    """
    svg = Svg(HALF_PAGE, height)
    top = 16.0 + marker_rows(markers)
    ticks = nice_ticks(min(0.0, *(min(fan.low90) for fan in fans)), max(max(fan.high90) for fan in fans))
    names = 8.0 + (column_width((fan.name for fan in fans), 11, bold=True) if len(fans) > 1 else 0.0)
    dates = Scale.of_dates(min(fan.dates[0] for fan in fans), max(fan.dates[-1] for fan in fans))
    frame = Frame(46, top, HALF_PAGE - 46 - min(names, 120.0) - 4, height - top - 34, dates, Scale(ticks[0], ticks[-1]))
    draw_values(svg, frame, ticks, unit, words)
    for fan in fans:
        _draw_fan(svg, frame, fan)
    draw_dates(svg, frame, words)
    draw_markers(svg, frame, markers)
    if len(fans) > 1:
        _draw_names(svg, frame, fans)
    return svg.tell("fan", fans=fans, unit=unit, markers=markers)


def _draw_fan(svg: Svg, frame: Frame, fan: Fan) -> None:
    xs = [frame.x(when) for when in fan.dates]

    def path(values: tuple[float, ...]) -> list[tuple[float, float]]:
        return [(x, frame.y(value)) for x, value in zip(xs, values, strict=True)]

    svg.area(path(fan.high90), path(fan.low90), fan.ink, 0.16)
    svg.area(path(fan.high50), path(fan.low50), fan.ink, 0.26)
    svg.polyline(path(fan.median), fan.ink, 2.0, fan.dash)


def _draw_names(svg: Svg, frame: Frame, fans: Sequence[Fan]) -> None:
    ends = spread([frame.y(fan.median[-1]) for fan in fans], 14.0, frame.top + 8, frame.bottom - 2)
    for fan, y in zip(fans, ends, strict=True):
        svg.text(frame.right + 6, y + 4, shortened(fan.name, 11, svg.width - frame.right - 6, bold=True), size=11, ink=fan.ink, bold=True)
