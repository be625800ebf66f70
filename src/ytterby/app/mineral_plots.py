"""Charts of restrictions of other minerals: exports year by year, and who lost or filled how much, as SVG."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ytterby.report.palette import ACCENT, ALARM, INK, MUTED, RULE
from ytterby.report.svg import Svg, shortened

if TYPE_CHECKING:
    from pathlib import Path

WIDTH, HEIGHT, COLUMNS = 250.0, 150.0, 3
LEFT, TOP, BOTTOM, RIGHT = 34.0, 26.0, 22.0, 10.0
ROW, LABEL = 17.0, 96.0
MOST = 3.0
"""Ratios above this are drawn at the edge."""
KINDS = {"direct": "from it", "total": "from all", "others": "other seller"}


def write_plots(result: dict[str, Any], folder: Path) -> list[Path]:
    """Write the two sheets; returns their paths. The folder is made where it is absent.

    Parameters
    ----------
    result : dict
        What :func:`ytterby.app.minerals.backtest` returned.
    folder : Path
        Where to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, drawn in (("exports", exports(result)), ("diversion", diversion(result))):
        path = folder / f"{result['episode']}-{name}.svg"
        path.write_text(drawn, "utf-8")
        written.append(path)
    return written


def _own(result: dict[str, Any], episode: str, kinds: tuple[str, ...]) -> list[dict[str, Any]]:
    return [row for row in result["targets"] if row["restriction"] == episode and row["kind"] in kinds]


def exports(result: dict[str, Any]) -> str:
    """Exports of each supplier over its base: dots are history, the line the model, bars its band."""
    panels = result["episodes"]
    svg = Svg(WIDTH * COLUMNS, 28.0 + HEIGHT * math.ceil(len(panels) / COLUMNS))
    svg.text(8, 17, "exports of the supplier, 1 = three years before: history (dots), model (line, bars of 80 %)", size=13, bold=True)
    for i, panel in enumerate(panels):
        rows = sorted(_own(result, panel["id"], ("exports",)), key=lambda row: row["year"])
        _path(svg, WIDTH * (i % COLUMNS), 28.0 + HEIGHT * (i // COLUMNS), panel["id"], rows)
    return svg.markup(f"exports under {len(panels)} restrictions, model against history; {_hits(result, ('exports',))}")


def _hits(result: dict[str, Any], kinds: tuple[str, ...]) -> str:
    rows = [row for row in result["targets"] if row["kind"] in kinds]
    return f"{sum(row['hit'] for row in rows)} of {len(rows)} targets hit"


def _path(svg: Svg, x0: float, y0: float, name: str, rows: list[dict[str, Any]]) -> None:
    width, height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    first, last = rows[0]["year"], max(rows[-1]["year"], rows[0]["year"] + 1)

    def x(year: int) -> float:
        return float(x0 + LEFT + width * (year - first) / (last - first))

    def y(value: float) -> float:
        return y0 + TOP + height * (1.0 - min(value, MOST) / MOST)

    svg.text(x0 + LEFT, y0 + 16, name, size=11.5, bold=True)
    for tick in range(int(MOST) + 1):
        svg.line(x0 + LEFT, y(tick), x0 + WIDTH - RIGHT, y(tick), RULE, 0.7)
        svg.text(x0 + LEFT - 5, y(tick) + 3.5, f"{tick}", size=10, ink=MUTED, anchor="end")
    for year in sorted({first, last}):
        svg.text(x(year), y0 + HEIGHT - 8, str(year), size=10, ink=MUTED, anchor="middle")
    for row in rows:
        svg.line(x(row["year"]), y(row["low"]), x(row["year"]), y(row["high"]), ACCENT, 1.0)
    svg.polyline([(x(row["year"]), y(row["model"])) for row in rows], ACCENT, 1.6)
    for row in rows:
        svg.put("circle", cx=x(row["year"]), cy=y(row["target"]), r=2.6, fill=INK if row["hit"] else ALARM)


def diversion(result: dict[str, Any]) -> str:
    """Trade of buyers and other sellers in the first three years over their base: dots are history, ticks the model, bars its band."""
    panels = [(panel["id"], _own(result, panel["id"], tuple(KINDS))) for panel in result["episodes"]]
    tall = [34.0 + ROW * len(rows) for _, rows in panels]
    columns = 2
    heights = [max(tall[i : i + columns]) for i in range(0, len(tall), columns)]
    svg = Svg(375.0 * columns, 28.0 + sum(heights))
    svg.text(8, 17, "trade in the first three years, 1 = before: history (dots), model (tick, bar of 80 %)", size=13, bold=True)
    for i, (name, rows) in enumerate(panels):
        _rows(svg, 375.0 * (i % columns), 28.0 + sum(heights[: i // columns]), name, rows)
    return svg.markup(f"diversion and re-routing under {len(panels)} restrictions; {_hits(result, tuple(KINDS))}")


def _rows(svg: Svg, x0: float, y0: float, name: str, rows: list[dict[str, Any]]) -> None:
    width = 375.0 - LABEL - 2 * RIGHT

    def x(value: float) -> float:
        return x0 + LABEL + width * min(value, MOST) / MOST

    svg.text(x0 + RIGHT, y0 + 16, name, size=11.5, bold=True)
    svg.line(x(1.0), y0 + 22, x(1.0), y0 + 24 + ROW * len(rows), RULE, 0.9)
    for i, row in enumerate(sorted(rows, key=lambda row: (list(KINDS).index(row["kind"]), row["id"]))):
        y = y0 + 34 + ROW * i
        place = row["id"].rpartition("-")[2]
        svg.text(x0 + LABEL - 6, y + 3.5, shortened(f"{place} {KINDS[row['kind']]}", 10, LABEL - RIGHT), size=10, ink=MUTED, anchor="end")
        svg.line(x(row["low"]), y, x(row["high"]), y, ACCENT, 1.0)
        svg.line(x(row["model"]), y - 4, x(row["model"]), y + 4, ACCENT, 1.8)
        svg.put("circle", cx=x(row["target"]), cy=y, r=2.6, fill=INK if row["hit"] else ALARM)
