"""Scales, frames, grids and date markers shared by the charts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ytterby.report.charts.palette import MUTED, RULE
from ytterby.report.charts.svg import text_width
from ytterby.report.digits import rounded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ytterby.report.charts.svg import Svg
    from ytterby.report.text import Words

HALF_PAGE = 400.0
"""Width of a chart in half the page width [user units]."""
DATE_SIZE = 10.5
"""Size of the labels of an axis of dates [user units]."""
MARKER_ROW = 13.0
"""Height of a row of labels above a frame [user units]."""


def nice_ticks(low: float, high: float, count: int = 5) -> list[float]:
    """About ``count`` ticks that cover a range, at multiples of 1, 2, 2.5 or 5 times a power of ten."""
    span = high - low if high > low else max(abs(high), 1.0)
    power = 10.0 ** math.floor(math.log10(span / count))
    step = next(step * power for step in (1, 2, 2.5, 5, 10) if span / (step * power) <= count)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [index * step for index in range(first, max(last, first + 1) + 1)]


def tick_place(ticks: list[float]) -> int:
    """Decimal exponent of the coarsest place at which every tick is printed exactly."""
    step = min((tick - before for before, tick in zip(ticks, ticks[1:], strict=False)), default=1.0)
    place = math.floor(math.log10(step) + 1e-6)
    while any(abs(rounded(tick, place) - tick) > 1e-6 * step for tick in ticks):
        place -= 1
    return place


def month_starts(first: date, last: date, width: float) -> list[date]:
    """First days of the months between two dates; only every second, third, ... month if the width [user units] is small."""
    months = (last.year - first.year) * 12 + last.month - first.month
    step = next((step for step in (1, 2, 3, 6, 12) if months / step * 30.0 <= width), 24)
    count = range(0, months + 13)
    starts = [date(first.year + (index // 12), index % 12 + 1, 1) for index in count if (index % 12) % min(step, 12) == 0]
    return [start for start in starts if first <= start <= last]


@dataclass(frozen=True)
class Scale:
    """Values along one side of a chart; values outside of the range are drawn at the nearer end.

    Attributes
    ----------
    low, high : float
        Values at the two ends; dates count as proleptic ordinals.
    logarithmic : bool
        Whether the scale is logarithmic; ``low`` is then positive.
    """

    low: float = 0.0
    high: float = 1.0
    logarithmic: bool = False

    @classmethod
    def of_dates(cls, first: date, last: date) -> Scale:
        """Scale from a first to a last date, at least one day long."""
        return cls(first.toordinal(), max(last.toordinal(), first.toordinal() + 1))

    def position(self, value: float) -> float:
        """Position of a value [1]: 0 at the low end, 1 at the high end."""
        held = min(max(value, self.low), self.high)
        if self.logarithmic:
            return math.log10(held / self.low) / math.log10(self.high / self.low)
        return (held - self.low) / (self.high - self.low)


def zero_scale(values: Iterable[float]) -> Scale:
    """Scale over zero and some values; from 0 to 1 where all are zero."""
    given = list(values)
    low, high = min(0.0, *given), max(0.0, *given)
    return Scale(low, high if high > low else 1.0)


@dataclass(frozen=True)
class Frame:
    """The plotting area of a chart.

    Attributes
    ----------
    left, top, width, height : float
        Its box [user units].
    x_scale, y_scale : Scale
        Values from left to right, and from the lower to the upper edge.
    """

    left: float
    top: float
    width: float
    height: float
    x_scale: Scale
    y_scale: Scale = Scale()

    def x(self, value: date | float) -> float:
        """Abscissa of a date or value [user units]."""
        return self.left + self.width * self.x_scale.position(value.toordinal() if isinstance(value, date) else value)

    def y(self, value: float) -> float:
        """Ordinate of a value [user units]."""
        return self.top + self.height * (1.0 - self.y_scale.position(value))

    @property
    def bottom(self) -> float:
        """Ordinate of the lower edge."""
        return self.top + self.height

    @property
    def right(self) -> float:
        """Abscissa of the right edge."""
        return self.left + self.width

    @property
    def dates(self) -> tuple[date, date]:
        """Dates at the left and right edge, for a scale of dates."""
        return date.fromordinal(int(self.x_scale.low)), date.fromordinal(int(self.x_scale.high))


@dataclass(frozen=True)
class GridStyle:
    """Style of the horizontal lines of a grid and of their labels.

    Attributes
    ----------
    size, gap, drop : float
        Size of the labels, their distance from the frame, and how far their baseline lies below the line [user units].
    stroke : float
        Width of the lines [user units].
    zero : str
        Colour of the line at zero.
    """

    size: float
    gap: float
    drop: float
    stroke: float
    zero: str


PAGE_GRID = GridStyle(10.5, 6.0, 3.7, 0.7, MUTED)
"""Grid of a chart of the briefing."""
PANEL_GRID = GridStyle(10.0, 5.0, 3.5, 0.7, RULE)
"""Grid of a panel in small multiples."""


def draw_level(svg: Svg, frame: Frame, value: float, label: str, grid: GridStyle = PAGE_GRID) -> None:
    """Draw the grid line of a value, with its label at the left."""
    y = frame.y(value)
    svg.line(frame.left, y, frame.right, y, RULE if value else grid.zero, grid.stroke)
    svg.text(frame.left - grid.gap, y + grid.drop, label, size=grid.size, ink=MUTED, anchor="end")


def draw_values(svg: Svg, frame: Frame, ticks: list[float], unit: str, words: Words) -> None:
    """Draw the grid of values, with the unit above it."""
    place = tick_place(ticks)
    for tick in ticks:
        draw_level(svg, frame, tick, words.number(tick, place))
    svg.text(2, 10, unit, size=PAGE_GRID.size, ink=MUTED)


def draw_dates(svg: Svg, frame: Frame, words: Words) -> None:
    """Draw the axis of dates below the frame: months, and the year below its first month."""
    svg.line(frame.left, frame.bottom, frame.right, frame.bottom, MUTED)
    shown: set[int] = set()
    for start in month_starts(*frame.dates, frame.width):
        x = frame.x(start)
        svg.line(x, frame.bottom, x, frame.bottom + 4, MUTED)
        _write_under(svg, x, frame.bottom + 15, words.month(start))
        if start.year not in shown:
            _write_under(svg, x, frame.bottom + 27, words.day(start, "year"))
            shown.add(start.year)


def _write_under(svg: Svg, x: float, y: float, label: str) -> None:
    """Write a label of the axis of dates below its tick, inside the picture."""
    half = text_width(label, DATE_SIZE) / 2
    svg.text(min(max(x, half), svg.width - half), y, label, size=DATE_SIZE, ink=MUTED, anchor="middle")


@dataclass(frozen=True)
class Marker:
    """A dated vertical line in a chart: today, or the start of a measure."""

    when: date
    label: str
    ink: str = MUTED


def marker_rows(markers: Sequence[Marker]) -> float:
    """Height needed above a frame for the labels of its markers [user units]."""
    return MARKER_ROW * min(len(markers), 2)


def draw_markers(svg: Svg, frame: Frame, markers: Sequence[Marker]) -> None:
    """Draw dashed vertical lines with labels above the frame; overlapping labels are placed in separate rows."""
    ends: list[float] = []
    for marker in sorted(markers, key=lambda item: item.when):
        x, wide = frame.x(marker.when), text_width(marker.label, 10.5)
        left = min(max(x - wide / 2, 2.0), svg.width - wide - 2)
        row = next((row for row, end in enumerate(ends) if end < left), len(ends))
        ends[row : row + 1] = [left + wide + 6]
        svg.line(x, frame.top - 4 - MARKER_ROW * row, x, frame.bottom, marker.ink, 1.2, "4 3")
        svg.text(left, frame.top - 7 - MARKER_ROW * row, marker.label, size=10.5, ink=marker.ink, halo=True)


def spread(positions: list[float], gap: float, low: float, high: float) -> list[float]:
    """Move positions as little as possible so that they are ``gap`` apart between ``low`` and ``high``, in the same order."""
    order = sorted(range(len(positions)), key=lambda index: positions[index])
    moved = [min(max(positions[index], low), high) for index in order]
    for index in range(1, len(moved)):
        moved[index] = max(moved[index], moved[index - 1] + gap)
    for index in reversed(range(len(moved))):
        ceiling = high if index == len(moved) - 1 else moved[index + 1] - gap
        moved[index] = min(moved[index], ceiling)
    out = [0.0] * len(positions)
    for place, index in enumerate(order):
        out[index] = moved[place]
    return out
