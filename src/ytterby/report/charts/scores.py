"""Symbols of a backtest: the recorded value as a dot, the model's median and its 80 % band."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby.report.charts.palette import ACCENT, ALARM, INK

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ytterby.report.charts.axes import Frame
    from ytterby.report.charts.svg import Svg
    from ytterby.validation import BacktestTarget


@dataclass(frozen=True)
class ScoredTarget:
    """A target of a backtest: recorded value, the model's median and band in the same unit, and whether it was a hit."""

    recorded: float
    median: float
    low: float
    high: float
    hit: bool

    @classmethod
    def of(cls, row: BacktestTarget) -> ScoredTarget:
        """Target from a row of ``targets`` in the result of a backtest."""
        return cls(row.target, row.model, row.low, row.high, bool(row.hit))

    @property
    def ink(self) -> str:
        """Colour of the dot: red for a miss."""
        return INK if self.hit else ALARM


def draw_scored_series(svg: Svg, frame: Frame, points: Sequence[tuple[date | float, ScoredTarget]]) -> None:
    """Draw targets along an axis of time: bands as vertical bars, medians as a line, recorded values as dots."""
    places = [(frame.x(at), target) for at, target in points]
    for x, target in places:
        svg.line(x, frame.y(target.low), x, frame.y(target.high), ACCENT, 1.0)
    svg.polyline([(x, frame.y(target.median)) for x, target in places], ACCENT, 1.6)
    for x, target in places:
        svg.put("circle", cx=x, cy=frame.y(target.recorded), r=2.6, fill=target.ink)


@dataclass(frozen=True)
class ScoreStyle:
    """Size of the symbols in a row [user units]: width of the band, width and half height of the tick, radius of the dot."""

    band: float
    tick: float
    reach: float
    dot: float


def draw_scored_row(svg: Svg, frame: Frame, y: float, target: ScoredTarget, style: ScoreStyle) -> None:
    """Draw one target in a row: the band as a horizontal bar, the median as a tick, the recorded value as a dot."""
    svg.line(frame.x(target.low), y, frame.x(target.high), y, ACCENT, style.band)
    svg.line(frame.x(target.median), y - style.reach, frame.x(target.median), y + style.reach, ACCENT, style.tick)
    svg.put("circle", cx=frame.x(target.recorded), cy=y, r=style.dot, fill=target.ink)
