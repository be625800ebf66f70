"""Direct and traced share of a supplier in imports over the years: one panel per importer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby.report.charts.axes import GridStyle, Scale, draw_level
from ytterby.report.charts.palette import ALARM, INK, MUTED, RULE
from ytterby.report.charts.panels import PanelSheet, draw_years

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ytterby.report.charts.axes import Frame
    from ytterby.report.charts.svg import Svg

SHEET = PanelSheet(columns=2, head=62.0, width=380.0, height=190.0, left=40.0, top=30.0, right=64.0, bottom=24.0)
BARE = PanelSheet(columns=2, head=0.0, width=390.0, height=190.0, left=40.0, top=30.0, right=84.0, bottom=24.0)
"""The panels alone, with room for the words of other languages at the ends of lines."""
ENDS = ("traced", "direct")
GRID = GridStyle(size=10.0, gap=5.0, drop=4.0, stroke=0.6, zero=RULE)
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class ImportShares:
    """Shares of a supplier in the imports of one importer [1].

    Attributes
    ----------
    importer : str
        Name of the importer.
    ink : str
        Its colour.
    period : (int, int)
        First and last year of the axis.
    years : tuple of int
        Years with shares; the shares have the same length.
    direct, traced : tuple of float
        Share by the country of origin in customs data, and share traced through all exporters.
    low, high : tuple of float
        Bounds of the traced share.
    by_value : (int, int), optional
        First and last year in which shares are by value because tonnes are missing.
    """

    importer: str
    ink: str
    period: tuple[int, int]
    years: tuple[int, ...]
    direct: tuple[float, ...]
    traced: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    by_value: tuple[int, int] | None = None


def import_history_chart(panels: Sequence[ImportShares], supplier: str) -> Svg:
    """Draw the shares of the supplier of this name in the imports of each importer, as a picture that stands by itself."""
    svg = SHEET.canvas(len(panels), min(len(panels), SHEET.columns), foot=16)
    svg.rect(0, 0, svg.width, svg.height, "#ffffff")
    svg.text(8, 20, f"Share of {supplier} in rare-earth imports", size=15, bold=True)
    svg.text(8, 38, "solid: traced through all exporters, with the band of who counts as a producer", size=11, ink=MUTED)
    svg.text(8, 53, "dashed: direct, the country that customs name; grey ground: counted by value, tonnes are missing", size=11, ink=MUTED)
    _draw_panels(svg, SHEET, panels, ENDS, "no data")
    svg.text(8, svg.height - 4, "Data: BACI (CEPII), HS 280530, 284610, 284690; USGS mine production", size=10, ink=MUTED)
    return svg


def import_history_panels(panels: Sequence[ImportShares], ends: tuple[str, str], absent: str) -> Svg:
    """Draw the same panels alone, for a page that has title, legend and source beside them.

    Parameters
    ----------
    panels : sequence of ImportShares
    ends : (str, str)
        Words at the ends of the traced and of the direct line.
    absent : str
        Words for an importer without data.
    """
    svg = BARE.canvas(len(panels), min(len(panels), BARE.columns), foot=0)
    _draw_panels(svg, BARE, panels, ends, absent)
    return svg.tell("history", panels=panels, ends=ends)


def _draw_panels(svg: Svg, sheet: PanelSheet, panels: Sequence[ImportShares], ends: tuple[str, str], absent: str) -> None:
    for index, panel in enumerate(panels):
        frame = sheet.frame(index, Scale(panel.period[0], max(panel.period[1], panel.period[0] + 1)), Scale())
        svg.text(frame.left, frame.top - 12, panel.importer, size=13, bold=True)
        if panel.years:
            _draw_panel(svg, frame, panel, ends)
        else:
            svg.text(frame.left, frame.top + frame.height / 2, absent, size=11, ink=MUTED)


def _draw_panel(svg: Svg, frame: Frame, panel: ImportShares, ends: tuple[str, str]) -> None:
    if panel.by_value:
        start, end = frame.x(panel.by_value[0]), frame.x(panel.by_value[1] + 0.5)
        svg.rect(start, frame.top, end - start, frame.height, MUTED, opacity=0.12)
    for tick in TICKS:
        draw_level(svg, frame, tick, f"{tick:.0%}", GRID)
    first, last = panel.period
    draw_years(svg, frame, ((year, year) for year in range(-(-first // 5) * 5, last + 1, 5)), 15)

    def path(shares: tuple[float, ...]) -> list[tuple[float, float]]:
        return [(frame.x(year), frame.y(share)) for year, share in zip(panel.years, shares, strict=True)]

    svg.area(path(panel.high), path(panel.low), panel.ink, 0.2)
    svg.polyline(path(panel.traced), panel.ink, 2.0)
    svg.polyline(path(panel.direct), ALARM if panel.ink != ALARM else INK, 1.6, dash="5 3")
    _label_ends(svg, frame, panel, ends)


def _label_ends(svg: Svg, frame: Frame, panel: ImportShares, ends: tuple[str, str]) -> None:
    """Label the right ends of the two lines with names and last values, at least 12 units apart."""
    traced, direct = frame.y(panel.traced[-1]), frame.y(panel.direct[-1])
    if abs(traced - direct) < 12:
        middle = (traced + direct) / 2
        traced, direct = (middle - 6, middle + 6) if traced <= direct else (middle + 6, middle - 6)
    svg.text(frame.right + 5, traced + 4, f"{panel.traced[-1]:.0%} {ends[0]}", size=10)
    svg.text(frame.right + 5, direct + 4, f"{panel.direct[-1]:.0%} {ends[1]}", size=10)
