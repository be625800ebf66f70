"""Bars to both sides of zero: who gains and who loses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby.report.charts.axes import HALF_PAGE, zero_scale
from ytterby.report.charts.palette import ACCENT, ALARM, INK
from ytterby.report.charts.svg import Svg
from ytterby.report.charts.tracks import TRACK_ROW, Track, track_width

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class SignedBar:
    """An amount that may be negative."""

    name: str
    amount: float
    label: str


def signed_bars_chart(bars: Sequence[SignedBar]) -> Svg:
    """Draw the bars from a common zero, from top to bottom."""
    svg = Svg(HALF_PAGE, 2.0 + TRACK_ROW * len(bars))
    width = track_width((bar.label for bar in bars), 10.0)
    scale = zero_scale(bar.amount for bar in bars)
    zero = width * scale.position(0.0)
    for index, bar in enumerate(bars):
        track, end = Track(svg, TRACK_ROW * index, width), width * scale.position(bar.amount)
        track.name(bar.name)
        track.fill(min(zero, end), abs(end - zero), ACCENT if bar.amount >= 0.0 else ALARM, 0.85)
        svg.line(zero, track.y + 15, zero, track.y + 33, INK, 1.0)
        track.label(bar.label)
    return svg.tell("signed", rows=bars)
