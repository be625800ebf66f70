"""From a first amount to a last one by steps: each step a bar that begins where the one before it ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby.report.charts.axes import HALF_PAGE, zero_scale
from ytterby.report.charts.palette import ACCENT, ALARM, INK, MUTED
from ytterby.report.charts.svg import Svg, shortened
from ytterby.report.charts.tracks import TRACK_ROW, Track, track_width

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class WaterfallStep:
    """What a step adds, or takes away where it is negative."""

    name: str
    amount: float
    label: str


def waterfall_chart(first: WaterfallStep, steps: Sequence[WaterfallStep], last: WaterfallStep) -> Svg:
    """Draw the first amount, the steps, and the last amount, from top to bottom on one scale.

    Parameters
    ----------
    first, last : WaterfallStep
        Whole amounts, drawn from zero.
    steps : sequence of WaterfallStep
        What leads from the first to the last.
    """
    levels = [first.amount]
    for step in steps:
        levels.append(levels[-1] + step.amount)
    rows = (first, *steps, last)
    svg = Svg(HALF_PAGE, 2.0 + TRACK_ROW * len(rows))
    width = track_width((row.label for row in rows), 10.0)
    scale = zero_scale([last.amount, *levels])
    spans = [(0.0, first.amount), *zip(levels, levels[1:], strict=False), (0.0, last.amount)]
    for index, (row, span) in enumerate(zip(rows, spans, strict=True)):
        whole = index in (0, len(rows) - 1)
        track = Track(svg, TRACK_ROW * index, width)
        track.name("")
        start, end = sorted(width * scale.position(level) for level in span)
        track.fill(start, max(end - start, 1.0), MUTED if whole else ACCENT if row.amount >= 0.0 else ALARM, 0.85)
        if index:
            x = width * scale.position(levels[index - 1])
            svg.line(x, track.y - 6, x, track.y + 30, INK, 0.8, "2 2")
        svg.text(0, track.y + 13, shortened(row.name, 11.5, HALF_PAGE, bold=whole), size=11.5, bold=whole, halo=True)
        track.label(row.label, bold=whole)
    return svg.tell("waterfall", rows=rows)
