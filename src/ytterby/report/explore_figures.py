"""Pictures of an exploration: the box of inputs, the way of its peels, shares of the spread. Pure functions to SVG."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby.report.figures import HALF
from ytterby.report.palette import ACCENT, ALARM, FAINT, INK, MUTED, RULE
from ytterby.report.svg import Svg, shortened, text_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ytterby.report.text import Words


@dataclass(frozen=True)
class Part:
    """The part of an input's range that belongs to a box, as shares of the draws below its ends [1]."""

    name: str
    low: float
    high: float
    label: str


def box_chart(parts: Sequence[Part], left_words: str, right_words: str) -> Svg:
    """Whole ranges in grey with the part of the box on them, each from low values at the left to high ones at the right."""
    row, top = 36.0, 20.0
    width = HALF - max(text_width(part.label, 11, bold=True) for part in parts) - 10.0
    svg = Svg(HALF, top + row * len(parts))
    svg.text(0, 12, left_words, size=10.5, ink=MUTED)
    svg.text(width, 12, right_words, size=10.5, ink=MUTED, anchor="end")
    for index, part in enumerate(parts):
        y = top + row * index
        svg.text(0, y + 13, shortened(part.name, 11.5, HALF), size=11.5)
        svg.rect(0, y + 18, width, 12, FAINT)
        svg.rect(width * part.low, y + 18, max(width * (part.high - part.low), 2.0), 12, ALARM, 0.82)
        svg.text(HALF, y + 28, part.label, size=11, ink=ALARM, anchor="end", bold=True)
    return svg


def peel_chart(
    peels: Sequence[tuple[float, float]], box: tuple[float, float], base: float, words: Words, x_words: str, y_words: str
) -> Svg:
    """Coverage (to the right) and density (upwards) of ever smaller boxes, the one that was chosen ringed.

    Parameters
    ----------
    peels : sequence of (coverage, density)
        From all draws to few [1].
    box : (coverage, density)
        The box that was chosen.
    base : float
        Density of all draws, as a dashed line.
    """
    svg = Svg(HALF, 226.0)
    left, top, width, height = 44.0, 20.0, HALF - 44.0 - 22.0, 160.0

    def at(coverage: float, density: float) -> tuple[float, float]:
        return left + width * coverage, top + height * (1.0 - density)

    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        x, y = at(tick, tick)
        svg.line(left, y, left + width, y, RULE if tick else MUTED, 0.7)
        svg.text(left - 6, y + 3.7, words.percent(tick, 0), size=10.5, ink=MUTED, anchor="end")
        svg.text(x, top + height + 15, words.percent(tick, 0), size=10.5, ink=MUTED, anchor="middle")
    svg.text(2, 10, y_words, size=10.5, ink=MUTED)
    svg.text(left + width, top + height + 31, x_words, size=10.5, ink=MUTED, anchor="end")
    svg.line(*at(0.0, base), *at(1.0, base), MUTED, 1.2, "4 3")
    svg.polyline([at(*peel) for peel in peels], ACCENT, 1.4)
    for peel in peels:
        x, y = at(*peel)
        svg.put("circle", cx=x, cy=y, r=2.2, fill=ACCENT)
    x, y = at(*box)
    svg.put("circle", cx=x, cy=y, r=6.5, fill="none", stroke=ALARM, stroke_width=2.2)
    svg.put("circle", cx=x, cy=y, r=2.6, fill=ALARM)
    return svg


@dataclass(frozen=True)
class Share:
    """What an input explains: alone, and with all that it does together with others (None where that is not known) [1]."""

    name: str
    alone: float
    total: float | None
    label: str
    ink: str = ACCENT


def share_chart(shares: Sequence[Share], most: float) -> Svg:
    """Bars of shares with their names above; what comes from acting together is paler.

    Parameters
    ----------
    most : float
        Share at the right edge.
    """
    row = 36.0
    room = max(text_width(share.label, 11, bold=True) for share in shares) + 8.0
    svg = Svg(HALF, 2.0 + row * len(shares))
    for index, share in enumerate(shares):
        y, width = row * index, HALF - room
        svg.text(0, y + 13, shortened(share.name, 11.5, HALF), size=11.5)
        svg.rect(0, y + 18, width, 12, FAINT)
        if share.total is not None and share.total > share.alone:
            svg.rect(0, y + 18, _reach(share.total, most, width), 12, share.ink, 0.32)
        svg.rect(0, y + 18, _reach(share.alone, most, width), 12, share.ink, 0.85)
        svg.text(HALF, y + 28, share.label, size=11, ink=INK if share.ink == ACCENT else MUTED, anchor="end", bold=share.ink == ACCENT)
    return svg


def _reach(share: float, most: float, width: float) -> float:
    return width * min(max(share / most, 0.0), 1.0)
