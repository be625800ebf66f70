"""Draw the pictures of the docs on plans and alliances from saved results, with the charts of the briefing.

Example: ``python scripts/build_plan_pictures.py results`` reads the folders ``jp``, ``us``, ``jp-us`` and ``jp-us-au-eu`` (of ``ytterby
plan --out``) and ``alliance`` (of ``ytterby cooperate --out``) inside ``results`` and writes ``docs/images/plans``. With ``--run`` it makes
the plans that are missing first, which takes some minutes of processor time; ``tell_alliance.py`` makes the alliance. A folder that is not
there leaves its pictures out.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ytterby.app import AllianceResult, PlannedResult, PlanRequest, plan, read_saved
from ytterby.cooperation import CooperationResult
from ytterby.plan import PlanResult
from ytterby.report import Words
from ytterby.report.briefing import budget_curve
from ytterby.report.charts import budget_curves_chart

if TYPE_CHECKING:
    from collections.abc import Iterator

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images" / "plans"
BUDGET, SCENARIOS = 5e9, 12
MOST_RESIMULATED = 2
"""Parties up to which a plan is put to the weekly simulator for its picture."""
NAMES = {"jp": ("JP",), "us": ("US",), "jp-us": ("JP", "US"), "jp-us-au-eu": ("JP", "US", "AU", "EU")}
"""Parties of each plan by its folder."""
INKS = ("#0b4f8a", "#006d56", "#a5370b", "#1a1d21")
ALLIANCE = "alliance"
WIDE, HALF = 760, 400
"""Widths of the pictures [pixels]."""


def made(folder: Path) -> None:
    """Make the results that are missing."""
    for name, parties in NAMES.items():
        if not (folder / name).exists():
            slack = 0.05 if name == "jp" else 0.0
            plan(
                PlanRequest(
                    parties, BUDGET, scenarios=SCENARIOS, slack=slack, resimulate=len(parties) <= MOST_RESIMULATED, out=folder / name
                )
            )


def pictures(folder: Path) -> Iterator[tuple[str, str]]:
    """Name and SVG of each picture that the folder has results for."""
    plans = {name: found for name in NAMES if (folder / name).exists() and isinstance(found := read_saved(folder / name), PlanResult)}
    if plans:
        yield "curves", curves(plans)
    if "jp" in plans:
        first = PlannedResult.of(plans["jp"])
        yield "spending", on_white(first.plot("spending").svg, HALF)
        yield "near", on_white(first.plot("near").svg, HALF)
        simulated = [found for name, found in plans.items() if name != "jp" and found.risk_resimulated]
        yield "promise", on_white(first.plot("promise", *simulated).svg, HALF)
    if (folder / ALLIANCE).exists() and isinstance(joint := read_saved(folder / ALLIANCE), CooperationResult):
        for kind in ("parts", "shares", "growth", "spillover"):
            yield kind, on_white(AllianceResult.of(joint).plot(kind).svg, HALF)


def curves(plans: dict[str, PlanResult]) -> str:
    """The curves of all plans in one picture of the whole width."""
    words = Words("en")
    lines = [budget_curve(words, found, "+".join(NAMES[name]), ink) for (name, found), ink in zip(plans.items(), INKS, strict=False)]
    titles = ("Gain by budget [USD million]", "Expected loss left, and the mean of the worst tenth in dashes, by budget [USD million]")
    told = "; ".join(f"{line.name}: gain {line.points[-1].gain:.0f} at the largest budget" for line in lines)
    svg = budget_curves_chart(lines, titles, words, width=float(WIDE), height=200.0)
    return on_white(svg.markup(f"What a budget buys, in millions of USD: {told}."), WIDE)


def on_white(text: str, width: int) -> str:
    """SVG on white, so that it reads on any page."""
    head = text.index(">") + 1
    return f'{text[: head - 1]} width="{width}"><rect width="100%" height="100%" fill="#ffffff"/>{text[head:]}\n'


def main() -> None:
    """Read or make the results and write the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--run", action="store_true", help="make what is missing first")
    parser.add_argument("--out", type=Path, default=IMAGES)
    given = parser.parse_args()
    if given.run:
        made(given.folder)
    given.out.mkdir(parents=True, exist_ok=True)
    for name, text in pictures(given.folder):
        target = given.out / f"{name}.svg"
        target.write_text(text, "utf-8")
        print(f"{target}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
