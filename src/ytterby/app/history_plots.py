"""Charts of a backtest: model against history, one small panel for each element or trade line, as SVG."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any

from ytterby.report.palette import ACCENT, ALARM, INK, MUTED, RULE
from ytterby.report.svg import Svg

if TYPE_CHECKING:
    from pathlib import Path

WIDTH, HEIGHT, COLUMNS = 250.0, 170.0, 3
LEFT, TOP, BOTTOM, RIGHT = 44.0, 26.0, 24.0, 10.0
SHEETS = {
    "fob": ("FOB quotes [USD/kg]", "element"),
    "inside": ("prices inside China with VAT", "element"),
    "unit_value": ("unit values of imports [USD/kg]", "line"),
    "tonnes": ("imports by weight [t]", "line"),
    "share_direct": ("direct share of China in imports", "line"),
}
"""Charts by kind of target: title, and what makes a panel."""


def write_plots(result: dict[str, Any], folder: Path) -> list[Path]:
    """Write one SVG a kind of target; returns their paths.

    Parameters
    ----------
    result : dict
        What :func:`ytterby.app.backtest.backtest` returned.
    folder : Path
        Made where it is absent.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for kind, (title, by) in SHEETS.items():
        path = folder / f"{result['episode']}-{kind.replace('_', '-')}.svg"
        path.write_text(sheet(result["targets"], kind, title, by), "utf-8")
        written.append(path)
    return written


def sheet(rows: list[dict[str, Any]], kind: str, title: str, by: str) -> str:
    """SVG with a panel for each element or line of the kind."""
    panels: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if row["kind"] == kind:
            name = row["element"] if by == "element" else row["id"].removeprefix("BACI-").rpartition("-")[0]
            panels.setdefault(f"{name} [{row['unit']}]", []).append(row)
    count = len(panels)
    svg = Svg(WIDTH * COLUMNS, 28.0 + HEIGHT * math.ceil(count / COLUMNS))
    svg.text(8, 17, f"{title}: history (dots) and model (line of medians, bars of 80 %)", size=13, bold=True)
    for i, (name, points) in enumerate(sorted(panels.items())):
        _panel(svg, WIDTH * (i % COLUMNS), 28.0 + HEIGHT * (i // COLUMNS), name, sorted(points, key=lambda row: str(row["date"])))
    hits = sum(row["hit"] for points in panels.values() for row in points)
    total = sum(len(points) for points in panels.values())
    return svg.markup(f"{title}, model against history in {count} panels; {hits} of {total} targets hit")


def _decades(rows: list[dict[str, Any]]) -> tuple[float, float]:
    values = [row[key] for row in rows for key in ("target", "model", "low", "high") if row[key] > 0.0]
    return math.floor(math.log10(min(values))), max(math.ceil(math.log10(max(values))), math.floor(math.log10(min(values))) + 1)


def _panel(svg: Svg, x0: float, y0: float, name: str, rows: list[dict[str, Any]]) -> None:
    low, high = _decades(rows)
    first, last = dt.date(2009, 1, 1), max(dt.date(2016, 1, 1), max(dt.date.fromisoformat(row["date"]) for row in rows))
    width, height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def x(day: str) -> float:
        return x0 + LEFT + width * (dt.date.fromisoformat(day) - first).days / (last - first).days

    def y(value: float) -> float:
        return y0 + TOP + height * (1.0 - (math.log10(max(value, 10.0**low)) - low) / (high - low))

    svg.text(x0 + LEFT, y0 + 16, name, size=11.5, bold=True)
    for power in range(int(low), int(high) + 1):
        svg.line(x0 + LEFT, y(10.0**power), x0 + WIDTH - RIGHT, y(10.0**power), RULE, 0.7)
        svg.text(x0 + LEFT - 5, y(10.0**power) + 3.5, f"{10.0**power:g}", size=10, ink=MUTED, anchor="end")
    for year in range(first.year, last.year + 1, 2):
        svg.text(x(f"{year}-01-01"), y0 + HEIGHT - 8, str(year), size=10, ink=MUTED, anchor="middle")
    for row in rows:
        svg.line(x(row["date"]), y(row["low"]), x(row["date"]), y(row["high"]), ACCENT, 1.0)
    svg.polyline([(x(row["date"]), y(row["model"])) for row in rows], ACCENT, 1.6)
    for row in rows:
        svg.put("circle", cx=x(row["date"]), cy=y(row["target"]), r=2.6, fill=INK if row["hit"] else ALARM)
