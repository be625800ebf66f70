"""Map of a bargain: gains of two parties over no deal, the room, its front and named points, one panel a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby.report.charts.axes import HALF_PAGE, Frame, Scale, draw_level, nice_ticks, spread, tick_place
from ytterby.report.charts.palette import ACCENT, ALARM, FAINT, INK, MUTED, RULE
from ytterby.report.charts.svg import Svg

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ytterby.report.text import Words

PANEL, LEFT, TOP, GAP, FOOT = 270.0, 40.0, 52.0, 84.0, 40.0
MOST_COLUMNS = 2
UNTITLED = 30.0
"""Height above panels without titles."""
LABEL = 13.0
MARKS = (ACCENT, "#006d56", ALARM, INK, "#8c4a86")
DOT = 1.6
MARGIN = 0.12
"""Room around what must be seen, over its span."""
AXIS_SIZE = 10.5

Scales = tuple[Scale, Scale]


@dataclass(frozen=True)
class BargainPanel:
    """The bargain as seen from a day.

    Attributes
    ----------
    title : str
        Empty for none.
    cloud : sequence of (float, float)
        Gains of some packages, for the look of the whole [bn USD a year].
    front : sequence of (float, float)
        Gains of the packages of the front, by the first party's [bn USD a year].
    points : mapping of str to (float, float)
        Named points, no deal first.
    """

    title: str
    cloud: Sequence[tuple[float, float]]
    front: Sequence[tuple[float, float]]
    points: Mapping[str, tuple[float, float]]


def bargain_map_chart(
    panels: Sequence[BargainPanel], axes: tuple[str, str], words: Words, beside: Sequence[BargainPanel] | None = None
) -> Svg:
    """Draw the panels with the same scales, two in a row.

    Parameters
    ----------
    panels : sequence of BargainPanel
    axes : tuple of str
        Words below the panels and above them.
    words : Words
    beside : sequence of BargainPanel, optional
        Panels of other pictures whose scales are shared; by default those that are drawn.
    """
    columns = min(MOST_COLUMNS, len(panels))
    rows = -(-len(panels) // columns)
    above = TOP if any(panel.title for panel in panels) else UNTITLED
    svg = Svg(HALF_PAGE * columns, above + rows * (PANEL + GAP) - GAP + FOOT)
    svg.rect(0, 0, svg.width, svg.height, "#ffffff")
    ticks = [_ticks([xy[side] for panel in beside or panels for xy in _seen(panel)]) for side in (0, 1)]
    for number, panel in enumerate(panels):
        left, top = LEFT + HALF_PAGE * (number % columns), above + (PANEL + GAP) * (number // columns)
        frame = Frame(left, top, HALF_PAGE - LEFT - 8.0, PANEL, *(Scale(each[0], each[-1]) for each in ticks))
        _draw(svg, frame, panel, ticks, axes, words)
    return svg.tell("bargain", panels=panels, axes=axes, ticks=ticks)


def _seen(panel: BargainPanel) -> list[tuple[float, float]]:
    """Points that must lie inside of the frame."""
    return [(0.0, 0.0), *panel.points.values(), *(xy for xy in panel.front if min(xy) >= 0.0)]


def _ticks(values: list[float]) -> list[float]:
    low, high = min(values), max(values)
    span = MARGIN * max(high - low, 1e-9)
    return nice_ticks(low - span, high + span)


def _draw(svg: Svg, frame: Frame, panel: BargainPanel, ticks: Sequence[list[float]], axes: tuple[str, str], words: Words) -> None:
    svg.text(frame.left, frame.top - 26, panel.title, size=12, bold=True)
    svg.text(frame.left - LEFT + 4, frame.top - 10, axes[1], size=AXIS_SIZE, ink=MUTED)
    svg.rect(frame.x(0.0), frame.top, frame.right - frame.x(0.0), frame.y(0.0) - frame.top, FAINT)
    for tick in ticks[1]:
        draw_level(svg, frame, tick, words.number(tick, tick_place(ticks[1])))
    for tick in ticks[0]:
        x = frame.x(tick)
        svg.line(x, frame.top, x, frame.bottom, RULE if tick else MUTED, 0.7)
        svg.text(x, frame.bottom + 14, words.number(tick, tick_place(ticks[0])), size=AXIS_SIZE, ink=MUTED, anchor="middle")
    svg.text(frame.right, frame.bottom + 28, axes[0], size=AXIS_SIZE, ink=MUTED, anchor="end")
    for x, y in panel.cloud:
        if _inside(frame, x, y):
            svg.rect(frame.x(x) - DOT / 2, frame.y(y) - DOT / 2, DOT, DOT, MUTED, 0.45)
    line = [(frame.x(x), frame.y(y)) for x, y in panel.front if _inside(frame, x, y)]
    if len(line) > 1:
        svg.polyline(line, ACCENT, 1.6)
    _draw_points(svg, frame, panel)


def _inside(frame: Frame, x: float, y: float) -> bool:
    return frame.x_scale.low <= x <= frame.x_scale.high and frame.y_scale.low <= y <= frame.y_scale.high


def _draw_points(svg: Svg, frame: Frame, panel: BargainPanel) -> None:
    """Draw named points with labels that do not overlap."""
    places = spread([frame.y(y) + 4.0 for _, y in panel.points.values()], LABEL, frame.top + 10, frame.bottom - 2)
    for number, ((name, (x, y)), place) in enumerate(zip(panel.points.items(), places, strict=True)):
        ink = MARKS[number % len(MARKS)]
        at = frame.x(x)
        svg.rect(at - 4, frame.y(y) - 4, 8, 8, ink)
        left = at > (frame.left + frame.right) / 2
        svg.text(at - 8 if left else at + 8, place, name, size=10.5, ink=ink, anchor="end" if left else "start", halo=True)
