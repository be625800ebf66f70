"""What a budget of public money buys: gain above, loss that is left below, by budget on a logarithmic axis that begins with nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from ytterby.report.charts.axes import HALF_PAGE, Frame, Scale, draw_level, nice_ticks, spread, tick_place
from ytterby.report.charts.palette import ALARM, MUTED
from ytterby.report.charts.svg import Svg, shortened, text_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ytterby.report.text import Words

LEFT, TOP, GAP, FOOT = 52.0, 22.0, 44.0, 22.0
NOTHING = 40.0
"""Distance of the smallest budget from the place of no money at all [user units]."""
NAME_ROOM = 120.0
"""Most room for the names of curves at the right [user units]."""
BEFORE_FIRST = 0.7
"""Left end of the logarithmic axis over the smallest budget."""


class BudgetPoint(NamedTuple):
    """What is reached under a budget; all in one unit."""

    budget: float
    gain: float
    expected_loss: float
    worst_tenth: float


@dataclass(frozen=True)
class BudgetCurve:
    """What public money buys for some parties.

    Attributes
    ----------
    name : str
        Written at the right where there are several curves.
    ink : str
        Colour.
    points : tuple of BudgetPoint
        By budget, the first without money.
    enough : BudgetPoint, optional
        Where more money buys nothing; marked. None where it still does at the largest budget.
    enough_label : str
        Words beside the mark.
    """

    name: str
    ink: str
    points: tuple[BudgetPoint, ...]
    enough: BudgetPoint | None = None
    enough_label: str = ""

    def line(self) -> list[BudgetPoint]:
        """Points with the one from which money buys nothing, by budget."""
        return sorted({*self.points, *([self.enough] if self.enough else [])})


@dataclass(frozen=True)
class BudgetAxis:
    """Positions of budgets: nothing at the left edge, the others by their logarithm."""

    frame: Frame

    @classmethod
    def of(cls, curves: Sequence[BudgetCurve], left: float, width: float) -> BudgetAxis:
        """Axis for all budgets of some curves."""
        budgets = [point.budget for curve in curves for point in curve.line() if point.budget > 0.0]
        scale = Scale(BEFORE_FIRST * min(budgets), max(budgets), logarithmic=True)
        return cls(Frame(left + NOTHING, 0.0, width - NOTHING, 0.0, scale))

    def x(self, budget: float) -> float:
        """Abscissa of a budget [user units]."""
        return self.frame.x(budget) if budget > 0.0 else self.frame.left - NOTHING


def budget_curves_chart(
    curves: Sequence[BudgetCurve],
    titles: tuple[str, str],
    words: Words,
    width: float = HALF_PAGE,
    height: float = 130.0,
    chosen: float | None = None,
) -> Svg:
    """Draw the curves of one or several parties.

    Parameters
    ----------
    curves : sequence of BudgetCurve
        Budgets and amounts in the same unit.
    titles : (str, str)
        Titles with the unit of the frames of gain, and of expected loss (line) and the worst tenth (dashes).
    words : Words
        Language of the numbers.
    width : float
        Width of the picture [user units].
    height : float
        Height of each frame [user units].
    chosen : float, optional
        Budget that is marked by a line through both frames.
    """
    svg = Svg(width, TOP + 2 * height + GAP + FOOT)
    names = max((text_width(curve.name, 11, bold=True) + 10.0 for curve in curves), default=0.0) if len(curves) > 1 else 6.0
    inside = width - LEFT - min(names, NAME_ROOM)
    axis = BudgetAxis.of(curves, LEFT, inside)
    columns: tuple[tuple[str, ...], ...] = (("gain",), ("expected_loss", "worst_tenth"))
    for number, (title, fields) in enumerate(zip(titles, columns, strict=True)):
        values = [getattr(point, field) for curve in curves for point in curve.line() for field in fields]
        ticks = nice_ticks(min(0.0, *values), max(values), 4)
        frame = Frame(LEFT, TOP + number * (height + GAP), inside, height, axis.frame.x_scale, Scale(ticks[0], ticks[-1]))
        svg.text(0, frame.top - 10, title, size=11, bold=True)
        for tick in ticks:
            draw_level(svg, frame, tick, words.number(tick, tick_place(ticks)))
        if chosen is not None:
            svg.line(axis.x(chosen), frame.top, axis.x(chosen), frame.bottom, ALARM, 2.0)
        _draw_curves(svg, frame, axis, curves, fields)
        _draw_budgets(svg, frame, axis, curves, words)
    return svg.tell("budget", curves=curves, titles=titles, chosen=chosen)


def _draw_curves(svg: Svg, frame: Frame, axis: BudgetAxis, curves: Sequence[BudgetCurve], fields: tuple[str, ...]) -> None:
    for field, dash in zip(fields, (None, "5 3"), strict=False):
        for curve in curves:
            places = [(axis.x(point.budget), frame.y(getattr(point, field))) for point in curve.line()]
            svg.polyline(places, curve.ink, 2.0 if dash is None else 1.5, dash)
            for point in curve.points:
                svg.put("circle", cx=axis.x(point.budget), cy=frame.y(getattr(point, field)), r=2.2, fill=curve.ink)
    if fields == ("gain",):
        _draw_enough(svg, frame, axis, curves)
    if len(curves) > 1:
        ends = [frame.y(getattr(curve.points[-1], fields[0])) for curve in curves]
        for curve, y in zip(curves, spread(ends, 13.0, frame.top + 4, frame.bottom), strict=True):
            name = shortened(curve.name, 11, svg.width - frame.right - 6, bold=True)
            svg.text(frame.right + 6, y + 4, name, size=11, ink=curve.ink, bold=True)


def _draw_enough(svg: Svg, frame: Frame, axis: BudgetAxis, curves: Sequence[BudgetCurve]) -> None:
    """Mark the budgets from which money buys nothing: a ring on the curve, and a line down to the axis."""
    for curve, point in _marked(curves):
        x, y = axis.x(point.budget), frame.y(point.gain)
        svg.line(x, y, x, frame.bottom, curve.ink, 1.0, "2 3")
        svg.put("circle", cx=x, cy=y, r=4.5, fill="#ffffff", stroke=curve.ink, stroke_width=2)
        if len(curves) == 1 and curve.enough_label:
            right = x + 8 + text_width(curve.enough_label, 10.5) <= svg.width
            svg.text(x + 8 if right else x - 8, y + 19, curve.enough_label, size=10.5, anchor="start" if right else "end", halo=True)


def _marked(curves: Sequence[BudgetCurve]) -> Iterator[tuple[BudgetCurve, BudgetPoint]]:
    return ((curve, curve.enough) for curve in curves if curve.enough)


def _draw_budgets(svg: Svg, frame: Frame, axis: BudgetAxis, curves: Sequence[BudgetCurve], words: Words) -> None:
    """Write the budgets under a frame; a gap in the line tells that the axis is broken after nothing."""
    svg.line(axis.x(0.0), frame.bottom, axis.x(0.0) + 12, frame.bottom, MUTED)
    svg.line(axis.x(0.0) + 20, frame.bottom, frame.right, frame.bottom, MUTED)
    free = svg.width
    for budget in sorted({point.budget for curve in curves for point in curve.points}, reverse=True):
        x, label = axis.x(budget), words.number(budget, _digits(budget))
        half = text_width(label, 10.5) / 2
        svg.line(x, frame.bottom, x, frame.bottom + 4, MUTED)
        middle = min(max(x, half), svg.width - half)
        if middle + half <= free:  # the largest budget is written first; a neighbour without room is left out
            svg.text(middle, frame.bottom + 15, label, size=10.5, ink=MUTED, anchor="middle")
            free = middle - half - 3.0


def _digits(budget: float) -> int:
    """Decimal place at which a budget is printed exactly, at hundredths of its unit at the finest."""
    return next((place for place in (0, -1) if abs(round(budget, -place) - budget) < 1e-9), -2)
