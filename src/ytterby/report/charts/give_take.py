"""Who gives and who gets what in a deal: bars to both sides of nil, by party and term."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby.report.charts.axes import HALF_PAGE
from ytterby.report.charts.palette import ACCENT, ALARM, MUTED
from ytterby.report.charts.svg import Svg, column_width

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ytterby.report.text import Words

LABEL, ROW, HEAD, SIZE = 40.0, 20.0, 28.0, 11.0
MOST_NAMES = 190.0


@dataclass(frozen=True)
class GiveTake:
    """What a deal changes for a party.

    Attributes
    ----------
    party : str
    terms : mapping of str to float
        Change by term [bn USD a year].
    """

    party: str
    terms: Mapping[str, float]


def give_take_chart(parties: Sequence[GiveTake], together: str, words: Words) -> Svg:
    """Draw a block of bars for each party, and below each its sum, which has the name ``together``."""
    blocks = [{**each.terms, together: sum(each.terms.values())} for each in parties]
    svg = Svg(HALF_PAGE, sum(HEAD + ROW * len(block) for block in blocks) + 8.0)
    svg.rect(0, 0, svg.width, svg.height, "#ffffff")
    most = max((abs(value) for block in blocks for value in block.values()), default=0.0) or 1.0
    names = min(column_width((name for block in blocks for name in block), SIZE, bold=True) + 6.0, MOST_NAMES)
    middle, half = names + (HALF_PAGE - names) / 2, (HALF_PAGE - names) / 2 - LABEL
    y = 0.0
    for each, block in zip(parties, blocks, strict=True):
        svg.text(0, y + 18, each.party, size=12, bold=True)
        y += HEAD
        svg.line(middle, y - 4, middle, y + ROW * len(block), MUTED, 0.8)
        for name, value in block.items():
            width = half * abs(value) / most
            svg.rect(middle if value >= 0.0 else middle - width, y + 2, width, 12, ACCENT if value >= 0.0 else ALARM, 0.85)
            svg.text(0, y + 12, name, size=SIZE, bold=name == together)
            edge, anchor = (middle + width + 5, "start") if value >= 0.0 else (middle - width - 5, "end")
            svg.text(edge, y + 12, words.number(value, -1), size=SIZE, anchor=anchor, bold=name == together)
            y += ROW
    return svg.tell("give", parties=parties, together=together)
