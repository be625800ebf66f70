"""Rows with a name above a grey track and a label at its right: the common layout of the scenario discovery charts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby.report.charts.axes import HALF_PAGE
from ytterby.report.charts.palette import FAINT, INK
from ytterby.report.charts.svg import Svg, column_width, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable

TRACK_ROW = 36.0
"""Height of a row [user units]."""


@dataclass(frozen=True)
class Track:
    """One row: ``y`` is its upper edge, ``width`` the length of the track [user units]."""

    svg: Svg
    y: float
    width: float

    def name(self, text: str) -> None:
        """Write the name above the track and draw the track."""
        self.svg.text(0, self.y + 13, shortened(text, 11.5, HALF_PAGE), size=11.5)
        self.svg.rect(0, self.y + 18, self.width, 12, FAINT)

    def fill(self, start: float, length: float, ink: str, opacity: float) -> None:
        """Fill a part of the track; ``start`` is relative to the beginning of the track [user units]."""
        self.svg.rect(start, self.y + 18, length, 12, ink, opacity)

    def label(self, text: str, ink: str = INK, bold: bool = True) -> None:
        """Write the label at the right of the track."""
        self.svg.text(HALF_PAGE, self.y + 28, text, size=11, ink=ink, anchor="end", bold=bold)


def track_width(labels: Iterable[str], gap: float) -> float:
    """Length of the tracks, leaving room for the widest label and a gap [user units]."""
    return HALF_PAGE - column_width(labels, 11, bold=True) - gap
