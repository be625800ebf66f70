"""Charts of the restrictions of other minerals: exports year by year, and who lost or filled how much, as SVG."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.report.charts import ScoredTarget, diversion_panels_chart, export_panels_chart

if TYPE_CHECKING:
    from pathlib import Path

    from ytterby.validation.minerals import MineralsBacktest, MineralTarget

KINDS = {"direct": "from it", "total": "from all", "others": "other seller"}
"""Kinds of targets on diversion in the order of their rows, with their words."""


def plot_minerals(result: MineralsBacktest, folder: Path) -> list[Path]:
    """Write the two sheets; returns their paths. The folder is made where it is absent.

    Parameters
    ----------
    result : MineralsBacktest
        What :func:`ytterby.app.records.minerals.score_minerals` returned.
    folder : Path
        Where the sheets are written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, drawn in (("exports", _exports(result)), ("diversion", _diversion(result))):
        path = folder / f"{result.episode}-{name}.svg"
        path.write_text(drawn, "utf-8")
        written.append(path)
    return written


def _exports(result: MineralsBacktest) -> str:
    """Sheet of the exports of each restricting supplier over its base."""
    panels = []
    for panel in result.episodes:
        rows = sorted(_targets(result, panel.id, ("exports",)), key=lambda row: row.year)
        panels.append((panel.id, [(row.year, ScoredTarget.of(row)) for row in rows]))
    alternative = f"exports under {len(panels)} restrictions, model against history; {_hits(result, ('exports',))}"
    return export_panels_chart(panels).markup(alternative)


def _diversion(result: MineralsBacktest) -> str:
    """Sheet of the trade of buyers and other sellers in the first three years over their base."""
    panels = []
    for panel in result.episodes:
        rows = sorted(_targets(result, panel.id, tuple(KINDS)), key=lambda row: (list(KINDS).index(row.kind), row.id))
        panels.append((panel.id, [(f"{row.id.rpartition('-')[2]} {KINDS[row.kind]}", ScoredTarget.of(row)) for row in rows]))
    alternative = f"diversion and re-routing under {len(panels)} restrictions; {_hits(result, tuple(KINDS))}"
    return diversion_panels_chart(panels).markup(alternative)


def _targets(result: MineralsBacktest, restriction: str, kinds: tuple[str, ...]) -> list[MineralTarget]:
    return [row for row in result.targets if row.restriction == restriction and row.kind in kinds]


def _hits(result: MineralsBacktest, kinds: tuple[str, ...]) -> str:
    rows = [row for row in result.targets if row.kind in kinds]
    return f"{sum(row.hit for row in rows)} of {len(rows)} targets hit"
