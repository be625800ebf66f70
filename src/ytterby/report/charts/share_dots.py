"""Shares of some parties by several rules: a dot for each rule, with a band where the share was looked at under other inputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby.report.charts.axes import HALF_PAGE, zero_scale
from ytterby.report.charts.palette import ACCENT, BAND, FAINT, INK
from ytterby.report.charts.svg import Svg, column_width, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ytterby.report.charts.axes import Scale

ROW, HEAD = 19.0, 24.0
"""Height of a row and of a heading [user units]."""
MOST_NAME = 170.0
"""Most room for the names of rules [user units]."""


@dataclass(frozen=True)
class ShareDot:
    """Share of a party by a rule, with a band where there is one; consecutive dots of a party share a heading."""

    party: str
    rule: str
    share: float
    low: float | None
    high: float | None
    label: str


def share_dots_chart(dots: Sequence[ShareDot]) -> Svg:
    """Draw the dots on one scale from zero, in their order."""
    parties = list(dict.fromkeys(dot.party for dot in dots))
    left = min(column_width((dot.rule for dot in dots), 11) + 12.0, MOST_NAME)
    width = HALF_PAGE - left - column_width((dot.label for dot in dots), 11, bold=True) - 14.0
    amounts = [value for dot in dots for value in (dot.share, dot.low, dot.high) if value is not None]
    scale = zero_scale(amounts)
    svg = Svg(HALF_PAGE, 4.0 + HEAD * len(parties) + ROW * len(dots))
    y, party = 0.0, ""
    for dot in dots:
        if dot.party != party:
            svg.text(0, y + 17, shortened(dot.party, 12, HALF_PAGE, bold=True), size=12, bold=True)
            y, party = y + HEAD, dot.party
        _draw_dot(svg, dot, y, left, width, scale)
        y += ROW
    return svg.tell("dots", rows=dots)


def _draw_dot(svg: Svg, dot: ShareDot, y: float, left: float, width: float, scale: Scale) -> None:
    svg.text(0, y + 13, shortened(dot.rule, 11, left - 6), size=11)
    svg.rect(left, y + 4, width, 11, FAINT)

    def x(value: float) -> float:
        return left + width * scale.position(value)

    if dot.low is not None and dot.high is not None and dot.high > dot.low:
        svg.rect(x(dot.low), y + 6, x(dot.high) - x(dot.low), 7, ACCENT, BAND)
    svg.put("circle", cx=x(dot.share), cy=y + 9.5, r=4.4, fill=INK, stroke="#ffffff", stroke_width=1.2)
    svg.text(HALF_PAGE, y + 13, dot.label, size=11, anchor="end", bold=True)
