"""Duties as steps over time, and below what each step cost whom a year: two frames with one axis of dates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby.report.charts.axes import Frame, Scale, draw_dates, draw_level, nice_ticks, spread, tick_place
from ytterby.report.charts.palette import ACCENT, ALARM, INK, MUTED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from ytterby.report.charts.svg import Svg
    from ytterby.report.text import Words

WIDTH, LEFT, RIGHT = 760.0, 46.0, 176.0
TOPS, HEIGHTS = (44.0, 310.0), (190.0, 190.0)
FOOT = 36.0
LABEL_GAP = 15.0
STYLES = ((ACCENT, 2.2, None), (ALARM, 1.8, "6 3"), (INK, 1.8, "2 2"))
"""Colour, width and dash of the lines of a frame."""


@dataclass(frozen=True)
class DutyStep:
    """What holds from a day on.

    Attributes
    ----------
    start : date
        First day.
    duty : mapping of str to float
        Duty by what it is on [1].
    cost : mapping of str to float
        Change by whom, a year [bn USD]; negative is a loss.
    """

    start: date
    duty: Mapping[str, float]
    cost: Mapping[str, float]


def duty_steps_chart(steps: Sequence[DutyStep], last: date, titles: tuple[str, str], words: Words) -> Svg:
    """Draw the steps from the first one to a last day; the titles are those of the duties and of the costs."""
    from ytterby.report.charts.svg import Svg

    svg = Svg(WIDTH, TOPS[1] + HEIGHTS[1] + FOOT)
    svg.rect(0, 0, svg.width, svg.height, "#ffffff")
    panels: tuple[tuple[str, Callable[[DutyStep], Mapping[str, float]], float], ...] = (
        (titles[0], lambda step: step.duty, 100.0),
        (titles[1], lambda step: step.cost, 1.0),
    )
    for (title, of, scale), top, height in zip(panels, TOPS, HEIGHTS, strict=True):
        lines = {name: [scale * of(step)[name] for step in steps] for name in of(steps[0])}
        values = [value for line in lines.values() for value in line]
        ticks = nice_ticks(min(0.0, *values), max(0.0, *values))
        frame = Frame(LEFT, top, WIDTH - LEFT - RIGHT, height, Scale.of_dates(steps[0].start, last), Scale(ticks[0], ticks[-1]))
        svg.text(4, top - 16, title, size=12, bold=True)
        for tick in ticks:
            draw_level(svg, frame, tick, words.number(tick, tick_place(ticks)))
        draw_dates(svg, frame, words)
        _draw_lines(svg, frame, [step.start for step in steps], lines, words)
    return svg.tell("duties", steps=steps, last=last, titles=titles)


def _draw_lines(svg: Svg, frame: Frame, starts: Sequence[date], lines: Mapping[str, list[float]], words: Words) -> None:
    """Draw each line as steps, with its name and last value at the right."""
    places = spread([frame.y(line[-1]) for line in lines.values()], LABEL_GAP, frame.top, frame.bottom)
    for (name, line), place, (ink, width, dash) in zip(lines.items(), places, STYLES, strict=False):
        points = []
        for at, (start, value) in enumerate(zip(starts, line, strict=True)):
            end = frame.x(starts[at + 1]) if at + 1 < len(starts) else frame.right
            points += [(frame.x(start), frame.y(value)), (end, frame.y(value))]
        svg.polyline(points, ink, width, dash)
        svg.line(frame.right + 2, frame.y(line[-1]), frame.right + 8, place, MUTED, 0.7)
        svg.text(frame.right + 11, place + 4, f"{name} {words.number(line[-1], -1)}", size=11, ink=ink)
