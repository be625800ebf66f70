"""Charts of the backtest week by week: targets and model by element or trade line, one SVG for each kind of target."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from ytterby.report.charts import ScoredTarget, target_panels_chart

if TYPE_CHECKING:
    from pathlib import Path

    from ytterby.validation import WeeklyBacktest, WeeklyTarget

SHEETS = {
    "fob": ("FOB quotes [USD/kg]", "element"),
    "inside": ("prices inside China with VAT", "element"),
    "unit_value": ("unit values of imports [USD/kg]", "line"),
    "tonnes": ("imports by weight [t]", "line"),
    "share_direct": ("direct share of China in imports", "line"),
}
"""Title of each kind of target, and whether a panel shows an element or a trade line."""


def plot_replay(result: WeeklyBacktest, folder: Path) -> list[Path]:
    """Write one SVG for each kind of target; returns their paths.

    Parameters
    ----------
    result : WeeklyBacktest
        What :func:`ytterby.app.records.backtest.score_replay` returned.
    folder : Path
        Made where it is absent.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for kind, (title, by) in SHEETS.items():
        path = folder / f"{result.episode}-{kind.replace('_', '-')}.svg"
        path.write_text(_sheet([row for row in result.targets if row.kind == kind], title, by), "utf-8")
        written.append(path)
    return written


def _sheet(rows: list[WeeklyTarget], title: str, by: str) -> str:
    """SVG with a panel for each element or trade line of the rows."""
    panels: dict[str, list[tuple[dt.date, ScoredTarget]]] = {}
    for row in sorted(rows, key=lambda row: row.date):
        name = row.element if by == "element" else row.id.removeprefix("BACI-").rpartition("-")[0]
        panels.setdefault(f"{name} [{row.unit}]", []).append((dt.date.fromisoformat(row.date), ScoredTarget.of(row)))
    hits = sum(row.hit for row in rows)
    alternative = f"{title}, model against history in {len(panels)} panels; {hits} of {len(rows)} targets hit"
    return target_panels_chart(panels, title).markup(alternative)
