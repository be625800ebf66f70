"""The charts: fan, who stops when, bars with whiskers, what matters most. Pure functions to SVG."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby.report.axes import MARKER_ROW, Frame, Marker, draw_dates, draw_markers, draw_values, nice_ticks, spread
from ytterby.report.digits import band_place
from ytterby.report.palette import ACCENT, ALARM, FAINT, INK, MUTED, RULE
from ytterby.report.svg import Svg, shortened, text_width

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ytterby.report.text import Words

HALF = 400.0
"""Width of a chart that takes half a page [user units]."""


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
        """Whether the band is open at its first date: a fan from a point claims to know the present exactly."""
        return self.high90[0] > self.low90[0]


def fan_chart(fans: Sequence[Fan], unit: str, words: Words, markers: Sequence[Marker] = (), height: float = 190.0) -> Svg:
    """Median, 50 % and 90 % band of one or more quantities over time.

    Parameters
    ----------
    fans : sequence of Fan
        Quantities in the same unit.
    unit : str
        Words over the axis of values.
    markers : sequence of Marker
        Today and starts of measures; those outside the dates are left out.
    """
    svg = Svg(HALF, height)
    top = 16.0 + MARKER_ROW * min(len(markers), 2)
    ticks = nice_ticks(min(0.0, *(min(fan.low90) for fan in fans)), max(max(fan.high90) for fan in fans))
    names = 8.0 + (max(text_width(fan.name, 11, bold=True) for fan in fans) if len(fans) > 1 else 0.0)
    first, last = min(fan.dates[0] for fan in fans), max(fan.dates[-1] for fan in fans)
    frame = Frame(46, top, HALF - 46 - min(names, 120.0) - 4, height - top - 34, first, last, ticks[0], ticks[-1])
    draw_values(svg, frame, ticks, unit, words)
    for fan in fans:
        _draw_fan(svg, frame, fan)
    draw_dates(svg, frame, words)
    draw_markers(svg, frame, markers)
    if len(fans) > 1:
        _draw_names(svg, frame, fans)
    return svg


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


@dataclass(frozen=True)
class Stop:
    """Who stops: band of the date and how often; ``high`` or ``middle`` is missing where it may never come."""

    name: str
    low: date
    middle: date | None
    high: date | None
    odds: str
    own: bool = False


def stops_chart(stops: Sequence[Stop], first: date, last: date, words: Words, markers: Sequence[Marker] = ()) -> Svg:
    """Bars from the early to the late date of the first stop of each, the median marked.

    A bar that runs out at the right with an arrow has draws in which nothing stops before the end.
    """
    row, top = 34.0, 4.0 + MARKER_ROW * min(len(markers), 2)
    svg = Svg(HALF, top + row * len(stops) + 34)
    frame = Frame(8, top, HALF - 16, row * len(stops), first, last)
    for index, stop in enumerate(stops):
        _draw_stop(svg, frame, frame.top + row * index, stop)
    draw_dates(svg, frame, words)
    draw_markers(svg, frame, markers)
    for index, stop in enumerate(stops):
        _write_stop(svg, frame, frame.top + row * index + 14, stop)
    return svg


def _draw_stop(svg: Svg, frame: Frame, y: float, stop: Stop) -> None:
    ink = ACCENT if stop.own else MUTED
    svg.rect(frame.left, y + 19, frame.width, 9, FAINT)
    x1, x2 = frame.x(stop.low), frame.x(stop.high or frame.last)
    svg.rect(x1, y + 19, max(x2 - x1, 2.0), 9, ink, 0.55)
    if stop.high is None:
        svg.put("polygon", points=f"{x2 - 7:.1f},{y + 16:.1f} {x2:.1f},{y + 23.5:.1f} {x2 - 7:.1f},{y + 31:.1f}", fill=ink)
    if stop.middle is not None:
        svg.rect(frame.x(stop.middle) - 1.5, y + 16, 3, 15, INK)


def _write_stop(svg: Svg, frame: Frame, y: float, stop: Stop) -> None:
    room = frame.width - text_width(stop.odds, 11, bold=True) - 10
    svg.text(frame.left, y, shortened(stop.name, 11.5, room, bold=stop.own), size=11.5, bold=stop.own, halo=True)
    svg.text(frame.right, y, stop.odds, size=11, ink=ACCENT if stop.own else MUTED, anchor="end", bold=True, halo=True)


@dataclass(frozen=True)
class Bar:
    """A value with its band under a heading; ``group`` opens a new block of bars where it changes."""

    group: str
    name: str
    value: float
    low: float | None
    high: float | None
    label: str
    ink: str = ACCENT


def bar_chart(bars: Sequence[Bar], limit: float | None = None) -> Svg:
    """Horizontal bars from nil with whiskers over their bands and their values in words.

    Bars with groups stand under the group's heading with their names at the left; bars without have
    their names above them, so that long names keep their room.

    Parameters
    ----------
    limit : float, optional
        Value at the right edge (1 for shares); by default the largest value or band.
    """
    grouped = any(bar.group for bar in bars)
    left = min(max(text_width(bar.name, 11) for bar in bars) + 8.0, 132.0) if grouped else 0.0
    label_room = max(text_width(bar.label, 11, bold=True) for bar in bars) + 8.0
    svg = Svg(HALF, 4.0 + (21.0 if grouped else 36.0) * len(bars) + 22.0 * len({bar.group for bar in bars if bar.group}))
    width = HALF - left - label_room
    most = limit or max(max(bar.value, bar.high or 0.0) for bar in bars) or 1.0
    y, group = 2.0, ""
    for bar in bars:
        if bar.group != group:
            svg.text(0, y + 16, shortened(bar.group, 12, HALF, bold=True), size=12, bold=True)
            y, group = y + 22.0, bar.group
        if not grouped:
            svg.text(0, y + 12, shortened(bar.name, 11.5, HALF), size=11.5)
            y += 15.0
        _draw_bar(svg, bar, y, left, width, most)
        y += 21.0
    return svg


def _draw_bar(svg: Svg, bar: Bar, y: float, left: float, width: float, most: float) -> None:
    if left:
        svg.text(0, y + 13, shortened(bar.name, 11, left - 6), size=11)
    svg.rect(left, y + 3, width, 13, FAINT)
    svg.rect(left, y + 3, width * min(max(bar.value / most, 0.0), 1.0), 13, bar.ink, 0.82)
    if bar.low is not None and bar.high is not None and bar.high > bar.low:
        _draw_whisker(svg, left + width * max(bar.low / most, 0.0), left + width * min(bar.high / most, 1.0), y + 9.5)
    svg.text(HALF, y + 13, bar.label, size=11, anchor="end", bold=True)


def _draw_whisker(svg: Svg, x1: float, x2: float, y: float) -> None:
    svg.line(x1, y, x2, y, "#ffffff", 3.0)
    svg.line(x1, y, x2, y, INK, 1.4)
    for x in (x1, x2):
        svg.line(x, y - 4, x, y + 4, INK, 1.4)


@dataclass(frozen=True)
class Driver:
    """An input and how strongly the outcome moves with it (rank correlation, -1 to 1)."""

    name: str
    rho: float
    label: str


def driver_chart(drivers: Sequence[Driver], left_words: str, right_words: str) -> Svg:
    """Signed bars from a middle line: what makes it better to the left, what makes it worse to the right."""
    row, top = 32.0, 18.0
    svg = Svg(HALF, top + row * len(drivers) + 4)
    middle, reach = HALF / 2, HALF / 2 - 46
    svg.text(middle - 8, 12, left_words, size=10.5, ink=MUTED, anchor="end")
    svg.text(middle + 8, 12, right_words, size=10.5, ink=MUTED)
    svg.line(middle, top - 4, middle, svg.height - 2, RULE, 1.0)
    for index, driver in enumerate(drivers):
        y = top + row * index
        svg.text(0, y + 12, shortened(driver.name, 11.5, HALF), size=11.5, halo=True)
        end = middle + reach * min(max(driver.rho, -1.0), 1.0)
        svg.rect(middle - reach, y + 17, 2 * reach, 10, FAINT)
        svg.rect(min(middle, end), y + 17, abs(end - middle), 10, ALARM if driver.rho > 0 else ACCENT, 0.85)
        svg.text(end + (6 if driver.rho > 0 else -6), y + 26, driver.label, size=10.5, ink=INK, anchor="start" if driver.rho > 0 else "end")
    return svg


def value_label(words: Words, value: float, low: float | None, high: float | None, percent: bool = False) -> str:
    """Value alone, rounded to the digits of its band, for labels in charts."""
    factor = 100.0 if percent else 1.0
    place = band_place(value * factor, None if low is None else low * factor, None if high is None else high * factor)
    place = max(place, 0) if percent else place
    return words.percent(value, place) if percent else words.number(value, place)
