"""Chart of first production stops: a bar over the band of each date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby.report.charts.axes import HALF_PAGE, Frame, Scale, draw_dates, draw_markers, marker_rows
from ytterby.report.charts.palette import ACCENT, FAINT, INK, MUTED
from ytterby.report.charts.svg import Svg, shortened, text_width

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ytterby.report.charts.axes import Marker
    from ytterby.report.text import Words


@dataclass(frozen=True)
class StopBar:
    """First production stop of a sector in a country.

    Attributes
    ----------
    name : str
        Sector and country.
    low, middle, high : date
        Band and median of the date; ``middle`` or ``high`` is None if the stop may not occur within the run. Where nothing stops,
        ``low`` and ``high`` are both the end of the run, and no bar is drawn.
    odds : str
        Probability of a stop, in words.
    own : bool
        Whether the country belongs to the importer.
    """

    name: str
    low: date
    middle: date | None
    high: date | None
    odds: str
    own: bool = False


def stops_chart(stops: Sequence[StopBar], first: date, last: date, words: Words, markers: Sequence[Marker] = ()) -> Svg:
    """Draw a bar over the band of each stop's date, with a mark at the median.

    An arrow at the right edge means that in some draws there is no stop before the end of the run.
    """
    row, top = 34.0, 4.0 + marker_rows(markers)
    svg = Svg(HALF_PAGE, top + row * len(stops) + 34)
    frame = Frame(8, top, HALF_PAGE - 16, row * len(stops), Scale.of_dates(first, last))
    for index, stop in enumerate(stops):
        _draw_stop(svg, frame, frame.top + row * index, stop)
    draw_dates(svg, frame, words)
    draw_markers(svg, frame, markers)
    for index, stop in enumerate(stops):
        _write_stop(svg, frame, frame.top + row * index + 14, stop)
    return svg.tell("stops", rows=stops, first=first, last=last, markers=markers)


def _draw_stop(svg: Svg, frame: Frame, y: float, stop: StopBar) -> None:
    ink = ACCENT if stop.own else MUTED
    svg.rect(frame.left, y + 19, frame.width, 9, FAINT)
    if stop.low == stop.high and stop.middle is None:
        return
    x1, x2 = frame.x(stop.low), frame.right if stop.high is None else frame.x(stop.high)
    svg.rect(x1, y + 19, max(x2 - x1, 2.0), 9, ink, 0.55)
    if stop.high is None:
        svg.put("polygon", points=f"{x2 - 7:.1f},{y + 16:.1f} {x2:.1f},{y + 23.5:.1f} {x2 - 7:.1f},{y + 31:.1f}", fill=ink)
    if stop.middle is not None:
        svg.rect(frame.x(stop.middle) - 1.5, y + 16, 3, 15, INK)


def _write_stop(svg: Svg, frame: Frame, y: float, stop: StopBar) -> None:
    room = frame.width - text_width(stop.odds, 11, bold=True) - 10
    svg.text(frame.left, y, shortened(stop.name, 11.5, room, bold=stop.own), size=11.5, bold=stop.own, halo=True)
    svg.text(frame.right, y, stop.odds, size=11, ink=ACCENT if stop.own else MUTED, anchor="end", bold=True, halo=True)
