"""Chart of the backtest of a later episode: band, median and record of each statement, as SVG."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ytterby.report.palette import ACCENT, ALARM, INK, MUTED, RULE
from ytterby.report.svg import Svg

if TYPE_CHECKING:
    from pathlib import Path

WIDTH, LINE, TOP, LEFT, RIGHT = 760.0, 24.0, 52.0, 170.0, 24.0
LEAST, MOST = 0.01, 100.0
"""Ends of the scale [x base]."""


def write_plots(result: dict[str, Any], folder: Path) -> list[Path]:
    """Write one SVG with all statements that have a record; returns its path in a list."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{result['episode']}.svg"
    path.write_text(sheet(result), "utf-8")
    return [path]


def sheet(result: dict[str, Any]) -> str:
    """SVG with a line for each multiple of the base; months of an onset are not drawn."""
    rows = [row for row in result["targets"] if row["kind"] != "onset"]
    svg = Svg(WIDTH, TOP + LINE * len(rows) + 24.0)
    svg.text(
        8,
        17,
        f"{result['episode']}: record (dots, red where missed), frozen median and 80 % band, multiples of the base",
        size=12,
        bold=True,
    )
    for power in range(round(math.log10(LEAST)), round(math.log10(MOST)) + 1):
        at = _x(10.0**power)
        svg.line(at, TOP - 14, at, TOP + LINE * len(rows), RULE, 0.7)
        svg.text(at, TOP - 18, f"{10.0**power:g}", size=10, ink=MUTED, anchor="middle")
    for i, row in enumerate(rows):
        y = TOP + LINE * i + 8
        svg.text(8, y + 4, row["id"], size=11)
        svg.line(_x(row["low"]), y, _x(row["high"]), y, ACCENT, 1.6)
        svg.line(_x(row["model"]), y - 5, _x(row["model"]), y + 5, ACCENT, 2.0)
        svg.put("circle", cx=_x(row["target"]), cy=y, r=4, fill=INK if row["hit"] else ALARM)
    return svg.markup(f"{result['episode']}: {result['hits']} of {result['of']} frozen statements hit")


def _x(value: float) -> float:
    share = math.log10(min(max(value, LEAST), MOST) / LEAST) / math.log10(MOST / LEAST)
    return LEFT + (WIDTH - LEFT - RIGHT) * share
