"""Draw the pictures of the docs from real runs, with the charts of the briefing.

Example: ``python scripts/build_picture.py`` runs 200 draws of ``china-licences-2025`` with seed 1 and writes
``docs/images/two-prices.svg``: dysprosium inside and outside China. ``--worlds`` draws ``docs/images/two-worlds.svg`` of the notebook
instead: dysprosium in Japan on two bases.
"""

from __future__ import annotations

import argparse
import datetime as dt
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import ytterby as yt
from ytterby.app import run
from ytterby.report import Words
from ytterby.report.briefing import BriefedRun
from ytterby.report.charts import ACCENT, ALARM, MUTED, Marker, fan_chart

if TYPE_CHECKING:
    from ytterby.report.charts import Fan
    from ytterby.store import Run

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
CHANGE = {"BAL0786": (20_000.0, 18_000.0, 22_000.0)}
"""Figure that the notebook changes: rough magnets made in Japan [t]."""
SCENARIO, SEED, COMMODITY = "china-licences-2025", 1, "oxide.Dy"
WIDTH = 720
START = dt.date(2025, 4, 4)
LABEL = (
    "Price of dysprosium oxide in Japan and in China, 2025 to 2027, simulated: median, 50 % and 90 % of draws. "
    "The two prices part after the licences of April 2025."
)


WORLDS_LABEL = (
    "Price of dysprosium oxide in Japan with magnets as figured and with more of them made at home, 2025 to 2027, simulated: median, "
    "50 % and 90 % of draws."
)


def briefed(done: Run) -> BriefedRun:
    """Run with the fans of the briefing."""
    return BriefedRun(done.folder.name, done.record, done.summary, done.dataset)


def prices(draws: int, project: Path) -> str:
    """SVG of the price in Japan and in China in one run."""
    result = briefed(run(SCENARIO, draws=draws, seed=SEED, project=project))
    return picture(
        [result.fan("price", COMMODITY, region, name, ink) for region, name, ink in (("JP", "Japan", ALARM), ("CN", "China", ACCENT))]
    )


def worlds(draws: int, project: Path) -> str:
    """SVG of the price in Japan on the base as figured and on a changed one."""
    base = yt.load(2024, project)
    named = ((base, "as figured", ALARM), (base.with_facts(CHANGE), "more magnets", ACCENT))
    runs = [(briefed(world.simulate(SCENARIO, draws=draws, seed=SEED).run), name, ink) for world, name, ink in named]
    return picture([result.fan("price", COMMODITY, "JP", name, ink) for result, name, ink in runs], WORLDS_LABEL)


def picture(fans: list[Fan | None], label: str = LABEL) -> str:
    """SVG of fans on white, so that it reads on any page."""
    svg = fan_chart([fan for fan in fans if fan], "Dysprosium oxide, USD2024/kg", Words("en"), [Marker(START, "licences", MUTED)])
    text = svg.markup(label)
    head = text.index(">") + 1
    return f'{text[: head - 1]} width="{WIDTH}"><rect width="100%" height="100%" fill="#ffffff"/>{text[head:]}\n'


def main() -> None:
    """Run the scenario and write the picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int)
    parser.add_argument("--worlds", action="store_true", help="the picture of the notebook")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    draws = given.draws or (20 if given.worlds else 200)
    target = given.out or IMAGES / ("two-worlds.svg" if given.worlds else "two-prices.svg")
    with tempfile.TemporaryDirectory() as folder:
        target.write_text((worlds if given.worlds else prices)(draws, Path(folder)), "utf-8")
    print(f"{target}: {target.stat().st_size:,} bytes, {draws} draws")


if __name__ == "__main__":
    main()
