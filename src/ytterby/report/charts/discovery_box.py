"""Chart of a scenario discovery box: the part of each input's range in which the bad draws are concentrated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby.report.charts.axes import HALF_PAGE
from ytterby.report.charts.palette import ALARM, MUTED
from ytterby.report.charts.svg import Svg
from ytterby.report.charts.tracks import TRACK_ROW, Track, track_width

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class DiscoveryLimit:
    """The part of an input's range inside the box; ``low`` and ``high`` are quantile levels of its bounds among the draws [1]."""

    name: str
    low: float
    high: float
    label: str


def discovery_box_chart(limits: Sequence[DiscoveryLimit], left_words: str, right_words: str) -> Svg:
    """Draw the full range of each input in grey, low values at the left, and the part inside the box over it."""
    top, width = 20.0, track_width((limit.label for limit in limits), 10.0)
    svg = Svg(HALF_PAGE, top + TRACK_ROW * len(limits))
    svg.text(0, 12, left_words, size=10.5, ink=MUTED)
    svg.text(width, 12, right_words, size=10.5, ink=MUTED, anchor="end")
    for index, limit in enumerate(limits):
        track = Track(svg, top + TRACK_ROW * index, width)
        track.name(limit.name)
        track.fill(width * limit.low, max(width * (limit.high - limit.low), 2.0), ALARM, 0.82)
        track.label(limit.label, ALARM)
    return svg.tell("limits", rows=limits, sides=(left_words, right_words))
