"""Scales and axes of the charts: ticks at round numbers, months and years, today's marker."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ytterby.report.digits import plain_place
from ytterby.report.palette import MUTED, RULE
from ytterby.report.svg import text_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ytterby.report.svg import Svg
    from ytterby.report.text import Words


def nice_ticks(low: float, high: float, count: int = 5) -> list[float]:
    """About ``count`` ticks at multiples of 1, 2, 2.5 or 5 times a power of ten that cover the range."""
    span = high - low if high > low else max(abs(high), 1.0)
    power = 10.0 ** math.floor(math.log10(span / count))
    step = next(step * power for step in (1, 2, 2.5, 5, 10) if span / (step * power) <= count)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [index * step for index in range(first, max(last, first + 1) + 1)]


def tick_place(ticks: list[float]) -> int:
    """Decimal exponent that tells neighbouring ticks apart."""
    return min(
        plain_place(tick - before, 2 if str(tick - before).rstrip("0").endswith("25") else 1)
        for before, tick in zip(ticks, ticks[1:], strict=False)
    )


def month_starts(first: date, last: date, room: float) -> list[date]:
    """First days of months between two dates, thinned to what the room [user units] holds."""
    months = (last.year - first.year) * 12 + last.month - first.month
    step = next((step for step in (1, 2, 3, 6, 12) if months / step * 30.0 <= room), 24)
    count = range(0, months + 13)
    starts = [date(first.year + (index // 12), index % 12 + 1, 1) for index in count if (index % 12) % min(step, 12) == 0]
    return [start for start in starts if first <= start <= last]


DATE_SIZE = 10.5
"""Size of the labels of an axis of dates [user units]."""
MARKER_ROW = 13.0
"""Height of a row of labels over a frame."""


@dataclass(frozen=True)
class Frame:
    """The area of a chart: dates to the right, values upwards.

    Attributes
    ----------
    left, top, width, height : float
        Box of the plot [user units].
    first, last : date
        Dates at the left and right edge.
    low, high : float
        Values at the lower and upper edge.
    """

    left: float
    top: float
    width: float
    height: float
    first: date
    last: date
    low: float = 0.0
    high: float = 1.0

    def x(self, when: date) -> float:
        """Abscissa of a date, held inside the frame."""
        share = (when - self.first) / max(self.last - self.first, timedelta(days=1))
        return self.left + self.width * min(max(share, 0.0), 1.0)

    def y(self, value: float) -> float:
        """Ordinate of a value, held inside the frame."""
        share = (value - self.low) / (self.high - self.low)
        return self.top + self.height * (1.0 - min(max(share, 0.0), 1.0))

    @property
    def bottom(self) -> float:
        """Ordinate of the lower edge."""
        return self.top + self.height

    @property
    def right(self) -> float:
        """Abscissa of the right edge."""
        return self.left + self.width


def draw_dates(svg: Svg, frame: Frame, words: Words) -> None:
    """Draw the axis of dates below the frame: months, and the year under each first one."""
    svg.line(frame.left, frame.bottom, frame.right, frame.bottom, MUTED)
    shown: set[int] = set()
    for start in month_starts(frame.first, frame.last, frame.width):
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


def draw_values(svg: Svg, frame: Frame, ticks: list[float], unit: str, words: Words) -> None:
    """Draw the grid of values with numbers at the left and the unit on top."""
    place = tick_place(ticks)
    for tick in ticks:
        y = frame.y(tick)
        svg.line(frame.left, y, frame.right, y, RULE if tick else MUTED, 0.7)
        svg.text(frame.left - 6, y + 3.7, words.number(tick, place), size=10.5, ink=MUTED, anchor="end")
    svg.text(2, 10, unit, size=10.5, ink=MUTED)


@dataclass(frozen=True)
class Marker:
    """A dated line in a chart: today, or the start of a measure."""

    when: date
    label: str
    ink: str = MUTED


def draw_markers(svg: Svg, frame: Frame, markers: Sequence[Marker]) -> None:
    """Draw dashed vertical lines with labels above the frame; labels that would touch go into rows of their own."""
    ends: list[float] = []
    for marker in sorted(markers, key=lambda item: item.when):
        x, wide = frame.x(marker.when), text_width(marker.label, 10.5)
        left = min(max(x - wide / 2, 2.0), svg.width - wide - 2)
        row = next((row for row, end in enumerate(ends) if end < left), len(ends))
        ends[row : row + 1] = [left + wide + 6]
        svg.line(x, frame.top - 4 - MARKER_ROW * row, x, frame.bottom, marker.ink, 1.2, "4 3")
        svg.text(left, frame.top - 7 - MARKER_ROW * row, marker.label, size=10.5, ink=marker.ink, halo=True)


def spread(positions: list[float], gap: float, low: float, high: float) -> list[float]:
    """Positions moved as little as needed to lie ``gap`` apart between ``low`` and ``high``; order is kept."""
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
