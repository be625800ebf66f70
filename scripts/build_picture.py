"""Draw the README's picture from a real run: dysprosium inside and outside China under the licences of April 2025.

Example: ``python scripts/build_picture.py`` runs 200 draws of ``china-licences-2025`` with seed 1 and writes
``docs/images/two-prices.svg``. The charts are those of the briefing.
"""

from __future__ import annotations

import argparse
import datetime as dt
import tempfile
from pathlib import Path

from ytterby.app import run
from ytterby.report import Words
from ytterby.report.briefing import BriefedRun
from ytterby.report.charts import ACCENT, ALARM, MUTED, Marker, fan_chart

TARGET = Path(__file__).resolve().parents[1] / "docs" / "images" / "two-prices.svg"
SCENARIO, SEED, COMMODITY = "china-licences-2025", 1, "oxide.Dy"
WIDTH = 720
START = dt.date(2025, 4, 4)
LABEL = (
    "Price of dysprosium oxide in Japan and in China, 2025 to 2027, simulated: median, 50 % and 90 % of draws. "
    "The two prices part after the licences of April 2025."
)


def picture(result: BriefedRun) -> str:
    """SVG of the two prices on white, so that it reads on any page."""
    found = [result.fan("price", COMMODITY, region, name, ink) for region, name, ink in (("JP", "Japan", ALARM), ("CN", "China", ACCENT))]
    fans = [fan for fan in found if fan]
    svg = fan_chart(fans, f"Dysprosium oxide, {result.dataset['price'].attrs['units']}", Words("en"), [Marker(START, "licences", MUTED)])
    text = svg.markup(LABEL)
    head = text.index(">") + 1
    return f'{text[: head - 1]} width="{WIDTH}"><rect width="100%" height="100%" fill="#ffffff"/>{text[head:]}\n'


def main() -> None:
    """Run the scenario and write the picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--out", type=Path, default=TARGET)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        done = run(SCENARIO, draws=given.draws, seed=SEED, project=Path(folder))
        result = BriefedRun(done.folder.name, done.record, done.summary, done.dataset)
        given.out.write_text(picture(result), "utf-8")
    print(f"{given.out}: {given.out.stat().st_size:,} bytes, {given.draws} draws")


if __name__ == "__main__":
    main()
