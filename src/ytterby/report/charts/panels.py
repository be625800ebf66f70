"""Small multiples: equal panels on one sheet, row by row below a heading."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby.report.charts.axes import Frame
from ytterby.report.charts.palette import MUTED
from ytterby.report.charts.svg import Svg

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ytterby.report.charts.axes import Scale


@dataclass(frozen=True)
class PanelSheet:
    """Layout of a sheet [user units].

    Attributes
    ----------
    columns : int
        Panels side by side.
    head : float
        Height of the heading.
    width, height : float
        Size of a panel with its margins.
    left, top, right, bottom : float
        Margins of a panel around its frame.
    """

    columns: int
    head: float
    width: float
    height: float
    left: float
    top: float
    right: float
    bottom: float

    def canvas(self, panels: int, columns: int | None = None, foot: float = 0.0) -> Svg:
        """Empty drawing for a number of panels; ``columns`` overrides the layout's number of columns."""
        return Svg(self.width * (columns or self.columns), self.head + self.height * math.ceil(panels / self.columns) + foot)

    def frame(self, index: int, x_scale: Scale, y_scale: Scale) -> Frame:
        """Frame of a panel by its index."""
        row, column = divmod(index, self.columns)
        left, top = self.width * column + self.left, self.head + self.height * row + self.top
        return Frame(left, top, self.width - self.left - self.right, self.height - self.top - self.bottom, x_scale, y_scale)


def draw_years(svg: Svg, frame: Frame, years: Iterable[tuple[date | float, int]], drop: float) -> None:
    """Write years below a frame at their positions on the axis; ``drop`` is the distance to the baseline."""
    for at, year in years:
        svg.text(frame.x(at), frame.bottom + drop, str(year), size=10, ink=MUTED, anchor="middle")
