"""Map of a bargain: gains of two parties over no deal, the room, its front and named points, one panel a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby.report.charts.axes import Frame, Scale, draw_level, nice_ticks, spread, tick_place
from ytterby.report.charts.palette import ACCENT, ALARM, FAINT, INK, MUTED, RULE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ytterby.report.charts.svg import Svg
    from ytterby.report.text import Words

WIDTH, PANEL, LEFT, TOP, GAP, FOOT = 760.0, 300.0, 46.0, 52.0, 84.0, 40.0
COLUMNS = 2
LABEL = 13.0
MARKS = (ACCENT, "#006d56", ALARM, INK, "#8c4a86")
DOT = 1.6
MARGIN = 0.12
"""Room around what must be seen, over its span."""


@dataclass(frozen=True)
class BargainPanel:
    """The bargain as seen from a day.

    Attributes
    ----------
    title : str
    cloud : sequence of (float, float)
        Gains of some packages, for the look of the whole [bn USD a year].
    front : sequence of (float, float)
        Gains of the packages of the front, by the first party's [bn USD a year].
    points : mapping of str to (float, float)
        Named points.
    """

    title: str
    cloud: Sequence[tuple[float, float]]
    front: Sequence[tuple[float, float]]
    points: Mapping[str, tuple[float, float]]
    origin: str = "no deal"
    """Word for the point of no gain."""


def bargain_map_chart(panels: Sequence[BargainPanel], axes: tuple[str, str], words: Words) -> Svg:
    """Draw the panels with the same scales; `axes` are the words below and above them."""
    from ytterby.report.charts.svg import Svg

    rows, alone = -(-len(panels) // COLUMNS), len(panels) == 1
    svg = Svg(WIDTH / COLUMNS + LEFT if alone else WIDTH, TOP + rows * (PANEL + GAP) - GAP + FOOT)
    svg.rect(0, 0, svg.width, svg.height, "#ffffff")
    scales = tuple(_scale([xy[side] for panel in panels for xy in _seen(panel)]) for side in (0, 1))
    for number, panel in enumerate(panels):
        column, row = number % COLUMNS, number // COLUMNS
        width = (WIDTH - COLUMNS * LEFT - 8.0) / COLUMNS
        left, top = LEFT + column * (width + LEFT), TOP + row * (PANEL + GAP)
        frame = Frame(left, top, width, PANEL, *(Scale(ticks[0], ticks[-1]) for ticks in scales))
        _draw(svg, frame, panel, scales, axes, words)
    return svg


def _seen(panel: BargainPanel) -> list[tuple[float, float]]:
    """Points that must lie inside of the frame."""
    return [(0.0, 0.0), *panel.points.values(), *(xy for xy in panel.front if min(xy) >= 0.0)]


def _scale(values: list[float]) -> list[float]:
    low, high = min(values), max(values)
    span = MARGIN * max(high - low, 1e-9)
    return nice_ticks(low - span, high + span)


def _draw(svg: Svg, frame: Frame, panel: BargainPanel, scales: Sequence[list[float]], axes: tuple[str, str], words: Words) -> None:
    svg.text(frame.left, frame.top - 26, panel.title, size=12, bold=True)
    svg.text(frame.left, frame.top - 10, axes[1], size=10.5, ink=MUTED)
    svg.rect(frame.x(0.0), frame.top, frame.right - frame.x(0.0), frame.y(0.0) - frame.top, FAINT)
    for tick in scales[1]:
        draw_level(svg, frame, tick, words.number(tick, tick_place(scales[1])))
    for tick in scales[0]:
        x = frame.x(tick)
        svg.line(x, frame.top, x, frame.bottom, RULE if tick else MUTED, 0.7)
        svg.text(x, frame.bottom + 14, words.number(tick, tick_place(scales[0])), size=10.5, ink=MUTED, anchor="middle")
    svg.text(frame.right, frame.bottom + 28, axes[0], size=10.5, ink=MUTED, anchor="end")
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
    named = {panel.origin: (0.0, 0.0), **panel.points}
    places = spread([frame.y(y) + 4.0 for _, y in named.values()], LABEL, frame.top + 10, frame.bottom - 2)
    for number, ((name, (x, y)), place) in enumerate(zip(named.items(), places, strict=True)):
        ink = MARKS[number % len(MARKS)]
        at = frame.x(x)
        svg.rect(at - 4, frame.y(y) - 4, 8, 8, ink)
        left = at > (frame.left + frame.right) / 2
        svg.text(at - 8 if left else at + 8, place, name, size=10.5, ink=ink, anchor="end" if left else "start", halo=True)
